"""A bag becomes an order with all that was asked for: how it arrives, as a gift, with a fapiao, from whose hands."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from seta.boutique.models import Fulfilment, Gift, Order, PreparedBag, StockLevel
from seta.boutique.operations.invoicing import ask_for
from seta.boutique.operations.noting import fulfilment_of, locked_of, note
from seta.boutique.operations.orders import place_order
from seta.boutique.queries import OrderCard, sales_points
from seta.boutique.queries.promises import terms_in, waits_for_way
from seta.boutique.rules.fulfilment import Address, Stage, Way, address_of, fee_of
from seta.boutique.rules.orders import ONLINE, Channel, Line, State, merged
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import BagState, Invoicee, gift_of
from seta.boutique.rules.service import Gift as GiftWish
from seta.kit.ids import new_token
from seta.oversight.operations import clear_to_send

CARD_CHANNEL = "moments"
"""A card goes out in the house's name for anybody to read, so it bears the strictest reading."""
CLOSED = frozenset({State.CANCELLED, State.EXPIRED, State.REFUNDED})


def check_out(
    *,
    house_id: int,
    person_id: int,
    lines: Sequence[Line],
    address: Address | None = None,
    pickup_at: str = "",
    gift: GiftWish | None = None,
    invoice: Invoicee | None = None,
    bag: str = "",
    source: str = "",
    boutique: str = "",
    key: str = "",
    now: datetime,
) -> OrderCard:
    """Place an order with its delivery (`address`) or pick-up (a boutique's code), gift and fapiao.

    `bag` is the token of a bag that an associate prepared: its order is theirs. Pieces for a pick-up are taken
    from that boutique, or from online when it has too few. A gift card's words are judged first, and a refusal
    stays in the audit log, so ask outside a transaction. Raises OrderRefused, having changed nothing.
    """
    wish = gift_of(gift) if gift else GiftWish()
    if address is not None and pickup_at:
        raise OrderRefused(Refusal.WRONG_WAY)
    found = address_of(address) if address else None
    if wish.card_text:
        must_be_clear(house_id, wish.card_text, CARD_CHANNEL, now)
    with transaction.atomic():
        prepared = _bag(house_id, bag, key, now) if bag else None
        if pickup_at:
            _must_sell(house_id, pickup_at)
        placed = place_order(
            house_id=house_id,
            person_id=person_id,
            lines=lines,
            source=source,
            boutique=pickup_at or boutique,
            associate_id=prepared.associate_id if prepared else None,
            location=_location(pickup_at, lines) if pickup_at else "",
            way=Way.DELIVERY if found else Way.PICKUP if pickup_at else Way.OPEN,
            country=found.country if found else "",
            key=key,
            now=now,
        )
        order = locked_of(house_id, placed.order_id)
        if not Fulfilment.objects.filter(order=order).exists():
            _keep(order, found, pickup_at, wish, invoice, prepared, now)
    return placed


def must_be_clear(house_id: int, text: str, channel: str, now: datetime) -> None:
    """Refuses (CARD_REFUSED) words that the house's policy does not let out."""
    verdict = clear_to_send(house_id=house_id, channel=channel, text=text, now=now)
    if verdict.refused:
        raise OrderRefused(Refusal.CARD_REFUSED, ", ".join(sorted({hit.rule for hit in verdict.hits})))


def _keep(
    order: Order,
    address: Address | None,
    pickup_at: str,
    wish: GiftWish,
    invoice: Invoicee | None,
    prepared: PreparedBag | None,
    now: datetime,
) -> None:
    row = fulfilment_of(order)
    note(order, "placed", now, detail="bag" if prepared else "")
    if address is not None:
        _go(row, address=address)
    elif pickup_at:
        _go(row, pickup_at=pickup_at)
    if not wish.is_plain:
        Gift.objects.create(order=order, **asdict(wish))
    if invoice is not None:
        ask_for(order, invoice, now)
    if prepared is not None and prepared.person_id in (None, order.person_id):
        prepared.state, prepared.order = BagState.ORDERED, order
        prepared.save(update_fields=["state", "order"])


