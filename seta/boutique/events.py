"""What happens to orders, told with plain values."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact):
    """An order was made and its stock put aside; `amount` is its total in minor units of `currency`."""

    name: ClassVar[str] = "boutique.order.placed"

    order_id: int
    number: str
    amount: int
    currency: str
    channel: str
    boutique: str = ""
    district: str = ""
    source: str = ""
    product_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Fact):
    """An order's money is proven by the provider; `settle_amount` is what the house will receive of it."""

    name: ClassVar[str] = "boutique.order.paid"

    order_id: int
    number: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    channel: str
    boutique: str = ""
    district: str = ""
    source: str = ""
    product_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Fact):
    """Money of a paid order went back; `is_whole` when nothing of the order's total is left.

    `refund_id` is the payments' refund; for a payment that was reversed it is its intent's id, negative.
    """

    name: ClassVar[str] = "boutique.order.refunded"

    order_id: int
    number: str
    refund_id: int
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    is_whole: bool
    channel: str
    boutique: str = ""
    district: str = ""
    source: str = ""
    product_codes: tuple[str, ...] = ()
