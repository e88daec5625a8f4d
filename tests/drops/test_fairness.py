"""What is published of a drop, what a person in line may expect, and two who turn out to be one."""

from datetime import timedelta

import pytest

from seta.boutique import operations as boutique
from seta.boutique import queries as shop
from seta.boutique.events import OrderPaid
from seta.drops import operations, queries
from seta.drops.models import Drop, Reservation
from seta.drops.operations import Asker
from seta.drops.rules import DropRefused, Terms
from seta.events import rules as fact_rules
from seta.loyalty.operations import enter_deeds
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, facts, make_house, paid_fact
from tests.drops.release import BEFORE, make_drop, make_people
from tests.loyalty.world import RULES, go_live

END = NOON + timedelta(hours=1)


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def reserve(house: int, drop: int, *people: int, minutes: int = 0) -> None:
    now = NOON + timedelta(minutes=minutes)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, person) for person in people], now=now)


def wait(house: int, drop: int, person: int, minutes: int = 0) -> None:
    operations.join_line(
        house_id=house, drop_id=drop, person_id=person, now=NOON + timedelta(minutes=minutes)
    )


def pay(house: int, drop: int, person: int) -> None:
    card = operations.claim(house_id=house, drop_id=drop, person_id=person, now=NOON)
    boutique.on_payment_succeeded(paid_fact(house, card, intent_id=card.order_id), NOON)
    fact = fact_rules.restored(OrderPaid, facts("boutique.order.paid")[-1])
    operations.on_order_paid(fact, NOON)


def merge(house: int, kept: int, absorbed: int) -> None:
    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=absorbed), NOON
    )


def states(drop: int) -> dict[int, str]:
    return dict(Reservation.objects.filter(drop_id=drop).values_list("person_id", "state"))


def test_the_report_says_where_every_piece_went_and_names_nobody(house: int) -> None:
    payer, idler, patient, late = make_people(house, 4)
    drop = make_drop(house, pieces=2)
    reserve(house, drop, payer, idler)
    pay(house, drop, payer)
    wait(house, drop, patient)
    operations.add_tallies(drop_id=drop, counts={"requests": 3, "refused:sold_out": 1})
    operations.lapse(NOON + timedelta(minutes=11))
    operations.lapse(NOON + timedelta(minutes=22))
    reserve(house, drop, late, minutes=23)
    unfinished = queries.fairness(house_id=house, drop_id=drop)

    operations.keep_time(END)
    operations.lapse(END + timedelta(minutes=10))

    report = queries.fairness(house_id=house, drop_id=drop)
    assert report is not None
    assert unfinished is not None
    assert (unfinished.is_final, report.is_final) == (False, True)
    assert (report.requests, report.given, report.paid, report.returned) == (3, 4, 1, 1)
    assert [(one.seq, one.went, one.next_seq) for one in report.passages] == [
        (2, "next", 3),
        (3, "sale", None),
        (4, "online", None),
    ]
    assert [(one.seq, one.state) for one in report.served] == [(1, "paid")]
    assert report.refused == {"sold_out": 1}
    assert report.is_complete
    assert report.in_order
    assert [verb for verb, by_person, _at in report.actions if not by_person] == ["plan", "open", "close"]
    assert "person" not in str(report)


def test_another_houses_drop_and_a_draft_have_no_report(house: int) -> None:
    draft, drop = make_drop(house, is_open=False), make_drop(house)

    assert queries.fairness(house_id=house, drop_id=draft) is None
    assert queries.fairness(house_id=make_house("other"), drop_id=drop) is None


def test_who_waits_is_told_no_more_than_is_known(house: int) -> None:
    people = make_people(house, 8)
    drop = make_drop(house, pieces=2)
    reserve(house, drop, people[0])
    reserve(house, drop, people[1], minutes=2)
    for person in people[2:5]:
        wait(house, drop, person, minutes=3)
    now = NOON + timedelta(minutes=4)

    first, second, third = (
        queries.prospect(drop_id=drop, person_id=person, now=now) for person in people[2:5]
    )

    assert first is not None and second is not None and third is not None
    assert (first.ahead, first.may_return, first.not_before) == (0, 2, NOON + timedelta(minutes=10))
    assert (second.ahead, second.not_before) == (1, NOON + timedelta(minutes=12))
    assert (third.has_chance, third.not_before) == (False, None)
    assert (first.expected_at, second.expected_at) == (None, None)
    assert queries.prospect(drop_id=drop, person_id=people[0], now=now) is None


