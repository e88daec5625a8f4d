"""Authorisation of pages inside WeChat."""

from typing import Any

from tests.sandbox.social.caller import Account, query_of

AUTHORIZE = "/connect/oauth2/authorize"


def exchange(oa: Account, code: str, **change: str) -> dict[str, Any]:
    query = {
        "appid": oa.appid,
        "secret": oa.secret,
        "code": code,
        "grant_type": "authorization_code",
        **change,
    }
    answer: dict[str, Any] = oa.client.get("/sns/oauth2/access_token", params=query).json()
    return answer


def ask(oa: Account, path: str, **query: str) -> dict[str, Any]:
    answer: dict[str, Any] = oa.client.get(path, params=query).json()
    return answer


def test_a_consumer_is_sent_back_with_a_code_that_works_once(oa: Account) -> None:
    query = {"appid": oa.appid, "response_type": "code", "scope": "snsapi_userinfo", "state": "s 1"}

    back = oa.client.get(
        AUTHORIZE, params={**query, "redirect_uri": "https://x.it/in?a=1#top", "consumer": oa.openids[2]}
    )

    address = back.headers["location"]
    returned = query_of(address)
    assert (back.status_code, returned["a"], returned["state"], address[-4:]) == (302, "1", "s 1", "#top")
    first, second = exchange(oa, returned["code"]), exchange(oa, returned["code"])
    assert (first["openid"], first["expires_in"], second["errcode"]) == (oa.openids[2], 7200, 40163)
    profile = ask(oa, "/sns/userinfo", access_token=first["access_token"], openid=first["openid"])
    assert (profile["nickname"], profile["unionid"]) == ("李浩然", first["unionid"])
    assert ask(oa, "/sns/auth", access_token=first["access_token"], openid=first["openid"])["errcode"] == 0


def test_a_wrong_authorisation_shows_a_page_and_redirects_nobody(oa: Account) -> None:
    query = {
        "appid": oa.appid,
        "response_type": "code",
        "scope": "snsapi_base",
        "redirect_uri": "https://x.it",
    }

    for change, code in (
        ({"appid": "wx0"}, "10013"),
        ({"redirect_uri": "javascript:alert(1)"}, "10003"),
        ({"scope": "all"}, "10005"),
        ({"response_type": "token"}, "10004"),
    ):
        page = oa.client.get(AUTHORIZE, params={**query, **change})
        assert page.status_code == 200
        assert code in page.text


def test_codes_are_refused_when_unknown_expired_or_of_another_account(oa: Account) -> None:
    other = oa.client.world.app("official_account", "destination")
    foreign = oa.act("oauth_code", appid=other.appid)["code"]
    late = oa.act("oauth_code")["code"]
    oa.act("advance", seconds=301)

    assert exchange(oa, "invented")["errcode"] == 40029
    assert exchange(oa, foreign)["errcode"] == 40029
    assert exchange(oa, late)["errcode"] == 42003
    assert exchange(oa, "")["errcode"] == 41008
    assert exchange(oa, late, secret="0")["errcode"] == 40125
    assert exchange(oa, late, grant_type="x")["errcode"] == 40002


def test_a_refresh_token_lasts_thirty_days(oa: Account) -> None:
    tokens = exchange(oa, oa.act("oauth_code", scope="snsapi_userinfo")["code"])
    refresh = {"appid": oa.appid, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    held = {"access_token": tokens["access_token"], "openid": tokens["openid"]}

    oa.act("advance", seconds=7200)
    expired = ask(oa, "/sns/userinfo", **held)
    fresh = ask(oa, "/sns/oauth2/refresh_token", **refresh)
    works = ask(oa, "/sns/userinfo", access_token=fresh["access_token"], openid=fresh["openid"])
    oa.act("advance", seconds=30 * 86_400)

    assert (expired["errcode"], works["openid"]) == (42001, tokens["openid"])
    assert ask(oa, "/sns/oauth2/refresh_token", **refresh)["errcode"] == 42002
    assert ask(oa, "/sns/oauth2/refresh_token", **{**refresh, "refresh_token": "x"})["errcode"] == 40030
    assert ask(oa, "/sns/oauth2/refresh_token", **{**refresh, "refresh_token": ""})["errcode"] == 41003


def test_the_base_scope_gives_the_openid_only(oa: Account) -> None:
    tokens = exchange(oa, oa.act("oauth_code")["code"])

    assert "unionid" not in tokens
    assert (
        ask(oa, "/sns/userinfo", access_token=tokens["access_token"], openid=tokens["openid"])["errcode"]
        == 48001
    )
    assert ask(oa, "/sns/auth", access_token="x", openid=tokens["openid"])["errcode"] == 40001
    assert ask(oa, "/sns/auth", access_token=tokens["access_token"], openid="o")["errcode"] == 40003
    assert ask(oa, "/sns/auth", access_token=tokens["access_token"])["errcode"] == 41009


def test_a_snapshot_page_gets_virtual_identifiers(oa: Account) -> None:
    tokens = exchange(oa, oa.act("oauth_code", scope="snsapi_userinfo", snapshot=True)["code"])

    assert tokens["is_snapshotuser"] == 1
    assert tokens["openid"] not in oa.openids
    assert "scope" in oa.refused("oauth_code", scope="all")
