"""Orders that are paid, sent and come back, for the tests of what happens after the sale."""

from itertools import count
from typing import Any

from seta.boutique import operations, queries
from seta.boutique.models import (
    AfterSale,
    MoneyBack,
    Order,
    OrderRefund,
)
from seta.boutique.queries import OrderCard
from seta.boutique.rules import Line
from seta.boutique.rules.after_sale import Kind, Reason, Wish
from seta.boutique.rules.fulfilment import Address
from tests.boutique.shop import (
    NOON,
    paid_fact,
    refunded_fact,
)

SHOP = "monte-napoleone"
MILAN = Address("Chen Xiao", "+39 02 7600 1234", "Milano", "Via Monte Napoleone 12", "20121", "IT")
STAFF = 11
HOUSES = count(1)


def left(variant_id: int, location: str = "online") -> int:
    return queries.stock_left(variant_id=variant_id, location=location)


def check_out(house: int, person: int, variant: int, quantity: int = 1, **more: Any) -> OrderCard:
    return operations.check_out(
        house_id=house, person_id=person, lines=[Line(variant, quantity)], now=NOON, **more
    )


def paid(house: int, person: int, variant: int, quantity: int = 1, **more: Any) -> Order:
    card = check_out(house, person, variant, quantity, **more)
    operations.on_payment_succeeded(paid_fact(house, card, intent_id=1000 + card.order_id), NOON)
    return Order.objects.get(pk=card.order_id)


def delivered(house: int, person: int, variant: int, quantity: int = 1) -> Order:
    order = paid(house, person, variant, quantity, address=MILAN)
    operations.ship_order(
        house_id=house, order_id=order.pk, carrier="SF", tracking="SF123456", user_id=STAFF, now=NOON
    )
    operations.confirm_delivery(house_id=house, order_id=order.pk, now=NOON)
    return order


def ask(order: Order, kind: Kind, *wishes: Wish, key: str = "k", now: Any = NOON, **more: Any) -> int:
    return operations.ask_after_sale(
        house_id=order.house_id,
        order_id=order.pk,
        kind=kind,
        reason=Reason.CHANGED_MIND,
        wishes=wishes,
        key=key,
        now=now,
        **more,
    )


def only_line(order: Order) -> int:
    return order.lines.get().pk


def accept(house: int, request: int, **more: Any) -> None:
    operations.accept_after_sale(house_id=house, request_id=request, user_id=STAFF, now=NOON, **more)


def receive(house: int, request: int, *, restock: bool = True) -> None:
    lines = list(AfterSale.objects.get(pk=request).lines.values_list("pk", flat=True))
    operations.receive_after_sale(
        house_id=house,
        request_id=request,
        place=SHOP,
        restocked=lines if restock else [],
        user_id=STAFF,
        now=NOON,
    )


def money_arrives(house: int, request: int, *, first_refund_id: int = 500) -> int:
    """Every planned part is paid by the provider, twice told; returns their sum."""
    total = 0
    for part in MoneyBack.objects.filter(after_sale_id=request).select_related("order").order_by("id"):
        refund_id = first_refund_id + part.pk
        OrderRefund.objects.get_or_create(
            order=part.order,
            key=part.key,
            defaults={"amount": part.amount, "reason": "退款", "refund_id": refund_id, "asked_at": NOON},
        )
        card = queries.order_card(part.order)
        fact = refunded_fact(
            house, card, part.amount, refund_id=refund_id, intent_id=part.order.paid_intent_id or 0
        )
        for _ in range(2):
            operations.on_refund_succeeded(fact, NOON)
        total += part.amount
    return total


def state_of(request: int) -> str:
    return AfterSale.objects.get(pk=request).state
