"""Alipay's desk: shown codes, barcode payments, refunds and bills of one app, in our words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seta.houses import queries as houses
from seta.houses.rules import DOMESTIC
from seta.kit.clock import BEIJING
from seta.payments.cashiers.cashier import Back, Order, PaidOut, Provider
from seta.payments.rules.states import ALIPAY, Evidence, RefundEvidence, RefundState
from seta.payments.rules.states import Trade as Told
from seta.platforms.alipay import Alipay, Trade, read_trade
from seta.platforms.core.errors import ErrorKind, PlatformError

_TRADES = {
    "TRADE_SUCCESS": Told.PAID,
    "TRADE_FINISHED": Told.PAID,
    "WAIT_BUYER_PAY": Told.PENDING,
    "TRADE_CLOSED": Told.CLOSED,
}
_ABSENT = "ACQ.TRADE_NOT_EXIST"
_NO_FUNDS = "ACQ.SELLER_BALANCE_NOT_ENOUGH"
_UNPROVEN = frozenset(
    {ErrorKind.UNKNOWN_OUTCOME, ErrorKind.BUSY, ErrorKind.UNREACHABLE, ErrorKind.RATE, ErrorKind.FORGED}
)


@dataclass(frozen=True)
class AlipayCashier:
    """A house's desk at Alipay."""

    client: Alipay

    def show(self, order: Order) -> str:
        """Precreate a trade and return the address in its code; it exists once somebody has scanned it.

        May be repeated. Raises PlatformError.
        """
        return self.client.precreate(
            out_trade_no=order.out_trade_no,
            subject=order.description,
            total=order.amount,
            notify_url=order.notify_url,
        )

    def charge(self, order: Order, auth_code: str) -> Evidence:
        """Charge a barcode; a refusal is FAILED, silence is UNKNOWN."""

        def send() -> Trade:
            return self.client.pay(
                out_trade_no=order.out_trade_no,
                subject=order.description,
                total=order.amount,
                auth_code=auth_code,
                store_id=order.store,
                notify_url=order.notify_url,
            )

        return _told(order.out_trade_no, "answer", send, otherwise=Told.FAILED)

    def ask(self, out_trade_no: str) -> Evidence:
        """Query a trade by our number."""
        return _told(out_trade_no, "query", lambda: self.client.query(out_trade_no))

    def undo(self, out_trade_no: str) -> Evidence:
        """Cancel: closes an unpaid trade, refunds a paid one; asked again while Alipay says so."""
        try:
            done = self.client.cancel(out_trade_no)
        except PlatformError as error:
            return _evidence(out_trade_no, Told.UNKNOWN, "answer", _problem(error))
        told = Told.PENDING if done.retry else Told.REVERSED
        return _evidence(out_trade_no, told, "answer", {"action": done.action, "retry": done.retry})

    def close(self, out_trade_no: str) -> Evidence:
        """Close an unpaid trade; when it was paid after all, say what a query says."""
        try:
            self.client.close(out_trade_no)
        except PlatformError as error:
            if error.kind in _UNPROVEN:
                return _evidence(out_trade_no, Told.UNKNOWN, "answer", _problem(error))
            return self.ask(out_trade_no)
        return _evidence(out_trade_no, Told.CLOSED, "answer", {"closed": True})

    def give_back(self, back: Back) -> RefundEvidence:
        """Refund a part at once; an empty balance leaves it waiting under the same number."""
        try:
            found = self.client.refund(
                out_trade_no=back.out_trade_no,
                out_request_no=back.out_refund_no,
                refund=back.amount,
                reason=back.reason,
            )
        except PlatformError as error:
            state = RefundState.UNKNOWN if error.kind in _UNPROVEN else RefundState.REJECTED
            if error.code == _NO_FUNDS:
                state = RefundState.PENDING_FUNDS
            return _refund(back, state, "answer", _problem(error), f"{error.code} {error.message}"[:200])
        body = {name: getattr(found, name) for name in found.__dataclass_fields__}
        return _refund(back, RefundState.SUCCEEDED, "answer", body)

    def ask_refund(self, back: Back) -> RefundEvidence:
        """Query one refund; Alipay answers an unknown number with success and no amount."""
        try:
            found = self.client.query_refund(
                out_trade_no=back.out_trade_no, out_request_no=back.out_refund_no
            )
        except PlatformError as error:
            return _refund(back, RefundState.UNKNOWN, "query", _problem(error))
        state = RefundState.SUCCEEDED if found.done else RefundState.REQUESTED
        return _refund(back, state, "query", {"refund": found.refund, "done": found.done})

    def fetch_bill(self, bill_on: date) -> bytes:
        """The day's trade bill, a zip."""
        return self.client.bill(bill_on)

    def fetch_funds(self, bill_on: date) -> bytes | None:
        """Alipay's own trade bill is what is read of it."""
        return None

    def paid_out(self, first: date, last: date) -> Sequence[PaidOut]:
        """At home nothing is paid out by batches: a merchant withdraws."""
        return ()


