"""SDKs written by others pay, refund and verify Seta's own orders, and agree with Seta's books about every one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.judges.environment import environment, run
from tests.judges.sdks import CALLERS, HERE
from tests.sandbox_server import RunningSandbox, free_port
from tests.storm.conftest import empty_databases
from tests.storm.relay import relaying
from tests.storm.shop import Shop, now
from tests.storm.yard import Template, yard

__all__ = ["empty_databases"]

pytestmark = [pytest.mark.judge, pytest.mark.slow]

AMOUNTS = (938_815, 100, 9, 4_999_999)


@pytest.fixture
def shop(tmp_path: Path, sandbox: RunningSandbox, empty_databases: dict[str, Template]) -> Iterator[Shop]:
    """A house with real doors, whose letters are kept as they came."""
    with yard(tmp_path, sandbox, empty_databases["sqlite"], name="agreement") as made:
        made.server_port = free_port()
        made.serve()
        with relaying(made.port, f"http://127.0.0.1:{made.server_port}") as relay:
            sandbox.control("payment_settings", provider="wechat", refund_mode="success")
            yield Shop(made.hand(), made.house_id, sandbox, relay)


def letters(shop: Shop, source: str) -> list[dict[str, Any]]:
    """The notifications of a provider, as they were sent."""
    return [
        {"headers": dict(one.headers), "body": one.body.decode()}
        for one in shop.relay.letters
        if f"/{source}/" in one.path
    ]


def ours(shop: Shop) -> dict[str, dict[str, Any]]:
    """Seta's payments by the number that the provider knows."""
    found = shop.hand.do("payments", house_id=shop.house_id)
    return {one["out_trade_no"]: one for one in found}


def left_to_the_sdk(shop: Shop, method: str, provider: str) -> dict[str, Any]:
    """A barcode that never reached its provider, for the SDK to pay under the same number."""
    card = shop.open(method, reference="by-sdk", amount=77_777)
    shop.fault("timeout_before", "*", value=0.05, about=card["out_trade_no"])
    shop.charge(card, provider)
    code = shop.sandbox.control("payment_code", provider=provider)["auth_code"]
    return {"out_trade_no": card["out_trade_no"], "amount": 77_777, "auth_code": code}


def refund_left_to_the_sdk(shop: Shop, card: dict[str, Any], amount: int) -> dict[str, Any]:
    """A refund that never reached its provider, for the SDK to send under the same number."""
    shop.fault("timeout_before", "*", value=0.05, times=3, about=card["out_trade_no"])
    back = shop.refund(card, amount, key="by-sdk", now=now(seconds=61))["done"]
    assert back["state"] == "unknown"
    return {
        "out_trade_no": card["out_trade_no"],
        "out_refund_no": back["out_refund_no"],
        "amount": amount,
        "total": card["amount"],
    }


def test_wechatpayv3_agrees_about_every_order(shop: Shop) -> None:
    cards = [shop.paid(reference=f"S-{amount}", amount=amount) for amount in AMOUNTS]
    open_one = shop.shown(reference="open", amount=5_000)
    closed = shop.shown(reference="closed", amount=6_000)
    shop.hand.do("cancel", intent_id=closed["intent_id"])
    done = shop.refund(cards[0], 300_000)["done"]
    given: dict[str, Any] = {
        "config": shop.sandbox.config,
        "base_url": shop.sandbox.base_url,
        "charge": [left_to_the_sdk(shop, "wechat_barcode", "wechat")],
        "refund": [refund_left_to_the_sdk(shop, cards[3], 1_000_000)],
        "letters": letters(shop, "wechatpay"),
    }
    given["orders"] = list(ours(shop))
    given["refunds"] = [done["out_refund_no"], given["refund"][0]["out_refund_no"]]

    found = run(environment("wechatpayv3", ("wechatpayv3==2.0.4",)), HERE / "agreement_wechatpayv3.py", given)
    shop.sweep(seconds=90)
    books = ours(shop)

    states = {
        "SUCCESS": "succeeded",
        "REFUND": "succeeded",
        "NOTPAY": "requires_action",
        "CLOSED": "canceled",
    }
    theirs = {
        number: (states[order["trade_state"]], order["amount"]["total"], order["amount"]["currency"])
        for number, order in found["orders"].items()
    }
    assert theirs == {number: (one["state"], one["amount"], "CNY") for number, one in books.items()}
    assert books[open_one["out_trade_no"]]["state"] == "requires_action"
    assert {number: (one["status"], one["amount"]["refund"]) for number, one in found["refunds"].items()} == {
        back["number"]: ("SUCCESS", back["amount"]) for one in books.values() for back in one["refunds"]
    }
    assert [one["http"] for one in [*found["charged"], *found["refunded"]]] == [200, 200]
    opened = [one["resource"] for one in found["opened"]]
    paid = {one["out_trade_no"]: one["amount"]["total"] for one in opened if "refund_id" not in one}
    assert paid == {card["out_trade_no"]: card["amount"] for card in cards}
    assert balance(books, "wechatpay") == shop.balance("receivable:wechatpay CNY")


def test_python_alipay_sdk_agrees_about_every_trade(shop: Shop) -> None:
    cards = [shop.open("alipay_barcode", reference=f"S-{amount}", amount=amount) for amount in AMOUNTS]
    for card in cards:
        assert shop.charge(card, "alipay")["done"]["state"] == "succeeded"
    done = shop.refund(cards[0], 300_000)["done"]
    waiting = refund_left_to_the_sdk(shop, cards[3], 1_000_000)
    given: dict[str, Any] = {
        "config": shop.sandbox.config,
        "base_url": shop.sandbox.base_url,
        "charge": [left_to_the_sdk(shop, "alipay_barcode", "alipay")],
        "refund": [waiting],
        "refund_queries": [
            {"out_trade_no": cards[0]["out_trade_no"], "out_refund_no": done["out_refund_no"]},
            waiting,
        ],
    }
    given["letters"] = letters(shop, "alipay")
    given["orders"] = list(ours(shop))

    found = run(
        environment("alipay", CALLERS["python-alipay-sdk 3.4.0"].pins), HERE / "agreement_alipay.py", given
    )
    shop.sweep(seconds=90)
    books = ours(shop)

    theirs = {
        number: (one["trade_status"], fen(one["total_amount"])) for number, one in found["orders"].items()
    }
    assert theirs == {number: ("TRADE_SUCCESS", one["amount"]) for number, one in books.items()}
    assert {one["state"] for one in books.values()} == {"succeeded"}
    assert {number: fen(one["refund_amount"]) for number, one in found["refunds"].items()} == {
        back["number"]: back["amount"]
        for one in books.values()
        for back in one["refunds"]
        if back["state"] == "succeeded"
    }
    assert found["charged"][0]["code"] == "10000" and found["refunded"][0]["fund_change"] == "Y"
    opened = found["opened"]
    assert None not in opened and {one["out_trade_no"] for one in opened} >= {
        card["out_trade_no"] for card in cards
    }
    assert balance(books, "alipay") == shop.balance("receivable:alipay CNY")


def balance(books: dict[str, dict[str, Any]], provider: str) -> int:
    """What the provider holds for us, summed from the orders that both agree about."""
    return sum(
        one["amount"] - sum(back["amount"] for back in one["refunds"])
        for one in books.values()
        if one["provider"] == provider and one["state"] == "succeeded"
    )


def fen(yuan: str) -> int:
    """Decimal yuan as fen."""
    whole, _, part = yuan.partition(".")
    return int(whole) * 100 + int(part)
