"""Tokens, refusals and codes of WeChat and WeCom, as both the platforms and the sandbox must answer them."""

from collections.abc import Callable

import pytest

from tests.live.target import Target

Targets = Callable[[str], Target]


def token_of(target: Target) -> str:
    """A stable token, which does not disturb whoever else uses the account."""
    body = {
        "grant_type": "client_credential",
        "appid": target.credentials["appid"],
        "secret": target.credentials["secret"],
    }
    answer = target.post("/cgi-bin/stable_token", body)
    assert "errcode" not in answer, answer
    return str(answer["access_token"])


@pytest.mark.parametrize("platform", ["OA", "MP"])
def test_a_stable_token_is_the_same_when_asked_again(platform: str, target: Targets) -> None:
    asked = target(platform)

    assert token_of(asked) == token_of(asked)


@pytest.mark.parametrize("platform", ["OA", "MP"])
def test_a_token_has_no_errcode_and_leaves_five_minutes(platform: str, target: Targets) -> None:
    asked = target(platform)
    body = {
        "grant_type": "client_credential",
        "appid": asked.credentials["appid"],
        "secret": asked.credentials["secret"],
    }

    answer = asked.post("/cgi-bin/stable_token", body)

    assert set(answer) == {"access_token", "expires_in"}
    assert 300 <= answer["expires_in"] <= 7200
    assert len(answer["access_token"]) <= 512


@pytest.mark.parametrize("platform", ["OA", "MP"])
def test_a_wrong_secret_is_refused(platform: str, target: Targets) -> None:
    asked = target(platform)

    answer = asked.get(
        "/cgi-bin/token",
        grant_type="client_credential",
        appid=asked.credentials["appid"],
        secret="0" * 32,
    )

    # 40125 today; 40001 was seen on older accounts.
    assert answer["errcode"] in (40125, 40001)


@pytest.mark.parametrize(
    ("query", "codes"),
    [({}, (41001,)), ({"access_token": "x"}, (40001, 40014)), ({"access_token": ""}, (41001,))],
)
def test_a_missing_and_a_malformed_token_are_told_apart(
    query: dict[str, str], codes: tuple[int, ...], target: Targets
) -> None:
    answer = target("OA").get("/cgi-bin/user/info", openid="oNobody", **query)

    assert answer["errcode"] in codes


def test_an_unknown_openid_is_40003(target: Targets) -> None:
    asked = target("OA")

    answer = asked.get("/cgi-bin/user/info", access_token=token_of(asked), openid="oNobody", lang="zh_CN")

    assert answer["errcode"] == 40003
    assert "rid:" in answer["errmsg"] or "hint:" in answer["errmsg"]


def test_bad_json_is_47001_and_no_body_is_44002(target: Targets) -> None:
    asked = target("OA")
    token = token_of(asked)

    assert asked.post("/cgi-bin/qrcode/create", b"{", access_token=token)["errcode"] == 47001
    assert asked.post("/cgi-bin/qrcode/create", b"", access_token=token)["errcode"] in (44002, 47001)


def test_a_temporary_code_has_a_ticket_and_a_picture(target: Targets) -> None:
    asked = target("OA")
    code = {
        "expire_seconds": 60,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "c=contract"}},
    }

    made = asked.post("/cgi-bin/qrcode/create", code, access_token=token_of(asked))

    assert made["expire_seconds"] == 60
    assert made["url"].startswith(("http://", "https://", "weixin://"))
    host = "https://mp.weixin.qq.com" if asked.is_live else asked.base_url
    picture = asked.http.get(f"{host}/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert picture.headers["content-type"].startswith("image/")


def test_pushes_come_from_named_addresses(target: Targets) -> None:
    asked = target("OA")

    answer = asked.get("/cgi-bin/getcallbackip", access_token=token_of(asked))

    assert answer["ip_list"]


def test_an_invented_login_code_is_40029(target: Targets) -> None:
    asked = target("MP")

    answer = asked.get(
        "/sns/jscode2session",
        appid=asked.credentials["appid"],
        secret=asked.credentials["secret"],
        js_code="invented",
        grant_type="authorization_code",
    )

    assert answer["errcode"] == 40029


def test_an_invented_phone_code_is_40029(target: Targets) -> None:
    asked = target("MP")

    answer = asked.post(
        "/wxa/business/getuserphonenumber", {"code": "invented"}, access_token=token_of(asked)
    )

    assert answer["errcode"] == 40029


def test_a_code_on_paper_refuses_a_scene_that_is_too_long(target: Targets) -> None:
    asked = target("MP")
    body = {"scene": "x" * 33, "check_path": False}

    answer = asked.post("/wxa/getwxacodeunlimit", body, access_token=token_of(asked))

    assert answer["errcode"] in (40129, 40169, 40097)


def wecom_token(asked: Target) -> str:
    answer = asked.get(
        "/cgi-bin/gettoken",
        corpid=asked.credentials["corpid"],
        corpsecret=asked.credentials["contact_secret"],
    )
    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
    return str(answer["access_token"])


def test_wecom_gives_the_same_token_again(target: Targets) -> None:
    asked = target("WECOM")

    assert wecom_token(asked) == wecom_token(asked)


def test_wecom_refuses_a_wrong_secret_a_missing_and_a_malformed_token(target: Targets) -> None:
    asked = target("WECOM")
    path = "/cgi-bin/externalcontact/get_follow_user_list"

    wrong = asked.get("/cgi-bin/gettoken", corpid=asked.credentials["corpid"], corpsecret="wrong")

    assert wrong["errcode"] == 40001
    assert asked.get(path)["errcode"] == 41001
    malformed = asked.get(path, access_token="x")
    assert malformed["errcode"] == 40014
    assert "hint: [" in malformed["errmsg"]


def test_wecom_lists_the_members_who_may_have_customers(target: Targets) -> None:
    asked = target("WECOM")

    answer = asked.get("/cgi-bin/externalcontact/get_follow_user_list", access_token=wecom_token(asked))

    assert answer["errcode"] == 0
    assert isinstance(answer["follow_user"], list)
