"""Send a payment to its provider and follow it to its end: keep, then send, then take the answer."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.payments import cashiers
from seta.payments.cards import IntentCard, intent_card
from seta.payments.models import Attempt, Intent
from seta.payments.operations.booking import accept
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import METHOD_OF, Way, wallet_of_code
from seta.payments.rules.states import (
    BARCODE_METHODS,
    OPEN_STATES,
    WECHATPAY,
    Evidence,
    IntentState,
    Step,
    Trade,
    next_step,
)
from seta.platforms.wechatpay import JsapiParams

# A provider that does not know our number this long after it was sent never got it.
ABSENT_IS_FAILED_SECONDS = 30
# An order that nobody has paid this long after its time is closed at the provider.
CLOSE_AFTER = timedelta(minutes=5)
# WeChat Pay asks merchants not to reverse a barcode payment sooner after it was sent.
REVERSE_NOT_BEFORE = {WECHATPAY: timedelta(seconds=15)}


def prepay(*, intent_id: int, openid: str, now: datetime) -> JsapiParams:
    """Place the order at WeChat Pay and sign what `wx.requestPayment` needs.

    Must not be called inside a transaction: the attempt is marked as sent, and durable, before the first byte
    leaves. A second call signs the same prepay_id anew. Raises PaymentRefused, or PlatformError when WeChat Pay
    cannot be reached; the same call may then be repeated.
    """
    intent = begin(intent_id, now, methods=frozenset({"wechat_jsapi"}))
    attempt = intent.attempt
    account = houses.account(intent.house_id, intent.provider)
    desk = cashiers.page_of(account)
    if not attempt.prepay_id:
        prepay_id = desk.prepay(order_of(intent, account), openid)
        _note_prepay(intent, prepay_id)
        return desk.pay_sheet(prepay_id)
    return desk.pay_sheet(attempt.prepay_id)


def pay_barcode(*, intent_id: int, auth_code: str, now: datetime) -> IntentCard:
    """Charge the code a client shows, once; returns succeeded, failed, or processing/unknown to be polled.

    Must not be called inside a transaction. A repeated call never charges again: it asks instead.
    """
    wallet = wallet_of_code(auth_code)
    if wallet is None:
        raise PaymentRefused(Refusal.BAD_AUTH_CODE)
    intent = _get(intent_id)
    if METHOD_OF.get((intent.provider, wallet, Way.BARCODE)) != intent.method:
        raise PaymentRefused(Refusal.BAD_AUTH_CODE, f"a code of {wallet} for {intent.method}")
    if intent.attempt.sent_at is not None:
        return refresh(intent_id=intent_id, now=now)
    intent = begin(intent_id, now, methods=BARCODE_METHODS)
    account = houses.account(intent.house_id, intent.provider)
    evidence = cashiers.desk_of(account).charge(order_of(intent, account), auth_code)
    _take(intent, evidence, now)
    return intent_card(_get(intent_id))


def poll_barcode(*, intent_id: int, now: datetime) -> IntentCard:
    """One step of the barcode loop: wait, query, or reverse when the provider's time is over.

    The till calls it while it shows the payment, the sweep when nobody does; each call is one question at most.
    """
    _step_barcode(_get(intent_id), now)
    return intent_card(_get(intent_id))


def refresh(*, intent_id: int, now: datetime) -> IntentCard:
    """Ask the provider about an undecided payment; a success shown in the client's app proves nothing."""
    _ask(_get(intent_id), now)
    return intent_card(_get(intent_id))


def cancel(*, intent_id: int, now: datetime) -> IntentCard:
    """End a payment that nobody will make; one that was paid after all succeeds instead.

    Raises PaymentRefused(IN_PROGRESS) for a barcode sent so lately that its provider would not have it reversed.
    """
    intent = _get(intent_id)
    if IntentState(intent.state) not in OPEN_STATES:
        return intent_card(intent)
    sent_at = intent.attempt.sent_at
    if sent_at is None:
        Intent.objects.filter(pk=intent_id, state=intent.state).update(state=IntentState.CANCELED)
        return intent_card(_get(intent_id))
    if intent.method not in BARCODE_METHODS:
        _close(intent, now)
        return intent_card(_get(intent_id))
    evidence = _ask(intent, now)
    if evidence is not None and evidence.trade in (Trade.PENDING, Trade.UNKNOWN):
        if now - sent_at < REVERSE_NOT_BEFORE.get(intent.provider, timedelta()):
            raise PaymentRefused(Refusal.IN_PROGRESS, f"{intent.number} was sent {now - sent_at} ago")
        _undo(intent, now)
    return intent_card(_get(intent_id))


def pursue(*, intent_id: int, now: datetime) -> bool:
    """Ask whatever is due about an undecided payment; false when its provider gave no usable answer.

    For the sweep: a barcode takes its next step, an order long past its time is closed, any other is queried.
    """
    intent = _get(intent_id)
    if intent.method in BARCODE_METHODS:
        evidence = _step_barcode(intent, now)
    elif now >= intent.expires_at + CLOSE_AFTER:
        evidence = _close(intent, now)
    else:
        evidence = _ask(intent, now)
    return evidence is None or evidence.trade is not Trade.UNKNOWN


