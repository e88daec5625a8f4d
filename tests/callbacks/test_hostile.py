"""Whatever bytes reach a door, it answers with a plain status and nothing is kept but the refusal."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta.callbacks import queries
from seta.callbacks.models import Callback
from seta.platforms.core.msgcrypt import MessageCrypt
from tests.callbacks import world
from tests.callbacks.world import Doors

pytestmark = pytest.mark.django_db(transaction=True)

GENUINE = b"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[c2VhbGVk]]></Encrypt><MsgId>1</MsgId></xml>"


@pytest.fixture
def doors() -> Iterator[Doors]:
    with world.open_doors() as doors:
        yield doors


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An envelope with some of its bytes cut out, doubled or replaced."""
    body = bytearray(GENUINE)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        end = draw(st.integers(at, min(len(body), at + 30)))
        body[at:end] = draw(
            st.binary(max_size=12) | st.sampled_from([b"<", b"]]>", b"<!DOCTYPE x>", b"&a;", b"\0"])
        )
    return bytes(body)


queries_on_the_wire = st.one_of(
    st.just(""),
    st.builds(world.signed_query),
    st.builds(world.signed_query, encrypt_type=st.just("aes"), msg_signature=st.text(max_size=45)),
    st.builds(world.signed_query, timestamp=st.sampled_from(["0", "-1", "9" * 400, "9" * 5000, "٣", "1e9"])),
    st.text("&=%+;timestapnoncegru0129", max_size=60),
)


@pytest.mark.parametrize("source", ["wechat", "wecom", "wechatpay", "alipay"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=st.binary(max_size=300) | damaged(), query=queries_on_the_wire, get=st.booleans())
def test_no_bytes_break_a_door(doors: Doors, source: str, body: bytes, query: str, get: bool) -> None:
    reply = doors.post(source, body, query=query, method="GET" if get else "POST")

    assert reply.status_code < 500
    assert "Traceback" not in reply.text
    assert doors.handled == []
    assert Callback.objects.count() == 0


@pytest.mark.parametrize(
    "spelling",
    [
        {"Content": "a\0b"},
        {"Content": "half \ud83d"},
        {"FromUserName": "o\0"},
        {"MsgId": "\udc00"},
        {"FromUserName": ""},
        {"FromUserName": "o" * 129},
        {"CreateTime": "9" * 5000},
        {"CreateTime": []},
        {"Content": {"\0": [["deep"]]}},
    ],
)
def test_a_vouched_for_json_that_no_database_can_hold_is_unreadable(
    doors: Doors, spelling: dict[str, object]
) -> None:
    fields = {
        "ToUserName": world.ORIGINAL_ID,
        "FromUserName": "o",
        "CreateTime": 1,
        "MsgType": "text",
        "MsgId": 7,
    }

    reply = doors.post(
        "wechat", json.dumps({**fields, "Content": "duomo", **spelling}).encode(), query=world.signed_query()
    )

    assert reply.status_code == 400
    assert Callback.objects.count() == 0


def test_json_nested_beyond_reason_is_unreadable(doors: Doors) -> None:
    body = b'{"MsgType":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    assert doors.post("wechat", body, query=world.signed_query()).status_code == 400


def test_an_event_with_a_long_key_is_kept_once_under_a_shortened_identity(doors: Doors) -> None:
    fields = {
        "ToUserName": "ww",
        "FromUserName": "sys",
        "CreateTime": 1,
        "MsgType": "event",
        "Event": "change_external_contact",
        "ChangeType": "add_external_contact",
        "ExternalUserID": "w" * 400,
    }

    statuses = []
    for _ in range(2):
        body, query = world.sealed("wecom", fields)
        statuses.append(doors.post("wecom", body, query=query).status_code)

    assert statuses == [200, 200]
    assert len(Callback.objects.get().external_id) <= 160
    assert len(doors.handled) == 1


def test_a_stranger_cannot_write_lines_into_the_log(doors: Doors) -> None:
    doors.post("wechat", b"", query="timestamp=1%0Aforged&nonce=n")
    doors.post("wechat", b"<xml><a>&#10;forged</a>\n<b></xml>", query=world.signed_query())

    doors.app.keeper.stop()
    assert all(row.detail.isprintable() for row in queries.refusals())


def test_wecoms_echo_is_answered_with_the_plain_text_inside(doors: Doors) -> None:
    crypt = MessageCrypt(world.TOKEN, world.AES_KEY, world.APP_IDS["wecom"])
    echostr = crypt.encrypt(b"1616140317555161061")
    query = dict(parse_qsl(world.signed_query()))
    signed = {"msg_signature": crypt.sign(query["timestamp"], "n", echostr), "echostr": echostr}

    reply = doors.post("wecom", b"", query=urlencode({**query, **signed}), method="GET")
    forged = doors.post(
        "wecom", b"", query=urlencode({**query, **signed, "msg_signature": "0"}), method="GET"
    )

    assert (reply.status_code, reply.text) == (200, "1616140317555161061")
    assert (forged.status_code, forged.text) == (403, "")
