"""What happens to an order is written down beside it, in the transaction that does it."""

from datetime import datetime

from seta.boutique.models import Fulfilment, Order, OrderNote
from seta.boutique.operations.orders import locked
from seta.boutique.rules.fulfilment import Stage, Way, beginning
from seta.boutique.rules.orders import State
from seta.boutique.rules.refusals import OrderRefused, Refusal

MOVABLE = frozenset({State.PAID, State.PARTLY_REFUNDED})


def note(order: Order, what: str, now: datetime, *, detail: str = "", user_id: int | None = None) -> None:
    """Add a line to the order's history; `user_id` is None for the client and the clock."""
    OrderNote.objects.create(order=order, what=what, detail=detail[:200], user_id=user_id, at=now)


def locked_of(house_id: int, order_id: int) -> Order:
    """The house's order, locked until the transaction ends; raises OrderRefused(UNKNOWN_ORDER)."""
    order = locked(order_id)
    if order.house_id != house_id:
        raise OrderRefused(Refusal.UNKNOWN_ORDER, str(order_id))
    return order


def fulfilment_of(order: Order) -> Fulfilment:
    """How the order goes out, begun if nobody has said anything yet; the order must be locked."""
    way, stage = beginning(order.channel)
    found, _ = Fulfilment.objects.get_or_create(
        order=order,
        defaults={
            "house_id": order.house_id,
            "way": way,
            "stage": stage,
            "boutique_code": order.boutique_code if way is Way.TAKEN else "",
            "arrived_at": order.paid_at if stage is Stage.HANDED_OVER else None,
        },
    )
    return found


def must_be_paid(order: Order) -> None:
    """Refuses (WRONG_STATE) an order whose pieces may not leave: not paid, paid back, or closed."""
    if order.state not in MOVABLE:
        raise OrderRefused(Refusal.WRONG_STATE, order.state)
