"""What makes a journal a journal: zero in every currency, no empty line, one fingerprint for one content."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LINES_PER_JOURNAL_MAX = 1_000
AMOUNT_MINOR_UNITS_MAX = 10**15
# Debts to others: their credit may never go below zero. Everything else is a house account.
GUARDED_PREFIXES = ("merchant:", "deposit:", "gift:")


class Unbalanced(ValueError):
    """A journal whose lines do not sum to zero in some currency, or that cannot be a journal at all."""


class ConflictingReplay(ValueError):
    """The idempotency key is taken by a journal with other content."""


class Overdraft(ValueError):
    """A guarded account would owe less than nothing."""


@dataclass(frozen=True)
class Posting:
    """One line: minor units of one currency on one account; debit positive, credit negative."""

    code: str
    currency: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Journal:
    """A fact to post once: `idem` names it within its house, `ref` is what people search by."""

    house_id: int
    idem: str
    kind: str
    ref: str
    postings: tuple[Posting, ...]


def debit(code: str, currency: str, amount: int) -> Posting:
    """A debit of `amount` >= 0 minor units."""
    assert amount >= 0, "a debit is written with a positive amount"
    return Posting(code, currency, amount)


def credit(code: str, currency: str, amount: int) -> Posting:
    """A credit of `amount` >= 0 minor units."""
    assert amount >= 0, "a credit is written with a positive amount"
    return Posting(code, currency, -amount)


def journal(*, house_id: int, idem: str, kind: str, ref: str, lines: Iterable[Posting]) -> Journal:
    """A journal without its empty lines: a fee or a currency leg may round to zero and is then left out."""
    return Journal(
        house_id=house_id,
        idem=idem,
        kind=kind,
        ref=ref,
        postings=tuple(line for line in lines if line.amount),
    )


def totals(postings: Iterable[Posting]) -> dict[str, int]:
    """Sum of the lines for each currency."""
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.currency] += posting.amount
    return dict(sums)


def check(entry: Journal) -> None:
    """Raises Unbalanced with the reason when the journal may not be posted."""
    if not entry.idem or not entry.kind:
        raise Unbalanced("a journal needs its idempotency key and its kind")
    if len(entry.postings) < 2:
        raise Unbalanced(f"{entry.idem}: a journal needs at least two lines that move something")
    if len(entry.postings) > LINES_PER_JOURNAL_MAX:
        raise Unbalanced(f"{entry.idem}: {len(entry.postings)} lines, {LINES_PER_JOURNAL_MAX} at most")
    for line in entry.postings:
        if line.amount == 0 or abs(line.amount) > AMOUNT_MINOR_UNITS_MAX:
            raise Unbalanced(f"{entry.idem}: {line.code} moves {line.amount}, which no line may")
        if len(line.currency) != 3 or not line.code:
            raise Unbalanced(f"{entry.idem}: a line needs an account and a three-letter currency")
    for currency, total in totals(entry.postings).items():
        if total:
            raise Unbalanced(f"{entry.idem}: {currency} sums to {total}, not to zero")


def fingerprint(entry: Journal) -> str:
    """SHA-256 over what the journal says; the instant of posting is no part of it, so a replay matches."""
    lines = [[line.code, line.currency, line.amount] for line in entry.postings]
    content = json.dumps([entry.kind, entry.ref, lines], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def reversal(entry: Journal, *, idem: str) -> Journal:
    """The journal that undoes another: the same lines with their signs turned."""
    lines = tuple(Posting(line.code, line.currency, -line.amount) for line in entry.postings)
    return Journal(
        house_id=entry.house_id, idem=idem, kind=f"{entry.kind}.reversal", ref=entry.ref, postings=lines
    )


def is_guarded(code: str) -> bool:
    """Whether an account is a debt to somebody else that may not be overdrawn."""
    return code.startswith(GUARDED_PREFIXES)


def moved(
    balances: Mapping[tuple[int, str, str], int], entries: Sequence[Journal]
) -> dict[tuple[int, str, str], int]:
    """Balances of guarded accounts after the journals, in order; Overdraft at the first that goes over.

    Keys are (house, code, currency). An account without a balance starts at zero.
    """
    after = dict(balances)
    for entry in entries:
        touched = set()
        for line in entry.postings:
            if is_guarded(line.code):
                key = (entry.house_id, line.code, line.currency)
                after[key] = after.get(key, 0) + line.amount
                touched.add(key)
        for key in touched:
            if after[key] > 0:
                raise Overdraft(f"{entry.idem}: {key[1]} {key[2]} would be overdrawn by {after[key]}")
    return after
