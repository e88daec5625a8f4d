"""Recording: only while both agree, sealed with the client's key, opened for a purpose, forgotten in time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from seta.consultations import operations, queries, rules
from seta.consultations.models import Recording, RecordingAnswer
from seta.consultations.rules import Refusal
from seta.oversight.bodies import keys_for
from seta.oversight.models import ArchivedMessage
from seta.oversight.operations import destroy_bodies, place_hold
from seta.oversight.operations.recordings import RecordingUnreadable
from seta.oversight.queries import audit_log
from seta.oversight.rules.review import Refused
from tests.boutique.shop import facts
from tests.consultations.test_booking import refusal_of
from tests.consultations.world import START, Call, begin, make_call

pytestmark = pytest.mark.django_db
LATER = START + timedelta(minutes=1)
PIECES = (b"webm-one", b"webm-two")


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Recordings of a test stand in a folder of its own."""
    settings.VAR_DIR = tmp_path
    yield tmp_path / "recordings"


def agree(call: Call, *roles: str, granted: bool = True) -> bool:
    """What parties answer; whether both agree after it."""
    return [
        operations.answer(one=call.one(role), granted=granted, language="zh", now=START) for role in roles
    ][-1]


def start(call: Call) -> int:
    """The associate's browser begins to record."""
    return operations.start(one=call.host, media_type="video/webm;codecs=vp8,opus", now=START)


def add(call: Call, recording_id: int, place: int, data: bytes) -> int:
    """A piece of it arrives."""
    return operations.add_piece(one=call.host, recording_id=recording_id, place=place, data=data, now=LATER)


def recorded(call: Call) -> int:
    """A held call with a recording of two pieces."""
    begin(call)
    agree(call, "client", "associate")
    made = start(call)
    for place, data in enumerate(PIECES):
        add(call, made, place, data)
    operations.hang_up(one=call.host, now=LATER)
    return made


def archived(call: Call) -> None:
    """A chat of the client's in the archive: what a hold is placed on."""
    key = keys_for(house_id=call.house, person_ids=[call.person], now=START)[call.person]
    ArchivedMessage.objects.create(
        house_id=call.house,
        account_id=call.house,
        seq=1,
        msgid=call.card.id,
        conversation="linyue:wm-chen",
        person_id=call.person,
        sender_role="sa",
        kind="text",
        sealed_body=key.seal(b"hello", bound_to="m"),
        body_key_id=key.id,
        sent_at=START,
        archived_at=START,
    )


def kinds(house_id: int) -> list[str]:
    """The kinds of the house's log lines about recordings."""
    lines = [line.kind for line in sorted(audit_log(house_id), key=lambda line: line.seq)]
    return [kind for kind in lines if kind.startswith(("recording.", "consultation."))]


def test_nothing_is_recorded_before_both_have_agreed_and_the_call_has_begun() -> None:
    call = make_call()
    agree(call, "client", "associate")
    assert refusal_of(start, call=call) is Refusal.NOT_RECORDING
    begin(call)
    agree(call, "client", granted=False)
    assert refusal_of(start, call=call) is Refusal.NO_CONSENT

    assert agree(call, "client")
    assert start(call)
    assert RecordingAnswer.objects.filter(consultation__public_id=call.card.id).count() == 4


def test_the_clients_browser_can_neither_start_nor_fill_a_recording() -> None:
    call = make_call()
    begin(call)
    agree(call, "client", "associate")
    made = start(call)

    assert (
        refusal_of(operations.start, one=call.client, media_type="video/webm", now=START) is Refusal.NOT_YOURS
    )
    given = {"one": call.client, "recording_id": made, "place": 0, "data": b"x", "now": START}
    assert refusal_of(operations.add_piece, **given) is Refusal.NOT_YOURS


@pytest.mark.parametrize("who", ["client", "associate"])
def test_a_withdrawal_stops_the_recording_at_once_and_the_call_goes_on(who: str) -> None:
    call = make_call()
    begin(call)
    agree(call, "client", "associate")
    made = start(call)
    add(call, made, 0, PIECES[0])

    assert not agree(call, who, granted=False)

    assert refusal_of(add, call=call, recording_id=made, place=1, data=PIECES[1]) is Refusal.NOT_RECORDING
    card = queries.consultation(house_id=call.house, public_id=call.card.id)
    assert card is not None
    assert card.state == "under_way"
    assert (card.recordings[0].state, card.recordings[0].stopped_why) == ("kept", "withdrawn")
    assert kinds(call.house) == ["consultation.consent"] * 2 + [
        "recording.began",
        "consultation.consent",
        "recording.ended",
    ]


