"""Inserts many rows with few statements, on SQLite and on PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

ROWS_A_STATEMENT = 50
"""SQLite looks up and moves a table's counter of ids once a statement, which costs as much as a row."""


class Cursor(Protocol):
    """What is asked of a database's cursor; marks are `%s`."""

    def executemany(self, sql: str, param_list: Any, /) -> Any:
        """Run a statement once for each list of values."""


def insert_many(cursor: Cursor, into: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of plain values in order; `into` is a table with its columns in brackets."""
    if not rows:
        return
    marks = f"({', '.join(['%s'] * len(rows[0]))})"
    whole = len(rows) - len(rows) % ROWS_A_STATEMENT
    if whole:
        values = ", ".join([marks] * ROWS_A_STATEMENT)
        cursor.executemany(f"INSERT INTO {into} VALUES {values}", list(_joined(rows, whole)))
    if whole < len(rows):
        cursor.executemany(f"INSERT INTO {into} VALUES {marks}", rows[whole:])


def _joined(rows: Sequence[Sequence[Any]], whole: int) -> Iterator[list[Any]]:
    for start in range(0, whole, ROWS_A_STATEMENT):
        yield [value for row in rows[start : start + ROWS_A_STATEMENT] for value in row]
