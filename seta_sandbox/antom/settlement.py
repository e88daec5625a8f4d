"""Write a day's settlement file, `MID_settle_YYYYMMDD_BatchID.csv`, whose last line is <END>.

The first twelve columns are those of the documents in their order; the others are from memory of reports. Amounts
are decimals in major units, negative for refunds and for payments cancelled after they were paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from seta_sandbox.antom import amounts
from seta_sandbox.antom.documents import PSP
from seta_sandbox.antom.door import moment
from seta_sandbox.antom.state import Payment, PaymentStatus, RefundStatus, day_of

COLUMNS = (
    "settlementBatchId,customerId,transactionId,originalTransactionId,transactionRequestId,paymentMethodType,"
    "pspName,transactionType,paymentTime,settlementTime,productCode,transactionAmountValue,transactionCurrency,"
    "grossSettlementAmountValue,feeAmountValue,netSettlementAmountValue,settlementCurrency,settlementQuote"
)
END = "<END>"
PLANTS = ("missing", "amount", "extra", "truncated")
PLANTED_MINOR = 100


@dataclass(frozen=True)
class Line:
    """One payment, refund or cancellation; money in minor units, signed as the file signs it."""

    at: float
    payment: Payment
    kind: str
    transaction_id: str
    original_id: str
    request_id: str
    amount: int
    gross: int
    fee: int
    price: int


@dataclass(frozen=True)
class Break:
    """A difference planted on purpose: which payment, what the file says (`None`: nothing) and what is true."""

    kind: str
    payment_request_id: str
    bill_amount: int | None
    true_amount: int | None


def lines_of(payments: Iterable[Payment], fee_rate: int, day: date) -> list[Line]:
    """The day's lines in order of time."""
    lines = [line for payment in payments for line in _lines_of_payment(payment, fee_rate)]
    return sorted((line for line in lines if day_of(line.at) == day), key=lambda line: line.at)


def plant(lines: Sequence[Line], kind: str, day: date) -> tuple[list[Line], Break]:
    """The lines with one break; `truncated` leaves them whole, the file then lacks its end.

    Raises ValueError when there is no payment to break or the kind is unknown.
    """
    if kind not in PLANTS:
        raise ValueError(f"plant must be one of {', '.join(PLANTS)}")
    first = next((line for line in lines if line.kind == "PAYMENT"), None)
    if first is None:
        raise ValueError("the day has no payment to plant a break in")
    if kind == "missing":
        return [line for line in lines if line is not first], Break(
            kind, first.request_id, None, first.amount
        )
    if kind == "amount":
        wrong = replace(first, amount=first.amount + PLANTED_MINOR)
        changed = [wrong if line is first else line for line in lines]
        return changed, Break(kind, first.request_id, wrong.amount, first.amount)
    if kind == "truncated":
        return list(lines), Break(kind, first.request_id, first.amount, first.amount)
    number = f"EXTRA{day:%Y%m%d}"
    extra = replace(first, request_id=number, transaction_id=f"{day:%Y%m%d}" + "9" * 26)
    return [*lines, extra], Break(kind, number, extra.amount, None)


def name(merchant_id: str, day: date, batch_id: str) -> str:
    """The file's name."""
    return f"{merchant_id}_settle_{day:%Y%m%d}_{batch_id}.csv"


def content(
    lines: Sequence[Line], *, merchant_id: str, batch_id: str, made_at: float, is_complete: bool = True
) -> bytes:
    """The file: header, one line a transaction, and the end marker unless it is to look cut off."""
    rows = [COLUMNS, *(",".join(_cells(line, merchant_id, batch_id, made_at)) for line in lines)]
    return ("\r\n".join([*rows, END] if is_complete else rows) + "\r\n").encode()


def net(lines: Iterable[Line]) -> dict[str, int]:
    """What the lines come to in each settlement currency, fees deducted."""
    sums: dict[str, int] = {}
    for line in lines:
        currency = line.payment.settlement_currency
        sums[currency] = sums.get(currency, 0) + line.gross - line.fee
    return sums


def _lines_of_payment(payment: Payment, fee_rate: int) -> list[Line]:
    if payment.paid_at is None:
        return []
    price = payment.settlement_quote.price if payment.settlement_quote else amounts.RATE_SCALE
    paid = Line(
        payment.paid_at, payment, "PAYMENT", payment.payment_id, "", payment.payment_request_id,
        payment.amount, payment.settled, amounts.fee(payment.settled, fee_rate), price,
    )  # fmt: skip
    lines = [paid]
    if payment.status is PaymentStatus.CANCELLED and payment.cancelled_at is not None:
        lines.append(
            replace(
                paid,
                at=payment.cancelled_at,
                kind="CANCEL",
                amount=-paid.amount,
                gross=-paid.gross,
                fee=-paid.fee,
            )
        )
    for refund in payment.refunds:
        if refund.status is not RefundStatus.SUCCESS or refund.ended_at is None:
            continue
        price = refund.quote.price if refund.quote else amounts.RATE_SCALE
        lines.append(
            Line(
                refund.ended_at, payment, "REFUND", refund.refund_id, payment.payment_id,
                refund.refund_request_id, -refund.amount, -refund.settled, 0, price,
            )
        )  # fmt: skip
    return lines


def _cells(line: Line, merchant_id: str, batch_id: str, made_at: float) -> tuple[str, ...]:
    payment = line.payment
    paid_in, settled_in = payment.currency, payment.settlement_currency
    return (
        batch_id, merchant_id, line.transaction_id, line.original_id, line.request_id, payment.method, PSP,
        line.kind, moment(line.at), moment(made_at), payment.product_code, _major(line.amount, paid_in), paid_in,
        _major(line.gross, settled_in), _major(line.fee, settled_in), _major(line.gross - line.fee, settled_in),
        settled_in, amounts.decimal(line.price),
    )  # fmt: skip


def _major(value: int, currency: str) -> str:
    digits = amounts.exponent(currency)
    sign, whole = ("-" if value < 0 else ""), str(abs(value)).rjust(digits + 1, "0")
    return f"{sign}{whole[:-digits]}.{whole[-digits:]}" if digits else sign + whole
