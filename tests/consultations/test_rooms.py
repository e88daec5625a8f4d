"""Who comes into a room and how signals pass: in order, for their reader only, at the booked time only."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.consultations import operations, queries, rules
from seta.consultations.models import Consultation, Peer, Signal
from seta.consultations.rules import ConsultationRefused, Outgoing, Refusal, RoomPass
from tests.boutique.shop import facts
from tests.consultations.test_booking import refusal_of
from tests.consultations.world import NOON, START, begin, make_call

KEY = b"k" * 32


def outgoing(number: int, to: str = "associate", kind: str = "candidate", body: str = "{}") -> Outgoing:
    """A signal as a browser sends it."""
    return Outgoing(number, to, kind, body)


@pytest.mark.django_db
def test_the_room_is_open_around_the_booked_time_only() -> None:
    call = make_call()
    minutes = timedelta(minutes=1)
    given = {"one": call.client, "device": "phone"}

    assert refusal_of(operations.enter, now=START - 16 * minutes, **given) is Refusal.NOT_YET
    assert operations.enter(now=START - 15 * minutes, **given).others == ()
    assert refusal_of(operations.enter, now=START + 45 * minutes, **given) is Refusal.CLOSED


@pytest.mark.django_db
def test_a_third_device_is_turned_away_until_the_second_has_been_silent() -> None:
    call = make_call()
    begin(call)
    again = {"one": call.client, "device": "another phone"}

    assert refusal_of(operations.enter, now=START + timedelta(seconds=29), **again) is Refusal.ROOM_FULL
    assert operations.enter(one=call.client, device="phone", now=START).session == 2
    assert operations.enter(now=START + timedelta(seconds=31), **again).session == 3
    assert Peer.objects.filter(consultation__public_id=call.card.id).count() == 2


@pytest.mark.django_db
def test_whoever_leaves_gives_the_place_free_at_once() -> None:
    call = make_call()
    session, _ = begin(call)

    operations.leave(one=call.client, session=session, now=START)

    assert operations.enter(one=call.client, device="tablet", now=START).others == ("associate",)


@pytest.mark.django_db
def test_a_supervisor_comes_in_only_once_both_were_told() -> None:
    call = make_call()
    supervisor = call.one("supervisor")
    entering = {"one": supervisor, "device": "desk", "now": START}
    assert refusal_of(operations.enter, **entering) is Refusal.NOT_ANNOUNCED

    operations.announce_listener(
        house_id=call.house, public_id=call.card.id, user_id=call.supervisor, name="Anna", now=START
    )

    assert operations.enter(**entering).session == 1
    assert queries.room_view(call.client, now=START).listener_name == "Anna"
    assert refusal_of(operations.answer, one=supervisor, granted=True, language="zh", now=START) is (
        Refusal.NOT_YOURS
    )


@pytest.mark.django_db
def test_signals_reach_their_reader_in_order_and_are_forgotten_once_read() -> None:
    call = make_call()
    client, host = begin(call)
    for number in range(1, 8):
        taken = operations.send_signal(
            one=call.client, session=client, signal=outgoing(number, body=str(number)), now=START
        )
        assert taken

    first = operations.read_signals(one=call.host, session=host, after=0, now=START)
    assert [(each.seq, each.body, each.sender) for each in first] == [
        (n, str(n), "client") for n in range(1, 8)
    ]
    assert operations.read_signals(one=call.client, session=client, after=0, now=START) == []

    rest = operations.read_signals(one=call.host, session=host, after=5, now=START)
    assert [each.seq for each in rest] == [6, 7]
    assert Signal.objects.filter(peer__consultation__public_id=call.card.id).count() == 2


@pytest.mark.django_db
def test_a_signal_sent_again_is_taken_once_and_one_left_out_is_noticed() -> None:
    call = make_call()
    client, host = begin(call)
    given = {"one": call.client, "session": client, "now": START}

    assert [operations.send_signal(signal=outgoing(1), **given) for _ in range(2)] == [True, False]
    assert refusal_of(operations.send_signal, signal=outgoing(3), **given) is Refusal.OUT_OF_ORDER
    assert len(operations.read_signals(one=call.host, session=host, after=0, now=START)) == 1


@pytest.mark.django_db
def test_coming_back_begins_a_new_session_and_shuts_the_old_one() -> None:
    call = make_call()
    old, _ = begin(call)
    new = operations.enter(one=call.client, device="phone", now=START)

    assert (new.session, new.others) == (old + 1, ("associate",))
    given = {"one": call.client, "now": START}
    assert refusal_of(operations.read_signals, session=old, after=0, **given) is Refusal.NOT_IN_ROOM
    assert operations.send_signal(session=new.session, signal=outgoing(1), **given)


@pytest.mark.django_db
def test_a_browser_that_reads_nothing_holds_two_hundred_signals_and_no_more() -> None:
    call = make_call()
    client, _ = begin(call)
    given = {"one": call.client, "session": client, "now": START}
    for number in range(1, rules.WAITING_MAX + 1):
        operations.send_signal(signal=outgoing(number), **given)

    last = outgoing(rules.WAITING_MAX + 1)
    assert refusal_of(operations.send_signal, signal=last, **given) is Refusal.UNREAD


@pytest.mark.django_db
def test_a_pass_opens_no_room_of_another_house() -> None:
    call, other = make_call(), make_call()
    forged = RoomPass(other.house, call.card.id, "client", 0, call.card.ends_at)

    assert refusal_of(operations.enter, one=forged, device="phone", now=START) is Refusal.UNKNOWN
    assert refusal_of(queries.room_view, one=forged, now=START) is Refusal.UNKNOWN


@pytest.mark.django_db
def test_a_call_is_told_with_its_length_and_what_was_measured() -> None:
    call = make_call()
    begin(call)
    measured = {"rtt_ms": 41.5, "lost_percent": 0.4, "width": 640, "secret": 9, "jitter_ms": -1}
    operations.report_quality(one=call.host, measured=measured, now=START)
    for _ in "twice":
        operations.hang_up(one=call.client, now=START + timedelta(minutes=12, seconds=5))

    (fact,) = facts("consultations.consultation.held")
    assert (fact["seconds"], fact["ended_by"], fact["rtt_ms"], fact["is_recorded"]) == (
        725,
        "client",
        41.5,
        False,
    )
    card = queries.consultation(house_id=call.house, public_id=call.card.id)
    assert card is not None
    assert card.quality == {"associate": {"rtt_ms": 41.5, "lost_percent": 0.4, "width": 640.0}}
    assert not Peer.objects.filter(consultation__public_id=call.card.id).exists()


@pytest.mark.django_db
def test_one_alone_in_the_room_is_no_call() -> None:
    call = make_call()
    operations.enter(one=call.host, device="desk", now=START)
    operations.note_connected(one=call.host, now=START)
    operations.hang_up(one=call.host, now=START)

    assert Consultation.objects.get(public_id=call.card.id).state == "booked"


@pytest.mark.django_db
def test_a_call_that_both_dropped_out_of_ends_by_itself_when_they_were_last_there() -> None:
    call = make_call()
    begin(call)

    early = operations.close_due(START + timedelta(seconds=90))
    due = operations.close_due(START + timedelta(minutes=5))

    assert (early, due) == (0, 1)
    (fact,) = facts("consultations.consultation.held")
    assert (fact["ended_by"], fact["seconds"]) == ("dropped", 0)


@pytest.mark.django_db
def test_only_the_host_shows_cards_and_they_are_kept_with_the_call() -> None:
    call = make_call()
    begin(call)
    card = {"kind": "product", "code": "scarf", "title": "方巾", "now": START}
    given = {"house_id": call.house, "public_id": call.card.id, **card}

    operations.show_card(user_id=call.user, **given)

    assert refusal_of(operations.show_card, user_id=call.supervisor, **given) is Refusal.NOT_YOURS
    found = queries.consultation(house_id=call.house, public_id=call.card.id)
    assert found is not None
    assert found.shown == ("方巾",)


@given(st.text(max_size=120), st.integers(0, 200))
def test_no_changed_pass_is_believed(noise: str, place: int) -> None:
    one = RoomPass(7, "cons_1", "client", 0, START)
    text = rules.write_pass(one, key=KEY)
    changed = text[: place % len(text)] + noise

    assert rules.read_pass(text, key=KEY, now=NOON) == one
    if changed != text:
        with pytest.raises(ConsultationRefused):
            rules.read_pass(changed, key=KEY, now=NOON)
    with pytest.raises(ConsultationRefused):
        rules.read_pass(text, key=b"o" * 32, now=NOON)


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.text(max_size=5), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_is_sent_as_a_signal_is_read_or_refused_by_name(raw: bytes) -> None:
    try:
        signal = rules.read_signal(raw)
    except ConsultationRefused as refused:
        assert refused.refusal is Refusal.UNREADABLE
    else:
        assert signal.kind in rules.SIGNALS


def test_a_huge_signal_is_refused_before_it_is_read() -> None:
    huge = (
        b'{"number": 1, "to": "associate", "kind": "description", "body": "' + b"a" * rules.SIGNAL_BYTES_MAX
    )

    with pytest.raises(ConsultationRefused) as refused:
        rules.read_signal(huge + b'"}')
    assert refused.value.refusal is Refusal.TOO_LARGE
