"""What figures of review may claim: intervals around shares, and when a rule has outspent its budget."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

Z_95 = 1.959963984540054
MESSAGES_MIN = 500
JUDGED_MIN = 10


@dataclass(frozen=True)
class Interval:
    """A share with the bounds between which it lies nineteen times out of twenty."""

    share: float
    low: float
    high: float
    of: int


def wilson(part: int, whole: int) -> Interval | None:
    """Wilson's 95 % interval of a share; None of nothing."""
    assert 0 <= part <= whole
    if not whole:
        return None
    share, square = part / whole, Z_95 * Z_95
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = Z_95 / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low = 0.0 if part == 0 else max(0.0, middle - reach)
    high = 1.0 if part == whole else min(1.0, middle + reach)
    return Interval(share, min(low, share), max(high, share), whole)


def quantile(values: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest value that at least this share of the values does not exceed; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


class Overspent(StrEnum):
    """Why a rule may not stay live."""

    TOO_MANY = "too_many_alerts"
    TOO_WRONG = "too_imprecise"


def overspent(
    *,
    alerts: int,
    messages: int,
    right: int,
    judged: int,
    max_alert_rate: float,
    min_precision: float,
) -> Overspent | None:
    """Whether a rule broke its budget beyond chance: its interval lies wholly on the wrong side.

    Under 500 messages or 10 verdicts nothing is said, so that a rule does not fall over its first bad hour.
    """
    rate = wilson(min(alerts, messages), messages)
    if rate and messages >= MESSAGES_MIN and rate.low > max_alert_rate:
        return Overspent.TOO_MANY
    precision = wilson(right, judged)
    if precision and judged >= JUDGED_MIN and precision.high < min_precision:
        return Overspent.TOO_WRONG
    return None
