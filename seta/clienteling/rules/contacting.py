"""Whether an associate may write to a client now: consent, the night, and what colleagues have sent already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class BlackoutTerms:
    """A house's patience: own pause in hours, a colleague's in days, most in a week, quiet hours by its clock."""

    own_hours: int = 20
    colleague_days: int = 3
    week_max: int = 3
    night_from: int = 22
    night_until: int = 9


@dataclass(frozen=True)
class Contact:
    """That an associate wrote to the client of their own accord."""

    associate_id: int
    at: datetime


@dataclass(frozen=True)
class Contactable:
    """Whether a client may be written to; else `reason` (no_consent, night, own, colleague, week) and until when."""

    allowed: bool
    reason: str = ""
    until: datetime | None = None


def contactable(
    *,
    has_agreed: bool,
    contacts: Sequence[Contact],
    associate_id: int,
    local_now: datetime,
    terms: BlackoutTerms,
) -> Contactable:
    """Judge one sending; `local_now` is aware and on the house's clock. The latest `until` of all reasons is told."""
    if not has_agreed:
        return Contactable(False, "no_consent")
    held = [reason for reason in _pauses(contacts, associate_id, local_now, terms) if reason.until]
    night = _night_ends(local_now, terms)
    if night:
        held.append(Contactable(False, "night", night))
    ends = [reason for reason in held if reason.until and reason.until > local_now]
    return max(ends, key=lambda each: each.until or local_now) if ends else Contactable(True)


def _pauses(
    contacts: Sequence[Contact], associate_id: int, now: datetime, terms: BlackoutTerms
) -> list[Contactable]:
    past = sorted((one for one in contacts if one.at <= now), key=lambda one: one.at)
    own = [one.at for one in past if one.associate_id == associate_id]
    others = [one.at for one in past if one.associate_id != associate_id]
    found: list[Contactable] = []
    if own:
        found.append(Contactable(False, "own", own[-1] + timedelta(hours=terms.own_hours)))
    if others:
        found.append(Contactable(False, "colleague", others[-1] + timedelta(days=terms.colleague_days)))
    week = [one.at for one in past if now - one.at < WEEK]
    if terms.week_max and len(week) >= terms.week_max:
        found.append(Contactable(False, "week", week[-terms.week_max] + WEEK))
    return found


def _night_ends(now: datetime, terms: BlackoutTerms) -> datetime | None:
    start, end, hour = terms.night_from, terms.night_until, now.hour
    if start == end:
        return None
    is_night = start <= hour < end if start < end else hour >= start or hour < end
    if not is_night:
        return None
    day = now.date() if hour < end else now.date() + timedelta(days=1)
    return datetime.combine(day, time(end), now.tzinfo)
