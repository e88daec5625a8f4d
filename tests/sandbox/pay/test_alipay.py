"""Alipay's gateway seen by a merchant that checks the signature over every answer's raw text."""

import csv
import io
import zipfile
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature

from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import NOTIFY, AlipayMerchant, Receiver

QUERY = "alipay.trade.query"


def offer(
    alipay: AlipayMerchant, number: str = "TILL-1", amount: str = "88.80", **more: Any
) -> dict[str, Any]:
    content = {"out_trade_no": number, "total_amount": amount, "subject": "丝巾 {花}", **more}
    return alipay.call("alipay.trade.precreate", NOTIFY, **content)


def charge(
    alipay: AlipayMerchant, number: str = "TILL-1", amount: str = "88.80", **more: Any
) -> dict[str, Any]:
    content = {"out_trade_no": number, "total_amount": amount, "subject": "丝巾", "scene": "bar_code"}
    content |= {"auth_code": "281234567890123456", **more}
    return alipay.call("alipay.trade.pay", NOTIFY, **content)


def refund(alipay: AlipayMerchant, amount: str, request: str, number: str = "TILL-1") -> dict[str, Any]:
    content = {"out_trade_no": number, "refund_amount": amount, "out_request_no": request}
    return alipay.call("alipay.trade.refund", **content)


def status(alipay: AlipayMerchant, number: str = "TILL-1") -> str:
    found = alipay.call(QUERY, out_trade_no=number)
    return str(found.get("trade_status") or found["sub_code"])


def test_a_qr_order_is_unknown_until_it_is_scanned_and_paid(
    alipay: AlipayMerchant, control: Control, receiver: Receiver
) -> None:
    offered = offer(alipay)
    before = status(alipay)

    paid = control("pay", provider="alipay", out_trade_no="TILL-1")

    notice = alipay.open_notification(receiver.requests[0])
    assert offered["qr_code"].startswith("https://qr.alipay.com/")
    assert (before, status(alipay)) == ("ACQ.TRADE_NOT_EXIST", "TRADE_SUCCESS")
    assert notice["trade_no"] == paid["trade_no"] == alipay.call(QUERY, trade_no=paid["trade_no"])["trade_no"]
    assert (notice["total_amount"], notice["trade_status"]) == ("88.80", "TRADE_SUCCESS")
    assert (notice["app_id"], notice["seller_id"]) == (alipay.config["appid"], alipay.config["seller_id"])


def test_everything_may_come_in_a_get(alipay: AlipayMerchant) -> None:
    method = "alipay.trade.precreate"
    content = {"out_trade_no": "TILL-1", "total_amount": "1", "subject": "丝巾"}

    answer = alipay.read(method, alipay.client.get("/gateway.do", params=alipay.params(method, content)))

    assert answer["code"] == "10000"


def test_a_wrong_signature_shows_the_text_that_was_checked(alipay: AlipayMerchant) -> None:
    params = alipay.params(QUERY, {"out_trade_no": "TILL-1"}) | {"timestamp": "2026-11-22 12:00:01"}

    inner = alipay.read(QUERY, alipay.client.post("/gateway.do", data=params))

    assert inner["sub_code"] == "isv.invalid-signature"
    assert "timestamp=2026-11-22 12:00:01" in inner["sub_msg"]


@pytest.mark.parametrize(
    ("change", "sub_code"),
    [
        ({"app_id": ""}, "isv.missing-app-id"),
        ({"app_id": "2021000000000000"}, "isv.invalid-app-id"),
        ({"method": ""}, "isv.missing-method"),
        ({"sign_type": "RSA"}, "isv.invalid-signature-type"),
        ({"timestamp": "now"}, "isv.invalid-timestamp"),
    ],
)
def test_wrong_common_parameters_come_back_as_an_error_response(
    alipay: AlipayMerchant, change: dict[str, str], sub_code: str
) -> None:
    response = alipay.client.post("/gateway.do", data=alipay.params(QUERY, {}) | change)

    assert response.json()["error_response"]["sub_code"] == sub_code


def test_an_unknown_method_is_refused(alipay: AlipayMerchant) -> None:
    assert alipay.call("alipay.trade.guess")["sub_code"] == "isv.invalid-method"


