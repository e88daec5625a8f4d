"""WeChat Pay abroad against the sandbox: prices in euro, an institution's merchant, refunds, settlement, rotation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from seta.kit.money import Money
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.wechatpay import CrossBorder, Direct, Institution, WeChatPay, read_global_transaction
from tests.sandbox_server import RunningSandbox

NOTIFY = "https://shop.test/callbacks/wechatpay/1"
PRICE = Money(120_000, "EUR")
YUAN = Money(938_815, "CNY")


def wechat(sandbox: RunningSandbox, **changes: Any) -> WeChatPay:
    config = sandbox.config["wechat"]
    names = ("mchid", "appid", "apiv3_key", "merchant_serial", "merchant_private_key")
    modes = {name: config[name] for name in ("public_key_id", "public_key")}
    return WeChatPay(
        **{name: config[name] for name in names},
        **(modes | changes),
        base_url=sandbox.base_url,
        pause=lambda _: None,
    )


def direct(sandbox: RunningSandbox) -> CrossBorder:
    config = sandbox.config["wechat"]
    return wechat(sandbox).cross_border(Direct(config["mchid"], config["appid"]))


def institution(sandbox: RunningSandbox) -> CrossBorder:
    config = sandbox.config["wechat"]
    merchant = Institution(config["mchid"], config["appid"], config["sub_mchid"])
    return wechat(sandbox).cross_border(merchant)


def order(sandbox: RunningSandbox, shop: CrossBorder, number: str = "SETA0001") -> str:
    return shop.jsapi(
        out_trade_no=number,
        description="丝巾",
        price=PRICE,
        openid=sandbox.config["wechat"]["openid"],
        notify_url=NOTIFY,
        category="5691",
    )


def beijing_today() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()


@pytest.mark.parametrize("mode", [direct, institution])
def test_a_price_in_euro_is_paid_in_yuan_and_refunded_once(sandbox: RunningSandbox, mode: Any) -> None:
    shop: CrossBorder = mode(sandbox)
    order(sandbox, shop)
    before = shop.query("SETA0001")
    sandbox.control("pay", out_trade_no="SETA0001")

    paid = shop.query("SETA0001")
    refunds = [
        shop.refund(out_trade_no="SETA0001", out_refund_no="R1", refund=Money(60_000, "EUR"), total=PRICE)
        for _ in range(2)
    ]
    sandbox.control("refund_settle", out_refund_no="R1")

    assert (before.paid, before.payer) == (False, None)
    assert (paid.paid, paid.total, paid.payer, paid.rate) == (True, PRICE, YUAN, 782_345_678)
    assert refunds[0] == refunds[1]
    assert (refunds[0].payer, shop.query_refund("R1").status) == (Money(469_408, "CNY"), "SUCCESS")


def test_a_second_part_within_a_minute_is_refused_for_its_rate(sandbox: RunningSandbox) -> None:
    shop = direct(sandbox)
    order(sandbox, shop)
    sandbox.control("pay", out_trade_no="SETA0001")

    def refund(number: str) -> str:
        part = Money(100, "EUR")
        return shop.refund(
            out_trade_no="SETA0001", out_refund_no=number, refund=part, total=PRICE
        ).out_refund_no

    refund("R1")
    with pytest.raises(PlatformError) as refused:
        refund("R2")
    sandbox.control("advance", seconds=61)

    assert (refused.value.kind, refused.value.retryable) == (ErrorKind.RATE, True)
    assert refund("R2") == "R2"


def test_an_empty_pool_asks_for_patience(sandbox: RunningSandbox) -> None:
    shop = direct(sandbox)
    order(sandbox, shop)
    sandbox.control("pay", out_trade_no="SETA0001")
    sandbox.control("payment_settings", converts_daily=True)

    with pytest.raises(PlatformError) as refused:
        shop.refund(out_trade_no="SETA0001", out_refund_no="R1", refund=PRICE, total=PRICE)

    assert (refused.value.code, refused.value.retryable) == ("NOT_ENOUGH", True)


def test_a_scanned_code_is_charged_waits_and_is_reversed(sandbox: RunningSandbox) -> None:
    shop = institution(sandbox)

    def charge(number: str) -> str:
        code = sandbox.control("payment_code")["auth_code"]
        return shop.micropay(
            out_trade_no=number, description="包", price=PRICE, auth_code=code, category="5691"
        ).trade_state

    assert charge("SETA0001") == "SUCCESS"
    sandbox.control("next_codepay", outcome="USERPAYING")
    assert charge("SETA0002") == "USERPAYING"
    with pytest.raises(PlatformError) as waiting:
        shop.reverse("SETA0002")
    shop.reverse("SETA0001")

    assert waiting.value.retryable
    assert shop.query("SETA0001").trade_state == "REVOKED"


def test_a_code_is_shown_and_closed(sandbox: RunningSandbox) -> None:
    shop = direct(sandbox)
    url = shop.native(
        out_trade_no="SETA0001", description="x", price=PRICE, notify_url=NOTIFY, category="5691"
    )

    shop.close("SETA0001")

    assert url.startswith("weixin://")
    assert shop.query("SETA0001").trade_state == "CLOSED"


def test_a_statement_is_checked_by_its_hash_and_payouts_are_listed(sandbox: RunningSandbox) -> None:
    shop = direct(sandbox)
    order(sandbox, shop)
    sandbox.control("pay", out_trade_no="SETA0001")
    sandbox.control("make_bill", provider="wechat", date=beijing_today().isoformat())

    assert b"`SETA0001" in shop.statement(beijing_today())
    waiting = shop.settlements(beijing_today(), beijing_today(), is_settled=False)
    sandbox.control("advance", seconds=86_400)
    payouts = shop.settlements(beijing_today(), beijing_today() + timedelta(days=2))

    assert waiting == []
    assert [(payout.settled, payout.fee, payout.currency) for payout in payouts] == [(119_280, 720, "EUR")]
    assert payouts[0].settled_on == payouts[0].last_trade_on + timedelta(days=1)


def test_a_client_in_certificate_mode_follows_a_replaced_certificate(sandbox: RunningSandbox) -> None:
    shop = wechat(sandbox, public_key_id="", public_key="")
    for step in ("begin", "switch", "end"):
        made = sandbox.control("rotate_certificate", step=step)
        with pytest.raises(PlatformError) as missing:
            shop.query(out_trade_no="SETA0001")
        assert not isinstance(missing.value, Forged)

    assert made["signs"] in shop.notification_keys().verifiers


def test_a_system_error_after_the_work_is_repeated_with_the_same_parameters(
    sandbox: RunningSandbox,
) -> None:
    shop = direct(sandbox)
    order(sandbox, shop)
    sandbox.control("pay", out_trade_no="SETA0001")
    sandbox.control("fault", match="/refunds", kind="errcode", value="SYSTEM_ERROR_DONE")

    found = shop.refund(out_trade_no="SETA0001", out_refund_no="R1", refund=Money(100, "EUR"), total=PRICE)

    assert found.refund == Money(100, "EUR")
    assert [entry["status"] for entry in sandbox.journal(family="wechatpay")][-2:] == [500, 200]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"amount": []},
        {"out_trade_no": "A", "trade_state": "SUCCESS", "amount": {"total": "1", "currency": "EUR"}},
        {"out_trade_no": "A", "trade_state": "SUCCESS", "amount": {"total": 1, "currency": "eur"}},
    ],
)
def test_what_is_no_order_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not an? "):
        read_global_transaction(fields)
