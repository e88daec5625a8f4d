"""The date spans of statistics: two formats, their limits, and the latest day there is."""

import re
from datetime import date, timedelta

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import beijing_day, beijing_hour
from seta_sandbox.official_account.state import oa_of

DASHED = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def read_day(value: object, form: re.Pattern[str]) -> date:
    """The day written in that form, else ApiError 61500."""
    found = form.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ApiError(61500, "date format error")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise ApiError(61500, "date format error") from None


def read_span(
    world: World, begin: object, end: object, form: re.Pattern[str], days_max: int
) -> tuple[date, date]:
    """First and last day; ApiError 61501 for a wrong or too long span, 61503 while yesterday is not counted yet."""
    first, last = read_day(begin, form), read_day(end, form)
    now = world.clock.now()
    latest = beijing_day(now) - timedelta(days=1)
    if last < first or (last - first).days >= days_max or last > latest:
        raise ApiError(61501, f"date range error: at most {days_max} days, the latest is yesterday")
    if last == latest and beijing_hour(now) < oa_of(world).ready_hour:
        raise ApiError(61503, "the data is not ready, try again later")
    return first, last


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
