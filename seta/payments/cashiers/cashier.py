"""What every cashier can do; unknown outcomes are answers here, not exceptions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from seta.houses.queries import Account
from seta.payments.rules.states import Evidence, RefundEvidence
from seta.platforms.core.bills import BillRefused
from seta.platforms.wechatpay import JsapiParams


@dataclass(frozen=True)
class Order:
    """A payment as it is sent: `amount` in fen, under a number that is already durable on our side.

    `settle_currency` is what the house is paid in, for providers that convert; `method` is the payment's method.
    """

    out_trade_no: str
    description: str
    amount: int
    notify_url: str
    store: str
    expires_at: datetime
    settle_currency: str = ""
    method: str = ""


@dataclass(frozen=True)
class Back:
    """A refund as it is sent; `amount` and the payment's `total` in fen.

    `provider_number` is the provider's own number of the payment, "" when it is not known yet.
    """

    out_trade_no: str
    out_refund_no: str
    amount: int
    total: int
    reason: str
    notify_url: str
    provider_number: str = ""


@dataclass(frozen=True)
class PaidOut:
    """A payout to the house's bank as its provider tells it: minor units, and the days whose sales it pays."""

    reference: str
    currency: str
    amount: int
    settled_on: date
    first_on: date | None = None
    last_on: date | None = None


class BillByHand(BillRefused):
    """The provider hands its file to the house alone: somebody has to bring it."""


class Cashier(Protocol):
    """A provider's desk. Methods that move money never raise for an unknown outcome: they say UNKNOWN."""

    def show(self, order: Order) -> str:
        """Place an order for a client's camera: the text of its code, or the address of its page.

        No money moves yet. May be repeated with the same order. Raises PlatformError.
        """

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

    def fetch_funds(self, bill_on: date) -> bytes | None:
        """The day's movements of the house's account there; None where the provider gives none."""

    def paid_out(self, first: date, last: date) -> Sequence[PaidOut]:
        """What the provider says it paid to the house's bank between two days; none where it does not say."""


class PageCashier(Cashier, Protocol):
    """A desk that can also place orders for the mini program's own pay sheet."""

    def prepay(self, order: Order, openid: str) -> str:
        """Place an order and return its prepay_id; may be repeated. Raises PlatformError."""

    def pay_sheet(self, prepay_id: str) -> JsapiParams:
        """What the mini program passes to `wx.requestPayment`, freshly signed."""


@dataclass(frozen=True)
class Provider:
    """All that the rest of payments may know of a provider, in one of its modes; see `cashiers.PROVIDERS`.

    `merchant` is under what number the house's lines stand in a bill, "" where the file names none. `notice` reads a
    proven notification's fields, None when they are of another mode.
    """

    name: str
    modes: frozenset[str]
    open: Callable[[Account], Cashier]
    merchant: Callable[[Account], str]
    notice: Callable[[str, Mapping[str, Any], str], Evidence | RefundEvidence | None]
