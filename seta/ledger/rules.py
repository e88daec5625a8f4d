"""What makes a journal a journal: zero in every currency, no empty line, one fingerprint for one content."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring

LINES_PER_JOURNAL_MAX = 1_000
AMOUNT_MINOR_UNITS_MAX = 10**15
IDEM_LENGTH_MAX = 120
KIND_LENGTH_MAX = 40
REF_LENGTH_MAX = CODE_LENGTH_MAX = 80
# Debts to others: their credit may never go below zero. Everything else is a house account.
GUARDED_PREFIXES = ("merchant:", "deposit:", "gift:")


AccountKey = tuple[int, str, str]
"""House, code, currency."""


class Unbalanced(ValueError):
    """A journal whose lines do not sum to zero in some currency, or that cannot be a journal at all."""


class ConflictingReplay(ValueError):
    """The idempotency key is taken by a journal with other content."""


class Overdraft(ValueError):
    """A guarded account would owe less than nothing."""


class AlreadyResolved(ValueError):
    """A pending journal has been posted or voided, and now the other is asked for."""


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
    if (
        len(entry.idem) > IDEM_LENGTH_MAX
        or len(entry.kind) > KIND_LENGTH_MAX
        or len(entry.ref) > REF_LENGTH_MAX
    ):
        raise Unbalanced(f"{entry.idem[:40]}: key, kind or reference is too long")
    if len(entry.postings) < 2:
        raise Unbalanced(f"{entry.idem}: a journal needs at least two lines that move something")
    if len(entry.postings) > LINES_PER_JOURNAL_MAX:
        raise Unbalanced(f"{entry.idem}: {len(entry.postings)} lines, {LINES_PER_JOURNAL_MAX} at most")
    sums: dict[str, int] = {}
    for line in entry.postings:
        amount, currency = line.amount, line.currency
        if amount == 0 or not -AMOUNT_MINOR_UNITS_MAX <= amount <= AMOUNT_MINOR_UNITS_MAX:
            raise Unbalanced(f"{entry.idem}: {line.code} moves {amount}, which no line may")
        if len(currency) != 3 or not 0 < len(line.code) <= CODE_LENGTH_MAX:
            raise Unbalanced(f"{entry.idem}: a line needs an account and a three-letter currency")
        sums[currency] = sums.get(currency, 0) + amount
    for currency, total in sums.items():
        if total:
            raise Unbalanced(f"{entry.idem}: {currency} sums to {total}, not to zero")


# The same few account codes come again and again.
_quoted = lru_cache(maxsize=4_096)(encode_basestring)


def fingerprint(entry: Journal) -> str:
    """SHA-256 over what the journal says; the instant of posting is no part of it, so a replay matches.

    What is hashed is JSON without spaces: [kind, ref, [[code, currency, amount], ...]].
    """
    lines = ",".join(
        [f"[{_quoted(one.code)},{_quoted(one.currency)},{one.amount}]" for one in entry.postings]
    )
    content = f"[{encode_basestring(entry.kind)},{encode_basestring(entry.ref)},[{lines}]]"
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


def debited(entries: Sequence[Journal]) -> set[AccountKey]:
    """The guarded accounts that some journal draws on; one that only credits them needs no lock."""
    found: set[AccountKey] = set()
    for entry in entries:
        for line in entry.postings:
            if line.amount > 0 and line.code.startswith(GUARDED_PREFIXES):
                found.add((entry.house_id, line.code, line.currency))
    return found


def moved(
    balances: Mapping[AccountKey, int],
    entries: Sequence[Journal],
    *,
    held: Mapping[AccountKey, int] | None = None,
) -> dict[AccountKey, int]:
    """These balances of guarded accounts after the journals, in order; Overdraft at the first that goes over.

    Accounts that are not among the balances are passed over. `held` is what pending journals may still debit: it is
    as good as gone.
    """
    after = dict(balances)
    reserved = held or {}
    for entry in entries:
        touched = set()
        for line in entry.postings:
            key = (entry.house_id, line.code, line.currency)
            if key in after:
                after[key] += line.amount
                touched.add(key)
        for key in sorted(touched):
            over = after[key] + reserved.get(key, 0)
            if over > 0:
                raise Overdraft(f"{entry.idem}: {key[1]} {key[2]} would be overdrawn by {over}")
    return after


def holds(entry: Journal) -> dict[AccountKey, int]:
    """What a pending journal may debit guarded accounts by, once posted; its credits are not counted on before."""
    net: dict[AccountKey, int] = defaultdict(int)
    for line in entry.postings:
        if is_guarded(line.code):
            net[entry.house_id, line.code, line.currency] += line.amount
    return {key: amount for key, amount in net.items() if amount > 0}
