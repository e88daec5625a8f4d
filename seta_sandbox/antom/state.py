"""Keep Antom's payments and refunds, and change them only in the ways the provider allows."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from seta_sandbox.antom import amounts, errors
from seta_sandbox.kit.world import World

BEIJING = timezone(timedelta(hours=8))
CODE_SECONDS = 180
ORDER_SECONDS = 3_600
REFUND_SECONDS_MAX = 365 * 86_400
QUOTE_SECONDS = 1_800
# A payment can be cancelled until a quarter past midnight, Beijing time, of the day after it was made.
CANCEL_GRACE = timedelta(days=1, minutes=15)


class PaymentStatus(StrEnum):
    """`paymentStatus` of a payment."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    CANCELLED = "CANCELLED"


class RefundStatus(StrEnum):
    """`refundStatus` of a refund."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"


@dataclass
class Settings:
    """What the sandbox's operator may choose; see the control action `payment_settings`.

    `fee_rate` in ten-thousandths; `refund_mode` is `success` or `processing`; `guaranteed` is what quotes say of
    themselves; `rates` give the CNY for one unit of a currency, scaled by 10^8.
    """

    fee_rate: int = 100
    refund_mode: str = "success"
    guaranteed: bool = False
    rates: dict[str, int] = field(
        default_factory=lambda: {
            "CNY": 100_000_000,
            "EUR": 782_345_678,
            "USD": 712_500_000,
            "GBP": 905_000_000,
            "CHF": 812_000_000,
            "HKD": 91_500_000,
            "JPY": 4_760_000,
        }
    )


@dataclass(frozen=True)
class Quote:
    """A rate at an instant: what one unit of `sell` costs in `buy`, scaled by 10^8."""

    quote_id: str
    sell: str
    buy: str
    price: int
    starts_at: float
    expires_at: float
    guaranteed: bool


@dataclass
class Refund:
    """One refund in the payment's currency; `settled` is what leaves the settlement, at the refund day's rate."""

    refund_request_id: str
    refund_id: str
    payment: "Payment"
    amount: int
    reason: str
    notify_url: str
    created_at: float
    request: dict[str, Any]
    status: RefundStatus = RefundStatus.PROCESSING
    ended_at: float | None = None
    paid_back: int = 0
    settled: int = 0
    quote: Quote | None = None


@dataclass
class Payment:
    """One payment; `amount` in minor units of `currency`, `actual` in fen, `settled` in `settlement_currency`."""

    payment_request_id: str
    payment_id: str
    product_code: str
    scenario: str
    method: str
    reference_order_id: str
    description: str
    amount: int
    currency: str
    settlement_currency: str
    notify_url: str
    redirect_url: str
    created_at: float
    expires_at: float
    request: dict[str, Any]
    status: PaymentStatus = PaymentStatus.PROCESSING
    failure: errors.Refusal | None = None
    code_value: str = ""
    payer: str = ""
    paid_at: float | None = None
    cancelled_at: float | None = None
    actual: int = 0
    settled: int = 0
    payment_quote: Quote | None = None
    settlement_quote: Quote | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        """What was refunded or is being refunded, in the payment's currency."""
        return sum(refund.amount for refund in self.refunds if refund.status is not RefundStatus.FAIL)


@dataclass
class State:
    """Everything the merchant's client at Antom remembers; a fresh one for every world."""

    settings: Settings = field(default_factory=Settings)
    payments: dict[str, Payment] = field(default_factory=dict)
    by_id: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    next_codepay: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def day_of(at: float) -> date:
    """The Beijing day of an instant; settlement is cut there."""
    return datetime.fromtimestamp(at, UTC).astimezone(BEIJING).date()


def find_payment(state: State, *, payment_id: str, payment_request_id: str) -> Payment:
    """The payment of either id (paymentId wins); refuses with ORDER_NOT_EXIST."""
    found = state.by_id.get(payment_id) if payment_id else state.payments.get(payment_request_id)
    if found is None:
        raise errors.payment_missing()
    return found


def is_overdue(payment: Payment, now: float) -> bool:
    """Whether nobody has paid in time."""
    return payment.status is PaymentStatus.PROCESSING and now >= payment.expires_at


def fail(payment: Payment, refusal: errors.Refusal) -> None:
    """The payment ends without money."""
    assert payment.status is PaymentStatus.PROCESSING
    payment.status, payment.failure = PaymentStatus.FAIL, refusal


def take_payment(payment: Payment, *, payer: str, now: float) -> None:
    """The consumer pays; refuses a payment that has ended."""
    if payment.status is not PaymentStatus.PROCESSING:
        raise errors.status_invalid(f"the payment is {payment.status}")
    payment.status, payment.paid_at, payment.payer = PaymentStatus.SUCCESS, now, payer


def refusal_to_cancel(payment: Payment, now: float) -> errors.Refusal | None:
    """Why a payment cannot be cancelled, or None."""
    if payment.refunds:
        return errors.status_invalid("the payment was refunded")
    if payment.paid_at is None:
        return None
    midnight = datetime.combine(day_of(payment.paid_at), datetime.min.time(), BEIJING)
    if now > (midnight + CANCEL_GRACE).timestamp():
        return errors.Refusal("CANCEL_WINDOW_EXCEED", "the cancel period has passed: refund instead")
    return None


def refusal_to_refund(payment: Payment, amount: int, now: float) -> errors.Refusal | None:
    """Why this much of the payment cannot be refunded now, or None."""
    if payment.status is not PaymentStatus.SUCCESS or payment.paid_at is None:
        return errors.status_invalid(f"the payment is {payment.status}")
    if now - payment.paid_at > REFUND_SECONDS_MAX:
        return errors.Refusal("REFUND_WINDOW_EXCEED", "the refund period has passed")
    if amount > payment.amount - payment.refunded:
        return errors.Refusal("REFUND_AMOUNT_EXCEED", "more would be refunded than was paid")
    return None


def add_refund(state: State, refund: Refund) -> None:
    """Accept a refund; its CNY part is rounded cumulatively, so that the parts make the whole."""
    payment = refund.payment
    given = sum(other.paid_back for other in payment.refunds if other.status is not RefundStatus.FAIL)
    refund.paid_back = amounts.share(payment.actual, payment.refunded + refund.amount, payment.amount, given)
    payment.refunds.append(refund)
    state.refunds[refund.refund_request_id] = refund


def end_refund(refund: Refund, status: RefundStatus, now: float) -> None:
    """A processing refund ends."""
    assert refund.status is RefundStatus.PROCESSING
    refund.status, refund.ended_at = status, now


def antom_of(world: World) -> State:
    """Antom's part of a world."""
    return world.state(State)
