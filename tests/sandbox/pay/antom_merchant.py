"""A merchant of Antom: signs what it sends and checks what it gets, in a writing of its own."""

import base64
import json
import urllib.parse
from typing import Any

import httpx

from tests.sandbox.pay.client import Client
from tests.sandbox.pay.merchant import check, private_key, public_key, sign

NOTIFY = "https://merchant.example/antom/notify"
SANDBOX = "/ams/sandbox/api/v1/payments"
PRODUCTION = "/ams/api/v1/payments"


class AntomMerchant:
    """Speaks AMS with the keys of an exported config."""

    def __init__(self, client: Client, config: dict[str, Any]) -> None:
        self.client, self.config = client, config
        self._key = private_key(config["private_key"])
        self._antom = public_key(config["antom_public_key"])

    def send(self, path: str, body: bytes, **changed: str) -> httpx.Response:
        """One signed POST of exactly these bytes; `changed` replaces headers."""
        at = "2026-11-22T12:00:00+08:00"
        text = f"POST {path}\n{self.config['client_id']}.{at}.".encode() + body
        signature = urllib.parse.quote_plus(sign(self._key, text))
        headers = {
            "Client-Id": self.config["client_id"],
            "Request-Time": at,
            "Signature": f"algorithm=RSA256,keyVersion=1,signature={signature}",
            "Content-Type": "application/json; charset=UTF-8",
        }
        return self.client.post(path, content=body, headers=headers | changed)

    def call(self, name: str, body: dict[str, Any], prefix: str = SANDBOX) -> dict[str, Any]:
        """One call with a checked answer."""
        path = f"{prefix}/{name}"
        return self.checked(path, self.send(path, json.dumps(body, ensure_ascii=False).encode()))

    def checked(self, path: str, response: httpx.Response) -> dict[str, Any]:
        """The answer's object once the signature over its raw text holds."""
        assert response.status_code == 200, response.text
        self._check(path, response.headers, "response-time", response.content)
        answer: dict[str, Any] = response.json()
        return answer

    def open_notification(self, request: httpx.Request) -> dict[str, Any]:
        """A notification's object once its signature holds."""
        self._check(request.url.path, request.headers, "request-time", request.content)
        notice: dict[str, Any] = json.loads(request.content)
        return notice

    def pay_body(self, number: str, value: int = 120_000, **changes: Any) -> dict[str, Any]:
        """A payment in euro by a scanned order code."""
        amount = {"currency": "EUR", "value": str(value)}
        return {
            "productCode": "IN_STORE_PAYMENT",
            "paymentRequestId": number,
            "order": {"referenceOrderId": f"O-{number}", "orderDescription": "丝巾", "orderAmount": amount},
            "paymentAmount": amount,
            "paymentMethod": {"paymentMethodType": "ALIPAY_CN"},
            "paymentFactor": {"inStorePaymentScenario": "OrderCode"},
            "settlementStrategy": {"settlementCurrency": "EUR"},
            "paymentNotifyUrl": NOTIFY,
            **changes,
        }

    def order(self, number: str, value: int = 120_000, **changes: Any) -> dict[str, Any]:
        """Place a payment that waits for a scan."""
        return self.call("pay", self.pay_body(number, value, **changes))

    def charge(self, number: str, value: int = 120_000, code: str = "280000000000000001") -> dict[str, Any]:
        """Charge a payment code."""
        method = {"paymentMethodType": "CONNECT_WALLET", "paymentMethodId": code}
        factor = {"inStorePaymentScenario": "PaymentCode"}
        return self.order(number, value, paymentMethod=method, paymentFactor=factor)

    def inquire(self, number: str) -> dict[str, Any]:
        """A payment's state by our number."""
        return self.call("inquiryPayment", {"paymentRequestId": number})

    def refund(self, payment_id: str, number: str, value: int, **changes: Any) -> dict[str, Any]:
        """Refund a part in euro."""
        amount = {"currency": "EUR", "value": str(value)}
        body = {"refundRequestId": number, "paymentId": payment_id, "refundAmount": amount}
        return self.call("refund", {**body, "refundNotifyUrl": NOTIFY, **changes})

    def _check(self, path: str, headers: httpx.Headers, time_header: str, body: bytes) -> None:
        _, _, encoded = headers["signature"].partition("signature=")
        assert "=" not in encoded and base64.b64decode(urllib.parse.unquote(encoded), validate=True)
        text = f"POST {path}\n{headers['client-id']}.{headers[time_header]}.".encode() + body
        check(self._antom, text, urllib.parse.unquote(encoded))
