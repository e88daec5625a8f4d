"""What every peer gives the bench: a shop that is open, a piece on sale, a buyer served, what its database kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class Unavailable(RuntimeError):
    """A peer cannot be set up here; the message says why in one line."""


class Shop(Protocol):
    """A peer behind its own public door, open until its context ends."""

    def offer(self, pieces: int) -> str:
        """Put a new piece on sale, so many of it; gives what the other calls name it by."""

    def buy(self, piece: str, number: int) -> bool:
        """Let buyer `number` take the steps of its public pages until they hold one, or are refused.

        Raises OSError or HTTPException when the shop fails.
        """

    def allocated(self, piece: str) -> int:
        """How many of the piece its own database has given away."""


@dataclass(frozen=True)
class Peer:
    """A peer by name and version, what a buyer does there, and how it is opened (raises RuntimeError)."""

    name: str
    door: str
    open: Callable[[], AbstractContextManager[Shop]]
