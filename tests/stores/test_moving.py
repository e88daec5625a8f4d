"""An appointment moves in one step: the new place is taken and the old one free, or nothing has changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from seta.conversations.models import Message
from seta.events.models import Event
from seta.events.rules import restored
from seta.houses.queries import mini_program
from seta.people.models import Person
from seta.stores import operations, queries
from seta.stores.events import AppointmentMoved
from seta.stores.models import Appointment
from seta.stores.operations import BookingRefused
from seta.stores.rules import Refusal
from tests.conversations.world import make_house
from tests.sandbox_server import RunningSandbox
from tests.stores.test_flow import (
    API,
    MORNING,
    TEN,
    book,
    house,
    make_boutique,
    make_client,
    make_person,
    post,
)

__all__ = ["house"]

NOON = TEN + timedelta(hours=2)


def move(house_id: int, card: queries.AppointmentCard, **changes: Any) -> queries.AppointmentCard:
    wish: dict[str, Any] = {"starts_at": NOON, "now": MORNING, "person_id": card.person_id}
    return operations.move(house_id=house_id, public_id=card.id, **{**wish, **changes})


def refusal_of(house_id: int, card: queries.AppointmentCard, **changes: Any) -> Refusal:
    with pytest.raises(BookingRefused) as refused:
        move(house_id, card, **changes)
    return refused.value.refusal


def test_a_moved_appointment_frees_its_old_place_and_is_told(house: int) -> None:
    card = book(house, make_person(house))

    moved = move(house, card)

    assert (moved.id, moved.local_time, moved.state) == (card.id, "2026-11-25 12:00", "confirmed")
    assert book(house, make_person(house, "m-other")).local_time == card.local_time
    body = Event.objects.get(name="stores.appointment.moved").body
    assert (body["was_at"], body["starts_at"]) == ("2026-11-25T10:00:00+01:00", "2026-11-25T12:00:00+01:00")
    assert (body["by"], body["sequence"], body["associate_id"]) == ("client", 1, None)


def test_a_second_tap_on_the_same_time_changes_nothing(house: int) -> None:
    card = book(house, make_person(house))

    for _ in range(2):
        moved = move(house, card)

    assert moved.local_time == "2026-11-25 12:00"
    assert Event.objects.filter(name="stores.appointment.moved").count() == 1
    assert Appointment.objects.get().sequence == 1


def test_the_store_moves_an_appointment_for_its_client(house: int) -> None:
    card = book(house, make_person(house))

    move(house, card, person_id=None, associate_id=7)

    body = Event.objects.get(name="stores.appointment.moved").body
    assert (body["by"], body["associate_id"], body["person_id"]) == ("store", 7, card.person_id)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts_at": NOON + timedelta(minutes=7)}, Refusal.NOT_A_SLOT),
        ({"starts_at": NOON.replace(hour=3)}, Refusal.NOT_A_SLOT),
        ({"starts_at": NOON - timedelta(days=9)}, Refusal.PAST),
        ({"starts_at": NOON + timedelta(days=200)}, Refusal.TOO_FAR),
        ({"now": TEN}, Refusal.TOO_LATE),
        ({"person_id": 0}, Refusal.UNKNOWN_APPOINTMENT),
    ],
)
def test_an_impossible_move_is_refused_and_the_old_time_stays(
    house: int, changes: dict[str, Any], refusal: Refusal
) -> None:
    card = book(house, make_person(house))

    assert refusal_of(house, card, **changes) == refusal

    assert Appointment.objects.get().starts_at == TEN
    assert not Event.objects.filter(name="stores.appointment.moved").exists()


def test_a_full_time_is_refused_and_so_is_ones_own(house: int) -> None:
    make_boutique(house, code="duomo")
    mine = book(house, make_person(house))
    other = book(house, make_person(house, "m-other"), starts_at=NOON)
    book(house, mine.person_id, boutique="duomo", starts_at=NOON + timedelta(hours=1))

    assert refusal_of(house, mine) == Refusal.FULL
    assert refusal_of(house, mine, starts_at=NOON + timedelta(hours=1)) == Refusal.ALREADY_BOOKED
    assert refusal_of(house + 1, other) == Refusal.UNKNOWN_APPOINTMENT
    assert refusal_of(house, other, person_id=mine.person_id) == Refusal.UNKNOWN_APPOINTMENT


def test_what_is_cancelled_or_attended_does_not_move(house: int) -> None:
    cancelled = book(house, make_person(house))
    operations.cancel(public_id=cancelled.id, person_id=cancelled.person_id, now=MORNING)
    attended = book(house, make_person(house, "m-other"))
    operations.check_in_by_associate(
        house_id=house, person_id=attended.person_id, boutique="brera", associate_id=7, now=TEN
    )

    assert refusal_of(house, cancelled) == Refusal.NOT_BOOKED
    assert refusal_of(house, attended) == Refusal.TOO_LATE


def test_a_hold_that_ran_out_gives_its_seat_to_a_moved_appointment(house: int) -> None:
    card = book(house, make_person(house))
    operations.hold(
        house_id=house,
        person_id=make_person(house, "m-other"),
        boutique="brera",
        starts_at=NOON,
        kind="visit",
        now=MORNING,
    )

    assert refusal_of(house, card) == Refusal.FULL
    assert move(house, card, now=MORNING + timedelta(hours=1)).local_time == "2026-11-25 12:00"


def test_the_calendar_file_says_the_new_time_as_a_newer_version(house: int) -> None:
    card = book(house, make_person(house))

    moved = move(house, card)

    file = queries.calendar_file(card.id, moved.calendar_url.rpartition("=")[2])
    assert file is not None and b"SEQUENCE:1" in file and b"20261125T120000" in file


@pytest.mark.django_db(transaction=True)
def test_many_who_move_to_one_time_at_once_never_share_a_seat() -> None:
    house_id, _ = make_house()
    make_boutique(house_id, capacity=12)
    people = Person.objects.bulk_create(Person(house_id=house_id, created_at=MORNING) for _ in range(22))
    cards = [book(house_id, one.pk) for one in people[:12]]
    for one in people[12:]:
        book(house_id, one.pk, starts_at=NOON)

    def attempt(card: queries.AppointmentCard) -> str:
        try:
            return move(house_id, card).state
        except BookingRefused as refused:
            return refused.refusal.value
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=12) as pool:
        outcomes = list(pool.map(attempt, cards))

    assert (outcomes.count("confirmed"), outcomes.count("full")) == (2, 10)
    seats = Appointment.objects.filter(starts_at=NOON).values_list("seat", flat=True)
    assert sorted(seats) == list(range(1, 13))
    assert Appointment.objects.filter(starts_at=TEN).count() == 10
    assert Event.objects.filter(name="stores.appointment.moved").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_change_places_at_once_do_not_wait_for_each_other() -> None:
    house_id, _ = make_house()
    make_boutique(house_id, capacity=2)
    people = Person.objects.bulk_create(Person(house_id=house_id, created_at=MORNING) for _ in range(2))
    cards = [book(house_id, one.pk, starts_at=at) for one, at in zip(people, (TEN, NOON), strict=True)]

    def attempt(pair: tuple[queries.AppointmentCard, datetime]) -> str:
        try:
            return move(house_id, pair[0], starts_at=pair[1]).local_time[-5:]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        times = list(pool.map(attempt, zip(cards, (NOON, TEN), strict=True)))

    assert times == ["12:00", "10:00"]


def test_a_client_moves_through_the_door_and_is_refused_in_their_language(house: int) -> None:
    client = make_client(house, make_person(house), "en")
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    slots = client.get(f"{API}/slots", {"boutique": "brera", "day": day}).json()["slots"]
    first, second, third = (slot["starts_at"] for slot in slots[:3])
    _, made = post(client, "/appointments", boutique_id="brera", starts_at=first)
    path = f"/appointments/{made['appointment_id']}/move"

    status, moved = post(client, path, starts_at=second)

    assert status == 200 and datetime.fromisoformat(moved["starts_at"]) == datetime.fromisoformat(second)
    other = make_client(house, make_person(house, "m-other"), "en")
    assert post(other, "/appointments", boutique_id="brera", starts_at=third)[0] == 201
    status, body = post(client, path, starts_at=third)
    assert status == 409 and body["error"]["message"] == "that time has just been taken, choose another"
    assert post(other, path, starts_at=first)[0] == 404
    assert post(client, path, starts_at="later")[0] == 422


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_by_one_subscribe_message(sandbox: RunningSandbox) -> None:
    house_id, _ = make_house(base_url=sandbox.base_url, config=sandbox.config)
    make_boutique(house_id)
    app = sandbox.config["mini_program"]["appid"]
    login = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][0])
    openid = mini_program(house_id).code2session(login["code"]).openid
    sandbox.control("subscribe", openid=openid, template_id=sandbox.config["mini_program"]["sub_template_id"])
    card = book(house_id, make_person(house_id, openid, app))
    move(house_id, card, starts_at=TEN + timedelta(hours=1))
    move(house_id, card)
    facts = [restored(AppointmentMoved, row.body) for row in Event.objects.filter(name=AppointmentMoved.name)]

    for fact in sorted(facts * 2, key=lambda one: one.sequence):
        operations.send_change(fact, datetime.now(UTC))

    notice = Message.objects.get(channel="subscribe")
    assert notice.state == "sent", notice.reason
    assert "到店预约已改期" in notice.body and "2026年11月25日 12:00" in notice.body
