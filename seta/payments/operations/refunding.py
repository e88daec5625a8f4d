"""Give money back: claim, keep, send under one number, and send again under that number until it is known."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from seta.houses import queries as houses
from seta.kit.ids import new_id
from seta.ledger import queries as ledger
from seta.payments import cashiers
from seta.payments.cards import RefundCard, refund_card
from seta.payments.models import IdempotencyKey, Intent, Refund
from seta.payments.operations.booking import accept_refund, publish_failed
from seta.payments.operations.collecting import notify_address
from seta.payments.operations.owing import lock_owed
from seta.payments.operations.payees import commission_back
from seta.payments.operations.terms import terms_of
from seta.payments.rules import books, refunds
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import (
    REFUND_UNSETTLED,
    REFUND_VOID,
    IntentState,
    RefundEvidence,
    RefundState,
)


def refund(
    *,
    intent_id: int,
    amount: int,
    reason: str,
    key: str,
    now: datetime,
    requested_by: int | None = None,
    approved_by: int | None = None,
    may_wait: bool = False,
) -> RefundCard:
    """Refund `amount` fen of a payment, once for each `key`; must not be called inside a transaction.

    The same key and content gives the same refund, and asks for it again only while its outcome is open; other
    content under the key is refused. `requested_by` and `approved_by` are members: above the house's limit they
    must be two people; with `may_wait` a refund that lacks the second is kept as to_approve and not sent. Raises
    PaymentRefused, which changes nothing.
    """
    row = _claim(
        intent_id=intent_id,
        amount=amount,
        reason=reason,
        key=key,
        now=now,
        requested_by=requested_by,
        approved_by=approved_by,
        may_wait=may_wait,
    )
    if row.state in REFUND_UNSETTLED:
        return resend_refund(refund_id=row.pk, now=now)
    return refund_card(row)


def approve_refund(*, refund_id: int, house_id: int, approved_by: int, now: datetime) -> RefundCard:
    """A second person lets a waiting refund go; it is sent at once. The one who asked for it cannot.

    Must not be called inside a transaction. Approved twice it is sent under the same number.
    """
    with transaction.atomic(durable=True):
        row = _waiting(refund_id, house_id)
        if row.state == RefundState.TO_APPROVE:
            if row.requested_by == approved_by:
                raise PaymentRefused(Refusal.NEEDS_SECOND_PERSON, str(refund_id))
            if row.intent.state != IntentState.SUCCEEDED:
                raise PaymentRefused(Refusal.NOT_PAID, row.intent.state)
            row.state, row.approved_by = RefundState.REQUESTED, approved_by
            row.save(update_fields=["state", "approved_by"])
    return resend_refund(refund_id=refund_id, now=now)


@transaction.atomic
def decline_refund(
    *, refund_id: int, house_id: int, declined_by: int, reason: str, now: datetime
) -> RefundCard:
    """End a waiting refund that shall not be made; one that was sent stays as it is."""
    row = _waiting(refund_id, house_id)
    if row.state == RefundState.TO_APPROVE:
        row.state, row.approved_by, row.refusal = RefundState.REJECTED, declined_by, reason[:200]
        row.save(update_fields=["state", "approved_by", "refusal"])
        publish_failed(row, now)
    return refund_card(row)


def _waiting(refund_id: int, house_id: int) -> Refund:
    rows = Refund.objects.select_for_update(of=("self",)).select_related("intent")
    row = rows.filter(pk=refund_id, house_id=house_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"refund {refund_id}")
    return row


def resend_refund(*, refund_id: int, now: datetime) -> RefundCard:
    """Send an open refund under its own number, or ask about one the provider is working on."""
    row = _get(refund_id)
    Refund.objects.filter(pk=row.pk).update(asked_at=now, asked_times=row.asked_times + 1)
    account = houses.account(row.house_id, row.intent.provider)
    back = cashiers.Back(
        out_trade_no=row.intent.attempt.out_trade_no,
        out_refund_no=row.out_refund_no,
        amount=row.amount,
        total=row.intent.amount,
        reason=row.reason,
        notify_url=notify_address(account),
        provider_number=row.intent.attempt.provider_number,
    )
    desk = cashiers.desk_of(account)
    evidence: RefundEvidence | None = None
    if row.state in REFUND_UNSETTLED:
        evidence = desk.give_back(back)
    elif row.state == RefundState.PROCESSING:
        evidence = desk.ask_refund(back)
    if evidence is not None:
        accept_refund(house_id=row.house_id, evidence=evidence, now=now)
    return refund_card(_get(refund_id))


def _get(refund_id: int) -> Refund:
    row = Refund.objects.select_related("intent", "intent__attempt").filter(pk=refund_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"refund {refund_id}")
    return row


def _claim(
    *,
    intent_id: int,
    amount: int,
    reason: str,
    key: str,
    now: datetime,
    requested_by: int | None,
    approved_by: int | None,
    may_wait: bool,
) -> Refund:
    """The refund of a key: found, or checked and kept before anything is sent."""
    assert key, "a refund needs an idempotency key"
    request = hashlib.sha256(json.dumps([intent_id, amount, reason]).encode()).hexdigest()
    with transaction.atomic(durable=True):
        # What is owed first and the payment second, as a batch does, whose lines hold on to their payments.
        _lock_money(intent_id)
        # The intent's lock makes two clicks wait for each other, whatever their keys.
        intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent_id)
        standing = IdempotencyKey.objects.filter(house_id=intent.house_id, scope="refund", key=key).first()
        if standing is not None:
            if standing.request_hash != request or standing.object_id is None:
                raise PaymentRefused(Refusal.KEY_REUSED, key)
            return Refund.objects.select_related("intent").get(pk=standing.object_id)
        row = _checked(intent, amount, reason, now, requested_by, approved_by, may_wait)
        IdempotencyKey.objects.create(
            house_id=intent.house_id,
            scope="refund",
            key=key,
            request_hash=request,
            started_at=now,
            object_id=row.pk,
        )
    return row


def _lock_money(intent_id: int) -> None:
    found = Intent.objects.select_related("payee").filter(pk=intent_id).first()
    if found is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"intent {intent_id}")
    code = found.payee.code if found.payee else ""
    lock_owed(found.house_id, found.settle_currency, {code, ""} if found.commission else {code})


def _checked(
    intent: Intent,
    amount: int,
    reason: str,
    now: datetime,
    requested_by: int | None,
    approved_by: int | None,
    may_wait: bool,
) -> Refund:
    paid = refunds.Paid(
        state=IntentState(intent.state),
        provider=intent.provider,
        amount=intent.amount,
        settle_amount=intent.settle_amount,
        fee=intent.fee,
        rate_gain=intent.rate_gain,
        paid_at=intent.booked_at,
    )
    parts = _parts(intent)
    refunds.check(paid, parts, amount=amount, now=now)
    terms = terms_of(intent.house_id)
    limit = terms.second_person_above
    state = RefundState.REQUESTED
    if refunds.needs_second_person(
        amount, limit, requested_by=requested_by, approved_by=approved_by, parts=parts
    ):
        if not may_wait:
            raise PaymentRefused(Refusal.NEEDS_SECOND_PERSON, f"over {limit} fen")
        state = RefundState.TO_APPROVE
    share = refunds.share_of(paid, parts, amount)
    commission = commission_back(intent=intent, amount=amount, net=share.settle_amount - share.fee)
    if not _is_funded(intent, share.settle_amount - share.fee, commission):
        raise PaymentRefused(Refusal.REFUND_UNFUNDED, intent.settle_currency)
    return Refund.objects.create(
        house_id=intent.house_id,
        intent=intent,
        out_refund_no=new_id("sr"),
        amount=share.amount,
        settle_amount=share.settle_amount,
        fee=share.fee,
        commission=commission,
        rate_gain=share.rate_gain,
        rate_policy=terms.refund_policy,
        reason=reason[:80],
        state=state,
        requested_by=requested_by,
        approved_by=approved_by,
        requested_at=now,
    )


def _parts(intent: Intent) -> list[refunds.Part]:
    """The refunds of a payment that count; what the system itself asked for needs no approval."""
    return [
        refunds.Part(
            row.amount,
            row.settle_amount,
            row.fee,
            row.requested_at,
            rate_gain=row.rate_gain,
            is_approved=row.requested_by is None or row.approved_by is not None,
        )
        for row in intent.refunds.exclude(state__in=REFUND_VOID)
    ]


def _is_funded(intent: Intent, net: int, commission: int) -> bool:
    """Whether who sold, and the house for its commission, are owed what the refund takes from them."""
    code = intent.payee.code if intent.payee else ""
    owed = available(intent.house_id, intent.settle_currency, payee=code)
    if not commission:
        return net <= owed
    return net - commission <= owed and commission <= available(intent.house_id, intent.settle_currency)


def available(house_id: int, currency: str, *, payee: str = "") -> int:
    """What a partner (the house for none) is owed and has not promised to a refund on its way, in minor units."""
    waiting = Refund.objects.filter(
        house_id=house_id,
        intent__settle_currency=currency,
        state__in=REFUND_UNSETTLED | {RefundState.TO_APPROVE},
    )
    mine = waiting.filter(intent__payee__code=payee) if payee else waiting.filter(intent__payee__isnull=True)
    promised = mine.aggregate(net=Sum(F("settle_amount") - F("fee") - F("commission")))["net"] or 0
    if not payee:
        commissions = waiting.filter(intent__payee__isnull=False)
        promised += commissions.aggregate(sum=Sum("commission"))["sum"] or 0
    return -ledger.guarded_balance(house_id, books.owed_to(payee), currency) - int(promised)
