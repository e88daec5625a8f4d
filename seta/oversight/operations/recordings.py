"""Recordings of calls at rest: sealed piece by piece with the client's key, opened for a purpose that is logged."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from seta.oversight import media_files
from seta.oversight.bodies import BodyUnreadable, keys_for, opened_key
from seta.oversight.models import ArchiveMedia, BodyKey
from seta.oversight.operations.archive.media import OpenedMedia
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.retention import holds_on_person
from seta.oversight.operations.rights import authorise
from seta.oversight.queries.heard import HEARD
from seta.oversight.rules.review import Purpose, Refusal, Refused, purpose_of


class RecordingUnreadable(Exception):
    """A recording whose key was destroyed, or that was changed on disk."""


@transaction.atomic
def key_for(*, house_id: int, person_id: int, now: datetime) -> int:
    """The id of the client's key of this month; erasing the client destroys it."""
    return keys_for(house_id=house_id, person_ids=[person_id], now=now)[person_id].id


@transaction.atomic
def add_piece(
    *, house_id: int, recording_id: int, key_id: int, data: bytes, place: int, kept_bytes: int
) -> None:
    """Seal a piece and add it durably after `kept_bytes` in `place` pieces; raises RecordingUnreadable."""
    # Locked: nothing may be sealed with a key that is being destroyed.
    row = BodyKey.objects.select_for_update().get(pk=key_id, house_id=house_id)
    try:
        key = opened_key(row)
    except BodyUnreadable as problem:
        raise RecordingUnreadable(str(problem)) from problem
    path = _path(house_id, recording_id)
    media_files.append(path, data, key=key, media_id=_name(recording_id), place=place, kept_bytes=kept_bytes)


def open_pieces(
    *,
    house_id: int,
    recording_id: int,
    key_id: int,
    user_id: int,
    is_own: bool,
    purpose: Purpose,
    now: datetime,
) -> Iterator[bytes]:
    """A recording piece by piece, for the member of the call (`is_own`) or a reviewer; the reading is logged.

    Raises Refused, RecordingUnreadable; the pieces raise RecordingUnreadable when the file was changed.
    """
    if not is_own:
        authorise(house_id, user_id, f"recording {recording_id}", now)
    row = BodyKey.objects.get(pk=key_id, house_id=house_id)
    try:
        key = opened_key(row)
    except BodyUnreadable as problem:
        raise RecordingUnreadable(str(problem)) from problem
    details = {"user": user_id, "recording": recording_id, "purpose": purpose.value}
    append_audit(house_id=house_id, kind="recording.read", details=details, now=now)

    def pieces() -> Iterator[bytes]:
        try:
            yield from media_files.pieces(
                _path(house_id, recording_id), key=key, media_id=_name(recording_id)
            )
        except (BodyUnreadable, FileNotFoundError) as problem:
            raise RecordingUnreadable(str(problem)) from problem

    return pieces()


def open_heard(
    *,
    house_id: int,
    person_id: int,
    media_id: int,
    user_id: int,
    own_userid: str,
    purpose: str,
    now: datetime,
) -> OpenedMedia:
    """A voice message or a call of the archive, for the associate who was in it or a reviewer; logged.

    The caller knows that `own_userid` is the user's. Raises Refused (UNKNOWN, NOT_ALLOWED, NO_PURPOSE) and
    RecordingUnreadable once its key was destroyed.
    """
    kept = ArchiveMedia.objects.filter(
        house_id=house_id, pk=media_id, state=ArchiveMedia.State.KEPT, message__kind__in=HEARD
    )
    row = kept.filter(message__person_id=person_id).select_related("body_key", "message").first()
    if row is None:
        raise Refused(Refusal.UNKNOWN)
    if not own_userid or row.message.userid != own_userid:
        authorise(house_id, user_id, f"media {media_id}", now)
    why = purpose_of(purpose)
    try:
        key = opened_key(row.body_key)
    except BodyUnreadable as problem:
        raise RecordingUnreadable(str(problem)) from problem
    details = {"user": user_id, "media": media_id, "purpose": why.value}
    append_audit(house_id=house_id, kind="media.read", details=details, now=now)
    path = media_files.path_of(house_id, media_id)
    pieces = media_files.pieces(path, key=key, media_id=media_id)
    return OpenedMedia(row.name, row.kind, row.kept_bytes, pieces)


def is_readable(*, key_id: int) -> bool:
    """Whether the key is still there."""
    return BodyKey.objects.filter(pk=key_id, destroyed_at=None).exists()


def is_held(*, house_id: int, person_id: int) -> bool:
    """Whether a legal hold keeps anything of the person."""
    return bool(holds_on_person(house_id, person_id))


def remove(*, house_id: int, recording_id: int) -> None:
    """Delete a recording's file; nothing when it is gone already."""
    media_files.remove(_path(house_id, recording_id))


def _path(house_id: int, recording_id: int) -> Path:
    return Path(settings.VAR_DIR) / "recordings" / str(house_id) / f"{recording_id}.sealed"


def _name(recording_id: int) -> str:
    return f"call:{recording_id}"
