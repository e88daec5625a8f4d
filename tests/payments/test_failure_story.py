"""The failure story, line by line, over the wire: real operations, real doors, a sandbox that does the wrong thing.

Each test is named as its line in docs/failure-story.md; the crash points have theirs in tests/storm.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seta.kit.clock import beijing_day
from seta.kit.money import convert
from seta.payments.rules.quotes import less_spread
from seta.platforms.wechatpay import WeChatPay
from tests.payments.test_polling import METHODS
from tests.sandbox_server import RunningSandbox, free_port
from tests.storm.conftest import empty_databases
from tests.storm.relay import Relay, relaying
from tests.storm.shop import AMOUNT, Shop, now, today
from tests.storm.yard import Template, Yard, yard

__all__ = ["empty_databases"]

pytestmark = pytest.mark.slow

STORE = "postgres" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox_process: RunningSandbox,
    empty_databases: dict[str, Template],
) -> Iterator[tuple[Yard, Relay]]:
    """A yard whose server's doors stand behind a relay."""
    folder = tmp_path_factory.mktemp("story")
    with yard(folder, sandbox_process, empty_databases[STORE], name="story") as made:
        made.server_port = free_port()
        made.serve()
        with relaying(made.port, f"http://127.0.0.1:{made.server_port}") as relay:
            yield made, relay


@pytest.fixture
def shop(
    request: pytest.FixtureRequest, place: tuple[Yard, Relay], sandbox: RunningSandbox
) -> Iterator[Shop]:
    """A new house in a fresh world; the house before gives its accounts up."""
    made, relay = place
    hand = made.hand()
    given_up = "SET app_id = 'gone-' || id WHERE app_id NOT LIKE 'gone-%'"
    hand.do("sql", statement=f"UPDATE houses_platformaccount {given_up}")
    relay.letters.clear()
    relay.statuses.clear()
    relay.change = None
    house_id = hand.do(
        "found",
        config=sandbox.config,
        base_url=sandbox.base_url,
        code=f"story-{abs(hash(request.node.name))}",
    )
    yield Shop(hand, house_id, sandbox, relay)
    hand.kill()


def merchant(sandbox: RunningSandbox) -> WeChatPay:
    """The house's own keys in somebody else's hands: another till, or a system beside Seta."""
    names = (
        "mchid",
        "appid",
        "apiv3_key",
        "merchant_serial",
        "merchant_private_key",
        "public_key_id",
        "public_key",
    )
    return WeChatPay(**{name: sandbox.config["wechat"][name] for name in names}, base_url=sandbox.base_url)


def charges(shop: Shop) -> int:
    """How often a barcode was sent to be charged."""
    entries = shop.sandbox.journal(direction="in")
    return sum("codepay" in entry["path"] or "alipay.trade.pay" in entry["path"] for entry in entries)


@pytest.mark.parametrize("provider", METHODS)
def test_timeout_before_commit_at_the_provider(shop: Shop, provider: str) -> None:
    card = shop.open(METHODS[provider])
    match = "codepay" if provider == "wechat" else "gateway.do"
    shop.fault("timeout_before", match, value=0.1)

    sent = shop.charge(card, provider)
    early = (shop.sweep(seconds=5), shop.state(card))
    shop.sweep(seconds=40)

    assert sent["done"]["state"] == "unknown"
    assert early == (1, "processing")
    assert shop.state(card) == "failed"
    assert shop.look(card)["journals"] == []
    assert shop.charge(shop.open(METHODS[provider]), provider)["done"]["state"] == "succeeded"


@pytest.mark.parametrize("provider", METHODS)
def test_timeout_after_commit_at_the_provider(shop: Shop, provider: str) -> None:
    card = shop.open(METHODS[provider])
    match = "codepay" if provider == "wechat" else "gateway.do"
    # Alipay notifies barcodes too, and could be quicker than our question.
    shop.fault("drop", "trade_status_sync", times=10)
    shop.fault("timeout", match, value=0.1)

    sent = shop.charge(card, provider)
    again = shop.charge(card, provider, now=now(seconds=5))

    assert sent["done"]["state"] == "unknown"
    assert again["done"]["state"] == "succeeded"
    assert (charges(shop), len(shop.look(card)["journals"])) == (1, 1)


