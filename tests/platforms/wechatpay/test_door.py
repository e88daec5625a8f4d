"""Answers are believed only with a valid signature; requests are signed over the bytes on the wire."""

import base64
import json
import re
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.wechatpay import WeChatPay
from tests.platforms.wechatpay import keys
from tests.platforms.wire import Asked, Said, scripted, serving

PAID = {"out_trade_no": "SETA0001", "trade_state": "SUCCESS", "amount": {"total": 1}, "transaction_id": "42"}


def client(base_url: str, **changes: Any) -> WeChatPay:
    chosen: dict[str, Any] = {
        "mchid": "1900000001",
        "appid": "wx1",
        "apiv3_key": keys.APIV3_KEY,
        "merchant_serial": "4B000000000000000000000000000000000000AA",
        "merchant_private_key": keys.private_pem("merchant"),
        "public_key_id": keys.KEY_ID,
        "public_key": keys.public_pem("platform"),
        "base_url": base_url,
        "now": lambda: keys.NOW,
        "nonce": lambda: "fixed",
        "pause": lambda _: None,
    }
    return WeChatPay(**(chosen | changes))


def said(fields: dict[str, Any], status: int = 200, **signing: Any) -> Said:
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Said(status, body, keys.signed_headers(body, **signing))


def test_request_signature_covers_the_exact_bytes_and_target() -> None:
    with serving(scripted(said({"prepay_id": "wx20"}))) as wire:
        prepay = client(wire.base_url).jsapi(
            out_trade_no="SETA0001",
            description="丝巾 & 包",
            total=100,
            openid="o1",
            notify_url="https://s.test/n",
        )
        asked = wire.asked[0]

    parts = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers["authorization"]))
    message = (
        f"POST\n{asked.target}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode() + asked.body + b"\n"
    )
    signature = base64.b64decode(parts["signature"])
    keys.private("merchant").public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    assert prepay == "wx20"
    assert "丝巾 & 包".encode() in asked.body
    assert parts["mchid"] == "1900000001"
    assert asked.headers["wechatpay-serial"] == keys.KEY_ID


def test_query_string_is_signed_as_sent() -> None:
    with serving(scripted(said(PAID))) as wire:
        client(wire.base_url).query(out_trade_no="SETA0001")
        asked = wire.asked[0]

    parts = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers["authorization"]))
    message = f"GET\n{asked.target}\n{keys.NOW}\nfixed\n\n".encode()
    keys.private("merchant").public_key().verify(
        base64.b64decode(parts["signature"]), message, padding.PKCS1v15(), hashes.SHA256()
    )
    assert asked.target == "/v3/pay/transactions/out-trade-no/SETA0001?mchid=1900000001"


@pytest.mark.parametrize(
    "answer",
    [
        Said(body=json.dumps(PAID).encode()),
        said(PAID, key="somebody"),
        said(PAID, serial="PUB_KEY_ID_OTHER"),
        said(PAID, at=keys.NOW - 600),
        Said(body=json.dumps(PAID).encode(), headers=keys.signed_headers(b"{}")),
        said(PAID | {"out_trade_no": "SETA0002"}),
    ],
    ids=["unsigned", "other key", "other serial", "old", "other body", "other order"],
)
def test_success_that_is_not_proven_is_forged(answer: Said) -> None:
    with serving(scripted(answer)) as wire, pytest.raises(Forged):
        client(wire.base_url).query(out_trade_no="SETA0001")


def test_empty_answer_is_proven_over_an_empty_body() -> None:
    with serving(scripted(Said(204, b"", keys.signed_headers(b"")))) as wire:
        client(wire.base_url).close("SETA0001")
    with serving(scripted(Said(204, b"", {}))) as wire, pytest.raises(Forged):
        client(wire.base_url).close("SETA0001")


