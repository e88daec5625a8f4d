"""The worker's rounds: nothing stays unknown because nobody asked, and nobody waits for another's provider."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.db.models.functions import Coalesce

from seta.payments.models import Intent, Refund
from seta.payments.operations.collecting import pursue
from seta.payments.operations.refunding import resend_refund
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.states import (
    BARCODE_METHODS,
    BARCODE_QUERY_EVERY,
    OPEN_STATES,
    QUERY_AFTER_SECONDS,
    REFUND_UNSETTLED,
    IntentState,
    RefundState,
)
from seta.platforms.core.errors import PlatformError

# Of each kind (barcodes, other orders, refunds) at each desk.
QUESTIONS_PER_SWEEP_MAX = 100

Desk = tuple[int, str]
"""A house and its provider: what may fail as one."""
Question = Callable[[], bool]
"""Asks about one payment or refund; false when the provider was silent."""

log = logging.getLogger(__name__)


def query_unknown(now: datetime) -> int:
    """Ask about every undecided payment and refund whose turn it is; returns how many were asked about.

    For the worker, every few seconds. Unsent payments past their time expire, unpaid orders past theirs are
    closed at the provider. The desks are asked in turn, and within a desk barcodes, orders and refunds in turn,
    so that a crowd of one kind keeps no other waiting. A desk whose provider does not answer rests until the
    next round: the others wait for one silence and not for a hundred.
    """
    _expire_unsent(now)
    lines = [(desk, deque(questions)) for desk, questions in _lines(now) if questions]
    silent: set[Desk] = set()
    asked = 0
    while lines:
        for desk, questions in lines:
            if desk in silent:
                continue
            asked += 1
            if not _answered(questions.popleft()):
                silent.add(desk)
        lines = [(desk, questions) for desk, questions in lines if questions and desk not in silent]
    return asked


def _expire_unsent(now: datetime) -> None:
    Intent.objects.filter(
        state=IntentState.REQUIRES_CONFIRMATION, expires_at__lte=now, attempt__sent_at__isnull=True
    ).update(state=IntentState.EXPIRED)


def _lines(now: datetime) -> Iterator[tuple[Desk, list[Question]]]:
    """What is due at each desk, the longest unasked first; barcodes first, whose clients stand at a till."""
    open_ones = Intent.objects.filter(state__in=OPEN_STATES, attempt__sent_at__isnull=False)
    barcodes = open_ones.filter(
        Q(attempt__asked_at__isnull=True) | Q(attempt__asked_at__lte=now - BARCODE_QUERY_EVERY),
        method__in=BARCODE_METHODS,
    )
    orders = (
        open_ones.exclude(method__in=BARCODE_METHODS)
        .annotate(last_at=Coalesce("attempt__asked_at", "attempt__sent_at"))
        .filter(_is_due("attempt__asked_times", now))
    )
    backs = (
        Refund.objects.filter(Q(state__in=REFUND_UNSETTLED) | Q(state=RefundState.PROCESSING))
        .annotate(last_at=Coalesce("asked_at", "requested_at"))
        .filter(_is_due("asked_times", now))
    )
    for payments, order in ((barcodes, "attempt__asked_at"), (orders, "last_at")):
        for house_id, provider in payments.values_list("house_id", "provider").distinct():
            mine = payments.filter(house_id=house_id, provider=provider).order_by(order, "id")
            ids = mine.values_list("id", flat=True)[:QUESTIONS_PER_SWEEP_MAX]
            yield (house_id, provider), [partial(pursue, intent_id=pk, now=now) for pk in ids]
    for house_id, provider in backs.values_list("house_id", "intent__provider").distinct():
        back = backs.filter(house_id=house_id, intent__provider=provider).order_by("last_at", "id")
        numbers = back.values_list("id", flat=True)[:QUESTIONS_PER_SWEEP_MAX]
        yield (house_id, provider), [partial(_pursue_refund, pk, now) for pk in numbers]


def _is_due(times: str, now: datetime) -> Q:
    """Whose next question is due: soon after the first, then hourly."""
    last = len(QUERY_AFTER_SECONDS) - 1
    due = Q()
    for number, seconds in enumerate(QUERY_AFTER_SECONDS):
        so_often = Q(**{f"{times}__gte" if number == last else times: number})
        due |= so_often & Q(last_at__lte=now - timedelta(seconds=seconds))
    return due


def _pursue_refund(refund_id: int, now: datetime) -> bool:
    return resend_refund(refund_id=refund_id, now=now).state != RefundState.UNKNOWN


def _answered(question: Question) -> bool:
    try:
        return question()
    except (PlatformError, PaymentRefused, LookupError) as problem:
        log.warning("a payment or refund could not be asked about: %s", problem)
        return False
    except Exception:
        # One that cannot be booked must not keep its neighbours from being asked about.
        log.exception("what was asked about a payment or refund could not be kept")
        return True
