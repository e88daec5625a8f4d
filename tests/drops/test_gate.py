"""Two hundred at the same second for ten pieces, through the real door and into the real database."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection

from seta.boutique import queries as boutique
from seta.drops import operations, queries
from seta.drops.events import PiecesReserved
from seta.drops.gate import DatabaseStore, Gate
from seta.drops.models import Drop, Reservation
from seta.drops.operations import Asker, Batch, statements
from seta.events.models import Event
from seta.events.rules import restored
from tests.boutique.shop import NOON, facts, make_house
from tests.drops.release import Ask, Reply, ask, make_drop, make_people, rush

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_hundred_rush_for_ten_pieces_and_exactly_ten_get_one() -> None:
    house = make_house()
    drop, people = make_drop(house, pieces=10), make_people(house, 200)

    replies = rush([Ask(drop, house, person) for person in people])

    given = [reply for reply in replies if reply.status == 200]
    assert len(given) == 10
    assert [reply.body["seq"] for reply in given] == list(range(1, 11))
    assert {reply.refusal for reply in replies} == {"", "sold_out"}
    kept = Reservation.objects.filter(drop_id=drop, state="reserved").order_by("seq")
    assert [row.person_id for row in kept] == people[:10]
    assert Drop.objects.get(pk=drop).left == 0
    batches = Event.objects.filter(name=PiecesReserved.name).order_by("id")
    for _ in "twice":
        for batch in batches:
            operations.tell_pieces(restored(PiecesReserved, batch.body), NOON)
    assert [(fact["person_id"], fact["seq"]) for fact in facts("drops.piece.reserved")] == [
        (person, place) for place, person in enumerate(people[:10], start=1)
    ]
    assert not batches.filter(laked=False).exists()


def test_several_gates_share_a_drop_without_giving_one_piece_too_many() -> None:
    house = make_house()
    drop, people = make_drop(house, pieces=10), make_people(house, 100)

    replies = rush([Ask(drop, house, person) for person in people for _ in range(2)], gates=3)

    holders = set(Reservation.objects.filter(drop_id=drop).values_list("person_id", flat=True))
    assert len(holders) == 10
    assert len({reply.body["seq"] for reply in replies if reply.status == 200}) == 10


def test_the_same_person_many_times_at_once_gets_one_piece_and_one_answer() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house), make_people(house, 1)

    replies = rush([Ask(drop, house, chen)] * 20)

    assert {reply.body["seq"] for reply in replies} == {1}
    assert Drop.objects.get(pk=drop).left == 9


def test_whoever_was_given_a_piece_gets_the_same_one_from_a_gate_that_has_forgotten() -> None:
    house = make_house()
    drop, people = make_drop(house, pieces=2), make_people(house, 4)
    first = rush([Ask(drop, house, person) for person in people])

    again = rush([Ask(drop, house, person) for person in reversed(people)])

    assert [reply.body for reply in reversed(again)] == [reply.body for reply in first]


def test_a_gate_that_refuses_from_memory_knows_the_holders_of_another_gate() -> None:
    house = make_house()
    drop, (one, other, third) = make_drop(house, pieces=2), make_people(house, 3)
    gates = [Gate(clock=lambda: NOON) for _ in range(2)]

    async def run() -> list[Reply]:
        for gate, person in zip(gates, (one, other), strict=True):
            await ask(gate, Ask(drop, house, person))
        refused = await ask(gates[1], Ask(drop, house, third))
        await asyncio.sleep(0.05)
        return [
            refused,
            await ask(gates[1], Ask(drop, house, one)),
            await ask(gates[1], Ask(drop, house, third)),
        ]

    try:
        refused, known, again = asyncio.run(run())
    finally:
        for gate in gates:
            gate.stop()
        connection.close()

    assert (refused.refusal, again.refusal) == ("sold_out", "sold_out")
    assert known.body["seq"] == 1


def test_postgresql_is_sent_a_batch_as_two_messages() -> None:
    house = make_house()
    drop, people = make_drop(house, pieces=10), make_people(house, 4)
    sent: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        sent.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        batch = operations.reserve_many(
            drop_id=drop, askers=[Asker(house, person) for person in people], now=NOON
        )

    assert len(batch.outcomes) == Drop.objects.get(pk=drop).next_seq - 1 == 4
    if connection.vendor == "postgresql":
        assert [sql.split(";")[0][:5] for sql in sent] == ["BEGIN", "WITH "]
        assert sent[-1].endswith(";COMMIT")


def test_a_place_that_is_held_already_makes_the_whole_batch_fail() -> None:
    house = make_house()
    drop, (chen, other) = make_drop(house), make_people(house, 2)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, chen)], now=NOON)
    fact = PiecesReserved(
        house_id=house,
        occurred_at=NOON,
        drop_id=drop,
        drop_code="x",
        first_seq=2,
        person_ids=(other, chen),
        expires_at=NOON,
    )

    with pytest.raises((IntegrityError, AssertionError)), statements.transaction_of_two_messages() as trip:
        statements.look(trip, drop, [other, chen])
        statements.give(trip, statements.Gift(drop, 2, [other, chen], 0, NOON, NOON), fact)

    assert Drop.objects.get(pk=drop).left == 9
    assert Reservation.objects.filter(drop_id=drop).count() == 1
    assert Event.objects.filter(name=PiecesReserved.name).count() == 1


def test_a_closed_door_a_strange_token_and_another_house_are_refused_by_name() -> None:
    house, other = make_house(), make_house("other")
    drop, (chen,) = make_drop(house), make_people(house, 1)
    early = rush([Ask(drop, house, chen)], now=NOON - timedelta(seconds=1))
    late = rush([Ask(drop, house, chen)], now=NOON + timedelta(hours=1))

    refused = rush(
        [
            Ask(drop, house, chen, token="forged.token"),
            Ask(drop, other, chen),
            Ask(10**12, house, chen),
            Ask("x", house, chen),
            Ask(drop, house, chen, method="GET"),
        ]
    )

    assert [early[0].refusal, late[0].refusal] == ["not_open", "closed"]
    assert [reply.refusal for reply in refused] == ["sign_in", *["unknown_drop"] * 4]
    assert [reply.status for reply in refused] == [401, 404, 404, 404, 404]
    assert not Reservation.objects.exists()


def test_a_refusal_speaks_the_callers_language() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house, is_open=False), make_people(house, 1)

    replies = rush([Ask(drop, house, chen, language=language) for language in ("en-GB", "it", "zh-CN")])

    assert len({reply.body["error"]["message"] for reply in replies}) == 3


def test_a_paused_drop_gives_nothing_and_goes_on_where_it_stopped() -> None:
    house = make_house()
    drop, (one, other) = make_drop(house, pieces=2), make_people(house, 2)
    rush([Ask(drop, house, one)])

    operations.pause_drop(drop_id=drop, now=NOON)
    paused = rush([Ask(drop, house, other), Ask(drop, house, one)])
    operations.open_drop(drop_id=drop, now=NOON)
    opened = rush([Ask(drop, house, other)])

    assert [reply.refusal for reply in paused] == ["paused", ""]
    assert opened[0].body["seq"] == 2
    assert [row.verb for row in queries.actions(drop_id=drop)] == ["plan", "open", "pause", "open"]


def test_one_person_who_does_not_exist_spoils_nobody_elses_piece() -> None:
    house = make_house()
    drop, people = make_drop(house), make_people(house, 3)

    replies = rush([Ask(drop, house, person) for person in (people[0], 10**9, *people[1:])])

    assert [reply.status for reply in replies] == [200, 503, 200, 200]
    assert Drop.objects.get(pk=drop).left == 7


class Absent(DatabaseStore):
    """A database that is away for so many batches, as it is while it starts anew."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.batches = batches
        self.asked: list[int] = []

    def reserve_many(self, *, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """Once it is back, what it always does."""
        self.asked.append(len(askers))
        if len(self.asked) <= self.batches:
            raise OperationalError("the server closed the connection")
        return super().reserve_many(drop_id=drop_id, askers=askers, now=now)


@pytest.mark.parametrize(("batches", "is_lost"), [(1, False), (2, True)])
def test_a_batch_is_tried_once_more_when_the_database_was_away_and_not_person_by_person(
    batches: int, is_lost: bool, caplog: pytest.LogCaptureFixture
) -> None:
    house, store = make_house(), Absent(batches)
    drop, people = make_drop(house, pieces=50), make_people(house, 50)

    replies = rush([Ask(drop, house, person) for person in people], store=store)
    again = rush([Ask(drop, house, person) for person in people])

    first, second, *later = store.asked
    lost = first if is_lost else 0
    assert (first, len(caplog.records)) == (second, batches)
    assert first + sum(later) == 50
    assert [reply.status for reply in replies] == [503] * lost + [200] * (50 - lost)
    assert sorted(reply.body["seq"] for reply in again) == list(range(1, 51))


def test_the_desk_sees_requests_and_refusals_by_reason() -> None:
    house = make_house()
    drop, people = make_drop(house, pieces=2), make_people(house, 7)

    rush([Ask(drop, house, person) for person in people])

    counts = queries.counts(drop_id=drop)
    assert counts is not None
    assert (counts.requests, counts.reserved, counts.left) == (7, 2, 0)
    assert counts.refused == {"sold_out": 5}


def test_a_drop_takes_its_pieces_from_the_online_stock_and_gives_the_rest_back() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house, pieces=3, stock=5), make_people(house, 1)
    variant = Drop.objects.get(pk=drop).variant_id
    rush([Ask(drop, house, chen)])

    operations.close_drop(drop_id=drop, now=NOON)

    assert boutique.stock_left(variant_id=variant) == 4
    assert boutique.stock_left(variant_id=variant, location=f"drop-{drop}") == 1
    assert not boutique.stock_breaks(house_id=house)
