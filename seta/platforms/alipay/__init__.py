"""Alipay's open platform: `Alipay` calls, `notifications` opens what it posts, `bill` parses its files."""

from seta.platforms.alipay.certificates import Certificates
from seta.platforms.alipay.client import Alipay
from seta.platforms.alipay.notifications import open_notification
from seta.platforms.alipay.records import Cancellation, Refund, RefundState, Trade, read_trade

__all__ = [
    "Alipay",
    "Cancellation",
    "Certificates",
    "Refund",
    "RefundState",
    "Trade",
    "open_notification",
    "read_trade",
]
