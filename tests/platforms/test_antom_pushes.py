"""What Antom sends by itself: notifications proven before they are read, settlement files taken whole or not at all."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.kit.money import Money
from seta.platforms.antom import Notification, open_notification, parse_settlement
from seta.platforms.core import rsa
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.errors import Forged
from tests.platforms.wechatpay import keys
from tests.sandbox_server import RunningSandbox

CLIENT = "SANDBOX_5YBW1N2Z1T"
PATH = "/callbacks/antom/1"
AT = "2026-11-22T12:00:00+08:00"
PAYMENT = {
    "notifyType": "PAYMENT_RESULT",
    "result": {"resultStatus": "S", "resultCode": "SUCCESS", "resultMessage": ""},
    "paymentRequestId": "P1",
    "paymentId": "2026",
    "paymentAmount": {"currency": "EUR", "value": "120000"},
    "actualPaymentAmount": {"currency": "CNY", "value": "938815"},
}
REFUND = {
    "notifyType": "REFUND_RESULT",
    "result": {"resultStatus": "S", "resultCode": "SUCCESS", "resultMessage": ""},
    "refundStatus": "SUCCESS",
    "refundRequestId": "R1",
    "refundId": "2027",
    "refundAmount": {"currency": "EUR", "value": "100"},
}


def pushed(
    body: bytes, *, key: str = "antom", path: str = PATH, at: str = AT, **changed: str
) -> Notification:
    signature = keys.signature(key, f"POST {path}\n{CLIENT}.{at}.".encode() + body)
    headers = {
        "Client-Id": CLIENT,
        "Request-Time": AT,
        "Signature": f"algorithm=RSA256,keyVersion=1,signature={quote(signature, safe='')}",
    }
    return open_notification(
        headers=headers | changed,
        path=PATH,
        body=body,
        antom_public_key=keys.public_pem("antom"),
        client_id=CLIENT,
    )


def text(document: Any, **changes: Any) -> bytes:
    return json.dumps(document | changes if isinstance(document, dict) else document).encode()


def test_a_payment_and_a_refund_are_read() -> None:
    paid, refunded = pushed(text(PAYMENT)).payment, pushed(text(REFUND)).refund

    assert paid is not None and refunded is not None
    assert (paid.status, paid.amount, paid.actual) == (
        "SUCCESS",
        Money(120_000, "EUR"),
        Money(938_815, "CNY"),
    )
    assert (refunded.status, refunded.refund_request_id) == ("SUCCESS", "R1")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"notifyType": "PAYMENT_PENDING"}, "PROCESSING"),
        ({"notifyType": "PAYMENT_CANCEL"}, "CANCELLED"),
        ({"result": {"resultStatus": "F", "resultCode": "ORDER_IS_CLOSED"}}, "FAIL"),
        ({"result": {"resultStatus": "U", "resultCode": "PAYMENT_IN_PROCESS"}}, "PROCESSING"),
    ],
)
def test_only_a_result_of_success_is_money(changes: dict[str, Any], status: str) -> None:
    payment = pushed(text(PAYMENT, **changes)).payment

    assert payment is not None
    assert (payment.status, payment.paid) == (status, False)


@pytest.mark.parametrize(
    ("code", "body", "changed"),
    [
        ("SIGNATURE", text(PAYMENT), {"key": "somebody"}),
        ("SIGNATURE", text(PAYMENT), {"path": "/callbacks/antom/2"}),
        ("SIGNATURE", text(PAYMENT), {"at": "2026-11-22T12:00:01+08:00"}),
        ("SIGNATURE", text(PAYMENT), {"Signature": ""}),
        ("SIGNATURE", text(PAYMENT), {"Request-Time": ""}),
        ("CLIENT_ID", text(PAYMENT), {"Client-Id": "SANDBOX_SOMEBODY"}),
        ("TOO_LARGE", b"x" * 300_000, {}),
        ("UNREADABLE", b"[]", {}),
        ("UNREADABLE", text(PAYMENT, notifyType="OTHER"), {}),
        ("UNREADABLE", text(PAYMENT, result={}), {}),
        ("UNREADABLE", text(PAYMENT, paymentAmount=None), {}),
        ("UNREADABLE", text({"notifyType": "REFUND_RESULT"}), {}),
    ],
)
def test_what_is_not_proven_or_not_readable_is_refused_with_its_reason(
    code: str, body: bytes, changed: dict[str, str]
) -> None:
    with pytest.raises(Forged) as refused:
        pushed(body, **changed)

    assert refused.value.code == code


@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2))
)
def test_signed_nonsense_is_refused_and_nothing_else_happens(value: Any) -> None:
    with pytest.raises(Forged):
        pushed(text({"notifyType": value, "paymentRequestId": value, "paymentAmount": value}))


@pytest.fixture
def made(sandbox: RunningSandbox) -> tuple[str, bytes]:
    """The name and the content of a settlement file of two payments."""
    return settlement(sandbox)


def settlement(sandbox: RunningSandbox, **more: Any) -> tuple[str, bytes]:
    for number in ("P1", "P2"):
        place(sandbox, sandbox.config["antom"], number)
        sandbox.control("pay", provider="antom", paymentRequestId=number)
    file = sandbox.control("make_bill", provider="antom", **more)
    return file["name"], sandbox.client.get(file["url"]).content


def place(sandbox: RunningSandbox, config: dict[str, Any], number: str) -> None:
    amount = {"currency": "EUR", "value": "120000"}
    body = json.dumps(
        {
            "productCode": "CASHIER_PAYMENT",
            "paymentRequestId": number,
            "order": {"referenceOrderId": number, "orderDescription": "x", "orderAmount": amount},
            "paymentAmount": amount,
            "paymentMethod": {"paymentMethodType": "ALIPAY_CN"},
        }
    ).encode()
    path = "/ams/sandbox/api/v1/payments/pay"
    message = f"POST {path}\n{config['client_id']}.{AT}.".encode() + body
    signature = quote(rsa.sign(config["private_key"], message), safe="")
    headers = {
        "Client-Id": config["client_id"],
        "Request-Time": AT,
        "Signature": f"algorithm=RSA256,keyVersion=1,signature={signature}",
    }
    answer = sandbox.client.post(sandbox.base_url + path, content=body, headers=headers)
    assert answer.json()["result"]["resultStatus"] == "U", answer.text


def test_a_settlement_file_is_taken_with_its_sums(made: tuple[str, bytes]) -> None:
    name, content = made

    file = parse_settlement(content, name=name)

    assert [(row.kind, row.request_id, row.amount, row.fee) for row in file.rows] == [
        ("PAYMENT", "P1", 120_000, 1_200),
        ("PAYMENT", "P2", 120_000, 1_200),
    ]
    assert file.net == {"EUR": 237_600}
    assert name == f"{file.merchant_id}_settle_{file.batch_id[:8]}_{file.batch_id}.csv"


def test_a_file_that_is_cut_anywhere_is_refused_whole(made: tuple[str, bytes]) -> None:
    name, content = made

    for cut in range(0, len(content) - 2, 97):
        with pytest.raises(BillRefused):
            parse_settlement(content[:cut], name=name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"1200.00,12.00", b"1300.00,12.00"),
        (b"PAYMENT", b"PRESENT"),
        (b"<END>", b"<end>"),
        (b"transactionRequestId", b"requestId"),
        (b"+08:00", b""),
        (b"EUR,1", b"EUR,1,1"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(made: tuple[str, bytes], old: bytes, new: bytes) -> None:
    name, content = made
    assert old in content

    with pytest.raises(BillRefused):
        parse_settlement(content.replace(old, new), name=name)


def test_a_file_under_another_name_and_a_doubled_row_are_refused(made: tuple[str, bytes]) -> None:
    name, content = made
    rows = content.split(b"\r\n")
    doubled = b"\r\n".join([*rows[:2], *rows[1:]])

    for wrong_name, wrong in (("a.csv", content), ("1_settle_20261122_2.csv", content), (name, doubled)):
        with pytest.raises(BillRefused):
            parse_settlement(wrong, name=wrong_name)


def test_a_file_the_sandbox_cuts_off_is_refused(sandbox: RunningSandbox) -> None:
    name, content = settlement(sandbox, plant="truncated")

    with pytest.raises(BillRefused, match="end marker"):
        parse_settlement(content, name=name)
