"""What WeChat Pay says of payments and refunds, at home and across the border, as evidence in our words."""

from collections.abc import Callable
from typing import Any, TypeVar

from seta.payments.cashiers.cashier import Back
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence, RefundState, Trade
from seta.platforms.core.errors import ErrorKind, PlatformError

Found = TypeVar("Found")
# https://pay.weixin.qq.com/doc/v3/merchant and https://pay.weixin.qq.com/doc/global/v3: trade_state of an order and
# status of a refund.
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
_NO_FUNDS = frozenset({"NOT_ENOUGH", "NOTENOUGH"})
_UNPROVEN = frozenset(
    {ErrorKind.UNKNOWN_OUTCOME, ErrorKind.BUSY, ErrorKind.UNREACHABLE, ErrorKind.RATE, ErrorKind.FORGED}
)


def trade_of(trade_state: str) -> Trade:
    """An order's `trade_state`; UNKNOWN for one that is new to us."""
    return _TRADES.get(trade_state, Trade.UNKNOWN)


def refund_state(status: str) -> RefundState:
    """A refund's `status`; UNKNOWN for one that is new to us."""
    return _REFUNDS.get(status, RefundState.UNKNOWN)


def told(
    out_trade_no: str,
    source: str,
    send: Callable[[], Found],
    read: Callable[[Found, str], Evidence],
    otherwise: Trade = Trade.UNKNOWN,
) -> Evidence:
    """What `send` brought, as `read` understands it; a clear refusal is `otherwise`, silence is UNKNOWN."""
    try:
        return read(send(), source)
    except PlatformError as error:
        trade = Trade.UNKNOWN if error.kind in _UNPROVEN else otherwise
        return _said(out_trade_no, Trade.ABSENT if error.code in _ABSENT else trade, source, _problem(error))


def told_refund(
    back: Back,
    source: str,
    send: Callable[[], Found],
    read: Callable[[Found, str], RefundEvidence],
    otherwise: RefundState = RefundState.UNKNOWN,
) -> RefundEvidence:
    """The same of a refund; without funds it waits, a clear refusal is `otherwise`, silence is UNKNOWN."""
    try:
        return read(send(), source)
    except PlatformError as error:
        state = RefundState.UNKNOWN if error.kind in _UNPROVEN else otherwise
        if error.code in _NO_FUNDS:
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
            body=_problem(error),
        )


def undone(out_trade_no: str, reverse: Callable[[str], object]) -> Evidence:
    """Reverse; refused while the client is typing the password, so it is asked again later."""
    try:
        reverse(out_trade_no)
    except PlatformError as error:
        trade = Trade.PENDING if error.code == "USERPAYING" else Trade.UNKNOWN
        return _said(out_trade_no, trade, "answer", _problem(error))
    return _said(out_trade_no, Trade.REVERSED, "answer", {"reversed": True})


def closed(out_trade_no: str, close: Callable[[str], object], ask: Callable[[str], Evidence]) -> Evidence:
    """Close an unpaid order; when it was paid after all, say what a query says."""
    try:
        close(out_trade_no)
    except PlatformError as error:
        if error.kind in _UNPROVEN:
            return _said(out_trade_no, Trade.UNKNOWN, "answer", _problem(error))
        return ask(out_trade_no)
    return _said(out_trade_no, Trade.CLOSED, "answer", {"closed": True})


def _said(out_trade_no: str, trade: Trade, source: str, body: dict[str, Any]) -> Evidence:
    return Evidence(provider=WECHATPAY, source=source, out_trade_no=out_trade_no, trade=trade, body=body)


def _problem(error: PlatformError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "request_id": error.request_id}
