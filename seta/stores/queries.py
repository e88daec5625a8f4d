"""Boutiques, free slots, appointments and visits as clients and the desk read them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from seta.kit.clock import ROME
from seta.kit.signing import sign, subkey, unsign
from seta.people import queries as people
from seta.stores import rules
from seta.stores.models import Appointment, Boutique, Resource, Visit
from seta.stores.rules import CalendarEntry

API_PREFIX = "/api/mp/v1/stores"


@dataclass(frozen=True, kw_only=True)
class BoutiqueCard:
    """A store as pages show it."""

    id: int
    code: str
    name: str
    name_zh: str
    district: str
    address: str
    lat: float
    lon: float
    opening_hours: str
    timezone: str
    open_to_bookings: bool
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SlotCard:
    """A time that can be booked; `free` counts the seats left, `label` is the store's clock."""

    starts_at: datetime
    label: str
    free: int


@dataclass(frozen=True, kw_only=True)
class AppointmentCard:
    """An appointment with its store; `calendar_url` is a signed address of its calendar file."""

    id: str
    house_id: int
    person_id: int
    person_name: str
    boutique_id: int
    boutique: str
    boutique_name: str
    boutique_name_zh: str
    district: str
    address: str
    resource: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    local_time: str
    state: str
    held_until: datetime | None
    note: str
    booked_at: datetime
    calendar_url: str


@dataclass(frozen=True, kw_only=True)
class VisitCard:
    """A client's visit."""

    id: int
    person_id: int
    boutique_id: int
    boutique: str
    district: str
    means: str
    associate_id: int | None
    appointment_id: str
    checked_in_at: datetime


@dataclass(frozen=True)
class StoreTotals:
    """A day of a house's stores in numbers."""

    booked: int
    attended: int
    cancelled: int
    visits: int


def boutiques(house_id: int) -> Sequence[BoutiqueCard]:
    """The house's stores in the order opened."""
    rows = Boutique.objects.filter(house_id=house_id).prefetch_related("resources").order_by("id")
    return [_boutique_card(row) for row in rows]


def boutique(house_id: int, code_or_id: str) -> BoutiqueCard | None:
    """A store by its code or its id."""
    row = boutique_row(house_id, code_or_id)
    return _boutique_card(row) if row else None


def boutique_row(house_id: int, code_or_id: str) -> Boutique | None:
    """The row of a store, for this part's own operations."""
    text = str(code_or_id)
    asked = Q(code=text)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        asked |= Q(pk=int(text))
    return Boutique.objects.filter(asked, house_id=house_id).first()


def slots(
    house_id: int, code_or_id: str, *, day: date, kind: str, now: datetime
) -> Sequence[SlotCard] | None:
    """The day's slots of a store for a kind of appointment, full ones too; None for an unknown store."""
    store = boutique_row(house_id, code_or_id)
    if store is None:
        return None
    capacity: dict[datetime, int] = defaultdict(int)
    for resource in Resource.objects.filter(boutique=store):
        if kind in resource.kinds and store.open_to_bookings:
            for start in rules.slot_starts(
                store.opening_hours, day, slot_minutes=resource.slot_minutes, timezone=store.timezone
            ):
                capacity[start] += resource.capacity
    taken = _taken(store, kind, day, now)
    return [
        SlotCard(starts_at=start, label=f"{start:%H:%M}", free=max(0, seats - taken.get(start, 0)))
        for start, seats in sorted(capacity.items())
        if start > now
    ]


def appointments_of(person_id: int, *, limit: int = 50) -> Sequence[AppointmentCard]:
    """The client's own appointments, the latest start first."""
    rows = _rows().filter(person_id=person_id).exclude(state=Appointment.State.EXPIRED)
    return _cards(rows.order_by("-starts_at")[:limit])


def appointment(*, public_id: str, person_id: int) -> AppointmentCard | None:
    """The client's own appointment."""
    return next(iter(_cards(_rows().filter(public_id=public_id, person_id=person_id))), None)


def appointment_at_house(house_id: int, public_id: str) -> AppointmentCard | None:
    """An appointment in one of the house's stores; for the desk."""
    return next(iter(_cards(_rows().filter(public_id=public_id, house_id=house_id))), None)


def appointments_on(house_id: int, day: date) -> Sequence[AppointmentCard]:
    """A day's appointments of all stores of a house, cancelled ones too, by time; for the desk."""
    begins = datetime.combine(day, time(), ROME)
    ends = datetime.combine(day + timedelta(days=1), time(), ROME)
    rows = _rows().filter(house_id=house_id, starts_at__gte=begins, starts_at__lt=ends)
    return _cards(rows.exclude(state=Appointment.State.EXPIRED).order_by("starts_at", "id"))


def visits_on(house_id: int, day: date) -> Sequence[VisitCard]:
    """Who came on a day, the first first."""
    rows = Visit.objects.filter(house_id=house_id, on_day=day).select_related("boutique", "appointment")
    return [visit_card(row) for row in rows.order_by("checked_in_at")]


