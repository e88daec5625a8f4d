"""WeChat Pay's client against the sandbox: a payment's whole life, and its bills."""

import gzip
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from seta.platforms.core.bills import BillRefused
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.wechatpay import WeChatPay
from seta.platforms.wechatpay.bill import parse_fund_bill, parse_trade_bill
from tests.sandbox_server import RunningSandbox

NOTIFY = "https://shop.test/callbacks/wechatpay/1"


def client(sandbox: RunningSandbox, **changes: Any) -> WeChatPay:
    config = sandbox.config["wechat"]
    names = ("mchid", "appid", "apiv3_key", "merchant_serial", "merchant_private_key")
    modes = {name: config[name] for name in ("public_key_id", "public_key")}
    return WeChatPay(
        **{name: config[name] for name in names},
        **(modes | changes),
        base_url=sandbox.base_url,
        pause=lambda _: None,
    )


def pay(sandbox: RunningSandbox, shop: WeChatPay, number: str, total: int) -> None:
    shop.jsapi(
        out_trade_no=number,
        description="丝巾",
        total=total,
        openid=sandbox.config["wechat"]["openid"],
        notify_url=NOTIFY,
    )
    sandbox.control("pay", provider="wechat", out_trade_no=number)


def beijing_today() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()


@pytest.mark.parametrize(
    "mode", [{}, {"public_key_id": "", "public_key": ""}], ids=["public key", "certificate"]
)
def test_order_is_placed_paid_and_queried(sandbox: RunningSandbox, mode: dict[str, str]) -> None:
    shop = client(sandbox, **mode)

    pay(sandbox, shop, "SETA0001", 128800)
    order = shop.query(out_trade_no="SETA0001")

    assert (order.trade_state, order.total, order.currency) == ("SUCCESS", 128800, "CNY")
    assert order.openid == sandbox.config["wechat"]["openid"]
    assert shop.query(transaction_id=order.transaction_id) == order
    assert shop.clock_skew_seconds is not None
    assert abs(shop.clock_skew_seconds) < 5


def test_unpaid_order_is_closed_and_a_paid_one_is_not(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    assert shop.native(out_trade_no="SETA0001", description="x", total=1, notify_url=NOTIFY).startswith(
        "weixin://"
    )
    pay(sandbox, shop, "SETA0002", 1)

    shop.close("SETA0001")

    assert shop.query(out_trade_no="SETA0001").trade_state == "CLOSED"
    with pytest.raises(PlatformError) as refused:
        shop.close("SETA0002")
    assert (refused.value.code, refused.value.kind) == ("ORDER_PAID", ErrorKind.STATE)
    assert refused.value.request_id


def test_refund_is_made_once_under_its_number(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    pay(sandbox, shop, "SETA0001", 1000)

    asked = [
        shop.refund(out_refund_no="R1", out_trade_no="SETA0001", refund=400, total=1000, reason="退货")
        for _ in range(2)
    ]
    sandbox.control("refund_settle", provider="wechat", out_refund_no="R1")

    assert asked[0].refund_id == asked[1].refund_id
    assert shop.query_refund("R1").status == "SUCCESS"
    assert shop.query(out_trade_no="SETA0001").trade_state == "REFUND"


def test_refund_from_an_empty_pool_may_be_repeated(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    pay(sandbox, shop, "SETA0001", 1000)
    sandbox.control("payment_settings", provider="wechat", cny_pool=0)

    with pytest.raises(PlatformError) as refused:
        shop.refund(out_refund_no="R1", out_trade_no="SETA0001", refund=400, total=1000, reason="退货")

    assert refused.value.code == "NOT_ENOUGH"
    assert refused.value.retryable


def test_barcode_payment_waits_for_a_password_and_is_reversed(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    sandbox.control("next_codepay", provider="wechat", outcome="USERPAYING")
    code = sandbox.control("payment_code", provider="wechat")["auth_code"]

    waiting = shop.codepay(
        out_trade_no="SETA0001", description="丝巾", total=500, auth_code=code, store_id="brera"
    )
    with pytest.raises(PlatformError) as refused:
        shop.reverse("SETA0001")
    sandbox.control("advance", seconds=46)
    shop.reverse("SETA0001")

    assert waiting.trade_state == "USERPAYING"
    assert (refused.value.code, refused.value.retryable) == ("USERPAYING", True)
    assert shop.query(out_trade_no="SETA0001").trade_state == "REVOKED"


def test_forged_answer_of_the_platform_is_refused(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    pay(sandbox, shop, "SETA0001", 1)
    sandbox.control("fault", match="/v3/pay/transactions/out-trade-no", times=1, kind="bad_signature")

    with pytest.raises(Forged):
        shop.query(out_trade_no="SETA0001")
    assert shop.query(out_trade_no="SETA0001").paid


def test_bills_of_a_day_are_fetched_and_parsed(sandbox: RunningSandbox) -> None:
    shop = client(sandbox)
    for number, total in (("SETA0001", 128800), ("SETA0002", 333)):
        pay(sandbox, shop, number, total)
    shop.refund(out_refund_no="R1", out_trade_no="SETA0001", refund=28800, total=128800, reason="退货")
    sandbox.control("make_bill", provider="wechat", date=beijing_today().isoformat())

    content = shop.trade_bill(beijing_today())
    bill, funds = parse_trade_bill(content), parse_fund_bill(shop.fund_bill(beijing_today()))

    payments = [(row.out_trade_no, row.settled_total) for row in bill.rows if not row.is_refund]
    refunds = [(row.out_refund_no, row.refund) for row in bill.rows if row.is_refund]
    assert sorted(payments) == [("SETA0001", 128800), ("SETA0002", 333)]
    assert refunds == [("R1", 28800)]
    assert bill.settled_total == 129133
    assert [row.fee for row in bill.rows if row.out_trade_no == "SETA0001"] == [773, -173]
    assert funds.income - funds.expense == 129133 - 28800 - sum(row.fee for row in bill.rows)
    assert parse_trade_bill(gzip.compress(content)) == bill
    for damage in (
        content[:-20],
        content.replace(b"`1288.00", b"`1289.00", 1),
        content.replace(b"\r\n`", b"\r\n", 1),
        content.replace("总交易单数".encode(), b"x"),
        gzip.compress(content)[:-9],
        b"",
        b"\xff\xfe",
    ):
        with pytest.raises(BillRefused):
            parse_trade_bill(damage)
