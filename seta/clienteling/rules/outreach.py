"""How many messages a client may get in a month, how often results are asked for, and until when."""

import calendar
from datetime import datetime, timedelta

from seta.kit.clock import BEIJING

POLLED_FOR = timedelta(days=30)
"""Results of older outreach are as they are; WeCom keeps job ids and lists for about a month."""


def month_began(now: datetime) -> datetime:
    """When Beijing's month began."""
    return now.astimezone(BEIJING).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_quota(now: datetime) -> int:
    """How many mass messages a client may get in this month: as many as it has days (path/92135)."""
    local = now.astimezone(BEIJING)
    return calendar.monthrange(local.year, local.month)[1]


def next_look(prepared_at: datetime, polled_at: datetime | None) -> datetime:
    """When results are worth asking for again: each minute at first, later after a twenty-fourth of their age."""
    if polled_at is None:
        return prepared_at
    return polled_at + max(timedelta(minutes=1), (polled_at - prepared_at) / 24)
