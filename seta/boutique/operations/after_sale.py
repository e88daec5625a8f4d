"""What clients ask after the sale is answered by staff; pieces and money move once, when they are back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from seta.boutique.events import AfterSaleAsked
from seta.boutique.models import AfterSale, AfterSaleLine, Order, OrderLine
from seta.boutique.operations.closing import plan_money, settle_request
from seta.boutique.operations.exchanging import give_up_replacement, open_replacement, replace_now
from seta.boutique.operations.noting import fulfilment_of, locked_of, must_be_paid, note
from seta.boutique.operations.orders import put_back, variants_for
from seta.boutique.operations.paying_back import pay_back
from seta.boutique.operations.stock import move
from seta.boutique.queries import sales_points
from seta.boutique.queries.promises import lefts, terms
from seta.boutique.rules.after_sale import (
    COUNTED,
    Kind,
    Reason,
    Standing,
    Turn,
    Wish,
    check_moment,
    check_wishes,
    turned,
    words_of,
)
from seta.boutique.rules.fulfilment import Act, Stage, Way, moved_on
from seta.boutique.rules.orders import ONLINE, Line, merged
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.events.operations import publish


@transaction.atomic
def ask_after_sale(
    *,
    house_id: int,
    order_id: int,
    kind: Kind,
    reason: Reason,
    words: str = "",
    wishes: Sequence[Wish] = (),
    key: str,
    user_id: int | None = None,
    now: datetime,
) -> int:
    """Ask to cancel a whole order before it leaves, or to return or exchange pieces of it; returns the request's id.

    The same `key` asks once. Staff (`user_id`) may ask for a client whose days are over. Raises OrderRefused.
    """
    order = locked_of(house_id, order_id)
    earlier = AfterSale.objects.filter(order=order, key=key).first()
    if earlier is not None:
        return earlier.pk
    must_be_paid(order)
    row = fulfilment_of(order)
    days = terms(house_id).return_days if user_id is None else 36_500
    check_moment(kind, Stage(row.stage), reason, arrived_at=row.arrived_at, days=days, now=now)
    chosen = list(wishes) if kind is not Kind.CANCEL else [Wish(x.pk, x.quantity) for x in order.lines.all()]
    bought = {line.pk: (line.quantity, line.variant_id) for line in order.lines.all()}
    check_wishes(kind, chosen, bought, _taken(order))
    _must_be_sold(order, chosen, now)
    request = AfterSale.objects.create(
        house_id=house_id,
        order=order,
        key=key,
        kind=kind,
        reason=reason,
        words=words_of(words),
        asked_by=user_id,
        asked_at=now,
    )
    AfterSaleLine.objects.bulk_create(
        AfterSaleLine(after_sale=request, line_id=w.line_id, quantity=w.quantity, variant_id=w.variant_id)
        for w in chosen
    )
    note(order, f"{kind}_asked", now, user_id=user_id)
    publish(
        AfterSaleAsked(
            house_id=house_id,
            occurred_at=now,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            request_id=request.pk,
            order_id=order.pk,
            number=order.number,
            kind=kind,
            reason=reason,
        )
    )
    return request.pk


def _must_be_sold(order: Order, chosen: Sequence[Wish], now: datetime) -> None:
    """Refuses (UNKNOWN_VARIANT) an exchange for what the house does not sell."""
    wished = [Line(wish.variant_id, wish.quantity) for wish in chosen if wish.variant_id is not None]
    if wished:
        variants_for(order.house_id, merged(wished), market=order.market, now=now)


def _taken(order: Order) -> dict[int, int]:
    """Pieces by line that other requests of the order have."""
    rows = AfterSaleLine.objects.filter(after_sale__order=order, after_sale__state__in=sorted(COUNTED))
    return dict(rows.values_list("line_id").annotate(sum=Sum("quantity")))


@transaction.atomic
def withdraw_after_sale(*, house_id: int, request_id: int, user_id: int | None = None, now: datetime) -> None:
    """The client wants nothing any more, before the pieces are back. Raises OrderRefused(REQUEST_DECIDED)."""
    request = locked_request(house_id, request_id)
    _turn(request, Turn.WITHDRAW, now, user_id)
    give_up_replacement(request, now)


@transaction.atomic
def decline_after_sale(*, house_id: int, request_id: int, answer: str, user_id: int, now: datetime) -> None:
    """Say no, and why. Raises OrderRefused: NOTE_MISSING without a reason, REQUEST_DECIDED."""
    request = locked_request(house_id, request_id)
    request.answer = words_of(answer)
    if not request.answer:
        raise OrderRefused(Refusal.NOTE_MISSING)
    _decided(request, Turn.DECLINE, now, user_id)


def accept_after_sale(
    *, house_id: int, request_id: int, answer: str = "", place: str = ONLINE, user_id: int, now: datetime
) -> None:
    """Say yes: a cancellation is done at once, pieces to come back are awaited, an exchange's new piece is held.

    `place` is where an exchange's new piece is taken from. Money is asked back after the transaction. Must not be
    called inside one. Raises OrderRefused, having changed nothing.
    """
    with transaction.atomic():
        request = locked_request(house_id, request_id)
        request.answer = words_of(answer)
        _decided(request, Turn.ACCEPT, now, user_id)
        promised = terms(house_id)
        request.due_by = now + timedelta(days=promised.send_back_days)
        if request.kind == Kind.CANCEL:
            _cancel(request, user_id, now)
        elif request.kind == Kind.EXCHANGE:
            _must_keep_stock(house_id, place)
            open_replacement(request, place, user_id, now)
        request.save()
    if request.kind == Kind.CANCEL:
        pay_back(request_id=request_id, user_id=user_id, now=now)


def _cancel(request: AfterSale, user_id: int, now: datetime) -> None:
    order = request.order
    row = fulfilment_of(order)
    row.stage = moved_on(Way(row.way), Stage(row.stage), Act.STOP)
    row.save(update_fields=["stage"])
    put_back(order, "cancelled", now, user_id=user_id)
    _received(request, order.location, user_id, now)
    request.worth = order.total + order.credit
    plan_money(request, request.worth, lefts(order))


def receive_after_sale(
    *,
    house_id: int,
    request_id: int,
    place: str,
    restocked: Collection[int],
    user_id: int,
    now: datetime,
) -> None:
    """The pieces are back at a place: those of the `restocked` request lines go on its shelf, others never sell.

    Then money goes back, or the new piece of an exchange may go out. Must not be called inside a transaction.
    Raises OrderRefused: REQUEST_DECIDED, UNKNOWN_BOUTIQUE.
    """
    with transaction.atomic():
        request = locked_request(house_id, request_id)
        _must_keep_stock(house_id, place)
        turned(Standing(request.state), Turn.RECEIVE)
        _received(request, place, user_id, now)
        for back in request.lines.select_related("line").order_by("line__variant_id"):
            back.is_restocked = back.pk in restocked
            back.save(update_fields=["is_restocked"])
            if back.is_restocked:
                move(
                    variant_id=back.line.variant_id,
                    location=place,
                    quantity=back.quantity,
                    reason="return",
                    ref=f"R{request.pk}",
                    user_id=user_id,
                    now=now,
                )
        if request.kind == Kind.EXCHANGE:
            replace_now(request, now)
        else:
            request.worth = _value(request)
            plan_money(request, request.worth, lefts(request.order))
        request.save()
    pay_back(request_id=request_id, user_id=user_id, now=now)


def _received(request: AfterSale, place: str, user_id: int, now: datetime) -> None:
    request.state, request.place = Standing.RECEIVED, place
    request.received_at, request.received_by = now, user_id
    request.save()
    note(request.order, f"{request.kind}_received", now, detail=place, user_id=user_id)


def _value(request: AfterSale) -> int:
    """What the pieces cost, in fen."""
    lines: list[tuple[int, OrderLine]] = [
        (back.quantity, back.line) for back in request.lines.select_related("line")
    ]
    return sum(quantity * line.unit_amount for quantity, line in lines)


def _must_keep_stock(house_id: int, place: str) -> None:
    if place != ONLINE and place not in {point.code for point in sales_points(house_id=house_id)}:
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, place[:40])


def locked_request(house_id: int, request_id: int) -> AfterSale:
    """The request and its order, locked in that order's name; raises OrderRefused(UNKNOWN_REQUEST)."""
    order_id = (
        AfterSale.objects.filter(pk=request_id, house_id=house_id).values_list("order_id", flat=True).first()
    )
    if order_id is None:
        raise OrderRefused(Refusal.UNKNOWN_REQUEST, str(request_id))
    order = locked_of(house_id, order_id)
    request = AfterSale.objects.get(pk=request_id)
    request.order = order
    return request


