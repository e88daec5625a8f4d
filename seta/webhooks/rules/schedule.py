"""When an attempt follows a failed one, and what an answer means."""

from datetime import timedelta
from enum import StrEnum

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Waits after the first, second ... failure: ten attempts over about three days, then the message is dead."""

ATTEMPTS_MAX = len(RETRY_AFTER) + 1
ROTATION_LASTS = timedelta(hours=24)
"""How long an attempt carries the old secret's signature beside the new one's."""

TIMEOUT_SECONDS = 15.0
"""A receiver has this long from the first byte sent to its status; it should keep the message and answer at once."""

LEASE = timedelta(seconds=60)
"""An attempt whose process has died is made again after this."""

ANSWER_BYTES_MAX = 500
"""So much of an answer is read and kept; the rest is not waited for."""


class Verdict(StrEnum):
    """What follows from an attempt."""

    DONE = "done"
    AGAIN = "again"
    GONE = "gone"


def judge(status: int | None) -> Verdict:
    """2xx is done; 410 asks never to be sent anything again; all else, redirects too, is tried again."""
    if status is not None and 200 <= status < 300:
        return Verdict.DONE
    return Verdict.GONE if status == 410 else Verdict.AGAIN


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when there is no further one."""
    assert attempts >= 1
    return RETRY_AFTER[attempts - 1] if attempts < ATTEMPTS_MAX else None
