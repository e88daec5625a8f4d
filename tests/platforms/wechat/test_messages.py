"""Pushes are read with the key under which their repeats meet; replies say what WeChat documents."""

import json
from pathlib import Path

import pytest

from seta.platforms.core.errors import Forged
from seta.platforms.core.xml import parse_xml
from seta.platforms.wechat.messages import (
    Article,
    image_reply,
    news_reply,
    read_message,
    text_reply,
    transfer_to_staff,
)
from seta.platforms.wechat.mini_program import open_encrypted_data, raw_data_is_genuine

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "wechat.json").read_text())
COMMON = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1700000000"}


def test_text_is_known_by_its_message_id() -> None:
    message = read_message(COMMON | {"MsgType": "text", "MsgId": "24", "Content": "duomo"})

    assert (message.kind, message.external_id, message.text) == ("text", "24", "duomo")


def test_followed_scene_loses_its_prefix_and_the_event_has_a_stable_key() -> None:
    fields = COMMON | {"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_c=ss27;p=duomo"}

    first, repeat = read_message(fields), read_message(dict(fields))

    assert first.kind == "event.subscribe"
    assert first.scene == "c=ss27;p=duomo"
    assert first.external_id == repeat.external_id
    assert first.external_id != read_message(fields | {"CreateTime": "1700000001"}).external_id


@pytest.mark.parametrize("missing", ["FromUserName", "CreateTime", "ToUserName", "MsgType"])
def test_push_without_a_common_field_is_refused(missing: str) -> None:
    fields = {name: value for name, value in (COMMON | {"MsgType": "text"}).items() if name != missing}

    with pytest.raises(ValueError, match=missing):
        read_message(fields)


def test_replies_turn_sender_and_receiver_round() -> None:
    reply = parse_xml(text_reply("o1", "gh_1", "您好 ]]> <b>", 1700000000).encode())

    assert reply == {
        "ToUserName": "o1",
        "FromUserName": "gh_1",
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": "您好 ]]> <b>",
    }


def test_news_image_and_transfer_replies_have_their_fields() -> None:
    news = parse_xml(news_reply("o1", "gh_1", [Article("t", "d", "https://p", "https://u")], 1).encode())
    image = parse_xml(image_reply("o1", "gh_1", "media", 1).encode())
    transfer = parse_xml(transfer_to_staff("o1", "gh_1", 1).encode())

    assert news["ArticleCount"] == "1"
    assert news["Articles"]["item"] == {
        "Title": "t",
        "Description": "d",
        "PicUrl": "https://p",
        "Url": "https://u",
    }
    assert image["Image"] == {"MediaId": "media"}
    assert transfer["MsgType"] == "transfer_customer_service"


def test_published_open_data_is_opened() -> None:
    vector = VECTORS["open_data"]
    given = {name: vector[name] for name in ("appid", "session_key", "encrypted_data", "iv")}

    opened = open_encrypted_data(**given)

    assert opened["nickName"] == vector["nickname"]
    assert opened["watermark"]["timestamp"] == vector["timestamp"]
    for wrong in (
        {"appid": "wx-other"},
        {"session_key": vector["iv"]},
        {"encrypted_data": "AAAA"},
        {"iv": "?"},
    ):
        with pytest.raises(Forged):
            open_encrypted_data(**(given | wrong))


def test_published_raw_data_signature_holds_and_a_changed_one_does_not() -> None:
    vector = VECTORS["raw_data"]

    assert raw_data_is_genuine(**vector)
    assert not raw_data_is_genuine(**(vector | {"raw_data": vector["raw_data"] + " "}))
