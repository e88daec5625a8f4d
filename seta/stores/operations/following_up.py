"""After a booking: the client's notice, and one client instead of two."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seta.conversations.operations import notify
from seta.people.events import PersonsMerged
from seta.people.operations import repoint
from seta.stores.events import AppointmentBooked, AppointmentMoved
from seta.stores.models import Appointment, Visit
from seta.stores.rules import notice_data


def send_confirmation(fact: AppointmentBooked, now: datetime) -> None:
    """Tell the client by subscribe message that the time is theirs; once, however often it is called."""
    _tell_time(fact.appointment_id, f"appointment:{fact.appointment_id}", now)


def send_change(fact: AppointmentMoved, now: datetime) -> None:
    """Tell the client the new time, whoever moved it; once a change, and not when it was moved again since."""
    key = f"appointment:{fact.appointment_id}:{fact.sequence}"
    _tell_time(fact.appointment_id, key, now, moved=fact.sequence)


def _tell_time(public_id: str, key: str, now: datetime, moved: int | None = None) -> None:
    row = Appointment.objects.select_related("boutique").filter(public_id=public_id).first()
    if row is None or row.state != Appointment.State.CONFIRMED or moved not in (None, row.sequence):
        return
    local = row.starts_at.astimezone(ZoneInfo(row.boutique.timezone))
    notify(
        house_id=row.house_id,
        person_id=row.person_id,
        template="appointment",
        data=notice_data(store=row.boutique.name_zh, starts=local, kind=row.kind, is_moved=moved is not None),
        page="pages/appointment/appointment",
        now=now,
        key=key,
    )


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give appointments and visits of the absorbed person to the kept one; what would double is given up."""
    kept_times = Appointment.objects.filter(person_id=fact.kept_id, state__in=Appointment.ACTIVE).values_list(
        "starts_at", flat=True
    )
    Appointment.objects.filter(
        person_id=fact.absorbed_id, state__in=Appointment.ACTIVE, starts_at__in=list(kept_times)
    ).update(state=Appointment.State.CANCELLED, changed_at=now)
    repoint(Appointment, fact)
    for visit in Visit.objects.filter(person_id=fact.absorbed_id):
        doubled = Visit.objects.filter(
            person_id=fact.kept_id, boutique_id=visit.boutique_id, on_day=visit.on_day
        ).exists()
        if doubled:
            visit.delete()
    repoint(Visit, fact)
