"""Records a call only while both agree: pieces come from the associate's browser and are sealed one by one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.consultations import rules
from seta.consultations.models import Consultation, Recording, RecordingAnswer
from seta.consultations.rules import ConsultationRefused, Refusal, RoomPass
from seta.oversight.operations import append_audit, recordings
from seta.oversight.rules.review import purpose_of


@dataclass(frozen=True)
class OpenedRecording:
    """A recording to be played; `pieces` raise RecordingUnreadable when it was changed on disk."""

    media_type: str
    size: int
    pieces: Iterator[bytes]


@transaction.atomic
def answer(*, one: RoomPass, granted: bool, language: str, now: datetime) -> bool:
    """Keep a party's yes or no to being recorded; a no stops a running recording at once. Returns whether both agree.

    Raises ConsultationRefused (NOT_YOURS for a listener, OVER).
    """
    if one.role not in rules.PARTIES:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    row = _alive(one)
    words = rules.consent_words(language)
    RecordingAnswer.objects.create(
        consultation=row,
        party=one.role,
        granted=granted,
        words_digest=rules.digest_of(words),
        language=language[:8],
        at=now,
    )
    details = {"consultation": row.public_id, "party": one.role, "granted": granted}
    append_audit(house_id=row.house_id, kind="consultation.consent", details=details, now=now)
    agreed = _both_agree(row)
    if not agreed:
        stop_running(row, "withdrawn", now)
    return agreed


@transaction.atomic
def start(*, one: RoomPass, media_type: str, now: datetime) -> int:
    """Begin a recording from the associate's browser; returns its id, the running one's if there is one already.

    Raises ConsultationRefused: NOT_YOURS, OVER, NO_CONSENT unless both agree now, BAD_CHOICE for a strange type.
    """
    if one.role != rules.ASSOCIATE:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    row = _alive(one)
    if row.state != Consultation.State.UNDER_WAY:
        raise ConsultationRefused(Refusal.NOT_RECORDING)
    if not _both_agree(row):
        raise ConsultationRefused(Refusal.NO_CONSENT)
    plain = media_type.partition(";")[0]
    if plain not in rules.MEDIA_TYPES:
        raise ConsultationRefused(Refusal.BAD_CHOICE)
    running = row.recordings.filter(state=Recording.State.RUNNING).first()
    if running is not None:
        stop_running(row, "begun_anew", now)
    made = Recording.objects.create(
        consultation=row,
        media_type=plain,
        key_id=recordings.key_for(house_id=row.house_id, person_id=row.person_id, now=now),
        started_at=now,
        delete_after=now + rules.RETENTION,
    )
    details = {"consultation": row.public_id, "recording": made.pk}
    append_audit(house_id=row.house_id, kind="recording.began", details=details, now=now)
    return made.pk


@transaction.atomic
def add_piece(*, one: RoomPass, recording_id: int, place: int, data: bytes, now: datetime) -> int:
    """Seal the next piece and keep it; the last one again changes nothing. Returns how many are kept.

    Raises ConsultationRefused: NOT_RECORDING after a withdrawal or the end, OUT_OF_ORDER, TOO_LARGE.
    """
    if one.role != rules.ASSOCIATE:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    row = _alive(one)
    made = row.recordings.select_for_update().filter(pk=recording_id, state=Recording.State.RUNNING).first()
    if made is None or not _both_agree(row):
        raise ConsultationRefused(Refusal.NOT_RECORDING)
    if len(data) > rules.PIECE_BYTES_MAX or made.kept_bytes + len(data) > rules.RECORDING_BYTES_MAX:
        raise ConsultationRefused(Refusal.TOO_LARGE)
    digest = hashlib.sha256(data).hexdigest()
    if place == made.pieces - 1 and digest == made.last_digest:
        return made.pieces
    if place != made.pieces or not data:
        raise ConsultationRefused(Refusal.OUT_OF_ORDER)
    recordings.add_piece(
        house_id=row.house_id,
        recording_id=made.pk,
        key_id=made.key_id,
        data=data,
        place=place,
        kept_bytes=made.kept_bytes,
    )
    made.pieces, made.kept_bytes, made.last_digest = place + 1, made.kept_bytes + len(data), digest
    made.save(update_fields=["pieces", "kept_bytes", "last_digest"])
    return made.pieces


@transaction.atomic
def stop(*, one: RoomPass, now: datetime) -> None:
    """Stop recording, by the associate; stopping twice changes nothing. Raises ConsultationRefused (NOT_YOURS)."""
    if one.role != rules.ASSOCIATE:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    stop_running(_locked(one), "stopped", now)


def stop_running(row: Consultation, why: str, now: datetime) -> None:
    """End a running recording of a locked consultation; for this part's own operations."""
    for made in row.recordings.select_for_update().filter(state=Recording.State.RUNNING):
        made.state, made.stopped_at, made.stopped_why = Recording.State.KEPT, now, why
        made.save(update_fields=["state", "stopped_at", "stopped_why"])
        details = {"consultation": row.public_id, "recording": made.pk, "why": why, "bytes": made.kept_bytes}
        append_audit(house_id=row.house_id, kind="recording.ended", details=details, now=now)


