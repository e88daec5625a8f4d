"""When each step of a house's daily round is due, is late, and is tried again."""

from datetime import date, datetime, time, timedelta

from seta.kit.clock import BEIJING, beijing_day

BILL_READY = time(10)  # WeChat Pay and Alipay promise yesterday's bill by ten in the morning of Beijing
BILL_LATE = time(12)
CATCH_UP_DAYS = 7
LEASE = timedelta(minutes=5)
"""For so long a step belongs to the worker that took it up; one that died leaves it to the next."""
_RETRIES = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20))
_RETRY_LAST = timedelta(minutes=30)


def bill_ready_at(day: date) -> datetime:
    """From when the bill of a Beijing day may be fetched."""
    return datetime.combine(day + timedelta(days=1), BILL_READY, BEIJING)


def bill_late_at(day: date) -> datetime:
    """From when a bill that is not there is an alarm."""
    return datetime.combine(day + timedelta(days=1), BILL_LATE, BEIJING)


def days_to_bill(now: datetime) -> list[date]:
    """The Beijing days whose bill may be there, yesterday first, as far back as a round catches up."""
    yesterday = beijing_day(now) - timedelta(days=1)
    days = [yesterday - timedelta(days=back) for back in range(CATCH_UP_DAYS)]
    return [day for day in days if bill_ready_at(day) <= now]


def retry_at(now: datetime, attempts: int) -> datetime:
    """When a step that has failed `attempts` times is tried again."""
    assert attempts > 0
    return now + (_RETRIES[attempts - 1] if attempts <= len(_RETRIES) else _RETRY_LAST)
