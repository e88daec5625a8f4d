"""Booking, moving, giving back and missing consultations, and what the client is told."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from seta.consultations import operations, queries
from seta.consultations.events import ConsultationBooked
from seta.consultations.models import Consultation, Quarter
from seta.consultations.rules import ConsultationRefused, Refusal
from seta.conversations.models import Message
from seta.people.events import PersonsMerged
from tests.boutique.shop import facts
from tests.consultations.world import NOON, START, begin, make_call, make_client

pytestmark = pytest.mark.django_db


def refusal_of(work, **given) -> Refusal:  # type: ignore[no-untyped-def]
    """Why something was refused."""
    with pytest.raises(ConsultationRefused) as refused:
        work(**given)
    return refused.value.refusal


def book_again(call, **given):  # type: ignore[no-untyped-def]
    """Another consultation of the same two at the same time, unless said otherwise."""
    wish = {
        "house_id": call.house,
        "person_id": call.person,
        "user_id": call.user,
        "host_name": "林悦",
        "kind": "voice",
        "starts_at": START,
        "minutes": 15,
        "now": NOON,
    }
    return operations.book(**{**wish, **given})


def test_neither_client_nor_associate_is_booked_twice_at_a_time() -> None:
    call = make_call()
    other = make_client(call.house, "o-zhou")
    late = START + timedelta(minutes=15)

    assert refusal_of(book_again, call=call, person_id=other, starts_at=late) is Refusal.TAKEN
    assert refusal_of(book_again, call=call, user_id=call.user + 900, starts_at=late) is Refusal.TAKEN
    after = book_again(call, starts_at=START + timedelta(minutes=30))

    assert after.state == "booked"
    assert Quarter.objects.filter(user_id=call.user).count() == 3


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"starts_at": NOON - timedelta(hours=1)}, Refusal.BAD_TIME),
        ({"starts_at": NOON + timedelta(days=91)}, Refusal.BAD_TIME),
        ({"starts_at": START + timedelta(minutes=7)}, Refusal.BAD_TIME),
        ({"starts_at": datetime(2026, 11, 20, 18, 0)}, Refusal.BAD_TIME),
        ({"minutes": 20}, Refusal.BAD_CHOICE),
        ({"kind": "hologram"}, Refusal.BAD_CHOICE),
    ],
)
def test_an_impossible_wish_is_refused_by_name_and_changes_nothing(wish, why) -> None:  # type: ignore[no-untyped-def]
    call = make_call()

    assert refusal_of(book_again, call=call, **wish) is why
    assert Consultation.objects.filter(house_id=call.house).count() == 1


def test_a_client_holds_five_consultations_at_most() -> None:
    call = make_call()
    for day in range(1, 5):
        book_again(call, starts_at=START + timedelta(days=day))

    assert refusal_of(book_again, call=call, starts_at=START + timedelta(days=6)) is Refusal.TOO_MANY


def test_moving_frees_the_old_time_takes_the_new_one_and_is_told() -> None:
    call = make_call()

    moved = operations.move(
        house_id=call.house,
        public_id=call.card.id,
        starts_at=START + timedelta(days=1),
        minutes=45,
        now=NOON,
    )

    assert (moved.minutes, moved.sequence) == (45, 1)
    assert book_again(call).state == "booked"
    (fact,) = facts("consultations.consultation.moved")
    assert fact["consultation_id"] == call.card.id


def test_a_consultation_of_another_house_is_unknown() -> None:
    call, other = make_call(), make_call()
    given = {"house_id": other.house, "public_id": call.card.id, "now": NOON}

    assert refusal_of(operations.cancel, by="associate", **given) is Refusal.UNKNOWN
    assert queries.consultation(house_id=other.house, public_id=call.card.id) is None


def test_cancelling_gives_the_time_back_once_and_shuts_the_room() -> None:
    call = make_call()
    for _ in "twice":
        operations.cancel_by_client(one=call.client, now=NOON)

    assert len(facts("consultations.consultation.cancelled")) == 1
    assert book_again(call).state == "booked"
    assert refusal_of(operations.enter, one=call.client, device="phone", now=START) is Refusal.OVER


def test_a_call_that_was_held_is_neither_moved_nor_cancelled() -> None:
    call = make_call()
    begin(call)
    operations.hang_up(one=call.host, now=START + timedelta(minutes=9))
    given = {"house_id": call.house, "public_id": call.card.id, "now": START}

    assert refusal_of(operations.cancel, by="associate", **given) is Refusal.OVER
    assert refusal_of(operations.move, starts_at=START, minutes=15, **given) is Refusal.OVER


def test_the_calendar_file_follows_a_change_and_a_cancellation() -> None:
    call = make_call()
    entry = Calendar.from_ical(queries.calendar(call.card, language="zh"))
    (event,) = entry.walk("VEVENT")
    assert event["DTSTART"].dt == START
    assert str(event["URL"]).endswith(f"{queries.client_pass(call.card)}/")

    gone = operations.cancel(house_id=call.house, public_id=call.card.id, by="associate", now=NOON)
    entry = Calendar.from_ical(queries.calendar(gone, language="zh"))
    (event,) = entry.walk("VEVENT")

    assert (str(entry["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


def test_the_invitation_is_kept_once_in_the_thread_with_the_link() -> None:
    call = make_call()
    fact = ConsultationBooked(
        house_id=call.house,
        occurred_at=NOON,
        person_id=call.person,
        consultation_id=call.card.id,
        kind="video",
        starts_at=START.isoformat(),
        minutes=30,
    )
    for _ in "twice":
        operations.send_invitation(fact, NOON)

    (message,) = Message.objects.filter(house_id=call.house, kind="text")
    assert queries.client_link(call.card) in message.body
    assert "2026年11月20日 22:00（北京时间）" in message.body


def test_a_reminder_goes_out_once_half_an_hour_before() -> None:
    call = make_call()

    early = operations.remind(START - timedelta(minutes=45))
    due = operations.remind(START - timedelta(minutes=20))
    again = operations.remind(START - timedelta(minutes=19))

    assert (early, due, again) == (0, 1, 0)
    assert "即将开始" in Message.objects.get(house_id=call.house, kind="text").body


@pytest.mark.parametrize(
    ("came", "absent"), [((), "both"), (("client",), "associate"), (("associate",), "client")]
)
def test_a_call_nobody_held_is_missed_by_whoever_did_not_come(came, absent) -> None:  # type: ignore[no-untyped-def]
    call = make_call()
    for role in came:
        operations.enter(one=call.one(role), device="one", now=START)

    closed = [operations.close_due(START + timedelta(minutes=minutes)) for minutes in (40, 46, 47)]

    assert closed == [0, 1, 0]
    (fact,) = facts("consultations.consultation.missed")
    assert fact["absent"] == absent


def test_two_clients_found_to_be_one_keep_one_call_at_a_time() -> None:
    call = make_call()
    other = make_client(call.house, "o-same")
    doubled = book_again(call, person_id=other, user_id=call.user + 900)
    later = book_again(call, person_id=other, starts_at=START + timedelta(days=1))

    fact = PersonsMerged(house_id=call.house, occurred_at=NOON, kept_id=call.person, absorbed_id=other)
    for _ in "twice":
        operations.repoint_person(fact, NOON)

    states = dict(Consultation.objects.filter(house_id=call.house).values_list("public_id", "state"))
    assert states == {call.card.id: "booked", doubled.id: "cancelled", later.id: "booked"}
    assert set(Quarter.objects.values_list("person_id", flat=True)) == {call.person}


def test_links_name_no_client_and_end_a_day_after_the_call() -> None:
    call = make_call()
    link = queries.client_pass(call.card)

    assert "陈" not in link
    assert queries.read_pass(link, now=call.card.ends_at + timedelta(hours=23)).role == "client"
    late = {"now": call.card.ends_at + timedelta(hours=25)}
    assert refusal_of(lambda now: queries.read_pass(link, now=now), **late) is Refusal.LINK_EXPIRED
