"""A sealed table takes rows and gives none back."""

import sqlite3

import pytest

from seta.kit import append_only


def sealed(*, taken: str = "") -> sqlite3.Connection:
    """A table of one row that only grows."""
    books = sqlite3.connect(":memory:")
    books.execute("CREATE TABLE book (id integer PRIMARY KEY, line text)")
    for statement in append_only.sqlite_triggers("book", "the book only grows", taken=taken):
        books.execute(statement)
    books.execute("INSERT INTO book VALUES (1, 'first')")
    return books


@pytest.mark.parametrize("change", ["UPDATE book SET line = 'x'", "DELETE FROM book"])
def test_a_sealed_table_refuses_every_change_and_takes_new_rows(change: str) -> None:
    books = sealed()

    with pytest.raises(sqlite3.IntegrityError, match="the book only grows"):
        books.execute(change)
    books.execute("INSERT INTO book VALUES (2, 'second')")

    assert books.execute("SELECT line FROM book ORDER BY id").fetchall() == [("first",), ("second",)]


def test_a_row_cannot_be_replaced_where_that_is_named() -> None:
    books = sealed(taken="SELECT 1 FROM book WHERE id = NEW.id")

    with pytest.raises(sqlite3.IntegrityError, match="the book only grows"):
        books.execute("INSERT OR REPLACE INTO book VALUES (1, 'other')")

    assert books.execute("SELECT line FROM book").fetchall() == [("first",)]


def test_what_was_sealed_can_be_unsealed_and_twice_is_harmless() -> None:
    books = sealed()

    for statement in append_only.unsealing("sqlite", ["book"]) * 2:
        books.execute(statement)
    books.execute("DELETE FROM book")

    assert books.execute("SELECT count(*) FROM book").fetchone() == (0,)


def test_postgresql_makes_the_refusing_function_before_what_calls_it() -> None:
    first, *triggers = append_only.sealing(
        "postgresql", ["book", "line"], message="the book only grows", function="refuse"
    )

    assert first.startswith("CREATE OR REPLACE FUNCTION refuse()")
    assert len(triggers) == 4
    assert all(one.endswith("EXECUTE FUNCTION refuse()") for one in triggers)
    assert append_only.unsealing("postgresql", ["book"]) == [
        "DROP TRIGGER IF EXISTS book_no_update ON book",
        "DROP TRIGGER IF EXISTS book_no_delete ON book",
    ]


def test_a_database_that_nobody_sealed_before_is_refused() -> None:
    with pytest.raises(AssertionError, match="mysql"):
        append_only.sealing("mysql", ["book"], message="no", function="refuse")
