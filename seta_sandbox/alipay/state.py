"""Keep Alipay's trades and refunds, and change them only in the ways the provider allows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from seta_sandbox.alipay import errors
from seta_sandbox.alipay.keys import AlipayKeys
from seta_sandbox.kit.world import World

REFUND_SECONDS_MAX = 365 * 86_400


class TradeStatus(StrEnum):
    """`trade_status`. UNSCANNED is ours: a QR order that Alipay does not yet admit to know."""

    UNSCANNED = "UNSCANNED"
    WAIT_BUYER_PAY = "WAIT_BUYER_PAY"
    TRADE_SUCCESS = "TRADE_SUCCESS"
    TRADE_CLOSED = "TRADE_CLOSED"
    TRADE_FINISHED = "TRADE_FINISHED"


@dataclass
class Settings:
    """`fee_rate` in ten-thousandths; `refund_mode` is `success` (at once) or `processing`."""

    fee_rate: int = 60
    refund_mode: str = "success"


@dataclass
class Refund:
    """One refund in fen."""

    out_request_no: str
    amount: int
    reason: str
    created_at: float
    is_settled: bool = True


@dataclass
class Trade:
    """One trade; `total` in fen, `expires_at` closes it when nobody has paid."""

    out_trade_no: str
    subject: str
    total: int
    created_at: float
    expires_at: float
    status: TradeStatus
    trade_no: str = ""
    buyer_id: str = ""
    notify_url: str = ""
    qr_code: str = ""
    store_id: str = ""
    operator_id: str = ""
    terminal_id: str = ""
    paid_at: float | None = None
    closed_at: float | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        """What was refunded so far."""
        return sum(refund.amount for refund in self.refunds)


@dataclass
class Download:
    """A bill file behind an address that lives 30 seconds."""

    name: str
    body: bytes
    expires_at: float


@dataclass
class State:
    """Everything the merchant's application at Alipay remembers; a fresh one for every world."""

    settings: Settings = field(default_factory=Settings)
    trades: dict[str, Trade] = field(default_factory=dict)
    next_codepay: list[str] = field(default_factory=list)
    auth_codes: dict[str, str] = field(default_factory=dict)
    bills: dict[date, bytes] = field(default_factory=dict)
    downloads: dict[str, Download] = field(default_factory=dict)
    keys: AlipayKeys | None = None


def refresh(trade: Trade, now: float) -> None:
    """Close a trade that nobody paid in time."""
    if trade.status in (TradeStatus.WAIT_BUYER_PAY, TradeStatus.UNSCANNED) and now >= trade.expires_at:
        trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, trade.expires_at


def find_trade(state: State, *, out_trade_no: str, trade_no: str, now: float) -> Trade:
    """The trade of either number (trade_no wins); refuses with ACQ.TRADE_NOT_EXIST, also before a scan."""
    if trade_no:
        trade = next((found for found in state.trades.values() if found.trade_no == trade_no), None)
    else:
        trade = state.trades.get(out_trade_no)
    if trade is None:
        raise errors.trade_missing()
    refresh(trade, now)
    if not trade.trade_no:
        raise errors.trade_missing()
    return trade


def refusal_to_reuse(trade: Trade, *, total: int, subject: str) -> errors.Refusal | None:
    """Why a number cannot be used again, or None for the same unpaid trade."""
    if trade.paid_at is not None:
        return errors.business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    if trade.status is TradeStatus.TRADE_CLOSED:
        return errors.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
    if (trade.total, trade.subject) != (total, subject):
        return errors.business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
    return None


def take_payment(trade: Trade, *, buyer_id: str, now: float) -> None:
    """The buyer pays; refuses a trade that is paid or closed."""
    refresh(trade, now)
    if trade.paid_at is not None:
        raise errors.business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    if trade.status is TradeStatus.TRADE_CLOSED:
        raise errors.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
    assert trade.trade_no
    trade.status, trade.paid_at, trade.buyer_id = TradeStatus.TRADE_SUCCESS, now, buyer_id


def refund(
    trade: Trade, *, out_request_no: str, amount: int, reason: str, now: float, is_settled: bool,
    planted: Callable[[str], bool] = lambda defect: False,
) -> bool:  # fmt: skip
    """Refund once per request number; returns whether money moved now. A full refund closes the trade.

    `planted` says whether a defect of the fault plan is to be shown: `double_refund` or `over_refund`.
    """
    known = next((found for found in trade.refunds if found.out_request_no == out_request_no), None)
    if known is not None and not planted("double_refund"):
        if known.amount != amount:
            raise errors.business("ACQ.DISCORDANT_REPEAT_REQUEST", "重复请求的退款金额不一致")
        return False
    if trade.paid_at is None or trade.status is TradeStatus.TRADE_FINISHED:
        raise errors.business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    if amount > trade.total - trade.refunded and not planted("over_refund"):
        raise errors.business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
    if now - trade.paid_at > REFUND_SECONDS_MAX:
        raise errors.business("ACQ.TRADE_HAS_FINISHED", "交易已完结，不可退款")
    trade.refunds.append(Refund(out_request_no, amount, reason, now, is_settled))
    if trade.refunded == trade.total:
        trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, now
    return True


def close(trade: Trade, now: float) -> None:
    """Close a trade that waits for its buyer; refuses a paid or closed one."""
    if trade.status is not TradeStatus.WAIT_BUYER_PAY:
        raise errors.business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, now


def cancel(trade: Trade, now: float) -> str:
    """Undo a trade whatever happened: returns `refund` when money went back, `close` otherwise."""
    refresh(trade, now)
    if trade.paid_at is not None:
        left = trade.total - trade.refunded
        if left:
            refund(
                trade, out_request_no=f"cancel:{trade.out_trade_no}", amount=left, reason="撤销", now=now,
                is_settled=True,
            )  # fmt: skip
        return "refund"
    trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, trade.closed_at or now
    return "close"


def alipay_of(world: World) -> State:
    """Alipay's part of a world."""
    return world.state(State)
