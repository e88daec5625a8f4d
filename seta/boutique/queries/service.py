"""How orders reach their clients and what is asked after the sale, as clients and the desk read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from seta.boutique.models import (
    AfterSale,
    AfterSaleLine,
    Fapiao,
    Fulfilment,
    Gift,
    MoneyBack,
    Order,
    OrderNote,
    OrderRefund,
    Variant,
)
from seta.boutique.queries.promises import terms
from seta.boutique.queries.showing import in_language, label_of
from seta.boutique.rules.after_sale import FAULTS, OPEN, Kind, Standing
from seta.boutique.rules.fulfilment import (
    ARRIVED,
    GONE,
    Address,
    Stage,
    Terms,
    Way,
    acts_of,
    beginning,
    is_overdue,
)
from seta.boutique.rules.orders import State
from seta.boutique.rules.service import Paper

_MONEY_IN = frozenset({State.PAID, State.PARTLY_REFUNDED})


@dataclass(frozen=True)
class WayView:
    """How an order goes out and where its pieces are; `acts` is what staff can do next."""

    way: str
    stage: str
    boutique: str
    code: str
    address: Address | None
    carrier: str
    tracking: str
    ready_at: datetime | None
    shipped_at: datetime | None
    arrived_at: datetime | None
    is_overdue: bool
    acts: tuple[str, ...]


@dataclass(frozen=True)
class GiftView:
    """How a gift is made up."""

    is_wrapped: bool
    card_text: str
    hides_prices: bool


@dataclass(frozen=True)
class NoteView:
    """One thing that happened; `user_id` None for the client or the clock."""

    what: str
    detail: str
    user_id: int | None
    at: datetime


@dataclass(frozen=True)
class BackLine:
    """Pieces that come back; `wished` is what an exchange asks for instead."""

    id: int
    line_id: int
    name: str
    label: str
    quantity: int
    wished: str
    is_restocked: bool | None


@dataclass(frozen=True)
class BackMoney:
    """What one payment gives back, in fen; `state` is planned, under_way, returned or failed."""

    order_id: int
    number: str
    amount: int
    state: str
    problem: str


@dataclass(frozen=True)
class RequestView:
    """A cancellation, return or exchange with its pieces and its money."""

    id: int
    order_id: int
    number: str
    boutique: str
    kind: str
    state: str
    reason: str
    words: str
    answer: str
    worth: int
    asked_by: int | None
    asked_at: datetime
    due_by: datetime | None
    received_at: datetime | None
    closed_at: datetime | None
    lines: tuple[BackLine, ...]
    money: tuple[BackMoney, ...]
    replacement_id: int | None
    replacement_number: str
    replacement_due: int

    @property
    def is_stuck(self) -> bool:
        """Whether money did not go and somebody has to ask again."""
        return any(part.state == "failed" or part.problem for part in self.money)


@dataclass(frozen=True)
class FapiaoView:
    """A tax invoice of an order."""

    order_id: int
    state: str
    buyer: str
    title: str
    tax_number: str
    email: str
    amount: int | None
    number: str
    red_number: str
    asked_at: datetime
    issued_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class OrderService:
    """Everything beside an order's lines and payment; `kinds` is what the client may ask for now."""

    way: WayView
    gift: GiftView | None
    notes: tuple[NoteView, ...]
    requests: tuple[RequestView, ...]
    fapiao: tuple[FapiaoView, ...]
    kinds: tuple[str, ...]
    returns_until: datetime | None
    awaits_return: bool
    replaces: tuple[int, str] | None


@dataclass(frozen=True)
class PickupRow:
    """An order that is or will be picked up in a boutique."""

    order_id: int
    number: str
    person_id: int | None
    boutique: str
    stage: str
    pieces: str
    paid_at: datetime | None
    ready_at: datetime | None
    is_overdue: bool
    is_gift: bool


@dataclass(frozen=True)
class Waiting:
    """How many orders of a house wait for what."""

    to_choose: int
    to_send: int
    to_prepare: int
    ready: int
    asked: int
    to_receive: int
    stuck: int
    fapiao: int

    @property
    def total(self) -> int:
        """What waits for staff."""
        return self.to_choose + self.to_send + self.to_prepare + self.asked + self.stuck + self.fapiao


