"""An order is paid only by the provider's proof, once; money that finds no open order goes back by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique.events import OrderPaid
from seta.boutique.models import Order
from seta.boutique.operations.closing import settle_order
from seta.boutique.operations.exchanging import tell_exchange
from seta.boutique.operations.orders import locked
from seta.boutique.queries import product_codes
from seta.boutique.queries.promises import waits_for_way
from seta.boutique.rules import OrderRefused, Refusal, State, Step, after
from seta.events.operations import publish
from seta.payments import operations as payments
from seta.payments.events import PaymentSucceeded
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import Refusal as PaymentRefusal
from seta.platforms.wechatpay import JsapiParams

CLOSED_REASON = "订单已关闭，款项原路退回"
"""Shown by WeChat and Alipay to the client beside the refund: order closed, money returned."""


@dataclass(frozen=True)
class TillPayment:
    """How a barcode payment stands; `state` is the payment's own word, the order follows by its fact."""

    order_id: int
    number: str
    intent_id: int
    state: str


def pay_order(*, order_id: int, openid: str, now: datetime) -> JsapiParams:
    """What wx.requestPayment needs to pay this order; asking again gives the same payment again.

    Raises OrderRefused when the order is closed or paid, PaymentRefused, or PlatformError from WeChat Pay.
    """
    _, intent_id = _intent(order_id, "wechat_jsapi", now)
    return payments.prepay(intent_id=intent_id, openid=openid, now=now)


def pay_order_at_till(
    *, order_id: int, auth_code: str, method: str = "alipay_barcode", now: datetime
) -> TillPayment:
    """Charge the barcode that the client shows; the order is paid when the payment's fact arrives.

    `method` is alipay_barcode or wechat_barcode. Raises OrderRefused, PaymentRefused or PlatformError.
    """
    number, intent_id = _intent(order_id, method, now)
    card = payments.pay_barcode(intent_id=intent_id, auth_code=auth_code, now=now)
    return TillPayment(order_id, number, intent_id, card.state)


def _intent(order_id: int, method: str, now: datetime) -> tuple[str, int]:
    """The order's number and the payment to pay it with; payments gives the live one of the number again."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise OrderRefused(Refusal.UNKNOWN_ORDER, str(order_id))
    if order.state != State.PLACED or order.expires_at <= now:
        raise OrderRefused(Refusal.WRONG_STATE, order.state)
    if order.awaits_return:
        raise OrderRefused(Refusal.AWAITS_RETURN)
    if waits_for_way(order.pk):
        raise OrderRefused(Refusal.WAY_FIRST)
    intent = payments.open_intent(
        house_id=order.house_id,
        person_id=order.person_id,
        reference=order.number,
        amount=order.total,
        description=_description(order),
        method=method,
        settle_currency=order.settle_currency,
        campaign=order.campaign,
        associate_id=order.associate_id,
        boutique_code=order.boutique_code,
        now=now,
    )
    Order.objects.filter(pk=order_id).update(intent_id=intent.intent_id)
    return order.number, intent.intent_id


def _description(order: Order) -> str:
    """The pieces' Chinese names, cut to the 127 bytes that WeChat Pay's `description` may have."""
    lines = order.lines.select_related("variant__product").order_by("id")
    names = "、".join(line.variant.product.name_zh for line in lines)
    return names.encode()[:127].decode(errors="ignore")


def on_payment_succeeded(fact: PaymentSucceeded, now: datetime) -> None:
    """Mark the order paid; give the money back when the order is closed or paid already by another payment."""
    order_id = (
        Order.objects.filter(house_id=fact.house_id, number=fact.reference)
        .values_list("pk", flat=True)
        .first()
    )
    if order_id is None or _mark_paid(order_id, fact, now):
        return
    try:
        payments.refund(
            intent_id=fact.intent_id,
            amount=fact.amount,
            reason=CLOSED_REASON,
            key=f"unwanted-{fact.intent_id}",
            now=now,
        )
    except PaymentRefused as refusal:
        # A payment that was reversed meanwhile has nothing left to give back.
        if refusal.code is not PaymentRefusal.NOT_PAID:
            raise


@transaction.atomic
def _mark_paid(order_id: int, fact: PaymentSucceeded, now: datetime) -> bool:
    """Whether the money belongs to the order; marks it paid the first time."""
    order = locked(order_id)
    if order.paid_intent_id == fact.intent_id:
        return True
    if order.state != State.PLACED or (order.total, order.currency) != (fact.amount, fact.currency):
        return False
    order.state = after(State.PLACED, Step.PAY)
    order.paid_intent_id = fact.intent_id
    order.settle_amount = fact.settle_amount
    order.settle_currency = fact.settle_currency
    order.paid_at = fact.occurred_at
    order.save(update_fields=["state", "paid_intent_id", "settle_amount", "settle_currency", "paid_at"])
    settle_order(order, now)
    tell_exchange(order, fact.occurred_at)
    publish(
        OrderPaid(
            house_id=order.house_id,
            occurred_at=fact.occurred_at,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            order_id=order.pk,
            number=order.number,
            amount=order.total,
            currency=order.currency,
            settle_amount=fact.settle_amount,
            settle_currency=fact.settle_currency,
            channel=order.channel,
            boutique=order.boutique_code,
            district=order.district,
            source=order.source,
            product_codes=product_codes(order.pk),
        )
    )
    return True
