"""Orders go out, come back, are exchanged and paid back, and no path loses or doubles a piece or a cent."""

from datetime import timedelta
from typing import Any

import pytest

from seta.boutique import operations, queries
from seta.boutique.models import (
    AfterSale,
    Fapiao,
    Fulfilment,
    MoneyBack,
    Order,
)
from seta.boutique.rules import OrderRefused
from seta.boutique.rules.after_sale import Kind, Wish
from seta.boutique.rules.fulfilment import Address, Terms
from seta.boutique.rules.service import Gift, invoicee_of
from tests.boutique.aftermath import (
    MILAN,
    SHOP,
    STAFF,
    accept,
    ask,
    check_out,
    delivered,
    left,
    money_arrives,
    only_line,
    paid,
    receive,
    state_of,
)
from tests.boutique.shop import (
    LATER,
    NOON,
    facts,
    make_house,
    make_person,
    make_variant,
    paid_fact,
    refunded_fact,
)


@pytest.fixture
def house(db: None) -> int:
    return make_house()


@pytest.fixture
def chen(house: int) -> int:
    return make_person(house)


def test_a_delivered_order_costs_its_fee_and_goes_one_step_after_the_other(house: int, chen: int) -> None:
    operations.set_service_terms(
        house_id=house, terms=Terms(delivery_fee=5_000, free_from=2_000_000), user_id=STAFF, now=NOON
    )
    order = paid(house, chen, make_variant(house), address=MILAN)
    sent: dict[str, Any] = {"house_id": house, "order_id": order.pk, "user_id": STAFF, "now": NOON}

    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.make_ready(**sent)
    operations.ship_order(carrier="SF", tracking="SF123456", **sent)
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.ship_order(carrier="SF", tracking="SF999999", **sent)
    operations.confirm_delivery(house_id=house, order_id=order.pk, now=LATER)

    row = Fulfilment.objects.get(order=order)
    assert (order.total, order.fee) == (893_800, 5_000)
    assert (row.stage, row.tracking, row.arrived_at) == ("delivered", "SF123456", LATER)
    assert [fact["tracking"] for fact in facts("boutique.order.shipped")] == ["SF123456"]
    assert len(facts("boutique.order.received")) == 1


def test_nothing_leaves_before_it_is_paid_or_while_a_cancellation_waits(house: int, chen: int) -> None:
    card = check_out(house, chen, make_variant(house), address=MILAN)
    sent: dict[str, Any] = {
        "house_id": house,
        "carrier": "SF",
        "tracking": "SF123456",
        "user_id": STAFF,
        "now": NOON,
    }
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.ship_order(order_id=card.order_id, **sent)
    order = paid(house, chen, make_variant(house), address=MILAN)
    request = ask(order, Kind.CANCEL)

    with pytest.raises(OrderRefused, match="cancel_asked"):
        operations.ship_order(order_id=order.pk, **sent)
    operations.decline_after_sale(
        house_id=house, request_id=request, answer="已装箱", user_id=STAFF, now=NOON
    )
    operations.ship_order(order_id=order.pk, **sent)

    assert state_of(request) == "declined"


def test_a_pick_up_is_taken_from_its_boutique_and_handed_over_to_its_code_once(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)
    order = paid(house, chen, variant, 2, pickup_at=SHOP)
    code = Fulfilment.objects.get(order=order).code
    shown: dict[str, Any] = {"house_id": house, "boutique": SHOP, "user_id": STAFF, "now": NOON}

    assert (left(variant), left(variant, SHOP)) == (3, 0)
    with pytest.raises(OrderRefused, match="not_ready"):
        operations.hand_over(code=code, **shown)
    operations.make_ready(house_id=house, order_id=order.pk, user_id=STAFF, now=NOON)
    with pytest.raises(OrderRefused, match="other_boutique"):
        operations.hand_over(code=code, **{**shown, "boutique": "brera"})
    with pytest.raises(OrderRefused, match="unknown_code"):
        operations.hand_over(code="00000000", **shown)
    assert operations.hand_over(code=f"seta:pickup={code.lower()}", **shown) == order.pk
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.hand_over(code=code, **shown)

    assert [fact["boutique"] for fact in facts("boutique.pickup.prepared")] == [SHOP]
    assert Fulfilment.objects.get(order=order).handed_by == STAFF


