"""Payments, refunds and quotes as Antom states them; money in integers of minor units, rates scaled by 10^8."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from seta.kit.money import Money

RATE_SCALE = 10**8
_DIGITS_MAX = 16
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Quote:
    """A rate: what one unit of the pair's first currency costs in its second, scaled by 10^8.

    `guaranteed` says whether Antom promises it until `expires_at` (ISO 8601 text).
    """

    quote_id: str
    pair: str
    price: int
    starts_at: str
    expires_at: str
    guaranteed: bool


@dataclass(frozen=True)
class Payment:
    """A payment as Antom sees it.

    `status` is PROCESSING, SUCCESS, FAIL or CANCELLED; `actual` is what the consumer paid (CNY), `settled` the gross
    amount of settlement, both None while unpaid. `code` is the text of an order code, `url` the page of an entry
    code or a cashier; `paid_at` is ISO 8601 text, empty while unpaid.
    """

    payment_request_id: str
    payment_id: str
    status: str
    result_code: str
    amount: Money
    actual: Money | None = None
    settled: Money | None = None
    payment_quote: Quote | None = None
    settlement_quote: Quote | None = None
    code: str = ""
    url: str = ""
    paid_at: str = ""

    @property
    def paid(self) -> bool:
        """Whether the money has been taken and not given back by a cancel."""
        return self.status == "SUCCESS"


@dataclass(frozen=True)
class Refund:
    """A refund as Antom sees it; `status` is PROCESSING, SUCCESS or FAIL.

    `settled` is what leaves the settlement, at the rate of the refund's day and not of the payment.
    """

    refund_request_id: str
    refund_id: str
    payment_id: str
    status: str
    amount: Money
    settled: Money | None = None
    settlement_quote: Quote | None = None
    refunded_at: str = ""


@dataclass(frozen=True)
class Cancellation:
    """A payment that is undone, its money given back if there was any."""

    payment_request_id: str
    payment_id: str
    cancelled_at: str


def money(fields: Any) -> Money:
    """Read an Amount; ValueError unless its value is a whole number of minor units in text."""
    try:
        value, currency = fields["value"], fields["currency"]
    except (TypeError, KeyError) as error:
        raise ValueError(f"not an amount: {error}") from error
    plain = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _DIGITS_MAX
    if not plain or not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise ValueError(f"{str(value)[:40]!r} is not an amount in minor units")
    return Money(int(value), currency)


def amount(value: Money) -> dict[str, str]:
    """Write an Amount."""
    return {"currency": value.currency, "value": str(value.amount)}


def read_quote(fields: Mapping[str, Any]) -> Quote:
    """Read a quote, whose price is a number in answers and text in some documents."""
    try:
        price = Decimal(str(fields["quotePrice"])) * RATE_SCALE
        return Quote(
            quote_id=str(fields.get("quoteId") or ""),
            pair=str(fields["quoteCurrencyPair"]),
            price=int(price.to_integral_value(ROUND_HALF_UP)),
            starts_at=str(fields.get("quoteStartTime") or ""),
            expires_at=str(fields.get("quoteExpiryTime") or ""),
            guaranteed=str(fields.get("guaranteed")).lower() == "true",
        )
    except (KeyError, InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"not a quote: {error}") from error


def read_payment(fields: Mapping[str, Any], status: str, result_code: str = "") -> Payment:
    """Read a payment from an answer or a notification; ValueError when it is not one."""
    details = (fields.get("orderCodeForm") or {}).get("codeDetails") or [{}]
    form = fields.get("redirectActionForm") or {}
    return Payment(
        payment_request_id=str(fields["paymentRequestId"]),
        payment_id=str(fields["paymentId"]),
        status=status,
        result_code=result_code,
        amount=money(fields["paymentAmount"]),
        actual=_optional_money(fields, "actualPaymentAmount"),
        settled=_optional_money(fields, "grossSettlementAmount"),
        payment_quote=_optional_quote(fields, "paymentQuote"),
        settlement_quote=_optional_quote(fields, "settlementQuote"),
        code=str(details[0].get("codeValue") or ""),
        url=str(fields.get("normalUrl") or form.get("redirectUrl") or ""),
        paid_at=str(fields.get("paymentTime") or ""),
    )


def read_refund(fields: Mapping[str, Any], status: str) -> Refund:
    """Read a refund from an answer or a notification; ValueError when it is not one."""
    return Refund(
        refund_request_id=str(fields["refundRequestId"]),
        refund_id=str(fields["refundId"]),
        payment_id=str(fields.get("paymentId") or ""),
        status=status,
        amount=money(fields["refundAmount"]),
        settled=_optional_money(fields, "grossSettlementAmount"),
        settlement_quote=_optional_quote(fields, "settlementQuote"),
        refunded_at=str(fields.get("refundTime") or ""),
    )


def _optional_money(fields: Mapping[str, Any], name: str) -> Money | None:
    return money(fields[name]) if fields.get(name) else None


def _optional_quote(fields: Mapping[str, Any], name: str) -> Quote | None:
    return read_quote(fields[name]) if fields.get(name) else None
