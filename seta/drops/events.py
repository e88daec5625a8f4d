"""What happens to the pieces of a drop."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class PiecesReserved(Fact):
    """What one commit of the gate gave out: places from `first_seq` on, in the order of `person_ids`.

    An errand: its hearer tells each piece as a fact of its own, outside the rush.
    """

    name: ClassVar[str] = "drops.pieces.reserved"
    is_for_the_lake: ClassVar[bool] = False

    drop_id: int
    drop_code: str
    first_seq: int
    person_ids: tuple[int, ...]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class DropPieceReserved(Fact):
    """A piece is put aside for a person until `expires_at`; `seq` is their place in line."""

    name: ClassVar[str] = "drops.piece.reserved"

    drop_id: int
    drop_code: str
    seq: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PieceOffered(Fact):
    """A piece came free, or was drawn, for somebody who waited elsewhere: `seq` is their place in line.

    An errand: its hearer tells them.
    """

    name: ClassVar[str] = "drops.piece.offered"
    is_for_the_lake: ClassVar[bool] = False

    drop_id: int
    seq: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ScreeningDecided(Fact):
    """Somebody of the house let in, or turned away, a person whom WeChat's rank had held back.

    An errand: its hearer tells them.
    """

    name: ClassVar[str] = "drops.screening.decided"
    is_for_the_lake: ClassVar[bool] = False

    drop_id: int
    lets_in: bool


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
