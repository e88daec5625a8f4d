"""What a house promises after the sale, and what of an order has left it, come back or is still owed."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Sum

from seta.boutique.models import (
    AfterSaleLine,
    DeliveryFee,
    Fulfilment,
    MoneyBack,
    Order,
    OrderRefund,
    ServiceTerms,
)
from seta.boutique.rules.after_sale import Standing
from seta.boutique.rules.fulfilment import GONE, Terms, Way, fee_of
from seta.boutique.rules.orders import HAS_BEEN_PAID, Channel, State


def terms(house_id: int) -> Terms:
    """The house's terms; the rules' own until it has set some."""
    row = ServiceTerms.objects.filter(house_id=house_id).first()
    if row is None:
        return Terms()
    return Terms(**{name: getattr(row, name) for name in Terms.__dataclass_fields__})


def delivery_fees(house_id: int) -> Mapping[str, Terms]:
    """The terms of every market that has a price for deliveries of its own, by its code."""
    found = terms(house_id)
    rows = DeliveryFee.objects.filter(house_id=house_id).order_by("market")
    return {
        row.market: replace(found, delivery_fee=row.delivery_fee, free_from=row.free_from) for row in rows
    }


def terms_in(house_id: int, country: str) -> Terms:
    """The terms for a delivery to a country; the house's own where the country has no price of its own."""
    return delivery_fees(house_id).get(country.lower()) or terms(house_id)


def came_back(order_id: int) -> dict[int, int]:
    """Pieces by line that requests after the sale have brought back, restocked or not."""
    rows = AfterSaleLine.objects.filter(
        after_sale__order_id=order_id, after_sale__state__in=[Standing.RECEIVED, Standing.CLOSED]
    )
    return dict(rows.values_list("line_id").annotate(sum=Sum("quantity")))


def has_gone(order_id: int) -> bool:
    """Whether the pieces have left the house by a carrier or by a pick-up."""
    rows = Fulfilment.objects.filter(order_id=order_id, stage__in=sorted(GONE))
    return rows.exclude(way=Way.TAKEN).exists()


def left_of(order: Order) -> int:
    """Fen of an order's own payment that nobody has been given or promised."""
    if order.state not in HAS_BEEN_PAID:
        return 0
    refunds = OrderRefund.objects.filter(order=order)
    under_way = refunds.filter(succeeded_at=None, failed_at=None).aggregate(sum=Sum("amount"))["sum"] or 0
    asked = set(refunds.values_list("key", flat=True))
    planned = sum(row.amount for row in MoneyBack.objects.filter(order=order) if row.key not in asked)
    return max(order.total - order.refunded - under_way - planned, 0)


def lefts(order: Order) -> list[tuple[int, int]]:
    """(order, fen left) of an order and, behind it, of those whose pieces were exchanged for its own.

    Of an earlier payment no more counts than the credit that it gave, less what went back of that already.
    """
    found = [(order.pk, left_of(order))]
    cap = None
    while (exchange := getattr(order, "exchanged_from", None)) is not None:
        earlier: Order = exchange.order
        drawn = MoneyBack.objects.filter(after_sale__order=order).exclude(order=order)
        credit = order.credit - (drawn.aggregate(sum=Sum("amount"))["sum"] or 0)
        cap = max(credit if cap is None else min(cap, credit), 0)
        found.append((earlier.pk, min(left_of(earlier), cap)))
        cap = max(cap - found[-1][1], 0)
        order = earlier
    return found


def waits_for_way(order_id: int) -> bool:
    """Whether an unpaid order of the mini program's waits for how it is to arrive, because a delivery would cost.

    Once its payment is open the total stays, whatever the terms become: other money than asked for pays no order.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != State.PLACED or order.channel != Channel.MINI_PROGRAM:
        return False
    if order.fee or order.credit or order.intent_id is not None:
        return False
    way = Fulfilment.objects.filter(order=order).values_list("way", flat=True).first()
    if way not in (None, Way.OPEN):
        return False
    known = [terms(order.house_id), *delivery_fees(order.house_id).values()]
    return any(fee_of(Way.DELIVERY, order.total, each) for each in known)
