"""What happens to the pieces of a drop."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class DropPieceReserved(Fact):
    """A piece is put aside for a person until `expires_at`; `seq` is their place in line."""

    name: ClassVar[str] = "drops.piece.reserved"

    drop_id: int
    drop_code: str
    seq: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class DropPiecePaid(Fact):
    """The reserved piece's order is paid; amounts in minor units."""

    name: ClassVar[str] = "drops.piece.paid"

    drop_id: int
    drop_code: str
    seq: int
    order_id: int
    number: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
