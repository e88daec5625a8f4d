"""Refunds that wait for a second person, as the desk lists them."""

from dataclasses import dataclass
from datetime import datetime

from seta.desk.models import RefundRequest
from seta.houses.queries import members


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
    """Requests of the house, newest first."""
    rows = RefundRequest.objects.filter(house_id=house_id).select_related("order")
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    if is_waiting is not None:
        waiting = RefundRequest.Decision.WAITING
        rows = rows.filter(decision=waiting) if is_waiting else rows.exclude(decision=waiting)
    names = {member.user_id: member.name for member in members(house_id)}
    return [
        RefundRequestRow(
            id=row.pk,
            order_id=row.order_id,
            number=row.order.number,
            amount=row.amount,
            currency=row.currency,
            reason=row.reason,
            asked_by_id=row.asked_by_id,
            asked_by=names.get(row.asked_by_id or 0, ""),
            asked_at=row.asked_at,
            decision=row.decision,
            decided_by=names.get(row.decided_by_id or 0, ""),
            decided_at=row.decided_at,
        )
        for row in rows.order_by("-asked_at", "-id")[:limit]
    ]


def waiting_refunds(house_id: int) -> int:
    """How many refunds wait for a second person."""
    return RefundRequest.objects.filter(house_id=house_id, decision=RefundRequest.Decision.WAITING).count()


def order_of_request(house_id: int, request_id: int) -> int | None:
    """The order that a request of the house is about."""
    rows = RefundRequest.objects.filter(pk=request_id, house_id=house_id)
    return rows.values_list("order_id", flat=True).first()
