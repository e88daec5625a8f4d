"""A provider's bill held against our books: a full outer join, and one category for every key."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import duckdb

from seta.platforms.core.tables import quoted

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
    BALANCE_GAP = "balance_gap"


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
    Category.BALANCE_GAP: "The day does not begin where the day before ended: fetch both days' fund bills again.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that needs explaining; amounts in fen.

    `gap` is what has to be posted to agree with the provider, in minor units of `gap_currency`: to its receivable,
    or for a fee to the fees it kept beyond what was agreed. `their_fee` is the fee the bill states, in fen.
    """

    key: str
    category: Category
    our_amount: int | None
    their_amount: int | None
    detail: str
    proposal: str
    gap: int = 0
    gap_currency: str = "CNY"
    their_fee: int | None = None


@dataclass(frozen=True)
class Matching:
    """Keys in each category, and every key that is not matched."""

    counts: dict[str, int]
    differences: tuple[Difference, ...]


OUR_COLUMNS = """
    letter VARCHAR, row_id BIGINT, number VARCHAR, amount BIGINT, currency VARCHAR,
    on_day BOOLEAN, near_cutoff BOOLEAN, is_pending BOOLEAN, is_expected BOOLEAN
"""
"""The table `our`: what the books have from a day before to a day after the bill's, by the number it was sent under."""

# Nearly every key stands once: only those that do not are gathered, so that a million lines are not grouped by text.
_TWICE = "CREATE TABLE twice AS SELECT letter, number FROM bill GROUP BY letter, number HAVING count(*) > 1"

# In the order in which a key is judged: the first that is true names it. No more is kept of a key than nearly all of
# them need, and what only a difference tells is looked up in the bill again.
_CLASSIFY = """
CREATE TABLE outcome AS
WITH their AS (
    SELECT letter, number, 1 AS n, amount, fee, merchant NOT IN ({merchants}) AS is_stranger, currency,
           agreed_fee <> stated_fee AS is_fee_off, rate_gap <> 0 AS is_rate_off
    FROM bill ANTI JOIN twice USING (letter, number)
    UNION ALL BY NAME
    SELECT letter, number, count(*) AS n, sum(amount)::BIGINT AS amount, sum(fee)::BIGINT AS fee,
           min(merchant) NOT IN ({merchants}) AS is_stranger
    FROM bill SEMI JOIN twice USING (letter, number) GROUP BY letter, number
)
SELECT coalesce(their.letter, our.letter) AS letter, coalesce(their.number, our.number) AS number, our.row_id,
    our.amount AS our_amount, their.amount AS their_amount, their.n, their.fee,
    CASE
        WHEN is_stranger THEN 'unknown_merchant'
        WHEN n > 1 THEN 'duplicate_in_bill'
        WHEN our.number IS NULL THEN 'missing_in_ledger'
        WHEN their.number IS NULL THEN
            CASE
                WHEN NOT is_expected OR NOT on_day THEN NULL
                WHEN is_pending THEN 'refund_pending'
                WHEN near_cutoff THEN 'timing'
                ELSE 'missing_in_bill'
            END
        WHEN our.amount <> their.amount OR our.currency <> their.currency THEN 'amount_mismatch'
        WHEN is_fee_off THEN 'fee_mismatch'
        WHEN is_rate_off THEN 'fx_rate_mismatch'
        ELSE 'matched'
    END AS category
FROM their FULL OUTER JOIN our ON our.number = their.number AND our.letter = their.letter
"""

# A reversal that we do not know, of a payment that we do: the provider took it back after it had succeeded.
_REVERSALS = """
UPDATE outcome SET category = 'status_mismatch'
WHERE category = 'missing_in_ledger' AND letter = 'V'
  AND number IN (SELECT number FROM our WHERE letter = 'P')
"""

# What goes back to the client lowers what the provider owes; a payment raises it.
_DIFFERENCES = """
WITH odd AS (
    SELECT *, CASE letter WHEN 'P' THEN 1 ELSE -1 END AS sign FROM outcome WHERE category <> 'matched'
), told AS (
    SELECT letter, number, any_value(status) AS status, sum(stated_fee)::BIGINT AS stated_fee,
           any_value(agreed_fee) AS agreed_fee, any_value(fee_currency) AS fee_currency,
           any_value(rate_gap) AS rate_gap, any_value(rate_currency) AS rate_currency
    FROM bill SEMI JOIN odd USING (letter, number) GROUP BY letter, number
)
SELECT letter || ':' || number, category, our_amount, their_amount, n, status,
    CASE category
        WHEN 'fee_mismatch' THEN stated_fee - agreed_fee
        WHEN 'fx_rate_mismatch' THEN rate_gap
        WHEN 'missing_in_ledger' THEN sign * their_amount
        WHEN 'status_mismatch' THEN sign * their_amount
        WHEN 'missing_in_bill' THEN -sign * our_amount
        WHEN 'amount_mismatch' THEN sign * (their_amount - our_amount)
        ELSE 0 END,
    CASE category WHEN 'fee_mismatch' THEN fee_currency WHEN 'fx_rate_mismatch' THEN rate_currency ELSE 'CNY' END,
    fee
FROM odd LEFT JOIN told USING (letter, number) ORDER BY category, 1
"""


def gather(engine: duckdb.DuckDBPyConnection) -> None:
    """Leave the table `twice` of the keys that the table `bill` has more than once; needs no books."""
    engine.execute(_TWICE)


def classify(engine: duckdb.DuckDBPyConnection, merchants: Collection[str]) -> Matching:
    """Judge every key of the tables `bill`, `twice` and `our`; leaves the table `outcome`.

    `merchants` are the numbers under which lines are the house's, at least one.
    """
    engine.execute(_CLASSIFY.format(merchants=", ".join(quoted(merchant) for merchant in sorted(merchants))))
    engine.execute(_REVERSALS)
    counted = engine.execute(
        "SELECT category, count(*) FROM outcome WHERE category IS NOT NULL GROUP BY category ORDER BY category"
    ).fetchall()
    found = [
        Difference(
            key=key,
            category=Category(category),
            our_amount=our_amount,
            their_amount=their_amount,
            detail=f"{lines} lines, {status}" if lines else "no line",
            proposal=PROPOSALS[Category(category)],
            gap=gap or 0,
            gap_currency=currency or "CNY",
            their_fee=fee,
        )
        for key, category, our_amount, their_amount, lines, status, gap, currency, fee in engine.execute(
            _DIFFERENCES
        ).fetchall()
    ]
    return Matching(dict(counted), tuple(found))
