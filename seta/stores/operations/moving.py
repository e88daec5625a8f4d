"""Gives an appointment another time in one step: the new place is taken and the old one freed, or neither."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from seta.boutique.operations.postponing import postpone_fittings
from seta.conversations.queries import campaign_of
from seta.events.operations import publish
from seta.stores.events import AppointmentMoved
from seta.stores.models import Appointment, Resource
from seta.stores.operations.booking import (
    BookingRefused,
    refuse_impossible,
    resources_for,
    seat_at,
    serving_at,
)
from seta.stores.queries import AppointmentCard, appointment_card
from seta.stores.rules import Refusal


@transaction.atomic
def move(
    *,
    house_id: int,
    public_id: str,
    starts_at: datetime,
    now: datetime,
    person_id: int | None = None,
    associate_id: int | None = None,
) -> AppointmentCard:
    """Move a confirmed appointment within its boutique, by its client (`person_id`) or, without, by the store.

    The rules of booking hold; pieces kept for the visit wait for the new time. Moving to where it is changes nothing.
    Raises BookingRefused: UNKNOWN_APPOINTMENT, NOT_BOOKED, TOO_LATE, NOT_A_SLOT, PAST, TOO_FAR, ALREADY_BOOKED, FULL.
    """
    owner = {} if person_id is None else {"person_id": person_id}
    rows = Appointment.objects.select_related("boutique").filter(
        house_id=house_id, public_id=public_id, **owner
    )
    found = rows.first()
    if found is None:
        raise BookingRefused(Refusal.UNKNOWN_APPOINTMENT)
    # Bookings lock the resources before any appointment; here too, or two at once could wait for each other.
    resources = resources_for(found.boutique, found.kind)
    row = rows.select_for_update(of=("self",)).get()
    _refuse_ended(row, now)
    if row.starts_at == starts_at:
        return appointment_card(row)
    if not row.boutique.open_to_bookings:
        raise BookingRefused(Refusal.UNKNOWN_BOUTIQUE)
    refuse_impossible(row.boutique, resources, starts_at, now)
    was_at = row.starts_at
    if not any(_take(row, one, starts_at, now) for one in serving_at(row.boutique, resources, starts_at)):
        raise BookingRefused(Refusal.FULL)
    row.refresh_from_db()
    postpone_fittings(house_id=house_id, appointment=public_id, wanted_at=starts_at, now=now)
    _publish_moved(row, was_at, "store" if person_id is None else "client", associate_id, now)
    return appointment_card(row)


def _refuse_ended(row: Appointment, now: datetime) -> None:
    if row.state == Appointment.State.ATTENDED:
        raise BookingRefused(Refusal.TOO_LATE)
    if row.state != Appointment.State.CONFIRMED:
        raise BookingRefused(Refusal.NOT_BOOKED)
    if row.starts_at <= now:
        raise BookingRefused(Refusal.TOO_LATE)


def _take(row: Appointment, resource: Resource, starts_at: datetime, now: datetime) -> bool:
    """Whether the row now sits in a free seat; no when the slot is full or somebody was quicker."""
    mine = Appointment.objects.filter(
        person_id=row.person_id, starts_at=starts_at, state__in=Appointment.ACTIVE
    )
    if mine.exclude(state=Appointment.State.HELD, held_until__lte=now).exists():
        raise BookingRefused(Refusal.ALREADY_BOOKED)
    seat = seat_at(resource, starts_at, now)
    if seat is None:
        return False
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk=row.pk).update(
                resource=resource,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=resource.slot_minutes),
                seat=seat,
                sequence=row.sequence + 1,
                changed_at=now,
            )
    except IntegrityError:
        return False
    return True


def _publish_moved(
    row: Appointment, was_at: datetime, by: str, associate_id: int | None, now: datetime
) -> None:
    zone = ZoneInfo(row.boutique.timezone)
    publish(
        AppointmentMoved(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            campaign=campaign_of(house_id=row.house_id, person_id=row.person_id),
            associate_id=associate_id,
            appointment_id=row.public_id,
            boutique=row.boutique.code,
            district=row.boutique.district,
            kind=row.kind,
            starts_at=row.starts_at.astimezone(zone).isoformat(),
            was_at=was_at.astimezone(zone).isoformat(),
            sequence=row.sequence,
            by=by,
        )
    )