def visits_of(person_id: int, *, limit: int = 50) -> Sequence[VisitCard]:
    """A client's visits, the newest first."""
    rows = Visit.objects.filter(person_id=person_id).select_related("boutique", "appointment")
    return [visit_card(row) for row in rows.order_by("-checked_in_at")[:limit]]


def totals_on(house_id: int, day: date) -> StoreTotals:
    """The day in numbers."""
    cards = appointments_on(house_id, day)
    count = {state: sum(1 for card in cards if card.state == state) for state in Appointment.State.values}
    visits = Visit.objects.filter(house_id=house_id, on_day=day).count()
    return StoreTotals(count["confirmed"], count["attended"], count["cancelled"], visits)


def screen_code(house_id: int, code: str, *, now: datetime) -> str:
    """What the store's screen shows as a QR code now; it is good for 30 to 60 seconds."""
    return f"seta:checkin={rules.check_in_code(check_in_key(house_id), code, now)}"


def check_in_key(house_id: int) -> bytes:
    """The key of a house's check-in codes."""
    return subkey(settings.SECRET_KEY, f"stores.check-in.{house_id}")


def calendar_url(public_id: str) -> str:
    """The address of an appointment's calendar file; who has it may read the file without signing in."""
    signature = sign(public_id, key=_calendar_key()).rpartition(".")[2]
    return f"{API_PREFIX}/appointments/{public_id}.ics?sig={signature}"


def calendar_file(public_id: str, signature: str) -> bytes | None:
    """The calendar file; None unless the signature is ours."""
    if unsign(f"{public_id}.{signature}", key=_calendar_key()) != public_id:
        return None
    row = Appointment.objects.select_related("boutique").filter(public_id=public_id).first()
    if row is None:
        return None
    store = row.boutique
    return rules.calendar_file(
        CalendarEntry(
            public_id=row.public_id,
            sequence=row.sequence,
            cancelled=row.state in (Appointment.State.CANCELLED, Appointment.State.EXPIRED),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            changed_at=row.changed_at,
            timezone=store.timezone,
            title=f"{store.name_zh} · {'试穿' if row.kind == 'fitting' else '到店'}",
            location=f"{store.name}, {store.address}",
            lat=store.lat,
            lon=store.lon,
            host=urlsplit(settings.PUBLIC_URL).hostname or "localhost",
        )
    )


def appointment_card(row: Appointment) -> AppointmentCard:
    """One row as a card."""
    return _cards([row])[0]


def visit_card(row: Visit) -> VisitCard:
    """One row as a card."""
    return VisitCard(
        id=row.pk,
        person_id=row.person_id,
        boutique_id=row.boutique_id,
        boutique=row.boutique.code,
        district=row.boutique.district,
        means=row.means,
        associate_id=row.associate_id,
        appointment_id=row.appointment.public_id if row.appointment else "",
        checked_in_at=row.checked_in_at,
    )


def _calendar_key() -> bytes:
    return subkey(settings.SECRET_KEY, "stores.calendar")


def _taken(store: Boutique, kind: str, day: date, now: datetime) -> dict[datetime, int]:
    zone = ZoneInfo(store.timezone)
    begins, ends = (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )
    rows = Appointment.objects.filter(
        boutique=store, state__in=Appointment.ACTIVE, starts_at__gte=begins, starts_at__lt=ends
    ).select_related("resource")
    taken: dict[datetime, int] = defaultdict(int)
    for row in rows:
        run_out = row.state == Appointment.State.HELD and row.held_until is not None and row.held_until <= now
        if kind in row.resource.kinds and not run_out:
            taken[row.starts_at] += 1
    return taken


def _rows() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("boutique", "resource")


def _cards(rows: Iterable[Appointment]) -> list[AppointmentCard]:
    found = list(rows)
    names = people.cards({row.person_id for row in found}) if found else {}
    return [_appointment_card(row, names[row.person_id].display_name) for row in found]


def _appointment_card(row: Appointment, person_name: str) -> AppointmentCard:
    store = row.boutique
    local = row.starts_at.astimezone(ZoneInfo(store.timezone))
    return AppointmentCard(
        id=row.public_id,
        house_id=row.house_id,
        person_id=row.person_id,
        person_name=person_name,
        boutique_id=store.pk,
        boutique=store.code,
        boutique_name=store.name,
        boutique_name_zh=store.name_zh,
        district=store.district,
        address=store.address,
        resource=row.resource.name,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local_time=f"{local:%Y-%m-%d %H:%M}",
        state=row.state,
        held_until=row.held_until,
        note=row.note,
        booked_at=row.booked_at,
        calendar_url=calendar_url(row.public_id),
    )


def _boutique_card(row: Boutique) -> BoutiqueCard:
    kinds = dict.fromkeys(kind for resource in row.resources.all() for kind in resource.kinds)
    return BoutiqueCard(
        id=row.pk,
        code=row.code,
        name=row.name,
        name_zh=row.name_zh,
        district=row.district,
        address=row.address,
        lat=row.lat,
        lon=row.lon,
        opening_hours=row.opening_hours,
        timezone=row.timezone,
        open_to_bookings=row.open_to_bookings,
        kinds=tuple(kinds),
    )