@pytest.mark.parametrize("provider", METHODS)
def test_500_after_success(shop: Shop, provider: str) -> None:
    card = shop.open(METHODS[provider])
    shop.fault("drop", "trade_status_sync", times=10)
    shop.fault("500_after", "codepay" if provider == "wechat" else "gateway.do")

    sent = shop.charge(card, provider)
    shop.sweep(seconds=5)

    assert sent["done"]["state"] == "unknown"
    assert shop.state(card) == "succeeded"
    assert (charges(shop), len(shop.look(card)["journals"])) == (1, 1)


def test_500_after_an_accepted_refund(shop: Shop) -> None:
    shop.sandbox.control("payment_settings", provider="wechat", refund_mode="success")
    card = shop.paid()
    # Its notification could be quicker than the repeats.
    shop.fault("drop", "REFUND.SUCCESS", times=10)
    shop.fault("500_after", "/v3/refund/domestic/refunds", times=3)

    sent = shop.refund(card, 300_000)
    shop.sweep(seconds=30)

    assert sent["done"]["state"] == "unknown"
    (back,) = shop.look(card)["refunds"]
    assert back["state"] == "succeeded"
    order = merchant(shop.sandbox).query_refund(back["number"])
    assert (order.status, order.refund) == ("SUCCESS", 300_000)
    assert shop.balance("receivable:wechatpay CNY") == AMOUNT - 300_000


def test_duplicate_notification(shop: Shop) -> None:
    card = shop.shown()
    shop.fault("duplicate", "TRANSACTION.SUCCESS")

    shop.client_pays(card)

    assert shop.relay.statuses == [204, 204]
    assert len(shop.look(card)["journals"]) == 1
    assert shop.books()["facts"]["payments.payment.succeeded"] == 1


def test_reordered_notification(shop: Shop) -> None:
    card = shop.shown()
    shop.fault("drop", "TRANSACTION.SUCCESS")
    shop.client_pays(card)
    shop.sweep(seconds=5)
    back = shop.refund(card, 300_000)["done"]

    shop.sandbox.control("refund_settle", provider="wechat", out_refund_no=back["out_refund_no"])
    shop.sandbox.control("advance", seconds=16)

    labels = [entry["note"] for entry in shop.sandbox.journal(direction="out") if entry["status"]]
    assert [label.split()[0] for label in labels] == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]
    found = shop.look(card)
    assert (found["state"], found["refunds"][0]["state"]) == ("succeeded", "succeeded")
    assert len(found["journals"]) == 2 and shop.breaks() == []


def test_lost_notification(shop: Shop) -> None:
    card = shop.shown()
    shop.fault("drop", "TRANSACTION.SUCCESS", times=16)
    shop.client_pays(card)

    before = shop.state(card)
    shop.sweep(seconds=5)

    assert (before, shop.state(card)) == ("requires_action", "succeeded")
    assert shop.relay.statuses == []


def test_tampered_notification(shop: Shop) -> None:
    card = shop.shown()
    shop.relay.change = lambda letter: replace(letter, body=letter.body.replace(b"SUCCESS", b"SUCCESs", 1))
    shop.client_pays(card)
    before = shop.state(card)
    shop.relay.change = None

    shop.sandbox.control("advance", seconds=16)

    assert shop.relay.statuses == [401, 204]
    assert (before, shop.state(card)) == ("requires_action", "succeeded")


def test_replayed_notification(shop: Shop) -> None:
    card = shop.paid()
    shop.sandbox.control("payment_settings", provider="wechat", refund_mode="success")
    shop.refund(card, AMOUNT)
    (letter, *_) = shop.relay.letters
    before = shop.look(card)

    answers = [shop.relay.pass_on(letter).status_code for _ in range(3)]
    other_door = replace(letter, path="/callbacks/wechatpay/999999")

    assert answers == [204] * 3
    assert shop.look(card) == before
    assert shop.balance("merchant:house EUR") == 0
    assert shop.relay.pass_on(other_door).status_code == 404


