"""What can be heard of a client in the archive: voice messages and calls by WeCom, without opening any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.oversight.models import ArchivedMessage

VOICE = "voice"
CALLS = ("meeting_voice_call", "voiptext")
HEARD = (VOICE, *CALLS)


@dataclass(frozen=True)
class HeardRow:
    """A voice message or a call; `media_id` None where WeCom gives no sound, `media_state` how it is kept."""

    message_id: int
    kind: str
    at: datetime
    userid: str
    sender_role: str
    media_id: int | None
    media_state: str
    media_name: str
    size: int
    is_revoked: bool


def heard_of(*, house_id: int, person_id: int, limit: int = 100) -> Sequence[HeardRow]:
    """A client's voice messages and calls in the archive, newest first."""
    rows = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id, kind__in=HEARD)
    found = []
    for row in rows.prefetch_related("media").order_by("-sent_at", "-id")[:limit]:
        media = next(iter(row.media.all()), None)
        found.append(
            HeardRow(
                message_id=row.pk,
                kind=row.kind,
                at=row.sent_at,
                userid=row.userid,
                sender_role=row.sender_role,
                media_id=media.pk if media else None,
                media_state=media.state if media else "",
                media_name=media.name if media else "",
                size=media.kept_bytes if media else 0,
                is_revoked=row.revoked_at is not None,
            )
        )
    return found
