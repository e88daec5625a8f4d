"""Fetches the files of archived messages piece by piece, seals them with the person's key, and forgets them in time."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.oversight import media_files
from seta.oversight.bodies import BodyUnreadable, SealingKey, opened_key
from seta.oversight.events import MediaKept
from seta.oversight.models import ArchiveMedia
from seta.oversight.operations.audit import append_audit, append_audit_many
from seta.oversight.operations.rights import authorise
from seta.oversight.rules import bundle as evidence
from seta.oversight.rules.review import Refusal, Refused, purpose_of
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import ArchiveSource

log = logging.getLogger(__name__)

MEDIA_BYTES_MAX = 256 << 20
FILES_PER_SWEEP_MAX = 100
FORGET_PER_SWEEP_MAX = 1000
ATTEMPTS_MAX = 12
TOO_LARGE, NEVER_ENDS, WRONG_DIGEST, WRONG_SIZE, CHANGED = "TOO_LARGE", "NEVER_ENDS", "MD5", "SIZE", "CHANGED"


class _Unwanted(Exception):
    """A file that will never be kept: its code, and why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class MediaReport:
    """What one round of fetching came to."""

    kept: int = 0
    failed: int = 0
    later: int = 0


@dataclass(frozen=True)
class OpenedMedia:
    """A file to be looked at; `pieces` raise BodyUnreadable when it was changed on disk."""

    name: str
    kind: str
    size: int
    pieces: Iterator[bytes]


def fetch_media(*, house_id: int, now: datetime, source: ArchiveSource | None = None) -> MediaReport:
    """Fetch files that wait, oldest first; call outside a transaction, since it talks to the platform."""
    waiting = ArchiveMedia.objects.filter(
        house_id=house_id, state=ArchiveMedia.State.WAITING, due_at__lte=now
    ).select_related("body_key", "message")
    rows = list(waiting.order_by("due_at", "id")[:FILES_PER_SWEEP_MAX])
    if not rows:
        return MediaReport()
    source = source or houses.archive(house_id)
    ends = [_fetch(row, source, now) for row in rows]
    return MediaReport(*(ends.count(state) for state in ("kept", "failed", "waiting")))


def _fetch(row: ArchiveMedia, source: ArchiveSource, now: datetime) -> str:
    path = media_files.path_of(row.house_id, row.pk)
    try:
        key = opened_key(row.body_key)
        _take(row, source, key)
        _finish(row, key, now)
    except BodyUnreadable as problem:
        media_files.remove(path)
        _end(row, ArchiveMedia.State.FORGOTTEN, CHANGED, str(problem))
    except _Unwanted as problem:
        media_files.remove(path)
        _end(row, ArchiveMedia.State.FAILED, problem.code, str(problem))
        log.warning("file %s of message %s is not kept: %s", row.pk, row.message_id, problem)
    except PlatformError as problem:
        row.attempts += 1
        if problem.retryable and row.attempts < ATTEMPTS_MAX:
            row.due_at = now + min(timedelta(hours=2), timedelta(minutes=2**row.attempts))
            _end(row, ArchiveMedia.State.WAITING, problem.code, problem.message)
        else:
            media_files.remove(path)
            _end(row, ArchiveMedia.State.FAILED, problem.code, problem.message)
            log.warning("file %s of message %s cannot be had: %s", row.pk, row.message_id, problem)
    return str(row.state)


def _take(row: ArchiveMedia, source: ArchiveSource, key: SealingKey) -> None:
    """Fetch piece by piece from where the last fetch stopped; each is durable before the next is asked for."""
    if row.declared_bytes > MEDIA_BYTES_MAX:
        raise _Unwanted(TOO_LARGE, f"{row.declared_bytes:,} bytes; {MEDIA_BYTES_MAX:,} are kept at most")
    path = media_files.path_of(row.house_id, row.pk)
    if row.chunks and not row.following:
        return
    while True:
        piece = source.media_chunk(row.sdkfileid, row.following)
        if (
            len(piece.data) > media_files.PIECE_BYTES_MAX
            or row.kept_bytes + len(piece.data) > MEDIA_BYTES_MAX
        ):
            raise _Unwanted(TOO_LARGE, f"more than {MEDIA_BYTES_MAX:,} bytes, whatever it said of itself")
        media_files.append(
            path, piece.data, key=key, media_id=row.pk, place=row.chunks, kept_bytes=row.kept_bytes
        )
        row.chunks, row.kept_bytes = row.chunks + 1, row.kept_bytes + len(piece.data)
        row.following = "" if piece.is_last else piece.following
        row.save(update_fields=["chunks", "kept_bytes", "following"])
        if piece.is_last:
            return
        if not piece.following or not piece.data:
            raise _Unwanted(NEVER_ENDS, "the platform neither ends the file nor goes on")