def test_probing_notification(shop: Shop) -> None:
    card = shop.shown()
    shop.fault("sign_test", "TRANSACTION.SUCCESS")
    shop.client_pays(card)
    before = shop.state(card)

    shop.sandbox.control("advance", seconds=16)

    (probe, _) = shop.relay.letters
    signature = next(value for name, value in probe.headers.items() if name.lower() == "wechatpay-signature")
    assert signature.startswith("WECHATPAY/SIGNTEST/")
    assert shop.relay.statuses == [401, 204]
    assert (before, shop.state(card)) == ("requires_action", "succeeded")


def test_wrong_amount_in_a_validly_signed_notification(shop: Shop) -> None:
    card = shop.open()
    account = shop.hand.do("account_id", house_id=shop.house_id, family="wechatpay")
    merchant(shop.sandbox).jsapi(
        out_trade_no=card["out_trade_no"],
        description="foulard",
        total=1,
        openid=shop.openid,
        notify_url=f"{shop_url(shop)}/callbacks/wechatpay/{account}",
    )

    shop.client_pays(card)

    assert shop.relay.statuses == [204], "sending it again would not make it right"
    assert shop.look(card)["state"] == "requires_confirmation" and shop.look(card)["journals"] == []
    assert shop.breaks() == [(f"P:{card['out_trade_no']}", "amount_mismatch")]


def shop_url(shop: Shop) -> str:
    """Seta's public address, as it stands in what it sends."""
    probe = shop.shown(reference="probe")
    placed = str(shop.sandbox.journal(direction="in")[-1]["request"])
    shop.hand.do("cancel", intent_id=probe["intent_id"])
    return "http" + placed.split('"notify_url":', 1)[1].split('"http', 1)[1].split("/callbacks", 1)[0]


def test_clock_skew(shop: Shop) -> None:
    near, far = shop.shown(reference="near"), shop.shown(reference="far")
    shop.sandbox.control("advance", seconds=250, signatures=True)
    shop.client_pays(near)
    accepted = shop.state(near)

    shop.sandbox.control("advance", seconds=150, signatures=True)
    shop.client_pays(far)
    shop.sweep(seconds=10)

    assert accepted == "succeeded"
    assert shop.relay.statuses == [204, 401]
    assert shop.look(far)["journals"] == []
    assert shop.state(far) in ("unknown", "requires_action"), "it stays open until the clocks agree"


def test_key_rotation_mid_flight(shop: Shop) -> None:
    card = shop.shown()
    shop.sandbox.control("payment_settings", provider="wechat", notice_key="both")
    shop.fault("drop", "TRANSACTION.SUCCESS")
    shop.client_pays(card)

    shop.sandbox.control("advance", seconds=16)

    (letter,) = shop.relay.letters
    serial = next(value for name, value in letter.headers.items() if name.lower() == "wechatpay-serial")
    assert serial == shop.sandbox.config["wechat"]["platform_serial"], (
        "the order was placed under the other key"
    )
    assert shop.relay.statuses == [204]
    assert shop.state(card) == "succeeded"


def test_userpaying_then_paid_during_reverse(shop: Shop) -> None:
    shop.sandbox.control("next_codepay", provider="wechat", outcome="USERPAYING")
    card = shop.open("wechat_barcode")
    waiting = shop.charge(card)["done"]["state"]
    shop.fault("slow", "/reverse", value=1.0)
    seen = len(shop.sandbox.journal(direction="in"))
    shop.hand.tell("poll_barcode", intent_id=card["intent_id"], now=now(seconds=46))
    while len(shop.sandbox.journal(direction="in")) == seen:
        threading.Event().wait(0.02)

    shop.client_pays(card)
    reversed_ = shop.hand.hear()["done"]["state"]
    shop.bill()
    bill = shop.close_day()["done"]

    assert (waiting, reversed_) == ("processing", "reversed")
    assert merchant(shop.sandbox).query(out_trade_no=card["out_trade_no"]).trade_state == "REVOKED"
    assert bill["breaks"] == [] and bill["rows"] == 2, "paid, and given back by the reverse"
    assert set(shop.books()["balances"].values()) <= {0}


