"""What broadcasts tell: one has gone out, with how many it reached."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class BroadcastSent(Fact):
    """WeChat has taken every part of a broadcast; `reached` is by its own report, and 0 for a part it never told of."""

    name: ClassVar[str] = "broadcasts.broadcast.sent"
    broadcast_id: int
    meant: int
    left_out: int
    reached: int
