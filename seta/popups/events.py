"""What happens to pop-ups, told with plain values."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class PopupOpened(Fact):
    """A pop-up takes visitors; `brought` pieces lie at its location, `short` are fewer than were wished."""

    name: ClassVar[str] = "popups.popup.opened"
    popup_id: int
    code: str
    brought: int
    short: int


@dataclass(frozen=True, kw_only=True)
class PopupClosed(Fact):
    """A pop-up is over; `returned` pieces went back, `unfinished` orders wait for their payment yet."""

    name: ClassVar[str] = "popups.popup.closed"
    popup_id: int
    code: str
    returned: int
    unfinished: int


@dataclass(frozen=True, kw_only=True)
class PopupVisited(Fact):
    """Somebody came to a pop-up, once a day and code; `poster` is the code by which they came."""

    name: ClassVar[str] = "popups.popup.visited"
    popup_id: int
    code: str
    poster: str
    is_new: bool