def payment_notice(fields: Mapping[str, Any], external_id: str) -> Evidence:
    """What a proven `trade_status_sync` notification says of its trade."""
    return _of_trade(read_trade(fields), "notification", dict(fields), external_id)


def notice(kind: str, fields: Mapping[str, Any], external_id: str) -> Evidence:
    """What a proven notification says; Alipay sends one kind, also when a refund has changed the trade."""
    return payment_notice(fields, external_id)


def _told(
    out_trade_no: str, source: str, send: Callable[[], Trade], otherwise: Told = Told.UNKNOWN
) -> Evidence:
    try:
        found = send()
    except PlatformError as error:
        told = Told.UNKNOWN if error.kind in _UNPROVEN else otherwise
        if error.code == _ABSENT:
            told = Told.ABSENT
        return _evidence(out_trade_no, told, source, _problem(error))
    return _of_trade(found, source, {name: getattr(found, name) for name in found.__dataclass_fields__}, "")


def _of_trade(found: Trade, source: str, body: dict[str, Any], external_id: str) -> Evidence:
    told = _TRADES.get(found.trade_status, Told.UNKNOWN)
    if told is Told.CLOSED and found.paid_at:
        # Alipay closes a trade when all of it has been refunded; a trade that was never paid has no payment time.
        told = Told.REFUNDED
    return Evidence(
        provider=ALIPAY,
        source=source,
        out_trade_no=found.out_trade_no,
        trade=told,
        provider_number=found.trade_no,
        amount=found.total or None,
        currency="CNY",
        happened_at=_instant(found.paid_at),
        external_id=external_id,
        body=body,
    )


def _evidence(out_trade_no: str, told: Told, source: str, body: dict[str, Any]) -> Evidence:
    return Evidence(provider=ALIPAY, source=source, out_trade_no=out_trade_no, trade=told, body=body)


def _refund(
    back: Back, state: RefundState, source: str, body: dict[str, Any], refusal: str = ""
) -> RefundEvidence:
    return RefundEvidence(
        provider=ALIPAY,
        source=source,
        out_trade_no=back.out_trade_no,
        out_refund_no=back.out_refund_no,
        state=state,
        amount=back.amount if state is RefundState.SUCCEEDED else None,
        currency="CNY",
        refusal=refusal,
        body=body,
    )


def _problem(error: PlatformError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "request_id": error.request_id}


def _instant(text: str) -> datetime | None:
    """`YYYY-MM-DD HH:MM:SS` of Beijing, as Alipay writes instants."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None


PROVIDER = Provider(
    name=ALIPAY,
    modes=frozenset({DOMESTIC}),
    open=lambda account: AlipayCashier(houses.alipay(account.house_id)),
    merchant=lambda account: "",
    notice=notice,
)
