"""Times, room passes, signals, consents and refusals of consultations: values in, values out."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

from seta.kit import calendar
from seta.kit.signing import sign, unsign
from seta.kit.words import in_language

KINDS = ("voice", "video")
MINUTES = (15, 30, 45, 60)
QUARTER = timedelta(minutes=15)
BOOK_AHEAD_MAX = timedelta(days=90)
OPEN_MAX = 5
HOURS = "Mo-Fr 10:00-18:00"
"""When clients may book an associate who has said nothing else, on the house's clock."""
HOURS_CHARS_MAX = 200
SELF_MINUTES = (15, 30)
"""What clients book by themselves; longer calls are the associate's to give."""
SELF_STEP = timedelta(minutes=30)
SELF_NOTICE = timedelta(hours=2)
"""What an associate needs to see that somebody comes."""
SELF_AHEAD = timedelta(days=14)
OPENS_BEFORE = timedelta(minutes=15)
"""A quarter, so that the next bookable time is always one that can be entered at once."""
CLOSES_AFTER = timedelta(minutes=15)
REMIND_BEFORE = timedelta(minutes=30)
LINK_LASTS = timedelta(days=1)
"""How long after its end a link still tells what became of the consultation."""
SILENT_AFTER = timedelta(seconds=30)
"""A browser that asked for nothing this long has left; another may take its place."""
DROPPED_AFTER = timedelta(minutes=2)
"""A call that nobody is in for this long is over."""
RETENTION = timedelta(days=90)
TOPIC_CHARS_MAX = 120

CLIENT, ASSOCIATE, SUPERVISOR = "client", "associate", "supervisor"
PARTIES = (CLIENT, ASSOCIATE)
ROLES = (CLIENT, ASSOCIATE, SUPERVISOR)

SIGNALS = frozenset({"hello", "description", "candidate", "changed", "bye"})
SIGNAL_BYTES_MAX = 64 * 1024
"""An SDP of two tracks has about 6 kB; one with every codec and many candidates stays under 20 kB."""
WAITING_MAX = 200
"""Signals that one browser may leave unread; a call takes about forty."""
PIECE_BYTES_MAX = 1 << 20
RECORDING_BYTES_MAX = 1 << 30
MEDIA_TYPES = ("video/webm", "audio/webm", "video/mp4", "audio/mp4")
QUALITY_FIELDS = ("rtt_ms", "jitter_ms", "lost_percent", "bytes_in", "bytes_out", "width", "height")


class Refusal(StrEnum):
    """Why something with a consultation is not possible."""

    UNKNOWN = "unknown"
    BAD_LINK = "bad_link"
    LINK_EXPIRED = "link_expired"
    BAD_TIME = "bad_time"
    BAD_CHOICE = "bad_choice"
    TAKEN = "taken"
    TOO_MANY = "too_many"
    OVER = "over"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ROOM_FULL = "room_full"
    NOT_ANNOUNCED = "not_announced"
    NOT_IN_ROOM = "not_in_room"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    OUT_OF_ORDER = "out_of_order"
    TOO_FAST = "too_fast"
    UNREAD = "unread"
    NO_CONSENT = "no_consent"
    NOT_RECORDING = "not_recording"
    NOT_YOURS = "not_yours"
    NOT_AGREED = "not_agreed"
    NO_ASSOCIATE = "no_associate"
    OUT_OF_HOURS = "out_of_hours"
    QUIET_HOURS = "quiet_hours"
    BAD_HOURS = "bad_hours"


