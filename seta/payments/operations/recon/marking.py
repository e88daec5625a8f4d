"""Mark what a bill confirms, in statements that take tens of thousands of rows each."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from seta.payments.models import Attempt, Break, Refund
from seta.platforms.core.tables import Engine

ROWS_PER_STATEMENT = 50_000
_TABLES = {"P": Attempt._meta.db_table, "R": Refund._meta.db_table}


def mark(engine: Engine, now: datetime) -> None:
    """Write the provider's fee and the instant on every payment and refund that `outcome` calls matched.

    A payment that was reversed keeps the fee of its payment line; its reversal's line marks nothing of its own.
    """
    for letter, table in _TABLES.items():
        write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
        write(engine, letter, table, now)


def _write_sqlite(engine: Engine, letter: str, table: str, now: datetime) -> None:
    instant = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        for text in _matched(engine, letter, "'{' || string_agg('\"' || row_id || '\":' || fee, ',') || '}'"):
            cursor.execute(
                f"UPDATE {table} SET provider_fee = told.fee, reconciled_at = %s FROM ("
                "SELECT CAST(key AS INTEGER) AS id, value AS fee FROM json_each(%s)) AS told "
                f"WHERE {table}.id = told.id",
                [instant, text],
            )


def _write_postgres(engine: Engine, letter: str, table: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (id bigint, fee bigint) ON COMMIT DROP")
        with cursor.copy("COPY told FROM STDIN") as stream:
            for text in _matched(engine, letter, "string_agg(row_id || chr(9) || fee, chr(10)) || chr(10)"):
                stream.write(text)
        cursor.execute(
            f"UPDATE {table} SET provider_fee = told.fee, reconciled_at = %s FROM told WHERE {table}.id = told.id",
            [now],
        )
        cursor.execute("DROP TABLE told")


def _matched(engine: Engine, letter: str, expression: str) -> Iterator[str]:
    """The matched rows in the order of their ids, so that each statement touches neighbouring pages."""
    pieces = engine.cursor().execute(
        f"SELECT {expression} FROM ("
        "SELECT row_id, coalesce(fee, 0) AS fee, (row_number() OVER (ORDER BY row_id) - 1) // ? AS piece FROM outcome "
        "WHERE category = 'matched' AND letter = ?) GROUP BY piece ORDER BY piece",
        [ROWS_PER_STATEMENT, letter],
    )
    while found := pieces.fetchone():
        yield found[0]


def close_explained(engine: Engine, *, house_id: int, provider: str, now: datetime) -> int:
    """Close the open breaks whose key this bill matches: a cut at midnight, a refund that was pending."""
    standing = list(
        Break.objects.filter(house_id=house_id, provider=provider, resolved_at__isnull=True).values_list(
            "id", "key"
        )
    )
    if not standing:
        return 0
    engine.execute("CREATE TABLE standing (id BIGINT, key VARCHAR)")
    engine.executemany("INSERT INTO standing VALUES (?, ?)", standing)
    found = engine.execute(
        "SELECT standing.id FROM standing JOIN outcome "
        "ON standing.key = outcome.letter || ':' || outcome.number WHERE category = 'matched'"
    ).fetchall()
    ids = [row[0] for row in found]
    return Break.objects.filter(pk__in=ids).update(resolved_at=now, resolution="matched by a later bill")
