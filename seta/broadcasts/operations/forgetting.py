"""Broadcasts' part when a person is forgotten, and when two turn out to be one."""

from datetime import datetime

from django.db import transaction

from seta.broadcasts.models import Recipient
from seta.people.events import PersonsMerged
from seta.people.operations import repoint


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete in which broadcasts they were; returns how many rows. The counts of what was sent stay."""
    return Recipient.objects.filter(batch__broadcast__house_id=house_id, person_id=person_id).delete()[0]


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the kept person what the absorbed one received; in one batch they are one."""
    kept = Recipient.objects.filter(person_id=fact.kept_id).values_list("batch_id", flat=True)
    Recipient.objects.filter(person_id=fact.absorbed_id, batch_id__in=list(kept)).delete()
    repoint(Recipient, fact)
