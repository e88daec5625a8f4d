"""The mini program lists, opens, visits and buys in a pop-up over HTTP; a printed code has its page."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from seta.people.operations import open_session
from seta.popups.models import Popup
from seta.popups.operations import open_popup, plan_popup
from tests.popups.world import MARKETING, make_house, make_person, make_plan, variant

pytestmark = pytest.mark.django_db


def running(house_id: int) -> int:
    now = datetime.now(UTC)
    plan = make_plan(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1))
    popup_id = plan_popup(house_id=house_id, user_id=MARKETING, plan=plan, now=now)
    open_popup(popup_id=popup_id, now=now - timedelta(minutes=1))
    return popup_id


class Phone:
    """A client's mini program."""

    def __init__(self, house_id: int, language: str = "en") -> None:
        person_id = make_person(house_id)
        token = open_session(house_id=house_id, person_id=person_id, now=datetime.now(UTC))
        self.headers = {"authorization": f"Bearer {token}", "accept-language": language}

    def get(self, path: str, status: int = 200) -> Any:
        answer = Client().get(f"/api/mp/v1/popups{path}", headers=self.headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, path: str, body: object, status: int = 200) -> Any:
        answer = Client().post(
            f"/api/mp/v1/popups{path}", body, content_type="application/json", headers=self.headers
        )
        assert answer.status_code == status, answer.content
        return answer.json()


def test_a_client_scans_looks_and_orders() -> None:
    house_id = make_house()
    running(house_id)
    phone = Phone(house_id)

    assert [each["code"] for each in phone.get("")["popups"]] == ["giardino"]
    found = phone.get("/by-scene?scene=c%3Dgiardino%3Bp%3Dduomo")
    assert (found["title"], found["accent"], found["can_buy"]) == ("Secret garden", "#1f5b4a", True)
    shown = phone.get("/giardino")
    offered = shown["products"][0]["variants"][0]
    assert (offered["sku"], offered["stock"], offered["price_text"]) == ("SCARF-1", 4, "¥8,888.00")
    assert phone.post("/giardino/visits", {"scene": "c=giardino;p=duomo"}) == {"noted": True}
    assert phone.post("/giardino/visits", {"scene": "c=giardino;p=duomo"}) == {"noted": False}
    bag = {"lines": [{"variant_id": offered["id"], "quantity": 1, "seen_amount": 888_800}], "key": "one"}
    placed = phone.post("/giardino/orders", bag)
    assert (placed["state"], placed["total"]) == ("placed", 888_800)
    assert phone.post("/giardino/orders", bag)["order_id"] == placed["order_id"]


@pytest.mark.parametrize("language", ["zh-hans", "en", "it"])
def test_every_refusal_has_its_name_and_its_words(language: str) -> None:
    house_id = make_house()
    popup_id = running(house_id)
    phone = Phone(house_id, language)
    line = {"variant_id": variant(house_id), "quantity": 1}

    said = [
        phone.get("/nothing", 404),
        phone.get("/by-scene?scene=x", 404),
        phone.post("/giardino/orders", {"lines": [{**line, "quantity": 0}]}, 422),
        phone.post("/giardino/orders", {"lines": [{**line, "quantity": 5}]}, 409),
        phone.post("/giardino/orders", {"lines": [{**line, "seen_amount": 1}]}, 409),
        phone.post("/giardino/orders", {"lines": [{**line, "variant_id": 10**12}]}, 422),
    ]
    Popup.objects.filter(pk=popup_id).update(closes_at=datetime.now(UTC))
    said.append(phone.post("/giardino/orders", {"lines": [line]}, 409))

    assert [each["error"]["code"] for each in said] == [
        "unknown_popup",
        "unknown_popup",
        "wrong_quantity",
        "out_of_stock",
        "price_changed",
        "not_offered",
        "not_open",
    ]


def test_the_address_on_a_print_finds_the_pop_up_and_says_by_which_poster() -> None:
    house_id = make_house()
    popup_id = running(house_id)
    phone, link = Phone(house_id), f"https://seta.example/popups/{popup_id}/duomo"

    assert phone.get(f"/by-scene?scene={quote(link)}")["scene"] == "c=giardino;p=duomo"
    assert phone.get(f"/by-scene?scene={quote(link)}x")["scene"] == "c=giardino"
    Phone(make_house()).get(f"/by-scene?scene={quote(link)}", 404)


def test_a_neighbours_client_does_not_see_it_and_a_stranger_nothing() -> None:
    house_id = make_house()
    running(house_id)

    assert Phone(make_house()).get("")["popups"] == []
    Phone(make_house()).get("/giardino", 404)
    assert Client().get("/api/mp/v1/popups").status_code == 401


def test_a_printed_code_has_a_page_for_any_camera() -> None:
    popup_id = running(make_house())

    page = Client().get(f"/popups/{popup_id}/duomo")

    assert page.status_code == 200 and "秘密花园" in page.content.decode()
    assert Client().get(f"/popups/{popup_id}/nowhere").status_code == 404
    assert Client().get("/popups/covers/" + "0" * 64 + ".jpg").status_code == 404
    assert Client().get("/popups/covers/passwd.jpg").status_code == 404
