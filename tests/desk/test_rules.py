"""Amounts, days and numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.desk import rules
from seta.desk.rules import AMOUNT_FEN_MAX, FormRefused
from seta.kit.money import decimal_text, text


@pytest.mark.parametrize(
    ("written", "amount"), [("900", 90_000), ("1,234.5", 123_450), (" ¥ 0.01 ", 1), ("￥8 888.00", 888_800)]
)
def test_an_amount_is_read_in_yuan(written: str, amount: int) -> None:
    assert rules.fen(written) == amount


@pytest.mark.parametrize("written", ["", "0", "-1", "1.234", "12,5x", "１２", "1e3", "nan", "9" * 40])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(FormRefused):
        rules.fen(written)


@given(st.integers(min_value=1, max_value=AMOUNT_FEN_MAX))
def test_an_amount_survives_being_shown_and_written_back(amount: int) -> None:
    assert rules.fen(decimal_text(amount, "CNY")) == amount
    assert rules.fen(text(amount, "CNY")) == amount


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_form(written: str) -> None:
    for read in (rules.fen, rules.day, rules.number):
        try:
            read(written)
        except FormRefused:
            continue
