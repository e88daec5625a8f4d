"""Antom's client: proven over raw bytes, refused when forged, idempotent where it may be, held against the sandbox."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.kit.money import Money
from seta.platforms.antom import Antom, Payment, Scenario
from seta.platforms.antom.records import money, read_quote
from seta.platforms.antom.signing import holds, signed_bytes
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from tests.platforms.wechatpay import keys
from tests.platforms.wire import Asked, Said, scripted, serving
from tests.sandbox_server import RunningSandbox

CLIENT = "SANDBOX_5YBW1N2Z1T"
AT = "2026-11-22T12:00:00+08:00"
PAY = "/ams/sandbox/api/v1/payments/pay"
INQUIRY = "/ams/sandbox/api/v1/payments/inquiryPayment"
EUR = Money(120_000, "EUR")


def answer(path: str, document: Any, *, key: str = "antom", client: str = CLIENT, **changed: str) -> Said:
    """An answer signed over its very text, in a writing apart from the code under test."""
    body = json.dumps(document, ensure_ascii=False).encode()
    signature = keys.signature(key, f"POST {path}\n{client}.{AT}.".encode() + body)
    headers = {
        "Content-Type": "application/json",
        "client-id": client,
        "response-time": AT,
        "signature": f"algorithm=RSA256,keyVersion=2,signature={quote(signature, safe='')}",
    }
    return Said(body=body, headers=headers | changed)


def result(status: str = "S", code: str = "SUCCESS") -> dict[str, str]:
    return {"resultStatus": status, "resultCode": code, "resultMessage": "said by a test"}


def inquired(**changes: Any) -> dict[str, Any]:
    return {
        "result": result(),
        "paymentStatus": "SUCCESS",
        "paymentResultCode": "SUCCESS",
        "paymentRequestId": "P1",
        "paymentId": "2026",
        "paymentAmount": {"currency": "EUR", "value": "120000"},
        **changes,
    }


def client(base_url: str, client_id: str = CLIENT) -> Antom:
    return Antom(
        client_id=client_id,
        private_key=keys.private_pem("shop"),
        antom_public_key=keys.public_pem("antom"),
        base_url=base_url,
        pause=lambda _: None,
    )


def order(shop: Antom, number: str = "P1", **changes: Any) -> Payment:
    asked: dict[str, Any] = {
        "payment_request_id": number,
        "order_id": f"O-{number}",
        "description": "丝巾",
        "price": EUR,
        "settlement_currency": "EUR",
        "scenario": Scenario.ORDER_CODE,
    }
    return shop.pay(**(asked | changes))


def test_the_request_is_signed_over_its_path_its_time_and_the_bytes_sent() -> None:
    with serving(scripted(answer(INQUIRY, inquired()))) as wire:
        client(wire.base_url).inquiry("P1")
        asked = wire.asked[0]

    signature = asked.headers["signature"].partition("signature=")[2]
    text = f"POST {INQUIRY}\n{CLIENT}.{asked.headers['request-time']}.".encode() + asked.body
    assert asked.target == INQUIRY
    assert signature == quote(keys.signature("shop", text), safe="")


def test_a_live_client_calls_the_production_path() -> None:
    path = "/ams/api/v1/payments/inquiryPayment"
    with serving(scripted(answer(path, inquired(), client="5YBW1N2Z1T"))) as wire:
        client(wire.base_url, "5YBW1N2Z1T").inquiry("P1")

        assert wire.asked[0].target == path


@pytest.mark.parametrize(
    "said",
    [
        answer(INQUIRY, inquired(), key="somebody"),
        answer(PAY, inquired()),
        answer(INQUIRY, inquired(), signature=""),
        answer(INQUIRY, inquired(), signature="algorithm=RSA256,keyVersion=1,signature=%%%"),
        answer(INQUIRY, inquired(), client="SANDBOX_SOMEBODY"),
        answer(INQUIRY, inquired(), **{"response-time": "2026-11-22T12:00:01+08:00"}),
        answer(INQUIRY, inquired(paymentRequestId="P2")),
    ],
    ids=["other key", "other path", "unsigned", "garbage", "other client", "other time", "other payment"],
)
def test_an_answer_that_is_not_proven_is_forged(said: Said) -> None:
    with serving(scripted(said)) as wire, pytest.raises(Forged):
        client(wire.base_url).inquiry("P1")


@pytest.mark.parametrize(
    "changes",
    [
        {"paymentAmount": {"currency": "EUR", "value": "1.5"}},
        {"paymentAmount": {"currency": "eur", "value": "1"}},
        {"paymentAmount": "1"},
        {"actualPaymentAmount": ["CNY"]},
        {"orderCodeForm": {"codeDetails": ["x"]}},
        {"paymentQuote": {"quotePrice": "x", "quoteCurrencyPair": "EUR/CNY"}},
        {"paymentId": None, "paymentAmount": None},
    ],
)
def test_a_proven_answer_of_the_wrong_shape_is_of_unknown_outcome(changes: dict[str, Any]) -> None:
    said = answer(INQUIRY, inquired(**changes))
    with serving(scripted(said)) as wire, pytest.raises(PlatformError) as failed:
        client(wire.base_url).inquiry("P1")

    assert failed.value.kind is ErrorKind.UNKNOWN_OUTCOME


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"result":"S"}', b"<html>"])
def test_an_answer_without_a_result_is_unreadable(body: bytes) -> None:
    with serving(scripted(Said(body=body))) as wire, pytest.raises(PlatformError) as failed:
        client(wire.base_url).inquiry("P1")

    assert failed.value.code == "UNREADABLE"


@pytest.mark.parametrize(
    ("status", "code", "kind", "retryable"),
    [
        ("F", "INVALID_SIGNATURE", ErrorKind.AUTH, False),
        ("F", "PARAM_ILLEGAL", ErrorKind.INVALID, False),
        ("F", "ORDER_NOT_EXIST", ErrorKind.STATE, False),
        ("F", "MERCHANT_BALANCE_NOT_ENOUGH", ErrorKind.STATE, True),
        ("U", "REQUEST_TRAFFIC_EXCEED_LIMIT", ErrorKind.RATE, True),
        ("U", "UNKNOWN_EXCEPTION", ErrorKind.BUSY, True),
    ],
)
def test_refusals_say_what_can_be_done(status: str, code: str, kind: ErrorKind, retryable: bool) -> None:
    said = answer(INQUIRY, {"result": result(status, code)})
    with serving(scripted(said)) as wire, pytest.raises(PlatformError) as failed:
        client(wire.base_url).inquiry("P1")

    assert (failed.value.code, failed.value.kind, failed.value.retryable) == (code, kind, retryable)


def test_an_unsigned_refusal_is_a_refusal() -> None:
    body = json.dumps({"result": result("F", "UNKNOWN_CLIENT")}).encode()
    with serving(scripted(Said(body=body))) as wire, pytest.raises(PlatformError) as failed:
        client(wire.base_url).inquiry("P1")

    assert failed.value.kind is ErrorKind.AUTH


def test_a_scanned_code_is_sent_once_however_it_ends() -> None:
    ends: list[Callable[[], Said]] = [
        lambda: Said(cut=True),
        lambda: Said(status=502, body=b"", headers={}),
        lambda: answer(PAY, {"result": result("U", "UNKNOWN_EXCEPTION")}),
    ]
    for end in ends:
        with serving(scripted(end())) as wire:
            with pytest.raises(PlatformError) as failed:
                order(client(wire.base_url), scenario=Scenario.PAYMENT_CODE, payment_code="28" + "0" * 16)

            assert len(wire.asked) == 1
            assert failed.value.kind is ErrorKind.UNKNOWN_OUTCOME


def test_an_order_code_is_asked_for_again_with_the_same_bytes() -> None:
    waiting = inquired(result=result("U", "PAYMENT_IN_PROCESS"))
    with serving(scripted(Said(cut=True), Said(status=503, headers={}), answer(PAY, waiting))) as wire:
        placed = order(client(wire.base_url))

        assert placed.status == "PROCESSING"
        assert len({asked.body for asked in wire.asked}) == 1
        assert len(wire.asked) == 3


@given(st.binary(max_size=200), st.text(max_size=20))
def test_signatures_hold_for_their_own_bytes_only(body: bytes, at: str) -> None:
    message = signed_bytes(path=PAY, client_id=CLIENT, at=at, body=body)
    header = "algorithm=RSA256,keyVersion=1,signature=" + quote(keys.signature("antom", message), safe="")

    assert holds(keys.public_pem("antom"), message, header)
    assert not holds(keys.public_pem("antom"), message + b" ", header)


@given(st.text(max_size=60))
def test_a_garbage_signature_header_is_just_wrong(header: str) -> None:
    assert not holds(keys.public_pem("antom"), b"text", header)


@given(st.integers(1, 10**12))
def test_a_rate_is_read_exactly_from_a_number_and_from_text(scaled: int) -> None:
    text = f"{scaled // 10**8}.{scaled % 10**8:08d}"
    fields = {"quoteCurrencyPair": "EUR/CNY"}

    assert read_quote({**fields, "quotePrice": text}).price == scaled
    assert read_quote({**fields, "quotePrice": float(text)}).price == scaled


@pytest.mark.parametrize("value", [1, "", "-1", "1.0", "１", "1" * 17, None])
def test_an_amount_is_whole_minor_units_in_text(value: Any) -> None:
    with pytest.raises(ValueError):
        money({"currency": "EUR", "value": value})


@pytest.fixture
def shop(sandbox: RunningSandbox) -> Antom:
    config = sandbox.config["antom"]
    return Antom(
        client_id=config["client_id"],
        private_key=config["private_key"],
        antom_public_key=config["antom_public_key"],
        base_url=sandbox.base_url,
        pause=lambda _: None,
    )


def test_a_shown_code_is_paid_in_yuan_and_refunded_once(sandbox: RunningSandbox, shop: Antom) -> None:
    placed = order(shop)
    sandbox.control("pay", provider="antom", paymentRequestId="P1")
    paid = shop.inquiry("P1")

    refunds = [
        shop.refund(payment_id=paid.payment_id, refund_request_id="R1", refund=Money(20_000, "EUR"))
        for _ in range(2)
    ]

    assert (placed.status, placed.code[:23]) == ("PROCESSING", "https://qr.alipay.com/s")
    assert (paid.paid, paid.amount, paid.actual, paid.settled) == (True, EUR, Money(938_815, "CNY"), EUR)
    assert paid.payment_quote is not None
    assert (paid.payment_quote.pair, paid.payment_quote.price) == ("EUR/CNY", 782_345_678)
    assert refunds[0] == refunds[1] == shop.inquiry_refund("R1")
    assert refunds[0].status == "SUCCESS"
    assert shop.clock_skew_seconds is not None and abs(shop.clock_skew_seconds) < 5


def test_a_scanned_code_is_charged_waits_or_fails_and_is_cancelled(
    sandbox: RunningSandbox, shop: Antom
) -> None:
    def charge(number: str) -> Payment:
        code = sandbox.control("payment_code", provider="antom")["auth_code"]
        return order(shop, number, scenario=Scenario.PAYMENT_CODE, payment_code=code)

    first = charge("P1")
    sandbox.control("next_codepay", provider="antom", outcome="PROCESSING")
    second = charge("P2")
    sandbox.control("next_codepay", provider="antom", outcome="NOT_ENOUGH")
    with pytest.raises(PlatformError) as failed:
        charge("P3")

    assert (first.status, second.status) == ("SUCCESS", "PROCESSING")
    assert failed.value.code == "USER_BALANCE_NOT_ENOUGH"
    assert shop.cancel("P2").payment_request_id == "P2"
    assert shop.cancel("P1") == shop.cancel("P1")
    assert [shop.inquiry(number).status for number in ("P1", "P2", "P3")] == [
        "CANCELLED",
        "CANCELLED",
        "FAIL",
    ]


def test_an_unknown_outcome_is_found_by_inquiry(sandbox: RunningSandbox, shop: Antom) -> None:
    sandbox.control("next_codepay", provider="antom", outcome="UNKNOWN_PAID")

    with pytest.raises(PlatformError) as unknown:
        order(shop, scenario=Scenario.PAYMENT_CODE, payment_code="280000000000000001")

    assert unknown.value.kind is ErrorKind.UNKNOWN_OUTCOME
    assert shop.inquiry("P1").paid


@pytest.mark.parametrize("scenario", [Scenario.ENTRY_CODE, Scenario.CASHIER])
def test_a_page_is_shown(shop: Antom, scenario: Scenario) -> None:
    assert order(shop, scenario=scenario).url.startswith("http")


def test_other_parameters_under_one_number_are_refused(shop: Antom) -> None:
    order(shop)

    with pytest.raises(PlatformError) as refused:
        order(shop, description="包")

    assert (refused.value.code, refused.value.kind) == ("REPEAT_REQ_INCONSISTENT", ErrorKind.INVALID)


def test_rates_come_as_integers(shop: Antom) -> None:
    assert [quote.price for quote in shop.exchange_rate("EUR")] == [782_345_678]
    pairs = (("USD", "EUR"), ("JPY", "CNY"))
    assert [quote.pair for quote in shop.exchange_rate("EUR", pairs=pairs)] == ["USD/EUR", "JPY/CNY"]


def test_a_forged_and_an_unsigned_answer_of_the_sandbox_are_refused(
    sandbox: RunningSandbox, shop: Antom
) -> None:
    order(shop)
    for kind in ("bad_signature", "nosig"):
        sandbox.control("fault", match="antom /ams", kind=kind)
        with pytest.raises(Forged):
            shop.inquiry("P1")


def test_an_outage_after_the_work_was_done_charges_nobody_twice(sandbox: RunningSandbox, shop: Antom) -> None:
    sandbox.control("fault", match="antom /ams", kind="500")
    sandbox.control("fault", match="antom /ams", kind="timeout", value=0.01)

    placed = order(shop)

    assert placed.status == "PROCESSING"
    entries = sandbox.journal(family="antom", direction="in")
    assert [entry["status"] for entry in entries] == [500, 504, 200]


def test_requests_of_the_wire_name_their_client() -> None:
    def judge(asked: Asked) -> Said:
        assert asked.headers["client-id"] == CLIENT
        return answer(INQUIRY, inquired())

    with serving(judge) as wire:
        assert client(wire.base_url).inquiry("P1").amount == EUR
