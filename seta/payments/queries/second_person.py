"""Refunds that needed a second person: the one queue for till, desk and POS makers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from seta.payments.models import Refund
from seta.payments.rules.states import RefundState

ROWS_MAX = 200


@dataclass(frozen=True)
class RefundByTwo:
    """A refund one member asked for and another decides; `decision` is waiting, approved or declined."""

    id: int
    reference: str
    amount: int
    currency: str
    reason: str
    requested_by: int | None
    requested_at: datetime
    decision: str
    decided_by: int | None
    sent_at: datetime | None


def refunds_by_two(
    house_id: int, *, reference: str = "", is_waiting: bool | None = None, limit: int = 50
) -> list[RefundByTwo]:
    """A house's refunds above its limit, newest first; of one reference, waiting or decided ones when asked so."""
    rows = Refund.objects.filter(
        Q(state=RefundState.TO_APPROVE) | Q(approved_by__isnull=False),
        house_id=house_id,
        requested_by__isnull=False,
    ).select_related("intent")
    if reference:
        rows = rows.filter(intent__reference=reference)
    if is_waiting is not None:
        waiting = Q(state=RefundState.TO_APPROVE)
        rows = rows.filter(waiting if is_waiting else ~waiting)
    return [_row(row) for row in rows.order_by("-requested_at", "-id")[: min(limit, ROWS_MAX)]]


def refund_by_two(house_id: int, refund_id: int) -> RefundByTwo | None:
    """One refund of the house that somebody asked for."""
    rows = Refund.objects.filter(house_id=house_id, pk=refund_id, requested_by__isnull=False)
    row = rows.select_related("intent").first()
    return _row(row) if row else None


def _row(row: Refund) -> RefundByTwo:
    decisions = {RefundState.TO_APPROVE: "waiting", RefundState.REJECTED: "declined"}
    return RefundByTwo(
        id=row.pk,
        reference=row.intent.reference,
        amount=row.amount,
        currency=row.intent.currency,
        reason=row.reason,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        decision=decisions.get(RefundState(row.state), "approved"),
        decided_by=row.approved_by,
        sent_at=row.asked_at,
    )
