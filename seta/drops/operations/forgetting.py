"""The drops' part when a person is forgotten: places and draws stay as proof that a release was fair."""

from datetime import datetime

from django.db import transaction

from seta.drops.models import Credential, Invitation, Registration, Screening, TicketCount


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete what let the person in, and whose risk rank was asked; returns how many rows.

    Reservations and entries of a draw stay under the person's number, or nobody could check the draw again.
    """
    mine = {"person_id": person_id}
    rows = [
        Credential.objects.filter(house_id=house_id, **mine),
        *(each.objects.filter(drop__house_id=house_id, **mine) for each in (Registration, TicketCount)),
        Invitation.objects.filter(drop__house_id=house_id, **mine),
    ]
    screened = Screening.objects.filter(drop__house_id=house_id, **mine).update(person=None)
    return screened + sum(each.delete()[0] for each in rows)
