"""Antom's desk: scanned payment codes, shown order codes and the cashier page, in our words.

Payments are priced in CNY, which is what the client pays; Antom converts what it settles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from seta.houses import queries as houses
from seta.houses.rules import DOMESTIC
from seta.kit.money import Money
from seta.payments.cashiers.cashier import Back, BillByHand, Order, PaidOut, Provider
from seta.payments.rules.states import ANTOM, Evidence, RefundEvidence, RefundState, Trade
from seta.platforms.antom import Antom, Payment, Refund, Scenario, read_notification
from seta.platforms.core.errors import ErrorKind, PlatformError

CURRENCY = "CNY"
_SCENARIOS = {
    "antom_code": Scenario.PAYMENT_CODE,
    "antom_qr": Scenario.ORDER_CODE,
    "antom_cashier": Scenario.CASHIER,
}
_TRADES = {"SUCCESS": Trade.PAID, "PROCESSING": Trade.PENDING, "FAIL": Trade.FAILED}
_REFUNDS = {
    "SUCCESS": RefundState.SUCCEEDED,
    "PROCESSING": RefundState.PROCESSING,
    "FAIL": RefundState.CLOSED,
}
_EXPIRED = "ORDER_IS_CLOSED"
_ABSENT = "ORDER_NOT_EXIST"
_NO_REFUND = "REFUND_NOT_EXIST"
_NO_FUNDS = "MERCHANT_BALANCE_NOT_ENOUGH"
_UNPROVEN = frozenset(
    {ErrorKind.UNKNOWN_OUTCOME, ErrorKind.BUSY, ErrorKind.UNREACHABLE, ErrorKind.RATE, ErrorKind.FORGED}
)


@dataclass(frozen=True)
class AntomCashier:
    """A house's desk at Antom."""

    client: Antom

    def show(self, order: Order) -> str:
        """Place a payment: the text of its code, or the address of Antom's page. Raises PlatformError.

        May be repeated with the same order: Antom then finds the same payment.
        """
        found = self._pay(order, _SCENARIOS[order.method], "")
        content = found.code or found.url
        if not content:
            raise PlatformError(
                "the answer has nothing to show", platform="antom", code="NO_CODE", kind=ErrorKind.STATE
            )
        return content

    def charge(self, order: Order, auth_code: str) -> Evidence:
        """Charge a payment code; a refusal is FAILED, silence is UNKNOWN."""
        return _told(
            order.out_trade_no,
            "answer",
            lambda: self._pay(order, Scenario.PAYMENT_CODE, auth_code),
            otherwise=Trade.FAILED,
        )

    def ask(self, out_trade_no: str) -> Evidence:
        """Inquire by our number."""
        return _told(out_trade_no, "query", lambda: self.client.inquiry(out_trade_no))

    def undo(self, out_trade_no: str) -> Evidence:
        """Cancel, then inquire what that has undone: REVERSED when money went back, CLOSED when none had come."""
        try:
            self.client.cancel(out_trade_no)
        except PlatformError as error:
            if error.kind in _UNPROVEN:
                return _evidence(out_trade_no, Trade.UNKNOWN, "answer", _problem(error))
        return self.ask(out_trade_no)

    def close(self, out_trade_no: str) -> Evidence:
        """Cancel an unpaid payment; one that is paid already stays paid, since a cancel would give it back."""
        now = self.ask(out_trade_no)
        return self.undo(out_trade_no) if now.trade is Trade.PENDING else now

    def give_back(self, back: Back) -> RefundEvidence:
        """Refund a part; an empty balance leaves it waiting under the same number."""

        def send() -> Refund:
            number = back.provider_number or self.client.inquiry(back.out_trade_no).payment_id
            return self.client.refund(
                payment_id=number,
                refund_request_id=back.out_refund_no,
                refund=Money(back.amount, CURRENCY),
                reason=back.reason,
                notify_url=back.notify_url,
            )

        return _told_refund(back, "answer", send, otherwise=RefundState.REJECTED)

    def ask_refund(self, back: Back) -> RefundEvidence:
        """Inquire about one refund by our number."""
        return _told_refund(back, "query", lambda: self.client.inquiry_refund(back.out_refund_no))

    def fetch_bill(self, bill_on: date) -> bytes:
        """Antom delivers its files by SFTP: raises BillByHand, which says to bring the file."""
        raise BillByHand(f"Antom puts the settlement file of {bill_on} on its SFTP server: upload it")

    def fetch_funds(self, bill_on: date) -> bytes | None:
        """The settlement file is all there is."""
        return None

    def paid_out(self, first: date, last: date) -> Sequence[PaidOut]:
        """Payouts are read from the settlement file, whose net is the payout."""
        return ()

    def _pay(self, order: Order, scenario: Scenario, auth_code: str) -> Payment:
        return self.client.pay(
            payment_request_id=order.out_trade_no,
            order_id=order.out_trade_no,
            description=order.description,
            price=Money(order.amount, CURRENCY),
            settlement_currency=order.settle_currency,
            scenario=scenario,
            payment_code=auth_code,
            notify_url=order.notify_url,
            expires_at=None if auth_code else order.expires_at,
        )


