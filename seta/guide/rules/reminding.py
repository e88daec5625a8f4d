"""What a traveller is told before a stay begins, and when: two days before, by day where they still are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seta.guide.rules.hours import is_round_the_clock, is_valid, windows
from seta.kit.clock import BEIJING

AHEAD = timedelta(days=2)
FIRST_HOUR, LAST_HOUR = 9, 21
"""Nobody is told at night: hours in Beijing, where whoever has not left yet is."""
THING_CHARS_MAX = 20
"""A `thing` of a subscribe message. https://developers.weixin.qq.com/miniprogram/dev, subscribeMessage.send."""


@dataclass(frozen=True)
class Planned:
    """A stop as it was planned: local minutes, the place's hours as they are now, whether it must be booked."""

    day: date
    start: int
    leave: int
    opening_hours: str
    booking_required: bool
    booked: bool


def is_daytime(now: datetime) -> bool:
    """Whether a message may arrive now."""
    return FIRST_HOUR <= now.astimezone(BEIJING).hour < LAST_HOUR


def to_book(stops: Iterable[Planned]) -> int:
    """How many of the stops nobody enters without a booking, and have none in the plan."""
    return sum(stop.booking_required and not stop.booked for stop in stops)


def moved(stops: Iterable[Planned]) -> int:
    """How many of the stops are not open through their time any more."""
    return sum(not _is_open(stop) for stop in stops)


def _is_open(stop: Planned) -> bool:
    if not is_valid(stop.opening_hours) or is_round_the_clock(stop.opening_hours):
        return True
    return any(
        opens <= stop.start and stop.leave <= closes
        for opens, closes in windows(stop.opening_hours, stop.day)
    )


def reminder_data(*, days: int, first: date, stops: int, to_book: int, moved: int) -> Mapping[str, str]:
    """The keywords of the notice, each within the platform's letters.

    >>> reminder_data(days=3, first=date(2026, 12, 1), stops=9, to_book=1, moved=0)["thing3"]
    '1处须先预订'
    """
    said = [f"{to_book}处须先预订"] if to_book else []
    said += [f"{moved}处开放时间有变"] if moved else []
    return {
        "thing1": f"米兰{days}日行程，共{stops}处"[:THING_CHARS_MAX],
        "date2": f"{first.year}年{first.month}月{first.day}日",
        "thing3": ("，".join(said) or "行程如期，祝您一路平安")[:THING_CHARS_MAX],
    }