def test_pieces_come_in_order_once_and_of_bounded_size() -> None:
    call = make_call()
    begin(call)
    agree(call, "client", "associate")
    made = start(call)

    assert [add(call, made, 0, PIECES[0]) for _ in range(2)] == [1, 1]
    given = {"call": call, "recording_id": made}
    assert refusal_of(add, place=2, data=b"later", **given) is Refusal.OUT_OF_ORDER
    assert refusal_of(add, place=0, data=b"other", **given) is Refusal.OUT_OF_ORDER
    assert refusal_of(add, place=1, data=bytes(rules.PIECE_BYTES_MAX + 1), **given) is Refusal.TOO_LARGE
    assert (
        refusal_of(operations.start, one=call.host, media_type="text/html", now=START) is Refusal.BAD_CHOICE
    )


def test_a_recording_is_sealed_on_disk_and_played_to_the_host_with_a_line_in_the_log(folder: Path) -> None:
    call = make_call()
    made = recorded(call)

    (file,) = folder.rglob("*.sealed")
    assert PIECES[0] not in file.read_bytes()
    opened = operations.open_recording(
        house_id=call.house, recording_id=made, user_id=call.user, purpose="client_service", now=LATER
    )

    assert (b"".join(opened.pieces), opened.size) == (b"".join(PIECES), 16)
    assert kinds(call.house)[-1] == "recording.read"
    (fact,) = facts("consultations.consultation.held")
    assert fact["is_recorded"] is True


def test_strangers_and_readers_without_a_purpose_hear_nothing() -> None:
    call, other = make_call(), make_call()
    made = recorded(call)
    given = {"recording_id": made, "now": LATER}

    assert refusal_of(
        operations.open_recording, house_id=other.house, user_id=other.user, purpose="legal", **given
    ) is (Refusal.UNKNOWN)
    for user, purpose in ((call.user, ""), (other.supervisor, "legal")):
        with pytest.raises(Refused):
            operations.open_recording(house_id=call.house, user_id=user, purpose=purpose, **given)
    opened = operations.open_recording(house_id=call.house, user_id=call.supervisor, purpose="legal", **given)
    assert b"".join(opened.pieces) == b"".join(PIECES)


def test_a_recording_that_was_changed_on_disk_is_not_played(folder: Path) -> None:
    call = make_call()
    made = recorded(call)
    (file,) = folder.rglob("*.sealed")
    body = bytearray(file.read_bytes())
    body[-1] ^= 1
    file.write_bytes(bytes(body))
    opened = operations.open_recording(
        house_id=call.house, recording_id=made, user_id=call.user, purpose="legal", now=LATER
    )

    with pytest.raises(RecordingUnreadable):
        b"".join(opened.pieces)


def test_after_ninety_days_a_recording_is_deleted_unless_a_hold_keeps_it(folder: Path) -> None:
    call = make_call()
    recorded(call)
    held = make_call()
    recorded(held)
    archived(held)
    place_hold(
        house_id=held.house,
        user_id=held.supervisor,
        name="A claim",
        reason="A claim is pending.",
        person_id=held.person,
        conversation="",
        now=LATER,
    )

    assert operations.forget_due(LATER + timedelta(days=89)) == 0
    assert operations.forget_due(LATER + timedelta(days=91)) == 1

    states = dict(Recording.objects.values_list("consultation__public_id", "state"))
    assert states == {call.card.id: "deleted", held.card.id: "kept"}
    assert len(list(folder.rglob("*.sealed"))) == 1


def test_erasing_the_client_makes_the_recording_unreadable_and_then_it_goes(folder: Path) -> None:
    call = make_call()
    made = recorded(call)
    destroy_bodies(house_id=call.house, person_id=call.person, now=LATER)

    with pytest.raises(RecordingUnreadable):
        operations.open_recording(
            house_id=call.house, recording_id=made, user_id=call.user, purpose="legal", now=LATER
        )
    assert operations.forget_due(LATER) == 1
    assert list(folder.rglob("*.sealed")) == []


@given(
    st.lists(st.tuples(st.sampled_from(["client", "associate", "supervisor"]), st.booleans()), max_size=12)
)
def test_recording_is_allowed_exactly_while_both_parties_last_said_yes(
    answers: list[tuple[str, bool]],
) -> None:
    last = dict(answers)

    assert rules.may_record(answers) == (last.get("client", False) and last.get("associate", False))
