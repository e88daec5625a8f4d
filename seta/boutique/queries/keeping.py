"""Where pieces are, what came and went, and what is on its way."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Sum, Window

from seta.boutique.models import (
    StockLevel,
    StockMovement,
    StockTransfer,
)
from seta.boutique.queries.showing import in_language, label_of
from seta.boutique.rules import IN_TRANSIT, ONLINE, Transit


@dataclass(frozen=True)
class StockRow:
    """Pieces of a variant at a location."""

    variant_id: int
    product_code: str
    sku: str
    location: str
    quantity: int


@dataclass(frozen=True)
class MovementRow:
    """One movement of stock."""

    quantity: int
    location: str
    reason: str
    ref: str
    moved_at: datetime


@dataclass(frozen=True)
class HistoryRow:
    """One movement, who made it and why, and what was left at the place after it."""

    moved_at: datetime
    location: str
    quantity: int
    left: int
    reason: str
    ref: str
    note: str
    user_id: int | None


@dataclass(frozen=True)
class TransferRow:
    """Pieces sent from one place to another; `arrived` once it ended."""

    id: int
    variant_id: int
    sku: str
    label: str
    product_name: str
    source: str
    target: str
    quantity: int
    arrived: int | None
    state: str
    sent_by: int
    sent_at: datetime
    ended_by: int | None
    ended_at: datetime | None


def stock(*, house_id: int) -> list[StockRow]:
    """What is left of every variant at every location."""
    rows = StockLevel.objects.filter(variant__house_id=house_id).select_related("variant__product")
    return [
        StockRow(row.variant_id, row.variant.product.code, row.variant.sku, row.location, row.quantity)
        for row in rows.order_by("variant_id", "location")
    ]


def stock_left(*, variant_id: int, location: str = ONLINE) -> int:
    """Pieces of a variant at a location."""
    level = StockLevel.objects.filter(variant_id=variant_id, location=location)
    return level.values_list("quantity", flat=True).first() or 0


def movements(*, variant_id: int, limit: int = 100) -> list[MovementRow]:
    """A variant's movements, newest first."""
    rows = StockMovement.objects.filter(variant_id=variant_id).order_by("-id")[:limit]
    return [MovementRow(row.quantity, row.location, row.reason, row.ref, row.moved_at) for row in rows]


def history(
    *, house_id: int, variant_id: int, location: str = "", limit: int = 100, offset: int = 0
) -> list[HistoryRow]:
    """A variant's movements, newest first, each with the pieces left at its place after it.

    Of what is on its way only the pieces that went missing are told; a transfer's ends tell the rest, so for
    those rows `left` means nothing.
    """
    left = Window(Sum("quantity"), partition_by=F("location"), order_by=F("id").asc())
    rows = StockMovement.objects.filter(variant_id=variant_id, variant__house_id=house_id)
    if location:
        rows = rows.filter(location=location)
    rows = rows.exclude(~Q(reason="missing"), location=IN_TRANSIT).annotate(left=left).order_by("-id")
    same = ("moved_at", "location", "quantity", "left", "reason", "ref", "note", "user_id")
    return [HistoryRow(**row) for row in rows.values(*same)[offset : offset + limit]]


def transfers(
    *,
    house_id: int,
    is_open: bool = True,
    variant_id: int | None = None,
    language: str = "en",
    limit: int = 100,
) -> list[TransferRow]:
    """Transfers on their way, oldest first; with `is_open` false those that ended, newest first."""
    rows = StockTransfer.objects.filter(house_id=house_id).select_related("variant__product")
    if variant_id is not None:
        rows = rows.filter(variant_id=variant_id)
    rows = (
        rows.filter(state=Transit.SENT).order_by("id")
        if is_open
        else rows.exclude(state=Transit.SENT).order_by("-ended_at", "-id")
    )
    same = (
        *("id", "variant_id", "source", "target", "quantity", "arrived", "state", "sent_by", "sent_at"),
        *("ended_by", "ended_at"),
    )
    return [
        TransferRow(
            **{name: getattr(row, name) for name in same},
            sku=row.variant.sku,
            label=label_of(row.variant, language),
            product_name=in_language(row.variant.product, "name", language),
        )
        for row in rows[:limit]
    ]


def transfer_places(*, house_id: int, transfer_id: int) -> tuple[str, str] | None:
    """Where a transfer comes from and goes to; None when the house has no such transfer."""
    rows = StockTransfer.objects.filter(pk=transfer_id, house_id=house_id)
    return rows.values_list("source", "target").first()


def transferred(*, house_id: int, transfer_id: int) -> int | None:
    """The variant that a transfer of the house moves."""
    rows = StockTransfer.objects.filter(pk=transfer_id, house_id=house_id)
    return rows.values_list("variant_id", flat=True).first()


def stock_breaks(*, house_id: int) -> list[StockRow]:
    """Levels that differ from the sum of their movements, with the difference; empty when all is well."""
    sums = {
        (row["variant_id"], row["location"]): row["sum"]
        for row in StockMovement.objects.filter(variant__house_id=house_id)
        .values("variant_id", "location")
        .annotate(sum=Sum("quantity"))
    }
    return [
        StockRow(row.variant_id, row.product_code, row.sku, row.location, row.quantity - moved)
        for row in stock(house_id=house_id)
        if row.quantity != (moved := sums.get((row.variant_id, row.location), 0))
    ]
