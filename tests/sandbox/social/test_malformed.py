"""Whatever is sent, the doors answer HTTP 200 with a code, never a crash."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta_sandbox.mini_program.routes import ROUTES as MINI_PROGRAM
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.routes import ROUTES as OFFICIAL_ACCOUNT
from seta_sandbox.official_account.state import oa_of
from tests.sandbox.social.caller import Account

ROUTES = (*OFFICIAL_ACCOUNT, *MINI_PROGRAM)
POSTS = sorted({route.path for route in ROUTES if "POST" in (route.methods or ())})
GETS = sorted({route.path for route in ROUTES if "GET" in (route.methods or ()) and "{" not in route.path})
NAMES = [
    "touser", "openid", "openid_list", "tag", "tagid", "button", "matchrule", "action_info", "msgtype",
    "text", "filter", "template_id", "data", "scene", "title", "media_id", "articles", "index",
    "offset", "count", "type", "begin_date", "end_date", "kf_account", "nickname", "starttime",
    "endtime", "msgid", "number", "tid", "kidList", "jump_wxa", "path", "query", "expire_type",
    "expire_time", "version", "content", "width", "line_color", "speed", "msg_id", "user_list", "rid",
    "cgi_path", "appid", "menuid", "user_id", "publish_id", "article_id", "name", "value", "id", "news",
    "image", "customservice", "miniprogram",
]  # fmt: skip
words = st.text(max_size=8) | st.sampled_from(["1", "text", "news", "click", "chenxiao"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1", "text", "news"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
quick = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def state(app: Account) -> str:
    """All that the two families remember, beside the quotas that every call uses up."""
    world = app.client.world
    for one in world.apps:
        oa_of(world).of(one.appid)
        mp_of(world).windows_of(one.appid)
    return repr(
        (
            oa_of(world).accounts,
            oa_of(world).web,
            oa_of(world).tickets,
            oa_of(world).messages,
            mp_of(world),
            world.inbox.items,
        )
    )


@pytest.mark.parametrize("kind", ["oa", "mp"])
@quick
@given(made=st.data())
def test_no_body_crashes_a_door(oa: Account, mp: Account, kind: str, made: st.DataObject) -> None:
    app = oa if kind == "oa" else mp
    body = made.draw(bodies)
    for path in POSTS:
        content = json.dumps(body).encode()
        before = state(app)
        answer = app.client.post(path, params={"access_token": app.token}, content=content)
        assert answer.status_code == 200, (path, body, answer.text)
        if answer.headers["content-type"] == "application/json" and answer.json().get("errcode", 0):
            assert state(app) == before, (path, body)


@quick
@given(
    query=st.dictionaries(
        st.sampled_from([*NAMES, "secret", "code", "grant_type", "lang"]), st.text(max_size=6)
    )
)
def test_no_query_crashes_a_door(oa: Account, query: dict[str, str]) -> None:
    for path in GETS:
        answer = oa.client.get(path, params={**query, "access_token": oa.token})
        assert answer.status_code in ((200, 404) if path == "/cgi-bin/showqrcode" else (200,)), (path, query)


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b'"x"', 47001),
        (b"\xff", 47001),
        (b"[" * 100_000, 47001),
        (b'{"a": NaN}', 47001),
        (b'{"a": 1e999}', 47001),
    ],
)
def test_what_is_no_json_object_is_refused(oa: Account, content: bytes, errcode: int) -> None:
    answer = oa.client.post("/cgi-bin/tags/create", params={"access_token": oa.token}, content=content)

    assert answer.json()["errcode"] == errcode


def test_a_text_that_is_no_unicode_is_refused_before_it_is_kept(oa: Account) -> None:
    openid = oa.follows()
    content = json.dumps({"openid": openid, "remark": "\ud800"}).encode()

    answer = oa.client.post(
        "/cgi-bin/user/info/updateremark", params={"access_token": oa.token}, content=content
    )

    assert answer.json()["errcode"] == 47001
    assert oa.get("/cgi-bin/user/info", openid=openid)["remark"] == ""


def test_calls_without_or_with_a_wrong_token_are_refused_everywhere(oa: Account) -> None:
    free = {"/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2"}
    for path in POSTS:
        if path not in free:
            answers: list[Any] = [
                oa.client.post(path, params=query, content=b"{}").json()["errcode"]
                for query in ({}, {"access_token": "x"})
            ]
            assert answers == [41001, 40001], path
