"""Rows go in by fifties and one by one, all of them and in order."""

import pytest
from django.db import connection

from seta.kit.inserting import ROWS_A_STATEMENT, insert_many

SIZES = (0, 1, ROWS_A_STATEMENT - 1, ROWS_A_STATEMENT, ROWS_A_STATEMENT + 1, 3 * ROWS_A_STATEMENT + 7)


@pytest.mark.django_db
@pytest.mark.parametrize("size", SIZES)
def test_every_row_is_inserted_once_and_in_order(size: int) -> None:
    serial = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
    rows = [(number, f"第{number}行 %s '") for number in range(size)]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE inserted (id {serial}, number integer, word text)")

        insert_many(cursor, "inserted (number, word)", rows)

        cursor.execute("SELECT number, word FROM inserted ORDER BY id")
        found = cursor.fetchall()
        cursor.execute("DROP TABLE inserted")
    assert found == rows
