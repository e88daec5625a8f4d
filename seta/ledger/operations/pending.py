"""Two phases: a journal is reserved, and later posted or voided, once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from seta.ledger import models, rules
from seta.ledger.dialects import dialect
from seta.ledger.operations import posting
from seta.ledger.operations.posting import Posted
from seta.ledger.rules import AlreadyResolved, Journal, Overdraft

_VOIDED = models.Resolution.Outcome.VOIDED


@dataclass(frozen=True, slots=True)
class Reserved:
    """A pending journal, and whether this call made it."""

    pending_id: int
    idem: str
    is_new: bool


def reserve(*, journal: Journal, now: datetime) -> Reserved:
    """Makes a journal pending: no balance moves, but what it debits of a guarded account is spoken for.

    A replay changes nothing. Raises Unbalanced, ConflictingReplay or Overdraft.
    """
    rules.check(journal)
    mark = rules.fingerprint(journal)
    for attempt in range(posting.POST_ATTEMPTS_MAX):
        try:
            with transaction.atomic():
                return _reserve(journal, mark, now)
        except IntegrityError:
            # Somebody reserved the same meanwhile, which is there to be found now.
            if attempt == posting.POST_ATTEMPTS_MAX - 1:
                raise
    raise AssertionError("unreachable")


def post_pending(*, house_id: int, idem: str, now: datetime) -> Posted:
    """Posts a pending journal under its own key and gives back what it held; twice changes nothing.

    Raises AlreadyResolved when it was voided, ConflictingReplay when the books hold another journal of that key.
    """
    with transaction.atomic():
        row, resolution = _locked(house_id, idem)
        if resolution is not None:
            if resolution.outcome == _VOIDED or resolution.journal_id is None:
                raise AlreadyResolved(
                    f"{idem} was voided at {resolution.at:%Y-%m-%d %H:%M} and cannot be posted"
                )
            return Posted(resolution.journal_id, idem, False)
        journal = _journal(row)
        _hold(journal, -1)
        done = posting.post(journal=journal, now=now)
        models.Resolution.objects.create(
            pending=row, outcome=models.Resolution.Outcome.POSTED, journal_id=done.journal_id, at=now
        )
        return done


def void_pending(*, house_id: int, idem: str, now: datetime) -> bool:
    """Ends a pending journal without posting it and gives back what it held; False when it was voided before.

    Raises AlreadyResolved when it was posted: then a reversal is what undoes it.
    """
    with transaction.atomic():
        row, resolution = _locked(house_id, idem)
        if resolution is not None:
            if resolution.outcome != _VOIDED:
                raise AlreadyResolved(f"{idem} was posted and cannot be voided; reverse it instead")
            return False
        _hold(_journal(row), -1)
        models.Resolution.objects.create(pending=row, outcome=_VOIDED, journal=None, at=now)
        return True


def _reserve(journal: Journal, mark: str, now: datetime) -> Reserved:
    known = posting.known_keys("ledger_pending", [journal])
    key = (journal.house_id, journal.idem)
    if not posting.fresh_only([journal], [mark], known):
        return Reserved(known[key][0], journal.idem, False)
    # What stands in the books under this key with other content could never be posted.
    posting.fresh_only([journal], [mark], posting.known_keys("ledger_journal", [journal]))
    accounts = posting.accounts_of([journal])
    _hold(journal, 1)
    words = dialect()
    head = (journal.house_id, journal.idem, mark, journal.kind, journal.ref)
    pending_id = words.add_heads("ledger_pending", [head], now)[0]
    words.add_lines(
        "ledger_pendingline",
        [
            (
                pending_id,
                number,
                accounts[journal.house_id, line.code, line.currency],
                line.currency,
                line.amount,
            )
            for number, line in enumerate(journal.postings, start=1)
        ],
    )
    return Reserved(pending_id, journal.idem, True)


def _hold(journal: Journal, sign: int) -> None:
    """Hold (1) or give back (-1) what the journal may debit guarded accounts by."""
    holds = rules.holds(journal)
    if not holds:
        return
    accounts = posting.accounts_of([journal])
    locked = posting.lock_balances({key: accounts[key] for key in holds})
    if sign > 0 and any(row.amount + row.held + holds[key] > 0 for key, row in locked.items()):
        for key, amount in posting.true_balances(locked).items():
            locked[key].amount = amount
    for key, row in locked.items():
        row.held += sign * holds[key]
        over = row.amount + row.held
        if sign > 0 and over > 0:
            raise Overdraft(f"{journal.idem}: {key[1]} {key[2]} would be overdrawn by {over}")
    models.Balance.objects.bulk_update(locked.values(), ["amount", "held"], batch_size=200)


def _locked(house_id: int, idem: str) -> tuple[models.Pending, models.Resolution | None]:
    row = models.Pending.objects.select_for_update().get(house_id=house_id, idem=idem)
    return row, models.Resolution.objects.filter(pending=row).first()


def _journal(row: models.Pending) -> Journal:
    lines = tuple(
        rules.Posting(line.account.code, line.currency, line.amount)
        for line in row.lines.select_related("account").order_by("line")
    )
    return Journal(house_id=row.house_id, idem=row.idem, kind=row.kind, ref=row.ref, postings=lines)
