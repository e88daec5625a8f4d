"""A quote: a reference rate less a spread, applied to one amount, good for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seta.kit.money import convert, exponent
from seta.payments.rules.refusals import PaymentRefused, Refusal

BASE_CURRENCY = "CNY"
SETTLE_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF", "HKD"})
AMOUNT_FEN_MAX = 1_000_000_000  # ten million yuan for one payment
QUOTE_LIFETIME = timedelta(minutes=30)
DAILY_RATE_DAYS_MAX = 5  # over a long weekend no rate is published
FIXED_SINCE = date(1970, 1, 1)
FIXED = "fixed"
DAILY = "daily"  # a rate of a day that two members have agreed on
ECB = "ecb"
SOURCES = ("wechatpay", "antom", ECB, DAILY)
"""Whose rate of a day is asked first, unless the house says otherwise; the fixed one comes last."""


@dataclass(frozen=True)
class KnownRate:
    """`scaled` settlement units for one yuan times 10^8, valid from a day on."""

    source: str
    scaled: int
    valid_on: date


@dataclass(frozen=True)
class QuoteTerms:
    """What a quote promises, before anybody has used it."""

    amount: int
    counter: str
    counter_amount: int
    reference_scaled: int
    scaled: int
    spread_bps: int
    source: str
    expires_at: datetime


def rate_of_day(rates: Sequence[KnownRate], on: date, order: Sequence[str] = SOURCES) -> KnownRate | None:
    """The newest rate of the first source in `order` that has one which is not too old, else the fixed one.

    On weekends and holidays nothing is published: a rate counts DAILY_RATE_DAYS_MAX days after its own.
    """
    for source in order:
        fresh = [
            rate
            for rate in rates
            if rate.source == source and 0 <= (on - rate.valid_on).days <= DAILY_RATE_DAYS_MAX
        ]
        if fresh:
            return max(fresh, key=lambda rate: rate.valid_on)
    return next((rate for rate in rates if rate.source == FIXED), None)


def less_spread(scaled: int, spread_bps: int) -> int:
    """The rate towards the house: the reference less the spread, rounded half up; a rate scaled by 10^8."""
    assert 0 <= spread_bps < 10_000
    return (2 * scaled * (10_000 - spread_bps) + 10_000) // 20_000


def fen(value: object) -> int:
    """A whole number of fen as it came through a door; refuses decimals, text and everything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise PaymentRefused(Refusal.AMOUNT_NOT_WHOLE, f"{str(value)[:40]} is of type {type(value).__name__}")
    return value


def check_amount(amount: int, counter: str) -> None:
    """Raises PaymentRefused for an amount of fen or a settlement currency that cannot be paid."""
    if fen(amount) <= 0:
        raise PaymentRefused(Refusal.AMOUNT_NOT_POSITIVE, str(amount))
    if amount > AMOUNT_FEN_MAX:
        raise PaymentRefused(Refusal.AMOUNT_TOO_LARGE, str(amount))
    if counter not in SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, counter)


def worth(amount: int, counter: str, scaled: int) -> int:
    """`amount` fen in minor units of `counter` at a rate scaled by 10^8; a rate under 10^-8 makes it nothing."""
    return convert(amount, scaled, exponent_to=exponent(counter)) if scaled else 0


def rate_gain(
    *, amount: int, counter: str, promised: int, reference_scaled: int | None, spread_bps: int
) -> int:
    """What `amount` fen are worth beyond what was promised for them, at the reference rate of a day less the same
    spread; negative is a loss. Without a rate of that day nothing is known and the promise stands."""
    if reference_scaled is None:
        return 0
    return worth(amount, counter, less_spread(reference_scaled, spread_bps)) - promised


def quote(*, amount: int, counter: str, rate: KnownRate, spread_bps: int, now: datetime) -> QuoteTerms:
    """Lock `amount` fen in the settlement currency; refuses an amount that settles to nothing."""
    check_amount(amount, counter)
    scaled = less_spread(rate.scaled, spread_bps)
    counter_amount = worth(amount, counter, scaled)
    if counter_amount == 0:
        raise PaymentRefused(Refusal.AMOUNT_TOO_SMALL, f"{amount} fen settle to nothing in {counter}")
    return QuoteTerms(
        amount=amount,
        counter=counter,
        counter_amount=counter_amount,
        reference_scaled=rate.scaled,
        scaled=scaled,
        spread_bps=spread_bps,
        source=rate.source,
        expires_at=now + QUOTE_LIFETIME,
    )


def share(amount: int, bps: int) -> int:
    """Basis points of an amount, half up, as the providers round their fee for each payment."""
    assert amount >= 0
    return (2 * amount * bps + 10_000) // 20_000
