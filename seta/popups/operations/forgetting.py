"""The pop-ups' part when a person is forgotten: figures stay, without whose they are."""

from datetime import datetime

from django.db import transaction

from seta.popups.models import PopupOrder, PopupVisit


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Part visits and orders from the person; returns how many rows."""
    mine = {"popup__house_id": house_id, "person_id": person_id}
    return sum(each.objects.filter(**mine).update(person_id=None) for each in (PopupVisit, PopupOrder))
