"""The mini program's door to one's own data: a copy, what stays, and an erasure that has to be meant."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.test import Client

from seta.boutique.models import Order
from seta.boutique.operations import open_sales_point
from seta.houses.operations import found_house
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import make_variant, order_one

pytestmark = pytest.mark.django_db

_numbers = count(1)
EXPORT, ERASE = "/api/mp/v1/me/export", "/api/mp/v1/me/erase"


class Phone:
    """A client of a house of their own, with a session."""

    def __init__(self) -> None:
        number, now = next(_numbers), datetime.now(UTC)
        self.house = found_house(code=f"door-{number}", name="Serica", kind="maison")
        open_sales_point(house_id=self.house, code="monte-napoleone", district="quadrilatero")
        names = [IdentityKey("openid", "wxmp", f"o-{number}")]
        self.person = recognise(house_id=self.house, identities=names, display_name="陈晓", now=now)
        token = open_session(house_id=self.house, person_id=self.person, now=now)
        self.headers = {"authorization": f"Bearer {token}", "accept-language": "zh-CN"}

    def get(self, path: str, language: str = "zh-CN") -> tuple[int, dict[str, object]]:
        answer = Client().get(path, headers={**self.headers, "accept-language": language})
        return answer.status_code, answer.json()

    def erase(self, **body: str) -> tuple[int, dict[str, object]]:
        answer = Client().post(ERASE, body, content_type="application/json", headers=self.headers)
        return answer.status_code, answer.json()


@pytest.fixture
def phone() -> Phone:
    return Phone()


def test_a_copy_names_the_house_and_what_is_kept_in_the_readers_language(phone: Phone) -> None:
    status, copy = phone.get(EXPORT, "it")

    assert status == 200
    assert copy["house"] == "Serica"
    sections = copy["sections"]
    assert isinstance(sections, list)
    assert [one["title"] for one in sections] == ["Lei"]
    assert {"label": "Nome", "value": "陈晓"} in sections[0]["rows"][0]


def test_what_stays_is_said_with_its_reason_before_anything_is_erased(phone: Phone) -> None:
    status, told = phone.get(ERASE, "en")

    assert status == 200
    kept = told["kept"]
    assert isinstance(kept, list)
    assert any("E-Commerce Law" in one["why"] for one in kept)


def test_an_erasure_that_was_not_said_in_words_changes_nothing(phone: Phone) -> None:
    for body in ({}, {"confirm": "yes"}):
        assert phone.erase(**body)[0] == 422

    assert phone.get(EXPORT)[0] == 200


def test_after_the_erasure_the_session_opens_nothing(phone: Phone) -> None:
    assert phone.erase(confirm="erase") == (200, {"whole": True})

    status, told = phone.get(EXPORT)

    assert status == 401
    assert "重新打开小程序" in str(told["error"])


def test_an_order_under_way_is_named_and_the_client_told_what_to_do(phone: Phone) -> None:
    order = order_one(phone.house, phone.person, make_variant(phone.house))
    Order.objects.filter(number=order.number).update(expires_at=datetime.now(UTC) + timedelta(minutes=15))

    status, told = phone.erase(confirm="erase")

    assert status == 409
    assert order.number in str(told["error"])
    assert phone.get(EXPORT)[0] == 200


def test_nobody_is_told_anything_without_a_session() -> None:
    assert Client().get(EXPORT).status_code == 401
    assert Client().post(ERASE, {"confirm": "erase"}, content_type="application/json").status_code == 401
