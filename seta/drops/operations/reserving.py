"""Gives out pieces by the batch: one lock, one transaction, order of arrival kept, nobody given two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from seta.drops import rules
from seta.drops.events import DropPieceReserved, PiecesReserved
from seta.drops.models import Drop, Tally, Told
from seta.drops.operations import statements
from seta.drops.operations.statements import Gift, Row, Trip
from seta.drops.rules import Hold, Holding, Kind, Refusal, Standing, State
from seta.drops.rules.tickets import milliseconds
from seta.events.operations import publish_many

BATCH_MAX = 500


class Asker(NamedTuple):
    """Somebody at the gate, as their token says; `issued` is when their ticket was made, 0 without one.

    `issued` is in milliseconds of Unix time.
    """

    house_id: int
    person_id: int
    issued: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """One outcome an asker in the order they came, and how the drop stands after them."""

    outcomes: Sequence[Holding | Refusal]
    standing: Standing | None


def reserve_many(*, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
    """Put a piece aside for each asker in order while there are any, in one transaction.

    The drop's row is locked first, so on PostgreSQL several gates may share a drop; on SQLite the transaction
    is the lock. Whoever holds a piece gets the same answer again. The unique (drop, person) and the check that
    `left` is never negative are the law behind this code.
    """
    assert len(askers) <= BATCH_MAX
    with statements.transaction_of_two_messages() as trip:
        return _reserve(trip, drop_id, askers, now)


def _reserve(trip: Trip, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
    found = statements.look(trip, drop_id, [asker.person_id for asker in askers])
    drop, held = found.drop, found.held
    if drop is None:
        return Batch([Refusal.UNKNOWN_DROP] * len(askers), None)
    if merged := found.absorbed:
        askers = [asker._replace(person_id=merged.get(asker.person_id, asker.person_id)) for asker in askers]
        held = statements.holdings(drop_id, [asker.person_id for asker in askers])
    scene = _scene(drop, held, askers, now)
    winners, from_kept = _chosen(scene, askers, now)
    standing = drop.standing
    if winners:
        scene.keeping |= _keep(trip, drop, winners, from_kept, now)
        standing = replace(standing, left=standing.left - len(winners), kept=standing.kept - len(from_kept))
        scene.refusals = _refusals(standing, askers, now)
    return Batch([_outcome(scene, asker) for asker in askers], standing)


def holders(*, drop_id: int) -> Mapping[int, Holding]:
    """Everybody who holds a piece of the drop, for a gate that answers without asking again."""
    return statements.holders(drop_id)


def standing_of(drop: Drop) -> Standing:
    """What the rules need to know of a drop."""
    return Standing(
        drop.house_id,
        State(drop.state),
        drop.opens_at,
        drop.closes_at,
        drop.left,
        Kind(drop.kind),
        drop.drawn_at is not None,
        drop.needs_ticket,
        drop.kept,
        drop.turns_at,
    )


@dataclass(slots=True)
class _Scene:
    """What one batch has found under the drop's lock."""

    drop: Row
    held: Mapping[int, Holding]
    keeping: dict[int, Holding]
    refusals: Mapping[int, Refusal | None]
    invited: Mapping[int, bool] | None


def _scene(drop: Row, held: Mapping[int, Holding], askers: Sequence[Asker], now: datetime) -> _Scene:
    keeping = {person_id: holding for person_id, holding in held.items() if holding.stands(now)}
    is_invited = drop.standing.kind == Kind.INVITED
    invited = None
    if is_invited:
        invited = statements.invitations(drop.id, [asker.person_id for asker in askers])
    return _Scene(drop, held, keeping, _refusals(drop.standing, askers, now), invited)


def _chosen(scene: _Scene, askers: Sequence[Asker], now: datetime) -> tuple[list[int], list[int]]:
    """Who gets a piece, in order of arrival, and who of them the one that an associate keeps for them."""
    standing = scene.drop.standing
    welcome = [
        asker.person_id
        for asker in askers
        if scene.refusals[asker.house_id] is None and not (standing.needs_ticket and _ticket(scene, asker))
    ]
    known = {person_id for person_id, holding in scene.held.items() if holding.hold != Hold.EXPIRED}
    if scene.invited is None:
        return rules.winners(welcome, holders=known, left=standing.left), []
    return rules.invited_winners(welcome, holders=known, invited=scene.invited, standing=standing, now=now)


