"""Alipay's face-to-face and online trades of one app: precreate, pay, query, refund, cancel, close, bills; in fen."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx

from seta.platforms.alipay.certificates import Certificates
from seta.platforms.alipay.gateway import BASE_URL, SUCCESS, WAITING, Gateway
from seta.platforms.alipay.records import (
    Cancellation,
    Refund,
    RefundState,
    Trade,
    fen,
    read_trade,
    yuan,
)
from seta.platforms.alipay.signing import PLATFORM
from seta.platforms.core.errors import Forged

SUBJECT_CHARS_MAX = 256


class Alipay:
    """Typed calls; every method raises PlatformError, Forged when an answer is not proven.

    Keys are PEM, or the bare base64 of Alipay's console. Certificate mode takes the three certificates of the
    console as PEM instead of alipay_public_key; an answer under another of Alipay's certificates is then Forged with
    code CERTIFICATE until `alipay_certificate` has fetched it and the new client is given it. While Alipay's key
    changes, former_public_key is believed too.
    """

    def __init__(
        self,
        *,
        appid: str,
        app_private_key: str,
        alipay_public_key: str = "",
        former_public_key: str = "",
        certificates: Certificates | None = None,
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.appid = appid
        self._gateway = Gateway(
            appid=appid,
            app_private_key=app_private_key,
            alipay_public_key=alipay_public_key,
            former_public_key=former_public_key,
            certificates=certificates,
            base_url=base_url,
            http=http,
            now=now,
            pause=pause,
        )

    def precreate(
        self, *, out_trade_no: str, subject: str, total: int, notify_url: str = "", timeout: str = ""
    ) -> str:
        """Return the address to show as a code; the trade exists only once somebody has scanned it."""
        content = _order(out_trade_no, subject, total)
        if timeout:
            content["timeout_express"] = timeout
        fields = self._gateway.call("alipay.trade.precreate", content, idempotent=True, notify_url=notify_url)
        return str(fields["qr_code"])

    def pay(
        self,
        *,
        out_trade_no: str,
        subject: str,
        total: int,
        auth_code: str,
        store_id: str = "",
        notify_url: str = "",
    ) -> Trade:
        """Charge the code a client shows (25 to 30 first); sent once, never repeated by itself.

        WAIT_BUYER_PAY while the client confirms: query every 3 to 5 s for a minute, then cancel. UNKNOWN_OUTCOME
        means the same: query.
        """
        content = _order(out_trade_no, subject, total) | {
            "scene": "bar_code",
            "auth_code": auth_code,
            "product_code": "FACE_TO_FACE_PAYMENT",
        }
        if store_id:
            content["store_id"] = store_id
        fields = self._gateway.call(
            "alipay.trade.pay", content, idempotent=False, accept=(SUCCESS, WAITING), notify_url=notify_url
        )
        status = "TRADE_SUCCESS" if fields["code"] == SUCCESS else "WAIT_BUYER_PAY"
        answered = {"out_trade_no": out_trade_no, "total_amount": yuan(total), **fields}
        return self._owned(read_trade(answered | {"trade_status": status}), out_trade_no)

    def query(self, out_trade_no: str) -> Trade:
        """Ask for a trade; ACQ.TRADE_NOT_EXIST (kind state) before anybody scanned a precreated one."""
        fields = self._gateway.call("alipay.trade.query", {"out_trade_no": out_trade_no}, idempotent=True)
        return self._owned(read_trade(fields), out_trade_no)

    def refund(self, *, out_trade_no: str, out_request_no: str, refund: int, reason: str = "") -> Refund:
        """Refund a part; repeated under the same out_request_no it refunds once."""
        assert refund > 0
        content = {
            "out_trade_no": out_trade_no,
            "refund_amount": yuan(refund),
            "out_request_no": out_request_no,
            "refund_reason": reason,
        }
        fields = self._gateway.call("alipay.trade.refund", content, idempotent=True)
        return Refund(
            trade_no=str(fields.get("trade_no") or ""),
            out_trade_no=str(fields["out_trade_no"]),
            out_request_no=out_request_no,
            refunded_total=fen(fields["refund_fee"]),
            fund_change=fields.get("fund_change") == "Y",
        )

    def query_refund(self, *, out_trade_no: str, out_request_no: str) -> RefundState:
        """Ask for one refund; an unknown number is answered with success and no amount, hence `done`."""
        content = {"out_trade_no": out_trade_no, "out_request_no": out_request_no}
        fields = self._gateway.call("alipay.trade.fastpay.refund.query", content, idempotent=True)
        amount = fields.get("refund_amount")
        # Without refund_status Alipay has not refunded yet, or never will.
        done = fields.get("refund_status") == "REFUND_SUCCESS"
        return RefundState(out_trade_no, out_request_no, fen(amount) if amount else 0, done)

    def cancel(self, out_trade_no: str) -> Cancellation:
        """Undo a trade: closed if unpaid, refunded if paid; to be asked again while `retry` is true."""
        fields = self._gateway.call("alipay.trade.cancel", {"out_trade_no": out_trade_no}, idempotent=True)
        return Cancellation(out_trade_no, str(fields.get("action") or ""), fields.get("retry_flag") == "Y")

    def close(self, out_trade_no: str) -> None:
        """Close a trade that was scanned and not paid."""
        self._gateway.call("alipay.trade.close", {"out_trade_no": out_trade_no}, idempotent=True)

    def alipay_certificate(self, alipay_cert_sn: str) -> str:
        """Fetch one of Alipay's certificates as PEM; Forged unless our root certificate issued it."""
        return self._gateway.download_certificate(alipay_cert_sn)

    def bill_url(self, bill_on: date, *, bill_type: str = "trade") -> str:
        """Return the address of a day's bill (trade or signcustomer); it lives 30 seconds."""
        content = {"bill_type": bill_type, "bill_date": bill_on.isoformat()}
        fields = self._gateway.call(
            "alipay.data.dataservice.bill.downloadurl.query", content, idempotent=True
        )
        return str(fields["bill_download_url"])

    def bill(self, bill_on: date, *, bill_type: str = "trade") -> bytes:
        """Download a day's bill: a zip of GBK files for `bill.parse_trade_bill`."""
        return self._gateway.download(self.bill_url(bill_on, bill_type=bill_type))

    def _owned(self, trade: Trade, out_trade_no: str) -> Trade:
        if trade.out_trade_no != out_trade_no:
            raise Forged("the answer is about another trade", platform=PLATFORM, code="OTHER_TRADE")
        return trade


def _order(out_trade_no: str, subject: str, total: int) -> dict[str, Any]:
    assert total > 0
    return {
        "out_trade_no": out_trade_no,
        "total_amount": yuan(total),
        "subject": subject[:SUBJECT_CHARS_MAX],
    }
