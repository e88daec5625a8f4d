"""Consultations as clients, associates and supervisors read them; passes that open their rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from seta.clienteling import queries as clienteling
from seta.consultations import rules
from seta.consultations.models import CallHours, Consultation, Quarter, Recording
from seta.consultations.rules import Bookable, CalendarEntry, ConsultationRefused, Refusal, RoomPass
from seta.houses import queries as houses
from seta.kit.clock import BEIJING
from seta.kit.signing import subkey
from seta.kit.words import in_language
from seta.people import queries as people

ROWS_MAX = 200
_TITLES = {
    "voice": {"zh": "语音咨询", "en": "Voice consultation", "it": "Consulenza vocale"},
    "video": {"zh": "视频咨询", "en": "Video consultation", "it": "Consulenza video"},
}


@dataclass(frozen=True, kw_only=True)
class RecordingRow:
    """A stretch that was recorded; `seconds` None while it runs."""

    id: int
    state: str
    media_type: str
    started_at: datetime
    seconds: int | None
    stopped_why: str
    kept_bytes: int
    delete_after: datetime


@dataclass(frozen=True, kw_only=True)
class ConsultationCard:
    """A consultation with what became of it; `seconds` None unless a call was held."""

    id: str
    house_id: int
    person_id: int
    person_name: str
    user_id: int
    associate_id: int | None
    host_name: str
    kind: str
    topic: str
    appointment_id: str
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    cancelled_by: str
    booked_by: str
    started_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    seconds: int | None
    quality: Mapping[str, Mapping[str, float]]
    listener_id: int | None
    listener_name: str
    recordings: tuple[RecordingRow, ...]
    shown: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long it is booked for."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def is_open(self, now: datetime) -> bool:
        """Whether its room can be entered."""
        alive = self.state in (Consultation.State.BOOKED, Consultation.State.UNDER_WAY)
        return alive and self.starts_at - rules.OPENS_BEFORE <= now < self.ends_at + rules.CLOSES_AFTER


@dataclass(frozen=True, kw_only=True)
class RoomView:
    """What a browser in a room is told; `answers` are the parties' latest words on being recorded."""

    consultation: ConsultationCard
    role: str
    present: tuple[str, ...]
    answers: Mapping[str, bool]
    recording_id: int | None
    recording_pieces: int
    listener_name: str
    cards: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Host:
    """An associate whom their client may book a call with."""

    associate_id: int
    user_id: int
    name: str
    boutique: str


def call_hours(house_id: int, user_id: int) -> str:
    """When a member's clients may book by themselves; the rules' own hours until they have said something else."""
    row = CallHours.objects.filter(house_id=house_id, user_id=user_id).first()
    return rules.HOURS if row is None else row.hours


def hosts_of(*, house_id: int, person_id: int) -> Sequence[Host]:
    """A client's own associates who take calls, the primary one first."""
    own = clienteling.advisors_of(house_id=house_id, person_id=people.current_id(person_id))
    return [
        Host(one.id, one.user_id, one.name, one.boutique)
        for one in own
        if one.user_id is not None and call_hours(house_id, one.user_id)
    ]


def bookable_of(house_id: int, user_id: int) -> Bookable:
    """When a member may be booked: their hours, less the house's quiet ones."""
    terms = clienteling.blackout_terms(house_id)
    zone = ZoneInfo(houses.house(house_id).timezone)
    return Bookable(call_hours(house_id, user_id), zone, terms.night_from, terms.night_until)


def free_times(
    *, house_id: int, person_id: int, associate_id: int, day: date, minutes: int, now: datetime
) -> Sequence[datetime]:
    """When a client may still book their associate on a day of the house's clock; none for a stranger's associate."""
    person_id = people.current_id(person_id)
    hosts = hosts_of(house_id=house_id, person_id=person_id)
    found = next((one for one in hosts if one.associate_id == associate_id), None)
    if found is None or minutes not in rules.SELF_MINUTES:
        return []
    times = rules.times_on(day, minutes, bookable_of(house_id, found.user_id), now=now)
    if not times:
        return []
    rows = Quarter.objects.filter(Q(user_id=found.user_id) | Q(person_id=person_id))
    rows = rows.filter(at__gte=times[0], at__lt=times[-1] + timedelta(minutes=minutes))
    return rules.free_times(times, minutes, set(rows.values_list("at", flat=True)))


def consultation(*, house_id: int, public_id: str) -> ConsultationCard | None:
    """One consultation of a house; None for another house's."""
    row = _rows(house_id).filter(public_id=public_id).first()
    return card_of(row) if row else None


def consultations_on(house_id: int, day: date, *, user_id: int | None = None) -> Sequence[ConsultationCard]:
    """A day on the house's clock, one member's or everybody's, by time."""
    zone = ZoneInfo(houses.house(house_id).timezone)
    midnight = datetime.combine(day, time(), zone)
    rows = _rows(house_id).filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
    return [card_of(row) for row in _of_user(rows, user_id).order_by("starts_at", "id")[:ROWS_MAX]]


def coming(house_id: int, *, user_id: int | None, now: datetime) -> Sequence[ConsultationCard]:
    """What is still to come or under way, soonest first."""
    rows = _rows(house_id).filter(state__in=Consultation.ALIVE, ends_at__gt=now - rules.CLOSES_AFTER)
    return [card_of(row) for row in _of_user(rows, user_id).order_by("starts_at", "id")[:ROWS_MAX]]


