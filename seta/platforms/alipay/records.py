"""Trades and refunds as Alipay states them, decimal strings turned into integers of fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trade:
    """A trade as Alipay sees it: WAIT_BUYER_PAY, TRADE_SUCCESS, TRADE_CLOSED or TRADE_FINISHED."""

    trade_no: str
    out_trade_no: str
    trade_status: str
    total: int
    buyer_id: str
    paid_at: str

    @property
    def paid(self) -> bool:
        """Whether the money has been taken."""
        return self.trade_status in ("TRADE_SUCCESS", "TRADE_FINISHED")


@dataclass(frozen=True)
class Refund:
    """The answer to a refund; `refunded_total` is the sum of all refunds of the trade so far.

    `fund_change` is false when this request number had been refunded before.
    """

    trade_no: str
    out_trade_no: str
    out_request_no: str
    refunded_total: int
    fund_change: bool


@dataclass(frozen=True)
class RefundState:
    """What became of one refund; `done` is false while Alipay has no finished refund of that number."""

    out_trade_no: str
    out_request_no: str
    refund: int
    done: bool


@dataclass(frozen=True)
class Cancellation:
    """What a cancel did: `action` is close, refund or empty; `retry` asks for the same cancel again."""

    out_trade_no: str
    action: str
    retry: bool


def yuan(fen: int) -> str:
    """Write fen as Alipay's decimal string."""
    assert fen >= 0
    return f"{fen // 100}.{fen % 100:02d}"


def fen(text: Any) -> int:
    """Read Alipay's decimal string as fen; ValueError unless it is exact with at most two decimals."""
    whole, point, fraction = str(text).partition(".")
    if not (
        whole.isdecimal() and whole.isascii() and len(fraction) <= 2 and (fraction.isdecimal() or not point)
    ):
        raise ValueError(f"{str(text)[:40]!r} is not an amount")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def read_trade(fields: Mapping[str, Any]) -> Trade:
    """Read a trade from an answer or from a proven notification's fields."""
    return Trade(
        trade_no=str(fields.get("trade_no") or ""),
        out_trade_no=str(fields["out_trade_no"]),
        trade_status=str(fields["trade_status"]),
        total=fen(fields.get("total_amount") or "0"),
        buyer_id=str(
            fields.get("buyer_open_id") or fields.get("buyer_user_id") or fields.get("buyer_id") or ""
        ),
        paid_at=str(fields.get("gmt_payment") or fields.get("send_pay_date") or ""),
    )
