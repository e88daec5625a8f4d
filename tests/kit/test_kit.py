"""Money, scenes, identifiers and signed texts keep their promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.kit import ids, money, scenes, signing

CODES = st.from_regex(r"[0-9A-Za-z_.-]{1,10}", fullmatch=True)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**11))
def test_conversion_is_within_half_a_cent_of_the_exact_value(amount: int, rate: int) -> None:
    converted = money.convert(amount, rate)

    assert abs(2 * (converted * money.RATE_SCALE - amount * rate)) <= money.RATE_SCALE


@given(st.integers(0, 10**12), st.integers(1, 10**11))
def test_conversion_of_a_negative_amount_mirrors_the_positive(amount: int, rate: int) -> None:
    assert money.convert(-amount, rate) == -money.convert(amount, rate)


def test_yen_has_no_minor_unit() -> None:
    assert money.convert(10_000, 2_050_000_000, exponent_to=money.exponent("JPY")) == 2050


def test_amounts_are_written_for_people_and_for_files() -> None:
    assert money.text(888_800, "CNY") == "¥8,888.00"
    assert money.text(-5, "EUR") == "-€0.05"
    assert money.decimal_text(888_800, "CNY") == "8888.00"


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(money.CurrencyMismatch):
        money.Money(1, "CNY") + money.Money(1, "EUR")


@given(CODES, CODES, CODES)
def test_a_scene_survives_its_qr_code(campaign: str, place: str, associate: str) -> None:
    scene = scenes.Scene(campaign=campaign, place=place, associate=associate)

    assert scenes.Scene.decode("qrscene_" + scene.encode()) == scene


@given(st.text(max_size=200))
def test_any_text_is_a_scene_that_does_no_harm(text: str) -> None:
    scenes.Scene.decode(text).encode() if len(text) <= 64 else scenes.Scene.decode(text)


def test_a_scene_refuses_what_a_code_cannot_hold() -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        scenes.Scene(campaign="a;b").encode()
    with pytest.raises(ValueError, match="at most 64"):
        scenes.Scene(campaign="a" * 40, place="b" * 40).encode()


def test_identifiers_sort_by_time_and_name_what_they_are() -> None:
    made = [ids.new_id("ord") for _ in range(200)]

    assert len(set(made)) == 200
    assert all(len(one) == 30 and one.startswith("ord_") for one in made)


@given(st.text(min_size=1, max_size=40), st.binary(min_size=16, max_size=32))
def test_a_signed_text_is_believed_only_with_its_own_key(text: str, key: bytes) -> None:
    signed = signing.sign(text, key=key)

    assert signing.unsign(signed, key=key) == text
    assert signing.unsign(signed, key=key + b"x") is None
    assert signing.unsign(signed[:-1], key=key) is None
