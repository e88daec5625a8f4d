"""How many customer-service messages WeChat still lets an account send to a follower.

Source: WeChat's customer-service message page: a message opens 5 for 48 hours; a menu click, a scan or a follow
opens 3 for one minute; a payment opens 20 for 48 hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class TouchKind(StrEnum):
    """What a follower did that lets the account write."""

    MESSAGE = "message"
    CLICK = "click"
    SCAN = "scan"
    FOLLOW = "follow"
    PAYMENT = "payment"


@dataclass(frozen=True)
class Touch:
    """One act of a follower."""

    kind: TouchKind
    at: datetime


WINDOWS: dict[TouchKind, tuple[timedelta, int]] = {
    TouchKind.MESSAGE: (timedelta(hours=48), 5),
    TouchKind.CLICK: (timedelta(minutes=1), 3),
    TouchKind.SCAN: (timedelta(minutes=1), 3),
    TouchKind.FOLLOW: (timedelta(minutes=1), 3),
    TouchKind.PAYMENT: (timedelta(hours=48), 20),
}
LONGEST_WINDOW = timedelta(hours=48)

_TOUCH_OF_EVENT = {
    "event.subscribe": TouchKind.FOLLOW,
    "event.SCAN": TouchKind.SCAN,
    "event.CLICK": TouchKind.CLICK,
}


def sends_left(touches: Iterable[Touch], sent: Sequence[datetime], now: datetime) -> int:
    """Messages that may still be sent; 0 when no window is open.

    The newest touch of a kind opens a fresh window. Each message sent since then is counted against every window
    that was open, the cautious reading.
    """
    newest: dict[TouchKind, datetime] = {}
    for touch in touches:
        newest[touch.kind] = max(touch.at, newest.get(touch.kind, touch.at))
    left = 0
    for kind, opened in newest.items():
        lasts, limit = WINDOWS[kind]
        if opened <= now < opened + lasts:
            left = max(left, limit - sum(1 for at in sent if opened <= at <= now))
    return left


def touch_kind_of(message_kind: str) -> TouchKind | None:
    """What a received message or event counts as; None for events that open nothing, such as VIEW."""
    if message_kind.startswith("event."):
        return _TOUCH_OF_EVENT.get(message_kind)
    return TouchKind.MESSAGE
