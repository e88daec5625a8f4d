"""Webhooks and POS keys at the desk: opened, shown once, sent again, taken away, and nobody else's."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from seta.houses.models import Member
from seta.payments.models import Terminal
from seta.site import wiring
from seta.webhooks.models import Delivery, Endpoint
from seta.webhooks.operations import open_endpoint
from tests.desk.conftest import World

HOOKS, KEYS = "/desk/money/webhooks/", "/desk/money/pos-keys/"
PAID = "payments.payment.succeeded"


@pytest.fixture
def finance(world: World, settings: Settings) -> Client:
    """Finance of our house."""
    wiring.install()
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    return world.sign_in("finance")


def opened(client: Client, url: str = "https://erp.example.com/seta") -> str:
    """Open an address and give the page that answers."""
    answer = client.post(f"{HOOKS}open/", {"url": url, "facts": [PAID], "note": "ERP"})
    return answer.content.decode()


def test_an_address_is_opened_and_its_secret_is_seen_once(finance: Client) -> None:
    first = opened(finance)
    row = Endpoint.objects.get()

    later = finance.get(HOOKS).content.decode() + finance.get(f"{HOOKS}{row.pk}/").content.decode()

    assert re.search(r"whsec_[A-Za-z0-9+/=]{40,}", first)
    assert "whsec_" not in later
    assert row.url in later


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://erp.example.com/", "https://"),
        ("https://10.0.0.1/", "private network"),
        ("erp", "whole address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(finance: Client, url: str, words: str) -> None:
    answer = finance.post(f"{HOOKS}open/", {"url": url, "facts": [PAID]}, follow=True)

    assert words in answer.content.decode()
    assert Endpoint.objects.count() == 0


def test_each_button_of_an_address_does_what_it_says(finance: Client) -> None:
    opened(finance)
    row = Endpoint.objects.get()
    page = f"{HOOKS}{row.pk}/"

    finance.post(f"{page}ping/")
    sent = Delivery.objects.get()
    shown = finance.get(f"{HOOKS}deliveries/{sent.pk}/").content.decode()
    Delivery.objects.update(state="dead")
    finance.post(f"{HOOKS}deliveries/{sent.pk}/again/")
    changed = finance.post(f"{page}rotate/").content.decode()
    finance.post(f"{page}facts/", {"facts": ["boutique.order.paid"]})
    ranged = finance.post(f"{page}again/", {"first": "2026-11-01", "last": "2026-11-02"}, follow=True)
    finance.post(f"{page}switch/", {"on": "0"})

    row.refresh_from_db()
    assert "webhooks.endpoint.pinged" in shown
    assert Delivery.objects.get().state == "waiting"
    assert "whsec_" in changed
    assert "0 messages are in line again" in ranged.content.decode()
    assert (row.facts, row.state) == (["boutique.order.paid"], "disabled")


def test_a_key_is_issued_by_an_admin_for_a_boutique_and_seen_once(world: World, finance: Client) -> None:
    admin = world.sign_in("admin")
    point = re.search(r'<option value="([^"]+)"', admin.get(KEYS).content.decode())
    assert point is not None
    asked = {"name": "Till 1", "boutique": point[1], "scopes": ["payments.read"]}

    refused = finance.post(f"{KEYS}issue/", asked)
    first = admin.post(f"{KEYS}issue/", asked).content.decode()
    unknown = admin.post(f"{KEYS}issue/", {**asked, "boutique": "nowhere"}, follow=True)
    key = re.search(r"setatill_[0-9a-z]+", first)
    assert key is not None
    row = Terminal.objects.get()
    finance.post(f"{KEYS}{row.pk}/revoke/")

    assert refused.status_code == 403
    assert unknown.status_code == 200
    assert key[0] not in admin.get(KEYS).content.decode()
    answer = Client().get("/api/till/v1/me", headers={"authorization": f"Bearer {key[0]}"})
    assert answer.status_code == 401


def test_another_houses_webhook_is_no_page_and_an_associate_sees_none(world: World, finance: Client) -> None:
    opened(finance)
    row = Endpoint.objects.get()
    Endpoint.objects.update(house_id=world.theirs.id)

    assert finance.get(f"{HOOKS}{row.pk}/").status_code == 404
    assert finance.post(f"{HOOKS}{row.pk}/ping/").status_code == 404
    assert finance.post(f"{HOOKS}{row.pk}/rotate/").status_code == 404
    assert world.sign_in("associate").get(HOOKS).status_code == 403
    assert world.sign_in("associate").get(KEYS).status_code == 403


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "事件通知"), ("it", "Apri un indirizzo")])
def test_the_pages_speak_the_readers_language(finance: Client, language: str, words: str) -> None:
    finance.cookies["django_language"] = language

    assert words in finance.get(HOOKS).content.decode()


def test_a_cashier_of_another_boutique_finds_no_order_of_this_one(world: World) -> None:
    order = f"/desk/boutique/orders/{world.ours.order.order_id}/"
    cashier = world.sign_in("associate")
    before = cashier.get(order).status_code

    Member.objects.filter(user__username="associate").update(boutique_code="elsewhere")

    listed = cashier.get("/desk/boutique/orders/").content.decode()
    assert (before, cashier.get(order).status_code) == (200, 404)
    assert world.ours.order.number not in listed
    assert cashier.get(f"/desk/boutique/till/{world.ours.order.order_id}/").status_code == 404
    file = b"".join(cashier.get("/desk/boutique/orders.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert world.ours.order.number not in file


def test_an_addresses_page_shows_its_public_key_and_where_it_is_published(world: World) -> None:
    made = open_endpoint(
        house_id=world.ours.id,
        url="https://erp.example/hook",
        facts=["payments.payment.succeeded"],
        now=datetime.now(UTC),
    )
    client = world.sign_in("finance")

    page = client.get(f"/desk/money/webhooks/{made.endpoint_id}/").content.decode()

    assert made.public_key in page
    assert made.secret not in page
    assert f"/webhooks/v1/keys/{made.endpoint_id}" in page
    assert made.public_key in client.get(f"/webhooks/v1/keys/{made.endpoint_id}").content.decode()
