"""The states of a version and of a publication, and how long is waited before WeChat is asked again."""

from datetime import datetime, timedelta
from enum import StrEnum

AHEAD_MAX = timedelta(days=366)
LEASE = timedelta(minutes=3)
"""How long whoever took a publication may work at it before another takes it over."""
FOLLOWED_AFTER = timedelta(seconds=10)
TRIES_MAX = 8
DONE, RUNNING, DELETED = 0, 1, 5
"""WeChat's own numbers for how a job of publishing stands."""


class VersionState(StrEnum):
    """Where a submitted version is."""

    REVIEW = "review"
    APPROVED = "approved"
    RETURNED = "returned"


class State(StrEnum):
    """Where a publication is; before `submitting` nothing of it can have been seen by anybody."""

    WAITING = "waiting"
    SENDING = "sending"
    SUBMITTING = "submitting"
    SENT = "sent"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


UNDER_WAY = (State.WAITING, State.SENDING, State.SUBMITTING, State.SENT)
TO_DO = (*UNDER_WAY, State.WITHDRAWING)


def next_try(tries: int, now: datetime) -> datetime:
    """When to ask again after so many tries: 10 s, 20 s, 40 s ... at most ten minutes."""
    return now + min(FOLLOWED_AFTER * (1 << min(tries, 10)), timedelta(minutes=10))


def is_time(at: datetime, now: datetime) -> bool:
    """Whether something may be planned for that instant."""
    return now <= at <= now + AHEAD_MAX
