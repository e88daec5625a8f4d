"""Rows of books and bills written by hand, held against each other by the product's own statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa

from seta.kit.clock import BEIJING, beijing_day
from seta.payments.rules.matching import CUTOFF_MINUTES, Matching, classify, gather


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
    provider_number: str
    merchant: str
    amount: int
    fee: int
    agreed_fee: int | None
    currency: str
    status: str
    happened_at: datetime


def match(
    ours: Sequence[OurRow], theirs: Sequence[TheirRow], *, bill_on: date, merchants: Collection[str]
) -> Matching:
    """Classify every key of the day. `ours` should reach a day further on both sides of `bill_on`."""
    with duckdb.connect(":memory:") as engine:
        engine.register("bill", _bill_table(theirs))
        engine.register("our", _our_table(ours, bill_on))
        gather(engine)
        return classify(engine, merchants)


def _bill_table(theirs: Sequence[TheirRow]) -> pa.Table:
    whole = {"amount": "amount", "fee": "fee", "stated_fee": "fee", "agreed_fee": "agreed_fee"}
    table = {name: pa.array([getattr(row, of) for row in theirs], pa.int64()) for name, of in whole.items()}
    texts = {
        "letter": [row.key[:1] for row in theirs],
        "number": [row.key[2:] for row in theirs],
        "merchant": [row.merchant for row in theirs],
        "status": [row.status for row in theirs],
        "currency": [row.currency for row in theirs],
        "fee_currency": ["CNY"] * len(theirs),
        "rate_currency": ["CNY"] * len(theirs),
    }
    table |= {name: pa.array(values, pa.string()) for name, values in texts.items()}
    return pa.table(table | {"rate_gap": pa.array([0] * len(theirs), pa.int64())})


def _our_table(ours: Sequence[OurRow], bill_on: date) -> pa.Table:
    return pa.table(
        {
            "letter": pa.array([row.key[:1] for row in ours], pa.string()),
            "row_id": pa.array(range(len(ours)), pa.int64()),
            "number": pa.array([row.key[2:] for row in ours], pa.string()),
            "amount": pa.array([row.amount for row in ours], pa.int64()),
            "currency": pa.array(["CNY"] * len(ours), pa.string()),
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
