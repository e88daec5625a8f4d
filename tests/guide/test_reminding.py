"""Before a stay its owner is told once what is still to be done, if they asked for it, and never at night."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from seta.conversations.models import Message
from seta.guide import operations, queries
from seta.guide.models import Place, Plan
from seta.guide.rules.reminding import Planned, is_daytime, moved, reminder_data, to_book
from seta.guide.rules.trips import Hours, TripWish
from seta.people.operations import IdentityKey, recognise
from tests.conversations.world import make_house
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

FIRST = date(2026, 12, 15)
"""A Tuesday."""
SAVED = datetime(2026, 10, 1, 9, tzinfo=UTC)
MORNING = datetime(2026, 12, 13, 2, tzinfo=UTC)
STOP = Planned(FIRST, 600, 660, "Mo-Su 09:00-18:00", booking_required=False, booked=False)


def test_what_must_be_booked_and_what_is_shut_is_counted() -> None:
    shut = replace(STOP, opening_hours="Mo off; We-Su 09:00-18:00")
    assert moved([STOP, shut, replace(STOP, opening_hours="24/7")]) == 1
    needed = replace(STOP, booking_required=True)
    assert to_book([STOP, needed, replace(needed, booked=True)]) == 1


@pytest.mark.parametrize("hour, told", [(0, False), (1, True), (12, True), (13, False), (23, False)])
def test_nobody_is_told_at_night_in_beijing(hour: int, told: bool) -> None:
    assert is_daytime(datetime(2026, 12, 13, hour, 30, tzinfo=UTC)) is told


def test_every_word_fits_into_the_notice() -> None:
    data = reminder_data(days=5, first=FIRST, stops=30, to_book=12, moved=11)
    assert all(len(value) <= 20 for name, value in data.items() if name.startswith("thing"))
    assert data["date2"] == "2026年12月15日"


@pytest.fixture
def traveller(transactional_db: None, sandbox: RunningSandbox) -> tuple[int, int]:
    """(house, person) of somebody who is in the sandbox's mini program and has allowed one message."""
    config = sandbox.config
    house_id, _ = make_house(code="maison-reminders", base_url=sandbox.base_url, config=config)
    operations.import_milan(house_id=house_id, now=SAVED)
    program = config["mini_program"]
    told = sandbox.control("subscribe", openid=config["official_account"]["openids"][0], times=3)
    openid = told["openid"]
    person = recognise(
        house_id=house_id, identities=[IdentityKey("openid", program["appid"], openid)], now=SAVED
    )
    return house_id, person


def stay(traveller: tuple[int, int], **changed: Any) -> str:
    wish = TripWish(
        days=(
            Hours(day=FIRST, start=540, end=1080),
            Hours(day=FIRST + timedelta(days=1), start=540, end=1080),
        ),
        places=("duomo",),
        **changed,
    )
    return operations.save_trip(house_id=traveller[0], person_id=traveller[1], wish=wish, now=SAVED)


def sent() -> list[tuple[str, str]]:
    return list(Message.objects.filter(channel="subscribe").values_list("state", "body"))


def test_a_stay_planned_months_ahead_is_still_there_when_it_comes(traveller: tuple[int, int]) -> None:
    trip = stay(traveller)

    operations.forget_old_plans(MORNING)
    assert queries.trip(trip_id=trip, person_id=traveller[1]) is not None

    operations.forget_old_plans(MORNING + timedelta(days=40))
    assert queries.trip(trip_id=trip, person_id=traveller[1]) is None


def test_who_asked_is_told_once_two_days_before(traveller: tuple[int, int]) -> None:
    trip, other = stay(traveller), stay(traveller)
    assert operations.ask_reminder(trip_id=trip, person_id=traveller[1], wanted=True)

    assert operations.tell_before_trips(MORNING - timedelta(days=1)) == 0
    assert operations.tell_before_trips(MORNING - timedelta(hours=6)) == 0
    assert operations.tell_before_trips(MORNING) == 1
    assert operations.tell_before_trips(MORNING + timedelta(hours=1)) == 0

    ((state, body),) = sent()
    assert state == "sent" and "米兰2日行程" in body and "2026年12月15日" in body
    assert not Plan.objects.filter(trip=other, remind=True).exists()


def test_what_has_changed_since_is_in_the_notice(traveller: tuple[int, int]) -> None:
    trip = stay(traveller)
    operations.ask_reminder(trip_id=trip, person_id=traveller[1], wanted=True)
    Place.objects.filter(house_id=traveller[0], code="duomo").update(opening_hours="Fr-Su 09:00-10:00")

    operations.tell_before_trips(MORNING)

    assert "1处开放时间有变" in sent()[0][1]


def test_who_has_begun_their_stay_or_thought_again_is_left_alone(traveller: tuple[int, int]) -> None:
    trip = stay(traveller)
    operations.ask_reminder(trip_id=trip, person_id=traveller[1], wanted=True)
    assert operations.tell_before_trips(MORNING + timedelta(days=2)) == 0

    operations.ask_reminder(trip_id=trip, person_id=traveller[1], wanted=False)
    assert operations.tell_before_trips(MORNING) == 0
    assert sent() == []


def test_nobody_asks_for_anothers_stay(traveller: tuple[int, int]) -> None:
    trip = stay(traveller)
    assert not operations.ask_reminder(trip_id=trip, person_id=traveller[1] + 1000, wanted=True)
    assert not operations.ask_reminder(trip_id="", person_id=traveller[1], wanted=True)
