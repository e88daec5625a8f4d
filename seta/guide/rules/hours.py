"""Opening hours of one day as minutes since local midnight, so that planning needs no time zone arithmetic."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

DAY_MINUTES = 24 * 60
LATE_MINUTES = 6 * 60

Window = tuple[int, int]


def is_valid(spec: str) -> bool:
    """Whether an OpenStreetMap opening_hours string can be read."""
    return bool(spec) and validate(spec)


@lru_cache(maxsize=20_000)
def windows(spec: str, day: date) -> tuple[Window, ...]:
    """The (open, close) minutes that begin on this day, in order.

    A bar's night that runs past midnight closes after 1440, at most at 06:00; the tail of the night before
    is left to the day before.
    """
    midnight = datetime.combine(day, time())
    until = midnight + timedelta(minutes=DAY_MINUTES + LATE_MINUTES)
    night_before = _open_through(spec, midnight)
    found: list[Window] = []
    for begins, ends, state, _ in OpeningHours(spec).intervals(midnight, until):
        opens, closes = _minute(begins, midnight), _minute(ends, midnight)
        if state != State.OPEN or opens >= DAY_MINUTES:
            continue
        if opens == 0 and night_before and closes < DAY_MINUTES:
            continue
        found.append((opens, closes if opens else min(closes, DAY_MINUTES)))
    return tuple(found)


def is_round_the_clock(spec: str) -> bool:
    """Whether the place never closes."""
    return spec.replace(" ", "") == "24/7"


def describe(spec: str, day: date, *, language: str = "zh-Hans") -> str:
    """One day's hours as a client reads them: ``09:00-12:20、15:00-17:50``."""
    if is_round_the_clock(spec):
        return {"en": "open all day", "it": "sempre aperto"}.get(language, "全天开放")
    if not is_valid(spec):
        return {"en": "hours unknown", "it": "orari non noti"}.get(language, "时间待确认")
    found = windows(spec, day)
    if not found:
        return {"en": "closed today", "it": "oggi chiuso"}.get(language, "今日不开放")
    comma = "、" if language.startswith("zh") else ", "
    return comma.join(f"{clock_text(opens)}-{clock_text(closes)}" for opens, closes in found)


def clock_text(minute: int) -> str:
    """Minutes since midnight as ``HH:MM``; 1440 is 24:00 and later minutes belong to the next morning."""
    if minute == DAY_MINUTES:
        return "24:00"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def minute_of(text: str) -> int:
    """``HH:MM`` as minutes since midnight; ValueError when it is not a time of day."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError(f"{text!r} is not a time like 09:30")
    minute = int(hours) * 60 + int(minutes)
    if not 0 <= minute <= DAY_MINUTES or int(minutes) > 59:
        raise ValueError(f"{text!r} is not a time of day")
    return minute


def _open_through(spec: str, instant: datetime) -> bool:
    return bool(OpeningHours(spec).is_open(instant - timedelta(minutes=1)))


def _minute(instant: datetime, midnight: datetime) -> int:
    return int((instant - midnight).total_seconds() // 60)
