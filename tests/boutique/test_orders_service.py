"""Pieces held for a fitting, and bags that associates prepare and share."""

from datetime import timedelta
from typing import Any

import pytest

from seta.boutique import operations, queries
from seta.boutique.models import Fitting, Order, PreparedBag
from seta.boutique.operations.fitting import HeldPiece
from seta.boutique.rules import Line, OrderRefused
from seta.boutique.rules.refusals import Refusal
from seta.boutique.rules.service import FITTINGS_MAX
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, facts, make_house, make_person, make_variant

SHOP = "monte-napoleone"
STAFF = 11


@pytest.fixture
def house(db: None) -> int:
    return make_house()


@pytest.fixture
def chen(house: int) -> int:
    return make_person(house)


def left(variant_id: int, location: str = SHOP) -> int:
    return queries.stock_left(variant_id=variant_id, location=location)


def hold(house: int, person: int, variant: int, key: str = "k", **more: Any) -> int:
    said: dict[str, Any] = {"boutique": SHOP, "now": NOON} | more
    return operations.hold_fitting(house_id=house, person_id=person, variant_id=variant, key=key, **said)


def test_a_held_piece_leaves_the_shelf_once_and_comes_back_when_nobody_comes(house: int, chen: int) -> None:
    variant = make_variant(house)

    first, again = hold(house, chen, variant), hold(house, chen, variant)
    early = operations.expire_fittings(NOON + timedelta(hours=47))
    held = left(variant)
    late = [operations.expire_fittings(NOON + timedelta(hours=49)) for _ in range(2)]

    assert (first == again, early, held, late, left(variant)) == (True, 0, 1, [1, 0], 2)
    assert [fact["outcome"] for fact in facts("boutique.fitting.ended")] == ["expired"]
    assert not queries.stock_breaks(house_id=house)


def test_a_seventh_piece_is_not_held_and_nothing_is_taken(house: int, chen: int) -> None:
    variants = [make_variant(house) for _ in range(FITTINGS_MAX + 1)]
    for place, variant in enumerate(variants[:-1]):
        hold(house, chen, variant, key=f"k{place}")

    with pytest.raises(OrderRefused, match="too_many_fittings"):
        hold(house, chen, variants[-1], key="last")

    assert [left(variant) for variant in variants] == [1] * FITTINGS_MAX + [2]


def bag(house: int, person: int, variants: list[int], **more: Any) -> list[HeldPiece]:
    said: dict[str, Any] = {"boutique": SHOP, "now": NOON, "key": "bag", "appointment": "appt_1"} | more
    return operations.hold_fittings(house_id=house, person_id=person, variant_ids=variants, **said)


def test_the_pieces_of_a_bag_wait_together_for_one_visit_and_one_tap_more_holds_no_more(
    house: int, chen: int
) -> None:
    variants = [make_variant(house) for _ in range(3)]
    visit = NOON + timedelta(days=2)

    first, again = (bag(house, chen, [*variants[::-1], variants[0]], wanted_at=visit) for _ in range(2))

    assert first == again
    assert [piece.variant_id for piece in first] == variants[::-1]
    assert [left(variant) for variant in variants] == [1, 1, 1]
    rows = Fitting.objects.filter(house_id=house)
    assert {(row.appointment, row.held_until) for row in rows} == {("appt_1", visit + timedelta(hours=2))}
    assert operations.expire_fittings(visit + timedelta(hours=2)) == 3
    assert [left(variant) for variant in variants] == [2, 2, 2]


def test_a_piece_that_is_not_there_keeps_no_other_of_the_bag_back(house: int, chen: int) -> None:
    there, gone = make_variant(house), make_variant(house)
    for key in ("a", "b"):
        hold(house, make_person(house, key), gone, key=key)

    held, missing = bag(house, chen, [there, gone])

    assert held.fitting_id and held.refused is None
    assert missing.fitting_id is None and missing.refused
    assert missing.refused.refusal == Refusal.OUT_OF_STOCK
    assert (left(there), left(gone)) == (1, 0)
    with pytest.raises(OrderRefused, match="out_of_stock"):
        bag(house, chen, [gone], key="alone")
    with pytest.raises(OrderRefused, match="empty_bag"):
        bag(house, chen, [])