def order_service(*, order_id: int, house_id: int, language: str, now: datetime) -> OrderService | None:
    """What goes with an order of the house."""
    rows = Order.objects.filter(pk=order_id, house_id=house_id)
    order = rows.select_related("fulfilment", "gift", "exchanged_from__order").first()
    if order is None:
        return None
    promised = terms(house_id)
    way = _way(order, promised, now)
    gift: Gift | None = getattr(order, "gift", None)
    found = requests(house_id=house_id, order_id=order_id, language=language)
    until = way.arrived_at + timedelta(days=promised.return_days) if way.arrived_at else None
    exchange: AfterSale | None = getattr(order, "exchanged_from", None)
    return OrderService(
        way=way,
        gift=GiftView(gift.is_wrapped, gift.card_text, gift.hides_prices) if gift else None,
        notes=tuple(
            NoteView(row.what, row.detail, row.user_id, row.at)
            for row in OrderNote.objects.filter(order=order).order_by("id")
        ),
        requests=tuple(found),
        fapiao=tuple(_fapiao(row) for row in Fapiao.objects.filter(order=order).order_by("id")),
        kinds=_kinds(order, way, found, until, now),
        returns_until=until,
        awaits_return=order.awaits_return,
        replaces=(exchange.order_id, exchange.order.number) if exchange else None,
    )


def _kinds(
    order: Order, way: WayView, found: Sequence[RequestView], until: datetime | None, now: datetime
) -> tuple[str, ...]:
    """What a client may ask for: after the house's days still, for what is the house's own fault."""
    if order.state not in _MONEY_IN:
        return ()
    if way.stage in (Stage.TO_PREPARE, Stage.READY):
        is_asked = any(row.kind == Kind.CANCEL and row.state in OPEN for row in found)
        return () if is_asked else (Kind.CANCEL,)
    return (Kind.RETURN, Kind.EXCHANGE) if way.stage in GONE else ()


def reasons_open(service: OrderService, now: datetime) -> bool:
    """Whether pieces may come back for any reason; after the house's days only for its own faults."""
    is_over = service.returns_until is not None and now > service.returns_until
    return not (is_over and service.way.stage in ARRIVED)


def _way(order: Order, promised: Terms, now: datetime) -> WayView:
    row: Fulfilment | None = getattr(order, "fulfilment", None)
    if row is None:
        way, stage = beginning(order.channel)
        taken_at = order.paid_at if way is Way.TAKEN else None
        return WayView(
            way,
            stage,
            order.boutique_code,
            "",
            None,
            "",
            "",
            None,
            None,
            taken_at,
            False,
            acts_of(way, stage),
        )
    names = ("recipient", "phone", "region", "street", "postcode", "country")
    return WayView(
        way=row.way,
        stage=row.stage,
        boutique=row.boutique_code,
        code=row.code,
        address=Address(**{name: getattr(row, name) for name in names}) if row.street else None,
        carrier=row.carrier,
        tracking=row.tracking,
        ready_at=row.ready_at,
        shipped_at=row.shipped_at,
        arrived_at=row.arrived_at,
        is_overdue=row.stage == Stage.READY and is_overdue(row.ready_at, promised, now),
        acts=acts_of(row.way, row.stage),
    )


def requests(
    *,
    house_id: int,
    states: Iterable[str] = (),
    order_id: int | None = None,
    boutique: str = "",
    language: str = "en",
    limit: int = 100,
) -> list[RequestView]:
    """Requests after the sale, oldest first."""
    rows = AfterSale.objects.filter(house_id=house_id).select_related("order", "replacement").order_by("id")
    wanted = {"state__in": list(states), "order_id": order_id, "order__boutique_code": boutique}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    found = list(rows[:limit])
    lines = AfterSaleLine.objects.filter(after_sale__in=found).order_by("id")
    lines = lines.select_related("line__variant__product", "variant__product")
    parts = MoneyBack.objects.filter(after_sale__in=found).select_related("order").order_by("id")
    backs = OrderRefund.objects.filter(order__in=[part.order_id for part in parts])
    known = {(back.order_id, back.key): back for back in backs}
    return [
        _request(
            row,
            [line for line in lines if line.after_sale_id == row.pk],
            [
                _money(part, known.get((part.order_id, part.key)))
                for part in parts
                if part.after_sale_id == row.pk
            ],
            language,
        )
        for row in found
    ]


def request(*, house_id: int, request_id: int, language: str = "en") -> RequestView | None:
    """One request of the house."""
    order_id = AfterSale.objects.filter(pk=request_id, house_id=house_id).values_list("order_id", flat=True)
    found = requests(house_id=house_id, order_id=order_id.first() or -1, language=language)
    return next((row for row in found if row.id == request_id), None)


def _money(part: MoneyBack, back: OrderRefund | None) -> BackMoney:
    if back is None:
        state = "planned"
    elif back.succeeded_at is not None:
        state = "returned"
    else:
        state = "failed" if back.failed_at is not None else "under_way"
    return BackMoney(part.order_id, part.order.number, part.amount, state, part.problem)


