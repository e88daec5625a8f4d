"""Keep what a bill confirms, in statements that take tens of thousands of rows each."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from seta.payments.models import Break, PaymentConfirmation, ReconRun, RefundConfirmation
from seta.platforms.core.tables import Engine

ROWS_PER_STATEMENT = 50_000
_TABLES = {"P": (PaymentConfirmation, "attempt_id"), "R": (RefundConfirmation, "refund_id")}
# A bill that comes again is another edition of its day: what it says stands.
_AGAIN = "ON CONFLICT ({key}) DO UPDATE SET run_id = excluded.run_id, fee = excluded.fee"


def confirm(engine: Engine, run: ReconRun) -> None:
    """Write the fee that the bill states beside every payment and refund that `outcome` calls matched.

    A payment that was reversed keeps the fee of its payment line; its reversal's line confirms nothing of its own.
    """
    write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
    for letter, (model, key) in _TABLES.items():
        write(engine, letter, model._meta.db_table, key, run.pk)


def _write_sqlite(engine: Engine, letter: str, table: str, key: str, run_id: int) -> None:
    with connection.cursor() as cursor:
        for text in _matched(engine, letter, "'{' || string_agg('\"' || row_id || '\":' || fee, ',') || '}'"):
            # WHERE TRUE: without it SQLite takes ON for that of a join.
            cursor.execute(
                f"INSERT INTO {table} ({key}, run_id, fee) SELECT CAST(key AS INTEGER), %s, value FROM json_each(%s) "
                f"WHERE TRUE {_AGAIN.format(key=key)}",
                [run_id, text],
            )


def _write_postgres(engine: Engine, letter: str, table: str, key: str, run_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (id bigint, fee bigint) ON COMMIT DROP")
        with cursor.copy("COPY told FROM STDIN") as stream:
            for text in _matched(engine, letter, "string_agg(row_id || chr(9) || fee, chr(10)) || chr(10)"):
                stream.write(text)
        cursor.execute(
            f"INSERT INTO {table} ({key}, run_id, fee) SELECT id, %s, fee FROM told {_AGAIN.format(key=key)}",
            [run_id],
        )
        cursor.execute("DROP TABLE told")


def _matched(engine: Engine, letter: str, expression: str) -> Iterator[str]:
    """The matched rows in stretches of their ids, so that each statement touches neighbouring pages."""
    pieces = engine.cursor().execute(
        f"SELECT {expression} FROM ("
        "SELECT row_id, coalesce(fee, 0) AS fee, row_id // ? AS piece FROM outcome "
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
    # Taken apart here, so that no text is put together for every line of the bill.
    engine.execute(
        "CREATE TABLE standing AS SELECT unnest(?::BIGINT[]) AS id, unnest(?::VARCHAR[]) AS letter, "
        "unnest(?::VARCHAR[]) AS number",
        [list(told) for told in zip(*((id_, *_parts(key)) for id_, key in standing), strict=True)],
    )
    found = engine.execute(
        "SELECT id FROM standing JOIN outcome USING (letter, number) WHERE category = 'matched'"
    ).fetchall()
    ids = [row[0] for row in found]
    return Break.objects.filter(pk__in=ids).update(resolved_at=now, resolution="matched by a later bill")


def _parts(key: str) -> tuple[str, str]:
    """The letter of a break's key and the number after it."""
    end = len("F:P") if key.startswith("F:") else len("P")
    return key[:end], key[end + 1 :]