def test_a_bag_of_more_pieces_than_one_may_hold_holds_as_many_as_it_may(house: int, chen: int) -> None:
    variants = [make_variant(house) for _ in range(FITTINGS_MAX + 2)]

    pieces = bag(house, chen, variants)

    refused = [piece.refused.refusal for piece in pieces if piece.refused]
    assert refused == [Refusal.TOO_MANY_FITTINGS] * 2
    assert sum(left(variant) for variant in variants) == FITTINGS_MAX + 4


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"boutique": "paris"}, "unknown_boutique"),
        ({"wanted_at": NOON - timedelta(minutes=1)}, "wrong_time"),
        ({"wanted_at": NOON + timedelta(days=15)}, "wrong_time"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(
    house: int, chen: int, more: dict[str, Any], code: str
) -> None:
    variant = make_variant(house)
    with pytest.raises(OrderRefused, match=code):
        hold(house, chen, variant, **more)
    with pytest.raises(OrderRefused, match="unknown_variant"):
        hold(house, chen, 10**9)
    assert left(variant) == 2


def test_a_piece_that_is_bought_goes_from_the_hold_into_an_order_once(house: int, chen: int) -> None:
    variant = make_variant(house)
    fitting = hold(house, chen, variant)
    operations.try_fitting(house_id=house, fitting_id=fitting, user_id=STAFF, now=NOON)

    order = operations.buy_fitting(house_id=house, fitting_id=fitting, user_id=STAFF, now=NOON)

    view = queries.order(order_id=order, house_id=house)
    assert view is not None
    assert (view.channel, view.boutique, view.person_id, left(variant)) == ("till", SHOP, chen, 1)
    for act in (operations.buy_fitting, operations.leave_fitting):
        with pytest.raises(OrderRefused, match="fitting_ended"):
            act(house_id=house, fitting_id=fitting, user_id=STAFF, now=NOON)
    assert not queries.stock_breaks(house_id=house)


def test_a_piece_that_is_left_goes_back_on_the_shelf_once(house: int, chen: int) -> None:
    variant = make_variant(house)
    fitting = hold(house, chen, variant)

    operations.leave_fitting(house_id=house, fitting_id=fitting, user_id=STAFF, now=NOON)

    with pytest.raises(OrderRefused, match="fitting_ended"):
        operations.try_fitting(house_id=house, fitting_id=fitting, user_id=STAFF, now=NOON)
    with pytest.raises(OrderRefused, match="unknown_fitting"):
        operations.leave_fitting(house_id=make_house("other"), fitting_id=fitting, now=NOON)
    assert (left(variant), Fitting.objects.get().state) == (2, "left")


def prepare(house: int, variant: int, **more: Any) -> str:
    said: dict[str, Any] = {
        "associate_id": 5,
        "user_id": STAFF,
        "key": "b",
        "note": "为您挑选",
        "now": NOON,
    } | more
    return operations.prepare_bag(house_id=house, lines=[Line(variant, 1)], **said)


def order_from(house: int, person: int, variant: int, token: str, **more: Any) -> Order:
    said: dict[str, Any] = {"bag": token, "now": NOON} | more
    card = operations.check_out(house_id=house, person_id=person, lines=[Line(variant, 1)], **said)
    return Order.objects.get(pk=card.order_id)


def test_an_order_from_a_prepared_bag_is_the_associates_and_ends_the_bag(house: int, chen: int) -> None:
    variant = make_variant(house)
    token = prepare(house, variant, person_id=chen)
    assert prepare(house, variant, person_id=chen) == token
    operations.open_bag(house_id=house, token=token, person_id=chen, now=NOON)

    order = order_from(house, chen, variant, token, key="tap")
    again = order_from(house, chen, variant, token, key="tap")

    assert (order.associate_id, again.pk, PreparedBag.objects.get().order_id) == (5, order.pk, order.pk)
    with pytest.raises(OrderRefused, match="bag_ended"):
        order_from(house, chen, variant, token, key="other")
    with pytest.raises(OrderRefused, match="bag_ended"):
        operations.open_bag(house_id=house, token=token, person_id=chen, now=NOON)


def test_somebody_else_may_order_the_same_pieces_and_leaves_the_clients_bag_open(
    house: int, chen: int
) -> None:
    variant = make_variant(house)
    token = prepare(house, variant, person_id=chen)
    friend = make_person(house, "friend")
    bag = operations.open_bag(house_id=house, token=token, person_id=friend, now=NOON)

    order = order_from(house, friend, variant, token)

    row = PreparedBag.objects.get(pk=bag)
    assert (order.associate_id, row.state, row.opened_at) == (5, "shared", None)


def test_a_bag_ends_by_its_day_or_by_its_associate_and_a_wrong_token_opens_none(
    house: int, chen: int
) -> None:
    variant = make_variant(house)
    token, other = prepare(house, variant), prepare(house, variant, key="c")
    bag = PreparedBag.objects.get(token=other)

    operations.withdraw_bag(house_id=house, bag_id=bag.pk, user_id=STAFF, now=NOON)

    opened: dict[str, Any] = {"house_id": house, "person_id": chen}
    with pytest.raises(OrderRefused, match="bag_ended"):
        operations.open_bag(token=token, now=NOON + timedelta(days=7), **opened)
    with pytest.raises(OrderRefused, match="bag_ended"):
        operations.open_bag(token=other, now=NOON, **opened)
    for wrong in ("", "0" * 16, "x" * 500):
        with pytest.raises(OrderRefused, match="unknown_bag"):
            operations.open_bag(token=wrong, now=NOON, **opened)
    with pytest.raises(OrderRefused, match="unknown_bag"):
        operations.open_bag(house_id=make_house("other"), token=token, person_id=chen, now=NOON)


def test_a_note_that_policy_does_not_let_out_prepares_nothing(house: int) -> None:
    variant = make_variant(house)

    for more, code in (
        ({"note": "加我私人微信详聊"}, "card_refused"),
        ({"note": "x" * 121}, "note_missing"),
        ({"days": 0}, "wrong_terms"),
        ({"days": 31}, "wrong_terms"),
    ):
        with pytest.raises(OrderRefused, match=code):
            prepare(house, variant, **more)

    assert not PreparedBag.objects.exists()


def test_a_prepared_bag_whose_price_has_changed_says_so(house: int, chen: int) -> None:
    variant = make_variant(house, sku="SILK-1")
    token = prepare(house, variant)
    seen = PreparedBag.objects.get().lines.get().seen_amount
    make_variant(house, sku="SILK-1", price="9999.00")

    with pytest.raises(OrderRefused, match="price_changed"):
        operations.check_out(
            house_id=house, person_id=chen, lines=[Line(variant, 1, seen)], bag=token, now=NOON
        )


def test_fittings_and_bags_follow_a_person_who_turned_out_to_be_another(house: int, chen: int) -> None:
    variant = make_variant(house)
    hold(house, chen, variant)
    prepare(house, variant, person_id=chen)
    kept = make_person(house, "kept")

    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=chen), NOON
    )

    assert (Fitting.objects.get().person_id, PreparedBag.objects.get().person_id) == (kept, kept)
