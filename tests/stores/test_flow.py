"""Requests in; appointments, visits, facts and notices out. Two hundred never share a seat."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from seta.conversations.models import Message
from seta.events.models import Event
from seta.events.rules import restored
from seta.houses.queries import mini_program
from seta.people.events import PersonsMerged
from seta.people.models import Person
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from seta.stores import operations, queries
from seta.stores.events import AppointmentBooked
from seta.stores.models import Appointment, Visit
from seta.stores.operations import BookingRefused, ResourceSpec
from seta.stores.rules import HOLD_LIFETIME, Refusal
from tests.conversations.world import make_house
from tests.sandbox_server import RunningSandbox

API = "/api/mp/v1/stores"
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
TEN = datetime(2026, 11, 25, 9, tzinfo=UTC)


def make_boutique(house_id: int, *, capacity: int = 1, code: str = "brera") -> int:
    return operations.open_boutique(
        house_id=house_id,
        code=code,
        name="Serica Brera",
        name_zh="布雷拉精品店",
        district="brera",
        address="Via Brera 1",
        lat=45.472,
        lon=9.188,
        opening_hours="Mo-Su 10:00-19:00",
        resources=[
            ResourceSpec(code="salon", name="Salone", kinds=("visit", "fitting"), capacity=capacity),
        ],
    )


def make_person(house_id: int, openid: str = "m-chen", app: str = "wx-mp-serica") -> int:
    return recognise(house_id=house_id, identities=[IdentityKey("openid", app, openid)], now=MORNING)


def make_client(house_id: int, person_id: int, language: str = "zh-hans") -> Client:
    token = open_session(house_id=house_id, person_id=person_id, now=datetime.now(UTC))
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": language})


def post(client: Client, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(f"{API}{path}", json.dumps(body), content_type="application/json")
    return response.status_code, json.loads(response.content)


def book(house_id: int, person_id: int, **changes: Any) -> queries.AppointmentCard:
    wish: dict[str, Any] = {"boutique": "brera", "starts_at": TEN, "kind": "visit", "now": MORNING}
    return operations.book(house_id=house_id, person_id=person_id, **{**wish, **changes})


@pytest.fixture
def house(db: None) -> int:
    house_id, _ = make_house()
    make_boutique(house_id)
    return house_id


def test_a_booked_time_is_gone_from_the_list_and_told(house: int) -> None:
    person = make_person(house)

    card = book(house, person)

    slots = queries.slots(house, "brera", day=TEN.date(), kind="visit", now=MORNING)
    assert slots is not None and {slot.label: slot.free for slot in slots}["10:00"] == 0
    assert card.state == "confirmed" and card.local_time == "2026-11-25 10:00"
    fact = Event.objects.get(name="stores.appointment.booked")
    assert fact.person_id == person and fact.body["district"] == "brera"


def test_the_second_to_ask_for_a_seat_is_refused(house: int) -> None:
    book(house, make_person(house))

    with pytest.raises(BookingRefused) as refused:
        book(house, make_person(house, "m-other"))

    assert refused.value.refusal == Refusal.FULL
    assert Event.objects.filter(name="stores.appointment.booked").count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"boutique": "paris"}, Refusal.UNKNOWN_BOUTIQUE),
        ({"kind": "dinner"}, Refusal.UNKNOWN_KIND),
        ({"starts_at": TEN + timedelta(minutes=7)}, Refusal.NOT_A_SLOT),
        ({"starts_at": TEN.replace(hour=3)}, Refusal.NOT_A_SLOT),
        ({"starts_at": TEN - timedelta(days=9)}, Refusal.PAST),
        ({"starts_at": TEN + timedelta(days=200)}, Refusal.TOO_FAR),
        ({"starts_at": TEN.replace(tzinfo=None)}, Refusal.NOT_A_SLOT),
    ],
)
def test_an_impossible_booking_is_refused_and_changes_nothing(
    house: int, changes: dict[str, Any], refusal: Refusal
) -> None:
    with pytest.raises(BookingRefused) as refused:
        book(house, make_person(house), **changes)

    assert refused.value.refusal == refusal
    assert not Appointment.objects.exists() and not Event.objects.exists()


def test_nobody_books_the_same_time_twice_or_hoards_times(house: int) -> None:
    person = make_person(house)
    for hour in range(5):
        book(house, person, starts_at=TEN + timedelta(hours=hour))

    refusals = []
    for hour in (0, 6):
        with pytest.raises(BookingRefused) as refused:
            book(house, person, starts_at=TEN + timedelta(hours=hour))
        refusals.append(refused.value.refusal)

    assert refusals == [Refusal.ALREADY_BOOKED, Refusal.TOO_MANY]


def test_a_hold_that_ran_out_gives_its_seat_to_the_next(house: int) -> None:
    first, second = make_person(house), make_person(house, "m-other")
    held = operations.hold(
        house_id=house, person_id=first, boutique="brera", starts_at=TEN, kind="visit", now=MORNING
    )
    late = MORNING + HOLD_LIFETIME

    card = book(house, second, now=late)

    assert card.state == "confirmed"
    with pytest.raises(BookingRefused) as refused:
        operations.confirm(public_id=held.id, person_id=first, now=late)
    assert refused.value.refusal == Refusal.HOLD_EXPIRED


def test_a_hold_confirmed_in_time_is_an_appointment(house: int) -> None:
    person = make_person(house)
    held = operations.hold(
        house_id=house, person_id=person, boutique="brera", starts_at=TEN, kind="visit", now=MORNING
    )

    for _ in range(2):
        card = operations.confirm(public_id=held.id, person_id=person, now=MORNING)

    assert card.state == "confirmed"
    assert Event.objects.filter(name="stores.appointment.booked").count() == 1
    assert operations.release_expired(MORNING + HOLD_LIFETIME) == 0


def test_a_cancelled_time_can_be_booked_again(house: int) -> None:
    person = make_person(house)
    card = book(house, person)

    for _ in range(2):
        cancelled = operations.cancel(public_id=card.id, person_id=person, now=MORNING)

    assert cancelled.state == "cancelled"
    assert book(house, make_person(house, "m-other")).state == "confirmed"
    assert Event.objects.filter(name="stores.appointment.cancelled").count() == 1


def test_only_the_owner_cancels(house: int) -> None:
    card = book(house, make_person(house))

    with pytest.raises(BookingRefused) as refused:
        operations.cancel(public_id=card.id, person_id=make_person(house, "m-other"), now=MORNING)

    assert refused.value.refusal == Refusal.UNKNOWN_APPOINTMENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("capacity", [1, 3])
def test_two_hundred_at_once_never_share_a_seat(capacity: int) -> None:
    house_id, _ = make_house()
    make_boutique(house_id, capacity=capacity)
    people = Person.objects.bulk_create(Person(house_id=house_id, created_at=MORNING) for _ in range(200))

    def attempt(person_id: int) -> str:
        try:
            return book(house_id, person_id).state
        except BookingRefused as refused:
            return refused.refusal.value
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=24) as pool:
        outcomes = list(pool.map(attempt, [person.pk for person in people]))

    assert outcomes.count("confirmed") == capacity
    assert outcomes.count("full") == 200 - capacity
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == list(range(1, capacity + 1))
    assert Event.objects.filter(name="stores.appointment.booked").count() == capacity


def test_a_client_books_reads_and_cancels_through_the_door(house: int) -> None:
    client = make_client(house, make_person(house))
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    (boutique,) = client.get(f"{API}/boutiques").json()["boutiques"]
    slot = client.get(f"{API}/slots", {"boutique": boutique["id"], "day": day}).json()["slots"][0]

    status, made = post(
        client, "/appointments", boutique_id=boutique["id"], starts_at=slot["starts_at"], kind="visit"
    )

    assert status == 201 and made["state"] == "confirmed"
    assert (
        client.get(f"{API}/appointments").json()["appointments"][0]["appointment_id"]
        == made["appointment_id"]
    )
    _, cancelled = post(client, f"/appointments/{made['appointment_id']}/cancel")
    assert cancelled["state"] == "cancelled"


def test_a_taken_time_is_refused_in_the_clients_language(house: int) -> None:
    client = make_client(house, make_person(house), "zh-hans")
    starts_at = (datetime.now(UTC) + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    book(house, make_person(house, "m-other"), starts_at=starts_at, now=datetime.now(UTC))

    status, body = post(client, "/appointments", boutique_id="brera", starts_at=starts_at.isoformat())

    assert status == 409 and body["error"] == {"code": "full", "message": "这个时间刚刚约满，请另选"}
    assert client.get(f"{API}/slots", {"boutique": "paris", "day": "2026-11-25"}).status_code == 404
    assert post(client, "/appointments", boutique_id="brera", starts_at="soon")[0] == 422


def test_a_calendar_file_opens_with_its_signature_only(house: int) -> None:
    card = book(house, make_person(house))

    good = Client().get(card.calendar_url)
    forged = Client().get(card.calendar_url[:-1] + ("A" if card.calendar_url[-1] != "A" else "B"))

    assert good.status_code == 200 and b"METHOD:REQUEST" in good.content
    assert good["Content-Type"].startswith("text/calendar")
    assert forged.status_code == 404


def test_the_screens_code_checks_a_client_in_once_a_day(house: int) -> None:
    person, now = make_person(house), datetime.now(UTC)
    client = make_client(house, person)
    shown = queries.screen_code(house, "brera", now=now).removeprefix("seta:checkin=")

    answers = [post(client, "/check-ins", code=shown) for _ in range(2)]

    assert [status for status, _ in answers] == [201, 201]
    assert answers[0][1]["id"] == answers[1][1]["id"]
    fact = Event.objects.get(name="stores.visit.checked_in")
    assert (fact.body["boutique"], fact.body["district"]) == ("brera", "brera")
    assert Visit.objects.get().means == "code"


def test_a_stale_code_checks_nobody_in(house: int) -> None:
    client = make_client(house, make_person(house), "en")
    old = queries.screen_code(house, "brera", now=datetime.now(UTC) - timedelta(minutes=5))

    status, body = post(client, "/check-ins", code=old.removeprefix("seta:checkin="))

    assert status == 422 and body["error"]["code"] == "bad_code"
    assert not Visit.objects.exists()


def test_an_associate_vouches_and_the_appointment_is_attended(house: int) -> None:
    person = make_person(house)
    book(house, person)

    visit = operations.check_in_by_associate(
        house_id=house, person_id=person, boutique="brera", associate_id=7, now=TEN
    )

    assert (visit.means, visit.associate_id) == ("associate", 7)
    assert Appointment.objects.get().state == "attended"
    assert Event.objects.get(name="stores.visit.checked_in").body["associate_id"] == 7
    totals = queries.totals_on(house, TEN.date())
    assert (totals.booked, totals.attended, totals.visits) == (0, 1, 1)


def test_the_desk_sees_the_day_by_time_and_store(house: int) -> None:
    book(house, make_person(house), starts_at=TEN + timedelta(hours=2))
    book(house, make_person(house, "m-other"))

    cards = queries.appointments_on(house, TEN.date())

    assert [card.local_time[-5:] for card in cards] == ["10:00", "12:00"]
    assert queries.appointments_on(house, TEN.date() + timedelta(days=1)) == []
    assert queries.appointments_on(house + 1, TEN.date()) == []


def test_two_clients_who_are_one_keep_one_appointment_and_one_visit(house: int) -> None:
    make_boutique(house, capacity=2)
    kept, absorbed = make_person(house), make_person(house, "m-other")
    for person in (kept, absorbed):
        book(house, person)
        operations.check_in_by_associate(
            house_id=house, person_id=person, boutique="brera", associate_id=7, now=TEN
        )

    fact = PersonsMerged(house_id=house, occurred_at=TEN, kept_id=kept, absorbed_id=absorbed)
    operations.repoint_person(fact, TEN)
    operations.repoint_person(fact, TEN)

    assert Visit.objects.get().person_id == kept
    assert Appointment.objects.filter(person_id=kept).count() == 2
    assert Appointment.objects.filter(state="attended").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_booking_is_confirmed_by_one_subscribe_message(sandbox: RunningSandbox) -> None:
    house_id, _ = make_house(base_url=sandbox.base_url, config=sandbox.config)
    make_boutique(house_id)
    app = sandbox.config["mini_program"]["appid"]
    login = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][0])
    openid = mini_program(house_id).code2session(login["code"]).openid
    sandbox.control("subscribe", openid=openid, template_id=sandbox.config["mini_program"]["sub_template_id"])
    card = book(house_id, make_person(house_id, openid, app))
    fact = restored(AppointmentBooked, Event.objects.get(name="stores.appointment.booked").body)

    for _ in range(2):
        operations.send_confirmation(fact, datetime.now(UTC))

    notice = Message.objects.get(channel="subscribe")
    assert notice.state == "sent", notice.reason
    assert "布雷拉精品店" in notice.body and card.id in str(notice.key)
