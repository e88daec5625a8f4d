"""Where a signed fact becomes state, journal and event, in one transaction, once."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.callbacks.operations import each
from seta.callbacks.rules import Answer, Inbound
from seta.events.operations import publish
from seta.kit.clock import beijing_day
from seta.ledger import operations as ledger
from seta.ledger.rules import Overdraft
from seta.payments import cashiers
from seta.payments.events import BreakOpened, PaymentReversed, PaymentSucceeded, RefundFailed, RefundSucceeded
from seta.payments.models import Attempt, Break, Intent, ProviderFact, ReconRun, Refund
from seta.payments.operations.revaluing import book_at_refund_day, gain_of_late
from seta.payments.rules import books
from seta.payments.rules.matching import PROPOSALS, Category
from seta.payments.rules.states import (
    ALIPAY,
    ANTOM,
    REFUND_BOOKED,
    REFUND_VOID,
    WECHATPAY,
    Contradiction,
    Evidence,
    IntentState,
    RefundEvidence,
    RefundState,
    Trade,
    advance,
    advance_refund,
)


def receive_wechatpay(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of WeChat Pay's notifications, of payments and of refunds; runs inside the door's transaction.

    A signed notification of a wrong amount or an unknown order opens a break and is acknowledged: sending it
    again would not make it right.
    """
    return each(_receive(WECHATPAY))(batch, now)


def receive_alipay(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of Alipay's `trade_status_sync`; runs inside the door's transaction."""
    return each(_receive(ALIPAY))(batch, now)


def receive_antom(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of Antom's notifications, of payments and of refunds; runs inside the door's transaction."""
    return each(_receive(ANTOM))(batch, now)


def _receive(provider: str) -> Callable[[Inbound, datetime], Answer]:
    def receive(inbound: Inbound, now: datetime) -> Answer:
        told = cashiers.notice(provider, inbound.kind, inbound.fields, inbound.external_id)
        if isinstance(told, RefundEvidence):
            accept_refund(house_id=inbound.house_id, evidence=told, now=now)
        else:
            accept(house_id=inbound.house_id, evidence=told, now=now)
        return None

    return receive


@transaction.atomic
def accept(*, house_id: int, evidence: Evidence, now: datetime) -> IntentState | None:
    """Take a signed fact about a payment; returns the intent's state, None when the payment is not ours.

    What contradicts the amount, the house or an earlier fact opens a break and changes nothing else.
    """
    _keep(house_id, evidence, now)
    attempt = _locked_attempt(house_id, evidence)
    key = f"P:{evidence.out_trade_no}"
    if attempt is None:
        _open_break(house_id, evidence, key, Category.MISSING_IN_LEDGER, None, "no such payment here", now)
        return None
    intent = attempt.intent
    before = IntentState(intent.state)
    if _is_wrong_amount(intent.amount, intent.currency, evidence):
        told = f"signed {evidence.amount} {evidence.currency}"
        _open_break(house_id, evidence, key, Category.AMOUNT_MISMATCH, intent.amount, told, now)
        return before
    try:
        after = advance(before, evidence.trade)
    except Contradiction as problem:
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, intent.amount, str(problem), now)
        return before
    if after is IntentState.REVERSED and intent.refunds.exclude(state__in=REFUND_VOID).exists():
        # The reversal would take back what refunds have taken back already: somebody must look.
        told = "reversed after a refund of it"
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, intent.amount, told, now)
        return before
    try:
        with transaction.atomic():
            _apply(intent, attempt, before, after, evidence, now)
    except Overdraft as problem:
        # Settled already: the books cannot give it back without somebody who brings the money.
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, intent.amount, str(problem), now)
        return before
    return after


def _locked_attempt(house_id: int, evidence: Evidence) -> Attempt | None:
    """The attempt with its intent, locked, and all that booking needs of it: a busy evening asks this first."""
    rows = Attempt.objects.select_for_update(of=("intent",)).select_related(
        "intent", "intent__quote", "intent__payee"
    )
    return rows.filter(
        house_id=house_id, provider=evidence.provider, out_trade_no=evidence.out_trade_no
    ).first()


def _is_wrong_amount(amount: int, currency: str, evidence: Evidence | RefundEvidence) -> bool:
    return evidence.amount is not None and (evidence.amount, evidence.currency) != (amount, currency)


