"""Calendar files (RFC 5545) that phones take in: one event, in its place's time, with the sequence of its changes."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, kw_only=True)
class Appointed:
    """What every calendar file says; `sequence` grows with each change, `timezone` is an IANA name."""

    public_id: str
    sequence: int
    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    timezone: str
    title: str
    host: str


def event_of(entry: Appointed, *, location: str) -> Event:
    """The event, to which more may be added."""
    zone = ZoneInfo(entry.timezone)
    event = Event()
    event.add("uid", f"{entry.public_id}@{entry.host}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.title)
    event.add("location", location)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event


def file_of(event: Event, *, product: str, method: str) -> bytes:
    """The file with its time zones; METHOD CANCEL takes the event out of the calendar again."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Seta//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content
