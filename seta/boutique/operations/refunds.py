"""Money goes back at most once a key and never more than was paid."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from seta.boutique.events import OrderRefunded
from seta.boutique.models import Order, OrderRefund
from seta.boutique.operations.closing import settle_order
from seta.boutique.operations.invoicing import money_went_back
from seta.boutique.operations.orders import close, locked
from seta.boutique.queries import product_codes
from seta.boutique.rules import (
    HAS_BEEN_PAID,
    REASON_CHARS_MAX,
    OrderRefused,
    Refusal,
    State,
    Step,
    after,
    refund_step,
)
from seta.events.operations import publish
from seta.payments import operations as payments
from seta.payments.events import PaymentReversed, RefundFailed, RefundSucceeded
from seta.payments.rules.refusals import PaymentRefused


@dataclass(frozen=True)
class RefundAsked:
    """A refund under way; amounts in minor units, `state` is the payment's own word."""

    refund_id: int
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    state: str


def refund_order(
    *,
    order_id: int,
    amount: int,
    reason: str,
    key: str,
    requested_by: int | None = None,
    approved_by: int | None = None,
    may_wait: bool = False,
    now: datetime,
) -> RefundAsked:
    """Ask the provider to pay back `amount` minor units; the order changes when the refund's fact arrives.

    The same key asks for the same refund again. `requested_by` and `approved_by` are members, two people above
    the house's limit; with `may_wait` a refund that lacks the second waits as to_approve in the payments' own
    queue. Must not be called inside a transaction. Raises OrderRefused or PaymentRefused, which
    change nothing, or PlatformError when the outcome is open (ask again with the same key).
    """
    if not reason.strip() or len(reason) > REASON_CHARS_MAX:
        raise OrderRefused(Refusal.WRONG_REASON)
    row = _ask(order_id, amount, reason, key, now)
    intent_id = row.order.paid_intent_id
    assert intent_id is not None, "a paid order knows its payment"
    try:
        card = payments.refund(
            intent_id=intent_id,
            amount=amount,
            reason=reason,
            key=f"{row.order.number}-{key}",
            requested_by=requested_by,
            approved_by=approved_by,
            may_wait=may_wait,
            now=now,
        )
    except PaymentRefused:
        OrderRefund.objects.filter(pk=row.pk, refund_id=None).delete()
        raise
    OrderRefund.objects.filter(pk=row.pk, refund_id=None).update(refund_id=card.refund_id)
    return RefundAsked(
        refund_id=card.refund_id,
        amount=card.amount,
        currency=card.currency,
        settle_amount=card.settle_amount,
        settle_currency=card.settle_currency,
        state=card.state,
    )


@transaction.atomic
def _ask(order_id: int, amount: int, reason: str, key: str, now: datetime) -> OrderRefund:
    """Keep the wish before the provider hears it, counting wishes that are still under way."""
    order = locked(order_id)
    earlier = OrderRefund.objects.filter(order=order, key=key).select_related("order").first()
    if earlier is not None:
        if earlier.amount != amount:
            raise OrderRefused(Refusal.REPEATED_KEY, key)
        return earlier
    if order.state not in HAS_BEEN_PAID:
        raise OrderRefused(Refusal.WRONG_STATE, order.state)
    under_way = (
        order.refunds.filter(succeeded_at=None, failed_at=None).aggregate(sum=Sum("amount"))["sum"] or 0
    )
    after(
        State(order.state), refund_step(total=order.total, refunded=order.refunded + under_way, amount=amount)
    )
    return OrderRefund.objects.create(order=order, key=key, amount=amount, reason=reason, asked_at=now)


@transaction.atomic
def on_refund_succeeded(fact: RefundSucceeded, now: datetime) -> None:
    """Count a refund that the provider proved; refunds of payments the order never had are not its own."""
    order = (
        Order.objects.select_for_update(of=("self",))
        .filter(house_id=fact.house_id, number=fact.reference)
        .first()
    )
    if order is None or order.paid_intent_id != fact.intent_id:
        return
    row = _row_of(order, fact, now)
    if row.succeeded_at is not None:
        return
    row.refund_id = fact.refund_id
    row.succeeded_at = fact.occurred_at
    row.save()
    step = refund_step(total=order.total, refunded=order.refunded, amount=fact.amount)
    order.state = after(State(order.state), step)
    order.refunded += fact.amount
    order.save(update_fields=["state", "refunded"])
    money_went_back(order)
    settle_order(order, now)
    publish(_refunded(order, fact))


@transaction.atomic
def on_refund_failed(fact: RefundFailed, now: datetime) -> None:
    """A refund that was declined or closed no longer counts against what is left to refund."""
    OrderRefund.objects.filter(
        order__house_id=fact.house_id, refund_id=fact.refund_id, succeeded_at=None, failed_at=None
    ).update(failed_at=fact.occurred_at)


@transaction.atomic
def on_payment_reversed(fact: PaymentReversed, now: datetime) -> None:
    """The payment of an order was taken back by a reversal: the order ends unpaid and its pieces return."""
    order = (
        Order.objects.select_for_update(of=("self",))
        .filter(house_id=fact.house_id, number=fact.reference)
        .first()
    )
    if order is None:
        return
    if order.paid_intent_id == fact.intent_id and order.state in (State.PAID, State.PARTLY_REFUNDED):
        close(order, Step.REVERSE, now)
        money_went_back(order)
        publish(_reversed(order, fact))
    elif order.intent_id == fact.intent_id and order.state == State.PLACED:
        # The reversal has overtaken the news of the payment, which will find the order closed.
        close(order, Step.CANCEL, now)


def _row_of(order: Order, fact: RefundSucceeded, now: datetime) -> OrderRefund:
    """The wish this refund answers; the fact may overtake the call that learns the refund's id."""
    known = OrderRefund.objects.filter(refund_id=fact.refund_id).first()
    if known is None:
        waiting = order.refunds.filter(refund_id=None, succeeded_at=None, amount=fact.amount)
        known = waiting.order_by("id").first()
    if known is None:
        key = f"refund-{fact.refund_id}"
        known = OrderRefund(order=order, key=key, amount=fact.amount, reason="", asked_at=now)
    return known


def _refunded(order: Order, fact: RefundSucceeded) -> OrderRefunded:
    return OrderRefunded(
        house_id=order.house_id,
        occurred_at=fact.occurred_at,
        person_id=order.person_id,
        campaign=order.campaign,
        associate_id=order.associate_id,
        order_id=order.pk,
        number=order.number,
        refund_id=fact.refund_id,
        amount=fact.amount,
        currency=order.currency,
        settle_amount=fact.settle_amount,
        settle_currency=order.settle_currency,
        is_whole=order.state == State.REFUNDED,
        channel=order.channel,
        boutique=order.boutique_code,
        district=order.district,
        source=order.source,
        product_codes=product_codes(order.pk),
    )


def _reversed(order: Order, fact: PaymentReversed) -> OrderRefunded:
    """A reversal takes the whole sale back, also from whoever was credited with it; it has no refund's number."""
    return OrderRefunded(
        house_id=order.house_id,
        occurred_at=fact.occurred_at,
        person_id=order.person_id,
        campaign=order.campaign,
        associate_id=order.associate_id,
        order_id=order.pk,
        number=order.number,
        refund_id=-fact.intent_id,
        amount=order.total - order.refunded,
        currency=order.currency,
        settle_amount=fact.settle_amount,
        settle_currency=fact.settle_currency,
        is_whole=True,
        channel=order.channel,
        boutique=order.boutique_code,
        district=order.district,
        source=order.source,
        product_codes=product_codes(order.pk),
    )
