"""Says an instant in the reader's language, on a clock that is named."""

from datetime import datetime
from zoneinfo import ZoneInfo

from seta.kit.clock import BEIJING

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
}


def instant_text(at: datetime, language: str, zone: str) -> str:
    """An instant on the clock of Beijing in Chinese, else on that of `zone`, an IANA name such as Europe/Rome.

    >>> from datetime import UTC
    >>> instant_text(datetime(2026, 12, 1, 9, tzinfo=UTC), "en", "Europe/Rome")
    '1 Dec 2026, 10:00 (Rome)'
    """
    months = _MONTHS.get(language[:2])
    if months is None:
        there = at.astimezone(BEIJING)
        return f"北京时间{there.year}年{there.month}月{there.day}日{there:%H:%M}"
    there = at.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{there.day} {months[there.month - 1]} {there.year}, {there:%H:%M} ({city})"
