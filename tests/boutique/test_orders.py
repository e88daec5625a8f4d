"""Orders put stock aside, give it back, are paid once and refunded no further than they were paid."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from seta import boutique
from seta.boutique import operations, queries
from seta.boutique.models import Order, OrderRefund, StockMovement
from seta.boutique.queries import OrderCard
from seta.boutique.rules import Line, OrderRefused
from seta.payments.events import PaymentReversed, RefundFailed
from seta.people.events import PersonsMerged
from tests.boutique.shop import (
    LATER,
    NOON,
    facts,
    make_house,
    make_person,
    make_variant,
    order_one,
    paid_fact,
    refunded_fact,
    row,
)

DATA = Path(boutique.__file__ or "").parent / "data" / "serica_products.json"


@pytest.fixture
def house(db: None) -> int:
    return make_house()


@pytest.fixture
def chen(house: int) -> int:
    return make_person(house)


def left(variant_id: int, location: str = "online") -> int:
    return queries.stock_left(variant_id=variant_id, location=location)


def test_an_order_puts_its_pieces_aside_and_says_so(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)

    card = operations.place_order(
        house_id=house, person_id=chen, lines=[Line(variant, 2)], source="c=ss27;b=monte-napoleone", now=NOON
    )

    assert (card.state, card.total, card.currency) == ("placed", 2 * 888_800, "CNY")
    assert left(variant) == 1
    (fact,) = facts("boutique.order.placed")
    assert (fact["campaign"], fact["district"]) == ("ss27", "quadrilatero")
    assert fact["number"] == card.number


def test_an_order_of_more_than_there_is_changes_nothing(house: int, chen: int) -> None:
    one, other = make_variant(house, pieces=5), make_variant(house, pieces=1)

    with pytest.raises(OrderRefused, match="out_of_stock"):
        operations.place_order(house_id=house, person_id=chen, lines=[Line(one, 1), Line(other, 2)], now=NOON)

    assert (left(one), left(other)) == (5, 1)
    assert not Order.objects.exists()
    assert not facts("boutique.order.placed")


@pytest.mark.parametrize("source", ["<script>", "x" * 129, "a b", "分享"])
def test_a_source_that_is_no_token_or_scene_is_refused(house: int, chen: int, source: str) -> None:
    variant = make_variant(house)

    with pytest.raises(OrderRefused, match="wrong_source"):
        operations.place_order(
            house_id=house, person_id=chen, lines=[Line(variant, 1)], source=source, now=NOON
        )


def test_a_variant_of_another_house_is_unknown(house: int, chen: int) -> None:
    theirs = make_variant(make_house("other"))

    for variant in (theirs, 10**12):
        with pytest.raises(OrderRefused, match="unknown_variant"):
            order_one(house, chen, variant)


def test_the_same_key_gives_the_same_order_and_another_bag_under_it_is_refused(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)

    first, again = order_one(house, chen, variant, key="tap"), order_one(house, chen, variant, key="tap")

    assert first == again
    assert left(variant) == 2
    with pytest.raises(OrderRefused, match="repeated_key"):
        order_one(house, chen, variant, quantity=2, key="tap")


def test_the_till_sells_from_its_own_boutique(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)

    operations.place_order(
        house_id=house,
        person_id=None,
        lines=[Line(variant, 1)],
        channel="till",
        boutique="monte-napoleone",
        now=NOON,
    )

    assert (left(variant), left(variant, "monte-napoleone")) == (3, 1)
    with pytest.raises(OrderRefused, match="unknown_boutique"):
        operations.place_order(
            house_id=house,
            person_id=None,
            lines=[Line(variant, 1)],
            channel="till",
            boutique="paris",
            now=NOON,
        )


def test_an_unpaid_order_expires_and_its_pieces_come_back_once(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)
    card = order_one(house, chen, variant, quantity=2)

    assert operations.expire_orders(NOON + timedelta(minutes=14)) == 0
    assert operations.expire_orders(LATER) == 1
    assert operations.expire_orders(LATER) == 0

    assert left(variant) == 3
    assert queries.order_state(card.order_id) == "expired"
    assert not queries.stock_breaks(house_id=house)


def test_a_cancelled_order_cannot_be_cancelled_again(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=1)
    card = order_one(house, chen, variant)

    operations.cancel_order(order_id=card.order_id, now=NOON)

    assert left(variant) == 1
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.cancel_order(order_id=card.order_id, now=NOON)


def test_proven_money_pays_an_order_once(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    fact = paid_fact(house, card)

    operations.on_payment_succeeded(fact, NOON)
    operations.on_payment_succeeded(fact, NOON)

    assert queries.order_state(card.order_id) == "paid"
    (told,) = facts("boutique.order.paid")
    assert (told["amount"], told["settle_amount"], told["settle_currency"]) == (888_800, 113_606, "EUR")


def test_money_for_a_reference_that_is_no_order_is_left_alone(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    stranger = make_house("other")

    operations.on_payment_succeeded(paid_fact(stranger, card), NOON)

    assert queries.order_state(card.order_id) == "placed"


def test_refunds_move_the_order_once_each_until_nothing_is_left(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    operations.on_payment_succeeded(paid_fact(house, card), NOON)

    part, rest = refunded_fact(house, card, 100_000), refunded_fact(house, card, 788_800, refund_id=71)
    operations.on_refund_succeeded(part, NOON)
    operations.on_refund_succeeded(part, NOON)
    partly = queries.order_state(card.order_id)
    operations.on_refund_succeeded(rest, NOON)

    assert (partly, queries.order_state(card.order_id)) == ("partly_refunded", "refunded")
    assert [fact["is_whole"] for fact in facts("boutique.order.refunded")] == [False, True]


def test_a_refund_of_a_payment_that_never_was_the_orders_does_not_count(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    operations.on_payment_succeeded(paid_fact(house, card), NOON)

    operations.on_refund_succeeded(refunded_fact(house, card, 888_800, intent_id=8), NOON)

    assert queries.order_state(card.order_id) == "paid"


@pytest.mark.parametrize("amount", [0, -1, 888_801, 10**12])
def test_a_refund_beyond_the_order_is_refused_and_leaves_no_trace(house: int, chen: int, amount: int) -> None:
    card = order_one(house, chen, make_variant(house))
    operations.on_payment_succeeded(paid_fact(house, card), NOON)

    with pytest.raises(OrderRefused):
        operations.refund_order(order_id=card.order_id, amount=amount, reason="尺码不合", key="r1", now=NOON)

    view = queries.order(order_id=card.order_id, house_id=house)
    assert view is not None
    assert (view.refunds, view.state) == ((), "paid")


def reversed_fact(house_id: int, card: OrderCard, *, intent_id: int = 7) -> PaymentReversed:
    """What payments says when a barcode payment was taken back by the reversal that crossed it."""
    return PaymentReversed(
        house_id=house_id,
        occurred_at=NOON + timedelta(minutes=2),
        intent_id=intent_id,
        reference=card.number,
        amount=card.total,
        currency="CNY",
        settle_amount=113_606,
        settle_currency="EUR",
        provider="wechatpay",
    )


def test_an_order_whose_payment_is_reversed_is_cancelled_and_its_pieces_return_once(
    house: int, chen: int
) -> None:
    variant = make_variant(house, pieces=2)
    card = order_one(house, chen, variant)
    operations.on_payment_succeeded(paid_fact(house, card), NOON)

    operations.on_payment_reversed(reversed_fact(house, card, intent_id=8), NOON)
    untouched = queries.order_state(card.order_id)
    operations.on_payment_reversed(reversed_fact(house, card), NOON)
    operations.on_payment_reversed(reversed_fact(house, card), NOON)

    assert (untouched, queries.order_state(card.order_id), left(variant)) == ("paid", "cancelled", 2)
    (told,) = facts("boutique.order.refunded")
    assert (told["is_whole"], told["amount"], told["refund_id"]) == (True, 888_800, -7)


def test_a_refund_that_was_declined_leaves_its_amount_to_be_refunded_again(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    operations.on_payment_succeeded(paid_fact(house, card), NOON)
    OrderRefund.objects.create(
        order_id=card.order_id, key="r1", amount=888_800, reason="size", asked_at=NOON, refund_id=70
    )
    fact = RefundFailed(
        house_id=house,
        occurred_at=NOON,
        refund_id=70,
        intent_id=7,
        reference=card.number,
        amount=888_800,
        currency="CNY",
        provider="wechatpay",
        why="rejected",
    )

    operations.on_refund_failed(fact, NOON)

    assert OrderRefund.objects.get().failed_at == NOON
    assert queries.order_state(card.order_id) == "paid"


def test_orders_follow_a_person_who_turned_out_to_be_another(house: int, chen: int) -> None:
    card = order_one(house, chen, make_variant(house))
    kept = make_person(house, "kept")

    fact = PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=chen)
    operations.repoint_person(fact, NOON)

    assert [view.id for view in queries.orders_of_person(house_id=house, person_id=kept)] == [card.order_id]


def test_a_catalogue_with_one_bad_row_is_not_taken_in_at_all(house: int) -> None:
    report = operations.import_catalogue(house_id=house, rows=[row(), row(sku="X", price_cny="0")], now=NOON)

    assert [(problem.row, problem.column) for problem in report.problems] == [(2, "price_cny")]
    assert not queries.products(house_id=house)


def test_every_fault_of_a_catalogue_is_reported_by_row_and_column(house: int) -> None:
    rows = [
        row(),
        row(code="Lago!", sku="LAGO-91"),
        row(sku="LAGO-92", gtin="123", price_cny="free"),
        row(),
        row(sku="", price_cny=""),
        row(sku="LAGO-93", **{"stock:online": "-1", "stock:": 4}),
    ]

    report = operations.import_catalogue(house_id=house, rows=rows, now=NOON)

    assert {(problem.row, problem.column) for problem in report.problems} == {
        (2, "code"),
        (3, "gtin"),
        (3, "price_cny"),
        (4, "sku"),
        (5, "sku"),
        (5, "price_cny"),
        (6, "stock:online"),
        (6, "stock:"),
    }
    assert not queries.products(house_id=house)


def test_the_demo_catalogue_comes_in_and_again_without_a_movement(house: int) -> None:
    rows = json.loads(DATA.read_text(encoding="utf-8"))

    report = operations.import_catalogue(house_id=house, rows=rows, now=NOON)
    movements = StockMovement.objects.count()
    operations.import_catalogue(house_id=house, rows=rows, now=NOON)

    assert (report.products, report.variants, report.problems) == (12, 12, ())
    assert StockMovement.objects.count() == movements
    assert not queries.stock_breaks(house_id=house)
    cards = queries.products(house_id=house, language="it")
    assert {variant.amount for card in cards for variant in card.variants} >= {120_000, 4_800_000}
