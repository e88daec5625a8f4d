"""Messages of an application to members."""

from typing import Any

from seta_sandbox.wecom.config import AGENTID
from tests.sandbox.wecom.doors import LIN, MARCO, Doors

SEND = "/cgi-bin/message/send"


def send(doors: Doors, **change: Any) -> dict[str, Any]:
    body = {"touser": LIN, "agentid": AGENTID, "msgtype": "text", "text": {"content": "新预约"}, **change}
    return doors.call(SEND, body, "agent")


def received(doors: Doors, userid: str = LIN) -> int:
    return len(doors.control("wecom_member", userid=userid)["messages"])


def test_those_who_do_not_exist_are_told(doors: Doors) -> None:
    doors.control("wecom_settings", inactive=[MARCO])

    answer = send(doors, touser=f"{LIN}|{MARCO}|nobody", toparty="7", totag="tag")

    told = ("invaliduser", "invalidparty", "invalidtag", "unlicenseduser")
    assert [answer[name] for name in told] == ["nobody", "7", "tag", MARCO]
    assert send(doors, touser="nobody", toparty="7")["errcode"] == 81013


def test_everybody_is_reached_by_all_or_by_the_root_department(doors: Doors) -> None:
    send(doors, touser="@all")
    send(doors, touser="", toparty="1")

    assert (received(doors, LIN), received(doors, MARCO)) == (2, 2)


def test_a_member_receives_thirty_a_minute(doors: Doors) -> None:
    codes = {send(doors)["errcode"] for _ in range(35)}
    soon = received(doors)
    doors.control("advance", seconds=61)
    send(doors)

    assert (codes, soon, received(doors)) == ({0}, 30, 31)


def test_the_same_message_goes_once_when_asked_to(doors: Doors) -> None:
    for _ in range(2):
        send(doors, enable_duplicate_check=1, duplicate_check_interval=60)
    once = received(doors)
    doors.control("advance", seconds=61)
    send(doors, enable_duplicate_check=1, duplicate_check_interval=60)

    assert (once, received(doors)) == (1, 2)


def test_wrong_messages_are_refused_with_their_codes(doors: Doors) -> None:
    changes: list[dict[str, Any]] = [
        {"agentid": 1},
        {"msgtype": "poem"},
        {"text": {}},
        {"text": {"title": "x"}},
        {"msgtype": "image", "image": {"x": 1}},
        {"msgtype": "image", "image": {"media_id": "unknown"}},
        {"touser": "|".join(map(str, range(1001)))},
        {"text": "plain"},
    ]

    codes = [send(doors, **change)["errcode"] for change in changes]

    assert codes == [40056, 40008, 44001, 44004, 41006, 40007, 40032, 40058]
    assert doors.call(SEND, {}, "contact")["errcode"] == 48002


def test_a_card_with_buttons_answers_a_response_code(doors: Doors) -> None:
    card = {"card_type": "button_interaction", "main_title": {"title": "预约"}}

    assert send(doors, msgtype="template_card", template_card=card)["response_code"]
