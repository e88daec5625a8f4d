"""WeChat Pay's desk: JSAPI, native and barcode payments of a domestic merchant, in our words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.houses.rules import DOMESTIC
from seta.payments.cashiers.cashier import Back, Order, PaidOut, Provider
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence, RefundState, Trade
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wechatpay import WeChatPay
from seta.platforms.wechatpay.records import (
    JsapiParams,
    Refund,
    Transaction,
    read_refund,
    read_transaction,
)

# https://pay.weixin.qq.com/doc/v3/merchant, trade_state of an order.
_TRADES = {
    "SUCCESS": Trade.PAID,
    "REFUND": Trade.REFUNDED,
    "NOTPAY": Trade.PENDING,
    "USERPAYING": Trade.PENDING,
    "CLOSED": Trade.CLOSED,
    "REVOKED": Trade.REVERSED,
    "PAYERROR": Trade.FAILED,
}
_REFUNDS = {
    "SUCCESS": RefundState.SUCCEEDED,
    "PROCESSING": RefundState.PROCESSING,
    "CLOSED": RefundState.CLOSED,
    "ABNORMAL": RefundState.ABNORMAL,
}
_ABSENT = frozenset({"ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"})
_UNPROVEN = frozenset(
    {ErrorKind.UNKNOWN_OUTCOME, ErrorKind.BUSY, ErrorKind.UNREACHABLE, ErrorKind.RATE, ErrorKind.FORGED}
)


@dataclass(frozen=True)
class WeChatCashier:
    """A house's desk at WeChat Pay."""

    client: WeChatPay

    def prepay(self, order: Order, openid: str) -> str:
        """Place an order for the mini program and return its prepay_id; may be repeated. Raises PlatformError."""
        return self.client.jsapi(
            out_trade_no=order.out_trade_no,
            description=order.description,
            total=order.amount,
            openid=openid,
            notify_url=order.notify_url,
            expires_at=order.expires_at,
        )

    def pay_sheet(self, prepay_id: str) -> JsapiParams:
        """What the mini program passes to `wx.requestPayment`, freshly signed."""
        return self.client.jsapi_params(prepay_id)

    def show(self, order: Order) -> str:
        """Place an order and return the `weixin://` text of its code; may be repeated. Raises PlatformError."""
        return self.client.native(
            out_trade_no=order.out_trade_no,
            description=order.description,
            total=order.amount,
            notify_url=order.notify_url,
            expires_at=order.expires_at,
        )

    def charge(self, order: Order, auth_code: str) -> Evidence:
        """Charge a barcode; a refusal is FAILED, silence is UNKNOWN."""

        def send() -> Transaction:
            return self.client.codepay(
                out_trade_no=order.out_trade_no,
                description=order.description,
                total=order.amount,
                auth_code=auth_code,
                store_id=order.store,
            )

        return _told(order.out_trade_no, "answer", send, otherwise=Trade.FAILED)

    def ask(self, out_trade_no: str) -> Evidence:
        """Query an order by our number."""
        return _told(out_trade_no, "query", lambda: self.client.query(out_trade_no=out_trade_no))

    def undo(self, out_trade_no: str) -> Evidence:
        """Reverse; refused while the client is typing the password, so it is asked again later."""
        try:
            self.client.reverse(out_trade_no)
        except PlatformError as error:
            trade = Trade.PENDING if error.code == "USERPAYING" else Trade.UNKNOWN
            return _evidence(out_trade_no, trade, "answer", {"code": error.code, "message": error.message})
        return _evidence(out_trade_no, Trade.REVERSED, "answer", {"reversed": True})

    def close(self, out_trade_no: str) -> Evidence:
        """Close an unpaid order; when it was paid after all, say what a query says."""
        try:
            self.client.close(out_trade_no)
        except PlatformError as error:
            if error.kind in _UNPROVEN:
                return _evidence(out_trade_no, Trade.UNKNOWN, "answer", {"code": error.code})
            return self.ask(out_trade_no)
        return _evidence(out_trade_no, Trade.CLOSED, "answer", {"closed": True})

    def give_back(self, back: Back) -> RefundEvidence:
        """Send a refund; NOT_ENOUGH leaves it waiting for funds under the same number."""
        return _told_refund(
            back,
            "answer",
            lambda: self.client.refund(
                out_trade_no=back.out_trade_no,
                out_refund_no=back.out_refund_no,
                refund=back.amount,
                total=back.total,
                reason=back.reason,
                notify_url=back.notify_url,
            ),
            otherwise=RefundState.REJECTED,
        )

    def ask_refund(self, back: Back) -> RefundEvidence:
        """Query a refund by our number."""
        return _told_refund(back, "query", lambda: self.client.query_refund(back.out_refund_no))

    def fetch_bill(self, bill_on: date) -> bytes:
        """The day's trade bill; its SHA-1 came in a signed answer."""
        return self.client.trade_bill(bill_on)

    def fetch_funds(self, bill_on: date) -> bytes | None:
        """The day's movements of the basic account; its SHA-1 came in a signed answer."""
        return self.client.fund_bill(bill_on)

    def paid_out(self, first: date, last: date) -> Sequence[PaidOut]:
        """At home nothing is paid out by batches: a merchant withdraws."""
        return ()


