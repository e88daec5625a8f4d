"""What waits, what rests, and the events that the lake has not taken yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from seta.events.models import Delivery, Event


@dataclass(frozen=True)
class Backlog:
    """Deliveries by state."""

    waiting: int
    resting: int
    done: int


@dataclass(frozen=True)
class EventRow:
    """An event as the lake and the desk see it."""

    id: int
    name: str
    house_id: int
    person_id: int | None
    occurred_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True)
class RestingDelivery:
    """A delivery that failed too often, with its last error."""

    id: int
    handler: str
    event: str
    error: str


def backlog() -> Backlog:
    """How many deliveries wait, rest and are done."""
    counts = Delivery.objects.aggregate(
        waiting=Count("pk", filter=Q(done_at__isnull=True, resting=False)),
        resting=Count("pk", filter=Q(resting=True)),
        done=Count("pk", filter=Q(done_at__isnull=False)),
    )
    return Backlog(**counts)


def resting(limit: int = 50) -> Sequence[RestingDelivery]:
    """Deliveries that need a person."""
    rows = Delivery.objects.filter(resting=True).select_related("event").order_by("-id")[:limit]
    return [RestingDelivery(row.pk, row.handler, str(row.event), row.error) for row in rows]


def unlaked(limit: int) -> Sequence[EventRow]:
    """Events that are not in the lake yet, oldest first."""
    return [_row(event) for event in Event.objects.filter(laked=False).order_by("id")[:limit]]


def of_person(*, house_id: int, person_id: int, limit: int = 200) -> Sequence[EventRow]:
    """A person's events, newest first."""
    events = Event.objects.filter(house_id=house_id, person_id=person_id).order_by("-occurred_at", "-id")
    return [_row(event) for event in events[:limit]]


def newest(*, house_id: int, name: str, limit: int = 1) -> Sequence[EventRow]:
    """The newest facts of a name."""
    rows = Event.objects.filter(house_id=house_id, name=name).order_by("-id")
    return [_row(event) for event in rows[:limit]]


def told_between(
    *, house_id: int, names: Collection[str], since: datetime, until: datetime, limit: int
) -> Sequence[EventRow]:
    """Facts of these names that were recorded from `since` up to before `until`, oldest first."""
    rows = Event.objects.filter(
        house_id=house_id, name__in=names, recorded_at__gte=since, recorded_at__lt=until
    ).order_by("id")
    return [_row(event) for event in rows[:limit]]


def told_of(
    *, house_id: int, names: Collection[str], field: str, value: str, since: datetime, limit: int
) -> Sequence[tuple[str, datetime]]:
    """Name and instant of the newest facts of these names whose body has this text in this field."""
    rows = Event.objects.filter(
        house_id=house_id, name__in=names, occurred_at__gte=since, **{f"body__{field}": value}
    ).order_by("-occurred_at", "-id")
    return list(rows.values_list("name", "occurred_at")[:limit])


def count_named(*, house_id: int, name: str) -> int:
    """How many facts of a name a house has."""
    return Event.objects.filter(house_id=house_id, name=name).count()


def _row(event: Event) -> EventRow:
    return EventRow(event.pk, event.name, event.house_id, event.person_id, event.occurred_at, event.body)