_WORDS: Mapping[Refusal, tuple[str, str, str]] = {
    Refusal.UNKNOWN: ("没有找到这次咨询", "no such consultation", "consulenza non trovata"),
    Refusal.BAD_LINK: (
        "链接无效，请向您的顾问索取新链接",
        "this link is not valid; ask your adviser for a new one",
        "link non valido; ne chieda uno nuovo al consulente",
    ),
    Refusal.LINK_EXPIRED: (
        "链接已过期，请向您的顾问索取新链接",
        "this link has expired; ask your adviser for a new one",
        "link scaduto; ne chieda uno nuovo al consulente",
    ),
    Refusal.BAD_TIME: (
        "请选择九十天以内、整刻钟开始的时间",
        "choose a quarter of an hour within the next ninety days",
        "scelga un quarto d'ora entro novanta giorni",
    ),
    Refusal.BAD_CHOICE: ("请从列表中选择", "choose from the list", "scelga dall'elenco"),
    Refusal.TAKEN: (
        "这个时间已有预约，请另选",
        "that time is taken, choose another",
        "orario occupato, ne scelga un altro",
    ),
    Refusal.TOO_MANY: (
        "预约已达上限，请先取消一个",
        "the client holds the most consultations allowed; cancel one first",
        "troppe consulenze prenotate, ne annulli una",
    ),
    Refusal.OVER: ("这次咨询已结束或已取消", "this consultation is over", "questa consulenza è conclusa"),
    Refusal.NOT_YET: (
        "咨询室在预约时间前十五分钟开放",
        "the room opens a quarter of an hour before the booked time",
        "la stanza apre un quarto d’ora prima",
    ),
    Refusal.CLOSED: ("咨询室已关闭", "the room has closed", "la stanza è chiusa"),
    Refusal.ROOM_FULL: (
        "这个链接正在另一台设备上使用，请先在那里离开",
        "this place is in use on another device; leave there first",
        "questo posto è in uso su un altro dispositivo; esca prima da lì",
    ),
    Refusal.NOT_ANNOUNCED: (
        "主管须先向双方说明才能加入",
        "a supervisor has to be announced to both first",
        "il supervisore deve essere annunciato a entrambi",
    ),
    Refusal.NOT_IN_ROOM: ("请先进入咨询室", "enter the room first", "entri prima nella stanza"),
    Refusal.TOO_LARGE: ("内容过大", "that is too large", "troppo grande"),
    Refusal.UNREADABLE: ("内容无法识别", "that cannot be read", "contenuto illeggibile"),
    Refusal.OUT_OF_ORDER: (
        "顺序有误，请重新连接",
        "out of order; connect again",
        "fuori ordine; si ricolleghi",
    ),
    Refusal.TOO_FAST: ("请求过快，请稍候", "too fast; wait a moment", "troppo veloce; attenda"),
    Refusal.UNREAD: ("对方暂时没有响应", "the other side does not read", "l'altra parte non legge"),
    Refusal.NO_CONSENT: (
        "双方都同意后才能录制",
        "recording needs the consent of both",
        "per registrare serve il consenso di entrambi",
    ),
    Refusal.NOT_RECORDING: ("录制已停止", "the recording has stopped", "la registrazione è ferma"),
    Refusal.NOT_YOURS: (
        "只有负责这次咨询的顾问可以操作",
        "only the associate who holds this consultation may do this",
        "solo il consulente di questo incontro può farlo",
    ),
    Refusal.NOT_AGREED: (
        "请先同意上面的说明，再预约",
        "please agree to the note above, then book",
        "accetti la nota qui sopra, poi prenoti",
    ),
    Refusal.NO_ASSOCIATE: (
        "没有找到这位顾问，请从列表中选择",
        "no such adviser of yours; choose one from the list",
        "consulente non trovato; scelga dall'elenco",
    ),
    Refusal.OUT_OF_HOURS: (
        "这个时间顾问不接受预约，请从列表中选择",
        "your adviser takes no calls then; choose a time from the list",
        "a quell'ora il consulente non è disponibile; scelga dall'elenco",
    ),
    Refusal.QUIET_HOURS: (
        "这个时间在休息时段，请另选",
        "that is within the house's quiet hours, choose another time",
        "è nelle ore di silenzio della maison, scelga un altro orario",
    ),
    Refusal.BAD_HOURS: (
        "时间格式无法识别，例如：Mo-Fr 10:00-18:00",
        "these hours cannot be read; write for example Mo-Fr 10:00-18:00",
        "orari non leggibili; scriva per esempio Mo-Fr 10:00-18:00",
    ),
}


class ConsultationRefused(Exception):
    """A step that is refused; nothing changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_WORDS[refusal][1])
        self.refusal = refusal

    def text(self, language: str) -> str:
        """What to do instead, in zh-hans, it or English."""
        return refusal_text(self.refusal, language)


def refusal_text(refusal: Refusal, language: str) -> str:
    """What to do instead, in the reader's language."""
    code = language.lower()
    return _WORDS[refusal][1 if code.startswith("en") else 2 if code.startswith("it") else 0]


CALL_WORDS: Mapping[str, str] = {
    "zh": "我同意顾问在约定时间与我通话，并向我发送这次预约的通知与提醒。通话不会自动录制，录制须另行征得我的同意；"
    "我可以随时取消。",
    "en": "I agree that my adviser calls me at this time and that notices and a reminder of it are sent to me. The "
    "call is not recorded unless I agree to that apart; I can cancel at any time.",
    "it": "Acconsento che il consulente mi chiami a quest'ora e che mi siano inviati avvisi e un promemoria. La "
    "chiamata non è registrata se non lo accetto a parte; posso annullare in ogni momento.",
}
"""What a client agrees to who books a call alone; its digest is kept with each booking."""