def _step_barcode(intent: Intent, now: datetime) -> Evidence | None:
    attempt = intent.attempt
    if intent.method not in BARCODE_METHODS or attempt.sent_at is None:
        return None
    step = next_step(
        provider=intent.provider,
        state=IntentState(intent.state),
        sent_at=attempt.sent_at,
        asked_at=attempt.asked_at,
        now=now,
    )
    if step not in (Step.QUERY, Step.REVERSE):
        return None
    # Ask once more right before reversing: the client may have paid meanwhile.
    evidence = _ask(intent, now)
    if step is Step.REVERSE and evidence is not None and evidence.trade in (Trade.PENDING, Trade.UNKNOWN):
        return _undo(intent, now)
    return evidence


def _ask(intent: Intent, now: datetime) -> Evidence | None:
    """Query an undecided payment that was sent, and take the answer; None when there is nothing to ask."""
    if IntentState(intent.state) not in OPEN_STATES or intent.attempt.sent_at is None:
        return None
    _note_asked(intent.attempt, now)
    evidence = cashiers.cashier(intent.house_id, intent.provider).ask(intent.attempt.out_trade_no)
    return _take(intent, evidence, now)


def _undo(intent: Intent, now: datetime) -> Evidence:
    desk = cashiers.cashier(intent.house_id, intent.provider)
    return _take(intent, desk.undo(intent.attempt.out_trade_no), now)


def _close(intent: Intent, now: datetime) -> Evidence:
    """Close an unpaid order; one that its provider has never heard of is closed with us alone."""
    _note_asked(intent.attempt, now)
    evidence = cashiers.cashier(intent.house_id, intent.provider).close(intent.attempt.out_trade_no)
    if evidence.trade is Trade.ABSENT and _is_past_arriving(intent, now):
        evidence = replace(evidence, trade=Trade.CLOSED)
    return _take(intent, evidence, now)


def notify_address(account: Account) -> str:
    """Where the provider is to send its notifications about an account."""
    return f"{settings.PUBLIC_URL}/callbacks/{account.family}/{account.id}"


def _get(intent_id: int) -> Intent:
    row = Intent.objects.select_related("attempt").filter(pk=intent_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"intent {intent_id}")
    return row


def begin(intent_id: int, now: datetime, methods: frozenset[str]) -> Intent:
    """Mark the attempt as sent and commit it; from here on its outcome is the provider's to say."""
    with transaction.atomic(durable=True):
        row = (
            Intent.objects.select_for_update(of=("self",))
            .select_related("attempt")
            .filter(pk=intent_id)
            .first()
        )
        if row is None:
            raise PaymentRefused(Refusal.NOT_FOUND, f"intent {intent_id}")
        if row.method not in methods:
            raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, row.method)
        if row.state == IntentState.SUCCEEDED:
            raise PaymentRefused(Refusal.ALREADY_PAID, row.number)
        if IntentState(row.state) not in OPEN_STATES:
            raise PaymentRefused(Refusal.NOT_PAYABLE, row.state)
        if row.expires_at <= now:
            raise PaymentRefused(Refusal.QUOTE_EXPIRED, row.number)
        if row.state == IntentState.REQUIRES_CONFIRMATION:
            Intent.objects.filter(pk=row.pk).update(state=IntentState.PROCESSING)
            Attempt.objects.filter(pk=row.attempt.pk).update(sent_at=now, asked_at=now)
    return _get(intent_id)


def order_of(intent: Intent, account: Account) -> cashiers.Order:
    """The intent as its provider's cashier wants it, told of at the account it is placed with."""
    return cashiers.Order(
        out_trade_no=intent.attempt.out_trade_no,
        description=intent.description,
        amount=intent.amount,
        notify_url=notify_address(account),
        store=f"H{intent.house_id}",
        expires_at=intent.expires_at,
        settle_currency=intent.settle_currency,
        method=intent.method,
    )


@transaction.atomic
def _note_prepay(intent: Intent, prepay_id: str) -> None:
    Attempt.objects.filter(pk=intent.attempt.pk).update(prepay_id=prepay_id)
    # A notification may have been quicker than this answer.
    Intent.objects.filter(pk=intent.pk, state=IntentState.PROCESSING).update(
        state=IntentState.REQUIRES_ACTION
    )


def _note_asked(attempt: Attempt, now: datetime) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=now, asked_times=F("asked_times") + 1)


def _take(intent: Intent, evidence: Evidence, now: datetime) -> Evidence:
    if evidence.trade is Trade.ABSENT and intent.method in BARCODE_METHODS and _is_past_arriving(intent, now):
        evidence = replace(evidence, trade=Trade.FAILED)
    accept(house_id=intent.house_id, evidence=evidence, now=now)
    return evidence


def _is_past_arriving(intent: Intent, now: datetime) -> bool:
    """Whether what was sent can no longer be on its way."""
    sent_at = intent.attempt.sent_at
    return sent_at is not None and (now - sent_at).total_seconds() >= ABSENT_IS_FAILED_SECONDS
