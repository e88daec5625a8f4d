"""What a client did with the house and got from it, with the days on which they chatted, on one line of time."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from seta.clienteling.models import TimelineEntry
from seta.conversations.queries import ChatDay, chat_days
from seta.houses.queries import house
from seta.oversight.queries import ArchivedDay, archived_days
from seta.people import queries as people

TIMELINE_ROWS = 40
ACCOUNT_CHAT, ARCHIVED_CHAT = "chat.account", "chat.archive"


@dataclass(frozen=True)
class TimelineItem:
    """Something the client did or got, newest first; `kind` is the fact's name, `details` its plain values.

    A day of chat is `chat.account` or `chat.archive`, stands at its last message and has 0 for an id.
    """

    at: datetime
    kind: str
    details: Mapping[str, Any]
    id: int


def timeline(
    *, house_id: int, person_id: int, before: tuple[datetime, int] | None = None, limit: int = TIMELINE_ROWS
) -> list[TimelineItem]:
    """What a person did with the house and got from it, newest first; the next page begins `before` the last item."""
    person_id = people.current_id(person_id)
    rows = TimelineEntry.objects.filter(house_id=house_id, person_id=person_id)
    if before is not None:
        at, entry_id = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=entry_id))
    facts = [TimelineItem(row.at, row.kind, row.body, row.pk) for row in rows.order_by("-at", "-id")[:limit]]
    asked: dict[str, Any] = {
        "house_id": house_id,
        "person_id": person_id,
        "zone": ZoneInfo(house(house_id).timezone),
        # At one instant facts stand before chats, so a page that ended with a fact has not shown the chat beside it.
        "before": before[0] + timedelta(microseconds=1 if before[1] else 0) if before else None,
        "limit": limit,
    }
    chats = [*_items(ACCOUNT_CHAT, chat_days(**asked)), *_items(ARCHIVED_CHAT, archived_days(**asked))]
    return sorted([*facts, *chats], key=lambda item: (item.at, item.id), reverse=True)[:limit]


def _items(kind: str, days: Iterable[ChatDay | ArchivedDay]) -> Iterable[TimelineItem]:
    for day in days:
        values = asdict(day)
        yield TimelineItem(values.pop("last_at"), kind, values, 0)
