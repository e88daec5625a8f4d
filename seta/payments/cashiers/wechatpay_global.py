"""WeChat Pay's desk for a merchant outside China, with its own contract or served by an institution, in our words.

Orders are priced in CNY, which is what the client pays; WeChat Pay converts what it settles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.houses.rules import GLOBAL_DIRECT, GLOBAL_INSTITUTION
from seta.kit.money import Money
from seta.payments.cashiers.cashier import Back, Order, PaidOut, Provider
from seta.payments.cashiers.wechatpay_answers import closed, refund_state, told, told_refund, trade_of, undone
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence, RefundState, Trade
from seta.platforms.wechatpay import CrossBorder, JsapiParams, WeChatPay, read_global_transaction
from seta.platforms.wechatpay.cross_border import GlobalRefund, GlobalTransaction, Settlement

CURRENCY = "CNY"


@dataclass(frozen=True)
class GlobalWeChatCashier:
    """A house's desk across the border; `category` is its merchant category code."""

    sheet: WeChatPay
    client: CrossBorder
    category: str

    def prepay(self, order: Order, openid: str) -> str:
        """Place an order for the mini program and return its prepay_id; may be repeated. Raises PlatformError."""
        return self.client.jsapi(
            out_trade_no=order.out_trade_no,
            description=order.description,
            price=Money(order.amount, CURRENCY),
            openid=openid,
            notify_url=order.notify_url,
            category=self.category,
            expires_at=order.expires_at,
        )

    def pay_sheet(self, prepay_id: str) -> JsapiParams:
        """What the mini program passes to `wx.requestPayment`, freshly signed."""
        return self.sheet.jsapi_params(prepay_id)

    def show(self, order: Order) -> str:
        """Place an order and return the `weixin://` text of its code; may be repeated. Raises PlatformError."""
        return self.client.native(
            out_trade_no=order.out_trade_no,
            description=order.description,
            price=Money(order.amount, CURRENCY),
            notify_url=order.notify_url,
            category=self.category,
            expires_at=order.expires_at,
        )

    def charge(self, order: Order, auth_code: str) -> Evidence:
        """Charge a barcode; a refusal is FAILED, silence is UNKNOWN."""

        def send() -> GlobalTransaction:
            return self.client.micropay(
                out_trade_no=order.out_trade_no,
                description=order.description,
                price=Money(order.amount, CURRENCY),
                auth_code=auth_code,
                category=self.category,
            )

        return told(order.out_trade_no, "answer", send, _read, otherwise=Trade.FAILED)

    def ask(self, out_trade_no: str) -> Evidence:
        """Query an order by our number."""
        return told(out_trade_no, "query", lambda: self.client.query(out_trade_no), _read)

    def undo(self, out_trade_no: str) -> Evidence:
        """Reverse; refused while the client is typing the password, so it is asked again later."""
        return undone(out_trade_no, self.client.reverse)

    def close(self, out_trade_no: str) -> Evidence:
        """Close an unpaid order; when it was paid after all, say what a query says."""
        return closed(out_trade_no, self.client.close, self.ask)

    def give_back(self, back: Back) -> RefundEvidence:
        """Send a refund; NOT_ENOUGH leaves it waiting, since the pool of CNY is converted every night."""

        def send() -> GlobalRefund:
            return self.client.refund(
                out_trade_no=back.out_trade_no,
                out_refund_no=back.out_refund_no,
                refund=Money(back.amount, CURRENCY),
                total=Money(back.total, CURRENCY),
                reason=back.reason,
                notify_url=back.notify_url,
            )

        return told_refund(back, "answer", send, partial(_read_refund, back), otherwise=RefundState.REJECTED)

    def ask_refund(self, back: Back) -> RefundEvidence:
        """Query a refund by our number."""
        return told_refund(
            back, "query", lambda: self.client.query_refund(back.out_refund_no), partial(_read_refund, back)
        )

    def fetch_bill(self, bill_on: date) -> bytes:
        """The day's statement; its SHA-1 came beside it."""
        return self.client.statement(bill_on)

    def fetch_funds(self, bill_on: date) -> bytes | None:
        """Across the border there is no fund bill: the pool is converted, and payouts are told."""
        return None

    def paid_out(self, first: date, last: date) -> Sequence[PaidOut]:
        """The payouts whose day lies between two days."""
        found: list[Settlement] = []
        while page := self.client.settlements(first, last, offset=len(found)):
            found += page
        return [
            PaidOut(
                reference=one.batch_id,
                currency=one.currency,
                amount=one.settled,
                settled_on=one.settled_on,
                first_on=one.first_trade_on,
                last_on=one.last_trade_on,
            )
            for one in found
            if one.batch_id
        ]


def notice(kind: str, fields: Mapping[str, Any], external_id: str) -> Evidence | None:
    """What a decrypted notification of a payment says; refunds are told as at home, and read there."""
    if kind.startswith("REFUND.") or "id" not in fields:
        return None
    return _of_transaction(read_global_transaction(fields), "notification", dict(fields), external_id)


def open_desk(account: Account) -> GlobalWeChatCashier:
    """The house's desk."""
    return GlobalWeChatCashier(
        sheet=houses.wechatpay(account.house_id),
        client=houses.cross_border(account.house_id),
        category=account.settings["category"],
    )


def _read(found: GlobalTransaction, source: str) -> Evidence:
    return _of_transaction(found, source, asdict(found), "")


def _read_refund(back: Back, found: GlobalRefund, source: str) -> RefundEvidence:
    return RefundEvidence(
        provider=WECHATPAY,
        source=source,
        out_trade_no=back.out_trade_no,
        out_refund_no=back.out_refund_no,
        state=refund_state(found.status),
        provider_number=found.refund_id,
        amount=found.refund.amount,
        currency=CURRENCY,
        body=asdict(found),
    )


def _of_transaction(
    found: GlobalTransaction, source: str, body: dict[str, Any], external_id: str
) -> Evidence:
    return Evidence(
        provider=WECHATPAY,
        source=source,
        out_trade_no=found.out_trade_no,
        trade=trade_of(found.trade_state),
        provider_number=found.transaction_id,
        amount=found.total.amount,
        currency=found.total.currency,
        happened_at=datetime.fromisoformat(found.success_time) if found.success_time else None,
        external_id=external_id,
        body=body,
    )


PROVIDER = Provider(
    name=WECHATPAY,
    modes=frozenset({GLOBAL_DIRECT, GLOBAL_INSTITUTION}),
    open=open_desk,
    merchant=lambda account: account.app_id,
    notice=notice,
)
