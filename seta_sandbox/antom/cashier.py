"""Do what merchants and consumers ask of Antom: place, charge, pay, cancel, refund, quote."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from seta_sandbox.antom import amounts, errors, notify
from seta_sandbox.antom import state as book
from seta_sandbox.antom.door import Call
from seta_sandbox.antom.errors import Refusal
from seta_sandbox.antom.state import Payment, PaymentStatus, Quote, Refund, RefundStatus, Settings, antom_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC, DIGITS
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import World

IN_STORE = "IN_STORE_PAYMENT"
CASHIER = "CASHIER_PAYMENT"
SCENARIOS = ("PaymentCode", "OrderCode", "EntryCode")
PAYMENT_CODE = re.compile(r"(2[5-9]|30)\d{14,22}")
OUTCOME_UNKNOWN = "UNKNOWN"
OUTCOME_UNKNOWN_BUT_PAID = "UNKNOWN_PAID"
OUTCOME_WAITING = "PROCESSING"
CODEPAY_OUTCOMES = (
    "SUCCESS", OUTCOME_WAITING, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN_BUT_PAID, *errors.CODE_REFUSALS,
)  # fmt: skip


def place(call: Call) -> tuple[Payment, bool]:
    """A new payment, or the one of the same request; refuses a request id used with other parameters."""
    number = call.text("paymentRequestId", required=True)
    known = antom_of(call.world).payments.get(number)
    if known is not None:
        if known.request != call.body:
            raise errors.inconsistent()
        expire(call.world, known)
        return known, False
    payment = _read(call, number)
    antom_of(call.world).payments[number] = payment
    antom_of(call.world).by_id[payment.payment_id] = payment
    return payment, True


def charge(world: World, payment: Payment, code: str) -> None:
    """Charge a payment code; the next outcome of `next_codepay` decides, SUCCESS when none is set.

    Raises Refusal U for an unknown outcome; a waiting or failed payment keeps that as its state.
    """
    state = antom_of(world)
    outcome = state.next_codepay.pop(0) if state.next_codepay else "SUCCESS"
    person = world.find_person(state.codes.pop(code, "")) or world.people[0]
    payment.payer = person.alipay_user_id
    if not PAYMENT_CODE.fullmatch(code):
        outcome = "CODE_INVALID"
    if outcome in errors.CODE_REFUSALS:
        book.fail(payment, errors.CODE_REFUSALS[outcome])
    elif outcome in ("SUCCESS", OUTCOME_UNKNOWN_BUT_PAID):
        pay(world, payment, person.alipay_user_id)
    if outcome in (OUTCOME_UNKNOWN, OUTCOME_UNKNOWN_BUT_PAID):
        raise errors.UNKNOWN


def pay(world: World, payment: Payment, payer: str) -> Delivery | None:
    """The consumer pays, in CNY at the rate of this moment, and the merchant is notified."""
    expire(world, payment)
    book.take_payment(payment, payer=payer, now=world.clock.now())
    rates = antom_of(world).settings.rates
    payment.actual = amounts.exchange(payment.amount, payment.currency, "CNY", rates)
    payment.settled = amounts.exchange(payment.amount, payment.currency, payment.settlement_currency, rates)
    payment.payment_quote = make_quote(world, payment.currency, "CNY")
    payment.settlement_quote = make_quote(world, payment.settlement_currency, payment.currency)
    return notify.notify_payment(world, payment)


def expire(world: World, payment: Payment) -> None:
    """Close a payment that nobody has paid in time, and say so."""
    if book.is_overdue(payment, world.clock.now()):
        book.fail(payment, errors.CLOSED)
        notify.notify_payment(world, payment)


def cancel(world: World, payment: Payment) -> None:
    """Undo a payment: the money goes back when it was paid. Cancelling twice is harmless."""
    now = world.clock.now()
    if payment.status is PaymentStatus.CANCELLED:
        return
    expire(world, payment)
    if payment.status is PaymentStatus.FAIL:
        raise errors.status_invalid("the payment has failed")
    if (refusal := book.refusal_to_cancel(payment, now)) is not None:
        raise refusal
    payment.status, payment.cancelled_at = PaymentStatus.CANCELLED, now
    notify.notify_payment(world, payment, "PAYMENT_CANCEL")


def refund(call: Call) -> Refund:
    """Accept a refund, or find the one of the same request; refuses a request id with other parameters."""
    world, number = call.world, call.text("refundRequestId", required=True)
    known = antom_of(world).refunds.get(number)
    if known is not None and not _is_planted(world, number, "double_refund"):
        if known.request != call.body:
            raise errors.inconsistent()
        return known
    payment = book.find_payment(
        antom_of(world), payment_id=call.text("paymentId", required=True), payment_request_id=""
    )
    amount, currency = read_amount(call, "refundAmount", antom_of(world).settings)
    if currency != payment.currency:
        raise errors.illegal("refundAmount.currency", f"must be {payment.currency}")
    over = amount > payment.amount - payment.refunded and _is_planted(world, number, "over_refund")
    refusal = None if over else book.refusal_to_refund(payment, amount, world.clock.now())
    if refusal is not None:
        raise refusal
    found = Refund(
        refund_request_id=number,
        refund_id=make_id(world),
        payment=payment,
        amount=amount,
        reason=call.text("refundReason", length_max=256),
        notify_url=read_url(call, "refundNotifyUrl"),
        created_at=world.clock.now(),
        request=call.body,
    )
    book.add_refund(antom_of(world), found)
    if antom_of(world).settings.refund_mode == "success":
        end_refund(world, found, RefundStatus.SUCCESS)
    return found


def end_refund(world: World, found: Refund, status: RefundStatus) -> None:
    """A refund ends, at the settlement rate of this moment and not of the payment, and is notified."""
    book.end_refund(found, status, world.clock.now())
    if status is RefundStatus.SUCCESS:
        payment, rates = found.payment, antom_of(world).settings.rates
        found.settled = amounts.exchange(found.amount, payment.currency, payment.settlement_currency, rates)
        found.quote = make_quote(world, payment.settlement_currency, payment.currency)
    notify.notify_refund(world, found)


def make_quote(world: World, sell: str, buy: str) -> Quote | None:
    """Today's rate between two currencies, None for one and the same."""
    if sell == buy:
        return None
    now, settings = world.clock.now(), antom_of(world).settings
    price = amounts.price(sell, buy, settings.rates)
    return Quote(make_id(world), sell, buy, price, now, now + book.QUOTE_SECONDS, settings.guaranteed)


