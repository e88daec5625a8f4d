"""What a delivery costs, by country too: paid with the order, on its fapiao, in the batch that the house is paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seta.boutique import operations, queries
from seta.boutique.models import Fapiao, Fulfilment, MoneyBack, Order
from seta.boutique.operations import open_sales_point
from seta.boutique.queries.promises import delivery_fees, waits_for_way
from seta.boutique.rules import Line, OrderRefused
from seta.boutique.rules.after_sale import Kind, Wish
from seta.boutique.rules.fulfilment import Address, Terms
from seta.boutique.rules.service import invoicee_of
from seta.events.operations import deliver_due
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries as payments
from tests.boutique.aftermath import MILAN, STAFF, accept, ask, money_arrives, only_line, receive
from tests.boutique.shop import NOON, make_house, make_person, make_variant, paid_fact
from tests.payments.selling import NOON as SOLD_AT
from tests.payments.selling import make_world

FEE = 8_000


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def costs(house: int, fee: int = FEE) -> None:
    operations.set_service_terms(house_id=house, terms=Terms(delivery_fee=fee), user_id=STAFF, now=NOON)


def placed(house: int, quantity: int = 1) -> Order:
    """An order of the mini program's that does not say yet how it arrives."""
    card = operations.place_order(
        house_id=house,
        person_id=make_person(house),
        lines=[Line(make_variant(house), quantity)],
        channel="mini_program",
        now=NOON,
    )
    return Order.objects.get(pk=card.order_id)


def sent_to_milan(order: Order) -> Order:
    operations.choose_way(house_id=order.house_id, order_id=order.pk, address=MILAN, now=NOON)
    return Order.objects.get(pk=order.pk)


def paid(order: Order) -> Order:
    fact = paid_fact(order.house_id, queries.order_card(order), intent_id=1000 + order.pk)
    operations.on_payment_succeeded(fact, NOON)
    return Order.objects.get(pk=order.pk)


def test_the_fee_is_paid_with_the_order_and_stands_on_the_fapiao(house: int) -> None:
    costs(house)
    before = placed(house)
    order = paid(sent_to_milan(before))
    company = invoicee_of("company", "某公司", "91350100M000100Y43", "fapiao@example.com")

    operations.ask_fapiao(house_id=house, order_id=order.pk, invoice=company, now=NOON)
    operations.issue_fapiao(house_id=house, order_id=order.pk, number="8" * 20, user_id=STAFF, now=NOON)

    assert (order.state, order.fee, order.total) == ("paid", FEE, before.total + FEE)
    assert Fapiao.objects.get(order=order).amount == before.total + FEE


def test_an_order_cancelled_before_it_is_sent_gives_the_fee_back(house: int) -> None:
    costs(house)
    order = paid(sent_to_milan(placed(house)))
    request = ask(order, Kind.CANCEL)

    accept(house, request)

    assert money_arrives(house, request) == order.total
    order.refresh_from_db()
    assert (order.state, order.refunded) == ("refunded", order.total)


def test_pieces_that_all_come_back_later_do_not_give_the_fee_back(house: int) -> None:
    costs(house)
    order = paid(sent_to_milan(placed(house, 2)))
    operations.ship_order(
        house_id=house, order_id=order.pk, carrier="SF", tracking="SF123456", user_id=STAFF, now=NOON
    )
    operations.confirm_delivery(house_id=house, order_id=order.pk, now=NOON)
    request = ask(order, Kind.RETURN, Wish(only_line(order), 2))
    accept(house, request)
    receive(house, request)

    assert [part.amount for part in MoneyBack.objects.filter(after_sale_id=request)] == [order.total - FEE]
    money_arrives(house, request)
    order.refresh_from_db()
    assert (order.state, order.total - order.refunded) == ("partly_refunded", FEE)


def test_a_fee_that_is_set_while_a_payment_is_open_does_not_change_what_is_asked_for(house: int) -> None:
    order = placed(house)
    Order.objects.filter(pk=order.pk).update(intent_id=7)
    costs(house)

    after = sent_to_milan(order)

    assert (waits_for_way(order.pk), after.fee, after.total) == (False, 0, order.total)
    assert paid(after).state == "paid"


SHANGHAI = Address("陈晓", "13800138000", "上海市 静安区", "南京西路 1 号", "200040", "CN")


