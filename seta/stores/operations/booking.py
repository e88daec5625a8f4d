"""Books, holds, confirms and cancels appointments; the database refuses what two clients want at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from seta.conversations.queries import campaign_of
from seta.events.operations import publish
from seta.kit.ids import new_id
from seta.stores import rules
from seta.stores.events import AppointmentBooked, AppointmentCancelled
from seta.stores.models import Appointment, Boutique, Resource
from seta.stores.queries import AppointmentCard, appointment_card, boutique_row
from seta.stores.rules import Refusal


class BookingRefused(Exception):
    """Why an appointment or a visit is not possible; `rules.refusal_text` says what to do instead."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def book(
    *,
    house_id: int,
    person_id: int,
    boutique: str,
    starts_at: datetime,
    kind: str,
    now: datetime,
    note: str = "",
) -> AppointmentCard:
    """Book a confirmed appointment; `boutique` is its code or id. Raises BookingRefused."""
    return _take(house_id, person_id, boutique, starts_at, kind, now, note=note, held_until=None)


def hold(
    *, house_id: int, person_id: int, boutique: str, starts_at: datetime, kind: str, now: datetime
) -> AppointmentCard:
    """Keep a slot for ten minutes while the client decides; otherwise like `book`."""
    held_until = now + rules.HOLD_LIFETIME
    return _take(house_id, person_id, boutique, starts_at, kind, now, note="", held_until=held_until)


@transaction.atomic
def confirm(*, public_id: str, person_id: int, now: datetime) -> AppointmentCard:
    """Turn the client's own hold into an appointment; raises BookingRefused when it has run out."""
    row = _own(public_id, person_id)
    if row.state == Appointment.State.CONFIRMED:
        return appointment_card(row)
    if row.state != Appointment.State.HELD or row.held_until is None or row.held_until <= now:
        raise BookingRefused(Refusal.HOLD_EXPIRED)
    row.state, row.held_until, row.changed_at = Appointment.State.CONFIRMED, None, now
    row.save(update_fields=["state", "held_until", "changed_at"])
    _publish_booked(row, now)
    return appointment_card(row)


@transaction.atomic
def cancel(*, public_id: str, person_id: int, now: datetime) -> AppointmentCard:
    """Give the client's own time back; cancelling twice is the same as once. Raises BookingRefused."""
    row = _own(public_id, person_id)
    if row.state in (Appointment.State.CANCELLED, Appointment.State.EXPIRED):
        return appointment_card(row)
    if row.state == Appointment.State.ATTENDED or row.starts_at <= now:
        raise BookingRefused(Refusal.TOO_LATE)
    was_confirmed = row.state == Appointment.State.CONFIRMED
    row.state, row.changed_at, row.sequence = Appointment.State.CANCELLED, now, row.sequence + 1
    row.save(update_fields=["state", "changed_at", "sequence"])
    if was_confirmed:
        publish(
            AppointmentCancelled(
                house_id=row.house_id,
                occurred_at=now,
                person_id=row.person_id,
                appointment_id=row.public_id,
                boutique=row.boutique.code,
                district=row.boutique.district,
            )
        )
    return appointment_card(row)


def release_expired(now: datetime) -> int:
    """Free the slots of holds that have run out; for the worker's schedule. Returns how many."""
    return Appointment.objects.filter(state=Appointment.State.HELD, held_until__lte=now).update(
        state=Appointment.State.EXPIRED, changed_at=now
    )


@transaction.atomic
def _take(
    house_id: int,
    person_id: int,
    boutique: str,
    starts_at: datetime,
    kind: str,
    now: datetime,
    *,
    note: str,
    held_until: datetime | None,
) -> AppointmentCard:
    store = boutique_row(house_id, boutique)
    if store is None or not store.open_to_bookings:
        raise BookingRefused(Refusal.UNKNOWN_BOUTIQUE)
    resources = resources_for(store, kind)
    refuse_impossible(store, resources, starts_at, now)
    _refuse_greedy(person_id, starts_at, now)
    for resource in serving_at(store, resources, starts_at):
        row = _seat(store, resource, person_id, starts_at, kind, now, note=note, held_until=held_until)
        if row is not None:
            if held_until is None:
                _publish_booked(row, now)
            return appointment_card(row)
    raise BookingRefused(Refusal.FULL)


