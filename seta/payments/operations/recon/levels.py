"""The levels above the trade bill: movements of cash against what we booked, payouts against the bank's credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seta.payments.operations.recon import chaining, extracting
from seta.payments.operations.recon.chaining import Balances
from seta.payments.rules.matching import PROPOSALS, Category, Difference, Matching
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.tables import Engine, first

# A movement of fees belongs to its payment's fee, not to what the client paid.
_FEES = "手续费"
_BACK = "退款"
_TRADE = "交易"

_MOVEMENTS = f"""
CREATE TABLE movement AS
SELECT CASE WHEN kind LIKE '%{_BACK}%' THEN 'R' ELSE 'P' END AS letter, voucher AS number, count(*) AS n,
    sum(amount)::BIGINT AS amount
FROM fund WHERE (kind LIKE '%{_TRADE}%' OR kind LIKE '%{_BACK}%') AND kind NOT LIKE '%{_FEES}%'
GROUP BY ALL
"""

# A reversal of a barcode payment goes back under the payment's own number.
_HELD = """
CREATE TABLE outcome AS
WITH books AS (
    SELECT letter, number, CASE letter WHEN 'P' THEN amount ELSE -amount END AS amount,
        on_day, near_cutoff, is_pending, is_expected
    FROM our WHERE letter <> 'V'
)
SELECT coalesce(movement.letter, books.letter) AS letter, coalesce(movement.number, books.number) AS number,
    books.amount AS our_amount, movement.amount AS their_amount,
    CASE
        WHEN movement.n > 1 THEN 'duplicate_in_bill'
        WHEN books.number IS NULL THEN 'missing_in_ledger'
        WHEN movement.number IS NULL AND (NOT on_day OR NOT is_expected) THEN NULL
        WHEN movement.number IS NULL AND is_pending THEN 'refund_pending'
        WHEN movement.number IS NULL AND near_cutoff THEN 'timing'
        WHEN movement.number IS NULL THEN 'missing_in_bill'
        WHEN movement.amount <> books.amount THEN 'amount_mismatch'
        ELSE 'matched'
    END AS category
FROM movement FULL OUTER JOIN books ON books.letter = movement.letter AND books.number = movement.number
"""


def hold_funds(
    engine: Engine, *, house_id: int, provider: str, day: date | None
) -> tuple[Matching, date, Balances]:
    """Hold the table `fund` against the receivable's movements; BillRefused when its running balance jumps.

    Keys are those of the trade bill with `F:` before them. What moves neither payments nor refunds (a withdrawal, a
    fee) only counts in the balance. `F:O:` and a day is where that day meets the one before: opening and movements
    make its closing, which the next day opens with.
    """
    _refuse_jump(engine)
    found = first(engine, "SELECT CAST(mode(CAST(happened_at AS DATE)) AS VARCHAR) FROM fund")
    on = day or (date.fromisoformat(found[0]) if found and found[0] else None)
    if on is None:
        raise BillRefused("an empty fund bill does not say its day: give it")
    extracting.extract(engine, house_id=house_id, provider=provider, day=on)
    engine.execute(_MOVEMENTS)
    engine.execute(_HELD)
    engine.execute("UPDATE outcome SET letter = 'F:' || letter")
    balances = chaining.balances_of(engine)
    for link in chaining.links_of(house_id=house_id, provider=provider, day=on, balances=balances):
        meets = Category.MATCHED if link.closed_at == link.opened_at else Category.BALANCE_GAP
        engine.execute(
            "INSERT INTO outcome VALUES ('F:O', ?, ?, ?, ?)",
            [link.day.isoformat(), link.closed_at, link.opened_at, meets.value],
        )
    counts = engine.execute(
        "SELECT category, count(*) FROM outcome WHERE category IS NOT NULL GROUP BY category ORDER BY category"
    ).fetchall()
    rows = engine.execute(
        "SELECT letter || ':' || number, category, our_amount, their_amount "
        "FROM outcome WHERE category <> 'matched' ORDER BY 1"
    ).fetchall()
    differences = tuple(
        Difference(
            key, Category(name), ours, theirs, _DETAIL.get(name, "cash movement"), PROPOSALS[Category(name)]
        )
        for key, name, ours, theirs in rows
    )
    return Matching(dict(counts), differences), on, balances


_DETAIL = {Category.BALANCE_GAP: "closing balance of the day before against opening balance"}


def _refuse_jump(engine: Engine) -> None:
    found = first(
        engine,
        "SELECT line, balance, before + amount FROM ("
        "SELECT line, amount, balance, lag(balance) OVER (ORDER BY line) AS before FROM fund) "
        "WHERE before IS NOT NULL AND before + amount <> balance ORDER BY line LIMIT 1",
    )
    if found is not None:
        raise BillRefused(f"the balance is {found[1]} fen and the movements make {found[2]}", int(found[0]))


@dataclass(frozen=True)
class Payout:
    """What a provider says that it paid out, or what a bank says came in: minor units under a reference."""

    reference: str
    currency: str
    amount: int


def hold_payouts(payouts: Sequence[Payout], credits_: Sequence[Payout]) -> tuple[Difference, ...]:
    """Hold settlement batches against bank credits; keys are `B:` and the reference.

    A batch without its credit is missing_in_bill, a credit without a batch missing_in_ledger; `gap` is what the bank
    account lacks or has too much.
    """
    banked = {(one.reference, one.currency): one.amount for one in credits_}
    settled = {(one.reference, one.currency): one.amount for one in payouts}
    found: list[Difference] = []
    for place in sorted(banked.keys() | settled.keys()):
        ours, theirs = settled.get(place), banked.get(place)
        if ours == theirs:
            continue
        category = Category.AMOUNT_MISMATCH
        if ours is None or theirs is None:
            category = Category.MISSING_IN_LEDGER if ours is None else Category.MISSING_IN_BILL
        found.append(
            Difference(
                key=f"B:{place[0]}"[:70],
                category=category,
                our_amount=ours,
                their_amount=theirs,
                detail=f"settlement batch against bank credit, {place[1]}",
                proposal=PROPOSALS[category],
                gap=(theirs or 0) - (ours or 0),
                gap_currency=place[1],
            )
        )
    return tuple(found)
