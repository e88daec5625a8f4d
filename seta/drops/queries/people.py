"""What a person has in a drop and what they may hope for; whom the house has asked to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from seta.drops.models import Allocation, Entry, Invitation, Lapse, Registration, Reservation
from seta.drops.rules import Hold

MEASURED = timedelta(minutes=30)
MEASURED_LAPSES_MIN = 3
"""Fewer lapses than this in half an hour are no rate to promise anything by."""


@dataclass(frozen=True)
class EntryCard:
    """A person's entry: the code to look for in the published order, and its rank once drawn."""

    code: str
    at: datetime
    rank: int | None


@dataclass(frozen=True)
class Mine:
    """What a person has said and been given before a place in the line."""

    entry: EntryCard | None
    registered_at: datetime | None
    is_invited: bool
    has_kept_piece: bool


@dataclass(frozen=True)
class Prospect:
    """What somebody in line may honestly expect.

    `may_return` pieces are reserved and not paid yet: with more people ahead there is no chance. Nothing can come
    before `not_before`; `expected_at` goes by how often reservations have lapsed in the last half hour, and is
    empty where too few have lapsed to tell.
    """

    ahead: int
    may_return: int
    not_before: datetime | None
    expected_at: datetime | None

    @property
    def has_chance(self) -> bool:
        """Whether a piece could still reach this place."""
        return self.ahead < self.may_return


@dataclass(frozen=True)
class AllocationRow:
    """What an associate has to give: `named` of `pieces` have a client, who has taken `taken` of them."""

    associate_id: int
    pieces: int
    named: int
    taken: int


@dataclass(frozen=True)
class InvitationRow:
    """Somebody who is invited, by an associate or to the pool for `reason`."""

    person_id: int
    associate_id: int | None
    reason: str
    at: datetime
    taken_at: datetime | None


def mine(*, drop_id: int, person_id: int) -> Mine:
    """What the person has in the drop beside a place in line."""
    entry = Entry.objects.filter(drop_id=drop_id, person_id=person_id).first()
    registration = Registration.objects.filter(drop_id=drop_id, person_id=person_id).first()
    invitation = Invitation.objects.filter(drop_id=drop_id, person_id=person_id).first()
    return Mine(
        entry=EntryCard(entry.code, entry.at, entry.rank) if entry else None,
        registered_at=registration.at if registration else None,
        is_invited=invitation is not None,
        has_kept_piece=invitation is not None
        and invitation.associate_id is not None
        and invitation.taken_at is None,
    )


def prospect(*, drop_id: int, person_id: int, now: datetime) -> Prospect | None:
    """What somebody who waits in line may expect; None for who does not wait."""
    row = Reservation.objects.filter(drop_id=drop_id, person_id=person_id, state=Hold.WAITING).first()
    if row is None:
        return None
    others = Reservation.objects.filter(drop_id=drop_id)
    ahead = others.filter(state=Hold.WAITING, seq__lt=row.seq).count()
    unpaid = others.filter(state=Hold.RESERVED)
    ends = unpaid.order_by("expires_at", "seq").values_list("expires_at", flat=True)[ahead : ahead + 1]
    not_before = next(iter(ends), None)
    lapses = Lapse.objects.filter(drop_id=drop_id, at__gt=now - MEASURED, at__lte=now).count()
    expected = None
    if not_before is not None and lapses >= MEASURED_LAPSES_MIN:
        expected = max(not_before, now + MEASURED / lapses * (ahead + 1))
    return Prospect(ahead, unpaid.count(), not_before, expected)


def allocations(*, drop_id: int) -> Sequence[AllocationRow]:
    """What each associate has to give in an invited drop."""
    groups = (
        Invitation.objects.filter(drop_id=drop_id)
        .exclude(associate_id=None)
        .values("associate_id")
        .annotate(named=Count("pk"), taken=Count("pk", filter=Q(taken_at__isnull=False)))
    )
    used = {group["associate_id"]: (group["named"], group["taken"]) for group in groups}
    rows = Allocation.objects.filter(drop_id=drop_id).order_by("associate_id")
    return [AllocationRow(row.associate_id, row.pieces, *used.get(row.associate_id, (0, 0))) for row in rows]


def invitations(
    *, drop_id: int, associate_id: int | None = None, limit: int = 500
) -> Sequence[InvitationRow]:
    """Who is invited, the newest first; of one associate where one is given."""
    rows = Invitation.objects.filter(drop_id=drop_id).order_by("-at", "-id")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    return [
        InvitationRow(row.person_id, row.associate_id, row.reason, row.at, row.taken_at)
        for row in rows[:limit]
    ]