def test_a_barcode_payment_succeeds_and_is_notified(alipay: AlipayMerchant, receiver: Receiver) -> None:
    paid = charge(alipay)

    assert (paid["code"], paid["total_amount"]) == ("10000", "88.80")
    assert charge(alipay)["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert status(alipay) == "TRADE_SUCCESS"
    assert alipay.open_notification(receiver.requests[0])["out_trade_no"] == "TILL-1"


def test_the_code_on_a_phone_says_who_pays(alipay: AlipayMerchant, control: Control) -> None:
    buyer = control("people")["people"][2]["alipay_user_id"]
    code = control("payment_code", provider="alipay", openid=buyer)["auth_code"]

    assert charge(alipay, auth_code=code)["buyer_user_id"] == buyer


def test_a_password_prompt_waits_and_closes_after_three_minutes(
    alipay: AlipayMerchant, control: Control
) -> None:
    for _ in range(2):
        control("next_codepay", provider="alipay", outcome="USERPAYING")
    waiting, other = charge(alipay), charge(alipay, "TILL-2")

    control("pay", provider="alipay", out_trade_no="TILL-1")
    between = status(alipay, "TILL-2")
    control("advance", seconds=181)

    assert (waiting["code"], other["code"], between) == ("10003", "10003", "WAIT_BUYER_PAY")
    assert (status(alipay), status(alipay, "TILL-2")) == ("TRADE_SUCCESS", "TRADE_CLOSED")


@pytest.mark.parametrize(
    ("outcome", "code", "then"),
    [
        ("SYSTEM_ERROR", "20000", "WAIT_BUYER_PAY"),
        ("SYSTEM_ERROR_PAID", "20000", "TRADE_SUCCESS"),
        ("NOT_ENOUGH", "40004", "ACQ.TRADE_NOT_EXIST"),
        ("AUTH_CODE_INVALID", "40004", "ACQ.TRADE_NOT_EXIST"),
    ],
)
def test_a_barcode_payment_goes_wrong_as_planned(
    alipay: AlipayMerchant, control: Control, outcome: str, code: str, then: str
) -> None:
    control("next_codepay", provider="alipay", outcome=outcome)

    assert (charge(alipay)["code"], status(alipay)) == (code, then)


@pytest.mark.parametrize(
    "change",
    [
        {"auth_code": "13"},
        {"scene": "wave"},
        {"amount": "0.001"},
        {"amount": "0"},
        {"amount": "-1"},
        {"subject": ""},
    ],
)
def test_a_wrong_field_is_refused_and_leaves_no_trade(alipay: AlipayMerchant, change: dict[str, str]) -> None:
    assert charge(alipay, **change)["code"] == "40004"
    assert status(alipay) == "ACQ.TRADE_NOT_EXIST"


def test_a_number_belongs_to_one_amount(alipay: AlipayMerchant, control: Control) -> None:
    first, same, other = offer(alipay), offer(alipay), offer(alipay, amount="88.81")

    assert first == same
    assert other["sub_code"] == "ACQ.CONTEXT_INCONSISTENT"


def test_refunds_happen_once_add_up_and_close_the_trade(alipay: AlipayMerchant, receiver: Receiver) -> None:
    charge(alipay)

    first, again = refund(alipay, "30.00", "R-1"), refund(alipay, "30.00", "R-1")
    other, too_much = refund(alipay, "31.00", "R-1"), refund(alipay, "58.81", "R-2")
    rest = refund(alipay, "58.80", "R-3")

    assert (first["fund_change"], first["refund_fee"]) == ("Y", "30.00")
    assert (again["fund_change"], again["refund_fee"]) == ("N", "30.00")
    assert other["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert too_much["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert (rest["refund_fee"], status(alipay)) == ("88.80", "TRADE_CLOSED")
    query = alipay.call("alipay.trade.fastpay.refund.query", out_trade_no="TILL-1", out_request_no="R-1")
    assert (query["refund_status"], query["refund_amount"]) == ("REFUND_SUCCESS", "30.00")
    notices = [alipay.open_notification(request) for request in receiver.requests]
    assert [notice.get("refund_fee") for notice in notices] == [None, "30.00", "88.80"]


def test_a_processing_refund_is_settled_when_told(alipay: AlipayMerchant, control: Control) -> None:
    control("payment_settings", provider="alipay", refund_mode="processing")
    charge(alipay)
    asked = {"out_trade_no": "TILL-1", "out_request_no": "R-1"}

    accepted = refund(alipay, "1.00", "R-1")
    before = alipay.call("alipay.trade.fastpay.refund.query", **asked)
    control("refund_settle", provider="alipay", out_refund_no="R-1")
    after = alipay.call("alipay.trade.fastpay.refund.query", **asked)

    assert accepted["fund_change"] == "N" and "refund_status" not in before
    assert after["refund_status"] == "REFUND_SUCCESS"


def test_cancelling_refunds_what_is_paid_and_closes_what_is_not(
    alipay: AlipayMerchant, control: Control
) -> None:
    charge(alipay, "TILL-1")
    control("next_codepay", provider="alipay", outcome="USERPAYING")
    charge(alipay, "TILL-2")

    actions = [alipay.call("alipay.trade.cancel", out_trade_no=f"TILL-{n}").get("action") for n in (1, 2, 3)]

    assert actions == ["refund", "close", None]
    assert (status(alipay, "TILL-1"), status(alipay, "TILL-2")) == ("TRADE_CLOSED", "TRADE_CLOSED")


def test_only_a_waiting_trade_can_be_closed(
    alipay: AlipayMerchant, exported: dict[str, Any], control: Control
) -> None:
    buyer = control("people")["people"][0]["alipay_user_id"]
    content = {"out_trade_no": "MP-1", "total_amount": "9.90", "subject": "丝巾", "buyer_id": buyer}
    created = alipay.call("alipay.trade.create", NOTIFY, **content)
    charge(alipay)

    closed = alipay.call("alipay.trade.close", trade_no=created["trade_no"])
    refused = alipay.call("alipay.trade.close", out_trade_no="TILL-1")

    assert closed["code"] == "10000" and status(alipay, "MP-1") == "TRADE_CLOSED"
    assert refused["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


def test_notifications_come_again_until_exactly_success(
    alipay: AlipayMerchant, control: Control, receiver: Receiver
) -> None:
    receiver.answers = [httpx.Response(200, content=b"SUCCESS"), httpx.Response(200, content=b"success\n")]
    receiver.answers += [httpx.Response(500, content=b"success?")]

    charge(alipay)
    control("settle")
    at_once = len(receiver.requests)
    control("advance", seconds=241)

    assert (at_once, len(receiver.requests)) == (3, 4)
    assert len({alipay.open_notification(request)["notify_id"] for request in receiver.requests}) == 1


def test_a_forged_answer_and_a_forged_notification_fail_their_check(
    alipay: AlipayMerchant, control: Control, receiver: Receiver
) -> None:
    control("fault", match="alipay.trade.query", kind="bad_signature")
    control("fault", match="push trade_status_sync", kind="bad_signature")
    charge(alipay)
    control("settle")

    with pytest.raises(InvalidSignature):
        status(alipay)
    with pytest.raises(InvalidSignature):
        alipay.open_notification(receiver.requests[0])
    assert alipay.open_notification(receiver.requests[1])["out_trade_no"] == "TILL-1"


def bill(alipay: AlipayMerchant, day: str) -> tuple[list[list[str]], list[str]]:
    """The detail rows and the comment lines of a day's bill."""
    method = "alipay.data.dataservice.bill.downloadurl.query"
    address = alipay.call(method, bill_type="trade", bill_date=day)["bill_download_url"]
    answer = alipay.client.get(address.removeprefix("http://testserver"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = [name.encode("cp437").decode("gbk") for name in archive.namelist()]
        assert names[0].endswith("业务明细.csv") and names[1].endswith("业务明细(汇总).csv")
        text = archive.read(archive.namelist()[0]).decode("gbk")
    lines = text.removesuffix("\r\n").split("\r\n")
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    return rows, [line for line in lines if line.startswith("#")]


def test_the_bill_lists_barcode_and_qr_payments_and_refunds_in_gbk(
    alipay: AlipayMerchant, control: Control
) -> None:
    offer(alipay, "QR-1", "12.50")
    control("pay", provider="alipay", out_trade_no="QR-1")
    charge(alipay, "TILL-1", "88.80", store_id="MN01")
    refund(alipay, "8.80", "R-1")
    day = control("make_bill", provider="alipay")["date"]

    (header, *rows), comments = bill(alipay, day)

    assert len(header) == 25 and all(len(row) == 25 for row in rows)
    seen = [(row[1].strip(), row[2], row[11], row[12], row[21].strip(), row[22]) for row in rows]
    assert seen == [
        ("QR-1", "交易", "12.50", "12.50", "", "-0.08"),
        ("TILL-1", "交易", "88.80", "88.80", "", "-0.53"),
        ("TILL-1", "退款", "-8.80", "-8.80", "R-1", "0.05"),
    ]
    assert comments[0] == "#支付宝业务明细查询"
    assert "#交易合计：2笔，商家实收共101.30元，商家优惠共0.00元" in comments


@pytest.mark.parametrize(("kind", "rows"), [("missing", 1), ("amount", 2), ("extra", 3)])
def test_a_planted_break_is_in_the_bill(
    alipay: AlipayMerchant, control: Control, kind: str, rows: int
) -> None:
    charge(alipay, "TILL-1")
    charge(alipay, "TILL-2")

    made = control("make_bill", provider="alipay", plant=kind)

    (_, *found), _ = bill(alipay, made["date"])
    listed = {row[1].strip(): row[11] for row in found}
    planted = made["planted"]
    assert len(found) == rows
    expected = None if planted["bill_amount"] is None else f"{planted['bill_amount'] / 100:.2f}"
    assert listed.get(planted["out_trade_no"]) == expected


def test_a_bill_that_is_not_made_yet_does_not_exist(alipay: AlipayMerchant) -> None:
    method = "alipay.data.dataservice.bill.downloadurl.query"

    answer = alipay.call(method, bill_type="trade", bill_date="2099-01-01")

    assert answer["sub_code"] == "isp.bill_not_exist"


def test_an_address_dies_after_30_seconds(alipay: AlipayMerchant, control: Control) -> None:
    day = control("make_bill", provider="alipay")["date"]
    method = "alipay.data.dataservice.bill.downloadurl.query"
    address = alipay.call(method, bill_type="trade", bill_date=day)["bill_download_url"]

    control("advance", seconds=31)

    assert alipay.client.get(address.removeprefix("http://testserver")).status_code == 403
