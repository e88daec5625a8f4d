"""Stock moves, it is never edited: each movement and its level change in one transaction, never below zero."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from seta.boutique.models import StockLevel, StockMovement
from seta.boutique.rules import OrderRefused, Refusal


def move(
    *,
    variant_id: int,
    location: str,
    quantity: int,
    reason: str,
    ref: str,
    now: datetime,
    note: str = "",
    user_id: int | None = None,
) -> None:
    """Add (or with a negative quantity take) pieces at a location.

    Must be called inside a transaction, variants in ascending order so that two orders never wait for each
    other in a circle. Raises OrderRefused(OUT_OF_STOCK) when fewer pieces are there than are taken.
    """
    assert transaction.get_connection().in_atomic_block, "a movement and its level change together"
    assert quantity, "a movement moves"
    if quantity > 0:
        StockLevel.objects.get_or_create(variant_id=variant_id, location=location)
    changed = StockLevel.objects.filter(
        variant_id=variant_id, location=location, quantity__gte=-quantity
    ).update(quantity=F("quantity") + quantity)
    if not changed:
        raise OrderRefused(Refusal.OUT_OF_STOCK, f"variant {variant_id} at {location}")
    StockMovement.objects.create(
        variant_id=variant_id,
        location=location,
        quantity=quantity,
        reason=reason,
        ref=ref,
        note=note,
        user_id=user_id,
        moved_at=now,
    )


@transaction.atomic
def transfer_stock(
    *, variant_id: int, source: str, target: str, quantity: int, ref: str, now: datetime
) -> None:
    """Move pieces from one location to another; `ref` names the errand and happens once.

    Raises OrderRefused: WRONG_QUANTITY below 1, OUT_OF_STOCK when the source has fewer.
    """
    if quantity < 1 or source == target:
        raise OrderRefused(Refusal.WRONG_QUANTITY, str(quantity))
    move(variant_id=variant_id, location=source, quantity=-quantity, reason="transfer", ref=ref, now=now)
    move(variant_id=variant_id, location=target, quantity=quantity, reason="transfer", ref=ref, now=now)


@transaction.atomic
def count_stock(
    *,
    variant_id: int,
    location: str,
    counted: int,
    now: datetime,
    note: str = "",
    user_id: int | None = None,
) -> int:
    """Book the difference between what was counted and what was known; returns the difference."""
    if counted < 0:
        raise OrderRefused(Refusal.WRONG_QUANTITY, str(counted))
    StockLevel.objects.get_or_create(variant_id=variant_id, location=location)
    level = StockLevel.objects.select_for_update().get(variant_id=variant_id, location=location)
    difference = counted - level.quantity
    if difference:
        move(
            variant_id=variant_id,
            location=location,
            quantity=difference,
            reason="count",
            ref="",
            note=note,
            user_id=user_id,
            now=now,
        )
    return difference
