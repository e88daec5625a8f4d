"""What payments does when two people turn out to be one."""

from datetime import datetime

from django.db import transaction

from seta.payments.models import Intent
from seta.people.events import PersonsMerged


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the kept person what the absorbed one has paid."""
    Intent.objects.filter(house_id=fact.house_id, person_id=fact.absorbed_id).update(person_id=fact.kept_id)