def show_code(world: World, buyer: str = "") -> str:
    """A fresh single-use payment code of 18 digits for the consumer's phone."""
    code = "28" + "".join(world.rng.choices(DIGITS, k=16))
    antom_of(world).codes[code] = world.person(buyer).key
    return code


def find_for_control(world: World, number: str) -> Payment:
    """The payment a control body names; raises ControlError."""
    payment = antom_of(world).payments.get(number)
    if payment is None:
        raise ControlError(f"no Antom payment has paymentRequestId {number!r}")
    expire(world, payment)
    return payment


def make_id(world: World) -> str:
    """A number as Antom gives payments, refunds and quotes: the day and 26 digits."""
    return f"{book.day_of(world.clock.now()):%Y%m%d}" + "".join(world.rng.choices(DIGITS, k=26))


def read_amount(call: Call, path: str, settings: Settings) -> tuple[int, str]:
    """An Amount's minor units and currency; refuses numbers, zero and currencies without a rate."""
    value, currency = (
        call.text(f"{path}.value", required=True, length_max=16),
        _currency(call, path, settings),
    )
    if not amounts.VALUE.fullmatch(value) or not int(value):
        raise errors.illegal(f"{path}.value", "must be a positive whole number in minor units")
    return int(value), currency


def read_url(call: Call, path: str) -> str:
    """An http(s) address, `""` for none."""
    url = call.text(path, length_max=2048)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise errors.illegal(path, "is not an address") from None
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise errors.illegal(path, "is not an address")
    return url


def _read(call: Call, number: str) -> Payment:
    settings, now = antom_of(call.world).settings, call.world.clock.now()
    product = call.text("productCode", required=True)
    scenario = call.text("paymentFactor.inStorePaymentScenario")
    if product not in (IN_STORE, CASHIER):
        raise errors.illegal("productCode", f"must be {IN_STORE} or {CASHIER}")
    if product == IN_STORE and scenario not in SCENARIOS:
        raise errors.illegal("paymentFactor.inStorePaymentScenario", f"must be one of {', '.join(SCENARIOS)}")
    amount, currency = read_amount(call, "paymentAmount", settings)
    if read_amount(call, "order.orderAmount", settings) != (amount, currency):
        raise errors.illegal("order.orderAmount", "must equal paymentAmount")
    settlement = call.text("settlementStrategy.settlementCurrency") or currency
    if settlement not in settings.rates:
        raise Refusal("SETTLE_CURRENCY_NOT_SUPPORT", "the settlement currency is not supported")
    is_code = scenario == "PaymentCode" and product == IN_STORE
    if is_code:
        call.text("paymentMethod.paymentMethodId", required=True, length_max=128)
    return Payment(
        payment_request_id=number,
        payment_id=make_id(call.world),
        product_code=product,
        scenario=scenario if product == IN_STORE else "",
        method=call.text("paymentMethod.paymentMethodType", required=True),
        reference_order_id=call.text("order.referenceOrderId", required=True),
        description=call.text("order.orderDescription", required=True, length_max=256),
        amount=amount,
        currency=currency,
        settlement_currency=settlement,
        notify_url=read_url(call, "paymentNotifyUrl"),
        redirect_url=read_url(call, "paymentRedirectUrl"),
        created_at=now,
        expires_at=_expiry(call, now, book.CODE_SECONDS if is_code else book.ORDER_SECONDS),
        request=call.body,
        code_value=f"https://qr.alipay.com/seta{''.join(call.world.rng.choices(ALPHANUMERIC, k=20))}",
    )


def _currency(call: Call, path: str, settings: Settings) -> str:
    currency = call.text(f"{path}.currency", required=True, length_max=3)
    if currency not in settings.rates:
        raise Refusal("CURRENCY_NOT_SUPPORT", f"{currency} is not supported")
    return currency


def _expiry(call: Call, now: float, seconds: int) -> float:
    asked = call.text("paymentExpiryTime", length_max=64)
    if not asked:
        return now + seconds
    try:
        expires_at = datetime.fromisoformat(asked)
    except ValueError:
        raise errors.illegal("paymentExpiryTime", "must be ISO 8601") from None
    if expires_at.tzinfo is None or expires_at.timestamp() <= now:
        raise errors.illegal("paymentExpiryTime", "must have a zone and lie in the future")
    return expires_at.timestamp()


def _is_planted(world: World, number: str, defect: str) -> bool:
    return world.faults.take("antom", f"refund {number}", {defect}) is not None
