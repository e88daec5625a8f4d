"""Folding: what has been posted is added up in the background, so that a balance is a fold and a short tail."""

import time
from datetime import datetime

from django.db import connection, transaction

from seta.ledger import models

JOURNALS_PER_FOLD_MAX = 20_000
WAIT_SECONDS_MAX = 1.0
_POLL_SECONDS = 0.005

_FOLD = """
INSERT INTO ledger_folded (account_id, debit, credit, postings)
SELECT account_id,
       sum(CASE WHEN amount > 0 THEN amount ELSE 0 END),
       sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END),
       count(*)
FROM ledger_posting WHERE journal_id > %s AND journal_id <= %s
GROUP BY account_id
ON CONFLICT (account_id) DO UPDATE SET
    debit = ledger_folded.debit + excluded.debit,
    credit = ledger_folded.credit + excluded.credit,
    postings = ledger_folded.postings + excluded.postings
"""


def fold_balances(now: datetime) -> int:
    """Folds what is posted since the last time; returns how many journals that was. Posting never waits for it.

    On PostgreSQL it waits up to a second for those who are posting at this moment, and leaves the rest to the
    next sweep if one of them takes longer.
    """
    folded = 0
    while True:
        horizon = _horizon()
        taken = _fold_upto(horizon, now) if horizon else 0
        folded += taken
        if taken < JOURNALS_PER_FOLD_MAX:
            return folded


def _horizon() -> int:
    """An id such that every journal up to it is in the books for good or never will be.

    SQLite has one writer at a time and ids follow commits. On PostgreSQL a lower id may be committed after a higher
    one. Whoever inserts a journal has the table locked (ROW EXCLUSIVE) before it draws an id and until it is
    done, so once all who held that lock at a moment are gone, nobody can still bring an id drawn before it.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_journal")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_journal_id_seq")
        horizon = int(cursor.fetchone()[0])
        waited_for = _writers()
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while waited_for and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            waited_for &= _writers()
        return 0 if waited_for else horizon


def _writers() -> set[str]:
    """The transactions other than ours that may be writing journals now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks "
            "WHERE locktype = 'relation' AND relation = 'ledger_journal'::regclass "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
        )
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _fold_upto(horizon: int, now: datetime) -> int:
    row, _ = models.Fold.objects.select_for_update().get_or_create(pk=1, defaults={"at": now})
    upto = min(horizon, row.upto + JOURNALS_PER_FOLD_MAX)
    if upto <= row.upto:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [row.upto, upto])
    taken = upto - row.upto
    row.upto, row.at = upto, now
    row.save(update_fields=["upto", "at"])
    return taken
