"""WeChat Pay for merchants outside China: priced in their currency, paid in CNY, direct or through an institution."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha1
from typing import Any

from seta.kit.money import Money
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.wechatpay.door import Door
from seta.platforms.wechatpay.signing import PLATFORM

BASE_URL = "https://apihk.mch.weixin.qq.com"
DESCRIPTION_CHARS_MAX = 127
_TRADES = "/v3/global/transactions"
_MICROPAY = "/v3/global/micropay/transactions"
_REFUNDS = "/v3/global/refunds"


@dataclass(frozen=True)
class Direct:
    """A merchant that has its own contract with WeChat Pay."""

    mchid: str
    appid: str

    def as_fields(self) -> dict[str, str]:
        """Who sells, as requests name it."""
        return {"mchid": self.mchid, "appid": self.appid}


@dataclass(frozen=True)
class Institution:
    """A merchant served by an institution, which signs for it; `sub_appid` is the merchant's own app, if any."""

    sp_mchid: str
    sp_appid: str
    sub_mchid: str
    sub_appid: str = ""

    def as_fields(self) -> dict[str, str]:
        """Who sells, as requests name it."""
        fields = {"sp_mchid": self.sp_mchid, "sp_appid": self.sp_appid, "sub_mchid": self.sub_mchid}
        return fields | {"sub_appid": self.sub_appid} if self.sub_appid else fields


@dataclass(frozen=True)
class GlobalTransaction:
    """An order as the platform sees it; `rate` is CNY for one unit of its currency, scaled by 10^8, 0 while unpaid.

    `payer` is what the consumer paid, in CNY; `success_time` is RFC 3339 text, empty while unpaid.
    """

    out_trade_no: str
    transaction_id: str
    trade_state: str
    trade_type: str
    total: Money
    payer: Money | None
    rate: int
    openid: str
    success_time: str

    @property
    def paid(self) -> bool:
        """Whether the money has been taken (a later refund does not undo that)."""
        return self.trade_state in ("SUCCESS", "REFUND")


@dataclass(frozen=True)
class GlobalRefund:
    """A refund as the platform sees it; `status` is SUCCESS, CLOSED, PROCESSING or ABNORMAL."""

    refund_id: str
    out_refund_no: str
    out_trade_no: str
    status: str
    refund: Money
    payer: Money | None
    rate: int


@dataclass(frozen=True)
class Settlement:
    """One payout, or what waits for one (`batch_id` empty); money in minor units of `currency`."""

    batch_id: str
    settled_on: date
    first_trade_on: date
    last_trade_on: date
    currency: str
    settled: int
    unsettled: int
    pay: int
    refund: int
    net: int
    fee: int