CONSENT_WORDS: Mapping[str, str] = {
    "zh": "我同意录制这次咨询的声音和画面。录制会有画面和声音提示，加密保存九十天，"
    "仅供本次服务与质量核查使用；我可以随时撤回同意，录制会立即停止，咨询可以继续。",
    "en": "I agree that sound and picture of this consultation are recorded. Recording is shown and heard, kept "
    "encrypted for ninety days and used only for this service and its review. I can withdraw at any time: "
    "the recording stops at once and the consultation goes on.",
    "it": "Acconsento alla registrazione di audio e video di questa consulenza. La registrazione è segnalata con "
    "immagine e suono, conservata cifrata per novanta giorni e usata solo per questo servizio e la sua verifica. "
    "Posso revocare in ogni momento: la registrazione si ferma subito e la consulenza continua.",
}
"""What a party agrees to; changing a word changes the digest that is kept with each answer."""


def consent_words(language: str) -> str:
    """The text in the reader's language."""
    return in_language(CONSENT_WORDS, language)


def digest_of(words: str) -> str:
    """What is kept of the words somebody agreed to."""
    return hashlib.sha256(words.encode()).hexdigest()


def may_record(answers: Iterable[tuple[str, bool]]) -> bool:
    """Whether both parties' latest answers are yes; `answers` are (party, granted), oldest first."""
    latest = dict(answers)
    return all(latest.get(party) is True for party in PARTIES)


def refuse_bad_time(starts_at: datetime, minutes: int, now: datetime) -> None:
    """Raise ConsultationRefused (BAD_TIME, BAD_CHOICE) unless such a consultation can be booked."""
    if minutes not in MINUTES:
        raise ConsultationRefused(Refusal.BAD_CHOICE)
    if starts_at.tzinfo is None or not now < starts_at <= now + BOOK_AHEAD_MAX:
        raise ConsultationRefused(Refusal.BAD_TIME)
    if starts_at.timestamp() % QUARTER.total_seconds():
        raise ConsultationRefused(Refusal.BAD_TIME)


def hours_of(said: str) -> str:
    """Hours in OpenStreetMap's form, empty for never; raises ConsultationRefused (BAD_HOURS)."""
    hours = " ".join(said.split())
    if len(hours) > HOURS_CHARS_MAX or (hours and not validate(hours)):
        raise ConsultationRefused(Refusal.BAD_HOURS)
    return hours


@dataclass(frozen=True)
class Bookable:
    """When an associate's clients may book: hours on the clock of `zone`, but not in the quiet ones of the house."""

    hours: str
    zone: ZoneInfo
    quiet_from: int
    quiet_until: int

    def is_quiet(self, at: datetime) -> bool:
        """Whether an instant is within the quiet hours; none when they begin and end together."""
        hour, start, end = at.astimezone(self.zone).hour, self.quiet_from, self.quiet_until
        return start <= hour < end if start <= end else hour >= start or hour < end