def payment_notice(fields: Mapping[str, Any], external_id: str) -> Evidence:
    """What a decrypted TRANSACTION notification says."""
    return _of_transaction(read_transaction(fields), "notification", dict(fields), external_id)


def refund_notice(fields: Mapping[str, Any], external_id: str) -> RefundEvidence:
    """What a decrypted REFUND notification says."""
    found = read_refund(fields)
    return _of_refund(found, "notification", dict(fields), external_id)


def notice(kind: str, fields: Mapping[str, Any], external_id: str) -> Evidence | RefundEvidence | None:
    """What a decrypted notification says; None for a payment across the border, whose number is called `id`."""
    if kind.startswith("REFUND."):
        return refund_notice(fields, external_id)
    return payment_notice(fields, external_id) if "id" not in fields else None


def open_desk(account: Account) -> WeChatCashier:
    """The house's desk."""
    return WeChatCashier(houses.wechatpay(account.house_id))


def _told(
    out_trade_no: str, source: str, send: Callable[[], Transaction], otherwise: Trade = Trade.UNKNOWN
) -> Evidence:
    try:
        found = send()
    except PlatformError as error:
        body = {"code": error.code, "message": error.message, "request_id": error.request_id}
        if error.code in _ABSENT:
            return _evidence(out_trade_no, Trade.ABSENT, source, body)
        return _evidence(out_trade_no, Trade.UNKNOWN if error.kind in _UNPROVEN else otherwise, source, body)
    return _of_transaction(found, source, {**_plain(found)}, "")


def _told_refund(
    back: Back, source: str, send: Callable[[], Refund], otherwise: RefundState = RefundState.UNKNOWN
) -> RefundEvidence:
    try:
        found = send()
    except PlatformError as error:
        state = RefundState.UNKNOWN if error.kind in _UNPROVEN else otherwise
        if error.code in ("NOT_ENOUGH", "NOTENOUGH"):
            state = RefundState.PENDING_FUNDS
        elif error.code in _ABSENT and source == "query":
            state = RefundState.REQUESTED
        return RefundEvidence(
            provider=WECHATPAY,
            source=source,
            out_trade_no=back.out_trade_no,
            out_refund_no=back.out_refund_no,
            state=state,
            refusal=f"{error.code} {error.message}"[:200],
            body={"code": error.code, "message": error.message, "request_id": error.request_id},
        )
    return _of_refund(found, source, _plain(found), "")


def _evidence(out_trade_no: str, trade: Trade, source: str, body: dict[str, Any]) -> Evidence:
    return Evidence(provider=WECHATPAY, source=source, out_trade_no=out_trade_no, trade=trade, body=body)


def _of_transaction(found: Transaction, source: str, body: dict[str, Any], external_id: str) -> Evidence:
    return Evidence(
        provider=WECHATPAY,
        source=source,
        out_trade_no=found.out_trade_no,
        trade=_TRADES.get(found.trade_state, Trade.UNKNOWN),
        provider_number=found.transaction_id,
        amount=found.total,
        currency=found.currency,
        happened_at=_instant(found.success_time),
        external_id=external_id,
        body=body,
    )


def _of_refund(found: Refund, source: str, body: dict[str, Any], external_id: str) -> RefundEvidence:
    return RefundEvidence(
        provider=WECHATPAY,
        source=source,
        out_trade_no=found.out_trade_no,
        out_refund_no=found.out_refund_no,
        state=_REFUNDS.get(found.status, RefundState.UNKNOWN),
        provider_number=found.refund_id,
        amount=found.refund,
        currency=found.currency,
        happened_at=_instant(found.success_time),
        external_id=external_id,
        body=body,
    )


def _plain(found: Transaction | Refund) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


PROVIDER = Provider(
    name=WECHATPAY,
    modes=frozenset({DOMESTIC}),
    open=open_desk,
    merchant=lambda account: account.app_id,
    notice=notice,
)
