"""Antom's notifications until SUCCESS, on the published schedule, and its settlement files with their end marker."""

import csv
from typing import Any

import httpx
import pytest

from tests.sandbox.pay.antom_merchant import AntomMerchant
from tests.sandbox.pay.client import Client
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import Receiver

ACCEPTED = b'{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}'
WAITS = (120, 600, 600, 3600, 7200, 21600, 54000)


@pytest.fixture
def antom(client: Client, exported: dict[str, Any], receiver: Receiver) -> AntomMerchant:
    """An Antom merchant whose receiver answers as Antom wants it."""
    receiver.otherwise = ACCEPTED
    return AntomMerchant(client, exported["antom"])


def test_eight_attempts_come_on_the_published_schedule_and_then_no_more(
    antom: AntomMerchant, control: Control, receiver: Receiver
) -> None:
    receiver.otherwise = b"success"
    antom.order("PAY-1")
    control("pay", provider="antom", paymentRequestId="PAY-1")
    seen = [len(receiver.requests)]

    for wait in WAITS:
        control("advance", seconds=wait - 10)
        seen.append(len(receiver.requests))
        control("advance", seconds=11)
        seen.append(len(receiver.requests))
    control("advance", seconds=10 * 86_400)

    assert seen == [1, *(count for number in range(1, 8) for count in (number, number + 1))]
    assert len(receiver.requests) == 8
    assert len({request.content for request in receiver.requests}) == 1
    assert [antom.open_notification(request)["notifyType"] for request in receiver.requests] == [
        "PAYMENT_RESULT"
    ] * 8


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"success",
        b'{"result":{"resultStatus":"F","resultCode":"PROCESS_FAIL"}}',
        b'{"result":"S"}',
        b"[]",
    ],
)
def test_only_a_result_of_success_is_a_receipt(
    antom: AntomMerchant, control: Control, receiver: Receiver, answer: bytes
) -> None:
    receiver.answers = [httpx.Response(200, content=answer)]
    antom.order("PAY-1")

    control("pay", provider="antom", paymentRequestId="PAY-1")
    control("advance", seconds=121)
    control("advance", seconds=86_400)

    assert len(receiver.requests) == 2


def test_the_settlement_file_lists_every_movement_and_ends(antom: AntomMerchant, control: Control) -> None:
    paid = antom.charge("PAY-1", 120_000)
    antom.refund(paid["paymentId"], "R-1", 20_000)
    antom.charge("PAY-2", 5_000)
    antom.call("cancel", {"paymentRequestId": "PAY-2"})

    made = control("make_bill", provider="antom")

    text = antom.client.get(f"/_antom/settlements/{made['name']}").text
    *lines, end = text.removesuffix("\r\n").split("\r\n")
    rows = list(csv.DictReader(lines))
    assert end == "<END>"
    assert made["name"].startswith(f"{antom.config['merchant_id']}_settle_")
    assert made["net"] == {"EUR": 98_800}
    columns = ("transactionType", "transactionRequestId", "transactionAmountValue", "feeAmountValue")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("PAYMENT", "PAY-1", "1200.00", "12.00"),
        ("REFUND", "R-1", "-200.00", "0.00"),
        ("PAYMENT", "PAY-2", "50.00", "0.50"),
        ("CANCEL", "PAY-2", "-50.00", "-0.50"),
    ]
    assert rows[1]["originalTransactionId"] == paid["paymentId"]


@pytest.mark.parametrize(("kind", "rows"), [("missing", 1), ("amount", 2), ("extra", 3), ("truncated", 2)])
def test_a_planted_break_is_in_the_file(antom: AntomMerchant, control: Control, kind: str, rows: int) -> None:
    antom.charge("PAY-1")
    antom.charge("PAY-2")

    made = control("make_bill", provider="antom", plant=kind)

    text = antom.client.get(f"/_antom/settlements/{made['name']}").text
    assert made["lines"] == rows
    assert text.endswith("<END>\r\n") is (kind != "truncated")


def test_the_control_refuses_what_it_cannot_do(antom: AntomMerchant, client: Client) -> None:
    bodies = {
        "pay": {"paymentRequestId": "NOBODY"},
        "refund_settle": {"refundRequestId": "NOBODY"},
        "next_codepay": {"outcome": "RAIN"},
        "payment_settings": {"rates": {"EUR": 7.8}},
        "make_bill": {"plant": "extra"},
    }

    answers = {
        action: client.post(f"/_control/{action}", json={"provider": "antom", **body})
        for action, body in bodies.items()
    }

    assert {action: answer.status_code for action, answer in answers.items()} == dict.fromkeys(bodies, 400)
