"""An order puts its stock aside when it is placed and gives it back when it is not paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from seta.boutique.events import OrderPlaced
from seta.boutique.models import Fitting, Order, OrderLine, PreparedBag, SalesPoint, Variant
from seta.boutique.operations.stock import move
from seta.boutique.queries import OrderCard, order_card
from seta.boutique.queries.pricing import points_of
from seta.boutique.queries.promises import came_back, has_gone, terms_in
from seta.boutique.queries.windows import windows_of
from seta.boutique.rules import (
    HOLD_MINUTES,
    ONLINE,
    SOURCE,
    Channel,
    Line,
    OrderRefused,
    Refusal,
    State,
    Step,
    after,
    check_price,
    merged,
)
from seta.boutique.rules.availability import must_be_sold
from seta.boutique.rules.fulfilment import Way, fee_of
from seta.boutique.rules.prices import CHARGED, HOME, charged_at
from seta.events.operations import publish
from seta.houses.queries import house
from seta.kit.clock import beijing_day
from seta.kit.ids import new_token
from seta.kit.scenes import Scene
from seta.people.events import PersonsMerged


@transaction.atomic
def place_order(
    *,
    house_id: int,
    person_id: int | None,
    lines: Sequence[Line],
    source: str = "",
    channel: str = Channel.MINI_PROGRAM,
    boutique: str = "",
    campaign: str = "",
    associate_id: int | None = None,
    location: str = "",
    key: str = "",
    expires_at: datetime | None = None,
    way: str = Way.OPEN,
    country: str = "",
    door: str | None = None,
    now: datetime,
) -> OrderCard:
    """Put the bag's pieces aside and keep the order until `expires_at` (15 minutes unless told).

    `source` is a share token or a scene; `boutique` a sales point's code, or what the scene names; stock is taken at
    `location`: by default the boutique for the till, else online. `way` adds what delivery to a `country` costs. The
    windows of sale of `door` are asked, by default the channel's; with an empty one, and for a drop, none, because what
    was reserved is promised. The same `key` gives the same order again. OrderRefused, having changed nothing.
    """
    wishes = merged(lines)
    if not SOURCE.fullmatch(source):
        raise OrderRefused(Refusal.WRONG_SOURCE, source[:20])
    earlier = Order.objects.filter(house_id=house_id, request_key=key).first() if key else None
    if earlier is not None:
        return _again(earlier, person_id, wishes)
    scene = Scene.decode(source)
    point = _sales_point(house_id, boutique, scene.boutique, channel)
    market = point.market if point and channel == Channel.TILL else HOME
    if door is None:
        door = "" if channel == Channel.DROP else channel
    variants = variants_for(house_id, wishes, market=market, door=door, is_promised=not door, now=now)
    amounts = {pk: amount_of(variant, market=market, now=now) for pk, variant in variants.items()}
    goods = sum(line.quantity * amounts[line.variant_id] for line in wishes)
    fee = fee_of(way, goods, terms_in(house_id, country))
    order = Order(
        house_id=house_id,
        person_id=person_id,
        number=new_number(now),
        request_key=key or None,
        state=State.PLACED,
        channel=Channel(channel),
        source=source,
        campaign=(campaign or scene.campaign)[:64],
        associate_id=associate_id,
        boutique_code=point.code if point else "",
        district=point.district if point else "",
        location=location or (point.code if point and channel == Channel.TILL else ONLINE),
        market=market,
        currency=CHARGED,
        total=goods + fee,
        fee=fee,
        settle_currency=house(house_id).currency,
        placed_at=now,
        expires_at=expires_at or now + timedelta(minutes=HOLD_MINUTES),
    )
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        # The same request at the same moment, from another process: its order is there now.
        return _again(Order.objects.get(house_id=house_id, request_key=key), person_id, wishes)
    _keep_lines(order, wishes, amounts)
    publish(_placed(order, [variants[line.variant_id].product.code for line in wishes]))
    return order_card(order)


def _keep_lines(order: Order, wishes: Sequence[Line], amounts: Mapping[int, int]) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            variant_id=line.variant_id,
            quantity=line.quantity,
            unit_amount=amounts[line.variant_id],
        )
        for line in wishes
    )
    for line in wishes:
        move(
            variant_id=line.variant_id,
            location=order.location,
            quantity=-line.quantity,
            reason="order",
            ref=order.number,
            now=order.placed_at,
        )


def _again(order: Order, person_id: int | None, wishes: Sequence[Line]) -> OrderCard:
    """The order that the key already made, when it is the same person's and the same bag."""
    kept = {line.variant_id: line.quantity for line in order.lines.all()}
    if order.person_id != person_id or kept != {line.variant_id: line.quantity for line in wishes}:
        raise OrderRefused(Refusal.REPEATED_KEY)
    return order_card(order)


