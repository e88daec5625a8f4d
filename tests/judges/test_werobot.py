"""WeRoBot 1.13.1 from PyPI receives the sandbox's encrypted pushes."""

from pathlib import Path

import pytest

from tests.judges.environment import environment, receiving
from tests.sandbox_server import RunningSandbox

SCRIPT = Path(__file__).parent / "werobot_receiver.py"
PINS = ("WeRoBot==1.13.1", "cryptography==43.0.3")

pytestmark = [pytest.mark.judge, pytest.mark.slow]


def test_werobot_understands_every_act_of_a_follower_and_its_replies_are_delivered(
    sandbox: RunningSandbox,
) -> None:
    openid = sandbox.config["official_account"]["openids"][0]
    python = environment("werobot", PINS)
    with receiving(python, SCRIPT, {"sandbox_config": sandbox.config}) as judge:
        sandbox.control("callback", app="official_account", url=judge.url, mode="aes", verify=True)
        sandbox.control("scan", openid=openid, scene="c=ss27;p=duomo")
        sandbox.control("scan", openid=openid, scene="c=ss27;p=duomo")
        said = sandbox.control("message", openid=openid, content="duomo")
        sandbox.control("menu_click", openid=openid, key="today")
        sandbox.control("unfollow", openid=openid)
        seen = [judge.next() for _ in range(5)]

    chat = sandbox.control("inbox", openid=openid)["items"]
    answered = [item for item in chat if item["sender"] == "account"]
    assert [push["kind"] for push in seen] == ["subscribe", "scan", "text", "click", "unsubscribe"]
    assert (seen[0]["key"], seen[1]["key"]) == ("qrscene_c=ss27;p=duomo", "c=ss27;p=duomo")
    assert seen[2]["id"] == said["msg_id"]
    assert [item["kind"] for item in answered] == ["text", "text", "news"]
    assert answered[2]["content"]["articles"][0]["title"] == "大教堂"
