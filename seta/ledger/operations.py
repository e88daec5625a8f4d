"""Posting: a journal enters the books whole, once, and balanced, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from seta.ledger import models, rules
from seta.ledger.rules import ConflictingReplay, Journal

JOURNALS_PER_BATCH_MAX = 5_000
# SQLite takes at most 32,766 values in a statement and filters of this size stay far below it.
KEYS_PER_STATEMENT = 500
POST_ATTEMPTS_MAX = 3

AccountKey = tuple[int, str, str]


@dataclass(frozen=True)
class Posted:
    """Where a journal stands in the books, and whether this call put it there."""

    journal_id: int
    idem: str
    is_new: bool


def post(*, journal: Journal, now: datetime) -> Posted:
    """Posts one journal; a replay changes nothing. Raises Unbalanced, ConflictingReplay or Overdraft."""
    return post_many(journals=[journal], now=now)[0]


def post_many(*, journals: Sequence[Journal], now: datetime) -> list[Posted]:
    """Posts a batch in one transaction and few statements: all of it or nothing.

    A journal already in the books with the same content is left as it is; with other content the whole
    batch is refused (ConflictingReplay), as it is for one that does not balance or overdraws an account.
    """
    assert len(journals) <= JOURNALS_PER_BATCH_MAX, "split the batch"
    for journal in journals:
        rules.check(journal)
    prints = [rules.fingerprint(journal) for journal in journals]
    for attempt in range(POST_ATTEMPTS_MAX):
        try:
            with transaction.atomic():
                return _post_new(journals, prints, now)
        except IntegrityError:
            # Somebody posted one of these keys meanwhile: read it again and compare.
            if attempt == POST_ATTEMPTS_MAX - 1:
                raise
    raise AssertionError("unreachable")


def reverse(*, house_id: int, idem: str, now: datetime) -> Posted:
    """Posts the journal that undoes `idem`, under `idem` + ":reversal"; twice changes nothing."""
    row = models.Journal.objects.get(house_id=house_id, idem=idem)
    lines = tuple(
        rules.Posting(posting.account.code, posting.currency, posting.amount)
        for posting in row.postings.select_related("account").order_by("line")
    )
    entry = Journal(house_id=house_id, idem=idem, kind=row.kind, ref=row.ref, postings=lines)
    return post(journal=rules.reversal(entry, idem=f"{idem}:reversal"), now=now)


def _post_new(journals: Sequence[Journal], prints: Sequence[str], now: datetime) -> list[Posted]:
    known = _known(journals)
    fresh: dict[tuple[int, str], tuple[Journal, str]] = {}
    for journal, fingerprint in zip(journals, prints, strict=True):
        key = (journal.house_id, journal.idem)
        standing = known[key][1] if key in known else fresh[key][1] if key in fresh else None
        if standing is None:
            fresh[key] = (journal, fingerprint)
        elif standing != fingerprint:
            raise ConflictingReplay(
                f"{journal.idem} is in the books with other content; post a correction instead"
            )
    ids = (
        _write([entry for entry, _ in fresh.values()], [mark for _, mark in fresh.values()], now)
        if fresh
        else {}
    )
    outcomes: list[Posted] = []
    announced: set[tuple[int, str]] = set(known)
    for journal in journals:
        key = (journal.house_id, journal.idem)
        journal_id = known[key][0] if key in known else ids[key]
        outcomes.append(Posted(journal_id, journal.idem, key not in announced))
        announced.add(key)
    return outcomes


def _known(journals: Sequence[Journal]) -> dict[tuple[int, str], tuple[int, str]]:
    found: dict[tuple[int, str], tuple[int, str]] = {}
    for house_id in {journal.house_id for journal in journals}:
        keys = [journal.idem for journal in journals if journal.house_id == house_id]
        for start in range(0, len(keys), KEYS_PER_STATEMENT):
            rows = models.Journal.objects.filter(
                house_id=house_id, idem__in=keys[start : start + KEYS_PER_STATEMENT]
            ).values_list("idem", "id", "fingerprint")
            found.update({(house_id, idem): (pk, mark) for idem, pk, mark in rows})
    return found


def _write(entries: list[Journal], prints: list[str], now: datetime) -> dict[tuple[int, str], int]:
    accounts = _accounts(entries)
    _move_balances(entries, accounts)
    rows = models.Journal.objects.bulk_create(
        [
            models.Journal(
                house_id=entry.house_id,
                idem=entry.idem,
                fingerprint=mark,
                kind=entry.kind,
                ref=entry.ref,
                at=now,
            )
            for entry, mark in zip(entries, prints, strict=True)
        ]
    )
    models.Posting.objects.bulk_create(
        models.Posting(
            journal_id=row.pk,
            line=number,
            account_id=accounts[(entry.house_id, line.code, line.currency)],
            currency=line.currency,
            amount=line.amount,
        )
        for row, entry in zip(rows, entries, strict=True)
        for number, line in enumerate(entry.postings, start=1)
    )
    return {(row.house_id, row.idem): row.pk for row in rows}


def _accounts(entries: Sequence[Journal]) -> dict[AccountKey, int]:
    wanted = {(entry.house_id, line.code, line.currency) for entry in entries for line in entry.postings}
    found = _find_accounts(wanted)
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
        found = _find_accounts(wanted)
        models.Balance.objects.bulk_create(
            [models.Balance(account_id=found[key]) for key in missing if rules.is_guarded(key[1])],
            ignore_conflicts=True,
        )
    return found


def _find_accounts(wanted: set[AccountKey]) -> dict[AccountKey, int]:
    rows = models.Account.objects.filter(
        house_id__in={house_id for house_id, _, _ in wanted}, code__in={code for _, code, _ in wanted}
    ).values_list("house_id", "code", "currency", "id")
    return {
        (house_id, code, currency): pk
        for house_id, code, currency, pk in rows
        if (house_id, code, currency) in wanted
    }


def _move_balances(entries: Sequence[Journal], accounts: dict[AccountKey, int]) -> None:
    guarded = {key: pk for key, pk in accounts.items() if rules.is_guarded(key[1])}
    if not guarded:
        return
    # Locked in id order, so that two batches over the same accounts cannot wait for each other.
    locked = {
        row.account_id: row
        for row in models.Balance.objects.select_for_update()
        .filter(account_id__in=guarded.values())
        .order_by("account_id")
    }
    after = rules.moved({key: locked[pk].amount for key, pk in guarded.items()}, entries)
    for key, pk in guarded.items():
        locked[pk].amount = after[key]
    models.Balance.objects.bulk_update(locked.values(), ["amount"])
