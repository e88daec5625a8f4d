"""WeChat Pay APIv3 for a domestic merchant: JSAPI, native and barcode payments, refunds and bills, in fen."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha1
from typing import Any

import httpx

from seta.platforms.core.bills import BillRefused, unzipped
from seta.platforms.core.errors import Forged
from seta.platforms.wechatpay.cross_border import CrossBorder, Direct, Institution
from seta.platforms.wechatpay.door import BASE_URL, Door
from seta.platforms.wechatpay.notifications import NotificationKeys
from seta.platforms.wechatpay.records import JsapiParams, Refund, Transaction, read_refund, read_transaction
from seta.platforms.wechatpay.signing import PLATFORM

DESCRIPTION_CHARS_MAX = 127
_PAY = "/v3/pay/transactions"


class WeChatPay:
    """Typed calls of one merchant for one appid.

    Public-key mode needs public_key_id and public_key; certificate mode needs neither (certificates are
    downloaded, or given as platform_certificates by serial); given both, answers of both are accepted.
    Every method raises PlatformError; Forged when an answer is not proven.
    """

    def __init__(
        self,
        *,
        mchid: str,
        appid: str,
        apiv3_key: str,
        merchant_serial: str,
        merchant_private_key: str,
        public_key_id: str = "",
        public_key: str = "",
        platform_certificates: Mapping[str, str] | None = None,
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.mchid = mchid
        self.appid = appid
        self._now = now
        self._nonce = nonce
        self._door = Door(
            mchid=mchid,
            apiv3_key=apiv3_key,
            merchant_serial=merchant_serial,
            merchant_private_key=merchant_private_key,
            public_key_id=public_key_id,
            public_key=public_key,
            platform_certificates=platform_certificates or {},
            base_url=base_url,
            http=http,
            now=now,
            nonce=nonce,
            pause=pause,
        )

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far the platform's clock was ahead of ours at the last answer; None before the first."""
        return self._door.clock_skew_seconds

    def notification_keys(self) -> NotificationKeys:
        """What `notifications.open_notification` needs for this merchant."""
        return self._door.notification_keys()

    def cross_border(self, merchant: Direct | Institution) -> CrossBorder:
        """The same keys as a merchant outside China; base_url should be the overseas host, `cross_border.BASE_URL`."""
        return CrossBorder(self._door, merchant)

    def certificates(self) -> dict[str, str]:
        """Download the platform's certificates (serial to PEM); new merchants are refused and use a public key."""
        return self._door.download_certificates()

    def jsapi(
        self,
        *,
        out_trade_no: str,
        description: str,
        total: int,
        openid: str,
        notify_url: str,
        attach: str = "",
        expires_at: datetime | None = None,
    ) -> str:
        """Place an order for a mini program or an H5 page and return its prepay_id (valid for 2 hours).

        The same number with the same parameters gives the same order, so the call may be repeated.
        """
        payload = self._order(out_trade_no, description, total, notify_url, attach, expires_at)
        return str(self._prepay("jsapi", payload | {"payer": {"openid": openid}})["prepay_id"])

    def native(
        self,
        *,
        out_trade_no: str,
        description: str,
        total: int,
        notify_url: str,
        attach: str = "",
        expires_at: datetime | None = None,
    ) -> str:
        """Place an order and return the `weixin://` address to show as a code."""
        payload = self._order(out_trade_no, description, total, notify_url, attach, expires_at)
        return str(self._prepay("native", payload)["code_url"])

    def jsapi_params(self, prepay_id: str) -> JsapiParams:
        """Sign what `wx.requestPayment` needs; the appid must be the order's."""
        stamp, nonce, package = str(int(self._now())), self._nonce(), f"prepay_id={prepay_id}"
        signature = self._door.sign(f"{self.appid}\n{stamp}\n{nonce}\n{package}\n")
        return JsapiParams(self.appid, stamp, nonce, package, "RSA", signature)

    def codepay(
        self,
        *,
        out_trade_no: str,
        description: str,
        total: int,
        auth_code: str,
        store_id: str,
        attach: str = "",
    ) -> Transaction:
        """Charge the code a client shows (18 digits beginning 10 to 15); sent once, never repeated by itself.

        Returns SUCCESS, or USERPAYING while the client types a password: query every few seconds for 45 s, then
        reverse. An UNKNOWN_OUTCOME error means: wait 5 s and query. No notification is promised.
        """
        payload = self._order(out_trade_no, description, total, "", attach, None) | {
            "payer": {"auth_code": auth_code},
            "scene_info": {"store_info": {"id": store_id}},
        }
        fields = self._door.post(f"{_PAY}/codepay", payload, idempotent=False, waiting="USERPAYING")
        if "code" in fields:
            fields |= {
                "out_trade_no": out_trade_no,
                "trade_state": fields["code"],
                "trade_state_desc": fields["message"],
                "trade_type": "MICROPAY",
                "amount": {"total": total, "currency": "CNY"},
            }
        return self._owned(read_transaction(fields), out_trade_no)

    def query(self, *, out_trade_no: str = "", transaction_id: str = "") -> Transaction:
        """Ask for an order by our number or the platform's; this is the truth, notifications only hint at it."""
        assert bool(out_trade_no) != bool(transaction_id)
        kind = f"out-trade-no/{out_trade_no}" if out_trade_no else f"id/{transaction_id}"
        found = read_transaction(self._door.get(f"{_PAY}/{kind}", mchid=self.mchid))
        return self._owned(found, out_trade_no) if out_trade_no else found

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; ORDER_PAID (kind state) when it was paid after all."""
        path = f"{_PAY}/out-trade-no/{out_trade_no}/close"
        self._door.post(path, {"mchid": self.mchid}, idempotent=True)

    def reverse(self, out_trade_no: str) -> None:
        """Undo a barcode payment: refunded if paid, closed if not. USERPAYING (retryable): reverse again later."""
        path = f"{_PAY}/out-trade-no/{out_trade_no}/reverse"
        self._door.post(path, {"appid": self.appid, "mchid": self.mchid}, idempotent=True)

    def refund(
        self,
        *,
        out_refund_no: str,
        refund: int,
        total: int,
        reason: str,
        out_trade_no: str = "",
        transaction_id: str = "",
        notify_url: str = "",
    ) -> Refund:
        """Refund a part of `total`; repeated under the same out_refund_no it refunds once.

        NOT_ENOUGH (retryable) means the pool is empty: ask again later with the same number, never a new one.
        """
        assert bool(out_trade_no) != bool(transaction_id) and 0 < refund <= total
        payload: dict[str, Any] = {
            "out_refund_no": out_refund_no,
            "reason": reason[:80],
            "amount": {"refund": refund, "total": total, "currency": "CNY"},
        }
        payload |= {"out_trade_no": out_trade_no} if out_trade_no else {"transaction_id": transaction_id}
        if notify_url:
            payload["notify_url"] = notify_url
        return read_refund(self._door.post("/v3/refund/domestic/refunds", payload, idempotent=True))

    def query_refund(self, out_refund_no: str) -> Refund:
        """Ask for a refund by our number; RESOURCE_NOT_EXISTS (kind state) when it was never accepted."""
        return read_refund(self._door.get(f"/v3/refund/domestic/refunds/{out_refund_no}"))

    def trade_bill(self, bill_on: date) -> bytes:
        """Return the day's trade bill of all kinds, its SHA-1 checked; ready from 10:00 Beijing the day after."""
        query = {"bill_date": bill_on.isoformat(), "bill_type": "ALL", "tar_type": "GZIP"}
        return self._bill(self._door.get("/v3/bill/tradebill", **query))

    def fund_bill(self, bill_on: date, *, account_type: str = "BASIC") -> bytes:
        """Return the day's movements of an account (BASIC, OPERATION or FEES), its SHA-1 checked."""
        query = {"bill_date": bill_on.isoformat(), "account_type": account_type, "tar_type": "GZIP"}
        return self._bill(self._door.get("/v3/bill/fundflowbill", **query))

    def _order(
        self,
        out_trade_no: str,
        description: str,
        total: int,
        notify_url: str,
        attach: str,
        expires_at: datetime | None,
    ) -> dict[str, Any]:
        assert total > 0
        payload: dict[str, Any] = {
            "appid": self.appid,
            "mchid": self.mchid,
            "description": description[:DESCRIPTION_CHARS_MAX],
            "out_trade_no": out_trade_no,
            "amount": {"total": total, "currency": "CNY"},
        }
        if notify_url:
            payload["notify_url"] = notify_url
        if attach:
            payload["attach"] = attach
        if expires_at:
            assert expires_at.tzinfo is not None
            payload["time_expire"] = expires_at.isoformat(timespec="seconds")
        return payload

    def _prepay(self, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        return self._door.post(f"{_PAY}/{kind}", payload, idempotent=True)

    def _owned(self, found: Transaction, out_trade_no: str) -> Transaction:
        # A validly signed answer of another order must never stand for this one.
        if found.out_trade_no != out_trade_no:
            raise Forged("the answer is about another order", platform=PLATFORM, code="OTHER_ORDER")
        return found

    def _bill(self, link: Mapping[str, Any]) -> bytes:
        if link.get("hash_type") != "SHA1":
            raise BillRefused(f"unknown hash type {link.get('hash_type')!r}")
        content = unzipped(self._door.download(str(link["download_url"])))
        # The hash is of the uncompressed file, and came in a signed answer: it vouches for the unsigned one.
        if sha1(content).hexdigest() != str(link["hash_value"]).lower():
            raise Forged("the bill does not match its SHA-1", platform=PLATFORM, code="BILL_HASH")
        return content
