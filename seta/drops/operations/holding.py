"""A reservation becomes an order and is paid."""

from datetime import datetime

from django.db import transaction

from seta.boutique.events import OrderPaid
from seta.boutique.operations import place_order
from seta.boutique.queries import OrderCard
from seta.boutique.rules import Channel, Line
from seta.drops.events import DropPiecePaid
from seta.drops.models import Drop, Reservation
from seta.drops.operations.places import stock_location
from seta.drops.rules import DropRefused, Hold, Holding, Refusal
from seta.events.operations import publish


@transaction.atomic
def claim(
    *,
    house_id: int,
    drop_id: int,
    person_id: int,
    seen_amount: int | None = None,
    source: str = "",
    campaign: str = "",
    now: datetime,
) -> OrderCard:
    """Make the reservation an order, to be paid before the reservation ends; again gives the same order.

    `seen_amount` is the price in fen that the client was shown, if known: another one makes no order of it, and the
    reservation stands. Raises DropRefused (UNKNOWN_DROP, NO_RESERVATION, RESERVATION_EXPIRED) or OrderRefused.
    """
    if not Drop.objects.filter(pk=drop_id, house_id=house_id).exists():
        raise DropRefused(Refusal.UNKNOWN_DROP, str(drop_id))
    row = (
        Reservation.objects.select_for_update(of=("self",))
        .select_related("drop")
        .filter(drop_id=drop_id, person_id=person_id)
        .first()
    )
    if row is None or row.state == Hold.WAITING:
        raise DropRefused(Refusal.NO_RESERVATION)
    holding = Holding(person_id, row.seq, Hold(row.state), row.expires_at)
    if not holding.stands(now):
        raise DropRefused(Refusal.RESERVATION_EXPIRED)
    card = place_order(
        house_id=house_id,
        person_id=person_id,
        lines=[Line(row.drop.variant_id, 1, seen_amount)],
        source=source,
        channel=Channel.DROP,
        campaign=campaign,
        location=stock_location(drop_id),
        key=f"drop-{drop_id}-{row.seq}",
        expires_at=row.expires_at,
        now=now,
    )
    if row.order_id is None:
        row.order_id = card.order_id
        row.save(update_fields=["order"])
    return card


@transaction.atomic
def on_order_paid(fact: OrderPaid, now: datetime) -> None:
    """The piece of a paid drop order is the person's for good."""
    if fact.channel != Channel.DROP:
        return
    row = (
        Reservation.objects.select_for_update(of=("self",))
        .select_related("drop")
        .filter(order_id=fact.order_id)
        .first()
    )
    if row is None or row.state == Hold.PAID:
        return
    assert row.state == Hold.RESERVED, (
        "an order that lapsed was cancelled, and a cancelled order is never paid"
    )
    row.state = Hold.PAID
    row.save(update_fields=["state"])
    publish(
        DropPiecePaid(
            house_id=fact.house_id,
            occurred_at=fact.occurred_at,
            person_id=fact.person_id,
            campaign=fact.campaign,
            associate_id=fact.associate_id,
            drop_id=row.drop_id,
            drop_code=row.drop.code,
            seq=row.seq,
            order_id=fact.order_id,
            number=fact.number,
            amount=fact.amount,
            currency=fact.currency,
            settle_amount=fact.settle_amount,
            settle_currency=fact.settle_currency,
        )
    )