def _finish(row: ArchiveMedia, key: SealingKey, now: datetime) -> None:
    """Compare with what the platform said of it, and write what is kept into the log."""
    md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
    path = media_files.path_of(row.house_id, row.pk)
    for piece in media_files.pieces(path, key=key, media_id=row.pk):
        md5.update(piece)
        sha256.update(piece)
        size += len(piece)
    if row.md5 and md5.hexdigest() != row.md5.lower():
        raise _Unwanted(WRONG_DIGEST, "its MD5 is not the one in its message")
    if row.declared_bytes and size != row.declared_bytes:
        raise _Unwanted(WRONG_SIZE, f"{size:,} bytes came and {row.declared_bytes:,} were announced")
    row.sha256, row.kept_at = sha256.hexdigest(), now
    with path.open("rb") as file:
        sealed = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        row.save(update_fields=["sha256", "kept_at"])
        _end(row, ArchiveMedia.State.KEPT, "", "")
        msgid = row.message.msgid
        salt = evidence.salt_of(key.secret, account=row.account_id, msgid=msgid)
        details = {
            "account": row.account_id,
            "msgid": msgid,
            "place": row.place,
            "sealed_sha256": sealed,
            "commitment": evidence.commitment(salt, told_of(row)),
        }
        (row.log_line,) = append_audit_many(
            house_id=row.house_id, kind="media.kept", details=[details], now=now
        )
        row.save(update_fields=["log_line"])
        publish(
            MediaKept(
                house_id=row.house_id,
                occurred_at=now,
                person_id=row.message.person_id,
                media_id=row.pk,
                message_id=row.message_id,
                userid=row.message.userid,
                sender_role=row.message.sender_role,
                kind=row.kind,
            )
        )


def told_of(row: ArchiveMedia) -> dict[str, Any]:
    """A kept file as evidence tells it."""
    return {
        "place": row.place,
        "kind": row.kind,
        "name": row.name,
        "bytes": row.kept_bytes,
        "sha256": row.sha256,
    }


def _end(row: ArchiveMedia, state: str, code: str, reason: str) -> None:
    row.state, row.code, row.reason = state, code[:24], reason[:300]
    row.save(update_fields=["state", "code", "reason", "attempts", "due_at"])


def open_media(*, house_id: int, media_id: int, user_id: int, purpose: str, now: datetime) -> OpenedMedia:
    """A file for a reviewer, for a purpose; the reading is logged. Raises Refused, BodyUnreadable."""
    authorise(house_id, user_id, f"media {media_id}", now)
    why = purpose_of(purpose)
    row = (
        ArchiveMedia.objects.filter(house_id=house_id, pk=media_id, state=ArchiveMedia.State.KEPT)
        .select_related("body_key")
        .first()
    )
    if row is None:
        raise Refused(Refusal.UNKNOWN)
    key = opened_key(row.body_key)
    details = {"user": user_id, "media": media_id, "purpose": why.value}
    append_audit(house_id=house_id, kind="media.read", details=details, now=now)
    path = media_files.path_of(house_id, media_id)
    return OpenedMedia(
        row.name, row.kind, row.kept_bytes, media_files.pieces(path, key=key, media_id=media_id)
    )


def forget_media(*, house_id: int, before: datetime, now: datetime) -> int:
    """Delete files kept before an instant; their messages stay. Returns how many files."""
    return _forget(
        list(
            ArchiveMedia.objects.filter(
                house_id=house_id, state=ArchiveMedia.State.KEPT, kept_at__lt=before
            ).order_by("id")[:FORGET_PER_SWEEP_MAX]
        ),
        house_id,
        now,
    )


def _forget(rows: Sequence[ArchiveMedia], house_id: int, now: datetime) -> int:
    with transaction.atomic():
        _note_forgotten(rows, house_id, now)
    _remove(rows)
    return len(rows)


def forget_files(rows: Sequence[ArchiveMedia], *, house_id: int, now: datetime) -> None:
    """Forget what is known of files, and delete them once the caller's transaction is committed."""
    _note_forgotten(rows, house_id, now)
    transaction.on_commit(lambda: _remove(rows))


def _note_forgotten(rows: Sequence[ArchiveMedia], house_id: int, now: datetime) -> None:
    ids = [row.pk for row in rows]
    if ids:
        ArchiveMedia.objects.filter(pk__in=ids).update(
            state=ArchiveMedia.State.FORGOTTEN, sdkfileid="", sha256="", md5="", name=""
        )
        append_audit(house_id=house_id, kind="media.forgotten", details={"files": ids}, now=now)


def _remove(rows: Sequence[ArchiveMedia]) -> None:
    for row in rows:
        media_files.remove(media_files.path_of(row.house_id, row.pk))


def sweep_media(now: datetime) -> int:
    """Fetch what waits in every house, and delete files whose key was destroyed; returns how many were kept."""
    kept = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        erased = ArchiveMedia.objects.filter(house_id=house.id, body_key__destroyed_at__isnull=False)
        _forget(
            list(erased.exclude(state=ArchiveMedia.State.FORGOTTEN)[:FORGET_PER_SWEEP_MAX]), house.id, now
        )
        try:
            kept += fetch_media(house_id=house.id, now=now).kept
        except PlatformError as problem:
            log.warning("files of house %s were not fetched: %s", house.code, problem)
    return kept