def costs_in(house: int, market: str, fee: int | None, free_from: int = 0) -> None:
    operations.set_delivery_fee(
        house_id=house, market=market, delivery_fee=fee, free_from=free_from, user_id=STAFF, now=NOON
    )


def sent_to(order: Order, address: Address, **more: Any) -> Order:
    operations.choose_way(house_id=order.house_id, order_id=order.pk, address=address, now=NOON, **more)
    return Order.objects.get(pk=order.pk)


def test_a_delivery_costs_what_its_country_costs_and_else_what_the_house_says(house: int) -> None:
    costs(house)
    costs_in(house, "it", 30_000)
    costs_in(house, "hk", 5_000, free_from=1)
    before = placed(house)
    person, variant = make_person(house, "zhou"), make_variant(house)
    lines = [Line(variant, 1)]

    home = sent_to(before, SHANGHAI)
    milan = operations.check_out(house_id=house, person_id=person, lines=lines, address=MILAN, now=NOON)
    hong_kong = operations.check_out(
        house_id=house, person_id=person, lines=lines, address=replace(MILAN, country="HK"), now=NOON
    )

    assert home.fee == FEE
    assert Order.objects.get(pk=milan.order_id).fee == 30_000
    assert Order.objects.get(pk=hong_kong.order_id).fee == 0
    costs_in(house, "it", None)
    assert sent_to(placed(house), MILAN).fee == FEE


def test_another_country_changes_the_fee_until_the_payment_is_open(house: int) -> None:
    costs_in(house, "it", 30_000)
    before = placed(house)
    assert waits_for_way(before.pk)

    milan = sent_to(before, MILAN)
    home = sent_to(before, SHANGHAI)
    again = sent_to(before, MILAN)

    assert [one.fee for one in (milan, home, again)] == [30_000, 0, 30_000]
    assert [one.total - one.fee for one in (milan, home, again)] == [before.total] * 3


def test_a_paid_parcel_goes_to_a_dearer_country_only_at_the_houses_expense(house: int) -> None:
    costs_in(house, "it", 30_000)
    order = paid(sent_to(placed(house), SHANGHAI))

    with pytest.raises(OrderRefused, match="fee_differs"):
        sent_to(order, MILAN)
    assert Fulfilment.objects.get(order=order).country == "CN"
    moved = sent_to(order, MILAN, user_id=STAFF)

    assert (moved.fee, moved.total) == (0, order.total)
    assert Fulfilment.objects.get(order=order).country == "IT"
    assert sent_to(moved, SHANGHAI).fee == 0


@pytest.mark.parametrize(
    ("market", "fee", "free_from", "why"),
    [("xx", 1, 0, "wrong_market"), ("it", -1, 0, "wrong_terms"), ("it", 1, -1, "wrong_terms")],
)
def test_a_price_that_cannot_be_is_refused(
    house: int, market: str, fee: int, free_from: int, why: str
) -> None:
    with pytest.raises(OrderRefused, match=why):
        costs_in(house, market, fee, free_from)
    assert delivery_fees(house) == {}


def test_the_fee_is_in_the_batch_the_house_is_paid_and_in_the_transfer(db: None) -> None:
    world = make_world()
    house = world.house_id
    open_sales_point(house_id=house, code="monte-napoleone", district="quadrilatero")
    costs_in(house, "it", 30_000)
    order = sent_to(placed(house), MILAN)
    goods = order.total - order.fee

    sold, bare = world.sell(order.total, reference=order.number), world.sell(goods)
    deliver_due(now=datetime.now(UTC))
    batch = pay.settle(house_id=house, currency="EUR", day=SOLD_AT.date(), now=SOLD_AT + timedelta(days=1))
    step: dict[str, Any] = {"batch_id": batch.batch_id, "house_id": house, "now": SOLD_AT + timedelta(days=2)}
    pay.mark_sent(**step)
    pay.confirm_settlement(**step)

    line, other = sorted(payments.batch(house, batch.batch_id).lines, key=lambda one: -one.gross)
    assert (order.fee, sold.amount) == (30_000, goods + 30_000)
    assert line.reference == order.number
    assert (line.gross, other.gross) == (sold.settle_amount, bare.settle_amount)
    assert abs(line.gross * goods - other.gross * order.total) <= order.total
    assert batch.total == line.net + other.net
    assert line.net == line.gross - line.fee
    assert ledger.balance(house, "bank", "EUR") == -batch.total
    assert Order.objects.get(pk=order.pk).state == "paid"
