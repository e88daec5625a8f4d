"""The few statements that posting is made of, one for each table and batch, in the words of each database.

The ORM writes one statement a few hundred rows and builds an object for each; posting is what everything
that moves money waits for, so here the rows go down as they are.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

import psycopg
from django.db import connection

AccountKey = tuple[int, str, str]
"""House, code, currency."""
JournalRow = tuple[int, str, str, str, str]
"""House, idem, fingerprint, kind, ref."""
LineRow = tuple[int, int, int, str, int]
"""Journal (or pending journal), line, account, currency, amount."""


class Dialect(Protocol):
    """What posting asks of a database; every call runs in the caller's transaction."""

    def find_keys(self, table: str, house_id: int, idems: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Id and fingerprint of the rows of `table` that carry these keys."""

    def find_accounts(self, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
        """Ids of those accounts that exist."""

    def add_heads(self, table: str, rows: Sequence[JournalRow], now: datetime) -> list[int]:
        """Insert journals or pending journals; their ids in the same order."""

    def add_lines(self, table: str, rows: Iterable[LineRow]) -> None:
        """Insert postings or pending lines."""

    def post_alone(self, row: JournalRow, lines: Sequence[tuple[str, str, int]], now: datetime) -> int | None:
        """Post one journal that debits no guarded account, by one statement.

        None where it must be looked at more closely (a replay, a new account) or where the database has no such
        statement.
        """


LINES_HEAD = {"ledger_posting": "journal_id", "ledger_pendingline": "pending_id"}


class Sqlite:
    """SQLite: the caller's IMMEDIATE transaction is the only writer, so ids are counted here."""

    def find_keys(self, table: str, house_id: int, idems: Sequence[str]) -> dict[str, tuple[int, str]]:
        """See Dialect."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT idem, id, fingerprint FROM {table} "
                "WHERE house_id = %s AND idem IN (SELECT value FROM json_each(%s))",
                [house_id, json.dumps(idems)],
            )
            return {idem: (pk, mark) for idem, pk, mark in cursor.fetchall()}

    def find_accounts(self, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
        """See Dialect."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.house_id, a.code, a.currency, a.id FROM json_each(%s) AS wanted "
                "JOIN ledger_account AS a ON a.house_id = json_extract(wanted.value, '$[0]') "
                "AND a.code = json_extract(wanted.value, '$[1]') "
                "AND a.currency = json_extract(wanted.value, '$[2]')",
                [json.dumps(keys)],
            )
            return {(house, code, currency): pk for house, code, currency, pk in cursor.fetchall()}

    def add_heads(self, table: str, rows: Sequence[JournalRow], now: datetime) -> list[int]:
        """See Dialect."""
        at = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            first = cursor.fetchone()[0] + 1
            cursor.executemany(
                f"INSERT INTO {table} (id, house_id, idem, fingerprint, kind, ref, at) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                cast(Any, ((number, *row, at) for number, row in enumerate(rows, start=first))),
            )
        return list(range(first, first + len(rows)))

    def add_lines(self, table: str, rows: Iterable[LineRow]) -> None:
        """See Dialect."""
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({LINES_HEAD[table]}, line, account_id, currency, amount) "
                "VALUES (%s, %s, %s, %s, %s)",
                # Any iterable will do, whatever the stubs say.
                cast(Any, rows),
            )

    def post_alone(self, row: JournalRow, lines: Sequence[tuple[str, str, int]], now: datetime) -> int | None:
        """SQLite has no statement that writes two tables."""
        return None


_POST_ALONE = """
WITH line AS MATERIALIZED (
    SELECT asked.line, account.id AS account_id, asked.currency, asked.amount
    FROM unnest(%s::text[], %s::text[], %s::bigint[]) WITH ORDINALITY AS asked(code, currency, amount, line)
    JOIN ledger_account AS account
      ON account.house_id = %s AND account.code = asked.code AND account.currency = asked.currency
), added AS (
    INSERT INTO ledger_journal (house_id, idem, fingerprint, kind, ref, at)
    SELECT %s::bigint, %s::text, %s::text, %s::text, %s::text, %s::timestamptz
    WHERE (SELECT count(*) FROM line) = %s
    ON CONFLICT (house_id, idem) DO NOTHING
    RETURNING id
), written AS (
    INSERT INTO ledger_posting (journal_id, line, account_id, currency, amount)
    SELECT added.id, line.line, line.account_id, line.currency, line.amount FROM added, line
)
SELECT id FROM added
"""


class Postgres:
    """PostgreSQL: arrays go down and are unnested; statements are prepared once a connection."""

    def find_keys(self, table: str, house_id: int, idems: Sequence[str]) -> dict[str, tuple[int, str]]:
        """See Dialect."""
        rows = self._run(
            f"SELECT idem, id, fingerprint FROM {table} WHERE house_id = %s AND idem = ANY(%s::text[])",
            [house_id, list(idems)],
        )
        return {idem: (pk, mark) for idem, pk, mark in rows}

    def find_accounts(self, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
        """See Dialect."""
        rows = self._run(
            "SELECT a.house_id, a.code, a.currency, a.id "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS wanted(house_id, code, currency) "
            "JOIN ledger_account AS a USING (house_id, code, currency)",
            _columns(keys, 3),
        )
        return {(house, code, currency): pk for house, code, currency, pk in rows}

    def add_heads(self, table: str, rows: Sequence[JournalRow], now: datetime) -> list[int]:
        """See Dialect."""
        made = self._run(
            f"INSERT INTO {table} (house_id, idem, fingerprint, kind, ref, at) "
            "SELECT house_id, idem, fingerprint, kind, ref, %s::timestamptz "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY "
            "AS asked(house_id, idem, fingerprint, kind, ref, number) ORDER BY number "
            "RETURNING house_id, idem, id",
            [now, *_columns(rows, 5)],
        )
        ids = {(house, idem): pk for house, idem, pk in made}
        return [ids[row[0], row[1]] for row in rows]

    def add_lines(self, table: str, rows: Iterable[LineRow]) -> None:
        """See Dialect."""
        self._run(
            f"INSERT INTO {table} ({LINES_HEAD[table]}, line, account_id, currency, amount) "
            "SELECT * FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::bigint[])",
            _columns(list(rows), 5),
        )

    def post_alone(self, row: JournalRow, lines: Sequence[tuple[str, str, int]], now: datetime) -> int | None:
        """See Dialect."""
        made = self._run(_POST_ALONE, [*_columns(lines, 3), row[0], *row, now, len(lines)])
        return int(made[0][0]) if made else None

    def _run(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Django's cursors put values into the text; the driver's own sends them beside a prepared statement."""
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(query.encode(), values, prepare=True)
            return cursor.fetchall() if cursor.description else []


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[number] for row in rows] for number in range(width)]


def dialect() -> Dialect:
    """The words of the database in use."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()
