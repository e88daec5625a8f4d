"""Gives out pieces by the batch: one lock, one transaction, order of arrival kept, nobody given two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import F

from seta.drops import rules
from seta.drops.events import DropPieceReserved, PiecesReserved
from seta.drops.models import Drop, Reservation, Tally, Told
from seta.drops.rules import Hold, Holding, Refusal, Standing, State
from seta.events.operations import publish, publish_many

BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody at the gate, as their token says."""

    house_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One outcome an asker in the order they came, and how the drop stands after them.

    `holders` is everybody who holds a piece, given when none is left; None otherwise.
    """

    outcomes: Sequence[Holding | Refusal]
    standing: Standing | None
    holders: Mapping[int, Holding] | None


@transaction.atomic
def reserve_many(*, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
    """Put a piece aside for each asker in order while there are any, in one transaction.

    The drop's row is locked first, so on PostgreSQL several gates may share a drop; on SQLite the transaction
    is the lock. Whoever holds a piece gets the same answer again. The unique (drop, person) and the check that
    `left` is never negative are the law behind this code.
    """
    assert len(askers) <= BATCH_MAX
    drop = Drop.objects.select_for_update(of=("self",)).filter(pk=drop_id).first()
    if drop is None:
        return Batch([Refusal.UNKNOWN_DROP] * len(askers), None, None)
    held = _holdings(drop_id, [asker.person_id for asker in askers])
    keeping = {person_id: holding for person_id, holding in held.items() if holding.stands(now)}
    refusals = _refusals(standing_of(drop), askers, now)
    welcome = [asker.person_id for asker in askers if refusals[asker.house_id] is None]
    known = {person_id for person_id, holding in held.items() if holding.hold != Hold.EXPIRED}
    winners = rules.winners(welcome, holders=known, left=drop.left)
    if winners:
        keeping |= _keep(drop, winners, now)
    standing = standing_of(drop)
    refusals = _refusals(standing, askers, now)
    outcomes = [_outcome(drop.house_id, asker, keeping, held, refusals) for asker in askers]
    return Batch(outcomes, standing, None if standing.left else holders(drop_id))


def standing_of(drop: Drop) -> Standing:
    """What the rules need to know of a drop."""
    return Standing(drop.house_id, State(drop.state), drop.opens_at, drop.closes_at, drop.left)


def _refusals(standing: Standing, askers: Sequence[Asker], now: datetime) -> dict[int, Refusal | None]:
    """Why each house's people are refused; nearly always there is one house, so this is asked once a batch."""
    return {
        house_id: rules.refusal(standing, house_id=house_id, now=now)
        for house_id in {asker.house_id for asker in askers}
    }


def _outcome(
    house_id: int,
    asker: Asker,
    keeping: Mapping[int, Holding],
    held: Mapping[int, Holding],
    refusals: Mapping[int, Refusal | None],
) -> Holding | Refusal:
    """The answer for one asker; those in the waiting line are served by the sweep, in their turn."""
    if asker.house_id != house_id:
        return Refusal.UNKNOWN_DROP
    theirs = keeping.get(asker.person_id)
    if theirs is not None:
        return theirs
    before = held.get(asker.person_id)
    if before is not None and before.hold == Hold.RESERVED:
        return Refusal.RESERVATION_EXPIRED
    return refusals[asker.house_id] or Refusal.SOLD_OUT


def _holdings(drop_id: int, person_ids: Sequence[int]) -> dict[int, Holding]:
    """What these people have of the drop."""
    # Numbers of our own making go into the text: binding hundreds of parameters costs more than the search.
    people = ",".join(map(str, person_ids))
    return _read_holdings(f"drop_id = %s AND person_id IN ({people})", drop_id)


def holders(drop_id: int) -> dict[int, Holding]:
    """Everybody who holds a piece of the drop."""
    return _read_holdings("drop_id = %s AND state IN ('reserved', 'paid')", drop_id)


def _read_holdings(condition: str, drop_id: int) -> dict[int, Holding]:
    """Read past the ORM: a sold-out drop has thousands of rows, and a batch must not wait for their assembly."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, seq, state, expires_at FROM {Reservation._meta.db_table} WHERE {condition}",
            [drop_id],
        )
        rows = cursor.fetchall()
    return {
        person_id: Holding(person_id, seq, _HOLDS[state], _instant(expires_at))
        for person_id, seq, state, expires_at in rows
    }


_HOLDS = {str(hold): hold for hold in Hold}


def _instant(stored: datetime) -> datetime:
    """SQLite keeps no time zone: what was written there is UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def _keep(drop: Drop, winners: Sequence[int], now: datetime) -> dict[int, Holding]:
    """Write the reservations and take the pieces; raises AssertionError rather than give one too many."""
    first = drop.next_seq
    expires_at = rules.hold_until(now, drop.hold_seconds)
    written = _insert(drop.pk, winners, first, now, expires_at)
    assert written == len(winners), f"{written} written for {len(winners)} winners"
    drop.left -= written
    drop.next_seq += written
    drop.save(update_fields=["left", "next_seq"])
    publish(
        PiecesReserved(
            house_id=drop.house_id,
            occurred_at=now,
            drop_id=drop.pk,
            drop_code=drop.code,
            first_seq=first,
            person_ids=tuple(winners),
            expires_at=expires_at,
        )
    )
    hold = Hold.RESERVED
    return {
        person_id: Holding(person_id, seq, hold, expires_at)
        for seq, person_id in enumerate(winners, start=first)
    }


def _insert(drop_id: int, winners: Sequence[int], first: int, now: datetime, expires_at: datetime) -> int:
    """One statement for all; a row that had expired is taken up again with a new place. Returns rows written."""
    adapt = connection.ops.adapt_datetimefield_value
    # Numbers of our own making go into the text: binding a thousand parameters costs more than the insert.
    people = ",".join(f"({person_id:d},{seq:d})" for seq, person_id in enumerate(winners, start=first))
    with connection.cursor() as cursor:
        # `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON.
        cursor.execute(
            "INSERT INTO drops_reservation (drop_id, person_id, seq, state, reserved_at, expires_at)"
            f" SELECT %s, column1, column2, 'reserved', %s, %s FROM (VALUES {people}) AS winner WHERE true"
            " ON CONFLICT (drop_id, person_id) DO UPDATE SET seq = excluded.seq, state = excluded.state,"
            " reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, order_id = NULL"
            " WHERE drops_reservation.state = 'expired'",
            [drop_id, adapt(now), adapt(expires_at)],
        )
        written: int = cursor.rowcount
    return written


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
