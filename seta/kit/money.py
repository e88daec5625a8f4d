"""Money is an integer of minor units and a currency; conversion rounds half up and says its rate."""

from dataclasses import dataclass

RATE_SCALE = 100_000_000
"""Rates are integers scaled by 10^8, as WeChat Pay publishes them (6.5 is 650000000)."""

_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0}
_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£", "HKD": "HK$", "CHF": "CHF ", "JPY": "JP¥"}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of minor units (fen, cents) in an ISO 4217 currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        assert isinstance(self.amount, int), "money is an integer of minor units"
        assert len(self.currency) == 3 and self.currency.isupper(), self.currency

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return text(self.amount, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")


def exponent(currency: str) -> int:
    """Decimal places of the currency's minor unit (2 unless ISO 4217 says otherwise)."""
    return _EXPONENTS.get(currency, 2)


def convert(amount: int, rate: int, *, exponent_from: int = 2, exponent_to: int = 2) -> int:
    """Convert minor units at `rate` (target units for one source unit, scaled by 10^8), half away from zero.

    >>> convert(888_800, 12_782_000)
    113606
    """
    assert rate > 0, "a rate is positive"
    numerator = abs(amount) * rate * 10**exponent_to
    denominator = RATE_SCALE * 10**exponent_from
    rounded: int = (2 * numerator + denominator) // (2 * denominator)
    return rounded if amount >= 0 else -rounded


def decimal_text(amount: int, currency: str) -> str:
    """The amount as a plain decimal string, as bank files and Alipay want it: 888800 CNY is `8888.00`."""
    places = exponent(currency)
    sign, units = ("-" if amount < 0 else ""), abs(amount)
    if places == 0:
        return f"{sign}{units}"
    return f"{sign}{units // 10**places}.{units % 10**places:0{places}d}"


def text(amount: int, currency: str) -> str:
    """The amount as a person reads it: ¥8,888.00."""
    plain = decimal_text(abs(amount), currency)
    whole, _, rest = plain.partition(".")
    body = f"{int(whole):,}" + (f".{rest}" if rest else "")
    sign = "-" if amount < 0 else ""
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{body}"
