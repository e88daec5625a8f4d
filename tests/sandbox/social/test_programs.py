"""Mini programs: codes, links, content checks, sealed data, sessions and customer messages."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta_sandbox.official_account.programs import mp_of
from tests.sandbox.social.caller import Account, Server

UNLIMITED = "/wxa/getwxacodeunlimit"
CHECK = "/wxa/msg_sec_check"


def login(mp: Account, number: int = 0) -> dict[str, Any]:
    code = mp.act("js_code", openid=mp.openids[number])["code"]
    query = {"appid": mp.appid, "secret": mp.secret, "js_code": code, "grant_type": "authorization_code"}
    session: dict[str, Any] = mp.client.get("/sns/jscode2session", params=query).json()
    return session


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (UNLIMITED, {"scene": "c=ss27", "page": "pages/home/index", "width": 430}),
        (UNLIMITED, {"scene": "c=ss27", "is_hyaline": True, "line_color": {"r": "200", "g": 0, "b": 0}}),
        ("/wxa/getwxacode", {"path": "pages/home/index?id=1"}),
        ("/cgi-bin/wxaapp/createwxaqrcode", {"path": "pages/home/index?id=1", "width": 280}),
    ],
)
def test_each_kind_of_code_is_an_image(mp: Account, path: str, body: object) -> None:
    answer = mp.raw(path, body)

    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"scene": ""}, 40169),
        ({"scene": "x" * 33}, 40169),
        ({"scene": "丝绸"}, 40129),
        ({"scene": "a b"}, 40129),
        ({"scene": "scancode_time=1"}, 85096),
        ({"scene": "x", "page": "/pages/home/index"}, 41030),
        ({"scene": "x", "width": 100}, 40097),
        ({"scene": "x", "env_version": "x"}, 40097),
        ({"scene": "x", "line_color": "red"}, 40097),
    ],
)
def test_codes_beyond_the_rules_are_json_refusals(mp: Account, body: object, errcode: int) -> None:
    assert mp.code(UNLIMITED, body) == errcode


def test_codes_with_a_path_run_out(mp: Account) -> None:
    mp_of(mp.client.world).limited_codes[mp.appid] = 100_000

    assert mp.code("/wxa/getwxacode", {"path": "pages/home/index"}) == 45029
    assert mp.code("/cgi-bin/wxaapp/createwxaqrcode", {"path": "pages/home/index"}) == 45029


def test_a_url_link_opens_the_program_until_it_ends(mp: Account) -> None:
    body = {"path": "/pages/store/index", "query": "b=brera", "expire_type": 1, "expire_interval": 1}

    link = mp.post("/wxa/generate_urllink", body)["url_link"]
    opened = mp.act("open_link", link=f"{link}?cq=c=ss27", openid=mp.openids[1])
    told = mp.post("/wxa/query_urllink", {"url_link": link})
    mp.act("advance", seconds=86_400)

    assert link.startswith("https://wxaurl.cn/")
    assert (opened["path"], opened["query"]) == ("pages/store/index", "b=brera&c=ss27")
    assert (told["url_link_info"]["query"], told["quota_info"]["remain_visit_quota"]) == (
        "b=brera",
        2_999_999,
    )
    assert "expired" in mp.refused("open_link", link=link)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"query": "x" * 1025}, 40212),
        ({"path": "a?b=1"}, 40165),
        ({"expire_type": 1, "expire_interval": 31}, 85401),
        ({"expire_type": 2}, 85401),
        ({"expire_type": 0, "expire_time": 5}, 85401),
        ({"env_version": "beta"}, 85402),
    ],
)
def test_links_with_wrong_terms_are_refused(mp: Account, body: object, errcode: int) -> None:
    assert mp.code("/wxa/generate_urllink", body) == errcode


def test_schemes_short_links_and_tags_open_the_program(mp: Account) -> None:
    target = {"jump_wxa": {"path": "pages/home/index", "query": "a=1"}}

    scheme = mp.post("/wxa/generatescheme", {**target, "is_expire": False})["openlink"]
    nfc = mp.post("/wxa/generatenfcscheme", {**target, "model_id": "m1"})["openlink"]
    short = mp.post("/wxa/genwxashortlink", {"page_url": "pages/home/index?a=1", "is_permanent": True})[
        "link"
    ]

    assert scheme.startswith("weixin://dl/business/?t=")
    assert short.startswith("#小程序://")
    assert {mp.act("open_link", link=one)["query"] for one in (scheme, nfc, short)} == {"a=1"}
    assert mp.post("/wxa/queryscheme", {"scheme": scheme})["scheme_info"]["expire_time"] == 0
    assert mp.code("/wxa/queryscheme", {"scheme": short}) == 40097
    assert mp.code("/wxa/generatenfcscheme", target) == 40097
    assert mp.code("/wxa/genwxashortlink", {"page_url": ""}) == 40225


def test_links_need_a_released_program(mp: Account) -> None:
    mp.act("release", released=False)

    assert mp.code("/wxa/generate_urllink", {"path": "a"}) == 85079
    assert mp.code("/wxa/generate_urllink", {"path": "a", "env_version": "trial"}) == 0


def test_text_is_judged_for_a_recent_visitor(mp: Account, oa: Account) -> None:
    body = {"version": 2, "openid": mp.openids[0], "scene": 2, "content": "大教堂真美"}
    assert mp.code(CHECK, body) == 61010
    login(mp)

    clean, risky = mp.post(CHECK, body), mp.post(CHECK, {**body, "title": "赌博"})

    assert (clean["result"], bool(clean["trace_id"])) == ({"suggest": "pass", "label": 100}, True)
    assert risky["result"] == {"suggest": "risky", "label": 20006}
    assert risky["detail"][1]["keyword"] == "赌博"
    assert mp.code(CHECK, {**body, "scene": 5}) == 40129
    assert mp.code(CHECK, {**body, "openid": oa.openids[0]}) == 43104
    assert mp.code(CHECK, {**body, "openid": "o"}) == 40003
    assert mp.code(CHECK, {"content": "赌博"}) == 87014
    mp.act("advance", seconds=7201)
    mp.fresh_token()
    assert mp.code(CHECK, body) == 61010


def test_media_is_judged_later_by_an_event(mp: Account, server: Server) -> None:
    login(mp)
    mp.act("content_rule", text="nude", label=20002, suggest="risky")
    body = {
        "media_url": "https://x.it/nude.jpg",
        "media_type": 2,
        "version": 2,
        "openid": mp.openids[0],
        "scene": 1,
    }

    trace = mp.post("/wxa/media_check_async", body)["trace_id"]
    mp.act("settle")

    told = server.events("wxa_media_check")[0]
    assert (told["trace_id"], told["result"]["suggest"], told["appid"]) == (trace, "risky", mp.appid)
    assert mp.code("/wxa/media_check_async", {**body, "media_type": 3}) == 40097
    assert "label" in mp.refused("content_rule", text="x", label=7)


def test_notices_with_risky_words_are_refused(mp: Account) -> None:
    mp.act("subscribe", openid=mp.openids[0])
    body = {"touser": mp.openids[0], "template_id": mp.template_id, "data": {"thing1": {"value": "赌博"}}}

    assert mp.code("/cgi-bin/message/subscribe/send", body) == 45168


def test_sealed_data_opens_with_the_session_key(mp: Account) -> None:
    assert "jscode2session" in mp.refused("user_data")
    session = login(mp)

    sealed = mp.act("user_data", openid=mp.openids[0])
    phone = mp.act("user_data", openid=mp.openids[0], kind="phone")

    assert opened(session, sealed)["openId"] == session["openid"]
    assert opened(session, phone)["watermark"]["appid"] == mp.appid
    expected = hashlib.sha1((sealed["rawData"] + session["session_key"]).encode()).hexdigest()
    assert sealed["signature"] == expected


def opened(session: dict[str, Any], sealed: dict[str, str]) -> dict[str, Any]:
    key, iv = base64.b64decode(session["session_key"]), base64.b64decode(sealed["iv"])
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    plain = cipher.update(base64.b64decode(sealed["encryptedData"])) + cipher.finalize()
    content: dict[str, Any] = json.loads(plain[: -plain[-1]])
    return content


def test_a_new_session_key_ends_the_old_one(mp: Account) -> None:
    session = login(mp)
    query = {"openid": session["openid"], "sig_method": "hmac_sha256"}
    old = hmac.new(session["session_key"].encode(), b"", hashlib.sha256).hexdigest()

    fresh = mp.get("/wxa/resetusersessionkey", **query, signature=old)

    new = hmac.new(fresh["session_key"].encode(), b"", hashlib.sha256).hexdigest()
    assert mp.get("/wxa/checksession", **query, signature=new)["errcode"] == 0
    assert mp.get("/wxa/checksession", **query, signature=old)["errcode"] == 87009


def test_customer_messages_have_the_mini_programs_windows(mp: Account) -> None:
    openid = mp.openids[0]
    text = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    path = "/cgi-bin/message/custom/send"

    assert mp.code(path, text) == 45015
    mp.act("enter_service", openid=openid)
    assert [mp.code(path, text) for _ in range(3)] == [0, 0, 45047]
    mp.act("message", app="mini_program", openid=openid, content="请问")
    assert [mp.code(path, text) for _ in range(6)] == [0] * 5 + [45047]


def test_a_mini_program_has_no_menu(mp: Account) -> None:
    assert mp.get("/cgi-bin/menu/get")["errcode"] == 48001
