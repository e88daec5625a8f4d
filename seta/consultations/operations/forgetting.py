"""Consultations' part when a person is forgotten: coming calls are given back, recordings are deleted."""

from datetime import datetime

from django.db import transaction

from seta.consultations import rules
from seta.consultations.models import Consultation, Recording
from seta.consultations.operations.booking import give_back
from seta.consultations.operations.recording import delete_recording, is_held


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete the person's consultations with their recordings; returns how many rows.

    What was recorded stays while a legal hold keeps it, and so does a call under way until it has ended.
    """
    deleted = 0
    rows = Consultation.objects.select_for_update().filter(house_id=house_id, person_id=person_id)
    for row in rows.exclude(state=Consultation.State.UNDER_WAY).order_by("id"):
        kept = list(row.recordings.filter(state=Recording.State.KEPT).order_by("id"))
        if any(is_held(made) for made in kept):
            continue
        if row.state == Consultation.State.BOOKED:
            give_back(row, rules.CLIENT, now)
        for made in kept:
            delete_recording(made, "erased", now)
        deleted += row.delete()[0]
    return deleted
