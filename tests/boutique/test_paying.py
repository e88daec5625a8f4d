"""An order's money over the wire: paid by the client, returned when it came too late, refunded in part."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from seta.boutique import operations, queries
from seta.boutique.operations.payment import CLOSED_REASON
from seta.events.operations import deliver_due
from seta.houses.operations import connect_account
from seta.payments import queries as payments
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import make_variant, paid_fact
from tests.payments.conftest import LetterBox, house_id, letters
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["house_id", "letters", "sandbox", "sandbox_process"]

BASE = "/api/mp/v1/boutique"


@pytest.fixture
def phone(house_id: int, sandbox: RunningSandbox) -> Client:
    """The mini program of a client whom the sandbox knows."""
    payer, now = sandbox.config["wechat"], datetime.now(UTC)
    secrets = {"secret": "s", "sub_template_id": "t"}
    connect_account(
        house_id=house_id,
        family="mini_program",
        app_id=payer["appid"],
        base_url=sandbox.base_url,
        secrets=secrets,
        now=now,
    )
    openid = IdentityKey("openid", payer["appid"], payer["openid"])
    person = recognise(house_id=house_id, identities=[openid], now=now)
    token = open_session(house_id=house_id, person_id=person, now=now)
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": "zh-CN"})


def order_and_pay(phone: Client, house_id: int, sandbox: RunningSandbox) -> dict[str, Any]:
    """Order a piece, open the pay sheet, and pay on the phone; the notification is on its way."""
    body = json.dumps({"lines": [{"variant_id": make_variant(house_id), "quantity": 1}], "source": "c=ss27"})
    order: dict[str, Any] = phone.post(f"{BASE}/orders", body, content_type="application/json").json()
    sheet = phone.post(f"{BASE}/orders/{order['order_id']}/pay", "{}", content_type="application/json").json()
    assert sheet["package"].startswith("prepay_id="), sheet
    view = queries.order(order_id=order["order_id"], house_id=house_id)
    assert view is not None
    assert view.intent_id is not None
    sandbox.control("pay", provider="wechat", out_trade_no=payments.intent(view.intent_id).out_trade_no)
    return order


def hear(letters: LetterBox) -> None:
    """Take what the provider sent, and let every hearer hear it."""
    letters.deliver()
    while deliver_due(now=datetime.now(UTC)):
        pass


def test_an_order_paid_on_the_phone_is_paid_by_the_providers_word(
    phone: Client, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    order = order_and_pay(phone, house_id, sandbox)
    before = phone.get(f"{BASE}/orders/{order['order_id']}").json()

    hear(letters)

    after = phone.get(f"{BASE}/orders/{order['order_id']}").json()
    assert (before["state"], before["settle_text"] != "") == ("placed", True)
    assert (after["state"], after["settle_text"]) == ("paid", before["settle_text"])


def test_money_that_comes_after_the_order_has_expired_goes_back_by_itself(
    phone: Client, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    order = order_and_pay(phone, house_id, sandbox)
    operations.expire_orders(datetime.now(UTC) + timedelta(minutes=16))

    hear(letters)

    (paid,) = payments.payments(house_id)
    (back,) = payments.payment(house_id, paid.id, now=datetime.now(UTC)).refunds
    assert (back.amount, back.reason) == (888_800, CLOSED_REASON)
    assert phone.get(f"{BASE}/orders/{order['order_id']}").json()["state"] == "expired"


def test_a_buyer_who_pays_twice_gets_the_second_payment_back_by_itself(
    phone: Client, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    order = order_and_pay(phone, house_id, sandbox)
    view = queries.order(order_id=order["order_id"], house_id=house_id)
    assert view is not None and view.intent_id is not None
    card = queries.OrderCard(view.id, view.number, view.total, view.currency, view.state, view.expires_at)
    operations.on_payment_succeeded(paid_fact(house_id, card, intent_id=10**6), datetime.now(UTC))

    hear(letters)

    (back,) = payments.payment(house_id, view.intent_id, now=datetime.now(UTC)).refunds
    after = queries.order(order_id=view.id, house_id=house_id)
    assert after is not None
    assert (after.state, after.paid_intent_id, after.refunded) == ("paid", 10**6, 0)
    assert (back.amount, back.reason) == (view.total, CLOSED_REASON)


def test_a_partial_refund_reaches_the_order_and_the_same_key_asks_once(
    phone: Client, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    order_id = order_and_pay(phone, house_id, sandbox)["order_id"]
    hear(letters)

    asked = [
        operations.refund_order(
            order_id=order_id, amount=100_000, reason="刺绣瑕疵", key="r1", now=datetime.now(UTC)
        )
        for _ in range(2)
    ]
    (paid,) = payments.payments(house_id)
    (back,) = payments.payment(house_id, paid.id, now=datetime.now(UTC)).refunds
    sandbox.control("refund_settle", provider="wechat", out_refund_no=back.out_refund_no)
    hear(letters)

    view = queries.order(order_id=order_id, house_id=house_id)
    assert view is not None
    assert asked[0].refund_id == asked[1].refund_id
    assert (view.state, view.refunded, len(view.refunds)) == ("partly_refunded", 100_000, 1)
