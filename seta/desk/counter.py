"""What a cashier does with an amount: price it, charge a code for it, show a code for it, give it back."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import zxingcpp
from django.core.cache import cache
from PIL import Image, UnidentifiedImageError

from seta.boutique import operations as boutique
from seta.boutique import queries as orders
from seta.boutique.queries import OrderView
from seta.boutique.rules import Channel, Line, State
from seta.desk import operations as desk
from seta.desk.rules import FormRefused, Refusal, fen
from seta.houses import queries as houses
from seta.kit.money import convert, exponent
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import PaymentDetail, PaymentRow
from seta.payments.rules import counter
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import Refusal as PaymentRefusal
from seta.payments.rules.states import BARCODE_METHODS, BARCODE_REVERSE_AFTER, provider_of_code
from seta.platforms.core.errors import PlatformError

PHOTO_BYTES_MAX = 4_000_000
PHOTO_PIXELS_MAX = 24_000_000
ASK_EVERY_SECONDS = 4
SHOWN_METHODS = frozenset({"wechat_native", "alipay_qr", "antom_qr"})
WALLETS = ("wechat", "alipay")


@dataclass(frozen=True)
class Price:
    """What a cashier entered as fen, and what the house receives for it at the rate of now."""

    fen: int
    settle_amount: int
    settle_currency: str
    scaled: int
    recorded_at: datetime


@dataclass(frozen=True)
class Sale:
    """A payment at a counter with the order it pays, if it pays one."""

    payment: PaymentDetail
    order: OrderView | None

    @property
    def is_open(self) -> bool:
        """Whether something may still happen by itself, so that the page must follow it."""
        return self.payment.payment.state in OPEN or self.awaits_order

    @property
    def awaits_order(self) -> bool:
        """Paid, and the order does not say so yet."""
        paid = self.payment.payment.state == "succeeded"
        return paid and self.order is not None and self.order.state == State.PLACED

    @property
    def client_has_until(self) -> datetime | None:
        """When a charged code is withdrawn by itself."""
        row = self.payment.payment
        if row.method not in BARCODE_METHODS or row.state not in OPEN:
            return None
        return row.opened_at + BARCODE_REVERSE_AFTER[row.provider]

    @property
    def refundable(self) -> int:
        """Fen that have not been given back or promised to a refund."""
        row = self.payment.payment
        return row.amount - row.refunded if row.state == "succeeded" else 0

    @property
    def has_open_refund(self) -> bool:
        """Whether a refund is on its way or waits for somebody."""
        return any(back.state in OPEN_REFUND for back in self.payment.refunds)


OPEN = frozenset({"requires_confirmation", "processing", "requires_action", "unknown"})
OPEN_REFUND = frozenset({"to_approve", "requested", "unknown", "pending_funds", "processing"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An amount in fen that a cashier asks for at a point of sale; `key` is the form's, so that it counts once."""

    house_id: int
    amount: int
    settle_currency: str
    note: str
    point: str
    associate_id: int | None
    person_id: int | None
    key: str
    now: datetime


@dataclass(frozen=True)
class Taken:
    """A payment that was begun; `problem` says why its provider was not reached or refused."""

    intent_id: int
    problem: PaymentRefused | PlatformError | None = None


def price(*, house_id: int, amount: str, currency: str, settle_currency: str, now: datetime) -> Price:
    """The entered amount in both currencies. Raises FormRefused for what is no amount, PaymentRefused without a rate.

    In the house's currency the client pays the fewest fen that are worth it.
    """
    rate = payments.indication(house_id, settle_currency, now=now)
    if rate is None:
        raise PaymentRefused(PaymentRefusal.NO_RATE, settle_currency)
    entered = fen(amount.replace("€", "").replace("$", "").replace("£", ""))
    if currency not in ("CNY", settle_currency):
        raise FormRefused(Refusal.UNKNOWN_CHOICE, currency[:8])
    paid = entered if currency == "CNY" else counter.fen_for(entered, rate.scaled, settle_currency)
    worth = convert(paid, rate.scaled, exponent_to=exponent(settle_currency))
    return Price(paid, worth, settle_currency, rate.scaled, rate.recorded_at)


def charge_amount(asked: Asked, *, auth_code: str) -> Taken:
    """Charge the code a client shows, once for each key. Raises PaymentRefused, changing nothing."""
    method = pay.method_of_code(
        house_id=asked.house_id, auth_code=auth_code, settle_currency=asked.settle_currency
    )
    standing = _standing(asked.house_id, asked.key)
    if standing is not None:
        return Taken(standing)
    intent_id = _open(asked, method)
    try:
        pay.pay_barcode(intent_id=intent_id, auth_code=auth_code, now=asked.now)
    except (PaymentRefused, PlatformError) as problem:
        return Taken(intent_id, problem)
    return Taken(intent_id)


def show_amount(asked: Asked, *, method: str) -> Taken:
    """Show a code for the client's camera, once for each key. Raises PaymentRefused."""
    standing = _standing(asked.house_id, asked.key)
    return Taken(standing) if standing is not None else _show(_open(asked, method), asked.now)


