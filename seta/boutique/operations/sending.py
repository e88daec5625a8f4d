"""Pieces leave the house by a carrier or across the counter, each step once and by somebody."""

from datetime import datetime

from django.db import transaction

from seta.boutique.events import OrderArrived, OrderShipped, PickupReady
from seta.boutique.models import AfterSale, Fulfilment, Order
from seta.boutique.operations.noting import fulfilment_of, locked_of, must_be_paid, note
from seta.boutique.rules.after_sale import Kind, Standing
from seta.boutique.rules.fulfilment import Act, Stage, Way, code_of, moved_on, parcel_of
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.events.operations import publish


@transaction.atomic
def make_ready(*, house_id: int, order_id: int, user_id: int, now: datetime) -> None:
    """The pieces wait in the boutique; the client is told. Raises OrderRefused."""
    order, row = _acting(house_id, order_id, Act.MAKE_READY)
    row.ready_at = now
    row.save(update_fields=["stage", "ready_at"])
    note(order, "ready", now, detail=row.boutique_code, user_id=user_id)
    publish(
        PickupReady(
            house_id=house_id,
            occurred_at=now,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            order_id=order.pk,
            number=order.number,
            boutique=row.boutique_code,
        )
    )


@transaction.atomic
def ship_order(
    *, house_id: int, order_id: int, carrier: str, tracking: str, user_id: int, now: datetime
) -> None:
    """The parcel went to the carrier under a tracking number. Raises OrderRefused."""
    carrier, tracking = parcel_of(carrier, tracking)
    order, row = _acting(house_id, order_id, Act.SHIP)
    row.carrier, row.tracking, row.shipped_at = carrier, tracking, now
    row.save(update_fields=["stage", "carrier", "tracking", "shipped_at"])
    note(order, "shipped", now, detail=f"{carrier} {tracking}", user_id=user_id)
    publish(
        OrderShipped(
            house_id=house_id,
            occurred_at=now,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            order_id=order.pk,
            number=order.number,
            carrier=carrier,
            tracking=tracking,
        )
    )


@transaction.atomic
def confirm_delivery(*, house_id: int, order_id: int, user_id: int | None = None, now: datetime) -> None:
    """The parcel arrived, as the client (no `user_id`) or the carrier says; days for returns count from here."""
    order, row = _acting(house_id, order_id, Act.DELIVER, is_bound=False)
    _arrived(order, row, now, user_id)


@transaction.atomic
def hand_over(*, house_id: int, code: str, boutique: str, user_id: int, now: datetime) -> int:
    """Give the pieces to whoever shows the pick-up code, at the boutique where they wait; returns the order's id.

    Raises OrderRefused: UNKNOWN_CODE, OTHER_BOUTIQUE, NOT_READY, or WRONG_STATE when they were handed over.
    """
    order_id = waiting_order(house_id=house_id, code=code, boutique=boutique)
    order, row = _acting(house_id, order_id, Act.HAND_OVER)
    row.handed_by = user_id
    _arrived(order, row, now, user_id)
    return order_id


def waiting_order(*, house_id: int, code: str, boutique: str) -> int:
    """The order behind a pick-up code; with `boutique` empty in any. Raises as hand_over does."""
    found = Fulfilment.objects.filter(house_id=house_id, code=code_of(code), way=Way.PICKUP).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_CODE)
    if boutique and found.boutique_code != boutique:
        raise OrderRefused(Refusal.OTHER_BOUTIQUE, found.boutique_code)
    return found.order_id


def _arrived(order: Order, row: Fulfilment, now: datetime, user_id: int | None) -> None:
    row.arrived_at = now
    row.save(update_fields=["stage", "arrived_at", "handed_by"])
    what = "delivered" if row.stage == Stage.DELIVERED else "handed_over"
    note(order, what, now, detail=row.boutique_code, user_id=user_id)
    publish(
        OrderArrived(
            house_id=order.house_id,
            occurred_at=now,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            order_id=order.pk,
            number=order.number,
            way=row.way,
            boutique=row.boutique_code,
        )
    )


def _acting(house_id: int, order_id: int, act: Act, *, is_bound: bool = True) -> tuple[Order, Fulfilment]:
    """The order, locked, and its fulfilment one stage on (not yet saved).

    Raises OrderRefused; while the client waits for an answer to a cancellation nothing leaves.
    """
    order = locked_of(house_id, order_id)
    row = fulfilment_of(order)
    stage = moved_on(Way(row.way), Stage(row.stage), act)
    if is_bound:
        must_be_paid(order)
        if AfterSale.objects.filter(order=order, kind=Kind.CANCEL, state=Standing.ASKED).exists():
            raise OrderRefused(Refusal.CANCEL_ASKED)
    row.stage = stage
    return order, row
