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


@dataclass(frozen=True, kw_only=True)
class PickupReady(Fact):
    """An order's pieces wait for the client in a boutique."""

    name: ClassVar[str] = "boutique.pickup.prepared"

    order_id: int
    number: str
    boutique: str


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Fact):
    """An order's pieces were given to a carrier."""

    name: ClassVar[str] = "boutique.order.shipped"

    order_id: int
    number: str
    carrier: str
    tracking: str


@dataclass(frozen=True, kw_only=True)
class OrderArrived(Fact):
    """The client has the pieces: `way` is delivery or pickup."""

    name: ClassVar[str] = "boutique.order.received"

    order_id: int
    number: str
    way: str
    boutique: str = ""


@dataclass(frozen=True, kw_only=True)
class AfterSaleAsked(Fact):
    """A client, or staff for them, asked to cancel, return or exchange; `reason` is a code, never the words."""

    name: ClassVar[str] = "boutique.aftersale.asked"

    request_id: int
    order_id: int
    number: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AfterSaleClosed(Fact):
    """A cancellation, return or exchange is done: its pieces are back and its money has gone."""

    name: ClassVar[str] = "boutique.aftersale.closed"

    request_id: int
    order_id: int
    number: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PieceExchanged(Fact):
    """The new piece of an exchange is the client's: its difference is paid, or there was none.

    No sale: of `credit` (what the old piece brought) and `amount` (what was paid on top, in minor units) only the
    amount is new money, and an order of its own says so when there is any. `kept` is how many of the old piece
    the client still has.
    """

    name: ClassVar[str] = "boutique.piece.exchanged"

    order_id: int
    number: str
    first_order_id: int
    first_number: str
    returned_sku: str
    returned_product: str
    quantity: int
    kept: int
    amount: int
    credit: int
    currency: str
    channel: str
    boutique: str = ""
    district: str = ""
    product_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FittingHeld(Fact):
    """A piece was taken out of a boutique's stock so that a client can try it on."""

    name: ClassVar[str] = "boutique.fitting.held"

    fitting_id: int
    product_code: str
    boutique: str


@dataclass(frozen=True, kw_only=True)
class FittingEnded(Fact):
    """A held piece was bought, left, given up or not come for: `outcome` is bought, left, cancelled or expired."""

    name: ClassVar[str] = "boutique.fitting.ended"

    fitting_id: int
    product_code: str
    boutique: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class BagShared(Fact):
    """An associate prepared a bag and shared its link; `person_id` is the client it is for, if one is named."""

    name: ClassVar[str] = "boutique.bag.shared"

    bag_id: int
    product_codes: tuple[str, ...] = ()
