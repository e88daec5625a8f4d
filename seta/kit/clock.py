"""The three clocks that matter: UTC for instants, Beijing for bills, Milan for boutiques."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

BEIJING: tzinfo = ZoneInfo("Asia/Shanghai")
ROME: tzinfo = ZoneInfo("Europe/Rome")

__all__ = ["BEIJING", "ROME", "UTC", "beijing_day", "from_unix", "rome_day"]


def beijing_day(instant: datetime) -> date:
    """The calendar day in Beijing, by which WeChat Pay and Alipay cut their bills."""
    return instant.astimezone(BEIJING).date()


def rome_day(instant: datetime) -> date:
    """The calendar day in Milan, by which boutiques and partners are settled."""
    return instant.astimezone(ROME).date()


def from_unix(seconds: int | float) -> datetime:
    """An aware UTC instant from Unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)
