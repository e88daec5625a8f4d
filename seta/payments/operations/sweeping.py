"""The worker's rounds: nothing stays unknown because nobody asked."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from seta.payments.models import Intent, Refund
from seta.payments.operations.collecting import cancel, poll_barcode, refresh
from seta.payments.operations.refunding import resend_refund
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.states import (
    BARCODE_METHODS,
    OPEN_STATES,
    REFUND_UNSETTLED,
    IntentState,
    RefundState,
    query_due,
)
from seta.platforms.core.errors import PlatformError

QUESTIONS_PER_SWEEP_MAX = 100
CLOSE_AFTER = timedelta(minutes=5)

log = logging.getLogger(__name__)


def query_unknown(now: datetime) -> int:
    """Ask about every undecided payment and refund whose turn it is; returns how many were asked about.

    For the worker, every few seconds. Unsent payments past their time expire, unpaid orders past theirs are
    closed at the provider. One provider that fails does not keep the others waiting.
    """
    _expire_unsent(now)
    asked = 0
    for row in _open_intents():
        attempt = row.attempt
        assert attempt.sent_at is not None
        if row.method in BARCODE_METHODS:
            due = True
        else:
            last_at = attempt.asked_at or attempt.sent_at
            due = query_due(last_at=last_at, asked_times=attempt.asked_times, now=now)
        if due:
            asked += _ask_intent(row, now)
    for refund in _open_refunds():
        last_at = refund.asked_at or refund.requested_at
        if query_due(last_at=last_at, asked_times=refund.asked_times, now=now):
            asked += _ask_refund(refund, now)
    return asked


def _expire_unsent(now: datetime) -> None:
    Intent.objects.filter(
        state=IntentState.REQUIRES_CONFIRMATION, expires_at__lte=now, attempt__sent_at__isnull=True
    ).update(state=IntentState.EXPIRED)


def _open_intents() -> list[Intent]:
    rows = Intent.objects.filter(state__in=OPEN_STATES, attempt__sent_at__isnull=False)
    return list(rows.select_related("attempt").order_by("attempt__asked_at")[:QUESTIONS_PER_SWEEP_MAX])


def _open_refunds() -> list[Refund]:
    rows = Refund.objects.filter(Q(state__in=REFUND_UNSETTLED) | Q(state=RefundState.PROCESSING))
    return list(rows.order_by("asked_at")[:QUESTIONS_PER_SWEEP_MAX])


def _ask_intent(row: Intent, now: datetime) -> int:
    try:
        if row.method in BARCODE_METHODS:
            poll_barcode(intent_id=row.pk, now=now)
        elif now >= row.expires_at + CLOSE_AFTER:
            cancel(intent_id=row.pk, now=now)
        else:
            refresh(intent_id=row.pk, now=now)
    except (PlatformError, PaymentRefused, LookupError) as problem:
        log.warning("payment %s could not be asked about: %s", row.number, problem)
    return 1


def _ask_refund(row: Refund, now: datetime) -> int:
    try:
        resend_refund(refund_id=row.pk, now=now)
    except (PlatformError, PaymentRefused, LookupError) as problem:
        log.warning("refund %s could not be asked about: %s", row.out_refund_no, problem)
    return 1
