"""Deeds are entered once, capped by the day, expire, are taken back by refunds, and follow people who are one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from seta.boutique.events import OrderRefunded
from seta.boutique.models import Order
from seta.boutique.operations import on_payment_succeeded
from seta.events.operations import deliver_due
from seta.loyalty.models import Merit
from seta.loyalty.operations import (
    enter_deeds,
    erase_person,
    note_workshop,
    repoint_person,
    take_back,
)
from seta.loyalty.operations.entering import DeedNotEntered
from seta.loyalty.queries import Standing, earned, standing, tier_counts
from seta.loyalty.rules.refusals import LoyaltyRefused, Refusal
from seta.people.events import PersonsMerged
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.boutique import shop
from tests.loyalty.world import AUTHOR, NOON, RULES, go_live, make_house, make_person, paid, visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refunded(fact_house: int, person_id: int, order_id: int, amount: int, *, is_whole: bool) -> OrderRefunded:
    return OrderRefunded(
        house_id=fact_house,
        occurred_at=NOON + DAY,
        person_id=person_id,
        order_id=order_id,
        number=f"S{order_id}",
        refund_id=order_id * 10 + amount % 7,
        amount=amount,
        currency="CNY",
        settle_amount=1,
        settle_currency="EUR",
        is_whole=is_whole,
        channel="mini_program",
    )


def test_a_visit_told_three_times_counts_once() -> None:
    house_id = make_house()
    person_id = make_person(house_id)
    fact = visit(house_id, person_id)

    for _ in range(3):
        enter_deeds(fact, NOON)

    assert standing(person_id, NOON).points == 20
    assert Merit.objects.filter(house_id=house_id).count() == 1


def test_an_appointment_that_was_kept_counts_beside_the_visit() -> None:
    house_id = make_house()
    person_id = make_person(house_id)

    enter_deeds(visit(house_id, person_id, appointment="appt_x"), NOON)

    found = standing(person_id, NOON, language="en")
    assert (found.points, found.tier, found.name, found.rights) == (50, "friend", "Friend", ("early_hour",))
    assert (found.level, found.levels, found.next_name, found.missing) == (2, 3, "Patron", 100)
    assert found.may("early_hour") and not found.may("salon")


def test_five_visits_on_a_day_count_for_the_cap_and_one_on_the_next_counts_again() -> None:
    house_id = make_house()
    person_id = make_person(house_id)

    for _ in range(5):
        enter_deeds(visit(house_id, person_id), NOON)
    enter_deeds(visit(house_id, person_id, at=NOON + DAY), NOON + DAY)

    assert standing(person_id, NOON + DAY).points == 40
    assert [row.is_capped for row in earned(person_id, NOON + DAY)] == [False, True, True, True, True, False]


def test_points_expire_to_the_second_and_the_tier_with_them() -> None:
    house_id = make_house()
    person_id = make_person(house_id)
    enter_deeds(paid(house_id, person_id), NOON)
    end = NOON + timedelta(days=365)

    before, after = standing(person_id, end - timedelta(seconds=1)), standing(person_id, end)

    assert (before.tier, before.points) == ("friend", 88)
    assert (after.tier, after.points) == ("guest", 0)
    assert earned(person_id, end)[0].is_expired


def test_a_refund_takes_the_points_back_and_only_once() -> None:
    house_id = make_house()
    person_id = make_person(house_id)
    enter_deeds(paid(house_id, person_id, order_id=901), NOON)
    fact = refunded(house_id, person_id, 901, 888_800, is_whole=True)

    for _ in range(2):
        take_back(fact, NOON + DAY)

    assert standing(person_id, NOON + DAY).points == 0
    assert earned(person_id, NOON + DAY)[0].taken_back == 88


def test_half_a_refund_takes_half_rounded_up() -> None:
    house_id = shop.make_house("loyal-half")
    go_live(house_id, RULES)
    person_id = shop.make_person(house_id, "half")
    card = shop.order_one(house_id, person_id, shop.make_variant(house_id))
    enter_deeds(paid(house_id, person_id, order_id=card.order_id), NOON)

    take_back(refunded(house_id, person_id, card.order_id, 444_300, is_whole=False), NOON)

    assert standing(person_id, NOON).points == 88 - 44


def test_a_refund_that_is_told_before_its_purchase_is_told_again_later() -> None:
    house_id = make_house()
    person_id = make_person(house_id)
    order = Order.objects.create(
        house_id=house_id,
        person_id=person_id,
        number=f"S{house_id}-early",
        state="paid",
        channel="mini_program",
        location="online",
        currency="CNY",
        total=888_800,
        settle_currency="EUR",
        placed_at=NOON,
        expires_at=NOON,
        paid_at=NOON,
    )
    fact = refunded(house_id, person_id, order.pk, 888_800, is_whole=True)

    with pytest.raises(DeedNotEntered):
        take_back(fact, NOON)
    enter_deeds(paid(house_id, person_id, order_id=order.pk), NOON)
    take_back(fact, NOON)

    assert standing(person_id, NOON).points == 0


def test_without_live_rules_nothing_is_entered_and_nobody_stands_anywhere() -> None:
    house_id = make_house(rules="")
    person_id = make_person(house_id)

    enter_deeds(visit(house_id, person_id), NOON)
    take_back(refunded(house_id, person_id, 902, 100, is_whole=True), NOON)

    assert standing(person_id, NOON) == Standing()
    assert not Merit.objects.filter(house_id=house_id).exists()
    with pytest.raises(LoyaltyRefused) as refused:
        note_workshop(house_id=house_id, person_id=person_id, workshop="silk", user_id=AUTHOR, now=NOON)
    assert refused.value.refusal == Refusal.NO_PROGRAM


def test_a_workshop_is_noted_once_and_only_for_a_client_of_the_house() -> None:
    house_id, other = make_house(), make_house()
    person_id, stranger = make_person(house_id), make_person(other)

    told = [
        note_workshop(house_id=house_id, person_id=person_id, workshop=code, user_id=AUTHOR, now=NOON)
        for code in ("Silk-May", "silk-may")
    ]

    assert told == [True, False]
    assert standing(person_id, NOON).points == 80
    for whom, code, reason in (
        (stranger, "silk", Refusal.UNKNOWN_PERSON),
        (10**12, "silk", Refusal.UNKNOWN_PERSON),
        (person_id, "丝绸", Refusal.UNKNOWN_WORKSHOP),
        (person_id, "", Refusal.UNKNOWN_WORKSHOP),
    ):
        with pytest.raises(LoyaltyRefused) as refused:
            note_workshop(house_id=house_id, person_id=whom, workshop=code, user_id=AUTHOR, now=NOON)
        assert refused.value.refusal == reason


def test_two_accounts_of_one_person_become_one_ledger_that_doubles_nothing() -> None:
    house_id = make_house()
    first, second = make_person(house_id, "o-first"), make_person(house_id, "o-second")
    for person_id in (first, second):
        enter_deeds(visit(house_id, person_id), NOON)
        note_workshop(house_id=house_id, person_id=person_id, workshop="silk", user_id=AUTHOR, now=NOON)

    kept = recognise(
        house_id=house_id,
        identities=[IdentityKey("openid", "wxmp", "o-first"), IdentityKey("openid", "wxmp", "o-second")],
        now=NOON,
    )
    repoint_person(
        PersonsMerged(
            house_id=house_id, occurred_at=NOON, kept_id=kept, absorbed_id=second if kept == first else first
        ),
        NOON,
    )

    assert {standing(person_id, NOON).points for person_id in (first, second)} == {100}
    assert dict(tier_counts(house_id, NOON)) == {"guest": 0, "friend": 1, "patron": 0}


def test_an_erased_person_leaves_lines_that_name_nobody() -> None:
    house_id = make_house()
    person_id = make_person(house_id)
    enter_deeds(visit(house_id, person_id), NOON)

    assert erase_person(house_id=house_id, person_id=person_id, now=NOON) == 1

    assert standing(person_id, NOON).points == 0
    assert earned(person_id, NOON) == []
    assert Merit.objects.get(house_id=house_id).person_id is None


def test_the_database_itself_refuses_to_edit_or_delete_a_line() -> None:
    house_id = make_house()
    enter_deeds(visit(house_id, make_person(house_id)), NOON)
    lines = Merit.objects.filter(house_id=house_id)

    for change in (lambda: lines.update(points=999), lambda: lines.update(day=NOON.date()), lines.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert lines.get().points == 20


def test_the_worker_hands_a_paid_order_to_the_ledger() -> None:
    house_id = shop.make_house("loyal-wired")
    go_live(house_id, RULES)
    person_id = shop.make_person(house_id, "wired")
    card = shop.order_one(house_id, person_id, shop.make_variant(house_id))

    on_payment_succeeded(shop.paid_fact(house_id, card), shop.NOON)
    for _ in range(4):
        deliver_due(now=shop.NOON + timedelta(days=400))

    assert standing(person_id, shop.NOON + timedelta(minutes=2)).points == 88
