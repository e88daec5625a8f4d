"""The central bank's file is read whole or refused whole; cross rates are exact to the last unit."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.payments.rules import quotes, ratefile, refunds
from seta.payments.rules.refusals import PaymentRefused, Refusal
from tests.payments.test_quotes import ecb

DAY = date(2026, 11, 20)
CSV = (
    b"Date, USD, JPY, CHF, GBP, HKD, CNY, \n"
    b"20 November 2026, 1.0821, 163.52, 0.9372, 0.83390, 8.4211, 7.8235, \n"
)
HISTORY = b"Date,USD,CNY,\n2026-11-20,1.0821,7.8235,\n2026-11-19,1.0800,N/A,\n"


def test_the_xml_the_daily_csv_and_the_history_say_the_same() -> None:
    xml, daily, history = ratefile.read(ecb(DAY)), ratefile.read(CSV), ratefile.read(HISTORY)

    assert xml == daily
    assert (history.on, history.per_euro["CNY"]) == (DAY, 782_350_000)
    assert xml.per_euro["JPY"] == 16_352_000_000
    assert ratefile.cross(xml, "CNY", "EUR") == 12_782_003
    assert ratefile.cross(history, "CNY", "GBP") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not today</html>",
        ecb(DAY)[:-30],
        ecb(DAY, CNY="0"),
        ecb(DAY, CNY="-7.8235"),
        ecb(DAY, CNY="7,8235"),
        ecb(DAY, CNY="7.8235e3"),
        ecb(DAY, CNY="NaN"),
        ecb(DAY, CNY=""),
        ecb(DAY).replace(b"USD", b"CNY"),
        ecb(DAY).replace(b"2026-11-20", b"2026-13-20"),
        b'<!DOCTYPE x [<!ENTITY a "b">]><Cube time="2026-11-20">&a;</Cube>',
        CSV.replace(b", 7.8235", b""),
        CSV.replace(b"Date", b"Day"),
        CSV.replace(b"CNY", b"\xff\xfe"),
        b"<" + b" " * ratefile.FILE_BYTES_MAX,
    ],
)
def test_a_file_that_is_cut_edited_or_hostile_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(PaymentRefused) as caught:
        ratefile.read(content)

    assert caught.value.code is Refusal.BAD_RATES


@given(base=st.integers(1, 10**12), counter=st.integers(1, 10**12))
def test_a_cross_rate_is_the_exact_quotient_rounded_half_up(base: int, counter: int) -> None:
    found = ratefile.cross(ratefile.DayRates(DAY, {"AAA": base, "BBB": counter}), "AAA", "BBB")

    exact = (Decimal(counter) * 10**8 / Decimal(base)).quantize(Decimal(1), ROUND_HALF_UP)
    assert found is not None and abs(found - int(exact)) <= (1 if exact > 10**15 else 0)


@given(st.integers(10**4, 10**12))
def test_a_rate_turned_round_twice_is_nearly_itself(scaled: int) -> None:
    twice = ratefile.inverse(ratefile.inverse(scaled))

    assert abs(twice - scaled) <= scaled * scaled // 10**16 + 1


def test_currencies_without_minor_units_are_counted_in_whole_ones() -> None:
    assert quotes.worth(888_800, "JPY", 2_090_000_000) == 185_759
    assert quotes.worth(888_800, "HKD", 107_638_500) == 956_691


@given(
    amount=st.integers(1, 10**7),
    promised_at=st.integers(10**6, 10**9),
    moved_to=st.integers(10**6, 10**9),
)
def test_the_gain_of_a_late_payment_is_what_the_day_says_less_the_promise(
    amount: int, promised_at: int, moved_to: int
) -> None:
    promised = quotes.worth(amount, "EUR", promised_at)

    gain = quotes.rate_gain(
        amount=amount, counter="EUR", promised=promised, reference_scaled=moved_to, spread_bps=0
    )

    assert promised + gain == quotes.worth(amount, "EUR", moved_to)


@given(total=st.integers(1, 10**8), scaled=st.integers(10**5, 10**9), cuts=st.lists(st.integers(1, 10**7)))
def test_parts_refunded_on_one_day_add_up_to_the_whole_at_its_rate(
    total: int, scaled: int, cuts: list[int]
) -> None:
    given_back, taken = 0, 0
    for cut in [*cuts, total]:
        amount = min(cut, total - given_back)
        if amount:
            taken += refunds.worth_on_day(amount=amount, before=given_back, counter="EUR", scaled=scaled)
            given_back += amount

    assert taken == quotes.worth(total, "EUR", scaled)


def test_a_leap_of_more_than_a_tenth_is_taken_for_a_mistake() -> None:
    ratefile.check_leap("EUR", 11_000_000, 10_000_000)
    with pytest.raises(PaymentRefused) as caught:
        ratefile.check_leap("EUR", 11_000_001, 10_000_000)
    assert caught.value.code is Refusal.RATES_ABSURD
