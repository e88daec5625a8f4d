"""The files of exported messages: each with its own line of the log, opened only while the bundle is written."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from seta.oversight import media_files
from seta.oversight.bodies import BodyUnreadable, opened_key
from seta.oversight.models import ArchivedMessage, ArchiveMedia, AuditEvent
from seta.oversight.operations.archive.media import told_of
from seta.oversight.rules import bundle, merkle
from seta.oversight.tree import StoredTree

log = logging.getLogger(__name__)


@dataclass
class Exported:
    """The files of a bundle; a message's are told once they proved to be whole, and written once each."""

    size: int
    tree: StoredTree
    files: dict[str, int] = field(default_factory=dict)
    missing: int = 0

    def entries_of(self, row: ArchivedMessage) -> list[dict[str, Any]]:
        """What a message's line tells of its files; those not to be had, or kept after the head, are left out."""
        return [
            bundle.media_entry(
                event=AuditEvent.objects.get(house_id=media.house_id, seq=line).body,
                proof=merkle.inclusion(line - 1, self.size, self.tree),
                record=told_of(media),
            )
            for media, line in self._whole(row)
        ]

    def _whole(self, row: ArchivedMessage) -> Iterator[tuple[ArchiveMedia, int]]:
        kept = row.media.filter(state=ArchiveMedia.State.KEPT, log_line__lte=self.size)
        for media in kept.select_related("body_key").order_by("place"):
            if media.log_line is None:
                continue
            if _is_whole(media):
                self.files.setdefault(media.sha256, media.pk)
                yield media, media.log_line
            else:
                self.missing += 1
                log.error("file %s of message %s was changed or is gone", media.pk, row.pk)

    def contents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file's name in the bundle and its bytes, opened piece by piece."""
        for digest, media_id in self.files.items():
            yield (
                bundle.MEDIA + digest,
                _pieces(ArchiveMedia.objects.select_related("body_key").get(pk=media_id)),
            )


def _pieces(media: ArchiveMedia) -> Iterator[bytes]:
    path = media_files.path_of(media.house_id, media.pk)
    return media_files.pieces(path, key=opened_key(media.body_key), media_id=media.pk)


def _is_whole(media: ArchiveMedia) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in _pieces(media):
            digest.update(piece)
    except (BodyUnreadable, FileNotFoundError):
        return False
    return digest.hexdigest() == media.sha256