def _open(asked: Asked, method: str) -> int:
    opened = pay.open_intent(
        house_id=asked.house_id,
        person_id=asked.person_id,
        reference=f"till-{asked.key}",
        amount=asked.amount,
        description=asked.note or houses.house(asked.house_id).name,
        method=method,
        settle_currency=asked.settle_currency,
        associate_id=asked.associate_id,
        boutique_code=asked.point,
        now=asked.now,
    )
    return opened.intent_id


def _standing(house_id: int, key: str) -> int | None:
    """The payment that this very form has begun before."""
    reference = f"till-{key}"
    found = payments.payments(house_id, search=reference, limit=5)
    return next((row.id for row in found if row.reference == reference), None)


def sale(*, house_id: int, intent_id: int, point: str, language: str, now: datetime) -> Sale:
    """A payment with its order; raises PaymentRefused(NOT_FOUND), also for another boutique's."""
    detail = payments.payment(house_id, intent_id, now=now, boutique_code=point)
    order = orders.order_by_number(house_id=house_id, number=detail.payment.reference, language=language)
    return Sale(detail, order)


def follow(*, house_id: int, intent_id: int, point: str, now: datetime) -> None:
    """Take the next step of an open payment: ask its provider, or withdraw a code nobody confirmed.

    Raises PaymentRefused(NOT_FOUND) and PlatformError; the page asks again by itself.
    """
    card = payments.intent(intent_id, house_id=house_id, boutique_code=point)
    if card.state not in OPEN:
        return
    if card.method in BARCODE_METHODS:
        pay.poll_barcode(intent_id=intent_id, now=now)
    elif cache.add(f"till-asked-{intent_id}", 1, ASK_EVERY_SECONDS):
        pay.refresh(intent_id=intent_id, now=now)


def give_back(
    *, sale: Sale, house_id: int, amount: int, reason: str, key: str, user_id: int, now: datetime
) -> bool:
    """Refund a part or the whole; whether it waits for a second person. Raises the refusals of both parts."""
    if sale.order is not None:
        answer = desk.ask_refund(
            house_id=house_id,
            order_id=sale.order.id,
            amount=amount,
            reason=reason,
            key=key,
            user_id=user_id,
            now=now,
        )
        return answer.is_waiting
    card = pay.refund(
        intent_id=sale.payment.payment.id,
        amount=amount,
        reason=reason,
        key=key,
        now=now,
        requested_by=user_id,
        may_wait=True,
    )
    return card.state == "to_approve"


def show_pieces(
    *,
    house_id: int,
    method: str,
    lines: Sequence[Line],
    point: str,
    associate_id: int | None,
    person_id: int | None,
    key: str,
    now: datetime,
) -> Taken:
    """Put pieces aside and show a code for them, once for each key. Raises OrderRefused or PaymentRefused."""
    placed = boutique.place_order(
        house_id=house_id,
        person_id=person_id,
        lines=lines,
        channel=Channel.TILL,
        boutique=point,
        associate_id=associate_id,
        key=f"till-{key}",
        now=now,
    )
    order = orders.order(order_id=placed.order_id, house_id=house_id)
    assert order is not None, "an order that was just placed"
    opened = pay.open_intent(
        house_id=house_id,
        person_id=person_id,
        reference=order.number,
        amount=order.total,
        description=", ".join(line.name for line in order.lines),
        method=method,
        settle_currency=order.settle_currency,
        campaign=order.campaign,
        associate_id=order.associate_id,
        boutique_code=point,
        now=now,
    )
    return _show(opened.intent_id, now)


def _show(intent_id: int, now: datetime) -> Taken:
    try:
        pay.show_qr(intent_id=intent_id, now=now)
    except (PaymentRefused, PlatformError) as problem:
        return Taken(intent_id, problem)
    return Taken(intent_id)


def shown_code(sale: Sale, *, now: datetime) -> pay.QrCard | None:
    """What the client's camera is shown for an open payment; None for any other, or while it cannot be had."""
    row = sale.payment.payment
    if row.method not in SHOWN_METHODS or row.state not in OPEN:
        return None
    try:
        return pay.show_qr(intent_id=row.id, now=now)
    except (PaymentRefused, PlatformError):
        return None


def read_photo(content: bytes) -> str:
    """The payment code on a photo; FormRefused(UNREADABLE_CODE) when there is none to be read."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PHOTO_PIXELS_MAX:
                raise FormRefused(Refusal.UNREADABLE_CODE, "too large")
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise FormRefused(Refusal.UNREADABLE_CODE, type(problem).__name__) from problem
    codes = [one.text.strip() for one in found]
    for code in codes:
        if provider_of_code(code) is not None:
            return code
    raise FormRefused(Refusal.UNREADABLE_CODE, f"{len(codes)} other codes")


def arrivals(*, house_id: int, point: str, since: datetime, code_id: int | None = None) -> list[PaymentRow]:
    """Today's payments at a counter, newest first; with `code_id` those at one printed code."""
    search = counter.reference_start(code_id) if code_id is not None else ""
    return payments.payments(house_id, since=since, boutique_code=point, search=search, limit=100)
