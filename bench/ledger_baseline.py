"""The design that most ledgers begin with, kept to measure against: every account's balance updated in line.

It writes the same rows through the same statement as the product does. The one difference is that clearing, fee
and receivable accounts have a balance row too, so that every payment waits there for the one before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from seta.ledger import rules
from seta.ledger.rules import Journal

TABLE = "CREATE TABLE IF NOT EXISTS bench_balance (account_id bigint PRIMARY KEY, amount bigint NOT NULL)"
FILL = "INSERT INTO bench_balance SELECT id, 0 FROM ledger_account ON CONFLICT DO NOTHING"

_POST = """
WITH line AS MATERIALIZED (
    SELECT asked.line, account.id AS account_id, asked.currency, asked.amount
    FROM unnest(%s::text[], %s::text[], %s::bigint[]) WITH ORDINALITY AS asked(code, currency, amount, line)
    JOIN ledger_account AS account
      ON account.house_id = %s AND account.code = asked.code AND account.currency = asked.currency
), locked AS MATERIALIZED (
    SELECT account_id FROM bench_balance WHERE account_id IN (SELECT account_id FROM line)
    ORDER BY account_id FOR UPDATE
), added AS (
    INSERT INTO ledger_journal (house_id, idem, fingerprint, kind, ref, at)
    SELECT %s::bigint, %s::text, %s::text, %s::text, %s::text, %s::timestamptz
    WHERE (SELECT count(*) FROM line) = %s AND (SELECT count(*) FROM locked) >= 0
    ON CONFLICT (house_id, idem) DO NOTHING
    RETURNING id
), written AS (
    INSERT INTO ledger_posting (journal_id, line, account_id, currency, amount)
    SELECT added.id, line.line, line.account_id, line.currency, line.amount FROM added, line
), moved AS (
    UPDATE bench_balance AS balance SET amount = balance.amount + move.amount
    FROM added, (SELECT account_id, sum(amount)::bigint AS amount FROM line GROUP BY account_id) AS move
    WHERE balance.account_id = move.account_id
)
SELECT id FROM added
"""


def prepare() -> None:
    """A balance row for every account there is."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(FILL)


def post(*, journal: Journal, now: datetime) -> bool:
    """Post one journal with all its balances in line; False when it was there already."""
    rules.check(journal)
    mark = rules.fingerprint(journal)
    lines: Sequence[tuple[str, str, int]] = [(one.code, one.currency, one.amount) for one in journal.postings]
    values: list[Any] = [[line[number] for line in lines] for number in range(3)]
    values += [journal.house_id, journal.house_id, journal.idem, mark, journal.kind, journal.ref]
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_POST.encode(), [*values, now, len(lines)], prepare=True)
        return cursor.fetchone() is not None
