"""Somebody else's WeCom SDK works with customers, tags and group chats of the sandbox."""

from pathlib import Path

import pytest

from tests.judges.environment import environment, run
from tests.sandbox_server import RunningSandbox

PINS = ("wechatpy==2.0.0a26", "cryptography==43.0.3")

pytestmark = [pytest.mark.judge, pytest.mark.slow]


def test_wechatpy_works_with_customers_tags_and_chats(tls_sandbox: RunningSandbox) -> None:
    script = Path(__file__).with_name("wechatpy_contact_calls.py")

    found = run(
        environment("wechatpy", PINS), script, {"config": tls_sandbox.config}, tls_sandbox.judge_environment()
    )

    assert {name: held for name, held in found.items() if held is not True} == {}
    assert len(found) == 16
