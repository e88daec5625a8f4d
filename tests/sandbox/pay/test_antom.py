"""Antom's AMS calls: signed raw text, codes and cashiers, idempotent requests, refunds at the day's rate."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta_sandbox.antom.state import antom_of
from tests.sandbox.pay.antom_merchant import PRODUCTION, SANDBOX, AntomMerchant
from tests.sandbox.pay.client import Client
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import Receiver

SUCCESS = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}
ACCEPTED = json.dumps({"result": SUCCESS}).encode()


@pytest.fixture
def antom(client: Client, exported: dict[str, Any], receiver: Receiver) -> AntomMerchant:
    """An Antom merchant whose receiver answers as Antom wants it."""
    receiver.otherwise = ACCEPTED
    return AntomMerchant(client, exported["antom"])


def result(answer: dict[str, Any]) -> tuple[str, str]:
    return answer["result"]["resultStatus"], answer["result"]["resultCode"]


def test_a_scanned_order_code_is_paid_in_yuan_and_settled_in_euro(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    placed = antom.order("PAY-1")
    waiting = antom.inquire("PAY-1")

    control("pay", provider="antom", paymentRequestId="PAY-1")

    paid = antom.inquire("PAY-1")
    assert result(placed) == ("U", "PAYMENT_IN_PROCESS")
    assert placed["orderCodeForm"]["codeDetails"][0]["codeValue"].startswith("https://qr.alipay.com/")
    assert (waiting["result"], waiting["paymentStatus"]) == (SUCCESS, "PROCESSING")
    assert (paid["paymentStatus"], paid["actualPaymentAmount"]) == (
        "SUCCESS",
        {"currency": "CNY", "value": "938815"},
    )
    assert paid["paymentQuote"]["quoteCurrencyPair"] == "EUR/CNY"
    assert paid["paymentQuote"]["quotePrice"] == 7.82345678
    assert paid["grossSettlementAmount"] == {"currency": "EUR", "value": "120000"}
    assert "settlementQuote" not in paid
    notice = antom.open_notification(receiver.requests[0])
    assert (notice["notifyType"], notice["result"]) == ("PAYMENT_RESULT", SUCCESS)
    assert notice["paymentId"] == paid["paymentId"] == placed["paymentId"]


def test_a_payment_code_is_charged_at_once(antom: AntomMerchant, control: Control) -> None:
    code = control("payment_code", provider="antom")["auth_code"]

    paid = antom.charge("PAY-1", code=code)

    assert result(paid) == ("S", "SUCCESS")
    assert paid["actualPaymentAmount"]["value"] == "938815"


@pytest.mark.parametrize(
    ("change", "has"),
    [
        ({"paymentFactor": {"inStorePaymentScenario": "EntryCode"}}, "normalUrl"),
        ({"productCode": "CASHIER_PAYMENT", "paymentFactor": None}, "redirectActionForm"),
    ],
)
def test_an_entry_code_and_a_cashier_lead_the_consumer_to_a_page(
    antom: AntomMerchant, change: dict[str, Any], has: str
) -> None:
    placed = antom.order("PAY-1", **change)

    assert result(placed) == ("U", "PAYMENT_IN_PROCESS")
    assert json.loads(placed["paymentActionForm"]) == placed["redirectActionForm"]
    assert has in placed


@pytest.mark.parametrize("prefix", [SANDBOX, PRODUCTION])
def test_both_paths_answer_and_each_signs_its_own(antom: AntomMerchant, prefix: str) -> None:
    body = antom.pay_body("PAY-1")

    assert result(antom.call("pay", body, prefix)) == ("U", "PAYMENT_IN_PROCESS")


def test_the_same_request_finds_its_payment_and_another_is_inconsistent(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    first = antom.order("PAY-1")
    again = antom.order("PAY-1")
    other = antom.order("PAY-1", 999)
    control("pay", provider="antom", paymentRequestId="PAY-1")
    final = antom.order("PAY-1")

    assert again["paymentId"] == first["paymentId"] == final["paymentId"]
    assert result(other) == ("F", "REPEAT_REQ_INCONSISTENT")
    assert result(final) == ("S", "SUCCESS")
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("outcome", "answered", "status"),
    [
        ("PROCESSING", ("U", "PAYMENT_IN_PROCESS"), "PROCESSING"),
        ("UNKNOWN", ("U", "UNKNOWN_EXCEPTION"), "PROCESSING"),
        ("UNKNOWN_PAID", ("U", "UNKNOWN_EXCEPTION"), "SUCCESS"),
        ("NOT_ENOUGH", ("F", "USER_BALANCE_NOT_ENOUGH"), "FAIL"),
    ],
)
def test_a_code_can_wait_fail_or_leave_the_outcome_unknown(
    antom: AntomMerchant, control: Control, outcome: str, answered: tuple[str, str], status: str
) -> None:
    control("next_codepay", provider="antom", outcome=outcome)

    charged = antom.charge("PAY-1")

    assert result(charged) == answered
    assert antom.inquire("PAY-1")["paymentStatus"] == status


def test_a_code_nobody_confirms_is_closed_and_said_to_be(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    control("next_codepay", provider="antom", outcome="PROCESSING")
    antom.charge("PAY-1")

    control("advance", seconds=181)
    found = antom.inquire("PAY-1")
    control("settle")

    assert (found["paymentStatus"], found["paymentResultCode"]) == ("FAIL", "ORDER_IS_CLOSED")
    assert antom.open_notification(receiver.requests[0])["result"]["resultCode"] == "ORDER_IS_CLOSED"


def test_a_string_that_is_no_payment_code_is_refused(antom: AntomMerchant) -> None:
    assert result(antom.charge("PAY-1", code="12")) == ("F", "INVALID_PAYMENT_CODE")


def test_cancel_gives_a_paid_payment_back_and_says_so(
    antom: AntomMerchant, receiver: Receiver, control: Control
) -> None:
    paid = antom.charge("PAY-1")

    cancelled = antom.call("cancel", {"paymentId": paid["paymentId"]})
    again = antom.call("cancel", {"paymentRequestId": "PAY-1"})
    control("settle")

    assert result(cancelled) == result(again) == ("S", "SUCCESS")
    assert antom.inquire("PAY-1")["paymentStatus"] == "CANCELLED"
    kinds = [antom.open_notification(request)["notifyType"] for request in receiver.requests]
    assert kinds == ["PAYMENT_RESULT", "PAYMENT_CANCEL"]
    assert result(antom.refund(paid["paymentId"], "R-1", 1)) == ("F", "ORDER_STATUS_INVALID")


def test_cancel_comes_too_late_two_days_after(antom: AntomMerchant, control: Control) -> None:
    antom.charge("PAY-1")
    control("advance", seconds=2 * 86_400)

    late = antom.call("cancel", {"paymentRequestId": "PAY-1"})

    assert result(late) == ("F", "CANCEL_WINDOW_EXCEED")


def test_a_refund_happens_once_at_the_rate_of_its_own_day(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    strategy = {"settlementStrategy": {"settlementCurrency": "USD"}}
    antom.order("PAY-1", **strategy)
    paid = control("pay", provider="antom", paymentRequestId="PAY-1")
    control("payment_settings", provider="antom", rates={"USD": 800_000_000})

    first = antom.refund(paid["paymentId"], "R-1", 60_000)
    again = antom.refund(paid["paymentId"], "R-1", 60_000)
    other = antom.refund(paid["paymentId"], "R-1", 60_001)
    too_much = antom.refund(paid["paymentId"], "R-2", 60_001)
    control("settle")

    assert result(first) == ("S", "SUCCESS") and again == first
    assert first["grossSettlementAmount"] == {"currency": "USD", "value": "58676"}
    assert paid["settled"] == 131_763
    assert result(other) == ("F", "REPEAT_REQ_INCONSISTENT")
    assert result(too_much) == ("F", "REFUND_AMOUNT_EXCEED")
    notices = [antom.open_notification(request) for request in receiver.requests]
    assert [notice["notifyType"] for notice in notices] == ["PAYMENT_RESULT", "REFUND_RESULT"]
    assert notices[1]["refundStatus"] == "SUCCESS"


def test_a_processing_refund_ends_when_told(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    control("payment_settings", provider="antom", refund_mode="processing")
    payment_id = antom.charge("PAY-1")["paymentId"]

    asked = antom.refund(payment_id, "R-1", 100)
    during = antom.call("inquiryRefund", {"refundRequestId": "R-1"})
    control("refund_settle", provider="antom", refundRequestId="R-1")
    after = antom.call("inquiryRefund", {"refundId": asked["refundId"]})

    assert result(asked) == ("U", "REFUND_IN_PROCESS")
    assert (during["result"], during["refundStatus"], after["refundStatus"]) == (
        SUCCESS,
        "PROCESSING",
        "SUCCESS",
    )
    assert antom.open_notification(receiver.requests[-1])["refundRequestId"] == "R-1"


def test_a_failed_refund_can_be_asked_for_under_a_new_number(antom: AntomMerchant, control: Control) -> None:
    control("payment_settings", provider="antom", refund_mode="processing")
    payment_id = antom.charge("PAY-1")["paymentId"]
    antom.refund(payment_id, "R-1", 120_000)

    control("refund_settle", provider="antom", out_refund_no="R-1", status="FAIL")

    assert result(antom.refund(payment_id, "R-2", 120_000)) == ("U", "REFUND_IN_PROCESS")
    assert antom.call("inquiryRefund", {"refundRequestId": "R-1"})["refundStatus"] == "FAIL"


def test_rates_are_quoted_for_a_price_and_for_pairs(antom: AntomMerchant, control: Control) -> None:
    control("payment_settings", provider="antom", guaranteed=True)

    one = antom.call("inquireExchangeRate", {"paymentCurrency": "EUR"})["quotes"]
    pairs = [{"sellCurrency": "USD", "buyCurrency": "EUR"}, {"sellCurrency": "JPY", "buyCurrency": "CNY"}]
    two = antom.call("inquireExchangeRate", {"paymentCurrency": "EUR", "currencyPairs": pairs})["quotes"]

    assert (one[0]["quoteCurrencyPair"], one[0]["quotePrice"], one[0]["guaranteed"]) == (
        "EUR/CNY",
        7.82345678,
        True,
    )
    assert [(quote["quoteCurrencyPair"], quote["quotePrice"]) for quote in two] == [
        ("USD/EUR", 0.91072274),
        ("JPY/CNY", 0.0476),
    ]


def test_a_pending_result_is_announced_before_it_is_known(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    antom.order("PAY-1")

    control("pay", provider="antom", paymentRequestId="PAY-1", pending=True)

    assert antom.open_notification(receiver.requests[0])["notifyType"] == "PAYMENT_PENDING"
    assert antom.inquire("PAY-1")["paymentStatus"] == "PROCESSING"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Client-Id": "SANDBOX_SOMEBODY"}, "UNKNOWN_CLIENT"),
        ({"Signature": "algorithm=RSA256,keyVersion=1,signature=AAAA"}, "INVALID_SIGNATURE"),
        ({"Signature": ""}, "INVALID_SIGNATURE"),
        ({"Request-Time": "2026-11-22T12:00:01+08:00"}, "INVALID_SIGNATURE"),
        ({"Request-Time": ""}, "PARAM_ILLEGAL"),
    ],
)
def test_a_call_that_is_not_signed_over_its_bytes_is_refused(
    antom: AntomMerchant, changed: dict[str, str], code: str
) -> None:
    path = f"{SANDBOX}/pay"

    answer = antom.checked(path, antom.send(path, json.dumps(antom.pay_body("PAY-1")).encode(), **changed))

    assert result(answer) == ("F", code)
    assert antom_of(antom.client.world).payments == {}


@pytest.mark.parametrize(
    "change",
    [
        {"productCode": "SOMETHING"},
        {"paymentFactor": {"inStorePaymentScenario": "Sometime"}},
        {"paymentAmount": {"currency": "EUR", "value": 120_000}},
        {"paymentAmount": {"currency": "EUR", "value": "12.00"}},
        {"paymentAmount": {"currency": "EUR", "value": "0"}},
        {"paymentAmount": {"currency": "EUR", "value": "1"}},
        {"paymentAmount": "EUR 1"},
        {"paymentMethod": None},
        {"order": []},
        {"paymentRequestId": ""},
        {"paymentNotifyUrl": "ftp://x"},
        {"paymentExpiryTime": "2020-01-01T00:00:00+08:00"},
    ],
)
def test_what_makes_no_sense_is_illegal_and_changes_nothing(
    antom: AntomMerchant, change: dict[str, Any]
) -> None:
    assert result(antom.order("PAY-1", **change)) == ("F", "PARAM_ILLEGAL")
    assert antom_of(antom.client.world).payments == {}


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("inquiryPayment", {"paymentRequestId": "NOBODY"}, "ORDER_NOT_EXIST"),
        ("inquiryPayment", {}, "PARAM_ILLEGAL"),
        ("cancel", {"paymentId": "NOBODY"}, "ORDER_NOT_EXIST"),
        ("inquiryRefund", {"refundRequestId": "NOBODY"}, "REFUND_NOT_EXIST"),
        ("inquiryRefund", {}, "PARAM_ILLEGAL"),
        ("inquireExchangeRate", {"paymentCurrency": "XXX"}, "CURRENCY_NOT_SUPPORT"),
        ("inquireExchangeRate", {}, "PARAM_ILLEGAL"),
    ],
)
def test_strangers_are_named_as_such(
    antom: AntomMerchant, name: str, body: dict[str, Any], code: str
) -> None:
    assert result(antom.call(name, body)) == ("F", code)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.integers(1, 500_000), cuts=st.lists(st.integers(1, 200_000), max_size=5))
def test_refund_parts_never_exceed_the_payment_and_the_yuan_add_up(
    antom: AntomMerchant, total: int, cuts: list[int]
) -> None:
    world = antom.client.world
    number = f"PAY-{len(antom_of(world).payments)}"
    paid = antom.charge(number, total)

    for index, cut in enumerate(cuts):
        antom.refund(paid["paymentId"], f"{number}-{index}", cut)
    left = total - antom_of(world).payments[number].refunded
    if left:
        antom.refund(paid["paymentId"], f"{number}-last", left)

    payment = antom_of(world).payments[number]
    assert payment.refunded == total
    assert sum(refund.paid_back for refund in payment.refunds) == payment.actual


def test_a_forged_and_an_unsigned_answer_fail_their_check(antom: AntomMerchant, control: Control) -> None:
    control("fault", match="antom", kind="bad_signature")
    with pytest.raises(InvalidSignature):
        antom.inquire("PAY-1")

    control("fault", match="antom", kind="nosig")
    with pytest.raises(KeyError):
        antom.inquire("PAY-1")


@pytest.mark.parametrize("defect", ["double_refund", "over_refund"])
def test_planted_defects_show(antom: AntomMerchant, control: Control, defect: str) -> None:
    payment_id = antom.charge("PAY-1", 1_000)["paymentId"]
    antom.refund(payment_id, "R-1", 400)
    number, amount = ("R-1", 400) if defect == "double_refund" else ("R-2", 700)

    control("fault", match="refund", kind=defect)

    assert result(antom.refund(payment_id, number, amount)) == ("S", "SUCCESS")
    assert antom_of(antom.client.world).payments["PAY-1"].refunded in (800, 1_100)
