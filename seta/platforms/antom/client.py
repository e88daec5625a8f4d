"""Antom for a merchant outside China: priced in its own currency, paid in CNY from Alipay and its partners."""

import time
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

import httpx

from seta.kit.money import Money
from seta.platforms.antom.door import Door
from seta.platforms.antom.records import (
    Cancellation,
    Payment,
    Quote,
    Refund,
    amount,
    read_payment,
    read_quote,
    read_refund,
)
from seta.platforms.antom.signing import PLATFORM
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError

BASE_URL = "https://open-de-global.alipay.com"
DESCRIPTION_CHARS_MAX = 256
_IN_PROCESS = ("PAYMENT_IN_PROCESS",)


class Scenario(Enum):
    """How the consumer comes to pay; the value is the in-store scenario, empty for the cashier page."""

    PAYMENT_CODE = "PaymentCode"  # the till scans the code on the consumer's phone
    ORDER_CODE = "OrderCode"  # the consumer scans a code made for this order
    ENTRY_CODE = "EntryCode"  # the consumer scans the shop's code and pays on a page
    CASHIER = ""  # the consumer pays on Antom's page


class Antom:
    """Typed calls of one client id; every method raises PlatformError, Forged when an answer is not proven.

    A client id that begins with SANDBOX_ calls the sandbox paths. Keys are PEM or bare base64; `key_version` is the
    number under which Antom holds our public key, and while its own key changes former_public_key is believed too.
    """

    def __init__(
        self,
        *,
        client_id: str,
        private_key: str,
        antom_public_key: str,
        former_public_key: str = "",
        key_version: str = "1",
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client_id = client_id
        self._door = Door(
            client_id=client_id,
            private_key=private_key,
            antom_public_key=antom_public_key,
            former_public_key=former_public_key,
            key_version=key_version,
            base_url=base_url,
            http=http,
            now=now,
            pause=pause,
        )

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far Antom's clock was ahead of ours at the last answer; None before the first."""
        return self._door.clock_skew_seconds

    def pay(
        self,
        *,
        payment_request_id: str,
        order_id: str,
        description: str,
        price: Money,
        settlement_currency: str,
        scenario: Scenario,
        payment_code: str = "",
        method: str = "ALIPAY_CN",
        notify_url: str = "",
        redirect_url: str = "",
        expires_at: datetime | None = None,
    ) -> Payment:
        """Place a payment; the same request again finds the same payment.

        PROCESSING means: show `code` or `url`, or wait for the consumer's password, and inquire. A scanned payment
        code is sent once and never repeated by itself: UNKNOWN_OUTCOME means inquire, every 3 seconds.
        """
        assert price.amount > 0 and bool(payment_code) == (scenario is Scenario.PAYMENT_CODE)
        payload: dict[str, Any] = {
            "productCode": "IN_STORE_PAYMENT" if scenario.value else "CASHIER_PAYMENT",
            "paymentRequestId": payment_request_id,
            "order": {
                "referenceOrderId": order_id,
                "orderDescription": description[:DESCRIPTION_CHARS_MAX],
                "orderAmount": amount(price),
            },
            "paymentAmount": amount(price),
            "paymentMethod": {"paymentMethodType": method},
            "settlementStrategy": {"settlementCurrency": settlement_currency},
        }
        if scenario.value:
            payload["paymentFactor"] = {"inStorePaymentScenario": scenario.value}
        if payment_code:
            payload["paymentMethod"] = {
                "paymentMethodType": "CONNECT_WALLET",
                "paymentMethodId": payment_code,
            }
        if notify_url:
            payload["paymentNotifyUrl"] = notify_url
        if redirect_url:
            payload["paymentRedirectUrl"] = redirect_url
        if expires_at:
            assert expires_at.tzinfo is not None
            payload["paymentExpiryTime"] = expires_at.isoformat(timespec="seconds")
        fields = self._door.call("pay", payload, idempotent=not payment_code, waiting=_IN_PROCESS)
        code = str(fields["result"]["resultCode"])
        status = "PROCESSING" if code in _IN_PROCESS else "SUCCESS"
        return self._owned(_payment(fields, status, code), payment_request_id)

    def inquiry(self, payment_request_id: str) -> Payment:
        """Ask for a payment by our number: this is the truth, notifications only hint at it.

        ORDER_NOT_EXIST (kind state) when Antom never took it.
        """
        fields = self._door.call("inquiryPayment", {"paymentRequestId": payment_request_id}, idempotent=True)
        code = str(fields.get("paymentResultCode") or "")
        found = _payment(fields, str(fields["paymentStatus"]), code)
        return self._owned(found, payment_request_id)

    def cancel(self, payment_request_id: str) -> Cancellation:
        """Undo a payment, giving its money back; possible until 00:15 Beijing time of the next day.

        May be repeated. CANCEL_WINDOW_EXCEED (kind state): refund instead.
        """
        fields = self._door.call("cancel", {"paymentRequestId": payment_request_id}, idempotent=True)
        return Cancellation(
            payment_request_id, str(fields.get("paymentId") or ""), str(fields.get("cancelTime") or "")
        )

    def refund(
        self,
        *,
        payment_id: str,
        refund_request_id: str,
        refund: Money,
        reason: str = "",
        notify_url: str = "",
    ) -> Refund:
        """Refund a part in the payment's currency; repeated under the same refund_request_id it refunds once."""
        assert refund.amount > 0
        payload: dict[str, Any] = {
            "refundRequestId": refund_request_id,
            "paymentId": payment_id,
            "refundAmount": amount(refund),
        }
        if reason:
            payload["refundReason"] = reason[:256]
        if notify_url:
            payload["refundNotifyUrl"] = notify_url
        fields = self._door.call("refund", payload, idempotent=True, waiting=("REFUND_IN_PROCESS",))
        status = "SUCCESS" if fields["result"]["resultStatus"] == "S" else "PROCESSING"
        return self._owned_refund(_refund(fields, status), refund_request_id)

    def inquiry_refund(self, refund_request_id: str) -> Refund:
        """Ask for a refund by our number; REFUND_NOT_EXIST (kind state) when it was never accepted."""
        fields = self._door.call("inquiryRefund", {"refundRequestId": refund_request_id}, idempotent=True)
        return self._owned_refund(_refund(fields, str(fields["refundStatus"])), refund_request_id)

    def exchange_rate(self, payment_currency: str, *, pairs: tuple[tuple[str, str], ...] = ()) -> list[Quote]:
        """Today's rates: of `payment_currency` against CNY, or of (sell, buy) pairs. A reference, not a promise,
        unless a quote says `guaranteed`."""
        payload: dict[str, Any] = {"paymentCurrency": payment_currency}
        if pairs:
            payload["currencyPairs"] = [{"sellCurrency": sell, "buyCurrency": buy} for sell, buy in pairs]
        fields = self._door.call("inquireExchangeRate", payload, idempotent=True)
        try:
            return [read_quote(quote) for quote in fields["quotes"]]
        except (ValueError, TypeError, AttributeError) as error:
            raise _unreadable(error) from error

    def _owned(self, found: Payment, payment_request_id: str) -> Payment:
        # A validly signed answer about another payment must never stand for this one.
        if found.payment_request_id != payment_request_id:
            raise Forged("the answer is about another payment", platform=PLATFORM, code="OTHER_PAYMENT")
        return found

    def _owned_refund(self, found: Refund, refund_request_id: str) -> Refund:
        if found.refund_request_id != refund_request_id:
            raise Forged("the answer is about another refund", platform=PLATFORM, code="OTHER_REFUND")
        return found


def _payment(fields: dict[str, Any], status: str, code: str) -> Payment:
    try:
        return read_payment(fields, status, code)
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable(error) from error


def _refund(fields: dict[str, Any], status: str) -> Refund:
    try:
        return read_refund(fields, status)
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> PlatformError:
    return PlatformError(
        f"the answer cannot be read: {error}",
        platform=PLATFORM,
        code="UNREADABLE",
        kind=ErrorKind.UNKNOWN_OUTCOME,
    )