def test_refund_with_an_empty_cny_pool(shop: Shop) -> None:
    card = shop.paid()
    shop.sandbox.control("payment_settings", provider="wechat", cny_pool=0, refund_mode="success")

    waiting = shop.refund(card, AMOUNT)["done"]
    unbooked = len(shop.look(card)["journals"])
    shop.sandbox.control("payment_settings", provider="wechat", cny_pool=AMOUNT, refund_mode="success")
    shop.sweep(hours=2)

    (back,) = shop.look(card)["refunds"]
    assert (waiting["state"], unbooked) == ("pending_funds", 1)
    assert (back["state"], back["number"]) == ("succeeded", waiting["out_refund_no"])
    assert shop.balance("merchant:house EUR") == 0


def test_partial_refund_on_both_sides_of_a_rate_change(shop: Shop) -> None:
    shop.sandbox.control("payment_settings", provider="wechat", refund_mode="success")
    card = shop.paid()

    first = shop.refund(card, 300_000, key="k1")["done"]
    shop.hand.do("set_rate", house_id=shop.house_id, currency="EUR", scaled=14_000_000)
    second = shop.refund(card, AMOUNT - 300_000, key="k2", now=now(seconds=61))["done"]

    assert first["settle_amount"] + second["settle_amount"] == card["settle_amount"]
    assert {name: value for name, value in shop.books()["balances"].items() if value} == {}


def test_partial_refund_at_the_rate_of_its_day(shop: Shop) -> None:
    shop.sandbox.control("payment_settings", provider="wechat", refund_mode="success")
    shop.hand.do("set_terms", house_id=shop.house_id, refund_policy="refund_day", spread_bps=50)
    card = shop.paid()
    owed = -shop.balance("merchant:house EUR")

    shop.hand.do("set_rate", house_id=shop.house_id, currency="EUR", scaled=14_000_000)
    back = shop.refund(card, 300_000)["done"]

    cost = convert(300_000, less_spread(14_000_000, 50))
    assert back["state"] == "succeeded"
    assert shop.balance("fx:gain_loss EUR") == cost - back["settle_amount"] > 0, "the day's rate is our loss"
    given = owed + shop.balance("merchant:house EUR")
    kept = back["settle_amount"] - given
    assert abs(kept - back["settle_amount"] // 100) <= 1, (
        "the house gives up what it was promised, less our fee"
    )


def test_expired_quote_paid_late(shop: Shop) -> None:
    card = shop.shown()
    shop.sandbox.control("advance", seconds=40 * 60)
    shop.hand.do("set_rate", house_id=shop.house_id, currency="EUR", scaled=12_000_000)
    shop.client_pays(card)
    owed = -shop.balance("merchant:house EUR")
    day = beijing_day(now(minutes=40)).isoformat()
    shop.sandbox.control("make_bill", provider="wechat", date=day)
    shop.hand.do("close_day", house_id=shop.house_id, provider="wechat", day=day)

    done = shop.hand.do(
        "book_conversion",
        house_id=shop.house_id,
        provider="wechatpay",
        day=day,
        settle_currency="EUR",
        scaled=12_000_000,
    )

    worth = done["received"] + done["fee_value"]
    assert shop.look(card)["state"] == "succeeded"
    assert owed == card["settle_amount"] - card["settle_amount"] // 100, (
        "the rate that was locked, less our fee"
    )
    assert shop.balance("fx:gain_loss EUR") == card["settle_amount"] - worth > 0, "the difference is our loss"
    assert shop.balance("fx:clearing EUR") == shop.balance("fx:clearing CNY") == 0


def test_bill_late(shop: Shop) -> None:
    card = shop.paid()

    early = shop.close_day()
    shop.bill()
    done = shop.close_day()["done"]

    assert early["platform"] in ("busy", "state", "invalid")
    assert (done["counts"], shop.breaks()) == ({"matched": 1}, [])
    assert shop.state(card) == "succeeded"


