"""Who is asked to come: associates give pieces out of an allocation, marketing invites to the pool."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.drops.models import Allocation, Drop, Invitation
from seta.drops.operations.places import locked_drop, note
from seta.drops.rules import DropRefused, Kind, Refusal, State


@transaction.atomic
def allocate(
    *, house_id: int, drop_id: int, associate_id: int, pieces: int, user_id: int | None = None, now: datetime
) -> None:
    """Let an associate give this many pieces to clients, instead of as many as before.

    Once the drop is open only pieces that nobody holds and nobody else keeps can be given. Raises DropRefused:
    UNKNOWN_DROP, NOT_BY_INVITATION, WRONG_STATE after the turn, WRONG_ALLOCATION.
    """
    drop = _locked_invited(house_id, drop_id)
    _check_before_turn(drop, now)
    row = Allocation.objects.filter(drop=drop, associate_id=associate_id).first()
    before = row.pieces if row is not None else 0
    named = Invitation.objects.filter(drop=drop, associate_id=associate_id).count()
    others = sum(drop.allocations.exclude(associate_id=associate_id).values_list("pieces", flat=True))
    room = drop.pieces - others if drop.state == State.DRAFT else drop.left - drop.kept + before
    if not named <= pieces <= room:
        raise DropRefused(Refusal.WRONG_ALLOCATION, str(pieces))
    Allocation.objects.update_or_create(drop=drop, associate_id=associate_id, defaults={"pieces": pieces})
    if drop.state != State.DRAFT:
        drop.kept += pieces - before
        drop.save(update_fields=["kept"])
    note(drop, "allocate", user_id, now, f"{associate_id}: {pieces}")


@transaction.atomic
def name_client(
    *,
    house_id: int,
    drop_id: int,
    associate_id: int,
    person_id: int,
    user_id: int | None = None,
    now: datetime,
) -> None:
    """Give a client one of the associate's pieces; it is kept for them until the drop's turn.

    Naming the same client again changes nothing; one who was invited to the pool gets the piece. Raises
    DropRefused: UNKNOWN_DROP, NOT_BY_INVITATION, WRONG_STATE, ALLOCATION_SPENT.
    """
    drop = _locked_invited(house_id, drop_id)
    _check_before_turn(drop, now)
    found = Invitation.objects.filter(drop=drop, person_id=person_id).first()
    if found is not None and found.associate_id is not None:
        return
    row = Allocation.objects.filter(drop=drop, associate_id=associate_id).first()
    named = Invitation.objects.filter(drop=drop, associate_id=associate_id).count()
    if row is None or named >= row.pieces:
        raise DropRefused(Refusal.ALLOCATION_SPENT)
    found = found or Invitation(drop=drop, person_id=person_id)
    found.associate_id, found.at, found.reason = associate_id, now, ""
    found.save()
    note(drop, "name", user_id, now, str(person_id))


@transaction.atomic
def invite(
    *,
    house_id: int,
    drop_id: int,
    person_ids: Sequence[int],
    reason: str,
    user_id: int | None = None,
    now: datetime,
) -> int:
    """Invite people to the pool, such as everybody with a tag of the client book; returns how many are new.

    Raises DropRefused: UNKNOWN_DROP, NOT_BY_INVITATION, WRONG_STATE when the drop has ended.
    """
    drop = _locked_invited(house_id, drop_id)
    wanted = sorted(set(person_ids))
    known = set(
        Invitation.objects.filter(drop=drop, person_id__in=wanted).values_list("person_id", flat=True)
    )
    fresh = [person_id for person_id in wanted if person_id not in known]
    Invitation.objects.bulk_create(
        Invitation(drop=drop, person_id=person_id, reason=reason[:60], at=now) for person_id in fresh
    )
    note(drop, "invite", user_id, now, f"{reason[:60]}: {len(fresh)}")
    return len(fresh)


@transaction.atomic
def uninvite(
    *, house_id: int, drop_id: int, person_id: int, user_id: int | None = None, now: datetime
) -> None:
    """Take back an invitation that has not been used; an associate may then name another client.

    Raises DropRefused: UNKNOWN_DROP, NOT_BY_INVITATION, NOT_INVITED, PIECE_TAKEN.
    """
    drop = _locked_invited(house_id, drop_id)
    found = Invitation.objects.filter(drop=drop, person_id=person_id).first()
    if found is None:
        raise DropRefused(Refusal.NOT_INVITED)
    if found.taken_at is not None or drop.reservations.filter(person_id=person_id).exists():
        raise DropRefused(Refusal.PIECE_TAKEN)
    found.delete()
    note(drop, "uninvite", user_id, now, str(person_id))


def _locked_invited(house_id: int, drop_id: int) -> Drop:
    drop = locked_drop(drop_id, house_id=house_id)
    if drop.kind != Kind.INVITED:
        raise DropRefused(Refusal.NOT_BY_INVITATION)
    if drop.state == State.CLOSED:
        raise DropRefused(Refusal.WRONG_STATE, drop.state)
    return drop


def _check_before_turn(drop: Drop, now: datetime) -> None:
    assert drop.turns_at is not None
    if now >= drop.turns_at:
        raise DropRefused(Refusal.WRONG_STATE, "what was not given is in the pool")
