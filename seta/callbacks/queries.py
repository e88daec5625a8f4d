"""What came in at the doors and what was turned away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from seta.callbacks.models import Callback, Refusal


@dataclass(frozen=True)
class RefusalRow:
    """A push that was turned away."""

    source: str
    account_id: int | None
    reason: str
    detail: str
    at: datetime


@dataclass(frozen=True)
class DoorCounts:
    """Traffic of one kind at one door."""

    source: str
    kind: str
    kept: int
    repeats: int


def counts(house_id: int) -> Sequence[DoorCounts]:
    """Kept pushes and their repeats by source and kind."""
    rows = (
        Callback.objects.filter(house_id=house_id)
        .values("source", "kind")
        .annotate(kept=Count("pk"), again=Sum("repeats"))
        .order_by("source", "kind")
    )
    return [DoorCounts(row["source"], row["kind"], row["kept"], row["again"] or 0) for row in rows]


def refusals(limit: int = 100) -> Sequence[RefusalRow]:
    """The newest refusals."""
    rows = Refusal.objects.order_by("-id")[:limit]
    return [RefusalRow(row.source, row.account_id, row.reason, row.detail, row.at) for row in rows]


def refusal_counts() -> Mapping[str, int]:
    """How many refusals were kept, by reason."""
    return dict(Refusal.objects.values_list("reason").annotate(n=Count("pk")).order_by("reason"))


def unhandled() -> int:
    """Kept messages whose handler has failed so far."""
    return Callback.objects.filter(handled=False).count()