def test_refusal_keeps_its_code_even_unsigned_but_not_with_a_wrong_signature() -> None:
    refusal = {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
    body = json.dumps(refusal).encode()
    with serving(scripted(Said(404, body))) as wire, pytest.raises(PlatformError) as refused:
        client(wire.base_url).query(out_trade_no="SETA0001")
    with serving(scripted(Said(404, body, keys.signed_headers(b"x")))) as wire, pytest.raises(Forged):
        client(wire.base_url).query(out_trade_no="SETA0001")

    assert (refused.value.code, refused.value.kind) == ("ORDER_NOT_EXIST", ErrorKind.STATE)


def test_barcode_payment_is_sent_once_and_a_system_error_leaves_it_open() -> None:
    trouble = said({"code": "SYSTEM_ERROR", "message": "系统异常"}, 500)
    with serving(scripted(trouble)) as wire:
        with pytest.raises(PlatformError) as failed:
            client(wire.base_url).codepay(
                out_trade_no="SETA0001", description="x", total=1, auth_code="10" + "0" * 16, store_id="1"
            )
        asked = len(wire.asked)

    assert asked == 1
    assert failed.value.kind is ErrorKind.UNKNOWN_OUTCOME
    assert not failed.value.retryable


def test_refund_is_repeated_under_its_number_when_the_platform_fails() -> None:
    trouble = said({"code": "SYSTEM_ERROR", "message": "系统异常"}, 500)
    good = said(
        {"refund_id": "5", "out_refund_no": "R1", "status": "PROCESSING", "amount": {"refund": 1, "total": 2}}
    )
    with serving(scripted(trouble, trouble, good)) as wire:
        refund = client(wire.base_url).refund(
            out_refund_no="R1", out_trade_no="SETA0001", refund=1, total=2, reason="退货"
        )
        bodies = {asked.body for asked in wire.asked}

    assert refund.status == "PROCESSING"
    assert len(bodies) == 1


def test_clock_skew_is_measured_even_when_it_makes_the_answer_too_old() -> None:
    with serving(scripted(said(PAID, at=keys.NOW + 400))) as wire:
        pay = client(wire.base_url)
        with pytest.raises(Forged, match="400 s"):
            pay.query(out_trade_no="SETA0001")

    assert pay.clock_skew_seconds == 400


SERIAL = f"{0x0ABC:040X}"


def certificates(asked: Asked) -> Said:
    if asked.target != "/v3/certificates":
        return said(PAID, key="cert", serial=SERIAL)
    pem = keys.certificate_pem("cert", 0x0ABC)
    row = {"serial_no": SERIAL, "encrypt_certificate": keys.sealed(pem.encode(), associated="certificate")}
    return said({"data": [row]}, key="cert", serial=SERIAL)


def test_certificate_mode_downloads_its_certificate_once() -> None:
    with serving(certificates) as wire:
        pay = client(wire.base_url, public_key_id="", public_key="")
        first, second = pay.query(out_trade_no="SETA0001"), pay.query(out_trade_no="SETA0001")
        downloads = [asked for asked in wire.asked if asked.target == "/v3/certificates"]

    assert first == second
    assert len(downloads) == 1
    assert set(pay.notification_keys().verifiers) == {SERIAL}


def test_certificate_sealed_with_another_key_is_forged() -> None:
    with serving(certificates) as wire, pytest.raises(Forged):
        client(wire.base_url, public_key_id="", public_key="", apiv3_key="x" * 32).query(
            out_trade_no="SETA0001"
        )


def test_both_modes_at_once_accept_both() -> None:
    pem = keys.certificate_pem("cert", 0x0ABC)
    with serving(scripted(said(PAID), said(PAID, key="cert", serial=SERIAL))) as wire:
        pay = client(wire.base_url, platform_certificates={SERIAL: pem})
        orders = [pay.query(out_trade_no="SETA0001") for _ in range(2)]

    assert [order.paid for order in orders] == [True, True]


def test_bill_that_does_not_match_its_hash_is_forged() -> None:
    def answer(asked: Asked) -> Said:
        if asked.target.startswith("/v3/bill/tradebill"):
            address = "https://elsewhere.test/v3/billdownload/file?token=1"
            return said({"hash_type": "SHA1", "hash_value": "0" * 40, "download_url": address})
        return Said(body=b"another file", headers={})

    with serving(answer) as wire, pytest.raises(Forged) as refused:
        client(wire.base_url).trade_bill(date(2026, 11, 21))

    assert refused.value.code == "BILL_HASH"


def test_pay_sheet_is_signed_with_the_merchant_key() -> None:
    params = client("http://127.0.0.1:9").jsapi_params("wx20").as_request()

    message = f"wx1\n{keys.NOW}\nfixed\nprepay_id=wx20\n".encode()
    keys.private("merchant").public_key().verify(
        base64.b64decode(params["paySign"]), message, padding.PKCS1v15(), hashes.SHA256()
    )
    assert params["signType"] == "RSA"