def _ticket(scene: _Scene, asker: Asker) -> Refusal | None:
    """Why a ticket does not count: there is none, or it has given its piece before, which then lapsed."""
    refusal = rules.refusal_of_ticket(scene.drop.standing, issued=asker.issued)
    before = scene.held.get(asker.person_id)
    if refusal is not None or before is None or before.hold != Hold.EXPIRED:
        return refusal
    reserved_at = before.expires_at - timedelta(seconds=scene.drop.hold_seconds)
    return Refusal.TICKET_USED if asker.issued <= milliseconds(reserved_at) else None


def _refusals(standing: Standing, askers: Sequence[Asker], now: datetime) -> dict[int, Refusal | None]:
    """Why each house's people are refused; nearly always there is one house, so this is asked once a batch."""
    return {
        house_id: rules.refusal(standing, house_id=house_id, now=now)
        for house_id in {asker.house_id for asker in askers}
    }


def _outcome(scene: _Scene, asker: Asker) -> Holding | Refusal:
    """The answer for one asker; those in the waiting line are served by the sweep, in their turn."""
    standing = scene.drop.standing
    if asker.house_id != standing.house_id:
        return Refusal.UNKNOWN_DROP
    theirs = scene.keeping.get(asker.person_id)
    if theirs is not None:
        return theirs
    before = scene.held.get(asker.person_id)
    if before is not None and before.hold == Hold.RESERVED:
        return Refusal.RESERVATION_EXPIRED
    refusal = scene.refusals[asker.house_id]
    if standing.needs_ticket and refusal in (None, Refusal.SOLD_OUT):
        refusal = _ticket(scene, asker) or refusal
    is_stranger = scene.invited is not None and asker.person_id not in scene.invited
    if is_stranger and refusal in (None, Refusal.SOLD_OUT):
        return Refusal.NOT_INVITED
    return refusal or Refusal.SOLD_OUT


def _keep(
    trip: Trip, drop: Row, winners: Sequence[int], from_kept: Sequence[int], now: datetime
) -> dict[int, Holding]:
    """Write the reservations, take the pieces and tell it: the last statements of the transaction."""
    expires_at = rules.hold_until(now, drop.hold_seconds)
    if from_kept:
        statements.take_kept(drop.id, from_kept, now)
    statements.give(
        trip,
        Gift(drop.id, drop.next_seq, winners, len(from_kept), now, expires_at),
        PiecesReserved(
            house_id=drop.standing.house_id,
            occurred_at=now,
            drop_id=drop.id,
            drop_code=drop.code,
            first_seq=drop.next_seq,
            person_ids=tuple(winners),
            expires_at=expires_at,
        ),
    )
    hold = Hold.RESERVED
    return {
        person_id: Holding(person_id, seq, hold, expires_at)
        for seq, person_id in enumerate(winners, start=drop.next_seq)
    }


@transaction.atomic
def tell_pieces(fact: PiecesReserved, now: datetime) -> None:
    """Tell each piece of a batch as a fact of its own, once, with the instant at which it was given out."""
    _, is_new = Told.objects.get_or_create(drop_id=fact.drop_id, first_seq=fact.first_seq)
    if not is_new:
        return
    publish_many(
        [
            DropPieceReserved(
                house_id=fact.house_id,
                occurred_at=fact.occurred_at,
                person_id=person_id,
                drop_id=fact.drop_id,
                drop_code=fact.drop_code,
                seq=seq,
                expires_at=fact.expires_at,
            )
            for seq, person_id in enumerate(fact.person_ids, start=fact.first_seq)
        ]
    )


@transaction.atomic
def add_tallies(*, drop_id: int, counts: Mapping[str, int]) -> None:
    """Add to the drop's counts of requests and refusals; unknown drops are not counted."""
    if not Drop.objects.filter(pk=drop_id).exists():
        return
    for name in sorted(counts):
        Tally.objects.get_or_create(drop_id=drop_id, name=name)
        Tally.objects.filter(drop_id=drop_id, name=name).update(count=F("count") + counts[name])
