"""What a delivery costs is paid with the order, stands on its fapiao, and comes back only with the whole order."""

import pytest

from seta.boutique import operations, queries
from seta.boutique.models import Fapiao, MoneyBack, Order
from seta.boutique.queries.promises import waits_for_way
from seta.boutique.rules import Line
from seta.boutique.rules.after_sale import Kind, Wish
from seta.boutique.rules.fulfilment import Terms
from seta.boutique.rules.service import invoicee_of
from tests.boutique.aftermath import MILAN, STAFF, accept, ask, money_arrives, only_line, receive
from tests.boutique.shop import NOON, make_house, make_person, make_variant, paid_fact

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