def _go(row: Fulfilment, *, address: Address | None = None, pickup_at: str = "") -> None:
    """Say how the order goes out and keep it."""
    if address is not None:
        row.way = Way.DELIVERY
        for name, value in asdict(address).items():
            setattr(row, name, value)
    else:
        row.way, row.boutique_code = Way.PICKUP, pickup_at
        row.code = row.code or new_token(40).upper()
    row.save()


def _put_fee(order: Order, row: Fulfilment, country: str, *, is_of_client: bool) -> None:
    """Bring what the delivery costs onto an order while its payment is not open; afterwards its total stays."""
    goods = order.total - order.fee
    fee = fee_of(Way.DELIVERY, goods, terms_in(order.house_id, country))
    moves = row.way == Way.DELIVERY and row.country != country
    may_change = order.state == State.PLACED and order.intent_id is None and not order.credit
    if waits_for_way(order.pk) or (moves and may_change and order.channel == Channel.MINI_PROGRAM):
        order.fee, order.total = fee, goods + fee
        order.save(update_fields=["fee", "total"])
    elif moves and is_of_client and fee > max(order.fee, _fee_before(order, row, goods)):
        raise OrderRefused(Refusal.FEE_DIFFERS, country)


def _fee_before(order: Order, row: Fulfilment, goods: int) -> int:
    """What the delivery would cost today where it was going; at the house's expense when the order bears less."""
    return fee_of(Way.DELIVERY, goods, terms_in(order.house_id, row.country))


def _must_sell(house_id: int, code: str) -> None:
    if code not in {point.code for point in sales_points(house_id=house_id)}:
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, code[:40])


def _location(boutique: str, lines: Sequence[Line]) -> str:
    """The boutique when it has all the pieces, else online, whence they are brought."""
    wishes = merged(lines)
    levels: Mapping[int, int] = dict(
        StockLevel.objects.filter(
            variant_id__in=[wish.variant_id for wish in wishes], location=boutique
        ).values_list("variant_id", "quantity")
    )
    has_all = all(levels.get(wish.variant_id, 0) >= wish.quantity for wish in wishes)
    return boutique if has_all else ONLINE


def _bag(house_id: int, token: str, key: str, now: datetime) -> PreparedBag:
    """The bag, locked, while it may still be ordered; an ordered one only for the same request again."""
    rows = PreparedBag.objects.select_for_update(of=("self",)).select_related("order")
    row = rows.filter(house_id=house_id, token=token[:26]).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_BAG)
    is_open = row.state == BagState.SHARED and row.expires_at > now
    is_same = row.order is not None and bool(key) and row.order.request_key == key
    if not is_open and not is_same:
        raise OrderRefused(Refusal.BAG_ENDED, row.state)
    return row


@transaction.atomic
def choose_way(
    *,
    house_id: int,
    order_id: int,
    address: Address | None = None,
    pickup_at: str = "",
    user_id: int | None = None,
    now: datetime,
) -> None:
    """Say how an order goes out that was made without (a drop's), or put right its address until it is sent.

    What a delivery to the address's country costs comes onto an order of the mini program's that is not paid; one
    that was paid without is at the house's expense. Raises OrderRefused: WRONG_WAY, WRONG_ADDRESS, UNKNOWN_BOUTIQUE,
    FEE_DIFFERS when a client moves a parcel to a dearer country after its payment is open, or WRONG_STATE once the
    pieces are being prepared another way or have left.
    """
    if (address is None) is (not pickup_at):
        raise OrderRefused(Refusal.WRONG_WAY)
    order = locked_of(house_id, order_id)
    row = fulfilment_of(order)
    way = Way.DELIVERY if address else Way.PICKUP
    if row.stage != Stage.TO_PREPARE or row.way not in (Way.OPEN, way) or order.state in CLOSED:
        raise OrderRefused(Refusal.WRONG_STATE, f"{row.way} {row.stage}")
    if pickup_at:
        _must_sell(house_id, pickup_at)
    if pickup_at and not order.boutique_code:
        order.boutique_code = pickup_at
        order.save(update_fields=["boutique_code"])
    is_new = row.way == Way.OPEN
    found = address_of(address) if address else None
    if found:
        _put_fee(order, row, found.country, is_of_client=user_id is None)
    _go(row, address=found, pickup_at=pickup_at)
    what = "way_chosen" if is_new else "address_changed"
    note(order, what, now, detail=pickup_at, user_id=user_id)
