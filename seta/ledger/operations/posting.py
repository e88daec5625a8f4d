"""Posting: a journal enters the books whole, once, and balanced, or not at all."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from seta.ledger import models, queries, rules
from seta.ledger.dialects import AccountKey, JournalRow, dialect
from seta.ledger.rules import ConflictingReplay, Journal, Overdraft, Unbalanced

JOURNALS_PER_BATCH_MAX = 5_000
POST_ATTEMPTS_MAX = 3

Refusal = Unbalanced | ConflictingReplay | Overdraft
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a journal stands in the books, and whether this call put it there."""

    journal_id: int
    idem: str
    is_new: bool


def post(*, journal: Journal, now: datetime) -> Posted:
    """Posts one journal; a replay changes nothing. Raises Unbalanced, ConflictingReplay or Overdraft."""
    rules.check(journal)
    mark = rules.fingerprint(journal)
    journal_id = _post_alone(journal, mark, now)
    if journal_id is not None:
        return Posted(journal_id, journal.idem, True)
    return _post_all([journal], [mark], now)[0]


def post_many(*, journals: Sequence[Journal], now: datetime) -> list[Posted]:
    """Posts a batch in one transaction, one statement a table: all of it or nothing.

    A journal already in the books with the same content is left as it is; with other content the whole
    batch is refused (ConflictingReplay), as it is for one that does not balance or overdraws an account.
    """
    assert len(journals) <= JOURNALS_PER_BATCH_MAX, "split the batch"
    for journal in journals:
        rules.check(journal)
    return _post_all(journals, [rules.fingerprint(journal) for journal in journals], now)


def post_each(*, journals: Sequence[Journal], now: datetime) -> list[Posted | Refusal]:
    """Posts a batch of which each journal stands for itself: what is refused is returned in its place.

    The outcome is that of posting one after the other; the whole is one transaction, and a batch without a bad
    journal costs no more than `post_many`.
    """
    assert len(journals) <= JOURNALS_PER_BATCH_MAX, "split the batch"
    outcomes: dict[int, Posted | Refusal] = {}
    sound: list[tuple[int, Journal, str]] = []
    for place, journal in enumerate(journals):
        try:
            rules.check(journal)
            sound.append((place, journal, rules.fingerprint(journal)))
        except Unbalanced as refusal:
            outcomes[place] = refusal
    if len(sound) == 1:
        # As an evening without a rush asks, one payment at a time.
        place, journal, mark = sound[0]
        journal_id = _post_alone(journal, mark, now)
        if journal_id is not None:
            outcomes[place] = Posted(journal_id, journal.idem, True)
            sound = []
    if sound:
        with transaction.atomic():
            _post_or_split(sound, outcomes, now)
    return [outcomes[place] for place in range(len(journals))]


def reverse(*, house_id: int, idem: str, now: datetime) -> Posted:
    """Posts the journal that undoes `idem`, under `idem` + ":reversal"; twice changes nothing."""
    row = models.Journal.objects.get(house_id=house_id, idem=idem)
    lines = tuple(
        rules.Posting(posting.account.code, posting.currency, posting.amount)
        for posting in row.postings.select_related("account").order_by("line")
    )
    entry = Journal(house_id=house_id, idem=idem, kind=row.kind, ref=row.ref, postings=lines)
    return post(journal=rules.reversal(entry, idem=f"{idem}:reversal"), now=now)


def _post_or_split(
    sound: Sequence[tuple[int, Journal, str]], outcomes: dict[int, Posted | Refusal], now: datetime
) -> None:
    """Post all, or each half by itself when something in it is refused: few tries for few bad journals."""
    try:
        done = _post_all([entry for _, entry, _ in sound], [mark for _, _, mark in sound], now)
    except (ConflictingReplay, Overdraft) as refusal:
        if len(sound) == 1:
            outcomes[sound[0][0]] = refusal
            return
        middle = len(sound) // 2
        _post_or_split(sound[:middle], outcomes, now)
        _post_or_split(sound[middle:], outcomes, now)
    else:
        outcomes.update({place: one for (place, _, _), one in zip(sound, done, strict=True)})


def _post_alone(journal: Journal, mark: str, now: datetime) -> int | None:
    """The short way, one statement and one round trip; None when the long way has to say what is the matter."""
    if connection.vendor != "postgresql" or rules.debited([journal]):
        return None
    lines = [(line.code, line.currency, line.amount) for line in journal.postings]
    # By itself a statement is a transaction; inside another it needs a savepoint to fail alone.
    whole: AbstractContextManager[Any] = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with whole:
            return dialect().post_alone(_head(journal, mark), lines, now)
    except IntegrityError:
        return None


def _post_all(journals: Sequence[Journal], marks: Sequence[str], now: datetime) -> list[Posted]:
    return retried(lambda: _post_new(journals, marks, now))


def retried(write: Callable[[], list[Posted]]) -> list[Posted]:
    """Run in a transaction, again when somebody posted one of the keys meanwhile: read it then, and compare."""
    for attempt in range(POST_ATTEMPTS_MAX):
        try:
            with transaction.atomic():
                return write()
        except IntegrityError:
            if attempt == POST_ATTEMPTS_MAX - 1:
                raise
    raise AssertionError("unreachable")


