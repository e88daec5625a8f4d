"""People keep stock by hand: deliveries come in, transfers travel, counts are explained; each names who did it."""

from datetime import datetime

from django.db import transaction

from seta.boutique.models import SalesPoint, StockLevel, StockMovement, StockTransfer, Variant
from seta.boutique.operations.stock import count_stock, move
from seta.boutique.rules import IN_TRANSIT, ONLINE, OrderRefused, Refusal, Transit, note_of, pieces_of


@transaction.atomic
def receive_delivery(
    *,
    house_id: int,
    variant_id: int,
    location: str,
    quantity: int,
    note: str,
    key: str,
    user_id: int,
    now: datetime,
) -> None:
    """Take in new pieces at a place; the same `key` again changes nothing.

    Raises OrderRefused: UNKNOWN_VARIANT, UNKNOWN_BOUTIQUE, WRONG_PIECES, NOTE_MISSING (too long).
    """
    _check(house_id, variant_id, location)
    pieces, said = pieces_of(quantity), note_of(note, is_needed=False)
    _locked(variant_id, location)
    done = StockMovement.objects.filter(variant_id=variant_id, location=location)
    if done.filter(reason="delivery", ref=key).exists():
        return
    move(
        variant_id=variant_id,
        location=location,
        quantity=pieces,
        reason="delivery",
        ref=key,
        note=said,
        user_id=user_id,
        now=now,
    )


@transaction.atomic
def send_transfer(
    *,
    house_id: int,
    variant_id: int,
    source: str,
    target: str,
    quantity: int,
    key: str,
    user_id: int,
    now: datetime,
) -> int:
    """Send pieces to another place; until they are received they are nobody's to sell. Returns the transfer.

    The same `key` again gives the same transfer. Raises OrderRefused: UNKNOWN_VARIANT, UNKNOWN_BOUTIQUE,
    SAME_PLACE, WRONG_PIECES, OUT_OF_STOCK when the source has fewer.
    """
    _check(house_id, variant_id, source, target)
    if source == target:
        raise OrderRefused(Refusal.SAME_PLACE)
    transfer, is_new = StockTransfer.objects.get_or_create(
        house_id=house_id,
        key=key,
        defaults={
            "variant_id": variant_id,
            "source": source,
            "target": target,
            "quantity": pieces_of(quantity),
            "sent_by": user_id,
            "sent_at": now,
        },
    )
    if is_new:
        _step(transfer, source, -quantity, "sent", user_id, now)
        _step(transfer, IN_TRANSIT, quantity, "sent", user_id, now)
    return transfer.pk


@transaction.atomic
def receive_transfer(
    *, house_id: int, transfer_id: int, arrived: int, note: str, user_id: int, now: datetime
) -> None:
    """Put what arrived on the shelf; what did not is written off as missing, with a note that says why.

    Raises OrderRefused: UNKNOWN_TRANSFER, TRANSFER_ENDED, WRONG_PIECES, NOTE_MISSING.
    """
    transfer = _travelling(house_id, transfer_id)
    pieces_of(arrived, least=0, most=transfer.quantity)
    missing = transfer.quantity - arrived
    said = note_of(note, is_needed=bool(missing))
    if arrived:
        _step(transfer, IN_TRANSIT, -arrived, "received", user_id, now)
        _step(transfer, transfer.target, arrived, "received", user_id, now, said)
    if missing:
        _step(transfer, IN_TRANSIT, -missing, "missing", user_id, now, said)
    _end(transfer, Transit.RECEIVED, arrived, user_id, now)


@transaction.atomic
def recall_transfer(*, house_id: int, transfer_id: int, user_id: int, now: datetime) -> None:
    """Call pieces back that have not arrived: they return to where they came from.

    Raises OrderRefused: UNKNOWN_TRANSFER, TRANSFER_ENDED.
    """
    transfer = _travelling(house_id, transfer_id)
    _step(transfer, IN_TRANSIT, -transfer.quantity, "recalled", user_id, now)
    _step(transfer, transfer.source, transfer.quantity, "recalled", user_id, now)
    _end(transfer, Transit.RECALLED, 0, user_id, now)


@transaction.atomic
def count_place(
    *, house_id: int, variant_id: int, location: str, counted: int, note: str, user_id: int, now: datetime
) -> int:
    """Book a count; a difference is a movement that names its counter and says why. Returns the difference.

    Raises OrderRefused: UNKNOWN_VARIANT, UNKNOWN_BOUTIQUE, WRONG_PIECES, NOTE_MISSING.
    """
    _check(house_id, variant_id, location)
    pieces_of(counted, least=0)
    said = note_of(note, is_needed=_locked(variant_id, location).quantity != counted)
    return count_stock(
        variant_id=variant_id, location=location, counted=counted, note=said, user_id=user_id, now=now
    )


def _check(house_id: int, variant_id: int, *locations: str) -> None:
    """Stock is kept for the house's own variants at its own places."""
    if not Variant.objects.filter(pk=variant_id, house_id=house_id).exists():
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    known = {ONLINE, *SalesPoint.objects.filter(house_id=house_id).values_list("code", flat=True)}
    for location in locations:
        if location not in known:
            raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, location)


def _locked(variant_id: int, location: str) -> StockLevel:
    """The level, locked, so that what was looked up stays true until the movement is written."""
    StockLevel.objects.get_or_create(variant_id=variant_id, location=location)
    return StockLevel.objects.select_for_update().get(variant_id=variant_id, location=location)


def _travelling(house_id: int, transfer_id: int) -> StockTransfer:
    """The transfer, locked, still on its way: two who receive it at once are one who does."""
    rows = StockTransfer.objects.select_for_update()
    transfer = rows.filter(pk=transfer_id, house_id=house_id).first()
    if transfer is None:
        raise OrderRefused(Refusal.UNKNOWN_TRANSFER, str(transfer_id))
    if transfer.state != Transit.SENT:
        raise OrderRefused(Refusal.TRANSFER_ENDED, transfer.state)
    return transfer


def _step(
    transfer: StockTransfer,
    location: str,
    quantity: int,
    reason: str,
    user_id: int,
    now: datetime,
    note: str = "",
) -> None:
    move(
        variant_id=transfer.variant_id,
        location=location,
        quantity=quantity,
        reason=reason,
        ref=f"transfer-{transfer.pk}",
        note=note,
        user_id=user_id,
        now=now,
    )


def _end(transfer: StockTransfer, state: Transit, arrived: int, user_id: int, now: datetime) -> None:
    transfer.state, transfer.arrived = state, arrived
    transfer.ended_by, transfer.ended_at = user_id, now
    transfer.save(update_fields=["state", "arrived", "ended_by", "ended_at"])
