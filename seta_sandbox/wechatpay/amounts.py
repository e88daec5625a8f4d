"""Count WeChat Pay's money in integers: fen and other minor units, rates scaled by 10^8, yuan only as text."""

RATE_SCALE = 10**8
FEE_SCALE = 10_000
POWERS = (1, 10, 100, 1000)
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0}


def exponent(currency: str) -> int:
    """How many decimals the currency has; 2 unless it is known to have none."""
    return EXPONENTS.get(currency, 2)


def convert(amount: int, rate: int, *, exponent_from: int = 2, exponent_to: int = 2) -> int:
    """An amount in another currency's minor units, rounded half up; `rate` is scaled by 10^8."""
    numerator = amount * rate * POWERS[exponent_to]
    denominator = RATE_SCALE * POWERS[exponent_from]
    return (2 * numerator + denominator) // (2 * denominator)


def fee(amount: int, rate: int) -> int:
    """The fee of one bill line, rounded half up; `rate` is in ten-thousandths (60 is 0.6 %)."""
    return (2 * amount * rate + FEE_SCALE) // (2 * FEE_SCALE)


def share(total: int, part: int, whole: int, given: int) -> int:
    """The next slice of `total` when `part` of `whole` is gone and `given` was handed out before.

    Rounding cumulatively makes the slices of a completely refunded payment add up to its total exactly.
    """
    return (2 * total * part + whole) // (2 * whole) - given


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fee_yuan(fen: int) -> str:
    """Fen as yuan with five decimals, as the bills print fees."""
    return yuan(fen) + "000"


def percent(rate: int) -> str:
    """A rate in ten-thousandths as the bills print it: 60 is `0.60%`."""
    return f"{rate // 100}.{rate % 100:02d}%"
