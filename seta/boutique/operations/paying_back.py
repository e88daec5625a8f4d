"""Money of a request after the sale goes back by planned parts, each asked of payments under one key."""

from datetime import datetime

from django.db import transaction

from seta.boutique.models import AfterSale, MoneyBack, OrderRefund
from seta.boutique.operations.closing import settle_request
from seta.boutique.operations.noting import locked_of
from seta.boutique.operations.refunds import refund_order
from seta.boutique.queries.promises import left_of
from seta.boutique.rules.after_sale import Kind, Standing
from seta.boutique.rules.orders import State
from seta.boutique.rules.refusals import OrderRefused
from seta.houses.queries import AccountMissing
from seta.payments.rules.refusals import PaymentRefused
from seta.platforms.core.errors import PlatformError

REASONS = {Kind.CANCEL: "订单取消退款", Kind.RETURN: "退货退款", Kind.EXCHANGE: "换货退差"}
"""Shown by WeChat and Alipay to the client beside the refund."""
HAS_MONEY = frozenset({State.PAID, State.PARTLY_REFUNDED})


def pay_back(
    *, request_id: int, user_id: int | None = None, now: datetime, is_retry: bool = False
) -> list[str]:
    """Ask payments for the parts that nobody has asked for; returns the codes of what stood in the way.

    Must not be called inside a transaction. A part is asked under one key, so never twice; with `is_retry` a part
    whose refund was declined or failed is asked under the next. A second person may still have to approve.
    """
    request = AfterSale.objects.filter(pk=request_id, state=Standing.RECEIVED).first()
    if request is None:
        return []
    problems = []
    for part_id in list(request.money.order_by("id").values_list("pk", flat=True)):
        part = _asked_now(request.house_id, part_id, is_retry)
        if part is None:
            continue
        problem = _ask(part, Kind(request.kind), user_id or request.received_by, now)
        MoneyBack.objects.filter(pk=part_id).update(problem=problem)
        if problem:
            problems.append(problem)
    with transaction.atomic():
        order = locked_of(request.house_id, request.order_id)
        current = AfterSale.objects.get(pk=request_id)
        current.order = order
        settle_request(current, now)
    return problems


@transaction.atomic
def _asked_now(house_id: int, part_id: int, is_retry: bool) -> MoneyBack | None:
    """The part when it is to be asked for, cut to what is left of its payment; None when it needs no asking."""
    part = MoneyBack.objects.get(pk=part_id)
    order = locked_of(house_id, part.order_id)
    asked = OrderRefund.objects.filter(order=order, key=part.key).first()
    if asked is not None and asked.failed_at is not None and is_retry:
        part.attempt += 1
        part.save(update_fields=["attempt"])
        asked = None
    if asked is not None:
        return part if asked.refund_id is None and asked.failed_at is None else None
    left = left_of(order) + (part.amount if order.state in HAS_MONEY else 0)
    if left <= 0:
        part.delete()
        return None
    if left < part.amount:
        part.amount = left
        part.save(update_fields=["amount"])
    return part


def _ask(part: MoneyBack, kind: Kind, user_id: int | None, now: datetime) -> str:
    try:
        refund_order(
            order_id=part.order_id,
            amount=part.amount,
            reason=REASONS[kind],
            key=part.key,
            requested_by=user_id,
            may_wait=True,
            now=now,
        )
    except PaymentRefused as problem:
        return str(problem.code)
    except OrderRefused as problem:
        return str(problem.refusal)
    except (PlatformError, AccountMissing):
        return "payment_unavailable"
    return ""
