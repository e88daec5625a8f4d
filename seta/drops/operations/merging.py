"""Two people who turn out to be one: one place in a drop, one entry in a draw, one piece."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from seta.drops.models import (
    Credential,
    Entry,
    Invitation,
    Registration,
    Reservation,
    Screening,
    TicketCount,
)
from seta.drops.rules import Hold, Screened, risk
from seta.people.events import PersonsMerged
from seta.people.operations import repoint

_BEST_FIRST = {Hold.PAID: 0, Hold.RESERVED: 1, Hold.WAITING: 2, Hold.EXPIRED: 3}


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """What an absorbed person has in drops becomes the kept one's; of two places in a drop the better stays.

    The other place is given up: a reservation that is not paid ends at once and its piece goes to the next.
    Two paid pieces stay, since both are bought. Before a draw one of two entries is withdrawn; after it both
    stand as they were published, and only one may hold a piece.
    """
    theirs = Reservation.objects.filter(drop__house_id=fact.house_id, person_id=fact.absorbed_id)
    for row in theirs.select_for_update(of=("self",)).order_by("id"):
        _settle(row, fact.kept_id, now)
    _repoint_entries(fact)
    _repoint_screenings(fact)
    pool = Invitation.objects.filter(person_id=fact.kept_id, associate_id=None)
    named = Invitation.objects.filter(person_id=fact.absorbed_id).exclude(associate_id=None)
    pool.filter(drop_id__in=list(named.values_list("drop_id", flat=True))).delete()
    for model in (Registration, Invitation, TicketCount):
        held = model._default_manager.filter(person_id=fact.kept_id).values_list("drop_id", flat=True)
        model._default_manager.filter(person_id=fact.absorbed_id, drop_id__in=list(held)).delete()
        repoint(model, fact)
    known = Credential.objects.filter(person_id=fact.kept_id).values_list("kind", flat=True)
    Credential.objects.filter(person_id=fact.absorbed_id, kind__in=list(known)).delete()
    repoint(Credential, fact)


def _settle(row: Reservation, kept_id: int, now: datetime) -> None:
    own = Reservation.objects.filter(drop_id=row.drop_id, person_id=kept_id).first()
    if own is None:
        row.person_id = kept_id
        row.save(update_fields=["person"])
        return
    better, other = sorted((own, row), key=lambda one: (_BEST_FIRST[Hold(one.state)], one.seq))
    _give_up(other, now)
    if better is row:
        # Past each other by way of nobody: a person has one row a drop.
        absorbed_id = row.person_id
        Reservation.objects.filter(pk=own.pk).delete()
        row.person_id = kept_id
        row.save(update_fields=["person"])
        own.pk, own.person_id = None, absorbed_id
        own.save(force_insert=True)


def _give_up(row: Reservation, now: datetime) -> None:
    """A reservation is left for the sweep to end, which also settles its order; who only waits, waits no more."""
    if row.state == Hold.RESERVED:
        row.expires_at = min(row.expires_at, now)
    elif row.state == Hold.WAITING:
        row.state = Hold.EXPIRED
    row.save(update_fields=["state", "expires_at"])


def _repoint_entries(fact: PersonsMerged) -> None:
    mine = Entry.objects.filter(person_id=fact.kept_id).values_list("drop_id", flat=True)
    doubled = Entry.objects.filter(person_id=fact.absorbed_id, drop_id__in=list(mine))
    doubled.filter(Q(rank=None)).delete()
    Entry.objects.filter(person_id=fact.absorbed_id).exclude(drop_id__in=list(mine)).update(
        person_id=fact.kept_id
    )


def _repoint_screenings(fact: PersonsMerged) -> None:
    """Of two judgements of WeChat's the stricter stays, with its rank."""
    for row in Screening.objects.filter(person_id=fact.absorbed_id).order_by("id"):
        own = Screening.objects.filter(drop_id=row.drop_id, person_id=fact.kept_id).first()
        if own is not None:
            own_state, state = Screened(own.state), Screened(row.state)
            if risk.stricter(own_state, state) == own_state:
                row.delete()
                continue
            own.delete()
        row.person_id = fact.kept_id
        row.save(update_fields=["person"])