def test_a_pick_up_of_more_than_the_boutique_has_is_brought_from_online(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)

    order = paid(house, chen, variant, 3, pickup_at=SHOP)

    assert (order.location, left(variant), left(variant, SHOP)) == ("online", 0, 2)
    with pytest.raises(OrderRefused, match="unknown_boutique"):
        check_out(house, chen, variant, pickup_at="paris")
    with pytest.raises(OrderRefused, match="wrong_way"):
        check_out(house, chen, variant, pickup_at=SHOP, address=MILAN)


def test_an_order_without_a_way_gets_one_and_its_address_can_be_put_right_until_it_is_sent(
    house: int, chen: int
) -> None:
    order = paid(house, chen, make_variant(house))
    chosen: dict[str, Any] = {"house_id": house, "order_id": order.pk, "now": NOON}

    operations.choose_way(address=MILAN, **chosen)
    operations.choose_way(address=Address(**{**MILAN.__dict__, "street": "Via Brera 1"}), **chosen)
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.choose_way(pickup_at=SHOP, **chosen)
    operations.ship_order(carrier="SF", tracking="SF123456", user_id=STAFF, **chosen)
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.choose_way(address=MILAN, **chosen)

    assert Fulfilment.objects.get(order=order).street == "Via Brera 1"


def test_a_gift_card_is_judged_before_it_is_accepted(house: int, chen: int) -> None:
    variant = make_variant(house)

    with pytest.raises(OrderRefused, match="card_refused"):
        check_out(house, chen, variant, gift=Gift(card_text="加我私人微信详聊"))
    order = paid(house, chen, variant, gift=Gift(True, "生日快乐", True), key="tap")
    again = check_out(house, chen, variant, gift=Gift(True, "生日快乐", True), key="tap")

    assert (left(variant), again.order_id) == (2, order.pk)
    assert (order.gift.card_text, order.gift.hides_prices) == ("生日快乐", True)


def test_a_cancelled_order_returns_its_pieces_at_once_and_its_money_once(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)
    order = paid(house, chen, variant, 2, address=MILAN)
    request = ask(order, Kind.CANCEL)
    assert ask(order, Kind.CANCEL) == request
    with pytest.raises(OrderRefused, match="already_asked"):
        ask(order, Kind.CANCEL, key="other")

    accept(house, request)
    with pytest.raises(OrderRefused, match="request_decided"):
        accept(house, request)
    assert (left(variant), state_of(request)) == (3, "received")
    money = money_arrives(house, request)

    order.refresh_from_db()
    assert (money, order.refunded, order.state, state_of(request)) == (
        order.total,
        order.total,
        "refunded",
        "closed",
    )
    assert len(facts("boutique.aftersale.closed")) == 1
    with pytest.raises(OrderRefused, match="wrong_state"):
        operations.ship_order(
            house_id=house, order_id=order.pk, carrier="SF", tracking="SF123456", user_id=STAFF, now=NOON
        )


def test_a_part_comes_back_to_a_boutique_and_only_its_price_is_returned(house: int, chen: int) -> None:
    variant = make_variant(house, pieces=3)
    order = delivered(house, chen, variant, 3)
    first = ask(order, Kind.RETURN, Wish(only_line(order), 1))
    second = ask(order, Kind.RETURN, Wish(only_line(order), 2), key="2")
    with pytest.raises(OrderRefused, match="already_asked"):
        ask(order, Kind.RETURN, Wish(only_line(order), 1), key="3")

    for request, restock in ((first, True), (second, False)):
        accept(house, request)
        receive(house, request, restock=restock)
        money_arrives(house, request)

    order.refresh_from_db()
    assert (left(variant), left(variant, SHOP)) == (0, 3)
    assert (order.refunded, order.state) == (3 * 888_800, "refunded")
    assert (state_of(first), state_of(second)) == ("closed", "closed")


