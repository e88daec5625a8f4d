"""SDKs written by others, unmodified, take the sandbox for WeChat, WeCom, WeChat Pay and Alipay."""

import os
from collections.abc import Callable

import pytest

from seta_sandbox import judged
from tests.judges.environment import red
from tests.judges.sdks import CALLERS, HERE, Found, remembered
from tests.sandbox_server import RunningSandbox

CHECKS_MIN = 150
Judge = Callable[[str], Found]

pytestmark = [pytest.mark.judge, pytest.mark.slow]


@pytest.fixture(scope="module")
def judge(sandbox_process: RunningSandbox, tls_sandbox: RunningSandbox) -> Judge:
    """What an SDK found, made once."""
    return remembered(sandbox_process, tls_sandbox)


@pytest.mark.parametrize("name", CALLERS)
def test_every_check_of_the_sdk_holds(name: str, judge: Judge) -> None:
    checks = judge(name).checks

    print(f"{name}: {len(checks)} checks")
    assert red(checks) == []
    assert len({check["check"] for check in checks}) == len(checks)


def test_they_make_more_than_a_hundred_and_fifty_checks(judge: Judge) -> None:
    counts = {name: len(judge(name).checks) for name in CALLERS}

    print(counts)
    assert sum(counts.values()) > CHECKS_MIN


def test_the_evidence_names_every_sdk_that_calls_an_endpoint_and_no_other(judge: Judge) -> None:
    found: dict[str, set[str]] = {}
    for name, caller in CALLERS.items():
        for path in judge(name).called:
            found.setdefault(path, set()).add(caller.sdk)
    told = {path: tuple(sorted(names)) for path, names in sorted(found.items()) if not path.startswith("/_")}

    if os.environ.get("SETA_WRITE_EVIDENCE"):
        rows = "".join(f"    {path!r}: {names!r},\n" for path, names in told.items())
        page = HERE.parents[1] / "seta_sandbox" / "judged.py"
        head = page.read_text().partition("JUDGED:")[0]
        page.write_text(f"{head}JUDGED: dict[str, tuple[str, ...]] = {{\n{rows}}}\n")
        return
    assert told == judged.JUDGED, "run this test with SETA_WRITE_EVIDENCE=1, then ruff format"
