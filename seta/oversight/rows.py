"""Many rows with one statement and known ids, by hand: the ORM takes ten times what the databases do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models


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
    if not rows:
        return
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})", rows
        )


def instant(at: datetime) -> Any:
    """An instant as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(at)
