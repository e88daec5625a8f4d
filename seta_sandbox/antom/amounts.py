"""Count Antom's money in integers of minor units, written as strings; rates are scaled by 10^8."""

import re

RATE_SCALE = 10**8
FEE_SCALE = 10_000
VALUE = re.compile(r"[0-9]{1,16}")
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0}
POWERS = (1, 10, 100, 1000)


def exponent(currency: str) -> int:
    """How many decimals the currency has; 2 unless it is known to have none."""
    return EXPONENTS.get(currency, 2)


def exchange(amount: int, currency: str, into: str, rates: dict[str, int]) -> int:
    """An amount in another currency's minor units, half up; `rates` give the CNY for one unit of a currency."""
    if currency == into:
        return amount
    numerator = amount * rates[currency] * POWERS[exponent(into)]
    denominator = rates[into] * POWERS[exponent(currency)]
    return (2 * numerator + denominator) // (2 * denominator)


def price(currency: str, into: str, rates: dict[str, int]) -> int:
    """What one unit of `currency` costs in `into`, scaled by 10^8 and rounded half up."""
    return (2 * rates[currency] * RATE_SCALE + rates[into]) // (2 * rates[into])


def decimal(scaled: int) -> str:
    """A rate scaled by 10^8 as decimal text without trailing zeros."""
    return f"{scaled // RATE_SCALE}.{scaled % RATE_SCALE:08d}".rstrip("0").rstrip(".")


def fee(amount: int, rate: int) -> int:
    """The fee of one settlement line, rounded half up; `rate` is in ten-thousandths."""
    return (2 * amount * rate + FEE_SCALE) // (2 * FEE_SCALE)


def share(total: int, part: int, whole: int, given: int) -> int:
    """The next slice of `total` when `part` of `whole` is gone and `given` was handed out before."""
    return (2 * total * part + whole) // (2 * whole) - given


def money(currency: str, value: int) -> dict[str, str]:
    """The API's Amount."""
    return {"currency": currency, "value": str(value)}
