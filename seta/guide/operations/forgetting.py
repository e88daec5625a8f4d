"""The guide's part when a person is forgotten."""

from datetime import datetime

from seta.guide.models import Plan


def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete the person's plans; returns how many rows."""
    return Plan.objects.filter(house_id=house_id, person_id=person_id).delete()[0]
