"""What follows a reservation: the order, its payment, or the next in line."""

from datetime import timedelta

import pytest

from seta.boutique import operations as boutique
from seta.boutique import queries as shop
from seta.boutique.events import OrderPaid
from seta.drops import operations, queries
from seta.drops.models import Drop, Reservation
from seta.drops.operations import Asker
from seta.drops.rules import DropRefused, Holding
from seta.events import rules as fact_rules
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, facts, make_house, paid_fact
from tests.drops.release import make_drop, make_people

AFTER_HOLD = NOON + timedelta(minutes=11)


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def reserve(house: int, drop: int, person: int) -> Holding:
    batch = operations.reserve_many(drop_id=drop, askers=[Asker(house, person)], now=NOON)
    (outcome,) = batch.outcomes
    assert isinstance(outcome, Holding), outcome
    return outcome


def pay(house: int, drop: int, person: int) -> OrderPaid:
    card = operations.claim(house_id=house, drop_id=drop, person_id=person, now=NOON)
    boutique.on_payment_succeeded(paid_fact(house, card, intent_id=card.order_id), NOON)
    return fact_rules.restored(OrderPaid, facts("boutique.order.paid")[-1])


def test_a_reservation_becomes_one_order_that_ends_with_it(house: int) -> None:
    drop, (chen,) = make_drop(house), make_people(house, 1)
    holding = reserve(house, drop, chen)

    first = operations.claim(house_id=house, drop_id=drop, person_id=chen, now=NOON)
    again = operations.claim(house_id=house, drop_id=drop, person_id=chen, now=NOON)

    assert first == again
    assert first.expires_at == holding.expires_at
    place = queries.reservation(drop_id=drop, person_id=chen)
    assert place is not None
    assert place.order_id == first.order_id


def test_nobody_claims_what_they_do_not_hold(house: int) -> None:
    drop, (chen, other) = make_drop(house), make_people(house, 2)
    reserve(house, drop, chen)

    with pytest.raises(DropRefused, match="no_reservation"):
        operations.claim(house_id=house, drop_id=drop, person_id=other, now=NOON)
    with pytest.raises(DropRefused, match="reservation_expired"):
        operations.claim(house_id=house, drop_id=drop, person_id=chen, now=AFTER_HOLD)


def test_a_paid_piece_stays_with_its_person_and_is_told_once(house: int) -> None:
    drop, (chen,) = make_drop(house), make_people(house, 1)
    reserve(house, drop, chen)

    fact = pay(house, drop, chen)
    operations.on_order_paid(fact, NOON)
    operations.on_order_paid(fact, NOON)
    operations.lapse(AFTER_HOLD)

    counts = queries.counts(drop_id=drop)
    assert counts is not None
    assert (counts.paid, counts.reserved, counts.left) == (1, 0, 9)
    (told,) = facts("drops.piece.paid")
    assert (told["person_id"], told["seq"], told["amount"]) == (chen, 1, 888_800)


def test_a_paid_order_keeps_its_piece_even_before_the_drop_has_heard(house: int) -> None:
    drop, (chen,) = make_drop(house), make_people(house, 1)
    reserve(house, drop, chen)
    fact = pay(house, drop, chen)

    ended = operations.lapse(AFTER_HOLD)
    operations.on_order_paid(fact, AFTER_HOLD)

    assert ended == 0
    assert Reservation.objects.get(drop_id=drop, person_id=chen).state == "paid"


def test_an_unpaid_piece_goes_to_whoever_has_waited_longest(house: int) -> None:
    drop, (chen, second, third) = make_drop(house, pieces=1), make_people(house, 3)
    reserve(house, drop, chen)
    order = operations.claim(house_id=house, drop_id=drop, person_id=chen, now=NOON)
    operations.join_line(house_id=house, drop_id=drop, person_id=second, now=NOON)
    operations.join_line(house_id=house, drop_id=drop, person_id=third, now=NOON)

    assert operations.lapse(AFTER_HOLD) == 1

    states = dict(Reservation.objects.filter(drop_id=drop).values_list("person_id", "state"))
    assert states == {chen: "expired", second: "reserved", third: "waiting"}
    assert shop.order_state(order.order_id) == "cancelled"
    assert Drop.objects.get(pk=drop).left == 0
    place = queries.reservation(drop_id=drop, person_id=third)
    assert place is not None
    assert place.ahead == 0


def test_without_a_line_an_unpaid_piece_is_for_sale_again_also_to_the_same_person(house: int) -> None:
    drop, (chen,) = make_drop(house, pieces=1), make_people(house, 1)
    reserve(house, drop, chen)

    operations.lapse(AFTER_HOLD)
    again = reserve(house, drop, chen)

    assert again.seq == 2


def test_a_piece_that_lapses_after_the_end_returns_to_the_online_stock(house: int) -> None:
    drop, (chen,) = make_drop(house, pieces=2), make_people(house, 1)
    variant = Drop.objects.get(pk=drop).variant_id
    reserve(house, drop, chen)
    operations.close_drop(drop_id=drop, now=NOON)

    operations.lapse(AFTER_HOLD)

    assert shop.stock_left(variant_id=variant) == 2
    assert not shop.stock_breaks(house_id=house)


def test_the_line_is_only_for_what_is_sold_out(house: int) -> None:
    drop, (chen,) = make_drop(house), make_people(house, 1)

    with pytest.raises(DropRefused, match="still_left"):
        operations.join_line(house_id=house, drop_id=drop, person_id=chen, now=NOON)


def test_a_drop_cannot_open_on_pieces_that_are_not_there_nor_change_once_open(house: int) -> None:
    draft = make_drop(house, pieces=5, stock=4, is_open=False)
    with pytest.raises(DropRefused, match="not_enough_stock"):
        operations.open_drop(drop_id=draft, now=NOON)

    opened = Drop.objects.get(pk=make_drop(house))
    with pytest.raises(DropRefused, match="wrong_state"):
        operations.plan_drop(
            house_id=house,
            code=opened.code,
            variant_id=opened.variant_id,
            pieces=99,
            opens_at=NOON,
            closes_at=AFTER_HOLD,
            now=NOON,
        )


def test_a_reservation_follows_a_person_who_turned_out_to_be_another(house: int) -> None:
    drop, (kept, chen) = make_drop(house), make_people(house, 2)
    reserve(house, drop, chen)

    fact = PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=chen)
    operations.repoint_person(fact, NOON)

    assert queries.reservation(drop_id=drop, person_id=kept) is not None
