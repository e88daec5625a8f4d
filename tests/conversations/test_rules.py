"""Windows, menus and texts, by example and by property."""

import struct
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.conversations import rules
from seta.conversations.rules import Touch, TouchKind
from seta.kit.scenes import Scene
from tests.conversations.world import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "lasts", "sends"),
    [
        (TouchKind.MESSAGE, timedelta(hours=48), 5),
        (TouchKind.CLICK, timedelta(minutes=1), 3),
        (TouchKind.FOLLOW, timedelta(minutes=1), 3),
        (TouchKind.SCAN, timedelta(minutes=1), 3),
        (TouchKind.PAYMENT, timedelta(hours=48), 20),
    ],
)
def test_a_touch_opens_its_window_for_its_time(kind: TouchKind, lasts: timedelta, sends: int) -> None:
    touch = [Touch(kind, NOON)]

    assert rules.sends_left(touch, [], NOON) == sends
    assert rules.sends_left(touch, [], NOON + lasts - SECOND) == sends
    assert rules.sends_left(touch, [], NOON + lasts) == 0


def test_a_new_message_opens_a_fresh_window() -> None:
    used = [NOON + SECOND * number for number in range(1, 6)]
    first = Touch(TouchKind.MESSAGE, NOON)

    assert rules.sends_left([first], used, NOON + SECOND * 9) == 0
    assert (
        rules.sends_left([first, Touch(TouchKind.MESSAGE, NOON + SECOND * 8)], used, NOON + SECOND * 9) == 5
    )


def test_a_view_opens_no_window() -> None:
    assert rules.touch_kind_of("event.VIEW") is None
    assert rules.touch_kind_of("voice") == TouchKind.MESSAGE


@given(
    st.lists(st.tuples(st.sampled_from(list(TouchKind)), st.integers(0, 200_000)), max_size=8),
    st.lists(st.integers(0, 200_000), max_size=8),
    st.integers(0, 200_000),
)
def test_sending_never_adds_to_what_may_be_sent(touched: list[Any], sent: list[int], now: int) -> None:
    touches = [Touch(kind, NOON + SECOND * at) for kind, at in touched]
    earlier = [NOON + SECOND * at for at in sent]
    instant = NOON + SECOND * now

    left = rules.sends_left(touches, earlier, instant)

    assert 0 <= left <= 20
    assert rules.sends_left(touches, [*earlier, instant], instant) == max(0, left - 1) or left == 0


def test_the_default_menu_is_one_that_wechat_takes() -> None:
    buttons = rules.default_menu(mini_program_appid="wx1", public_url="https://seta.example")

    assert rules.menu_faults(buttons) == []


@pytest.mark.parametrize(
    ("buttons", "where", "errcode"),
    [
        ([], "", 40016),
        ([{"name": "a", "type": "click", "key": "k"}] * 4, "", 40016),
        ([{"name": "一二三四五六", "type": "click", "key": "k"}], "1", 40018),
        ([{"name": "a", "sub_button": [{"name": "b", "type": "click", "key": "k"}] * 6}], "1", 40023),
        ([{"name": "a", "sub_button": [{"name": "", "type": "click", "key": "k"}]}], "1.1", 40025),
        ([{"name": "a", "type": "click", "key": "k" * 129}], "1", 40019),
        ([{"name": "a", "type": "view", "url": "javascript:1"}], "1", 40020),
        ([{"name": "a", "type": "miniprogram", "url": "https://a"}], "1", 40017),
        ([{"name": "a", "type": "dance"}], "1", 40017),
        ("menu", "", 40016),
    ],
)
def test_a_faulty_menu_is_told_where_and_why(buttons: object, where: str, errcode: int) -> None:
    fault = rules.menu_faults(buttons)[0]

    assert (fault.where, fault.errcode) == (where, errcode)
    assert fault.advice


def test_the_welcome_fits_the_code_that_was_scanned() -> None:
    place = rules.welcome_text("Serica", Scene(place="duomo"))
    boutique = rules.welcome_text("Serica", Scene(boutique="brera"))

    assert "您" in place and "地点" in place
    assert "精品店" in boutique


def test_the_card_of_a_place_leads_to_its_page_with_the_scene() -> None:
    _, path = rules.welcome_card("Serica", "c=ss27;p=duomo")

    assert path == "pages/place/place?code=duomo&scene=c%3Dss27%3Bp%3Dduomo"


def test_the_cards_picture_is_a_png_of_the_size_wechat_wants() -> None:
    picture = rules.card_picture("#9b2c2c")

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (520, 416)
    assert len(picture) < 64 * 1024
    body = picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8]
    assert len(zlib.decompress(body)) == 416 * (1 + 520 * 3)


def test_an_odd_accent_still_gives_a_picture() -> None:
    assert rules.card_picture("burgundy") == rules.card_picture("#9b2c2c")