def _apply(
    intent: Intent,
    attempt: Attempt,
    before: IntentState,
    after: IntentState,
    evidence: Evidence,
    now: datetime,
) -> None:
    if evidence.provider_number and not attempt.provider_number:
        Attempt.objects.filter(pk=attempt.pk).update(provider_number=evidence.provider_number)
    if after is before:
        return
    intent.state = after
    if after is IntentState.SUCCEEDED:
        intent.booked_at = now
        intent.rate_gain = gain_of_late(intent, evidence.happened_at or now)
    intent.save(update_fields=["state", "booked_at", "rate_gain"])
    if after is IntentState.SUCCEEDED:
        ledger.post(journal=books.payment(_moved(intent, attempt)), now=now)
        publish(PaymentSucceeded(**_news(intent, now), method=intent.method))
    elif before is IntentState.SUCCEEDED:
        ledger.reverse(house_id=intent.house_id, idem=books.payment_idem(attempt.out_trade_no), now=now)
        publish(PaymentReversed(**_news(intent, now)))


def _moved(intent: Intent, attempt: Attempt) -> books.Moved:
    return books.Moved(
        house_id=intent.house_id,
        provider=intent.provider,
        number=attempt.out_trade_no,
        ref=intent.number,
        amount=intent.amount,
        settle_amount=intent.settle_amount,
        settle_currency=intent.settle_currency,
        fee=intent.fee,
        payee=intent.payee.code if intent.payee else "",
        commission=intent.commission,
        rate_gain=intent.rate_gain,
    )


def _news(intent: Intent, now: datetime) -> dict[str, Any]:
    return {
        "house_id": intent.house_id,
        "occurred_at": now,
        "person_id": intent.person_id,
        "campaign": intent.campaign,
        "associate_id": intent.associate_id,
        "intent_id": intent.pk,
        "reference": intent.reference,
        "amount": intent.amount,
        "currency": intent.currency,
        "settle_amount": intent.settle_amount,
        "settle_currency": intent.settle_currency,
        "provider": intent.provider,
        "boutique_code": intent.boutique_code,
    }


@transaction.atomic
def accept_refund(*, house_id: int, evidence: RefundEvidence, now: datetime) -> RefundState | None:
    """Take a signed fact about a refund; returns its state, None when the refund is not ours.

    The journal is written when the provider has accepted the refund, as its bill will say; the fact is published
    when the client has the money. A refund that the provider closes after accepting it is reversed in the books.
    """
    _keep(house_id, evidence, now)
    row = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("intent", "intent__attempt")
        .filter(house_id=house_id, out_refund_no=evidence.out_refund_no, intent__provider=evidence.provider)
        .first()
    )
    key = f"R:{evidence.out_refund_no}"
    if row is None:
        _open_break(house_id, evidence, key, Category.MISSING_IN_LEDGER, None, "no such refund here", now)
        return None
    before = RefundState(row.state)
    # A refund's notification names no currency: it is always the payment's.
    if evidence.amount is not None and evidence.amount != row.amount:
        _open_break(house_id, evidence, key, Category.AMOUNT_MISMATCH, row.amount, "another amount", now)
        return before
    try:
        after = advance_refund(before, evidence.state)
    except Contradiction as problem:
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, row.amount, str(problem), now)
        return before
    try:
        with transaction.atomic():
            _apply_refund(row, before, after, evidence, now)
    except Overdraft as problem:
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, row.amount, str(problem), now)
        return before
    return after


def _apply_refund(
    row: Refund, before: RefundState, after: RefundState, evidence: RefundEvidence, now: datetime
) -> None:
    row.provider_number = row.provider_number or evidence.provider_number
    row.refusal = evidence.refusal
    row.state = after
    was_booked, is_booked = before in REFUND_BOOKED, after in REFUND_BOOKED
    if is_booked and not was_booked:
        row.booked_at = now
    row.save(update_fields=["provider_number", "refusal", "state", "booked_at"])
    if is_booked and not was_booked:
        ledger.post(journal=books.refund(_moved_back(row)), now=now)
    elif was_booked and not is_booked:
        ledger.reverse(house_id=row.house_id, idem=books.refund_idem(row.out_refund_no), now=now)
    if after is RefundState.SUCCEEDED and before is not RefundState.SUCCEEDED:
        book_at_refund_day(row, evidence.happened_at or now, now)
        publish(_refund_news(row, now))
    if after is RefundState.CLOSED and before is not RefundState.CLOSED:
        publish_failed(row, now)
    if after is RefundState.ABNORMAL and before is not RefundState.ABNORMAL:
        key = f"R:{row.out_refund_no}"
        detail = "the client's account cannot take it"
        _open_break(row.house_id, evidence, key, Category.REFUND_PENDING, row.amount, detail, now)