def past(house_id: int, *, user_id: int | None, now: datetime) -> Sequence[ConsultationCard]:
    """What is over, latest first."""
    rows = _rows(house_id).exclude(state__in=Consultation.ALIVE)
    return [card_of(row) for row in _of_user(rows, user_id).order_by("-starts_at", "-id")[:50]]


def consultations_of(*, house_id: int, person_id: int) -> Sequence[ConsultationCard]:
    """A client's consultations, latest first."""
    rows = _rows(house_id).filter(person_id=people.current_id(person_id)).order_by("-starts_at", "-id")
    return [card_of(row) for row in rows[:ROWS_MAX]]


def client_link(card: ConsultationCard) -> str:
    """The address of the client's page of a consultation, good until a day after its end."""
    return f"{settings.PUBLIC_URL}/consultations/{client_pass(card)}/"


def client_pass(card: ConsultationCard) -> str:
    """What the client's address holds."""
    return _pass(card, rules.CLIENT, 0, card.ends_at + rules.LINK_LASTS)


def staff_pass(card: ConsultationCard, *, role: str, user_id: int) -> str:
    """What a member's page of the room shows at its doors; the caller knows who they are."""
    return _pass(card, role, user_id, card.ends_at + rules.CLOSES_AFTER)


def _pass(card: ConsultationCard, role: str, user_id: int, expires_at: datetime) -> str:
    return rules.write_pass(RoomPass(card.house_id, card.id, role, user_id, expires_at), key=_key())


def read_pass(text: str, *, now: datetime) -> RoomPass:
    """The pass in an address or a header; raises ConsultationRefused. Touches no database."""
    return rules.read_pass(text, key=_key(), now=now)


def _key() -> bytes:
    return subkey(settings.SECRET_KEY, "consultations.pass")


def room_view(one: RoomPass, *, now: datetime) -> RoomView:
    """How a room stands, for who holds a pass to it; raises ConsultationRefused (UNKNOWN)."""
    row = _rows(one.house_id).filter(public_id=one.public_id).first()
    if row is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    running = next((each for each in row.recordings.all() if each.state == Recording.State.RUNNING), None)
    fresh = row.peers.filter(seen_at__gt=now - rules.SILENT_AFTER)
    return RoomView(
        consultation=card_of(row),
        role=one.role,
        present=tuple(sorted(fresh.values_list("role", flat=True))),
        answers=dict(row.answers.order_by("id").values_list("party", "granted")),
        recording_id=running.pk if running else None,
        recording_pieces=running.pieces if running else 0,
        listener_name=row.listener_name,
        cards=tuple({"kind": each.kind, "code": each.code, "title": each.title} for each in row.cards.all()),
    )


def calendar(card: ConsultationCard, *, language: str) -> bytes:
    """The calendar file of a consultation, in the client's clock and words."""
    row = Consultation.objects.get(house_id=card.house_id, public_id=card.id)
    title = f"{kind_title(card.kind, language)} · {card.host_name} · {houses.house(card.house_id).name}"
    return rules.calendar_file(
        CalendarEntry(
            public_id=card.id,
            sequence=card.sequence,
            cancelled=card.state == Consultation.State.CANCELLED,
            starts_at=card.starts_at,
            ends_at=card.ends_at,
            changed_at=row.changed_at,
            timezone=str(BEIJING),
            title=title,
            url=client_link(card),
            host=urlsplit(settings.PUBLIC_URL).hostname or "localhost",
        )
    )


def kind_title(kind: str, language: str) -> str:
    """Voice or video consultation in the reader's language."""
    return in_language(_TITLES[kind], language)


def ice_servers() -> list[dict[str, Any]]:
    """STUN and TURN servers for browsers; empty by default, when browsers use their own addresses only."""
    found: list[dict[str, Any]] = []
    for each in settings.ICE_SERVERS.split():
        address, _at, login = each.partition("|")
        user, _colon, secret = login.partition(":")
        found.append({"urls": address, **({"username": user, "credential": secret} if login else {})})
    return found


def _rows(house_id: int) -> QuerySet[Consultation]:
    return Consultation.objects.filter(house_id=house_id).prefetch_related("recordings", "cards")


def _of_user(rows: QuerySet[Consultation], user_id: int | None) -> QuerySet[Consultation]:
    return rows if user_id is None else rows.filter(user_id=user_id)


def card_of(row: Consultation) -> ConsultationCard:
    """A row as others read it."""
    person = people.card(row.person_id)
    seconds = (
        int((row.ended_at - row.started_at).total_seconds()) if row.started_at and row.ended_at else None
    )
    return ConsultationCard(
        id=row.public_id,
        house_id=row.house_id,
        person_id=person.id,
        person_name=person.display_name,
        user_id=row.user_id,
        associate_id=row.associate_id,
        host_name=row.host_name,
        kind=row.kind,
        topic=row.topic,
        appointment_id=row.appointment_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        sequence=row.sequence,
        cancelled_by=row.cancelled_by,
        booked_by=row.booked_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        seconds=seconds,
        quality=row.quality,
        listener_id=row.listener_id,
        listener_name=row.listener_name,
        recordings=tuple(_recording(each) for each in row.recordings.all()),
        shown=tuple(each.title for each in row.cards.all()),
    )


def _recording(row: Recording) -> RecordingRow:
    return RecordingRow(
        id=row.pk,
        state=row.state,
        media_type=row.media_type,
        started_at=row.started_at,
        seconds=int((row.stopped_at - row.started_at).total_seconds()) if row.stopped_at else None,
        stopped_why=row.stopped_why,
        kept_bytes=row.kept_bytes,
        delete_after=row.delete_after,
    )
