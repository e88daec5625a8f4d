"""A provider's bill held against our books: a full outer join, and one category for every key."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import duckdb
import pyarrow as pa

from seta.kit.clock import BEIJING, beijing_day

# What we book within these minutes of Beijing midnight may stand in the bill of the next day.
CUTOFF_MINUTES = 10


class Category(StrEnum):
    """How a key of the bill and of the books relate; all but MATCHED are breaks."""

    MATCHED = "matched"
    MISSING_IN_BILL = "missing_in_bill"
    MISSING_IN_LEDGER = "missing_in_ledger"
    DUPLICATE_IN_BILL = "duplicate_in_bill"
    AMOUNT_MISMATCH = "amount_mismatch"
    FEE_MISMATCH = "fee_mismatch"
    FX_RATE_MISMATCH = "fx_rate_mismatch"
    STATUS_MISMATCH = "status_mismatch"
    TIMING = "timing"
    REFUND_PENDING = "refund_pending"
    UNKNOWN_MERCHANT = "unknown_merchant"
    FILE_ERROR = "file_error"


PROPOSALS: dict[Category, str] = {
    Category.MISSING_IN_BILL: "Query the provider; if it knows no payment, reverse the journal.",
    Category.MISSING_IN_LEDGER: "Money without a sale: find its order and book it, or refund the client today.",
    Category.DUPLICATE_IN_BILL: "Ask the provider to correct the bill; book nothing twice.",
    Category.AMOUNT_MISMATCH: "Compare with the provider's signed fact; book the difference or refund it.",
    Category.FEE_MISMATCH: "Claim the fee back, or correct the agreed rate.",
    Category.FX_RATE_MISMATCH: "Book the difference to exchange gain or loss.",
    Category.STATUS_MISMATCH: "Query the provider; reverse the journal if the payment was revoked.",
    Category.TIMING: "Cut at Beijing midnight: tomorrow's bill should hold it.",
    Category.REFUND_PENDING: "Wait for the provider; ask again under the same refund number.",
    Category.UNKNOWN_MERCHANT: "The line belongs to another merchant: connect its account or return the file.",
    Category.FILE_ERROR: "Fetch the file again; nothing of it was used.",
}


@dataclass(frozen=True, slots=True)
class OurRow:
    """A payment (`P:` and its number), refund (`R:`) or reversal (`V:`) as the books have it, in fen.

    `is_expected` is false for what the provider may know and need not: a payment reversed before we knew it paid.
    """

    key: str
    amount: int
    booked_at: datetime
    is_pending: bool = False
    is_expected: bool = True


@dataclass(frozen=True, slots=True)
class TheirRow:
    """A line of a bill, in fen; `agreed_fee` is what its own rate makes of its amount, None where it has none."""

    line: int
    key: str
    payment_key: str
    provider_number: str
    merchant: str
    amount: int
    fee: int
    agreed_fee: int | None
    currency: str
    status: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that needs explaining."""

    key: str
    category: Category
    our_amount: int | None
    their_amount: int | None
    detail: str
    proposal: str


@dataclass(frozen=True)
class Matching:
    """Every key of the bill's day with its category; `fees` are the provider's, by matched key."""

    counts: dict[str, int]
    differences: tuple[Difference, ...]
    fees: dict[str, int]


_CLASSIFY = """
WITH their AS (
    SELECT key, count(*) AS n, sum(amount) AS amount, sum(fee) AS fee, min(agreed_fee) AS agreed_fee,
           min(merchant) AS merchant, min(payment_key) AS payment_key, min(status) AS status
    FROM bill GROUP BY key
), joined AS (
    SELECT coalesce(their.key, our.key) AS key, our.amount AS our_amount, their.amount AS their_amount,
           their.n, their.fee, their.agreed_fee, their.merchant, their.status,
           our.key IS NULL AS not_ours, their.key IS NULL AS not_theirs,
           our.on_day, our.near_cutoff, our.is_pending, our.is_expected,
           paid.key IS NOT NULL AS payment_is_ours
    FROM their FULL OUTER JOIN our ON our.key = their.key
    LEFT JOIN our AS paid ON paid.key = their.payment_key
)
SELECT key, our_amount, their_amount, fee, n, status,
    CASE
        WHEN NOT not_theirs AND merchant NOT IN (SELECT merchant FROM merchants) THEN 'unknown_merchant'
        WHEN n > 1 THEN 'duplicate_in_bill'
        WHEN not_ours AND key LIKE 'V:%' AND payment_is_ours THEN 'status_mismatch'
        WHEN not_ours THEN 'missing_in_ledger'
        WHEN not_theirs AND (NOT is_expected OR NOT on_day) THEN NULL
        WHEN not_theirs AND is_pending THEN 'refund_pending'
        WHEN not_theirs AND near_cutoff THEN 'timing'
        WHEN not_theirs THEN 'missing_in_bill'
        WHEN our_amount <> their_amount THEN 'amount_mismatch'
        WHEN agreed_fee IS NOT NULL AND agreed_fee <> fee THEN 'fee_mismatch'
        ELSE 'matched'
    END AS category
FROM joined ORDER BY key
"""


