"""Slots, check-in codes and calendar files."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from seta.stores.rules import (
    CHECK_IN_SECONDS,
    CalendarEntry,
    Refusal,
    calendar_file,
    check_in_code,
    checked_boutique,
    free_seat,
    notice_data,
    refusal_text,
    slot_starts,
)

KEY = b"k" * 32
NOON = datetime(2026, 11, 24, 12, 0, 1, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


def starts(spec: str, day: date = TUESDAY) -> list[str]:
    found = slot_starts(spec, day, slot_minutes=60, timezone="Europe/Rome")
    return [f"{start:%H:%M}" for start in found]


def test_slots_fit_into_both_halves_of_a_day() -> None:
    assert starts("Mo-Sa 10:00-12:30,15:00-17:00") == ["10:00", "11:00", "15:00", "16:00"]


def test_a_closed_day_has_no_slots() -> None:
    assert starts("Mo 10:00-18:00") == []


def test_slots_are_instants_of_the_stores_own_clock_in_summer_and_winter() -> None:
    winter = slot_starts("24/7", date(2026, 1, 10), slot_minutes=60, timezone="Europe/Rome")[10]
    summer = slot_starts("24/7", date(2026, 7, 10), slot_minutes=60, timezone="Europe/Rome")[10]

    assert (winter.utcoffset(), summer.utcoffset()) == (timedelta(hours=1), timedelta(hours=2))


@given(st.sets(st.integers(1, 5)), st.integers(1, 5))
def test_a_free_seat_is_one_that_nobody_has(taken: set[int], capacity: int) -> None:
    seat = free_seat(taken, capacity)

    assert seat is None or (seat not in taken and 1 <= seat <= capacity)
    assert (seat is None) == (set(range(1, capacity + 1)) <= taken)


@given(st.integers(0, 2_000_000_000))
def test_a_code_is_good_while_shown_and_for_one_turn_after(second: int) -> None:
    shown = datetime.fromtimestamp(second, UTC)
    code = check_in_code(KEY, "brera", shown)

    assert checked_boutique(KEY, code, shown) == "brera"
    assert checked_boutique(KEY, code.lower(), shown + timedelta(seconds=CHECK_IN_SECONDS)) == "brera"
    assert checked_boutique(KEY, code, shown + timedelta(seconds=2 * CHECK_IN_SECONDS)) is None
    assert checked_boutique(KEY, code, shown - timedelta(seconds=CHECK_IN_SECONDS)) is None


@pytest.mark.parametrize("code", ["", ".", "brera", "brera.", "brera.AAAAAAAAAA", "上海.码", "monte.{mac}"])
def test_a_made_up_code_is_nobodys(code: str) -> None:
    mac = check_in_code(KEY, "brera", NOON).rpartition(".")[2]

    assert checked_boutique(KEY, code.format(mac=mac), NOON) is None


def entry(**changes: object) -> CalendarEntry:
    values: dict[str, object] = {
        "public_id": "appt_1",
        "sequence": 0,
        "cancelled": False,
        "starts_at": datetime(2026, 11, 25, 10, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 25, 11, tzinfo=UTC),
        "changed_at": NOON,
        "timezone": "Europe/Rome",
        "title": "布雷拉精品店 · 到店",
        "location": "Via Brera 1",
        "lat": 45.472,
        "lon": 9.188,
        "host": "seta.example",
    }
    return CalendarEntry(**{**values, **changes})  # type: ignore[arg-type]


def test_a_calendar_file_says_when_in_milan() -> None:
    calendar = Calendar.from_ical(calendar_file(entry()))
    (event,) = calendar.walk("VEVENT")

    assert (calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", 0, "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/Rome"
    assert event.decoded("DTSTART") == datetime(2026, 11, 25, 11, tzinfo=ZoneInfo("Europe/Rome"))
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Rome"]


def test_a_cancelled_appointment_cancels_the_same_event() -> None:
    first = Calendar.from_ical(calendar_file(entry())).walk("VEVENT")[0]
    calendar = Calendar.from_ical(calendar_file(entry(cancelled=True, sequence=1)))
    event = calendar.walk("VEVENT")[0]

    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == first["UID"]


def test_the_notice_keeps_to_wechats_lengths() -> None:
    data = notice_data(store="店" * 40, starts=NOON, kind="fitting")

    assert len(data["thing2"]) == 20
    assert data["time3"] == "2026年11月24日 12:00"


def test_every_refusal_is_told_in_three_languages() -> None:
    for refusal in Refusal:
        assert len({refusal_text(refusal, language) for language in ("zh-hans", "en", "it")}) == 3