def resources_for(store: Boutique, kind: str) -> list[Resource]:
    """What serves this kind, locked in a fixed order: free seats become scarcer below."""
    if kind not in rules.KINDS:
        raise BookingRefused(Refusal.UNKNOWN_KIND)
    rows = Resource.objects.select_for_update().filter(boutique=store).order_by("pk")
    serving = [row for row in rows if kind in row.kinds]
    if not serving:
        raise BookingRefused(Refusal.UNKNOWN_KIND)
    return serving


def refuse_impossible(store: Boutique, resources: list[Resource], starts_at: datetime, now: datetime) -> None:
    """Raise BookingRefused unless a resource begins a slot then, in the future and not too far; for this part."""
    if starts_at.tzinfo is None:
        raise BookingRefused(Refusal.NOT_A_SLOT)
    if starts_at <= now:
        raise BookingRefused(Refusal.PAST)
    if starts_at > now + rules.BOOK_AHEAD_MAX:
        raise BookingRefused(Refusal.TOO_FAR)
    if not serving_at(store, resources, starts_at):
        raise BookingRefused(Refusal.NOT_A_SLOT)


def _refuse_greedy(person_id: int, starts_at: datetime, now: datetime) -> None:
    mine = Appointment.objects.filter(person_id=person_id, state__in=Appointment.ACTIVE, starts_at__gt=now)
    known = set(mine.exclude(state="held", held_until__lte=now).values_list("starts_at", flat=True))
    if starts_at in known:
        raise BookingRefused(Refusal.ALREADY_BOOKED)
    if len(known) >= rules.APPOINTMENTS_OPEN_MAX:
        raise BookingRefused(Refusal.TOO_MANY)


def serving_at(store: Boutique, resources: list[Resource], starts_at: datetime) -> list[Resource]:
    """Those that begin a slot at an instant within the store's hours."""
    day = starts_at.astimezone(ZoneInfo(store.timezone)).date()
    return [
        resource
        for resource in resources
        if starts_at
        in rules.slot_starts(
            store.opening_hours, day, slot_minutes=resource.slot_minutes, timezone=store.timezone
        )
    ]


def seat_at(resource: Resource, starts_at: datetime, now: datetime) -> int | None:
    """A free seat of a resource, holds that ran out cleared away; None when the slot is full."""
    same_time = Appointment.objects.filter(resource=resource, starts_at=starts_at)
    same_time.filter(state=Appointment.State.HELD, held_until__lte=now).update(
        state=Appointment.State.EXPIRED, changed_at=now
    )
    taken = same_time.filter(state__in=Appointment.ACTIVE).values_list("seat", flat=True)
    return rules.free_seat(taken, resource.capacity)


def _seat(
    store: Boutique,
    resource: Resource,
    person_id: int,
    starts_at: datetime,
    kind: str,
    now: datetime,
    *,
    note: str,
    held_until: datetime | None,
) -> Appointment | None:
    """A row in a free seat, or None when the slot is full or somebody was quicker."""
    seat = seat_at(resource, starts_at, now)
    if seat is None:
        return None
    try:
        with transaction.atomic():
            return Appointment.objects.create(
                house_id=store.house_id,
                boutique=store,
                resource=resource,
                person_id=person_id,
                public_id=new_id("appt"),
                kind=kind,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=resource.slot_minutes),
                seat=seat,
                state=Appointment.State.CONFIRMED if held_until is None else Appointment.State.HELD,
                held_until=held_until,
                note=note[:300],
                booked_at=now,
                changed_at=now,
            )
    except IntegrityError:
        return None


def _publish_booked(row: Appointment, now: datetime) -> None:
    store = row.boutique
    publish(
        AppointmentBooked(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            campaign=campaign_of(house_id=row.house_id, person_id=row.person_id),
            appointment_id=row.public_id,
            boutique=store.code,
            district=store.district,
            kind=row.kind,
            starts_at=row.starts_at.astimezone(ZoneInfo(store.timezone)).isoformat(),
        )
    )


def _own(public_id: str, person_id: int) -> Appointment:
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("boutique", "resource")
        .filter(public_id=public_id, person_id=person_id)
        .first()
    )
    if row is None:
        raise BookingRefused(Refusal.UNKNOWN_APPOINTMENT)
    return row
