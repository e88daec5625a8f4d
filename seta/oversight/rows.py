"""Many rows with one statement and known ids, by hand: the ORM takes ten times what the databases do."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from seta.kit.clock import from_milliseconds, milliseconds_text
from seta.kit.inserting import insert_many

CACHE_KIB = 64 << 10


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids for rows about to be inserted, ascending; call in the transaction that inserts them.

    SQLite has one writer at a time, so the next numbers are ours; PostgreSQL draws them from the table's sequence.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = (row[0] if row else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return sorted(row[0] for row in cursor.fetchall())


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of plain values; instants by `instant` first."""
    with connection.cursor() as cursor:
        insert_many(cursor, f"{model._meta.db_table} ({', '.join(columns)})", rows)


def instant(at: datetime) -> Any:
    """An instant as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(at)


def instants(milliseconds: Iterable[int]) -> list[Any]:
    """The same of many instants in Unix milliseconds."""
    if connection.vendor == "sqlite":
        assert connection.timezone is UTC
        return [milliseconds_text(each).replace("T", " ") for each in milliseconds]
    return [instant(from_milliseconds(each)) for each in milliseconds]


def widen_cache() -> None:
    """Let this connection keep 64 MB of pages, for many pages of messages in a row; PostgreSQL has its own.

    SQLite's 2 MB are less than one page of messages touches, so that it would write pages twice.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