def _request(
    row: AfterSale, lines: Sequence[AfterSaleLine], money: Sequence[BackMoney], language: str
) -> RequestView:
    same = (
        *("id", "order_id", "kind", "state", "reason", "words", "answer", "worth", "asked_by", "asked_at"),
        *("due_by", "received_at", "closed_at", "replacement_id"),
    )
    new = row.replacement
    return RequestView(
        **{name: getattr(row, name) for name in same},
        number=row.order.number,
        boutique=row.order.boutique_code,
        lines=tuple(_back_line(line, language) for line in lines),
        money=tuple(money),
        replacement_number=new.number if new else "",
        replacement_due=new.total if new and new.state == State.PLACED else 0,
    )


def _named(variant: Variant, language: str) -> str:
    """A variant by its piece's name and what tells it from its sisters."""
    return f"{in_language(variant.product, 'name', language)} {label_of(variant, language)}".strip()


def _back_line(row: AfterSaleLine, language: str) -> BackLine:
    bought, wished = row.line.variant, row.variant
    return BackLine(
        id=row.pk,
        line_id=row.line_id,
        name=in_language(bought.product, "name", language),
        label=label_of(bought, language),
        quantity=row.quantity,
        wished=_named(wished, language) if wished else "",
        is_restocked=row.is_restocked,
    )


def _fapiao(row: Fapiao) -> FapiaoView:
    return FapiaoView(**{name: getattr(row, name) for name in FapiaoView.__dataclass_fields__})


def pickups(*, house_id: int, boutique: str = "", now: datetime, language: str = "en") -> list[PickupRow]:
    """Paid orders to be picked up, those that wait longest first."""
    rows = Fulfilment.objects.filter(
        house_id=house_id,
        way=Way.PICKUP,
        stage__in=[Stage.TO_PREPARE, Stage.READY],
        order__state__in=sorted(_MONEY_IN),
    )
    if boutique:
        rows = rows.filter(boutique_code=boutique)
    rows = rows.select_related("order__gift").prefetch_related("order__lines__variant__product")
    promised = terms(house_id)
    return [_pickup(row, promised, now, language) for row in rows.order_by("order__paid_at", "id")]


def _pickup(row: Fulfilment, promised: Terms, now: datetime, language: str) -> PickupRow:
    order = row.order
    pieces = ", ".join(f"{line.quantity} × {_named(line.variant, language)}" for line in order.lines.all())
    return PickupRow(
        order_id=order.pk,
        number=order.number,
        person_id=order.person_id,
        boutique=row.boutique_code,
        stage=row.stage,
        pieces=pieces,
        paid_at=order.paid_at,
        ready_at=row.ready_at,
        is_overdue=row.stage == Stage.READY and is_overdue(row.ready_at, promised, now),
        is_gift=getattr(order, "gift", None) is not None,
    )


def of_work(work: str) -> Q:
    """The filter of the orders that wait for a kind of work; raises KeyError for an unknown one."""
    return _WORK[work]


_WORK = {
    "to_choose": Q(state__in=sorted(_MONEY_IN))
    & ~Q(channel="till")
    & (Q(fulfilment=None) | Q(fulfilment__way=Way.OPEN, fulfilment__stage=Stage.TO_PREPARE)),
    "to_send": Q(
        state__in=sorted(_MONEY_IN), fulfilment__way=Way.DELIVERY, fulfilment__stage=Stage.TO_PREPARE
    ),
    "to_prepare": Q(
        state__in=sorted(_MONEY_IN), fulfilment__way=Way.PICKUP, fulfilment__stage=Stage.TO_PREPARE
    ),
    "ready": Q(state__in=sorted(_MONEY_IN), fulfilment__way=Way.PICKUP, fulfilment__stage=Stage.READY),
    "asked": Q(after_sales__state=Standing.ASKED),
    "to_receive": Q(after_sales__state=Standing.ACCEPTED),
    "stuck": Q(after_sales__state=Standing.RECEIVED) & ~Q(after_sales__money__problem=""),
    "fapiao": Q(fapiao__state=Paper.TO_WITHDRAW) | Q(fapiao__state=Paper.ASKED, state__in=sorted(_MONEY_IN)),
}
WORKS = tuple(_WORK)


def waiting(*, house_id: int, boutique: str = "") -> Waiting:
    """How many orders wait for what; with `boutique` only its own."""
    rows: QuerySet[Order] = Order.objects.filter(house_id=house_id)
    if boutique:
        rows = rows.filter(boutique_code=boutique)
    return Waiting(**{work: rows.filter(asked).distinct().count() for work, asked in _WORK.items()})


def faults() -> tuple[str, ...]:
    """Reasons that are the house's own doing."""
    return tuple(sorted(FAULTS))
