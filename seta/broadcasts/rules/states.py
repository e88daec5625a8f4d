"""Where a broadcast is, and how long is waited before WeChat is asked again."""

from datetime import datetime, timedelta
from enum import StrEnum

AHEAD_MAX = timedelta(days=366)
LEASE = timedelta(minutes=3)
"""How long whoever took a broadcast may work at it before another takes it over."""
TRIES_MAX = 8
REPEATED_WITHIN = timedelta(hours=23)
"""WeChat knows a `clientmsgid` again for 24 hours; what was asked for longer ago is not asked for again."""
REPORTED_WITHIN = timedelta(hours=24)
"""After this nobody waits for WeChat's report of a batch any more."""


class State(StrEnum):
    """Where a broadcast is; before `sending` nobody has seen anything of it."""

    DRAFT = "draft"
    REVIEW = "review"
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchState(StrEnum):
    """Where one call's share of a broadcast is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def next_try(tries: int, now: datetime) -> datetime:
    """When to ask again after so many tries: one minute, two, four ... at most half an hour."""
    return now + min(timedelta(minutes=1) * (1 << min(tries, 10)), timedelta(minutes=30))


def is_time(at: datetime, now: datetime) -> bool:
    """Whether something may be planned for that instant."""
    return now <= at <= now + AHEAD_MAX
