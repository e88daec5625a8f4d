"""wechatpy 2.0.0a26 from PyPI receives the pushes of the emulated WeChat and WeCom."""

from pathlib import Path

import pytest

from tests.judges.environment import environment, receiving
from tests.sandbox_server import RunningSandbox

HERE = Path(__file__).parent
PINS = ("wechatpy==2.0.0a26", "cryptography==43.0.3")

pytestmark = [pytest.mark.judge, pytest.mark.slow]


def test_wechatpy_opens_encrypted_pushes_and_its_encrypted_replies_are_delivered(
    sandbox: RunningSandbox,
) -> None:
    openid = sandbox.config["official_account"]["openids"][0]
    python = environment("wechatpy", PINS)
    with receiving(python, HERE / "wechatpy_receiver.py", {"sandbox_config": sandbox.config}) as judge:
        sandbox.control("callback", app="official_account", url=judge.url, mode="aes")
        sandbox.control("callback", app="wecom", url=judge.url, verify=True)
        sandbox.control("scan", openid=openid, scene="c=ss27;p=duomo")
        replies = sandbox.control("message", openid=openid, content="大教堂")["replies"]
        sandbox.control("add_contact", openid=openid)
        seen = [judge.next() for _ in range(3)]

    assert seen[0]["kind"] == "subscribe_scan"
    assert (seen[1]["kind"], seen[1]["content"]) == ("text", "大教堂")
    assert (seen[2]["source"], seen[2]["change"]) == ("sys", "add_external_contact")
    assert replies[0]["content"] == {"content": "您好，欢迎来到米兰"}