def match(
    ours: Sequence[OurRow], theirs: Sequence[TheirRow], *, bill_on: date, merchants: Collection[str]
) -> Matching:
    """Classify every key of the day. `ours` should reach a day further on both sides of `bill_on`."""
    with duckdb.connect(":memory:") as engine:
        engine.register("bill", _bill_table(theirs))
        engine.register("our", _our_table(ours, bill_on))
        engine.register("merchants", pa.table({"merchant": pa.array(sorted(merchants), pa.string())}))
        rows = engine.execute(_CLASSIFY).fetchall()
    counts: Counter[str] = Counter()
    differences: list[Difference] = []
    fees: dict[str, int] = {}
    for key, our_amount, their_amount, fee, lines, status, found in rows:
        if found is None:
            continue
        category = Category(found)
        counts[category.value] += 1
        if category is Category.MATCHED:
            fees[key] = int(fee)
        else:
            detail = f"{lines} lines, {status}" if lines else "no line"
            differences.append(
                Difference(
                    key, category, _whole(our_amount), _whole(their_amount), detail, PROPOSALS[category]
                )
            )
    return Matching(dict(sorted(counts.items())), tuple(differences), fees)


def _whole(value: int | None) -> int | None:
    return None if value is None else int(value)


def _bill_table(theirs: Sequence[TheirRow]) -> pa.Table:
    return pa.table(
        {
            "key": pa.array([row.key for row in theirs], pa.string()),
            "payment_key": pa.array([row.payment_key for row in theirs], pa.string()),
            "merchant": pa.array([row.merchant for row in theirs], pa.string()),
            "amount": pa.array([row.amount for row in theirs], pa.int64()),
            "fee": pa.array([row.fee for row in theirs], pa.int64()),
            "agreed_fee": pa.array([row.agreed_fee for row in theirs], pa.int64()),
            "status": pa.array([row.status for row in theirs], pa.string()),
        }
    )


def _our_table(ours: Sequence[OurRow], bill_on: date) -> pa.Table:
    return pa.table(
        {
            "key": pa.array([row.key for row in ours], pa.string()),
            "amount": pa.array([row.amount for row in ours], pa.int64()),
            "on_day": pa.array([beijing_day(row.booked_at) == bill_on for row in ours], pa.bool_()),
            "near_cutoff": pa.array([is_near_cutoff(row.booked_at) for row in ours], pa.bool_()),
            "is_pending": pa.array([row.is_pending for row in ours], pa.bool_()),
            "is_expected": pa.array([row.is_expected for row in ours], pa.bool_()),
        }
    )


def is_near_cutoff(instant: datetime) -> bool:
    """Whether an instant is so close to Beijing midnight that the neighbouring day's bill may hold it."""
    local = instant.astimezone(BEIJING)
    minutes = local.hour * 60 + local.minute
    return minutes < CUTOFF_MINUTES or minutes >= 24 * 60 - CUTOFF_MINUTES


def agreed_fee(amount: int, rate_text: str) -> int | None:
    """The fee of `amount` fen at a bill's own rate (`0.60%`), half up; None when the rate cannot be read."""
    whole, point, rest = rate_text.strip().removesuffix("%").partition(".")
    digits = whole + rest
    if not digits.isdigit() or (point and not rest) or len(digits) > 9:
        return None
    scale: int = 10 ** (len(rest) + 2)
    size = (2 * abs(amount) * int(digits) + scale) // (2 * scale)
    return size if amount >= 0 else -size
