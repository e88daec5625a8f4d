"""A business comes in with WeChat once a letter has said whose WeChat it is."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from seta.guide.operations import import_milan
from seta.houses.models import House
from seta.partners.models import Account
from tests.conversations.world import make_house
from tests.partners.conftest import City
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

INSIDE = {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50", "accept-language": "en"}


@pytest.fixture
def town(db: None, sandbox: RunningSandbox) -> City:
    """A destination whose Official Account is the sandbox's."""
    house_id, _ = make_house(code="borgo", base_url=sandbox.base_url, config=sandbox.config)
    House.objects.filter(pk=house_id).update(kind="destination")
    import_milan(house_id=house_id, now=datetime.now(UTC))

    def staff(role: str) -> Client:
        raise AssertionError(role)

    return City(house_id, "borgo", staff)


def through_wechat(client: Client, town: City, consumer: str = "") -> str:
    """Press the button, let WeChat say who this is, come back; the address with its code."""
    asked = client.get(f"{town.url}wechat/", headers=INSIDE)
    assert asked.status_code == 302
    query = {"consumer": consumer} if consumer else {}
    with httpx.Client(trust_env=False) as phone:
        back = phone.get(httpx.URL(asked["Location"]).copy_merge_params(query))
    parts = urlsplit(back.headers["location"])
    assert parts.path == f"{town.url}wechat/"
    return f"{parts.path}?{parts.query}"


def test_the_button_is_there_inside_wechat_only(town: City) -> None:
    inside = Client().get(town.url, headers=INSIDE).content.decode()
    outside = Client().get(town.url, headers={"accept-language": "en"}).content.decode()

    assert "Come in with WeChat" in inside
    assert "Come in with WeChat" not in outside


def test_one_letter_says_whose_wechat_it_is_and_from_then_on_it_is_enough(town: City) -> None:
    phone = Client(headers=INSIDE)
    stranger = phone.get(through_wechat(phone, town), follow=True).content.decode()

    linked = phone.post(town.link("anna@lanterna.example", phone), follow=True).content.decode()
    phone.post(f"{town.url}leave/")
    again = phone.get(through_wechat(phone, town), follow=True).content.decode()

    assert "We do not know this WeChat yet" in stranger
    assert "one tap in WeChat" in linked
    assert "anna@lanterna.example" in again


def test_a_wechat_is_of_the_account_that_linked_it_last(town: City) -> None:
    for email in ("anna@lanterna.example", "bruno@neve.example"):
        client = town.partner(email)
        client.get(through_wechat(client, town))

    assert dict(Account.objects.exclude(openid="").values_list("email", "house_id")) == {
        "bruno@neve.example": town.id
    }


def test_a_code_with_another_state_and_a_code_used_before_open_nothing(town: City) -> None:
    anna = town.partner("anna@lanterna.example")
    address = through_wechat(anna, town)
    anna.get(address)
    code = parse_qs(urlsplit(address).query)["code"][0]

    victim = Client(headers=INSIDE)
    foreign = victim.get(f"{town.url}wechat/", {"code": code, "state": "guessed"})
    again = anna.get(address)

    assert foreign.status_code == 403 and "did not say who you are" in foreign.content.decode()
    assert again.status_code == 403
    spent = Client(headers=INSIDE)
    fresh = through_wechat(spent, town)
    state = parse_qs(urlsplit(fresh).query)["state"][0]
    assert spent.get(f"{town.url}wechat/", {"code": code, "state": state}).status_code == 503
