"""A mini program's doors: login, phone number, codes on paper and subscribe messages."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.sandbox.calls import get, post, token
from tests.sandbox_server import RunningSandbox


def login(sandbox: RunningSandbox, code: str, **change: str) -> dict[str, Any]:
    app = sandbox.config["mini_program"]
    query = {
        "appid": app["appid"],
        "secret": app["secret"],
        "js_code": code,
        "grant_type": "authorization_code",
    }
    return get(sandbox, "/sns/jscode2session", **{**query, **change})


def remind(sandbox: RunningSandbox, openid: str, data: dict[str, str], **change: str) -> int:
    body = {
        "touser": openid,
        "template_id": sandbox.config["mini_program"]["sub_template_id"],
        "page": "pages/plan/index",
        "data": {key: {"value": value} for key, value in data.items()},
        **change,
    }
    path = "/cgi-bin/message/subscribe/send"
    return int(post(sandbox, path, body, access_token=token(sandbox, "mini_program"))["errcode"])


def test_a_login_code_works_once_within_five_minutes(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["mini_program"]["openids"][2]
    code = sandbox.control("js_code", openid=openid)["code"]

    session = login(sandbox, code)

    assert session["openid"] == openid
    assert login(sandbox, code)["errcode"] == 40163
    assert login(sandbox, "invented")["errcode"] == 40029
    late = sandbox.control("js_code")["code"]
    sandbox.control("advance", seconds=301)
    assert login(sandbox, late)["errcode"] == 40029


def test_a_login_is_refused_for_risky_users_and_wrong_credentials(sandbox: RunningSandbox) -> None:
    risky = sandbox.control("js_code", risky=True)["code"]
    good = sandbox.control("js_code")["code"]

    assert login(sandbox, risky)["errcode"] == 40226
    assert login(sandbox, "")["errcode"] == 41008
    assert login(sandbox, good, secret="0")["errcode"] == 40125
    other = sandbox.config["destination"]["mini_program"]
    assert login(sandbox, good, appid=other["appid"], secret=other["secret"])["errcode"] == 40029


def test_a_consumer_of_the_official_account_can_be_named_by_that_openid(sandbox: RunningSandbox) -> None:
    code = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][1])["code"]

    assert login(sandbox, code)["openid"] == sandbox.config["mini_program"]["openids"][1]


def test_a_session_is_checked_by_an_hmac_of_nothing(sandbox: RunningSandbox) -> None:
    session = login(sandbox, sandbox.control("js_code")["code"])
    mark = hmac.new(session["session_key"].encode(), b"", hashlib.sha256).hexdigest()
    query = {"access_token": token(sandbox, "mini_program"), "openid": session["openid"]}

    assert get(sandbox, "/wxa/checksession", **query, signature=mark)["errcode"] == 0
    assert get(sandbox, "/wxa/checksession", **query, signature="0")["errcode"] == 87009


def test_a_phone_code_gives_the_number_once(sandbox: RunningSandbox) -> None:
    access_token, path = token(sandbox, "mini_program"), "/wxa/business/getuserphonenumber"
    code = sandbox.control("phone_code")["code"]

    info = post(sandbox, path, {"code": code}, access_token=access_token)["phone_info"]
    again = post(sandbox, path, {"code": code}, access_token=access_token)

    assert info["purePhoneNumber"].startswith("138")
    assert info["watermark"]["appid"] == sandbox.config["mini_program"]["appid"]
    assert again["errcode"] == 40029


def test_a_paper_code_is_an_image_and_its_scene_is_checked(sandbox: RunningSandbox) -> None:
    url = f"{sandbox.base_url}/wxa/getwxacodeunlimit?access_token={token(sandbox, 'mini_program')}"

    image = sandbox.client.post(url, json={"scene": "c=ss27;b=monte-napoleone", "page": "pages/home/index"})
    long = sandbox.client.post(url, json={"scene": "x" * 33}).json()
    slash = sandbox.client.post(url, json={"scene": "x", "page": "/pages/home/index"}).json()

    assert image.content.startswith(b"\x89PNG")
    assert (long["errcode"], slash["errcode"]) == (40169, 41030)


def test_each_acceptance_allows_one_message_that_the_consumer_sees(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["mini_program"]["openids"][0]
    data = {"thing1": "米兰大教堂预约", "time2": "2026年11月22日 15:30", "phrase3": "已确认"}

    assert remind(sandbox, openid, data) == 43101
    sandbox.control("subscribe", openid=openid, accept=False)
    assert remind(sandbox, openid, data) == 43101
    sandbox.control("subscribe", openid=openid, accept=True)
    assert [remind(sandbox, openid, data), remind(sandbox, openid, data)] == [0, 43101]
    seen = [
        item
        for item in sandbox.control("inbox", openid=openid)["items"]
        if item["chat"].startswith("service:")
    ]
    assert seen[0]["content"]["data"] == data


@pytest.mark.parametrize(
    ("keyword", "good", "bad"),
    [
        ("thing1", "字" * 20, "字" * 21),
        ("number2", "12345", "十二"),
        ("letter3", "abc", "abc1"),
        ("character_string4", "SM-2026/001", "订单"),
        ("time5", "15:01", "下午三点"),
        ("time5", "2026-11-22 15:01", "25:01"),
        ("date6", "2026年11月22日", "tomorrow"),
        ("amount7", "¥8,888.00", "much"),
        ("amount7", "100元", "12345678901元"),
        ("phone_number8", "+86-13800000000", "1" * 18),
        ("name9", "林悦", "林" * 11),
        ("phrase10", "已确认", "already"),
    ],
)
def test_values_are_held_to_their_kind(sandbox: RunningSandbox, keyword: str, good: str, bad: str) -> None:
    openid = sandbox.config["mini_program"]["openids"][0]
    sandbox.control("subscribe", openid=openid)

    assert remind(sandbox, openid, {keyword: bad}) == 47003
    assert remind(sandbox, openid, {keyword: good}) == 0


def test_messages_to_strangers_or_with_unknown_templates_are_refused(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["mini_program"]["openids"][0]

    assert remind(sandbox, "o", {"thing1": "x"}) == 40003
    assert remind(sandbox, openid, {"thing1": "x"}, template_id="other") == 40037
    assert remind(sandbox, openid, {"thing1": ""}) == 47003