def times_on(day: date, minutes: int, bookable: Bookable, *, now: datetime) -> list[datetime]:
    """When calls of so many minutes may begin on a day, whoever has them already; instants on the associate's clock."""
    midnight, lasts = datetime.combine(day, time()), timedelta(minutes=minutes)
    found: list[datetime] = []
    spans = (
        OpeningHours(bookable.hours).intervals(midnight, midnight + timedelta(days=1))
        if bookable.hours
        else ()
    )
    for begins, ends, state, _ in spans:
        start = midnight + -(-(begins - midnight) // SELF_STEP) * SELF_STEP
        while state == State.OPEN and start + lasts <= ends:
            at = start.replace(tzinfo=bookable.zone)
            if now + SELF_NOTICE <= at <= now + SELF_AHEAD and not _touches_quiet(at, lasts, bookable):
                found.append(at)
            start += SELF_STEP
    return found


def free_times(times: Iterable[datetime], minutes: int, taken: Collection[datetime]) -> list[datetime]:
    """Those at which none of a call's quarters is taken."""
    lasts = timedelta(minutes=minutes)
    return [at for at in times if not any(each in taken for each in quarters(at, at + lasts))]


def refuse_time_of_client(at: datetime, minutes: int, bookable: Bookable, *, now: datetime) -> None:
    """Raise ConsultationRefused (BAD_CHOICE, QUIET_HOURS, OUT_OF_HOURS) unless a client may book this time."""
    if minutes not in SELF_MINUTES:
        raise ConsultationRefused(Refusal.BAD_CHOICE)
    if _touches_quiet(at, timedelta(minutes=minutes), bookable):
        raise ConsultationRefused(Refusal.QUIET_HOURS)
    if at not in times_on(at.astimezone(bookable.zone).date(), minutes, bookable, now=now):
        raise ConsultationRefused(Refusal.OUT_OF_HOURS)


def _touches_quiet(at: datetime, lasts: timedelta, bookable: Bookable) -> bool:
    return any(bookable.is_quiet(each) for each in quarters(at, at + lasts))


def quarters(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The quarters of an hour that a consultation takes up."""
    return [starts_at + QUARTER * step for step in range((ends_at - starts_at) // QUARTER)]


def refuse_closed_room(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise ConsultationRefused (NOT_YET, CLOSED) outside the time a room is open."""
    if now < starts_at - OPENS_BEFORE:
        raise ConsultationRefused(Refusal.NOT_YET)
    if now >= ends_at + CLOSES_AFTER:
        raise ConsultationRefused(Refusal.CLOSED)


@dataclass(frozen=True)
class RoomPass:
    """Who comes with a link: a role in one consultation of one house, until an instant."""

    house_id: int
    public_id: str
    role: str
    user_id: int
    expires_at: datetime


def write_pass(one: RoomPass, *, key: bytes) -> str:
    """A pass as it stands in an address."""
    until = int(one.expires_at.timestamp())
    return sign(f"{one.house_id}.{one.public_id}.{one.role}.{one.user_id}.{until}", key=key)


def read_pass(text: str, *, key: bytes, now: datetime) -> RoomPass:
    """The pass that an address holds; raises ConsultationRefused (BAD_LINK, LINK_EXPIRED)."""
    inner = unsign(text, key=key) if len(text) <= 200 and text.isascii() else None
    parts = inner.split(".") if inner else []
    if len(parts) != 5 or parts[2] not in ROLES:
        raise ConsultationRefused(Refusal.BAD_LINK)
    house_id, public_id, role, user_id, until = parts
    expires_at = datetime.fromtimestamp(int(until), UTC)
    if now >= expires_at:
        raise ConsultationRefused(Refusal.LINK_EXPIRED)
    return RoomPass(int(house_id), public_id, role, int(user_id), expires_at)


@dataclass(frozen=True)
class Outgoing:
    """A signal that a browser sends: its own number, whom it is for, what it is; `body` is opaque to us."""

    number: int
    to: str
    kind: str
    body: str


def read_signal(raw: bytes) -> Outgoing:
    """A signal as sent; raises ConsultationRefused (TOO_LARGE, UNREADABLE)."""
    if len(raw) > SIGNAL_BYTES_MAX:
        raise ConsultationRefused(Refusal.TOO_LARGE)
    try:
        sent = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise ConsultationRefused(Refusal.UNREADABLE) from problem
    if not isinstance(sent, dict):
        raise ConsultationRefused(Refusal.UNREADABLE)
    number, to, kind = sent.get("number"), sent.get("to"), sent.get("kind")
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 1 << 31
    if not is_number or to not in ROLES or kind not in SIGNALS:
        raise ConsultationRefused(Refusal.UNREADABLE)
    body = json.dumps(sent.get("body"), ensure_ascii=True)
    return Outgoing(int(number or 0), str(to), str(kind), body)


def read_quality(sent: Mapping[str, Any]) -> dict[str, float]:
    """What a browser measured of a call, reduced to known fields of sane size."""
    found = {}
    for name in QUALITY_FIELDS:
        value = sent.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12:
            found[name] = round(float(value), 2)
    return found


@dataclass(frozen=True, kw_only=True)
class CalendarEntry(calendar.Appointed):
    """What a calendar file says of a consultation."""

    url: str


def calendar_file(entry: CalendarEntry) -> bytes:
    """An RFC 5545 file; METHOD CANCEL takes it out of the calendar again."""
    event = calendar.event_of(entry, location=entry.url)
    event.add("url", entry.url)
    method = "CANCEL" if entry.cancelled else "PUBLISH"
    return calendar.file_of(event, product="Consultations", method=method)


def clock_words(starts: datetime) -> str:
    """An instant as Chinese clients read it."""
    return f"{starts.year}年{starts.month}月{starts.day}日 {starts:%H:%M}"


def notice_data(*, kind: str, host: str, starts: datetime, what: str) -> dict[str, str]:
    """The keywords of a subscribe message: `thing` holds 20 characters, `time` a Chinese date and clock."""
    return {
        "thing1": ("视频咨询" if kind == "video" else "语音咨询") + what,
        "thing2": host[:20],
        "time3": clock_words(starts),
        "thing4": "北京时间，点开即可进入",
    }


def invitation_text(*, kind: str, host: str, starts: datetime, url: str, what: str) -> str:
    """The words of an invitation, a change or a reminder in the chat; times are Beijing's, where the client is."""
    name = "视频咨询" if kind == "video" else "语音咨询"
    return f"您与{host}的{name}{what}：{clock_words(starts)}（北京时间）。请用浏览器打开：{url}"
