"""Whether a piece is sold through a door at an instant, and if not from when or where, as values in and values out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.kit.instants import instant_text

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


_SALE_WORDS = {
    "zh": {
        "open": "发售至{when}",
        "later": "{when}起发售",
        "over": "发售已结束",
        "only": "仅于{doors}发售",
        "or": "或",
        "mini_program": "小程序",
        "till": "精品店",
        "drop": "限量发售",
        "popup": "快闪店",
    },
    "en": {
        "open": "Until {when}",
        "later": "From {when}",
        "over": "No longer sold",
        "only": "Only {doors}",
        "or": " or ",
        "mini_program": "in the mini program",
        "till": "in our boutiques",
        "drop": "in a limited release",
        "popup": "in a pop-up",
    },
    "it": {
        "open": "Fino al {when}",
        "later": "Dal {when}",
        "over": "Non più in vendita",
        "only": "Solo {doors}",
        "or": " o ",
        "mini_program": "nel mini program",
        "till": "nelle nostre boutique",
        "drop": "in edizione limitata",
        "popup": "in un pop-up",
    },
}


class Door(StrEnum):
    """A channel that a piece can be sold through."""

    MINI_PROGRAM = "mini_program"
    TILL = "till"
    DROP = "drop"
    POPUP = "popup"


class Sale(StrEnum):
    """How the sale of a piece stands at a door."""

    OPEN = "open"
    LATER = "later"
    ELSEWHERE = "elsewhere"
    OVER = "over"


@dataclass(frozen=True)
class Window:
    """From `opens_at` (inclusive) until `closes_at` (exclusive), through `doors` or, without any, through all.

    `variant_id` is None for the whole piece; a variant that has windows of its own goes by those alone.
    """

    id: int
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    doors: frozenset[str] = frozenset()
    variant_id: int | None = None

    def leads_through(self, door: str) -> bool:
        """Whether the window is one of this door."""
        return not self.doors or door in self.doors

    def holds(self, at: datetime) -> bool:
        """Whether the instant is inside."""
        return (self.opens_at or _BEGINNING) <= at < (self.closes_at or _END)


@dataclass(frozen=True)
class Availability:
    """How the sale stands; `opens_at` when it begins again, `closes_at` when it ends, `doors` that it has instead."""

    sale: Sale
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    doors: tuple[str, ...] = ()


ALWAYS = Availability(Sale.OPEN)
"""How the sale of a piece without windows stands."""


def of_variant(windows: Iterable[Window], variant_id: int) -> list[Window]:
    """The windows that a variant goes by: its own, or else the whole piece's."""
    known = list(windows)
    own = [window for window in known if window.variant_id == variant_id]
    return own or [window for window in known if window.variant_id is None]


def availability(windows: Sequence[Window], *, door: str, at: datetime) -> Availability:
    """How the sale through a door stands at the instant by a variant's windows; without any it is open."""
    if not windows:
        return ALWAYS
    here = [window for window in windows if window.leads_through(door)]
    if any(window.holds(at) for window in here):
        return Availability(Sale.OPEN, closes_at=_lasts(here, at))
    openings = [window.opens_at for window in here if window.opens_at is not None and window.opens_at > at]
    if openings:
        return Availability(Sale.LATER, opens_at=min(openings))
    doors = tuple(each for each in Door if any(_still(window, each, at) for window in windows))
    return Availability(Sale.ELSEWHERE, doors=doors) if doors else Availability(Sale.OVER)


def must_be_sold(windows: Sequence[Window], *, door: str, at: datetime, zone: str) -> None:
    """Refuses what is not sold through the door at the instant, saying from when it is; `zone` is the house's."""
    found = availability(windows, door=door, at=at)
    if found.sale is Sale.LATER and found.opens_at is not None:
        raise OrderRefused(Refusal.NOT_YET_SOLD, found.opens_at.isoformat(), at=found.opens_at, zone=zone)
    if found.sale is Sale.ELSEWHERE:
        raise OrderRefused(Refusal.SOLD_ELSEWHERE, " ".join(found.doors))
    if found.sale is Sale.OVER:
        raise OrderRefused(Refusal.NO_LONGER_SOLD)


def check_window(opens_at: datetime | None, closes_at: datetime | None, doors: Collection[str]) -> None:
    """Refuses (WRONG_WINDOW) one that closes before it opens, says nothing at all, or names an unknown door."""
    if not (opens_at or closes_at or doors):
        raise OrderRefused(Refusal.WRONG_WINDOW, "empty")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise OrderRefused(Refusal.WRONG_WINDOW, "closes before it opens")
    if not set(doors) <= set(Door):
        raise OrderRefused(Refusal.WRONG_WINDOW, "unknown door")


def _lasts(windows: Iterable[Window], at: datetime) -> datetime | None:
    """When the sale that is open now ends: windows that touch or overlap are one."""
    until = at
    for window in sorted(windows, key=lambda each: each.opens_at or _BEGINNING):
        if (window.opens_at or _BEGINNING) <= until:
            until = max(until, window.closes_at or _END)
    return None if until == _END else until


def _still(window: Window, door: str, at: datetime) -> bool:
    return window.leads_through(door) and (window.closes_at or _END) > at


def sale_text(found: Availability, language: str, zone: str) -> str:
    """How the sale stands, for a client; empty when it is open without an end."""
    words = _SALE_WORDS.get(language[:2], _SALE_WORDS["zh"])
    if found.sale is Sale.ELSEWHERE:
        return words["only"].format(doors=words["or"].join(words[door] for door in found.doors))
    instant = found.closes_at if found.sale is Sale.OPEN else found.opens_at
    when = instant_text(instant, language, zone) if instant else ""
    if found.sale is Sale.OPEN and not when:
        return ""
    return words[found.sale].format(when=when)
