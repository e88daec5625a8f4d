"""Calendars, the way of a batch, and the bank file against the schema itself, on values alone."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.payments.rules import bankfile, settlement
from seta.payments.rules.bankfile import Party
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.settlement import BatchState, Calendar, Step

ZONES = st.sampled_from(["Europe/Rome", "Asia/Hong_Kong", "America/New_York", "Europe/London"])
CALENDARS = st.one_of(
    st.builds(Calendar, ZONES, st.integers(1, 24)),
    st.builds(Calendar, ZONES, st.integers(1, 24), st.just("weekly"), st.integers(0, 6)),
    st.builds(Calendar, ZONES, st.integers(1, 24), st.just("monthly"), st.integers(1, 28)),
)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


def order(
    currency: str = "EUR", version: str = bankfile.VERSION, amount: int = 118_206, bic: str = ""
) -> str:
    return bankfile.pain001(
        number="set_01",
        made_at=datetime(2026, 11, 20, 4, tzinfo=UTC),
        execute_on=date(2026, 11, 21),
        debtor=Party("Seta", "DE89370400440532013000"),
        creditor=Party("Società Libertà <丝> & Figli", "IT60X0542811101000000123456", bic),
        amount=amount,
        currency=currency,
        note="Settlement set_01",
        version=version,
    )


def test_a_cut_off_is_by_the_payees_own_clock_also_when_it_is_changed() -> None:
    rome = Calendar("Europe/Rome", 18)

    assert rome.cutoff_at(date(2026, 11, 20)) == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert rome.cutoff_at(date(2026, 7, 20)) == datetime(2026, 7, 20, 16, tzinfo=UTC)
    assert Calendar("Asia/Hong_Kong").cutoff_at(date(2026, 11, 20)) == datetime(2026, 11, 20, 16, tzinfo=UTC)
    # The night on which the clock goes back has 25 hours.
    whole = Calendar("Europe/Rome")
    night = whole.cutoff_at(date(2026, 10, 25)) - whole.cutoff_at(date(2026, 10, 24))
    assert night == timedelta(hours=25)


@given(CALENDARS, INSTANTS)
def test_the_last_and_the_next_cut_off_stand_on_either_side_of_now(calendar: Calendar, now: datetime) -> None:
    last, coming = calendar.last_before(now), calendar.next_after(now)

    assert calendar.is_on(last)
    assert calendar.cutoff_at(last) <= now < coming
    between = (last + timedelta(days=ahead) for ahead in range(1, 40))
    following = next(day for day in between if calendar.is_on(day))
    assert calendar.cutoff_at(following) == coming
    assert coming.astimezone(ZoneInfo(calendar.timezone)).hour == calendar.cutoff_hour % 24


@given(st.lists(st.sampled_from(list(Step)), max_size=8), st.integers(1, 200), st.integers(0, 200))
def test_a_batch_goes_forward_only_and_a_repeated_step_stays(
    steps: list[Step], total: int, limit: int
) -> None:
    state, seen = BatchState.PREPARED, [BatchState.PREPARED]
    for step in steps:
        try:
            after = settlement.next_state(state, step, total=total, one_person_up_to=limit)
        except PaymentRefused:
            continue
        assert settlement.next_state(after, step, total=total, one_person_up_to=limit) is after
        if after is not state:
            assert after not in seen
            seen.append(after)
        state = after
    if total > limit and BatchState.RELEASED not in seen:
        assert seen == [BatchState.PREPARED]


@pytest.mark.parametrize("version", bankfile.VERSIONS)
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "CHF", "HKD"])
def test_the_order_holds_by_its_schema_in_every_currency(currency: str, version: str) -> None:
    text = order(currency, version, bic="UNCRITMM")

    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{version}"}
    root = ET.fromstring(text)
    assert root.find(".//p:InstdAmt", space).attrib == {"Ccy": currency}  # type: ignore[union-attr]
    assert root.findtext(".//p:InstdAmt", namespaces=space) == "1182.06"
    assert root.findtext(".//p:ChrgBr", namespaces=space) == ("SLEV" if currency == "EUR" else "SHAR")
    assert root.findtext(".//p:SvcLvl/p:Cd", namespaces=space) == ("SEPA" if currency == "EUR" else None)
    assert root.findtext(".//p:Cdtr/p:Nm", namespaces=space) == "Societa Liberta ... . Figli"
    assert root.findtext(".//p:EndToEndId", namespaces=space) == bankfile.plain("set_01", 35)


@given(st.integers(1, 10**13))
def test_the_same_order_is_the_same_file_and_its_sums_are_the_amount(amount: int) -> None:
    text = order(amount=amount)

    shown = f"{amount // 100}.{amount % 100:02d}"
    assert text == order(amount=amount)
    assert text.count(f">{shown}<") == 3
