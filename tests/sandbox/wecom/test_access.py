"""Who may call WeCom: tokens, applications, addresses, visible members."""

import pytest

from tests.sandbox.wecom.doors import CONTACT, LIN, MARCO, Doors

LIST = f"{CONTACT}/get_follow_user_list"


def test_a_token_is_missing_malformed_expired_but_never_40001(doors: Doors) -> None:
    good = doors.token()

    missing = doors.send("GET", LIST).json()
    malformed = doors.send("GET", LIST, params={"access_token": "never minted"}).json()
    doors.control("advance", seconds=7201)
    expired = doors.send("GET", LIST, params={"access_token": good}).json()

    assert [answer["errcode"] for answer in (missing, malformed, expired)] == [41001, 40014, 42001]
    assert "devtool/query?e=42001" in expired["errmsg"]


def test_a_token_is_repeated_while_it_lasts_and_is_one_application_s(doors: Doors) -> None:
    corpid = doors.world.app("wecom").appid
    ask = {"corpid": corpid, "corpsecret": "wrong"}

    assert doors.token("contact") != doors.token("agent")
    assert doors.send("GET", "/cgi-bin/gettoken", params=ask).json()["errcode"] == 40001
    assert doors.send("GET", "/cgi-bin/gettoken", params={**ask, "corpid": "ww0"}).json()["errcode"] == 40013
    assert doors.get(LIST, "archive")["errcode"] == 48002


def test_an_address_that_is_not_trusted_is_refused(doors: Doors) -> None:
    doors.control("wecom_settings", allowed_ips=["203.0.113.7"])

    assert doors.get(LIST)["errcode"] == 60020
    doors.control("wecom_settings", allowed_ips=["127.0.0.1"])
    assert doors.get(LIST)["follow_user"] == [LIN, MARCO]


def test_too_many_calls_of_one_api_wait_for_the_next_minute(doors: Doors) -> None:
    doors.control("wecom_settings", calls_a_minute=2)

    codes = [doors.get(LIST)["errcode"] for _ in range(3)]
    doors.control("advance", seconds=61)

    assert codes == [0, 0, 45009]
    assert doors.get(LIST)["errcode"] == 0


@pytest.mark.parametrize(("setting", "code"), [("hidden", 60011), ("inactive", 41054), ("unverified", 40098)])
def test_a_member_out_of_reach_is_refused_with_the_reason(doors: Doors, setting: str, code: int) -> None:
    doors.control("wecom_settings", **{setting: [LIN]})

    way = {"type": 1, "scene": 2, "user": [LIN]}

    assert doors.code("add_contact_way", way) == code
    assert doors.code("add_contact_way", {**way, "user": [MARCO]}) == 0


def test_settings_that_do_not_exist_are_refused_and_change_nothing(doors: Doors) -> None:
    assert "settings are" in doors.refused("wecom_settings", allowed_ips=["127.0.0.1"], nothing=1)
    assert "another type" in doors.refused("wecom_settings", tags_max="many")
    assert doors.control("wecom_settings")["allowed_ips"] == []
