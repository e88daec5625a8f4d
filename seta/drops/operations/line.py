"""The line of a drop: who waits, whose time is over, and who gets the piece that came free."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.boutique import queries as boutique
from seta.boutique.operations import cancel_order
from seta.boutique.rules import HAS_BEEN_PAID
from seta.boutique.rules import State as OrderState
from seta.drops import rules
from seta.drops.events import DropPieceReserved, PieceOffered
from seta.drops.models import Drop, Lapse, Reservation
from seta.drops.operations.places import give_back, locked_drop
from seta.drops.operations.reserving import standing_of
from seta.drops.operations.screening import check_screened
from seta.drops.operations.tickets import check_conditions
from seta.drops.rules import DropRefused, Hold, Holding, Refusal, State
from seta.events.operations import publish_many


@transaction.atomic
def join_line(*, house_id: int, drop_id: int, person_id: int, now: datetime) -> int:
    """Wait for a piece of a sold-out drop; returns the place in line, the same when asked again.

    Raises DropRefused: STILL_LEFT when there is a piece to reserve at the gate, why the drop is not open, and
    what `check_conditions` and `check_screened` say.
    """
    drop = locked_drop(drop_id)
    standing = standing_of(drop)
    refusal = rules.refusal(standing, house_id=house_id, now=now)
    if refusal is None and rules.free(standing, now=now) < 1:
        refusal = Refusal.SOLD_OUT
    if refusal != Refusal.SOLD_OUT:
        raise DropRefused(refusal or Refusal.STILL_LEFT)
    row = Reservation.objects.filter(drop=drop, person_id=person_id).first()
    if row is not None and row.state != Hold.EXPIRED:
        return row.seq
    check_conditions(drop, person_id, now)
    check_screened(drop, person_id)
    row = row or Reservation(drop=drop, person_id=person_id)
    row.seq, row.state, row.order_id = drop.next_seq, Hold.WAITING, None
    row.reserved_at, row.expires_at = now, drop.closes_at
    row.save()
    drop.next_seq += 1
    drop.save(update_fields=["next_seq"])
    return row.seq


def lapse(now: datetime) -> int:
    """End the reservations whose time is over and hand their pieces on; returns how many ended.

    For the worker, every second: each drop in its own transaction, under its lock.
    """
    due = Reservation.objects.filter(state=Hold.RESERVED, expires_at__lte=now)
    drop_ids = list(due.order_by("drop_id").values_list("drop_id", flat=True).distinct())
    return sum(_lapse_drop(drop_id, now) for drop_id in drop_ids)


@transaction.atomic
def _lapse_drop(drop_id: int, now: datetime) -> int:
    drop = locked_drop(drop_id)
    due = Reservation.objects.select_for_update(of=("self",)).filter(
        drop=drop, state=Hold.RESERVED, expires_at__lte=now
    )
    ended = [row for row in due.order_by("seq")[:500] if _ends(row, now)]
    Reservation.objects.filter(pk__in=[row.pk for row in ended]).update(state=Hold.EXPIRED)
    is_over = drop.state == State.CLOSED
    if is_over:
        for row in ended:
            give_back(drop, seq=row.seq, now=now)
        followers: Sequence[Reservation] = []
    else:
        drop.left += len(ended)
        followers = serve_line(drop, now=now)
    drop.save(update_fields=["left", "returned"])
    _remember(drop, ended, followers, "online" if is_over else "sale", now)
    return len(ended)


def _remember(
    drop: Drop, ended: Sequence[Reservation], followers: Sequence[Reservation], else_went: str, now: datetime
) -> None:
    """Keep where each piece went, for the report."""
    heirs = [row.seq for row in followers[: len(ended)]]
    Lapse.objects.bulk_create(
        Lapse(
            drop=drop,
            seq=row.seq,
            reserved_at=row.reserved_at,
            at=now,
            went="next" if place < len(heirs) else else_went,
            next_seq=heirs[place] if place < len(heirs) else None,
        )
        for place, row in enumerate(ended)
    )


def _ends(row: Reservation, now: datetime) -> bool:
    """Whether the reservation is over; its unpaid order is cancelled, a paid one keeps the piece."""
    if row.order_id is None:
        return True
    state = boutique.order_state(row.order_id)
    if state in HAS_BEEN_PAID:
        return False
    if state == OrderState.PLACED:
        cancel_order(order_id=row.order_id, now=now)
    return True


def serve_line(drop: Drop, *, now: datetime) -> Sequence[Reservation]:
    """Give the pieces left to those who have waited longest, while the drop is open; the drop must be locked.

    Takes them from `drop.left`, which the caller saves. Returns the reservations made, in line order.
    """
    if drop.state != State.OPEN or now >= drop.closes_at:
        return []
    there = rules.free(standing_of(drop), now=now)
    if there < 1:
        return []
    rows = {row.seq: row for row in drop.reservations.filter(state=Hold.WAITING).order_by("seq")[:there]}
    line = [Holding(row.person_id, row.seq, Hold(row.state), row.expires_at) for row in rows.values()]
    following = [rows[one.seq] for one in rules.next_in_line(line, freed=there)]
    for row in following:
        row.state, row.reserved_at = Hold.RESERVED, now
        row.expires_at = rules.hold_until(now, drop.hold_seconds)
    Reservation.objects.filter(pk__in=[row.pk for row in following]).update(
        state=Hold.RESERVED, reserved_at=now, expires_at=rules.hold_until(now, drop.hold_seconds)
    )
    drop.left -= len(following)
    publish_many([_reserved(drop, row, now) for row in following])
    publish_many([_offered(drop, row, now) for row in following])
    return following


def _reserved(drop: Drop, row: Reservation, now: datetime) -> DropPieceReserved:
    return DropPieceReserved(
        house_id=drop.house_id,
        occurred_at=now,
        person_id=row.person_id,
        drop_id=drop.pk,
        drop_code=drop.code,
        seq=row.seq,
        expires_at=row.expires_at,
    )


def _offered(drop: Drop, row: Reservation, now: datetime) -> PieceOffered:
    return PieceOffered(
        house_id=drop.house_id,
        occurred_at=now,
        person_id=row.person_id,
        drop_id=drop.pk,
        seq=row.seq,
        expires_at=row.expires_at,
    )
