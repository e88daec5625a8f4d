"""A person's row of a release is found by the person, whatever the database believes of a table that just filled."""

import re
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seta.drops import operations
from seta.drops.models import Reservation
from seta.drops.operations import Asker
from seta.drops.rules import Hold
from tests.boutique.shop import NOON, make_house
from tests.drops.release import make_drop, make_people

pytestmark = pytest.mark.django_db

PEOPLE = 600
LOOKED_UP = re.compile(
    r"SELECT(?:(?!;).)*drops_reservation WHERE drop_id(?:(?!;).)*person_id(?:(?!;).)*", re.DOTALL
)


def fill(drop_id: int, people: Sequence[int]) -> None:
    """Everybody has a place."""
    Reservation.objects.bulk_create(
        Reservation(
            drop_id=drop_id, person_id=person, seq=seq, state=Hold.RESERVED, reserved_at=NOON, expires_at=NOON
        )
        for seq, person in enumerate(people, start=1)
    )


def plan_of(question: str) -> str:
    """How the database would answer."""
    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{word} {question}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_a_release_that_filled_after_the_database_last_looked_is_not_read_whole_for_one_person() -> None:
    house = make_house()
    people = make_people(house, PEOPLE)
    for _ in range(3):
        fill(make_drop(house), people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    late = make_drop(house)
    fill(late, people)

    asker = Asker(house, people[7], int(NOON.timestamp() * 1000))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        operations.reserve_many(drop_id=late, askers=[asker], now=NOON)
    by_batch = [found for each in asked for found in LOOKED_UP.findall(each["sql"])]
    by_page = Reservation.objects.filter(drop_id=late, person_id=people[7]).explain()

    assert len(by_batch) == 1
    for plan in (plan_of(by_batch[0]), by_page):
        assert "reservation_once_a_person" in plan or "(person_id=? AND drop_id=?)" in plan, plan