def open_recording(
    *, house_id: int, recording_id: int, user_id: int, purpose: str, now: datetime
) -> OpenedRecording:
    """A recording for the associate who held the call or for a supervisor; the reading is logged with its purpose.

    Raises ConsultationRefused (UNKNOWN), oversight's Refused for who may not or gives no purpose, and
    RecordingUnreadable once its key was destroyed.
    """
    made = (
        Recording.objects.select_related("consultation")
        .filter(pk=recording_id, consultation__house_id=house_id, state=Recording.State.KEPT, pieces__gt=0)
        .first()
    )
    if made is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    why = purpose_of(purpose)
    pieces = recordings.open_pieces(
        house_id=house_id,
        recording_id=made.pk,
        key_id=made.key_id,
        user_id=user_id,
        is_own=made.consultation.user_id == user_id,
        purpose=why,
        now=now,
    )
    return OpenedRecording(made.media_type, made.kept_bytes, pieces)


def forget_due(now: datetime) -> int:
    """Delete recordings past their age, unless a legal hold keeps the client's, and those whose key is gone."""
    deleted = 0
    rows = Recording.objects.filter(state=Recording.State.KEPT).select_related("consultation")
    for made in rows.order_by("id").iterator(chunk_size=500):
        lost = not recordings.is_readable(key_id=made.key_id)
        if lost or (made.delete_after <= now and not is_held(made)):
            deleted += delete_recording(made, "key_destroyed" if lost else "age", now)
    return deleted


@transaction.atomic
def delete_recording(made: Recording, why: str, now: datetime) -> int:
    """Delete a recording's file and say why in the audit log; returns 1. For this part's own operations."""
    house_id = made.consultation.house_id
    recordings.remove(house_id=house_id, recording_id=made.pk)
    made.state = Recording.State.DELETED
    made.save(update_fields=["state"])
    details = {"recording": made.pk, "why": why}
    append_audit(house_id=house_id, kind="recording.deleted", details=details, now=now)
    return 1


def is_held(made: Recording) -> bool:
    """Whether a legal hold keeps the client's words."""
    one = made.consultation
    return recordings.is_held(house_id=one.house_id, person_id=one.person_id)


def _both_agree(row: Consultation) -> bool:
    return rules.may_record(row.answers.order_by("id").values_list("party", "granted"))


def _locked(one: RoomPass) -> Consultation:
    row = (
        Consultation.objects.select_for_update()
        .filter(house_id=one.house_id, public_id=one.public_id)
        .first()
    )
    if row is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    return row


def _alive(one: RoomPass) -> Consultation:
    row = _locked(one)
    if row.state not in Consultation.ALIVE:
        raise ConsultationRefused(Refusal.OVER)
    return row
