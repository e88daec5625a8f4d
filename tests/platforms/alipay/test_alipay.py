"""Alipay's client and notifications: proven over raw text, refused when forged, held against the sandbox."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.platforms.alipay import Alipay, open_notification
from seta.platforms.alipay.bill import parse_trade_bill
from seta.platforms.alipay.gateway import top_level
from seta.platforms.alipay.records import fen, yuan
from seta.platforms.alipay.signing import signed_text
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from tests.platforms.wechatpay import keys
from tests.platforms.wire import Said, scripted, serving
from tests.sandbox_server import RunningSandbox

NODE = "alipay_trade_query_response"
PAID = '{"code":"10000","out_trade_no":"A1","trade_status":"TRADE_SUCCESS","total_amount":"1.00","x":"}"}'


def client(base_url: str) -> Alipay:
    return Alipay(
        appid="2021000000000001",
        app_private_key=keys.private_pem("app"),
        alipay_public_key=keys.public_pem("alipay"),
        base_url=base_url,
        pause=lambda _: None,
    )


def said(inner: str, node: str = NODE, signature: str | None = None) -> Said:
    sign = keys.signature("alipay", inner.encode()) if signature is None else signature
    return Said(body=f'{{"{node}": {inner} , "sign":"{sign}"}}'.encode())


def test_request_is_signed_over_all_its_parameters() -> None:
    with serving(scripted(said(PAID))) as wire:
        client(wire.base_url).query("A1")
        asked = wire.asked[0]

    fields = dict(parse_qsl(urlsplit(asked.target).query) + parse_qsl(asked.body.decode()))
    signature = fields.pop("sign")
    assert signature == keys.signature("app", signed_text(fields).encode())
    assert json.loads(fields["biz_content"]) == {"out_trade_no": "A1"}


def test_signature_is_checked_over_the_raw_text_even_with_braces_in_it() -> None:
    with serving(scripted(said(PAID))) as wire:
        trade = client(wire.base_url).query("A1")

    assert (trade.trade_status, trade.total, trade.paid) == ("TRADE_SUCCESS", 100, True)


@pytest.mark.parametrize(
    "answer",
    [
        said(PAID, signature=""),
        said(PAID, signature=keys.signature("somebody", PAID.encode())),
        said(PAID.replace("1.00", "9.00"), signature=keys.signature("alipay", PAID.encode())),
        said(PAID.replace('"A1"', '"A2"')),
    ],
    ids=["unsigned", "other key", "changed", "other trade"],
)
def test_answer_that_is_not_proven_is_forged(answer: Said) -> None:
    with serving(scripted(answer)) as wire, pytest.raises(Forged):
        client(wire.base_url).query("A1")


def test_unknown_outcome_of_a_barcode_payment_is_named_and_not_repeated() -> None:
    inner = '{"code":"20000","msg":"Service Currently Unavailable","sub_code":"ACQ.SYSTEM_ERROR"}'
    with serving(scripted(said(inner, "alipay_trade_pay_response"))) as wire:
        with pytest.raises(PlatformError) as failed:
            client(wire.base_url).pay(out_trade_no="A1", subject="x", total=100, auth_code="28" + "0" * 16)
        asked = len(wire.asked)

    assert asked == 1
    assert failed.value.kind is ErrorKind.UNKNOWN_OUTCOME


@given(
    members=st.dictionaries(
        st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
        ),
        max_size=4,
    )
)
def test_raw_members_are_the_very_text_of_the_answer(members: dict[str, Any]) -> None:
    text = json.dumps(members, ensure_ascii=False, indent=1)

    raw = top_level(text)

    assert {name: json.loads(value) for name, value in raw.items()} == members
    assert all(value in text for value in raw.values())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a":1', '{"a" 1}', '{"a":1,"a":2}', '{"a":1} {}', "{a:1}"])
def test_text_that_is_not_one_clean_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        top_level(text)


@given(amount=st.integers(0, 10**12))
def test_amounts_survive_alipays_decimals(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize("text", ["", "1.234", "-1.00", "1e3", "１.00", "1,000.00"])
def test_inexact_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        fen(text)


FIELDS = {
    "app_id": "2021000000000001",
    "notify_id": "n1",
    "out_trade_no": "A1",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "1.00",
    "subject": "丝巾 & 包=1+1",
}


def form(fields: dict[str, str], **changes: str) -> bytes:
    signature = keys.signature("alipay", signed_text(fields).encode())
    return urlencode(fields | {"sign": signature, "sign_type": "RSA2"} | changes).encode()


def test_genuine_notification_is_opened() -> None:
    opened = open_notification(
        form(FIELDS), alipay_public_key=keys.public_pem("alipay"), app_id="2021000000000001"
    )

    assert opened == FIELDS


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("SIGNATURE", form(FIELDS, total_amount="9.00")),
        ("SIGNATURE", form(FIELDS, sign="AAAA")),
        ("UNSIGNED", form(FIELDS, sign="")),
        ("UNSIGNED", form(FIELDS, sign_type="RSA")),
        ("UNREADABLE", form(FIELDS) + b"&app_id=other"),
        ("UNREADABLE", b"\xff"),
        ("UNREADABLE", b"no form"),
        ("TOO_LARGE", b"a=" + b"x" * 300_000),
        ("APP_ID", form(FIELDS | {"app_id": "2021000000000002"})),
    ],
)
def test_forged_notification_is_refused_with_its_reason(code: str, body: bytes) -> None:
    with pytest.raises(Forged) as refused:
        open_notification(body, alipay_public_key=keys.public_pem("alipay"), app_id="2021000000000001")

    assert refused.value.code == code


@pytest.fixture
def shop(sandbox: RunningSandbox) -> Alipay:
    config = sandbox.config["alipay"]
    return Alipay(
        appid=config["appid"],
        app_private_key=config["app_private_key"],
        alipay_public_key=config["alipay_public_key"],
        base_url=sandbox.base_url,
        pause=lambda _: None,
    )


def beijing_today() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def test_code_is_shown_scanned_paid_and_refunded_once(sandbox: RunningSandbox, shop: Alipay) -> None:
    assert shop.precreate(out_trade_no="A1", subject="丝巾", total=128800)
    with pytest.raises(PlatformError) as unknown:
        shop.query("A1")
    sandbox.control("pay", provider="alipay", out_trade_no="A1")

    refunds = [shop.refund(out_trade_no="A1", out_request_no="R1", refund=28800) for _ in range(2)]

    assert (unknown.value.code, unknown.value.kind) == ("ACQ.TRADE_NOT_EXIST", ErrorKind.STATE)
    assert shop.query("A1").total == 128800
    assert [refund.fund_change for refund in refunds] == [True, False]
    assert refunds[1].refunded_total == 28800
    sandbox.control("refund_settle", provider="alipay", out_refund_no="R1")
    assert shop.query_refund(out_trade_no="A1", out_request_no="R1").done
    assert not shop.query_refund(out_trade_no="A1", out_request_no="R2").done


def test_barcode_is_charged_or_waits_and_is_cancelled(sandbox: RunningSandbox, shop: Alipay) -> None:
    def charge(number: str) -> str:
        code = sandbox.control("payment_code", provider="alipay")["auth_code"]
        return shop.pay(out_trade_no=number, subject="包", total=500, auth_code=code).trade_status

    assert charge("A1") == "TRADE_SUCCESS"
    sandbox.control("next_codepay", provider="alipay", outcome="USERPAYING")
    assert charge("A2") == "WAIT_BUYER_PAY"
    assert shop.cancel("A2").action == "close"
    assert shop.cancel("A1").action == "refund"
    assert shop.query("A1").trade_status == "TRADE_CLOSED"


def test_bill_of_a_day_is_fetched_and_parsed(sandbox: RunningSandbox, shop: Alipay) -> None:
    for number, total in (("A1", 128800), ("A2", 333)):
        shop.precreate(out_trade_no=number, subject="丝巾", total=total)
        sandbox.control("pay", provider="alipay", out_trade_no=number)
    shop.refund(out_trade_no="A1", out_request_no="R1", refund=28800)
    sandbox.control("make_bill", provider="alipay", date=beijing_today().isoformat())

    content = shop.bill(beijing_today())
    bill = parse_trade_bill(content)

    assert sorted((row.out_trade_no, row.received) for row in bill.rows) == [
        ("A1", -28800),
        ("A1", 128800),
        ("A2", 333),
    ]
    assert (bill.received, bill.refunded) == (129133, 28800)
    assert [row.out_request_no for row in bill.rows if row.is_refund] == ["R1"]
    with pytest.raises(BillRefused):
        parse_trade_bill(content[:-30])