def _moved_back(row: Refund) -> books.Moved:
    return books.Moved(
        house_id=row.house_id,
        provider=row.intent.provider,
        number=row.out_refund_no,
        ref=row.intent.number,
        amount=row.amount,
        settle_amount=row.settle_amount,
        settle_currency=row.intent.settle_currency,
        fee=row.fee,
        payee=row.intent.payee.code if row.intent.payee else "",
        commission=row.commission,
        rate_gain=row.rate_gain,
    )


def _refund_news(row: Refund, now: datetime) -> RefundSucceeded:
    intent = row.intent
    return RefundSucceeded(
        house_id=row.house_id,
        occurred_at=now,
        person_id=intent.person_id,
        campaign=intent.campaign,
        associate_id=intent.associate_id,
        refund_id=row.pk,
        intent_id=intent.pk,
        reference=intent.reference,
        amount=row.amount,
        currency=intent.currency,
        settle_amount=row.settle_amount,
        settle_currency=intent.settle_currency,
        provider=intent.provider,
        boutique_code=intent.boutique_code,
    )


def publish_failed(row: Refund, now: datetime) -> None:
    """Tell that a refund will not happen, inside the caller's transaction."""
    intent = row.intent
    publish(
        RefundFailed(
            house_id=row.house_id,
            occurred_at=now,
            person_id=intent.person_id,
            campaign=intent.campaign,
            associate_id=intent.associate_id,
            refund_id=row.pk,
            intent_id=intent.pk,
            reference=intent.reference,
            amount=row.amount,
            currency=intent.currency,
            provider=intent.provider,
            why=row.refusal or row.state,
        )
    )


def _keep(house_id: int, evidence: Evidence | RefundEvidence, now: datetime) -> None:
    """Keep what was said, once for each distinct wording; polls that say the same do not pile up."""
    state = evidence.state if isinstance(evidence, RefundEvidence) else evidence.trade
    content = json.dumps([state, evidence.body], sort_keys=True, ensure_ascii=False, default=str)
    ProviderFact.objects.bulk_create(
        [
            ProviderFact(
                house_id=house_id,
                provider=evidence.provider,
                source=evidence.source,
                out_trade_no=evidence.out_trade_no[:64],
                out_refund_no=evidence.out_refund_no[:64] if isinstance(evidence, RefundEvidence) else "",
                state=state,
                amount=evidence.amount,
                currency=evidence.currency,
                digest=hashlib.sha256(content.encode()).hexdigest(),
                body=json.loads(json.dumps(evidence.body, default=str)),
                happened_at=evidence.happened_at,
                received_at=now,
                external_id=evidence.external_id[:64],
            )
        ],
        ignore_conflicts=True,
    )


def _open_break(
    house_id: int,
    evidence: Evidence | RefundEvidence,
    key: str,
    category: Category,
    our_amount: int | None,
    detail: str,
    now: datetime,
) -> None:
    if isinstance(evidence, Evidence) and evidence.trade is not Trade.PAID and our_amount is None:
        return  # Nobody's order and no money: a query that found nothing, or a probe.
    open_break(
        house_id=house_id,
        provider=evidence.provider,
        key=key,
        category=category,
        our_amount=our_amount,
        their_amount=evidence.amount,
        detail=detail,
        now=now,
    )


def open_break(
    *,
    house_id: int,
    provider: str,
    key: str,
    category: Category,
    our_amount: int | None,
    their_amount: int | None,
    detail: str,
    now: datetime,
    run: ReconRun | None = None,
) -> bool:
    """Open a break once for a key and category, inside the caller's transaction; says whether it is new."""
    row, is_new = Break.objects.get_or_create(
        house_id=house_id,
        provider=provider,
        key=key,
        category=category,
        defaults={
            "found_on": beijing_day(now),
            "our_amount": our_amount,
            "their_amount": their_amount,
            "currency": "CNY",
            "detail": detail[:200],
            "proposal": PROPOSALS[category],
            "opened_at": now,
            "run": run,
        },
    )
    if is_new:
        publish(
            BreakOpened(
                house_id=house_id,
                occurred_at=now,
                break_id=row.pk,
                provider=provider,
                key=key,
                category=category,
                our_amount=our_amount,
                their_amount=their_amount,
                currency="CNY",
            )
        )
    return is_new
