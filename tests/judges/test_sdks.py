"""SDKs written by others, unmodified, take the sandbox for WeChat, WeCom, WeChat Pay and Alipay."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.judges.environment import red
from tests.judges.sdks import CALLERS, remembered
from tests.sandbox_server import RunningSandbox

CHECKS_MIN = 150

pytestmark = [pytest.mark.judge, pytest.mark.slow]


@pytest.fixture(scope="module")
def judge(
    sandbox_process: RunningSandbox, tls_sandbox: RunningSandbox
) -> Callable[[str], list[dict[str, Any]]]:
    """The checks of an SDK, made once."""
    return remembered(sandbox_process, tls_sandbox)


@pytest.mark.parametrize("name", CALLERS)
def test_every_check_of_the_sdk_holds(name: str, judge: Callable[[str], list[dict[str, Any]]]) -> None:
    checks = judge(name)

    print(f"{name}: {len(checks)} checks")
    assert red(checks) == []
    assert len({check["check"] for check in checks}) == len(checks)


def test_they_make_more_than_a_hundred_and_fifty_checks(judge: Callable[[str], list[dict[str, Any]]]) -> None:
    counts = {name: len(judge(name)) for name in CALLERS}

    print(counts)
    assert sum(counts.values()) > CHECKS_MIN
