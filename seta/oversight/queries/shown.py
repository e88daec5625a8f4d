"""What associates showed clients, opened for a machine that compares it with approved content and keeps no words."""

from dataclasses import dataclass
from datetime import datetime

from seta.oversight import bodies, media_files
from seta.oversight.models import ArchivedMessage, ArchiveMedia

KINDS = ("text", "mixed", "link")
PICTURE_BYTES_MAX = 20 << 20


@dataclass(frozen=True)
class SaidRow:
    """A message of an associate, open; `reference` is its msgid."""

    id: int
    reference: str
    userid: str
    at: datetime
    text: str


@dataclass(frozen=True)
class PictureRow:
    """A picture that an associate sent, open; `reference` is its message's msgid and its place in it."""

    reference: str
    userid: str
    at: datetime
    data: bytes


def said_by_associates(house_id: int, *, after: int, limit: int = 1000) -> tuple[list[SaidRow], int]:
    """What associates wrote to clients after a message's id, and the id up to which all was looked at.

    At most `limit` messages; those whose key is destroyed are left out.
    """
    rows = (
        ArchivedMessage.objects.filter(
            house_id=house_id, pk__gt=after, sender_role="sa", kind__in=KINDS, external_userid__gt=""
        )
        .order_by("pk")
        .values_list(
            *("pk", "account_id", "msgid", "userid", "sent_at", "sealed_body"),
            *("body_key_id", "body_key__sealed"),
        )[:limit]
    )
    found, last = [], after
    for pk, account_id, msgid, userid, at, sealed, key_id, key in rows:
        last = pk
        try:
            body = bodies.opened(key_id, key).unseal(sealed, bound_to=f"{account_id}:{msgid}")
        except bodies.BodyUnreadable:
            continue
        found.append(SaidRow(pk, msgid, userid, at, body.decode()))
    return found, last


def picture_of(house_id: int, media_id: int) -> PictureRow | None:
    """A kept picture of an associate's, or None when it is none, too large, forgotten or unreadable."""
    row = (
        ArchiveMedia.objects.select_related("body_key", "message")
        .filter(pk=media_id, house_id=house_id, kind="image", state=ArchiveMedia.State.KEPT)
        .filter(message__sender_role="sa", message__external_userid__gt="")
        .first()
    )
    if row is None or row.kept_bytes > PICTURE_BYTES_MAX:
        return None
    try:
        key = bodies.opened_key(row.body_key)
        path = media_files.path_of(house_id, media_id)
        data = b"".join(media_files.pieces(path, key=key, media_id=media_id))
    except (bodies.BodyUnreadable, FileNotFoundError):
        return None
    message = row.message
    return PictureRow(f"{message.msgid}#{row.place}", message.userid, message.sent_at, data)