def notice(kind: str, fields: Mapping[str, Any], external_id: str) -> Evidence | RefundEvidence:
    """What a proven notification says of its payment or its refund."""
    found = read_notification(fields)
    if found.payment is not None:
        return _of_payment(found.payment, "notification", dict(fields), external_id)
    assert found.refund is not None
    state = _REFUNDS.get(found.refund.status, RefundState.UNKNOWN)
    return RefundEvidence(
        provider=ANTOM,
        source="notification",
        out_trade_no="",
        out_refund_no=found.refund.refund_request_id,
        state=state,
        provider_number=found.refund.refund_id,
        amount=found.refund.amount.amount,
        currency=found.refund.amount.currency,
        happened_at=_instant(found.refund.refunded_at),
        external_id=external_id,
        body=dict(fields),
    )


def _told(
    out_trade_no: str, source: str, send: Callable[[], Payment], otherwise: Trade = Trade.UNKNOWN
) -> Evidence:
    try:
        found = send()
    except PlatformError as error:
        trade = Trade.UNKNOWN if error.kind in _UNPROVEN else otherwise
        if error.code == _ABSENT:
            trade = Trade.ABSENT
        return _evidence(out_trade_no, trade, source, _problem(error))
    return _of_payment(found, source, _plain(found), "")


def _of_payment(found: Payment, source: str, body: dict[str, Any], external_id: str) -> Evidence:
    trade = _TRADES.get(found.status, Trade.UNKNOWN)
    if found.status == "CANCELLED":
        trade = Trade.REVERSED if found.paid_at else Trade.CLOSED
    elif trade is Trade.FAILED and found.result_code == _EXPIRED:
        trade = Trade.CLOSED
    return Evidence(
        provider=ANTOM,
        source=source,
        out_trade_no=found.payment_request_id,
        trade=trade,
        provider_number=found.payment_id,
        amount=found.amount.amount,
        currency=found.amount.currency,
        happened_at=_instant(found.paid_at),
        external_id=external_id,
        body=body,
    )


def _told_refund(
    back: Back, source: str, send: Callable[[], Refund], otherwise: RefundState = RefundState.UNKNOWN
) -> RefundEvidence:
    number, amount, refusal = "", None, ""
    try:
        found = send()
    except PlatformError as error:
        state = RefundState.UNKNOWN if error.kind in _UNPROVEN else otherwise
        if error.code == _NO_FUNDS:
            state = RefundState.PENDING_FUNDS
        elif error.code == _NO_REFUND and source == "query":
            state = RefundState.REQUESTED
        body, refusal = _problem(error), f"{error.code} {error.message}"[:200]
    else:
        state, body = _REFUNDS.get(found.status, RefundState.UNKNOWN), _plain(found)
        number, amount = found.refund_id, found.amount.amount
    return RefundEvidence(
        provider=ANTOM,
        source=source,
        out_trade_no=back.out_trade_no,
        out_refund_no=back.out_refund_no,
        state=state,
        provider_number=number,
        amount=amount,
        currency=CURRENCY,
        refusal=refusal,
        body=body,
    )


def _evidence(out_trade_no: str, trade: Trade, source: str, body: dict[str, Any]) -> Evidence:
    return Evidence(provider=ANTOM, source=source, out_trade_no=out_trade_no, trade=trade, body=body)


def _problem(error: PlatformError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "request_id": error.request_id}


def _plain(found: Payment | Refund) -> dict[str, Any]:
    return asdict(found)


def _instant(text: str) -> datetime | None:
    """ISO 8601 with a zone, as Antom writes instants."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


PROVIDER = Provider(
    name=ANTOM,
    modes=frozenset({DOMESTIC}),
    open=lambda account: AntomCashier(houses.antom(account.house_id)),
    merchant=lambda account: account.settings.get("merchant_id", ""),
    notice=notice,
)
