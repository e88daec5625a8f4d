"""What happens between associates and their clients, by ids and plain values."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Fact):
    """A client scanned an associate's code and became their contact; the worker greets them within 20 seconds."""

    name: ClassVar[str] = "clienteling.contact.added"

    entry_id: int
    userid: str
    boutique: str = ""
    is_new: bool = True


@dataclass(frozen=True, kw_only=True)
class ProductShared(Fact):
    """An associate sent a client an approved product."""

    name: ClassVar[str] = "clienteling.product.shared"

    share_id: int
    product_code: str
    content_version: int


@dataclass(frozen=True, kw_only=True)
class SaleCredited(Fact):
    """A paid order was credited to `associate_id` and `campaign`; `reason` is named, share, scene or touch."""

    name: ClassVar[str] = "clienteling.sale.credited"

    credit_id: int
    order_id: int
    number: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    commission: int
    reason: str
    boutique: str = ""
    district: str = ""


@dataclass(frozen=True, kw_only=True)
class CommissionClawedBack(Fact):
    """A return took commission back; `amount` in minor units of the settlement currency."""

    name: ClassVar[str] = "clienteling.commission.returned"

    credit_id: int
    order_id: int
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ClientHandedOver(Fact):
    """A client passed to `associate_id`; `kind` is resigned or in_service."""

    name: ClassVar[str] = "clienteling.client.handed_over"

    handover_id: int
    giver_id: int
    kind: str