def _post_new(journals: Sequence[Journal], marks: Sequence[str], now: datetime) -> list[Posted]:
    known = known_keys("ledger_journal", journals)
    fresh = fresh_only(journals, marks, known)
    ids = _write(list(fresh.values()), now) if fresh else {}
    outcomes: list[Posted] = []
    for journal in journals:
        key = (journal.house_id, journal.idem)
        journal_id = ids.pop(key, None)
        if journal_id is not None:
            known[key] = (journal_id, "")
        outcomes.append(Posted(known[key][0], journal.idem, journal_id is not None))
    return outcomes


def known_keys(table: str, journals: Sequence[Journal]) -> dict[Key, tuple[int, str]]:
    """Id and fingerprint of what stands in `table` already."""
    found: dict[Key, tuple[int, str]] = {}
    for house_id in {journal.house_id for journal in journals}:
        keys = [journal.idem for journal in journals if journal.house_id == house_id]
        for idem, standing in dialect().find_keys(table, house_id, keys).items():
            found[house_id, idem] = standing
    return found


def fresh_only(
    journals: Sequence[Journal], marks: Sequence[str], known: dict[Key, tuple[int, str]]
) -> dict[Key, tuple[Journal, str]]:
    """What is neither known nor twice in the batch; ConflictingReplay where a key comes with other content."""
    fresh: dict[Key, tuple[Journal, str]] = {}
    for journal, mark in zip(journals, marks, strict=True):
        key = (journal.house_id, journal.idem)
        standing = known[key][1] if key in known else fresh[key][1] if key in fresh else None
        if standing is None:
            fresh[key] = (journal, mark)
        elif standing != mark:
            raise ConflictingReplay(
                f"{journal.idem} is in the books with other content; post a correction instead"
            )
    return fresh


def _write(entries: Sequence[tuple[Journal, str]], now: datetime) -> dict[Key, int]:
    journals = [journal for journal, _ in entries]
    accounts = accounts_of(journals)
    guard(journals, accounts)
    words = dialect()
    ids = words.add_heads("ledger_journal", [_head(journal, mark) for journal, mark in entries], now)
    # One at a time: thousands of rows kept at once would set off the garbage collector in every batch.
    words.add_lines(
        "ledger_posting",
        (
            (
                journal_id,
                number,
                accounts[journal.house_id, line.code, line.currency],
                line.currency,
                line.amount,
            )
            for journal_id, journal in zip(ids, journals, strict=True)
            for number, line in enumerate(journal.postings, start=1)
        ),
    )
    return {
        (journal.house_id, journal.idem): journal_id
        for journal_id, journal in zip(ids, journals, strict=True)
    }


def _head(journal: Journal, mark: str) -> JournalRow:
    return (journal.house_id, journal.idem, mark, journal.kind, journal.ref)


def accounts_of(journals: Sequence[Journal]) -> dict[AccountKey, int]:
    """Ids of the accounts of these journals; what does not exist is opened, with a balance if it is guarded."""
    wanted = {(entry.house_id, line.code, line.currency) for entry in journals for line in entry.postings}
    found = dialect().find_accounts(list(wanted))
    missing = sorted(wanted - found.keys())
    if missing:
        models.Account.objects.bulk_create(
            [
                models.Account(
                    house_id=house_id, code=code, currency=currency, is_guarded=rules.is_guarded(code)
                )
                for house_id, code, currency in missing
            ],
            ignore_conflicts=True,
        )
        found = dialect().find_accounts(list(wanted))
        models.Balance.objects.bulk_create(
            [models.Balance(account_id=found[key]) for key in missing if rules.is_guarded(key[1])],
            ignore_conflicts=True,
        )
    return found


def guard(journals: Sequence[Journal], accounts: dict[AccountKey, int]) -> None:
    """Lock the balances that these journals draw on, refuse an overdraft, and move them.

    What only grows is not locked and not moved: a payment to a house waits for no other. A balance in line is
    therefore never better than the truth; where it does not suffice, the credits posted meanwhile are taken in.
    """
    debited = rules.debited(journals)
    if not debited:
        return
    locked = lock_balances({key: accounts[key] for key in debited})
    held = {key: row.held for key, row in locked.items()}
    try:
        after = rules.moved({key: row.amount for key, row in locked.items()}, journals, held=held)
    except Overdraft:
        after = rules.moved(true_balances(locked), journals, held=held)
    for key, row in locked.items():
        row.amount = after[key]
    models.Balance.objects.bulk_update(locked.values(), ["amount"], batch_size=200)


def lock_balances(accounts: dict[AccountKey, int]) -> dict[AccountKey, models.Balance]:
    """Locked in id order, so that two batches over the same accounts cannot wait for each other."""
    keys = {pk: key for key, pk in accounts.items()}
    rows = models.Balance.objects.select_for_update().filter(account_id__in=keys).order_by("account_id")
    return {keys[row.account_id]: row for row in rows}


def true_balances(locked: dict[AccountKey, models.Balance]) -> dict[AccountKey, int]:
    """The sums of what is posted. Whoever debits holds the lock, so nothing but credits can be missing in them."""
    sums = queries.sums({row.account_id for row in locked.values()})
    return {key: sums[row.account_id] for key, row in locked.items()}
