"""What was said, opened and cut for a page: marks at what rules found, everything else plain text."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from seta.oversight import bodies
from seta.oversight.models import Alert, ArchivedMessage, Hit
from seta.oversight.rules import Action, Piece, pieces
from seta.oversight.rules import Hit as FoundHit

EXCERPT_CHARS_EACH_WAY = 24


@dataclass(frozen=True)
class MessageView:
    """A message to read; `pieces` are plain text to be escaped, empty when the body was erased."""

    id: int
    sender_role: str
    kind: str
    sent_at: datetime
    pieces: tuple[Piece, ...]
    is_erased: bool
    revoked_at: datetime | None


def messages_of(house_id: int) -> QuerySet[ArchivedMessage]:
    """A house's archived messages with what is needed to open them."""
    return (
        ArchivedMessage.objects.filter(house_id=house_id).select_related("body_key").prefetch_related("hits")
    )


def text_of(message: ArchivedMessage) -> str | None:
    """The words of a message, or None when its key is destroyed or its body changed."""
    bound_to = f"{message.account_id}:{message.msgid}"
    try:
        return bodies.unseal(message.sealed_body, key=message.body_key, bound_to=bound_to).decode()
    except bodies.BodyUnreadable:
        return None


def _found(hit: Hit) -> FoundHit:
    return FoundHit(hit.rule, hit.severity, Action[hit.action.upper()], hit.start, hit.end, hit.tier)


def message_view(row: ArchivedMessage) -> MessageView:
    """A message as a page shows it."""
    text = text_of(row)
    return MessageView(
        id=row.pk,
        sender_role=row.sender_role,
        kind=row.kind,
        sent_at=row.sent_at,
        pieces=tuple(pieces(text or "", map(_found, row.hits.all()))),
        is_erased=text is None,
        revoked_at=row.revoked_at,
    )


def excerpt(row: Alert) -> tuple[Piece, ...]:
    """The words around an alert's first hit, cut into pieces to be marked."""
    text = text_of(row.message) or ""
    hits = [_found(hit) for hit in row.message.hits.all() if hit.rule == row.rule]
    if not hits:
        return ()
    low = max(0, min(hit.start for hit in hits) - EXCERPT_CHARS_EACH_WAY)
    high = min(hit.end for hit in hits) + EXCERPT_CHARS_EACH_WAY
    moved = [
        FoundHit(hit.rule, hit.severity, hit.action, hit.start - low, min(hit.end, high) - low, hit.tier)
        for hit in hits
    ]
    return tuple(pieces(text[low:high], moved))


def context_of(message: ArchivedMessage, *, each_way: int) -> tuple[MessageView, ...]:
    """A message with so many before and after it in its conversation, oldest first."""
    said = messages_of(message.house_id).filter(ArchivedMessage.in_conversations([message.conversation]))
    at = message.sent_at
    before = list(said.filter(sent_at__lt=at).order_by("-sent_at", "-seq")[:each_way])
    after = list(said.filter(sent_at__gte=at).order_by("sent_at", "seq")[: each_way + 1])
    return tuple(message_view(each) for each in [*reversed(before), *after])
