"""WeCom's events are read with the names the wiring uses and a key that survives repeats."""

import pytest

from seta.platforms.wecom.messages import read_event

EVENT = {
    "ToUserName": "ww1",
    "FromUserName": "sys",
    "CreateTime": "1700000000",
    "MsgType": "event",
    "Event": "change_external_contact",
    "ChangeType": "add_external_contact",
    "UserID": "linyue",
    "ExternalUserID": "wm1",
    "State": "a=lin",
    "WelcomeCode": "code",
}


def test_contact_event_says_who_added_whom_and_how() -> None:
    event = read_event(EVENT)

    assert event.kind == "event.change_external_contact.add_external_contact"
    assert (event.userid, event.external_userid, event.state) == ("linyue", "wm1", "a=lin")
    assert event.welcome_code == "code"


def test_repeats_meet_and_other_customers_do_not() -> None:
    assert read_event(EVENT).external_id == read_event(dict(EVENT)).external_id
    assert read_event(EVENT).external_id != read_event(EVENT | {"ExternalUserID": "wm2"}).external_id


def test_archive_notice_has_no_change_type() -> None:
    fields = {name: EVENT[name] for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")}

    assert (
        read_event(fields | {"Event": "msgaudit_notify", "AgentID": "2000004"}).kind
        == "event.msgaudit_notify"
    )
    with pytest.raises(ValueError, match="MsgType"):
        read_event({name: value for name, value in EVENT.items() if name != "MsgType"})