def _sales_point(house_id: int, boutique: str, scene_boutique: str, channel: str) -> SalesPoint | None:
    """The named boutique, which must exist; or the scene's, which anybody may have made up."""
    code = boutique or scene_boutique
    point = SalesPoint.objects.filter(house_id=house_id, code=code).first() if code else None
    if point is None and (boutique or channel == Channel.TILL):
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, code[:40])
    return point


def new_number(now: datetime) -> str:
    """An order's number: the day in China and eight letters that nobody can guess."""
    return f"S{beijing_day(now):%y%m%d}{new_token(40).upper()}"


def variants_for(
    house_id: int,
    wishes: Sequence[Line],
    *,
    market: str = HOME,
    door: str = "",
    is_promised: bool = False,
    now: datetime,
) -> dict[int, Variant]:
    """The variants wished for, with product and prices; promised ones although they have left the list since.

    Raises OrderRefused for one that is not sold at that price, or (with a `door`) not through it at this instant.
    """
    found = (
        (Variant.objects.filter(house_id=house_id) if is_promised else _offered(house_id))
        .select_related("product")
        .prefetch_related("prices", "product__windows")
        .in_bulk([line.variant_id for line in wishes])
    )
    for line in wishes:
        if line.variant_id not in found:
            raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(line.variant_id))
        if door:
            windows = windows_of(found[line.variant_id])
            must_be_sold(windows, door=door, at=now, zone=house(house_id).timezone)
        check_price(line, amount_of(found[line.variant_id], market=market, now=now))
    return found


def _offered(house_id: int) -> QuerySet[Variant]:
    return Variant.objects.filter(house_id=house_id, product__is_listed=True, retired_at=None)


def amount_of(variant: Variant, *, market: str = HOME, now: datetime) -> int:
    """What a client is charged for a variant in a market, in fen; raises OrderRefused when it has no price."""
    price = charged_at(points_of(variant), market=market, at=now)
    if price is None:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, f"{variant.pk} has no price in {CHARGED}")
    return price.amount


def _placed(order: Order, product_codes: Sequence[str]) -> OrderPlaced:
    return OrderPlaced(
        house_id=order.house_id,
        occurred_at=order.placed_at,
        person_id=order.person_id,
        campaign=order.campaign,
        associate_id=order.associate_id,
        order_id=order.pk,
        number=order.number,
        amount=order.total,
        currency=order.currency,
        channel=order.channel,
        boutique=order.boutique_code,
        district=order.district,
        source=order.source,
        product_codes=tuple(product_codes),
    )


@transaction.atomic
def cancel_order(*, order_id: int, now: datetime) -> OrderCard:
    """Give an unpaid order's pieces back; raises OrderRefused(WRONG_STATE) once it is paid or closed."""
    order = locked(order_id)
    close(order, Step.CANCEL, now)
    return order_card(order)


def expire_orders(now: datetime, limit: int = 200) -> int:
    """Close unpaid orders whose time is over; returns how many. For the worker, every few seconds."""
    due = Order.objects.filter(state=State.PLACED, expires_at__lte=now).order_by("expires_at")
    return sum(_expire(order_id, now) for order_id in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _expire(order_id: int, now: datetime) -> bool:
    order = locked(order_id)
    if order.state != State.PLACED or order.expires_at > now:
        return False
    close(order, Step.EXPIRE, now)
    return True


def close(order: Order, step: Step, now: datetime) -> None:
    """End an order inside the caller's transaction and put its pieces back where they were taken from.

    Pieces that a request after the sale has taken care of, or that have left the house, do not come back by this.
    """
    order.state = after(State(order.state), step)
    order.save(update_fields=["state"])
    if not has_gone(order.pk):
        put_back(order, step, now)


def put_back(order: Order, reason: str, now: datetime, *, user_id: int | None = None) -> None:
    """Return to their place the pieces of an order that are still its own; call in a transaction."""
    back = came_back(order.pk)
    for line in order.lines.order_by("variant_id"):
        quantity = line.quantity - back.get(line.pk, 0)
        if quantity:
            move(
                variant_id=line.variant_id,
                location=order.location,
                quantity=quantity,
                reason=reason,
                ref=order.number,
                user_id=user_id,
                now=now,
            )


def locked(order_id: int) -> Order:
    """The order, locked until the transaction ends; raises OrderRefused(UNKNOWN_ORDER)."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None:
        raise OrderRefused(Refusal.UNKNOWN_ORDER, str(order_id))
    return order


def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Orders, fittings and bags of a person who turned out to be another become the other's."""
    for table in (Order, Fitting, PreparedBag):
        rows = table._default_manager.filter(house_id=fact.house_id, person_id=fact.absorbed_id)
        rows.update(person_id=fact.kept_id)
