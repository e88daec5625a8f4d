"""Antom (Alipay+ AMS): `Antom` calls, `notifications` opens what it posts, `settlement` parses its files."""

from seta.platforms.antom.client import Antom, Scenario
from seta.platforms.antom.notifications import (
    RECEIPT,
    Notification,
    open_notification,
    prove_notification,
    read_notification,
)
from seta.platforms.antom.records import Cancellation, Payment, Quote, Refund, read_payment, read_refund
from seta.platforms.antom.settlement import SettlementFile, SettlementRow, parse_settlement

__all__ = [
    "RECEIPT",
    "Antom",
    "Cancellation",
    "Notification",
    "Payment",
    "Quote",
    "Refund",
    "Scenario",
    "SettlementFile",
    "SettlementRow",
    "open_notification",
    "parse_settlement",
    "prove_notification",
    "read_notification",
    "read_payment",
    "read_refund",
]
