"""A standing is a pure function of the ledger: no order of arrival, no repeated delivery, no merging changes it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Way(StrEnum):
    """What earns points of merit; there is none for sharing, following, inviting or luck."""

    VISIT = "visit"
    APPOINTMENT = "appointment"
    CONSULTATION = "consultation"
    WORKSHOP = "workshop"
    PURCHASE = "purchase"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the ledger: a deed with what the rules of its day gave, or (negative) what was taken back of one.

    `deed` names what was done and is the same on a deed and on all that takes from it; `day` is the house's calendar
    day; `daily_cap` is the most that a day's deeds of this way count for; `expires_at` is when a deed stops counting.
    """

    key: str
    deed: str
    way: Way
    points: int
    daily_cap: int
    at: datetime
    day: date
    expires_at: datetime


@dataclass(frozen=True)
class Counted:
    """A deed with the points that it counts for now, and why they are not all of what it gave."""

    entry: Entry
    points: int
    is_expired: bool
    is_capped: bool
    taken_back: int


def counted(entries: Iterable[Entry], *, now: datetime) -> list[Counted]:
    """Every deed, oldest first, with what it counts for at an instant.

    A deed that is named twice counts once: two accounts of one person may have told the same one before they were
    merged. What was taken back never makes a deed count below zero, and the cap of a day is filled in the order in
    which things were done, whatever order they were told in.
    """
    deeds, taken = _deeds(entries)
    filled: dict[tuple[Way, date], int] = defaultdict(int)
    rows = []
    for entry in deeds:
        back = min(entry.points, taken[entry.deed])
        left = entry.points - back
        room = max(0, entry.daily_cap - filled[entry.way, entry.day])
        given = min(left, room)
        filled[entry.way, entry.day] += given
        expired = entry.expires_at <= now
        rows.append(Counted(entry, 0 if expired else given, expired, given < left, back))
    return rows


def _deeds(entries: Iterable[Entry]) -> tuple[Sequence[Entry], dict[str, int]]:
    deeds: dict[str, Entry] = {}
    taken: dict[str, int] = defaultdict(int)
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.key)):
        if entry.points < 0:
            taken[entry.deed] -= entry.points
        else:
            deeds.setdefault(entry.deed, entry)
    return list(deeds.values()), taken


def points(entries: Iterable[Entry], *, now: datetime) -> int:
    """What the whole ledger of a person counts for at an instant."""
    return sum(row.points for row in counted(entries, now=now))


def points_of_purchase(amount: int, *, rate: int, per: int) -> int:
    """`rate` points for every full `per` yuan of an amount in fen.

    >>> points_of_purchase(888_800, rate=1, per=100)
    88
    """
    return amount // (per * 100) * rate


def points_taken_back(given: int, *, refunded: int, amount: int, is_whole: bool) -> int:
    """What a refund of an amount (fen) takes of the points that it had given; rounded up, all of them when whole."""
    if is_whole or refunded >= amount:
        return given
    return -(-given * refunded // amount)