def test_bill_truncated(shop: Shop) -> None:
    shop.paid(reference="S-1")
    shop.paid(reference="S-2")
    shop.bill()
    content = merchant(shop.sandbox).trade_bill(today())

    refusals = [reconcile(shop, content[:-cut]).get("refused") for cut in (9, 80, 400)]
    kept = shop.hand.do("sql", statement=f"SELECT count(*) FROM payments_bill WHERE house_id={shop.house_id}")
    whole = reconcile(shop, content)["done"]

    assert refusals == ["bad_bill"] * 3 and kept == [[0]]
    assert whole["counts"] == {"matched": 2}


def reconcile(shop: Shop, content: bytes) -> dict[str, Any]:
    """Hold the bytes of a bill against the books."""
    return shop.hand.outcome(
        "reconcile_bill",
        house_id=shop.house_id,
        provider="wechat",
        day=today().isoformat(),
        content=content.hex(),
    )


def test_bill_with_duplicate_rows(shop: Shop) -> None:
    card = shop.paid()
    shop.bill()
    content = merchant(shop.sandbox).trade_bill(today())

    done = reconcile(shop, doubled(content))["done"]

    assert [(one["key"], one["category"]) for one in done["breaks"]] == [
        (f"P:{card['out_trade_no']}", "duplicate_in_bill")
    ]
    assert len(shop.look(card)["journals"]) == 1, "nothing is booked twice for it"


def doubled(content: bytes) -> bytes:
    """A bill of one line with that line twice, and totals that say so."""
    head, row, totals_head, totals, end = content.decode().split("\r\n")
    cells = [cell.lstrip("`") for cell in totals.split(",")]
    sums = [str(2 * int(cells[0])), *(f"{2 * float(cell):.{len(cell.split('.')[1])}f}" for cell in cells[1:])]
    totals = ",".join("`" + cell for cell in sums)
    return "\r\n".join([head, row, row, totals_head, totals, end]).encode()


def test_bill_with_an_unknown_order(shop: Shop) -> None:
    shop.paid()
    planted = shop.bill(plant="extra")["planted"]

    done = shop.close_day()["done"]

    assert done["counts"] == {"matched": 1, "missing_in_ledger": 1}
    assert shop.breaks() == [(f"P:{planted['out_trade_no']}", "missing_in_ledger")]


def test_settlement_below_the_minimum(shop: Shop) -> None:
    card = shop.paid()
    settle = {"house_id": shop.house_id, "currency": "EUR", "day": (today() + timedelta(days=1)).isoformat()}
    shop.hand.do("set_terms", house_id=shop.house_id, settlement_minimum=card["settle_amount"])

    waiting = shop.hand.do("settle", **settle)
    shop.paid(reference="S-2")
    done = shop.hand.do("settle", **settle)

    assert (waiting["state"], waiting["batch_id"]) == ("below_minimum", None)
    assert (done["state"], done["lines"]) == ("prepared", 2)
    assert shop.balance("merchant:house EUR") == 0


def test_merchant_balance_negative_after_refunds(shop: Shop) -> None:
    card = shop.paid()
    day = (today() + timedelta(days=1)).isoformat()
    shop.hand.do("settle", house_id=shop.house_id, currency="EUR", day=day)

    refused = shop.refund(card, 300_000)
    merchant(shop.sandbox).refund(
        out_trade_no=card["out_trade_no"], out_refund_no="BY-HAND-1", refund=300_000, total=AMOUNT, reason="x"
    )
    shop.bill()
    shop.close_day()

    assert refused["refused"] == "refund_unfunded"
    assert shop.look(card)["refunds"] == []
    assert shop.balance("merchant:house EUR") == 0, "never below nothing"
    assert sorted(shop.breaks()) == [
        ("F:R:BY-HAND-1", "missing_in_ledger"),
        ("R:BY-HAND-1", "missing_in_ledger"),
    ], "somebody refunded it past Seta: the trade bill and the fund bill both tell"
