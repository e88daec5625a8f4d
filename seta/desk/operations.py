"""What the desk does across parts in one step: a refund that may need two people, a sale at the till."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique import operations as boutique
from seta.boutique import queries as orders
from seta.boutique.rules import Channel, Line, OrderRefused, State
from seta.boutique.rules import Refusal as OrderRefusal
from seta.desk.models import RefundRequest
from seta.desk.rules import FormRefused, Refusal
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import Refusal as PaymentRefusal
from seta.payments.rules.states import ALIPAY, WECHATPAY, provider_of_code
from seta.platforms.core.errors import PlatformError

Decision = RefundRequest.Decision
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
    try:
        card = boutique.refund_order(
            order_id=order_id, amount=amount, reason=reason, key=key, requested_by=user_id, now=now
        )
    except PaymentRefused as refusal:
        if refusal.code is not PaymentRefusal.NEEDS_SECOND_PERSON:
            raise
        kept = {
            "house_id": house_id,
            "amount": amount,
            "currency": order.currency,
            "reason": reason,
            "asked_by_id": user_id,
            "asked_at": now,
        }
        RefundRequest.objects.get_or_create(order_id=order_id, key=key, defaults=kept)
        return RefundAnswer(True, amount, order.currency)
    return RefundAnswer(False, card.amount, card.currency)


def approve_refund(*, house_id: int, request_id: int, user_id: int, now: datetime) -> RefundAnswer:
    """Send a refund that waits, by somebody else than who asked for it; the key keeps it from going twice.

    Raises FormRefused (DECIDED, OWN_REQUEST), OrderRefused, PaymentRefused or PlatformError: it waits on.
    """
    row = _waiting(house_id, request_id)
    if row.asked_by_id is None or row.asked_by_id == user_id:
        raise FormRefused(Refusal.OWN_REQUEST)
    card = boutique.refund_order(
        order_id=row.order_id,
        amount=row.amount,
        reason=row.reason,
        key=row.key,
        requested_by=row.asked_by_id,
        approved_by=user_id,
        now=now,
    )
    _decide(row.pk, Decision.APPROVED, user_id, now)
    return RefundAnswer(False, card.amount, card.currency)


def decline_refund(*, house_id: int, request_id: int, user_id: int, now: datetime) -> None:
    """Say no to a refund that waits, by anybody who may refund, also who asked; raises FormRefused(DECIDED)."""
    _decide(_waiting(house_id, request_id).pk, Decision.DECLINED, user_id, now)


def _waiting(house_id: int, request_id: int) -> RefundRequest:
    row = RefundRequest.objects.filter(pk=request_id, house_id=house_id, decision=Decision.WAITING).first()
    if row is None:
        raise FormRefused(Refusal.DECIDED)
    return row


@transaction.atomic
def _decide(request_id: int, decision: str, user_id: int, now: datetime) -> None:
    RefundRequest.objects.filter(pk=request_id, decision=Decision.WAITING).update(
        decision=decision, decided_by_id=user_id, decided_at=now
    )


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
