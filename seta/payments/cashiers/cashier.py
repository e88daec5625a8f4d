"""What every cashier can do; unknown outcomes are answers here, not exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from seta.payments.rules.matching import TheirRow
from seta.payments.rules.states import Evidence, RefundEvidence


@dataclass(frozen=True)
class Order:
    """A payment as it is sent: `amount` in fen, under a number that is already durable on our side."""

    out_trade_no: str
    description: str
    amount: int
    notify_url: str
    store: str
    expires_at: datetime


@dataclass(frozen=True)
class Back:
    """A refund as it is sent; `amount` and the payment's `total` in fen."""

    out_trade_no: str
    out_refund_no: str
    amount: int
    total: int
    reason: str
    notify_url: str


class Cashier(Protocol):
    """A provider's desk. Methods that move money never raise for an unknown outcome: they say UNKNOWN."""

    def charge(self, order: Order, auth_code: str) -> Evidence:
        """Charge the code a client shows; sent once."""

    def ask(self, out_trade_no: str) -> Evidence:
        """What the provider says of a payment now."""

    def undo(self, out_trade_no: str) -> Evidence:
        """Reverse a barcode payment: REVERSED when accepted, PENDING when it must be asked again."""

    def close(self, out_trade_no: str) -> Evidence:
        """Close an unpaid order: CLOSED, or what it turned out to be."""

    def give_back(self, back: Back) -> RefundEvidence:
        """Send a refund, for the first time or again under the same number."""

    def ask_refund(self, back: Back) -> RefundEvidence:
        """What the provider says of a refund now."""

    def fetch_bill(self, bill_on: date) -> bytes:
        """The day's trade bill, its checksum checked where the provider gives one."""

    def read_bill(self, content: bytes) -> Sequence[TheirRow]:
        """The rows of a bill whose control totals hold; BillRefused when anything is off."""
