"""Products, stock and orders as pages, the mini program and other parts see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum, Window
from django.templatetags.static import static

from seta.boutique.models import (
    Order,
    OrderLine,
    OrderRefund,
    Price,
    Product,
    SalesPoint,
    StockLevel,
    StockMovement,
    StockTransfer,
    Variant,
)
from seta.boutique.rules import HAS_BEEN_PAID, IN_TRANSIT, ONLINE, Transit


@dataclass(frozen=True)
class VariantCard:
    """A variant with its price in minor units and the pieces left where the client is buying."""

    id: int
    sku: str
    label: str
    amount: int
    currency: str
    available: int


@dataclass(frozen=True)
class ProductCard:
    """A product in the reader's language; `image_url` is an address of this server."""

    id: int
    house_id: int
    code: str
    name: str
    description: str
    gtin: str
    image_url: str
    variants: tuple[VariantCard, ...]


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


@dataclass(frozen=True)
class OrderTotals:
    """A house's orders counted and summed, in fen of CNY and minor units of the settlement currency."""

    placed: int
    paid: int
    closed: int
    paid_amount: int
    refunded_amount: int
    settle_amount: int


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


@dataclass(frozen=True)
class SalesPointCard:
    """A place that sells."""

    code: str
    district: str


def _in_language(row: object, field: str, language: str) -> str:
    suffix = language[:2] if language[:2] in ("zh", "en", "it") else "zh"
    text: str = getattr(row, f"{field}_{suffix}")
    return text


def image_url(path: str) -> str:
    """The address of a product's picture; empty when there is none."""
    return static(path) if path else ""


def products(*, house_id: int, language: str = "zh", location: str = ONLINE) -> Sequence[ProductCard]:
    """The house's listed products in catalogue order, with what is left at the location."""
    return [_product_card(row, language, location) for row in _product_rows(house_id)]


def product(*, house_id: int, code: str, language: str = "zh", location: str = ONLINE) -> ProductCard | None:
    """A listed product by its code."""
    row = _product_rows(house_id).filter(code=code).first()
    return _product_card(row, language, location) if row else None


def product_of_variant(
    *, variant_id: int, language: str = "zh", location: str = ONLINE
) -> ProductCard | None:
    """The product that a variant belongs to, listed or not, with that variant alone."""
    variant = Variant.objects.filter(pk=variant_id).select_related("product").first()
    if variant is None:
        return None
    rows = Product.objects.filter(pk=variant.product_id)
    only = Variant.objects.filter(pk=variant_id)
    return _product_card(_with_variants(rows, only).get(), language, location)


def _product_rows(house_id: int) -> QuerySet[Product]:
    rows = Product.objects.filter(house_id=house_id, is_listed=True).order_by("id")
    return _with_variants(rows, Variant.objects.order_by("id"))


def _with_variants(rows: QuerySet[Product], variants: QuerySet[Variant]) -> QuerySet[Product]:
    prices = Prefetch("prices", Price.objects.filter(currency="CNY"))
    return rows.prefetch_related(Prefetch("variants", variants.prefetch_related(prices, "levels")))


def _product_card(row: Product, language: str, location: str) -> ProductCard:
    variants = []
    for variant in row.variants.all():
        left = sum(level.quantity for level in variant.levels.all() if level.location == location)
        variants += [
            VariantCard(variant.pk, variant.sku, variant.label, price.amount, price.currency, left)
            for price in variant.prices.all()
        ]
    return ProductCard(
        id=row.pk,
        house_id=row.house_id,
        code=row.code,
        name=_in_language(row, "name", language),
        description=_in_language(row, "description", language),
        gtin=row.gtin,
        image_url=image_url(row.image),
        variants=tuple(variants),
    )


def variant_id(*, house_id: int, sku: str) -> int | None:
    """The variant of a stock-keeping code."""
    return Variant.objects.filter(house_id=house_id, sku=sku).values_list("pk", flat=True).first()


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
    language: str = "en",
    limit: int = 50,
    offset: int = 0,
) -> list[OrderView]:
    """The house's orders for the desk, newest first; `search` is part of a number."""
    rows = Order.objects.filter(house_id=house_id).order_by("-placed_at", "-id")
    wanted = {
        "state__in": list(states),
        "channel": channel,
        "boutique_code": boutique,
        "number__icontains": search,
    }
    rows = rows.filter(**{field: value for field, value in wanted.items() if value})
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
    return rows.prefetch_related(Prefetch("lines", lines), Prefetch("refunds", refunds))


def _order_view(row: Order, language: str) -> OrderView:
    same = (
        *("id", "house_id", "person_id", "number", "state", "channel", "source", "campaign", "associate_id"),
        *("district", "currency", "total", "refunded", "settle_currency", "settle_amount", "intent_id"),
        *("paid_intent_id", "placed_at", "expires_at", "paid_at"),
    )
    return OrderView(
        **{name: getattr(row, name) for name in same},
        boutique=row.boutique_code,
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
        name=_in_language(piece, "name", language),
        label=line.variant.label,
        image_url=image_url(piece.image),
        quantity=line.quantity,
        unit_amount=line.unit_amount,
    )


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
            label=row.variant.label,
            product_name=_in_language(row.variant.product, "name", language),
        )
        for row in rows[:limit]
    ]


def transfer_places(*, house_id: int, transfer_id: int) -> tuple[str, str] | None:
    """Where a transfer comes from and goes to; None when the house has no such transfer."""
    rows = StockTransfer.objects.filter(pk=transfer_id, house_id=house_id)
    return rows.values_list("source", "target").first()


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


def sales_points(*, house_id: int) -> list[SalesPointCard]:
    """The places that sell."""
    return [SalesPointCard(row.code, row.district) for row in SalesPoint.objects.filter(house_id=house_id)]
