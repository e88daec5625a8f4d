"""Where a payment can go from where it is, decided by what its provider has signed and by nothing else."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

WECHATPAY = "wechatpay"
ALIPAY = "alipay"
ANTOM = "antom"
METHODS = {
    "wechat_jsapi": WECHATPAY,
    "wechat_native": WECHATPAY,
    "wechat_barcode": WECHATPAY,
    "alipay_qr": ALIPAY,
    "alipay_barcode": ALIPAY,
    "antom_qr": ANTOM,
    "antom_cashier": ANTOM,
    "antom_code": ANTOM,
}
BARCODE_METHODS = frozenset({"wechat_barcode", "alipay_barcode", "antom_code"})
# The merchant shows something: a code for the client's camera, or (antom_cashier) the address of a page.
QR_METHODS = frozenset({"wechat_native", "alipay_qr", "antom_qr", "antom_cashier"})

# A prepay_id lives two hours (from memory, unconfirmed); a barcode is revoked by WeChat itself after 45 s.
JSAPI_LIFETIME = timedelta(hours=2)
BARCODE_QUERY_EVERY = timedelta(seconds=4)
BARCODE_REVERSE_AFTER = {
    WECHATPAY: timedelta(seconds=45),
    ALIPAY: timedelta(seconds=60),
    ANTOM: timedelta(seconds=60),
}
# How long to wait before the next question, by how often was asked: soon at first, then hourly.
QUERY_AFTER_SECONDS = (5, 10, 30, 60, 180, 600, 1800, 3600)


class IntentState(StrEnum):
    """An intent's life; the last five are final, though a final one may still be contradicted."""

    REQUIRES_CONFIRMATION = "requires_confirmation"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"
    REVERSED = "reversed"


OPEN_STATES = frozenset(
    {
        IntentState.REQUIRES_CONFIRMATION,
        IntentState.PROCESSING,
        IntentState.REQUIRES_ACTION,
        IntentState.UNKNOWN,
    }
)
ENDED_UNPAID = frozenset(
    {IntentState.CANCELED, IntentState.EXPIRED, IntentState.FAILED, IntentState.REVERSED}
)


class Trade(StrEnum):
    """What a provider says of a payment, in our words."""

    PAID = "paid"
    PENDING = "pending"
    CLOSED = "closed"
    REVERSED = "reversed"
    FAILED = "failed"
    REFUNDED = "refunded"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """A refund's life. It counts against the payment until it is rejected or closed."""

    TO_APPROVE = "to_approve"
    REQUESTED = "requested"
    UNKNOWN = "unknown"
    PENDING_FUNDS = "pending_funds"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    ABNORMAL = "abnormal"
    REJECTED = "rejected"


REFUND_VOID = frozenset({RefundState.REJECTED, RefundState.CLOSED})
REFUND_UNSETTLED = frozenset({RefundState.REQUESTED, RefundState.UNKNOWN, RefundState.PENDING_FUNDS})
REFUND_BOOKED = frozenset({RefundState.PROCESSING, RefundState.SUCCEEDED, RefundState.ABNORMAL})


class Contradiction(Exception):
    """A signed fact that cannot follow what was signed before; it opens a break and overwrites nothing."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One signed statement about a payment, whoever carried it: a notification, an answer or a query."""

    provider: str
    source: str
    out_trade_no: str
    trade: Trade
    provider_number: str = ""
    amount: int | None = None
    currency: str = ""
    happened_at: datetime | None = None
    external_id: str = ""
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RefundEvidence:
    """One signed statement about a refund."""

    provider: str
    source: str
    out_trade_no: str
    out_refund_no: str
    state: RefundState
    provider_number: str = ""
    amount: int | None = None
    currency: str = ""
    happened_at: datetime | None = None
    external_id: str = ""
    refusal: str = ""
    body: dict[str, Any] = field(default_factory=dict)


def advance(state: IntentState, trade: Trade) -> IntentState:
    """The state after a signed fact; raises Contradiction when the two cannot both be true.

    Paid may be followed by reversed (a barcode reversed while its client was paying). A payment that we let
    expire may still turn out paid: its money is real and is booked at the locked rate.
    """
    if trade in (Trade.PENDING, Trade.UNKNOWN, Trade.ABSENT):
        return _undecided(state, trade)
    if trade in (Trade.PAID, Trade.REFUNDED):
        if state in OPEN_STATES or state in (IntentState.SUCCEEDED, IntentState.EXPIRED):
            return IntentState.SUCCEEDED
        if state is IntentState.REVERSED and trade is Trade.REFUNDED:
            return state
        raise Contradiction(f"{trade} after {state}")
    if trade is Trade.REVERSED:
        if state in OPEN_STATES or state in (IntentState.SUCCEEDED, IntentState.REVERSED):
            return IntentState.REVERSED
        raise Contradiction(f"{trade} after {state}")
    if state in OPEN_STATES:
        return IntentState.CANCELED if trade is Trade.CLOSED else IntentState.FAILED
    if state in ENDED_UNPAID:
        return state
    raise Contradiction(f"{trade} after {state}")


def _undecided(state: IntentState, trade: Trade) -> IntentState:
    if state not in OPEN_STATES:
        # An older answer that arrives late says nothing against what was decided since.
        return state
    if trade is Trade.UNKNOWN:
        return IntentState.UNKNOWN
    return IntentState.REQUIRES_ACTION if state is IntentState.REQUIRES_ACTION else IntentState.PROCESSING


def advance_refund(state: RefundState, told: RefundState) -> RefundState:
    """A refund's state after a signed fact; raises Contradiction for success after an end that denies it."""
    if state is RefundState.TO_APPROVE:
        raise Contradiction(f"refund {told} before it was approved and sent")
    if told is state or told is RefundState.UNKNOWN:
        return state if state not in REFUND_UNSETTLED else told
    if state in REFUND_UNSETTLED:
        return told
    if state in (RefundState.PROCESSING, RefundState.ABNORMAL):
        if told in (RefundState.SUCCEEDED, RefundState.CLOSED, RefundState.ABNORMAL):
            return told
        return state
    if told in (RefundState.PROCESSING, RefundState.PENDING_FUNDS, RefundState.REQUESTED):
        return state
    raise Contradiction(f"refund {told} after {state}")


class Step(StrEnum):
    """What to do next about a barcode payment that is not decided."""

    WAIT = "wait"
    QUERY = "query"
    REVERSE = "reverse"
    DONE = "done"


def next_step(
    *, provider: str, state: IntentState, sent_at: datetime, asked_at: datetime | None, now: datetime
) -> Step:
    """One step of the poll-and-reverse loop, as the providers describe it.

    Query every few seconds while the client may still be confirming; past the provider's limit reverse, and go
    on reversing until it is accepted, since reversing during confirmation is refused.
    """
    if state not in OPEN_STATES:
        return Step.DONE
    if asked_at is not None and now - asked_at < BARCODE_QUERY_EVERY:
        return Step.WAIT
    return Step.REVERSE if now - sent_at >= BARCODE_REVERSE_AFTER[provider] else Step.QUERY


def provider_of_code(auth_code: str) -> str | None:
    """Whose payment code a scanner has read: WeChat's 18 digits begin 10-15, Alipay's 16-24 begin 25-30."""
    if not (auth_code.isascii() and auth_code.isdigit()):
        return None
    first = int(auth_code[:2])
    if len(auth_code) == 18 and 10 <= first <= 15:
        return WECHATPAY
    if 16 <= len(auth_code) <= 24 and 25 <= first <= 30:
        return ALIPAY
    return None
