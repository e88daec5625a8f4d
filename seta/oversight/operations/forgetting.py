"""Oversight's part when a person is forgotten: their keys, unless a legal hold keeps what they said."""

from datetime import datetime

from django.db import transaction

from seta.oversight.models import BodyKey
from seta.oversight.operations.people import destroy_bodies
from seta.oversight.operations.retention import holds_on_person


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> bool:
    """Destroy the person's keys; False while a legal hold keeps them. Twice is the same as once."""
    if not BodyKey.objects.filter(house_id=house_id, person_id=person_id, destroyed_at=None).exists():
        return True
    if holds_on_person(house_id, person_id):
        return False
    destroy_bodies(house_id=house_id, person_id=person_id, now=now)
    return True
