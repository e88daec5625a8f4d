"""The stores' part when a person is forgotten: times are given back before they go."""

from datetime import datetime

from django.db import transaction

from seta.stores.models import Appointment, Visit
from seta.stores.operations.booking import cancel


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Give coming times back and delete appointments and visits; returns how many rows."""
    mine = Appointment.objects.filter(house_id=house_id, person_id=person_id)
    coming = mine.filter(state__in=Appointment.ACTIVE, starts_at__gt=now).exclude(
        state=Appointment.State.ATTENDED
    )
    for public_id in list(coming.values_list("public_id", flat=True)):
        cancel(public_id=public_id, person_id=person_id, now=now)
    visits = Visit.objects.filter(house_id=house_id, person_id=person_id)
    return visits.delete()[0] + mine.delete()[0]