class CrossBorder:
    """Typed calls of one merchant through a signed door whose address is the overseas host.

    Every method raises PlatformError; Forged when an answer is not proven.
    """

    def __init__(self, door: Door, merchant: Direct | Institution) -> None:
        self._door = door
        self._identity = merchant.as_fields()

    def jsapi(
        self,
        *,
        out_trade_no: str,
        description: str,
        price: Money,
        openid: str,
        notify_url: str,
        category: str,
        expires_at: datetime | None = None,
    ) -> str:
        """Place an order for a mini program and return its prepay_id; `category` is the merchant category code."""
        name = "openid" if "mchid" in self._identity else "sp_openid"
        name = "sub_openid" if self._identity.get("sub_appid") else name
        payload = self._order(out_trade_no, description, price, category, "JSAPI", notify_url, expires_at)
        payload["payer"] = {name: openid}
        return str(self._door.post(f"{_TRADES}/jsapi", payload, idempotent=True)["prepay_id"])

    def native(
        self,
        *,
        out_trade_no: str,
        description: str,
        price: Money,
        notify_url: str,
        category: str,
        expires_at: datetime | None = None,
    ) -> str:
        """Place an order and return the `weixin://` address to show as a code."""
        payload = self._order(out_trade_no, description, price, category, "NATIVE", notify_url, expires_at)
        return str(self._door.post(f"{_TRADES}/native", payload, idempotent=True)["code_url"])

    def micropay(
        self, *, out_trade_no: str, description: str, price: Money, auth_code: str, category: str
    ) -> GlobalTransaction:
        """Charge the code a client shows; sent once, never repeated by itself.

        USERPAYING is returned like a state: query every 3 to 5 s for 45 s, then reverse. UNKNOWN_OUTCOME: query.
        """
        payload = self._order(out_trade_no, description, price, category, "MICROPAY", "", None)
        payload["payer"] = {"auth_code": auth_code}
        fields = self._door.post(f"{_MICROPAY}/pay", payload, idempotent=False, waiting="USERPAYING")
        if "code" in fields:
            return GlobalTransaction(out_trade_no, "", fields["code"], "MICROPAY", price, None, 0, "", "")
        return self._owned(_transaction(fields), out_trade_no)

    def query(self, out_trade_no: str) -> GlobalTransaction:
        """Ask for an order by our number; this is the truth, notifications only hint at it."""
        asked = {name: value for name, value in self._identity.items() if name.endswith("mchid")}
        fields = self._door.get(f"{_TRADES}/out-trade-no/{out_trade_no}", **asked)
        return self._owned(_transaction(fields), out_trade_no)

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; ORDER_PAID (kind state) when it was paid after all."""
        self._door.post(f"{_TRADES}/out-trade-no/{out_trade_no}/close", self._identity, idempotent=True)

    def reverse(self, out_trade_no: str) -> None:
        """Undo a barcode payment: refunded if paid, closed if not. USERPAYING (retryable): reverse again later."""
        self._door.post(f"{_MICROPAY}/out-trade-no/{out_trade_no}/reverse", self._identity, idempotent=True)

    def refund(
        self,
        *,
        out_trade_no: str,
        out_refund_no: str,
        refund: Money,
        total: Money,
        reason: str = "",
        notify_url: str = "",
    ) -> GlobalRefund:
        """Refund a part in the order's currency; repeated under the same out_refund_no it refunds once.

        NOT_ENOUGH (retryable): the CNY pool was converted overnight; ask again with the same number. At most 50
        parts of an order, a minute apart: FREQUENCY_LIMITED (kind rate) until then.
        """
        assert refund.currency == total.currency and 0 < refund.amount <= total.amount
        payload: dict[str, Any] = {
            **self._identity,
            "out_trade_no": out_trade_no,
            "out_refund_no": out_refund_no,
            "amount": {"refund": refund.amount, "total": total.amount, "currency": total.currency},
        }
        if reason:
            payload["reason"] = reason[:80]
        if notify_url:
            payload["notify_url"] = notify_url
        return self._owned_refund(_refund(self._door.post(_REFUNDS, payload, idempotent=True)), out_refund_no)

    def query_refund(self, out_refund_no: str) -> GlobalRefund:
        """Ask for a refund by our number; RESOURCE_NOT_EXISTS (kind state) when it was never accepted."""
        found = _refund(self._door.get(f"{_REFUNDS}/out-refund-no/{out_refund_no}"))
        return self._owned_refund(found, out_refund_no)

    def statement(self, day: date) -> bytes:
        """The day's statement as CSV, its SHA-1 checked; ready from 09:00 Beijing the day after, for 180 days.

        The hash travels beside the file and neither is signed: it shows damage, it does not prove the sender.
        """
        content, headers = self._door.fetch("/v3/global/statements", date=f"{day:%Y%m%d}")
        if sha1(content, usedforsecurity=False).hexdigest() != headers.get("wechatpay-statement-sha1", ""):
            raise Forged("the statement does not match its SHA-1", platform=PLATFORM, code="BILL_HASH")
        return content

    def settlements(
        self, first: date, last: date, *, is_settled: bool = True, offset: int = 0
    ) -> list[Settlement]:
        """Payouts between two days, or what waits for one; 20 from `offset`. Always of the signing merchant whole."""
        fields = self._door.get(
            "/v3/global/settle/settlements",
            settle_state="SETTLED" if is_settled else "UNSETTLE",
            settle_start_date=f"{first:%Y%m%d}",
            settle_end_date=f"{last:%Y%m%d}",
            offset=str(offset),
            limit="20",
        )
        try:
            return [_settlement(row) for row in fields.get("data") or []]
        except (ValueError, TypeError) as error:
            raise _unreadable(error) from error

    def _order(
        self,
        out_trade_no: str,
        description: str,
        price: Money,
        category: str,
        trade_type: str,
        notify_url: str,
        expires_at: datetime | None,
    ) -> dict[str, Any]:
        assert price.amount > 0
        payload: dict[str, Any] = {
            **self._identity,
            "description": description[:DESCRIPTION_CHARS_MAX],
            "out_trade_no": out_trade_no,
            "trade_type": trade_type,
            "merchant_category_code": category,
            "amount": {"total": price.amount, "currency": price.currency},
        }
        if notify_url:
            payload["notify_url"] = notify_url
        if expires_at:
            assert expires_at.tzinfo is not None
            payload["time_expire"] = expires_at.isoformat(timespec="seconds")
        return payload

    def _owned(self, found: GlobalTransaction, out_trade_no: str) -> GlobalTransaction:
        if found.out_trade_no != out_trade_no:
            raise Forged("the answer is about another order", platform=PLATFORM, code="OTHER_ORDER")
        return found

    def _owned_refund(self, found: GlobalRefund, out_refund_no: str) -> GlobalRefund:
        if found.out_refund_no != out_refund_no:
            raise Forged("the answer is about another refund", platform=PLATFORM, code="OTHER_REFUND")
        return found


def read_global_transaction(fields: Mapping[str, Any]) -> GlobalTransaction:
    """Read an order from an answer or a notification's resource; ValueError when it is not one.

    Across the border the transaction's number is called `id`.
    """
    try:
        amount, payer = fields["amount"], fields.get("payer") or {}
        paid = amount.get("payer_total")
        openid = payer.get("sub_openid") or payer.get("sp_openid") or payer.get("openid") or ""
        return GlobalTransaction(
            out_trade_no=str(fields["out_trade_no"]),
            transaction_id=str(fields.get("id") or ""),
            trade_state=str(fields["trade_state"]),
            trade_type=str(fields.get("trade_type") or ""),
            total=_money(amount["total"], amount["currency"]),
            payer=None if paid is None else _money(paid, amount.get("payer_currency") or "CNY"),
            rate=int((amount.get("exchange_rate") or {}).get("rate", 0)),
            openid=str(openid),
            success_time=str(fields.get("success_time") or ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an order: {error}") from error


def _transaction(fields: Mapping[str, Any]) -> GlobalTransaction:
    try:
        return read_global_transaction(fields)
    except ValueError as error:
        raise _unreadable(error) from error


def _refund(fields: Mapping[str, Any]) -> GlobalRefund:
    try:
        amount = fields["amount"]
        paid = amount.get("payer_refund")
        return GlobalRefund(
            refund_id=str(fields["id"]),
            out_refund_no=str(fields["out_refund_no"]),
            out_trade_no=str(fields.get("out_trade_no") or ""),
            status=str(fields["status"]),
            refund=_money(amount["refund"], amount["currency"]),
            payer=None if paid is None else _money(paid, amount.get("payer_currency") or "CNY"),
            rate=int((amount.get("exchange_rate") or {}).get("rate", 0)),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable(error) from error


def _settlement(row: Mapping[str, Any]) -> Settlement:
    amount = row["amount"]
    return Settlement(
        batch_id=str(row["batch_id"]),
        settled_on=_day(row["settlement_date"]),
        first_trade_on=_day(row["trade_start_date"]),
        last_trade_on=_day(row["trade_end_date"]),
        currency=str(amount["currency"]),
        settled=int(amount["settled"]),
        unsettled=int(amount["unsettle"]),
        pay=int(amount["pay"]),
        refund=int(amount["refund"]),
        net=int(amount["net"]),
        fee=int(amount["fee"]),
    )


def _day(text: Any) -> date:
    return datetime.strptime(str(text), "%Y%m%d").date()


def _money(amount: Any, currency: Any) -> Money:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise ValueError(f"{str(amount)[:40]!r} is not an amount in minor units")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise ValueError(f"{str(currency)[:40]!r} is not a currency")
    return Money(amount, currency)


def _unreadable(error: Exception) -> PlatformError:
    return PlatformError(
        f"the answer cannot be read: {error}",
        platform=PLATFORM,
        code="UNREADABLE",
        kind=ErrorKind.UNKNOWN_OUTCOME,
    )
