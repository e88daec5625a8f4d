"""What the desk does across parts in one step: a refund that may need two people, a sale at the till."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.boutique import operations as boutique
from seta.boutique import queries as orders
from seta.boutique.rules import Channel, Line, OrderRefused, State
from seta.boutique.rules import Refusal as OrderRefusal
from seta.desk.rules import FormRefused, Refusal
from seta.payments import operations as payments
from seta.payments.queries import RefundByTwo, refund_by_two
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import Refusal as PaymentRefusal
from seta.payments.rules.states import ALIPAY, WECHATPAY, RefundState, provider_of_code
from seta.platforms.core.errors import PlatformError

_METHODS = {WECHATPAY: "wechat_barcode", ALIPAY: "alipay_barcode"}


@dataclass(frozen=True)
class RefundAnswer:
    """A refund that was sent, or one that waits for a second person; the amount in minor units."""

    is_waiting: bool
    amount: int
    currency: str


@dataclass(frozen=True)
class TillSale:
    """An order at the till; `problem` says why its payment did not begin, the order then still waits for one."""

    order_id: int
    problem: OrderRefused | PaymentRefused | PlatformError | None = None


def ask_refund(
    *, house_id: int, order_id: int, amount: int, reason: str, key: str, user_id: int, now: datetime
) -> RefundAnswer:
    """Refund `amount` fen of an order, or keep the wish when the house wants a second person for so much.

    Raises OrderRefused, PaymentRefused (nothing changed) or PlatformError (ask again with the same key).
    """
    order = orders.order(order_id=order_id, house_id=house_id)
    if order is None:
        raise OrderRefused(OrderRefusal.UNKNOWN_ORDER, str(order_id))
    card = boutique.refund_order(
        order_id=order_id,
        amount=amount,
        reason=reason,
        key=key,
        requested_by=user_id,
        may_wait=True,
        now=now,
    )
    return RefundAnswer(card.state == RefundState.TO_APPROVE, card.amount, card.currency)


def approve_refund(*, house_id: int, request_id: int, user_id: int, now: datetime) -> RefundAnswer:
    """Send a refund that waits, by somebody else than who asked for it; its number keeps it from going twice.

    Raises FormRefused (DECIDED, OWN_REQUEST), PaymentRefused or PlatformError: it waits on, or is sent again.
    """
    row = _waiting(house_id, request_id)
    if row.requested_by == user_id:
        raise FormRefused(Refusal.OWN_REQUEST)
    card = payments.approve_refund(refund_id=request_id, house_id=house_id, approved_by=user_id, now=now)
    return RefundAnswer(False, card.amount, card.currency)


def decline_refund(*, house_id: int, request_id: int, user_id: int, now: datetime) -> None:
    """Say no to a refund that waits, by anybody who may refund, also who asked; raises FormRefused(DECIDED)."""
    _waiting(house_id, request_id)
    payments.decline_refund(
        refund_id=request_id,
        house_id=house_id,
        declined_by=user_id,
        reason="declined at the desk",
        now=now,
    )


def _waiting(house_id: int, request_id: int) -> RefundByTwo:
    row = refund_by_two(house_id, request_id)
    if row is None or row.decision != "waiting":
        raise FormRefused(Refusal.DECIDED)
    return row


def sell_at_till(
    *,
    house_id: int,
    lines: Sequence[Line],
    point: str,
    associate_id: int | None,
    person_id: int | None,
    auth_code: str,
    key: str,
    now: datetime,
) -> TillSale:
    """Place an order from the boutique's own stock and charge the payment code that the client shows.

    The same key sells once. Raises OrderRefused, or PaymentRefused(BAD_AUTH_CODE), having changed nothing.
    """
    _provider(auth_code)
    order = boutique.place_order(
        house_id=house_id,
        person_id=person_id,
        lines=lines,
        channel=Channel.TILL,
        boutique=point,
        associate_id=associate_id,
        key=f"till-{key}",
        now=now,
    )
    if order.state != State.PLACED:
        # The same form again: its first sending has been paid or given up since.
        return TillSale(order.order_id)
    return charge_order(order_id=order.order_id, auth_code=auth_code, now=now)


def charge_order(*, order_id: int, auth_code: str, now: datetime) -> TillSale:
    """Charge an order that waits at the till; raises PaymentRefused(BAD_AUTH_CODE)."""
    method = _METHODS[_provider(auth_code)]
    try:
        boutique.pay_order_at_till(order_id=order_id, auth_code=auth_code, method=method, now=now)
    except (OrderRefused, PaymentRefused, PlatformError) as problem:
        return TillSale(order_id, problem)
    return TillSale(order_id)


def _provider(auth_code: str) -> str:
    provider = provider_of_code(auth_code)
    if provider is None:
        raise PaymentRefused(PaymentRefusal.BAD_AUTH_CODE)
    return provider
