"""Two hundred at the same second for ten pieces, through the real door and into the real database."""

from datetime import timedelta

import pytest

from seta.boutique import queries as boutique
from seta.drops import operations, queries
from seta.drops.events import PiecesReserved
from seta.drops.models import Drop, Reservation
from seta.events.models import Event
from seta.events.rules import restored
from tests.boutique.shop import NOON, facts, make_house
from tests.drops.release import Ask, make_drop, make_people, rush

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