def test_a_return_that_is_too_late_is_refused_to_clients_but_not_to_staff(house: int, chen: int) -> None:
    order = delivered(house, chen, make_variant(house))
    late = NOON + timedelta(days=8)

    with pytest.raises(OrderRefused, match="return_too_late"):
        ask(order, Kind.RETURN, Wish(only_line(order), 1), now=late)

    assert ask(order, Kind.RETURN, Wish(only_line(order), 1), now=late, user_id=STAFF)


def test_what_is_not_sent_back_in_time_lapses_and_may_be_asked_again(house: int, chen: int) -> None:
    variant, other = make_variant(house), make_variant(house)
    order = delivered(house, chen, variant)
    request = ask(order, Kind.EXCHANGE, Wish(only_line(order), 1, other))
    accept(house, request)
    assert left(other) == 2

    operations.sweep_requests(NOON + timedelta(days=15))

    assert (state_of(request), left(other)) == ("lapsed", 3)
    assert ask(order, Kind.RETURN, Wish(only_line(order), 1), key="2")


def exchange(house: int, chen: int, price: str) -> tuple[Order, int, Order]:
    """A piece of 8,888 yuan that is to be exchanged for one of `price`, and is back."""
    variant, other = make_variant(house), make_variant(house, price=price)
    order = delivered(house, chen, variant)
    request = ask(order, Kind.EXCHANGE, Wish(only_line(order), 1, other))
    accept(house, request)
    replacement = AfterSale.objects.get(pk=request).replacement
    assert replacement is not None
    with pytest.raises(OrderRefused, match="awaits_return"):
        operations.pay_order(order_id=replacement.pk, openid="o-chen", now=NOON)
    receive(house, request)
    replacement.refresh_from_db()
    return order, request, replacement


def test_an_even_exchange_moves_no_money(house: int, chen: int) -> None:
    order, request, replacement = exchange(house, chen, "8888.00")

    assert (replacement.state, replacement.total, replacement.credit) == ("paid", 0, 888_800)
    assert (state_of(request), MoneyBack.objects.count()) == ("closed", 0)
    (told,) = facts("boutique.piece.exchanged")
    assert (told["first_number"], told["number"]) == (order.number, replacement.number)
    assert (told["amount"], told["credit"], told["kept"]) == (0, 888_800, 0)
    assert [body["number"] for body in facts("boutique.order.paid")] == [order.number]
    operations.ship_order(
        house_id=house, order_id=replacement.pk, carrier="SF", tracking="SF7654321", user_id=STAFF, now=NOON
    )
    back = ask(replacement, Kind.RETURN, Wish(only_line(replacement), 1))
    accept(house, back)
    receive(house, back)
    money_arrives(house, back)

    order.refresh_from_db()
    assert (order.refunded, state_of(back)) == (888_800, "closed")


def test_a_cheaper_exchange_returns_the_difference(house: int, chen: int) -> None:
    _, request, replacement = exchange(house, chen, "6000.00")

    assert (replacement.state, replacement.credit, state_of(request)) == ("paid", 600_000, "received")
    assert money_arrives(house, request) == 288_800
    assert state_of(request) == "closed"


