"""Quotas, their clearing, calls looked up by rid, and the tickets of the JS-SDK."""

import re

from seta_sandbox.official_account.state import oa_of
from tests.sandbox.social.caller import Account

USERS = "/cgi-bin/user/get"


def test_a_days_quota_is_watched_when_told_to_and_ends_with_the_day(oa: Account) -> None:
    oa.act("quota", cgi_path=USERS, daily=2)

    assert [oa.get(USERS).get("errcode", 0) for _ in range(3)] == [0, 0, 45009]
    oa.act("advance", seconds=86_400)
    oa.fresh_token()
    assert "errcode" not in oa.get(USERS)


def test_a_minutes_quota_ends_with_the_minute(oa: Account) -> None:
    oa.act("quota", cgi_path=USERS, minute=1)

    assert [oa.get(USERS).get("errcode", 0) for _ in range(2)] == [0, 45011]
    oa.act("advance", seconds=60)
    assert "errcode" not in oa.get(USERS)


def test_documented_quotas_are_only_enforced_when_asked(oa: Account) -> None:
    for _ in range(501):
        oa_of(oa.client.world).quotas.take(oa.appid, USERS, oa.client.world.clock.now())

    assert "errcode" not in oa.get(USERS)
    oa.act("quota", enforce=True)
    assert oa.get(USERS)["errcode"] == 45009


def test_what_is_left_of_a_quota_can_be_asked(oa: Account) -> None:
    oa.get(USERS)

    left = oa.post("/cgi-bin/openapi/quota/get", {"cgi_path": USERS})

    assert left["quota"] == {"daily_limit": 500, "used": 1, "remain": 499}
    assert oa.code("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/nothing"}) == 76021


def test_quotas_are_cleared_ten_times_a_month(oa: Account) -> None:
    oa.act("quota", cgi_path=USERS, daily=1)
    oa.get(USERS)
    assert oa.get(USERS)["errcode"] == 45009

    assert oa.code("/cgi-bin/clear_quota", {"appid": oa.appid}) == 0

    assert "errcode" not in oa.get(USERS)
    by_secret = f"/cgi-bin/clear_quota/v2?appid={oa.appid}&appsecret={oa.secret}"
    assert [oa.client.post(by_secret).json()["errcode"] for _ in range(10)] == [0] * 9 + [48006]
    assert oa.code("/cgi-bin/clear_quota", {"appid": "wx0"}) == 40013


def test_a_refused_call_is_found_by_its_rid_for_seven_days(oa: Account, mp: Account) -> None:
    errmsg = oa.get("/cgi-bin/user/info", openid="o")["errmsg"]
    found = re.search(r"rid: (\S+)$", errmsg)
    assert found is not None
    body = {"rid": found[1]}

    told = oa.post("/cgi-bin/openapi/rid/get", body)["request"]

    assert told["request_url"].startswith("/cgi-bin/user/info?")
    assert "40003" in told["response_body"]
    assert mp.code("/cgi-bin/openapi/rid/get", body) == 76003
    assert oa.code("/cgi-bin/openapi/rid/get", {"rid": "x"}) == 76002
    assert oa.code("/cgi-bin/openapi/rid/get", {"rid": "00000000-00000000-00000000"}) == 76001
    oa.act("advance", seconds=7 * 86_400 + 1)
    oa.fresh_token()
    assert oa.code("/cgi-bin/openapi/rid/get", body) == 76004


def test_a_js_ticket_stays_for_two_hours(oa: Account) -> None:
    first = oa.get("/cgi-bin/ticket/getticket", type="jsapi")
    again = oa.get("/cgi-bin/ticket/getticket", type="jsapi")
    card = oa.get("/cgi-bin/ticket/getticket", type="wx_card")
    oa.act("advance", seconds=7200)
    oa.fresh_token()
    later = oa.get("/cgi-bin/ticket/getticket", type="jsapi")

    assert first["ticket"] == again["ticket"] != later["ticket"]
    assert card["ticket"] != first["ticket"]
    assert (first["expires_in"], later["errcode"]) == (7200, 0)
    assert oa.get("/cgi-bin/ticket/getticket", type="x")["errcode"] == 40097


def test_the_addresses_of_pushes_come_without_an_errcode(oa: Account) -> None:
    for path in ("/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"):
        assert oa.get(path) == {"ip_list": ["127.0.0.1"]}


def test_logins_are_limited_for_each_consumer(mp: Account) -> None:
    mp.act("quota", enforce=True)
    query = {"appid": mp.appid, "secret": mp.secret, "grant_type": "authorization_code"}

    codes = [
        mp.client.get("/sns/jscode2session", params={**query, "js_code": mp.act("js_code")["code"]}).json()
        for _ in range(101)
    ]

    assert "openid" in codes[99]
    assert codes[100]["errcode"] == 45011


def test_tokens_are_only_given_to_allowed_addresses(oa: Account) -> None:
    query = {"grant_type": "client_credential", "appid": oa.appid, "secret": oa.secret}

    oa.act("allow_ips", appid=oa.appid, ips=["203.0.113.7"])
    refused = oa.client.get("/cgi-bin/token", params=query).json()
    oa.act("allow_ips", appid=oa.appid, ips=[])

    assert refused["errcode"] == 40164
    assert "::ffff:127.0.0.1, not in whitelist" in refused["errmsg"]
    assert "access_token" in oa.client.get("/cgi-bin/token", params=query).json()
