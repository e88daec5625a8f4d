"""What is past its age goes when two agree, what is held stays, and every proof outlives both."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from seta.oversight import operations, queries
from seta.oversight.events import DisposalApproved
from seta.oversight.models import ArchivedMessage, AuditEvent, BodyKey, DisposalRun, LegalHold, RawRecord
from seta.oversight.operations import retention
from seta.oversight.queries import evidence
from seta.oversight.rules import heads
from seta.oversight.rules.retention import EvidenceRefused, Refusal
from seta.oversight.rules.verifying import verify
from seta.people.events import PersonsMerged
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.oversight.archive_server import Archive
from tests.oversight.evidence_world import NOON, PAIR, bundle_of, talk, user

LAST_YEAR = datetime(2025, 9, 3, 10, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def house(connected: int, archive: Archive) -> int:
    """Five messages of last year, with one to another client, and five of today."""
    talk(connected, archive, now=LAST_YEAR)
    archive.records.clear()
    talk(connected, archive, first=11, now=NOON)
    return connected


def person_of(conversation: str = PAIR) -> int:
    person = ArchivedMessage.objects.filter(conversation=conversation)[0].person_id
    assert person is not None
    return person


def keep_a_year(house: int) -> None:
    retention.set_retention(house_id=house, user_id=user(house, "anna"), kind="", days=365, now=NOON)


def dispose(house: int) -> DisposalRun:
    """Anna lists, Bruno approves, the worker destroys."""
    run = retention.ask_disposal(house_id=house, user_id=user(house, "anna"), now=NOON)
    retention.approve_disposal(house_id=house, user_id=user(house, "bruno"), run_id=run, now=NOON)
    retention.on_disposal_approved(DisposalApproved(house_id=house, occurred_at=NOON, run_id=run), LATER)
    return DisposalRun.objects.get(pk=run)


def hold(house: int, *, person: int | None = None, conversation: str = "") -> int:
    return retention.place_hold(
        house_id=house,
        user_id=user(house, "anna"),
        name="Chen against Serica",
        reason="Letter of counsel",
        person_id=person,
        conversation=conversation,
        now=NOON,
    )


def test_what_is_past_its_age_is_destroyed_and_still_proven(house: int) -> None:
    keep_a_year(house)

    run = dispose(house)
    report = verify(bundle_of(house, now=LATER))

    assert (run.state, run.disposed, run.held) == ("done", 5, 0)
    assert report.faults == []
    counts = {"messages": 8, "open": 4, "erased": 0, "disposed": 4, "files": 0, "files_missing": 0}
    assert report.facts["counts"] == counts
    assert queries.verify_audit(house).ok


def test_the_keys_of_a_month_die_with_its_last_body(house: int) -> None:
    keep_a_year(house)

    run = dispose(house)

    assert run.keys_destroyed == 2
    assert BodyKey.objects.filter(destroyed_at=None).count() == 2
    assert not RawRecord.objects.exclude(encrypt_chat_msg="").filter(seq__lt=10).exists()


def test_a_certificate_says_what_was_done_and_who_did_it(house: int) -> None:
    keep_a_year(house)
    run = dispose(house)

    told = evidence.certificate(house, run.pk)

    assert told is not None
    assert heads.verifies(told["public"], told["signature"], heads.CERTIFICATE, told["certificate"])
    assert '"asked_by":"anna"' in told["certificate"]
    assert '"disposed":5' in told["certificate"]


def test_a_held_conversation_outlives_its_age(house: int) -> None:
    keep_a_year(house)
    hold(house, conversation=PAIR)

    run = dispose(house)

    assert (run.disposed, run.held) == (1, 4)
    assert ArchivedMessage.objects.filter(conversation=PAIR, sealed_body=b"").count() == 0


def test_a_hold_placed_after_the_approval_still_holds(house: int) -> None:
    keep_a_year(house)
    run = retention.ask_disposal(house_id=house, user_id=user(house, "anna"), now=NOON)
    retention.approve_disposal(house_id=house, user_id=user(house, "bruno"), run_id=run, now=NOON)
    hold(house, person=person_of())

    retention.on_disposal_approved(DisposalApproved(house_id=house, occurred_at=NOON, run_id=run), LATER)

    assert DisposalRun.objects.get().disposed == 1


@pytest.mark.parametrize("by", ["person", "conversation"])
def test_a_hold_forbids_erasure_by_name_until_it_is_released(house: int, by: str) -> None:
    person = person_of()
    placed = hold(house, person=person) if by == "person" else hold(house, conversation=PAIR)

    with pytest.raises(EvidenceRefused) as refused:
        operations.destroy_bodies(house_id=house, person_id=person, now=NOON)
    retention.release_hold(house_id=house, user_id=user(house, "bruno"), hold_id=placed, now=NOON)

    assert refused.value.refusal is Refusal.HELD
    assert "Chen against Serica" in refused.value.text("en")
    assert AuditEvent.objects.filter(kind="bodies.kept_by_hold").count() == 1
    assert operations.destroy_bodies(house_id=house, person_id=person, now=NOON) == 2


def test_a_hold_follows_a_person_who_is_merged(house: int) -> None:
    held = person_of()
    hold(house, person=held)
    kept = recognise(house_id=house, identities=[IdentityKey("phone", "", "+8613800000000")], now=NOON)

    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=held), NOON
    )

    assert LegalHold.objects.get().person_id == kept


def test_a_kind_of_its_own_keeps_its_own_age(house: int) -> None:
    anna = user(house, "anna")
    retention.set_retention(house_id=house, user_id=anna, kind="", days=100, now=NOON)
    retention.set_retention(house_id=house, user_id=anna, kind="text", days=3000, now=NOON)

    with pytest.raises(EvidenceRefused) as refused:
        retention.ask_disposal(house_id=house, user_id=anna, now=NOON)

    assert refused.value.refusal is Refusal.NOTHING


def test_nobody_approves_their_own_disposal_and_an_associate_none(house: int) -> None:
    keep_a_year(house)
    run = retention.ask_disposal(house_id=house, user_id=user(house, "anna"), now=NOON)

    for name, refusal in (("anna", Refusal.OWN_REQUEST), ("lin", Refusal.NOT_ALLOWED)):
        with pytest.raises(EvidenceRefused) as refused:
            retention.approve_disposal(house_id=house, user_id=user(house, name), run_id=run, now=NOON)
        assert refused.value.refusal is refusal
    assert ArchivedMessage.objects.filter(sealed_body=b"").count() == 0
    assert AuditEvent.objects.filter(kind="access.refused").count() == 1


@pytest.mark.parametrize("days", [0, -1, 40_000])
def test_an_age_that_makes_no_sense_is_refused(house: int, days: int) -> None:
    with pytest.raises(EvidenceRefused):
        retention.set_retention(house_id=house, user_id=user(house, "anna"), kind="", days=days, now=NOON)


@pytest.mark.parametrize("table", ["oversight_treehead", "oversight_certificate", "oversight_auditevent"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_what_was_signed_cannot_be_changed_in_the_database(house: int, table: str, change: str) -> None:
    keep_a_year(house)
    dispose(house)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
