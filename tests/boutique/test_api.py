"""The mini program's door to the boutique: HTTP in, replies and rows out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from seta.boutique import operations, queries
from seta.houses.operations import connect_account
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, make_variant, order_one, paid_fact

BASE = "/api/mp/v1/boutique"


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def mini_program(house: int, person: int, language: str = "zh-CN") -> Client:
    token = open_session(house_id=house, person_id=person, now=datetime.now(UTC))
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": language})


def post(client: Client, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    response = client.post(BASE + path, json.dumps(body), content_type="application/json")
    answer: dict[str, Any] = response.json()
    return response.status_code, answer


def test_the_catalogue_speaks_the_clients_language_and_says_what_is_left(house: int) -> None:
    make_variant(house, sku="LAGO", pieces=3)
    chen = make_person(house)

    chinese = mini_program(house, chen).get(f"{BASE}/products").json()["products"]
    english = mini_program(house, chen, "en").get(f"{BASE}/products/lago").json()

    assert (chinese[0]["name"], english["name"]) == ("湖光方巾", "Lago")
    assert (english["variants"][0]["price_text"], english["variants"][0]["stock"]) == ("¥8,888.00", 3)


def test_a_client_orders_and_sees_the_order_and_nobody_else_does(house: int) -> None:
    variant = make_variant(house)
    chen, other = (mini_program(house, make_person(house, name)) for name in ("chen", "other"))

    status, order = post(
        chen, "/orders", {"lines": [{"variant_id": variant, "quantity": 2}], "source": "c=ss27"}
    )

    assert (status, order["state"], order["total_text"]) == (200, "placed", "¥17,776.00")
    assert chen.get(f"{BASE}/orders").json()["orders"][0]["number"] == order["number"]
    stranger = other.get(f"{BASE}/orders/{order['order_id']}")
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (404, "unknown_order")
    assert post(other, f"/orders/{order['order_id']}/cancel", {})[0] == 404


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"quantity": 0}, "wrong_quantity"),
        ({"quantity": -1}, "wrong_quantity"),
        ({"quantity": 10**9}, "wrong_quantity"),
        ({"quantity": 4}, "out_of_stock"),
        ({"quantity": 1, "variant_id": 10**9}, "unknown_variant"),
        ({"quantity": 1, "variant_id": 2**70}, "unknown_variant"),
        ({"quantity": 1, "variant_id": -1}, "unknown_variant"),
        ({"quantity": 1, "seen_amount": 1}, "price_changed"),
    ],
)
def test_a_bag_that_cannot_be_is_refused_in_the_clients_words(
    house: int, line: dict[str, int], code: str
) -> None:
    variant = make_variant(house, pieces=3)
    italian = mini_program(house, make_person(house), "it")

    status, answer = post(italian, "/orders", {"lines": [{"variant_id": variant} | line]})

    assert (status in (409, 422), answer["error"]["code"]) == (True, code)
    assert "您" not in answer["error"]["message"]
    assert queries.stock_left(variant_id=variant) == 3


def test_a_paid_order_shows_both_currencies_and_the_rate(house: int) -> None:
    chen = make_person(house)
    card = order_one(house, chen, make_variant(house))
    operations.on_payment_succeeded(paid_fact(house, card), NOON)

    order = mini_program(house, chen).get(f"{BASE}/orders/{card.order_id}").json()

    assert (order["settle_text"], order["rate_text"]) == (
        "≈ €1,136.06",
        "1 EUR = ¥7.82 · 2026-11-22 04:01 UTC",
    )


def test_an_order_whose_time_is_over_cannot_be_paid(house: int) -> None:
    chen = make_person(house)
    card = order_one(house, chen, make_variant(house))
    connect_account(
        house_id=house,
        family="mini_program",
        app_id="wxmp",
        base_url="http://127.0.0.1:9",
        secrets={"secret": "s", "sub_template_id": "t"},
        now=NOON,
    )

    status, answer = post(mini_program(house, chen), f"/orders/{card.order_id}/pay", {})

    assert (status, answer["error"]["code"]) == (409, "wrong_state")


def test_nobody_without_a_session_gets_in(house: int) -> None:
    assert Client().get(f"{BASE}/products").status_code == 401
