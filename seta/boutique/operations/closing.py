"""A request after the sale is closed when all its money has gone, whichever order paid it."""

from collections.abc import Iterable
from datetime import datetime

from seta.boutique.events import AfterSaleClosed
from seta.boutique.models import AfterSale, MoneyBack, Order, OrderRefund
from seta.boutique.operations.noting import note
from seta.boutique.queries.promises import lefts
from seta.boutique.rules.after_sale import Standing, Turn, spread, turned
from seta.boutique.rules.orders import State
from seta.events.operations import publish

_UNPAID_ENDS = frozenset({State.EXPIRED, State.CANCELLED})


def plan_money(request: AfterSale, value: int, available: Iterable[tuple[int, int]]) -> None:
    """Write down what goes back of which payment; inside the caller's transaction, the order locked."""
    MoneyBack.objects.bulk_create(
        MoneyBack(after_sale=request, order_id=order_id, amount=amount)
        for order_id, amount in spread(value, available)
    )


def settle_order(order: Order, now: datetime) -> None:
    """Close the requests that only waited for this order's money; inside the caller's transaction."""
    mine = AfterSale.objects.filter(state=Standing.RECEIVED)
    for request in [*mine.filter(money__order=order).distinct(), *mine.filter(replacement=order)]:
        settle_request(request, now)


def settle_request(request: AfterSale, now: datetime) -> None:
    """Close a request whose money has all gone; an exchange whose difference was not paid becomes a return."""
    rows = AfterSale.objects.select_for_update(of=("self",)).filter(pk=request.pk, state=Standing.RECEIVED)
    if rows.first() is None:
        return
    replacement = request.replacement
    if replacement is not None and replacement.state in _UNPAID_ENDS:
        if not request.money.exists():
            plan_money(request, request.worth, lefts(request.order))
    elif replacement is not None and replacement.state == State.PLACED:
        return
    parts = list(request.money.all())
    done = OrderRefund.objects.filter(
        key__in=[part.key for part in parts], order__in=[part.order_id for part in parts]
    ).exclude(succeeded_at=None)
    if len(parts) != done.count():
        return
    request.state, request.closed_at = turned(Standing.RECEIVED, Turn.CLOSE), now
    request.save(update_fields=["state", "closed_at"])
    note(request.order, f"{request.kind}_closed", now)
    publish(
        AfterSaleClosed(
            house_id=request.house_id,
            occurred_at=now,
            person_id=request.order.person_id,
            campaign=request.order.campaign,
            associate_id=request.order.associate_id,
            request_id=request.pk,
            order_id=request.order_id,
            number=request.order.number,
            kind=request.kind,
            reason=request.reason,
        )
    )