def test_an_expected_time_comes_from_measured_lapses_and_never_before_it_is_possible(house: int) -> None:
    people = make_people(house, 9)
    drop = make_drop(house, pieces=4)
    reserve(house, drop, *people[:4])
    for person in people[4:]:
        wait(house, drop, person)
    operations.lapse(NOON + timedelta(minutes=10))
    now = NOON + timedelta(minutes=11)

    last = queries.prospect(drop_id=drop, person_id=people[8], now=now)

    assert last is not None
    assert (last.ahead, last.not_before) == (0, NOON + timedelta(minutes=20))
    assert last.expected_at == NOON + timedelta(minutes=20)


def test_what_came_free_in_a_pause_goes_to_those_in_line_first(house: int) -> None:
    idler, patient, eager = make_people(house, 3)
    drop = make_drop(house, pieces=1)
    reserve(house, drop, idler)
    wait(house, drop, patient)
    later = NOON + timedelta(minutes=11)
    operations.pause_drop(drop_id=drop, now=NOON)
    operations.lapse(later)
    operations.open_drop(drop_id=drop, now=later)

    reserve(house, drop, eager, minutes=11)

    assert states(drop) == {idler: "expired", patient: "reserved"}


def test_a_payment_after_the_reservation_ended_pays_nothing_and_the_piece_is_the_next_ones(
    house: int,
) -> None:
    idler, patient = make_people(house, 2)
    drop = make_drop(house, pieces=1)
    reserve(house, drop, idler)
    card = operations.claim(house_id=house, drop_id=drop, person_id=idler, now=NOON)
    wait(house, drop, patient)
    operations.lapse(NOON + timedelta(minutes=11))

    assert shop.order_state(card.order_id) == "cancelled"
    assert states(drop) == {idler: "expired", patient: "reserved"}
    with pytest.raises(DropRefused, match="reservation_expired"):
        operations.claim(house_id=house, drop_id=drop, person_id=idler, now=NOON + timedelta(minutes=12))


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_two_places_of_one_person_become_the_better_one_and_the_other_piece_goes_on(
    house: int, is_kept_first: bool
) -> None:
    kept, absorbed, patient = make_people(house, 3)
    drop = make_drop(house, pieces=2)
    reserve(house, drop, *((kept, absorbed) if is_kept_first else (absorbed, kept)))
    wait(house, drop, patient)

    merge(house, kept, absorbed)
    operations.lapse(NOON)

    assert states(drop) == {kept: "reserved", absorbed: "expired", patient: "reserved"}
    place = queries.reservation(drop_id=drop, person_id=kept)
    assert place is not None
    assert place.seq == 1
    assert Drop.objects.get(pk=drop).left == 0


def test_a_paid_place_outdoes_a_reserved_one_and_two_paid_ones_stay(house: int) -> None:
    kept, absorbed = make_people(house, 2)
    drop, both = make_drop(house, pieces=2), make_drop(house, pieces=2)
    for each in (drop, both):
        reserve(house, each, kept, absorbed)
        pay(house, each, absorbed)
    pay(house, both, kept)

    merge(house, kept, absorbed)
    operations.lapse(NOON)

    assert states(drop) == {kept: "paid", absorbed: "expired"}
    assert sorted(states(both).values()) == ["paid", "paid"]


def test_who_waits_twice_waits_once(house: int) -> None:
    kept, absorbed, holder = make_people(house, 3)
    drop = make_drop(house, pieces=1)
    reserve(house, drop, holder)
    wait(house, drop, absorbed)
    wait(house, drop, kept)

    merge(house, kept, absorbed)

    place = queries.reservation(drop_id=drop, person_id=kept)
    assert place is not None
    assert (place.state, place.seq, place.ahead) == ("waiting", 2, 0)


def test_a_right_of_a_tier_is_looked_up_where_it_is_asked_for(house: int) -> None:
    friend, stranger, holder = make_people(house, 3)
    go_live(house, RULES, at=BEFORE)
    drop = make_drop(house, pieces=1, terms=Terms(right="early_hour"))
    plain = make_drop(house)
    reserve(house, plain, friend)
    pay(house, plain, friend)
    enter_deeds(fact_rules.restored(OrderPaid, facts("boutique.order.paid")[-1]), NOON)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, holder, 1)], now=NOON)

    wait(house, drop, friend)

    with pytest.raises(DropRefused, match="right_missing"):
        wait(house, drop, stranger)
