"""Orders with their lines and refunds, as clients and the desk read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from seta.boutique.models import (
    Order,
    OrderLine,
    OrderRefund,
)
from seta.boutique.queries.service import of_work
from seta.boutique.queries.showing import image_url, in_language, label_of
from seta.boutique.rules import HAS_BEEN_PAID


@dataclass(frozen=True)
class OrderCard:
    """An order in one line."""

    order_id: int
    number: str
    total: int
    currency: str
    state: str
    expires_at: datetime


@dataclass(frozen=True)
class OrderLineView:
    """A line of an order, named in the reader's language; amounts in minor units."""

    product_code: str
    sku: str
    name: str
    label: str
    image_url: str
    quantity: int
    unit_amount: int
    id: int = 0
    variant_id: int = 0


@dataclass(frozen=True)
class RefundView:
    """Money asked back, and when it went."""

    key: str
    amount: int
    reason: str
    refund_id: int | None
    asked_at: datetime
    succeeded_at: datetime | None


@dataclass(frozen=True)
class OrderView:
    """An order with everything a page shows; amounts in minor units, `settle_amount` once it is paid."""

    id: int
    house_id: int
    person_id: int | None
    number: str
    state: str
    channel: str
    source: str
    campaign: str
    associate_id: int | None
    boutique: str
    district: str
    currency: str
    total: int
    refunded: int
    settle_currency: str
    settle_amount: int | None
    intent_id: int | None
    paid_intent_id: int | None
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    lines: tuple[OrderLineView, ...]
    refunds: tuple[RefundView, ...]
    fee: int = 0
    credit: int = 0
    stage: str = ""


@dataclass(frozen=True)
class OrderTotals:
    """A house's orders counted and summed, in fen of CNY and minor units of the settlement currency."""

    placed: int
    paid: int
    closed: int
    paid_amount: int
    refunded_amount: int
    settle_amount: int


def order_card(order: Order) -> OrderCard:
    """The order in one line."""
    return OrderCard(order.pk, order.number, order.total, order.currency, order.state, order.expires_at)


def order_state(order_id: int) -> str:
    """The order's state; empty when there is no such order."""
    return Order.objects.filter(pk=order_id).values_list("state", flat=True).first() or ""


def product_codes(order_id: int) -> tuple[str, ...]:
    """Codes of the products in an order, by line."""
    codes = OrderLine.objects.filter(order_id=order_id).order_by("variant_id")
    return tuple(codes.values_list("variant__product__code", flat=True))


def order(
    *, order_id: int, house_id: int, person_id: int | None = None, language: str = "zh"
) -> OrderView | None:
    """An order of the house; with `person_id` only if it is that person's."""
    rows = _order_rows(Order.objects.filter(pk=order_id, house_id=house_id))
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    found = rows.first()
    return _order_view(found, language) if found else None


def order_by_number(*, house_id: int, number: str, language: str = "zh") -> OrderView | None:
    """An order by the number the client sees."""
    found = _order_rows(Order.objects.filter(number=number, house_id=house_id)).first()
    return _order_view(found, language) if found else None


def orders_of_person(
    *, house_id: int, person_id: int, language: str = "zh", limit: int = 50
) -> list[OrderView]:
    """A client's orders, newest first."""
    rows = Order.objects.filter(house_id=house_id, person_id=person_id).order_by("-placed_at", "-id")
    return [_order_view(row, language) for row in _order_rows(rows)[:limit]]


def orders(
    *,
    house_id: int,
    states: Iterable[str] = (),
    channel: str = "",
    boutique: str = "",
    search: str = "",
    work: str = "",
    language: str = "en",
    limit: int = 50,
    offset: int = 0,
) -> list[OrderView]:
    """The house's orders for the desk, newest first; `search` is part of a number, `work` one of service.WORKS."""
    rows = Order.objects.filter(house_id=house_id).order_by("-placed_at", "-id")
    wanted = {
        "state__in": list(states),
        "channel": channel,
        "boutique_code": boutique,
        "number__icontains": search,
    }
    rows = rows.filter(**{field: value for field, value in wanted.items() if value})
    if work:
        rows = rows.filter(of_work(work)).distinct()
    return [_order_view(row, language) for row in _order_rows(rows)[offset : offset + limit]]


def order_totals(
    *, house_id: int, since: datetime | None = None, until: datetime | None = None
) -> OrderTotals:
    """Counts and sums over the orders placed in [since, until)."""
    rows = Order.objects.filter(house_id=house_id)
    if since:
        rows = rows.filter(placed_at__gte=since)
    if until:
        rows = rows.filter(placed_at__lt=until)
    paid = Q(state__in=sorted(HAS_BEEN_PAID))
    sums = rows.aggregate(
        placed=Count("pk"),
        paid=Count("pk", filter=paid),
        closed=Count("pk", filter=Q(state__in=["cancelled", "expired"])),
        paid_amount=Sum("total", filter=paid),
        refunded_amount=Sum("refunded"),
        settle_amount=Sum("settle_amount", filter=paid),
    )
    return OrderTotals(**{name: value or 0 for name, value in sums.items()})


def _order_rows(rows: QuerySet[Order]) -> QuerySet[Order]:
    lines = OrderLine.objects.select_related("variant__product").order_by("variant_id")
    refunds = OrderRefund.objects.order_by("id")
    rows = rows.select_related("fulfilment")
    return rows.prefetch_related(Prefetch("lines", lines), Prefetch("refunds", refunds))


def _order_view(row: Order, language: str) -> OrderView:
    same = (
        *("id", "house_id", "person_id", "number", "state", "channel", "source", "campaign", "associate_id"),
        *("district", "currency", "total", "refunded", "settle_currency", "settle_amount", "intent_id"),
        *("paid_intent_id", "placed_at", "expires_at", "paid_at", "fee", "credit"),
    )
    return OrderView(
        **{name: getattr(row, name) for name in same},
        boutique=row.boutique_code,
        stage=getattr(getattr(row, "fulfilment", None), "stage", ""),
        lines=tuple(_line_view(line, language) for line in row.lines.all()),
        refunds=tuple(
            RefundView(
                refund.key,
                refund.amount,
                refund.reason,
                refund.refund_id,
                refund.asked_at,
                refund.succeeded_at,
            )
            for refund in row.refunds.all()
        ),
    )


def _line_view(line: OrderLine, language: str) -> OrderLineView:
    piece = line.variant.product
    return OrderLineView(
        product_code=piece.code,
        sku=line.variant.sku,
        name=in_language(piece, "name", language),
        label=label_of(line.variant, language),
        image_url=image_url(piece.image),
        quantity=line.quantity,
        unit_amount=line.unit_amount,
        id=line.pk,
        variant_id=line.variant_id,
    )
