"""WeChat Pay's desk: JSAPI, native and barcode payments of a domestic merchant, in our words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.houses.rules import DOMESTIC
from seta.payments.cashiers.cashier import Back, Order, PaidOut, Provider
from seta.payments.cashiers.wechatpay_answers import closed, refund_state, told, told_refund, trade_of, undone
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence, RefundState, Trade
from seta.platforms.wechatpay import WeChatPay
from seta.platforms.wechatpay.records import (
    JsapiParams,
    Refund,
    Transaction,
    read_refund,
    read_transaction,
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

        return told(order.out_trade_no, "answer", send, _read, otherwise=Trade.FAILED)

    def ask(self, out_trade_no: str) -> Evidence:
        """Query an order by our number."""
        return told(out_trade_no, "query", lambda: self.client.query(out_trade_no=out_trade_no), _read)

    def undo(self, out_trade_no: str) -> Evidence:
        """Reverse; refused while the client is typing the password, so it is asked again later."""
        return undone(out_trade_no, self.client.reverse)

    def close(self, out_trade_no: str) -> Evidence:
        """Close an unpaid order; when it was paid after all, say what a query says."""
        return closed(out_trade_no, self.client.close, self.ask)

    def give_back(self, back: Back) -> RefundEvidence:
        """Send a refund; NOT_ENOUGH leaves it waiting for funds under the same number."""

        def send() -> Refund:
            return self.client.refund(
                out_trade_no=back.out_trade_no,
                out_refund_no=back.out_refund_no,
                refund=back.amount,
                total=back.total,
                reason=back.reason,
                notify_url=back.notify_url,
            )

        return told_refund(back, "answer", send, _read_refund, otherwise=RefundState.REJECTED)

    def ask_refund(self, back: Back) -> RefundEvidence:
        """Query a refund by our number."""
        return told_refund(back, "query", lambda: self.client.query_refund(back.out_refund_no), _read_refund)

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


def _read(found: Transaction, source: str) -> Evidence:
    return _of_transaction(found, source, asdict(found), "")


def _read_refund(found: Refund, source: str) -> RefundEvidence:
    return _of_refund(found, source, asdict(found), "")


def _of_transaction(found: Transaction, source: str, body: dict[str, Any], external_id: str) -> Evidence:
    return Evidence(
        provider=WECHATPAY,
        source=source,
        out_trade_no=found.out_trade_no,
        trade=trade_of(found.trade_state),
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
        state=refund_state(found.status),
        provider_number=found.refund_id,
        amount=found.refund,
        currency=found.currency,
        happened_at=_instant(found.success_time),
        external_id=external_id,
        body=body,
    )


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


PROVIDER = Provider(
    name=WECHATPAY,
    modes=frozenset({DOMESTIC}),
    open=open_desk,
    merchant=lambda account: account.app_id,
    notice=notice,
)