def test_a_dearer_exchange_is_paid_for_and_comes_back_to_both_payments(house: int, chen: int) -> None:
    order, request, replacement = exchange(house, chen, "10000.00")
    assert (replacement.state, replacement.total) == ("placed", 111_200)
    assert not facts("boutique.piece.exchanged")

    operations.on_payment_succeeded(
        paid_fact(house, queries.order_card(replacement), intent_id=77), NOON + timedelta(hours=1)
    )
    assert state_of(request) == "closed"
    (told,) = facts("boutique.piece.exchanged")
    assert (told["amount"], told["credit"], told["currency"]) == (111_200, 888_800, "CNY")
    replacement.refresh_from_db()
    back = ask(replacement, Kind.CANCEL)
    accept(house, back)
    assert money_arrives(house, back) == 1_000_000

    order.refresh_from_db()
    replacement.refresh_from_db()
    assert (order.refunded, replacement.refunded) == (888_800, 111_200)


def test_an_exchange_whose_difference_is_not_paid_becomes_a_return(house: int, chen: int) -> None:
    _, request, replacement = exchange(house, chen, "10000.00")

    operations.expire_orders(NOON + timedelta(days=4))
    operations.sweep_requests(NOON + timedelta(days=4))
    money = money_arrives(house, request)

    assert (money, state_of(request)) == (888_800, "closed")
    assert left(replacement.lines.get().variant_id) == 3


def test_a_second_refund_of_the_same_piece_finds_nothing_left(house: int, chen: int) -> None:
    order = delivered(house, chen, make_variant(house))
    request = ask(order, Kind.RETURN, Wish(only_line(order), 1))
    accept(house, request)
    fact = refunded_fact(
        house, queries.order_card(order), 888_800, refund_id=9, intent_id=order.paid_intent_id or 0
    )
    operations.on_refund_succeeded(fact, NOON)

    receive(house, request)

    assert (MoneyBack.objects.count(), state_of(request)) == (0, "closed")


def test_a_fapiao_is_issued_once_and_withdrawn_when_money_went_back(house: int, chen: int) -> None:
    company = invoicee_of("company", "某公司", "91350100M000100Y43", "a@example.com")
    order = paid(house, chen, make_variant(house), 2, invoice=company, address=MILAN)
    said: dict[str, Any] = {"house_id": house, "order_id": order.pk, "user_id": STAFF, "now": NOON}
    with pytest.raises(OrderRefused, match="unknown_fapiao"):
        operations.withdraw_fapiao(red_number="2" * 20, **said)
    operations.issue_fapiao(number="1" * 20, **said)
    with pytest.raises(OrderRefused, match="fapiao_stands"):
        operations.ask_fapiao(house_id=house, order_id=order.pk, invoice=company, now=NOON)
    other = paid(house, chen, make_variant(house), invoice=company)
    with pytest.raises(OrderRefused, match="wrong_fapiao_number"):
        operations.issue_fapiao(**{**said, "order_id": other.pk}, number="1" * 20)

    card = queries.order_card(order)
    operations.on_refund_succeeded(
        refunded_fact(house, card, 888_800, intent_id=order.paid_intent_id or 0), NOON
    )
    assert Fapiao.objects.get(order=order).state == "to_withdraw"
    operations.withdraw_fapiao(red_number="2" * 20, **said)
    operations.issue_fapiao(number="3" * 20, **said)

    rows = [(row.state, row.amount) for row in Fapiao.objects.filter(order=order).order_by("id")]
    assert rows == [("withdrawn", 2 * 888_800), ("issued", 888_800)]


def test_a_neighbours_order_request_and_code_are_unknown(house: int, chen: int) -> None:
    order = paid(house, chen, make_variant(house), pickup_at=SHOP)
    request = ask(order, Kind.CANCEL)
    other = make_house("other")
    code = Fulfilment.objects.get(order=order).code

    for act in (
        lambda: operations.make_ready(house_id=other, order_id=order.pk, user_id=1, now=NOON),
        lambda: operations.hand_over(house_id=other, code=code, boutique="", user_id=1, now=NOON),
        lambda: operations.accept_after_sale(house_id=other, request_id=request, user_id=1, now=NOON),
        lambda: operations.withdraw_after_sale(house_id=other, request_id=request, now=NOON),
    ):
        with pytest.raises(OrderRefused, match="unknown_"):
            act()
