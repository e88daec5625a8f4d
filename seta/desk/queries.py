"""Refunds that wait for a second person, as the desk lists them by order."""

from dataclasses import dataclass
from datetime import datetime

from seta.boutique import queries as boutique
from seta.houses.queries import members
from seta.payments.queries import refund_by_two, refunds_by_two


@dataclass(frozen=True)
class RefundRequestRow:
    """A refund somebody asked for; the amount in minor units."""

    id: int
    order_id: int
    number: str
    amount: int
    currency: str
    reason: str
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None


def refund_requests(
    house_id: int, *, order_id: int | None = None, is_waiting: bool | None = None, limit: int = 50
) -> list[RefundRequestRow]:
    """Requests about the house's orders, newest first; payments keep them, with those of payments without an order."""
    order = boutique.order(order_id=order_id, house_id=house_id) if order_id is not None else None
    if order_id is not None and order is None:
        return []
    rows = refunds_by_two(
        house_id, reference=order.number if order else "", is_waiting=is_waiting, limit=limit
    )
    names = {member.user_id: member.name for member in members(house_id)}
    found = []
    for row in rows:
        about = order or boutique.order_by_number(house_id=house_id, number=row.reference)
        if about is None:
            continue
        found.append(
            RefundRequestRow(
                id=row.id,
                order_id=about.id,
                number=about.number,
                amount=row.amount,
                currency=row.currency,
                reason=row.reason,
                asked_by_id=row.requested_by,
                asked_by=names.get(row.requested_by or 0, ""),
                asked_at=row.requested_at,
                decision=row.decision,
                decided_by=names.get(row.decided_by or 0, ""),
                decided_at=row.sent_at,
            )
        )
    return found


def waiting_refunds(house_id: int) -> int:
    """How many refunds of orders wait for a second person."""
    return len(refund_requests(house_id, is_waiting=True))


def order_of_request(house_id: int, request_id: int) -> int | None:
    """The order that a request of the house is about."""
    row = refund_by_two(house_id, request_id)
    order = boutique.order_by_number(house_id=house_id, number=row.reference) if row else None
    return order.id if order else None
