"""Slots, check-in codes, calendar files and refusals of the boutiques."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import vCalAddress, vText
from opening_hours import OpeningHours, State

from seta.kit import calendar

CHECK_IN_SECONDS = 30
CHECK_IN_CHARACTERS = 10
HOLD_LIFETIME = timedelta(minutes=10)
BOOK_AHEAD_MAX = timedelta(days=90)
APPOINTMENTS_OPEN_MAX = 5
KINDS = ("visit", "fitting")


class Refusal(StrEnum):
    """Why a booking or a check-in is not possible."""

    UNKNOWN_BOUTIQUE = "unknown_boutique"
    UNKNOWN_KIND = "unknown_kind"
    NOT_A_SLOT = "not_a_slot"
    PAST = "past"
    TOO_FAR = "too_far"
    FULL = "full"
    ALREADY_BOOKED = "already_booked"
    TOO_MANY = "too_many"
    UNKNOWN_APPOINTMENT = "unknown_appointment"
    HOLD_EXPIRED = "hold_expired"
    TOO_LATE = "too_late"
    NOT_BOOKED = "not_booked"
    BAD_CODE = "bad_code"


_WORDS: dict[Refusal, tuple[str, str, str]] = {
    Refusal.UNKNOWN_BOUTIQUE: ("没有找到这家精品店", "no such boutique", "boutique non trovata"),
    Refusal.UNKNOWN_KIND: (
        "请选择到访或试穿",
        "choose a visit or a fitting",
        "scegli una visita o una prova",
    ),
    Refusal.NOT_A_SLOT: (
        "请从列表中选择一个时间",
        "choose a time from the list",
        "scegli un orario dall'elenco",
    ),
    Refusal.PAST: ("这个时间已过，请另选", "that time has passed, choose another", "orario già passato"),
    Refusal.TOO_FAR: (
        "请选择九十天以内的日期",
        "choose a day within ninety days",
        "scegli entro novanta giorni",
    ),
    Refusal.FULL: (
        "这个时间刚刚约满，请另选",
        "that time has just been taken, choose another",
        "orario appena occupato, scegline un altro",
    ),
    Refusal.ALREADY_BOOKED: (
        "您在这个时间已有预约",
        "you already have an appointment at that time",
        "hai già un appuntamento a quell'ora",
    ),
    Refusal.TOO_MANY: (
        "您的预约已达上限，请先取消一个",
        "you hold the most appointments allowed; cancel one first",
        "hai già troppi appuntamenti, annullane uno",
    ),
    Refusal.UNKNOWN_APPOINTMENT: ("没有找到这个预约", "no such appointment", "appuntamento non trovato"),
    Refusal.HOLD_EXPIRED: (
        "保留时间已过，请重新选择",
        "the hold has run out, choose again",
        "la riserva è scaduta, scegli di nuovo",
    ),
    Refusal.TOO_LATE: ("预约已开始，无法更改", "the appointment has begun", "l'appuntamento è già iniziato"),
    Refusal.NOT_BOOKED: (
        "这个预约已失效，请重新预约",
        "this appointment no longer stands, book a new time",
        "questo appuntamento non è più valido, prenota di nuovo",
    ),
    Refusal.BAD_CODE: (
        "签到码无效或已过期，请扫描店内屏幕上的新码",
        "that code is wrong or expired, scan the new one on the store's screen",
        "codice errato o scaduto, inquadra quello nuovo sullo schermo",
    ),
}


def refusal_text(refusal: Refusal, language: str) -> str:
    """What to do instead, in the reader's language."""
    code = language.lower()
    return _WORDS[refusal][1 if code.startswith("en") else 2 if code.startswith("it") else 0]


def slot_starts(opening_hours: str, day: date, *, slot_minutes: int, timezone: str) -> list[datetime]:
    """Starts of the slots that fit entirely into a day's opening hours, as instants of the store's time zone."""
    midnight = datetime.combine(day, time())
    starts: list[datetime] = []
    for begins, ends, state, _ in OpeningHours(opening_hours).intervals(
        midnight, midnight + timedelta(days=1)
    ):
        if state != State.OPEN:
            continue
        start = begins
        while start + timedelta(minutes=slot_minutes) <= ends:
            starts.append(start.replace(tzinfo=ZoneInfo(timezone)))
            start += timedelta(minutes=slot_minutes)
    return starts


def free_seat(taken: Iterable[int], capacity: int) -> int | None:
    """The lowest seat number nobody has; None when all are taken."""
    occupied = set(taken)
    return next((seat for seat in range(1, capacity + 1) if seat not in occupied), None)


def check_in_code(key: bytes, boutique: str, at: datetime) -> str:
    """The code that the store's screen shows at an instant: `<boutique>.<10 characters>`, new every 30 seconds."""
    return f"{boutique}.{_check_in_mac(key, boutique, int(at.timestamp()) // CHECK_IN_SECONDS)}"


def checked_boutique(key: bytes, code: str, at: datetime) -> str | None:
    """The boutique whose screen shows the code now or showed it in the 30 seconds before; else None."""
    boutique, _, mac = code.strip().rpartition(".")
    window = int(at.timestamp()) // CHECK_IN_SECONDS
    for counter in (window, window - 1):
        expected = _check_in_mac(key, boutique, counter)
        if boutique and hmac.compare_digest(expected.encode(), mac.upper().encode()):
            return boutique
    return None


def _check_in_mac(key: bytes, boutique: str, counter: int) -> str:
    digest = hmac.new(key, f"{boutique}|{counter}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:CHECK_IN_CHARACTERS]


@dataclass(frozen=True, kw_only=True)
class CalendarEntry(calendar.Appointed):
    """What a calendar file says of an appointment."""

    location: str
    lat: float
    lon: float


def calendar_file(entry: CalendarEntry) -> bytes:
    """An RFC 5545 file that phones take into their calendar: METHOD REQUEST, or CANCEL once it is cancelled."""
    event = calendar.event_of(entry, location=entry.location)
    event.add("geo", (entry.lat, entry.lon))
    organizer = vCalAddress(f"mailto:appointments@{entry.host}")
    organizer.params["CN"] = vText(entry.title)
    event.add("organizer", organizer)
    guest = vCalAddress(f"mailto:{entry.public_id}@{entry.host}")
    guest.params["PARTSTAT"] = vText("ACCEPTED")
    event.add("attendee", guest)
    method = "CANCEL" if entry.cancelled else "REQUEST"
    return calendar.file_of(event, product="Appointments", method=method)


def notice_data(*, store: str, starts: datetime, kind: str, is_moved: bool = False) -> dict[str, str]:
    """The keywords of a confirmation or change: `thing` holds 20 characters, `time` a Chinese date and clock."""
    what = ("试穿预约" if kind == "fitting" else "到店预约") + ("已改期" if is_moved else "")
    return {
        "thing1": what,
        "thing2": store[:20],
        "time3": f"{starts.year}年{starts.month}月{starts.day}日 {starts:%H:%M}",
        "thing4": "米兰当地时间，请准时到店",
    }


def pickup_data(*, store: str, number: str) -> dict[str, str]:
    """The keywords of the ready notice, each within the platform's 20 (`thing`) or 32 (`character_string`) letters."""
    return {
        "thing1": "您的商品已备好",
        "thing2": store[:20],
        "character_string3": number[:32],
        "thing4": "请在店内出示提货码领取",
    }