def _decided(request: AfterSale, turn: Turn, now: datetime, user_id: int) -> None:
    request.decided_by, request.decided_at = user_id, now
    _turn(request, turn, now, user_id)


def _turn(request: AfterSale, turn: Turn, now: datetime, user_id: int | None) -> None:
    request.state = turned(Standing(request.state), turn)
    request.save()
    note(request.order, f"{request.kind}_{request.state}", now, detail=request.answer, user_id=user_id)


def sweep_requests(now: datetime, limit: int = 100) -> int:
    """Let what was not sent back in time lapse, and ask again for money whose asking broke off; returns how many."""
    due = AfterSale.objects.filter(state=Standing.ACCEPTED, due_by__lte=now).order_by("id")
    lapsed = [_lapse(house_id, pk, now) for house_id, pk in list(due.values_list("house_id", "pk")[:limit])]
    waiting = AfterSale.objects.filter(state=Standing.RECEIVED).order_by("id")
    for house_id, pk in list(waiting.values_list("house_id", "pk")[:limit]):
        with transaction.atomic():
            settle_request(locked_request(house_id, pk), now)
        pay_back(request_id=pk, now=now)
    return sum(lapsed)


@transaction.atomic
def _lapse(house_id: int, request_id: int, now: datetime) -> bool:
    request = locked_request(house_id, request_id)
    if request.state != Standing.ACCEPTED or request.due_by is None or request.due_by > now:
        return False
    _turn(request, Turn.LAPSE, now, None)
    give_up_replacement(request, now)
    return True
