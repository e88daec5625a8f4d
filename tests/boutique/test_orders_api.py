"""The mini program's door to what follows a bag: HTTP in, replies and rows out, and money over the wire."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from seta.boutique import operations, queries
from seta.boutique.models import AfterSale, Fulfilment, MoneyBack, Order, OrderRefund, PreparedBag
from seta.boutique.rules import Line, OrderRefused
from seta.boutique.rules.fulfilment import Terms
from seta.events.operations import deliver_due
from seta.houses.operations import connect_account
from seta.payments import queries as payments
from seta.payments.operations import approve_refund
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.boutique.aftermath import SHOP, STAFF
from tests.boutique.shop import make_house, make_person, make_variant, paid_fact
from tests.payments.conftest import LetterBox, house_id, letters
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["house_id", "letters", "sandbox", "sandbox_process"]

BASE = "/api/mp/v1/boutique"
ADDRESS = {"recipient": "陈晓", "phone": "13800138000", "region": "上海市 静安区", "street": "南京西路 1 号"}
COMPANY = {
    "buyer": "company",
    "title": "某公司",
    "tax_number": "91350100M000100Y43",
    "email": "fapiao@example.com",
}


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def mini_program(house: int, person: int, language: str = "zh-CN") -> Client:
    token = open_session(house_id=house, person_id=person, now=datetime.now(UTC))
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": language})


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    response = client.post(BASE + path, json.dumps(body or {}), content_type="application/json")
    answer: dict[str, Any] = response.json()
    return response.status_code, answer


def bag(variant: int, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"lines": [{"variant_id": variant, "quantity": quantity}], **more}


def pay(house: int, order_id: int) -> None:
    card = queries.order_card(Order.objects.get(pk=order_id))
    operations.on_payment_succeeded(paid_fact(house, card, intent_id=1000 + order_id), datetime.now(UTC))


def test_a_client_orders_a_gift_to_an_address_with_a_fapiao_and_sees_it_travel(house: int) -> None:
    chen = mini_program(house, make_person(house))
    gift = {"is_wrapped": True, "card_text": "生日快乐", "hides_prices": True}

    status, order = post(
        chen, "/checkout", bag(make_variant(house), address=ADDRESS, gift=gift, invoice=COMPANY)
    )
    pay(house, order["order_id"])
    operations.ship_order(
        house_id=house,
        order_id=order["order_id"],
        carrier="顺丰",
        tracking="SF123456",
        user_id=STAFF,
        now=datetime.now(UTC),
    )
    _, seen = post(chen, f"/orders/{order['order_id']}/received")

    assert (status, order["gift"], order["fapiao"][0]["state"]) == (200, gift, "asked")
    assert (seen["arrival"]["stage"], seen["arrival"]["tracking"]) == ("delivered", "SF123456")
    assert seen["may_ask"] == ["return", "exchange"]
    assert post(chen, f"/orders/{order['order_id']}/received")[1]["error"]["code"] == "wrong_state"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"address": {**ADDRESS, "phone": "x"}}, "wrong_address"),
        ({"address": ADDRESS, "pickup_at": SHOP}, "wrong_way"),
        ({"pickup_at": "paris"}, "unknown_boutique"),
        ({"gift": {"card_text": "x" * 121}}, "wrong_card"),
        ({"gift": {"card_text": "加我私人微信详聊"}}, "card_refused"),
        ({"invoice": {**COMPANY, "tax_number": "91350100M000100Y44"}}, "wrong_tax_number"),
        ({"bag": "nothing"}, "unknown_bag"),
        ({"lines": []}, "empty_bag"),
        ({"lines": [{"variant_id": 2**70, "quantity": 1}], "pickup_at": SHOP}, "unknown_variant"),
        ({"lines": [{"variant_id": 2**70, "quantity": 1}], "address": ADDRESS}, "unknown_variant"),
    ],
)
def test_a_checkout_that_cannot_be_is_refused_in_the_clients_words_and_takes_nothing(
    house: int, changed: dict[str, Any], code: str
) -> None:
    variant = make_variant(house)
    italian = mini_program(house, make_person(house), "it")

    status, answer = post(italian, "/checkout", bag(variant) | changed)

    assert (status in (404, 409, 422), answer["error"]["code"]) == (True, code)
    assert "您" not in answer["error"]["message"]
    assert (queries.stock_left(variant_id=variant), Order.objects.count()) == (3, 0)


def test_the_pick_up_code_is_shown_when_the_pieces_are_ready_and_to_their_client_only(house: int) -> None:
    chen, other = (mini_program(house, make_person(house, name)) for name in ("chen", "other"))
    _, order = post(chen, "/checkout", bag(make_variant(house), pickup_at=SHOP))
    pay(house, order["order_id"])
    before = chen.get(f"{BASE}/orders/{order['order_id']}/service").json()["arrival"]

    operations.make_ready(house_id=house, order_id=order["order_id"], user_id=STAFF, now=datetime.now(UTC))

    after = chen.get(f"{BASE}/orders/{order['order_id']}/service").json()["arrival"]
    code = Fulfilment.objects.get().code
    assert (before["code"], after["code"], after["qr"]) == ("", code, f"seta:pickup={code}")
    sides = {len(after["squares"]), *(len(row) for row in after["squares"])}
    assert before["squares"] == [] and len(sides) == 1 and set("".join(after["squares"])) == {"0", "1"}
    assert other.get(f"{BASE}/orders/{order['order_id']}/service").status_code == 404


def test_what_a_delivery_costs_is_on_the_order_before_it_is_paid(house: int) -> None:
    chen, variant = mini_program(house, make_person(house)), make_variant(house)
    terms = Terms(delivery_fee=8_000, free_from=10_000_000)
    operations.set_service_terms(house_id=house, terms=terms, user_id=STAFF, now=datetime.now(UTC))
    _, order = post(chen, "/orders", bag(variant))
    at = f"/orders/{order['order_id']}"
    before = chen.get(f"{BASE}{at}/service").json()

    with pytest.raises(OrderRefused, match="way_first"):
        operations.pay_order(order_id=order["order_id"], openid="o-chen", now=datetime.now(UTC))
    _, after = post(chen, f"{at}/way", {"address": ADDRESS})
    _, again = post(chen, f"{at}/way", {"address": {**ADDRESS, "street": "淮海中路 8 号"}})

    assert (before["way_first"], before["fee_text"], before["total"]) == (True, "", order["total"])
    assert (after["way_first"], after["fee_text"]) == (False, "¥80.00")
    assert (after["total"], again["total"]) == (order["total"] + 8_000, order["total"] + 8_000)


def test_what_a_delivery_to_each_country_costs_is_told_before_it_is_chosen(house: int) -> None:
    chen = mini_program(house, make_person(house))
    now = datetime.now(UTC)
    operations.set_service_terms(house_id=house, terms=Terms(delivery_fee=8_000), user_id=STAFF, now=now)
    operations.set_delivery_fee(
        house_id=house, market="it", delivery_fee=30_000, free_from=9, user_id=STAFF, now=now
    )

    told = chen.get(f"{BASE}/terms").json()["countries"]

    assert [(one["code"], one["delivery_fee"], one["free_from"]) for one in told] == [
        ("CN", 8_000, 0),
        ("IT", 30_000, 9),
    ]
    assert all(one["name"] for one in told)


def test_collecting_costs_nothing_and_neither_does_a_delivery_that_the_house_gives(house: int) -> None:
    chen, variant = mini_program(house, make_person(house)), make_variant(house)
    terms = Terms(delivery_fee=8_000, free_from=0)
    operations.set_service_terms(house_id=house, terms=terms, user_id=STAFF, now=datetime.now(UTC))
    _, collected = post(chen, "/orders", bag(variant))
    _, way = post(chen, f"/orders/{collected['order_id']}/way", {"pickup_at": SHOP})
    assert (way["way_first"], way["total"]) == (False, collected["total"])

    free = Terms(delivery_fee=8_000, free_from=1)
    operations.set_service_terms(house_id=house, terms=free, user_id=STAFF, now=datetime.now(UTC))
    _, given = post(chen, "/orders", bag(variant))
    assert chen.get(f"{BASE}/orders/{given['order_id']}/service").json()["way_first"] is False


def test_a_client_asks_for_a_return_once_and_may_withdraw_it(house: int) -> None:
    chen = mini_program(house, make_person(house))
    _, order = post(chen, "/checkout", bag(make_variant(house), 2, address=ADDRESS))
    pay(house, order["order_id"])
    at = f"/orders/{order['order_id']}/requests"
    wish: dict[str, Any] = {"kind": "return", "reason": "size", "key": "tap"}
    line = order["lines"][0]["id"]
    assert (
        post(chen, at, wish | {"lines": [{"line_id": line, "quantity": 1}]})[1]["error"]["code"]
        == "not_arrived"
    )
    said: dict[str, Any] = {"house_id": house, "order_id": order["order_id"], "now": datetime.now(UTC)}
    operations.ship_order(carrier="SF", tracking="SF123456", user_id=STAFF, **said)

    for quantity, code in ((0, "wrong_wish"), (-1, "wrong_wish"), (10**9, "wrong_wish")):
        sent = wish | {"lines": [{"line_id": line, "quantity": quantity}]}
        assert post(chen, at, sent)[1]["error"]["code"] == code
    for _ in range(2):
        _, seen = post(chen, at, wish | {"lines": [{"line_id": line, "quantity": 1}]})
    (asked,) = seen["requests"]
    _, done = post(chen, f"{at}/{asked['id']}/withdraw")

    assert (asked["state"], done["requests"][0]["state"]) == ("asked", "withdrawn")
    assert post(chen, f"{at}/{asked['id']}/withdraw")[1]["error"]["code"] == "request_decided"
    assert post(chen, f"{at}/999999/withdraw")[0] == 404
    assert post(chen, at, wish | {"kind": "steal"})[0] == 422


@pytest.mark.parametrize("wished", [999_999, 2**70, -1])
def test_an_exchange_for_a_variant_that_nobody_sells_is_refused_and_asks_for_nothing(
    house: int, wished: int
) -> None:
    chen = mini_program(house, make_person(house))
    _, order = post(chen, "/checkout", bag(make_variant(house), address=ADDRESS))
    pay(house, order["order_id"])
    said: dict[str, Any] = {"house_id": house, "order_id": order["order_id"], "now": datetime.now(UTC)}
    operations.ship_order(carrier="SF", tracking="SF123456", user_id=STAFF, **said)
    line = {"line_id": order["lines"][0]["id"], "quantity": 1, "variant_id": wished}
    wish = {"kind": "exchange", "reason": "size", "key": "tap", "lines": [line]}

    status, answer = post(chen, f"/orders/{order['order_id']}/requests", wish)

    assert (status, answer["error"]["code"]) == (422, "unknown_variant")
    assert chen.get(f"{BASE}/orders/{order['order_id']}/service").json()["requests"] == []


def test_a_client_has_a_piece_held_and_lets_it_go_and_nobody_else_can(house: int) -> None:
    chen, other = (mini_program(house, make_person(house, name)) for name in ("chen", "other"))
    variant = make_variant(house)
    wanted = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    status, held = post(
        chen, "/fittings", {"variant_id": variant, "boutique": SHOP, "wanted_at": wanted, "key": "a"}
    )

    assert (status, held["state"], queries.stock_left(variant_id=variant, location=SHOP)) == (200, "held", 1)
    assert post(other, f"/fittings/{held['id']}/cancel")[0] == 404
    assert post(chen, f"/fittings/{held['id']}/cancel")[1]["state"] == "cancelled"
    assert chen.get(f"{BASE}/fittings").json()["fittings"][0]["state"] == "cancelled"
    assert queries.stock_left(variant_id=variant, location=SHOP) == 2


def test_a_client_has_the_pieces_of_a_bag_held_and_hears_which_are_not(house: int) -> None:
    chen = mini_program(house, make_person(house, "chen"))
    variants = [make_variant(house), make_variant(house)]
    wish = {"boutique": SHOP, "appointment": "appt_1", "key": "a"}

    status, held = post(chen, "/fittings/bag", wish | {"variant_ids": [*variants, 999_999]})

    assert status == 200
    assert [each["variant_id"] for each in held["fittings"]] == variants
    assert {each["appointment"] for each in held["fittings"]} == {"appt_1"}
    assert [each["variant_id"] for each in held["refused"]] == [999_999]
    assert held["refused"][0]["message"]
    assert post(chen, "/fittings/bag", wish | {"variant_ids": [999_999], "key": "b"})[0] == 422
    assert post(chen, "/fittings/bag", wish | {"variant_ids": [2**70], "key": "c"})[0] == 422
    assert post(chen, "/fittings/bag", wish | {"variant_ids": []})[0] == 422


def test_a_prepared_bag_shows_its_note_to_its_client_only_and_names_a_changed_price(house: int) -> None:
    person = make_person(house)
    chen, other = mini_program(house, person), mini_program(house, make_person(house, "other"))
    variant = make_variant(house, sku="SILK-2")
    token = operations.prepare_bag(
        house_id=house,
        lines=[Line(variant, 1)],
        associate_id=5,
        person_id=person,
        note="为您挑选",
        user_id=STAFF,
        key="b",
        now=datetime.now(UTC),
    )
    make_variant(house, sku="SILK-2", price="9999.00")

    mine, theirs = (who.get(f"{BASE}/bags/{token}").json() for who in (chen, other))

    assert (mine["is_yours"], mine["note"], mine["lines"][0]["has_changed"]) == (True, "为您挑选", True)
    assert (theirs["is_yours"], theirs["note"], theirs["lines"][0]["amount_text"]) == (False, "", "¥9,999.00")
    _, order = post(chen, "/checkout", bag(variant, bag=token, pickup_at=SHOP))
    assert PreparedBag.objects.get().order_id == order["order_id"]
    assert chen.get(f"{BASE}/bags/{token}").json()["error"]["code"] == "bag_ended"


@pytest.fixture
def phone(house_id: int, sandbox: RunningSandbox) -> Client:
    """The mini program of a client whom the sandbox knows."""
    payer, now = sandbox.config["wechat"], datetime.now(UTC)
    connect_account(
        house_id=house_id,
        family="mini_program",
        app_id=payer["appid"],
        base_url=sandbox.base_url,
        secrets={"secret": "s", "sub_template_id": "t"},
        now=now,
    )
    openid = IdentityKey("openid", payer["appid"], payer["openid"])
    return mini_program(house_id, recognise(house_id=house_id, identities=[openid], now=now))


def test_a_large_cancelled_orders_money_needs_two_people_and_never_goes_back_twice(
    phone: Client, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    variant = make_variant(house_id)
    _, order = post(phone, "/checkout", bag(variant, address=ADDRESS))
    post(phone, f"/orders/{order['order_id']}/pay")
    view = queries.order(order_id=order["order_id"], house_id=house_id)
    assert view is not None and view.intent_id is not None
    sandbox.control("pay", provider="wechat", out_trade_no=payments.intent(view.intent_id).out_trade_no)
    hear(letters)
    post(phone, f"/orders/{order['order_id']}/requests", {"kind": "cancel", "reason": "other", "key": "a"})
    request = AfterSale.objects.get()

    operations.accept_after_sale(
        house_id=house_id, request_id=request.pk, user_id=STAFF, now=datetime.now(UTC)
    )
    for _ in range(2):
        operations.pay_back(request_id=request.pk, now=datetime.now(UTC))
        operations.sweep_requests(datetime.now(UTC))
    (back,) = payments.payment(house_id, view.intent_id, now=datetime.now(UTC)).refunds
    assert back.state == "to_approve"
    approve_refund(refund_id=back.id, house_id=house_id, approved_by=STAFF + 1, now=datetime.now(UTC))
    sandbox.control("refund_settle", provider="wechat", out_refund_no=back.out_refund_no)
    hear(letters)

    after = phone.get(f"{BASE}/orders/{order['order_id']}/service").json()
    assert (after["state"], after["requests"][0]["state"], after["requests"][0]["is_returned"]) == (
        "refunded",
        "closed",
        True,
    )
    assert (OrderRefund.objects.count(), MoneyBack.objects.get().problem) == (1, "")
    assert queries.stock_left(variant_id=variant) == 3


def hear(letters: LetterBox) -> None:
    """Take what the provider sent, and let every hearer hear it."""
    letters.deliver()
    while deliver_due(now=datetime.now(UTC)):
        pass
