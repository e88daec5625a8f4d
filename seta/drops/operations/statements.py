"""The statements of the rush, written out: assembling them by the ORM costs a batch as much as running them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from seta.drops.rules import Hold, Holding, Kind, Standing, State
from seta.events.events import Fact
from seta.events.operations import publish, statement_of


@dataclass(frozen=True, slots=True)
class Row:
    """A drop under its lock."""

    id: int
    code: str
    standing: Standing
    next_seq: int
    hold_seconds: int


_HOLDS = {str(hold): hold for hold in Hold}


@dataclass(frozen=True, slots=True)
class Look:
    """A drop under its lock, what these people have of it, and who of them turned out to be another, and whom.

    A session's token may be older than the day on which two people were found to be one.
    """

    drop: Row | None
    held: dict[int, Holding]
    absorbed: dict[int, int]


@dataclass(slots=True)
class Trip:
    """A transaction under way: what its first message begins with and its last one ends with."""

    beginning: str = ""
    end: str = ""


@contextmanager
def transaction_of_two_messages() -> Iterator[Trip]:
    """A transaction; PostgreSQL is told to begin in the first message and to commit in the last.

    Each message that is waited for costs the writer's thread two changes of hands with the thread that answers, so
    that a batch's four statements and the two of its transaction go as two messages. Within another transaction,
    and on SQLite, it is an ordinary one.
    """
    is_ours = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic():
        if is_ours:
            # Otherwise the driver sends a BEGIN of its own and waits for it.
            connection.connection.autocommit = True
        yield Trip("BEGIN", "COMMIT") if is_ours else Trip()


def look(trip: Trip, drop_id: int, person_ids: Sequence[int]) -> Look:
    """Lock the drop until the transaction ends, and read the rest under the lock; on SQLite the transaction is it.

    PostgreSQL is asked all three in one message, each statement with a snapshot of its own, so that what is read
    after the lock was waited for is what its last holder left.
    """
    locking = " FOR UPDATE" if connection.features.has_select_for_update else ""
    asked = [
        'SELECT code, house_id, state, opens_at, closes_at, "left", next_seq, hold_seconds,'
        f" kind, drawn_at, needs_ticket, kept, turns_at FROM drops_drop WHERE id = {drop_id:d}{locking}",
        _each(_HOLDING, f"drops_reservation WHERE drop_id = {drop_id:d} AND person_id", person_ids),
        _each("id, merged_into_id", "people_person WHERE merged_into_id IS NOT NULL AND id", person_ids),
    ]
    found, held, absorbed = _answers(asked, trip.beginning)
    return Look(_row(drop_id, found[0]) if found else None, _holdings(held), dict(absorbed))


def _answers(asked: Sequence[str], beginning: str = "") -> list[list[Any]]:
    """The rows of several questions: in one round trip where the database takes them so."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [cursor.execute(question).fetchall() for question in asked]
        cursor.execute(";".join([beginning, *asked] if beginning else asked))
        if beginning:
            cursor.nextset()
        answers = [cursor.fetchall()]
        while cursor.nextset():
            answers.append(cursor.fetchall())
        return answers


def _among(numbers: Sequence[int]) -> str:
    """A condition on numbers of our own making, as text: binding a thousand parameters costs more than the
    statement, and to PostgreSQL one array is one value."""
    listed = ",".join(map(str, numbers))
    return f"= ANY('{{{listed}}}'::bigint[])" if connection.vendor == "postgresql" else f"IN ({listed})"


def _each(columns: str, condition: str, numbers: Sequence[int]) -> str:
    """Rows that are looked up one by one, since `condition` ends with a column by which there is one of each.

    PostgreSQL knows nothing yet of a table that a rush fills, and would read all of a drop, or of the people, to pick
    a batch's from it; only what it may not flatten into a join is sure to go by the index.
    """
    if connection.vendor != "postgresql":
        return f"SELECT {columns} FROM {condition} {_among(numbers)}"
    listed = ",".join(map(str, numbers))
    return (
        f"SELECT found.* FROM unnest('{{{listed}}}'::bigint[]) AS asked(number),"
        f" LATERAL (SELECT {columns} FROM {condition} = asked.number OFFSET 0) AS found"
    )


def _row(drop_id: int, found: Sequence[Any]) -> Row:
    code, house_id, state, opens_at, closes_at, left, next_seq, hold_seconds, kind, drawn_at, *more = found
    needs_ticket, kept, turns_at = more
    standing = Standing(
        house_id,
        State(state),
        _instant(opens_at),
        _instant(closes_at),
        left,
        Kind(kind),
        drawn_at is not None,
        bool(needs_ticket),
        kept,
        _instant(turns_at) if turns_at is not None else None,
    )
    return Row(drop_id, code, standing, next_seq, hold_seconds)


def invitations(drop_id: int, person_ids: Sequence[int]) -> dict[int, bool]:
    """Who of these people is invited, and whether an associate's piece is kept for them still."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, associate_id IS NOT NULL AND taken_at IS NULL FROM drops_invitation"
            f" WHERE drop_id = %s AND person_id {_among(person_ids)}",
            [drop_id],
        )
        return {person_id: bool(is_kept) for person_id, is_kept in cursor.fetchall()}


def take_kept(drop_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Note who has taken the piece that an associate kept for them."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE drops_invitation SET taken_at = %s WHERE drop_id = %s AND person_id {_among(person_ids)}",
            [adapt(now), drop_id],
        )


@dataclass(frozen=True, slots=True)
class Gift:
    """Pieces for people, in the order of their places from `first_seq` on, `kept` of them from the associates'."""

    drop_id: int
    first_seq: int
    person_ids: Sequence[int]
    kept: int
    given_at: datetime
    expires_at: datetime


def give(trip: Trip, gift: Gift, fact: Fact) -> None:
    """Write places, take their pieces and tell it; the database refuses to have less than no piece left.

    A row that had expired is taken up again; one that is held makes the whole fail. PostgreSQL is sent all of it in
    one message, with the end of the transaction.
    """
    if connection.vendor != "postgresql":
        _give_in_turn(gift)
        publish(fact)
        return
    giving, instants = _giving(gift)
    telling, values = statement_of(fact)
    end = [trip.end] if trip.end else []
    with connection.cursor() as cursor:
        cursor.execute(";".join([giving, telling, *end]), [*instants, *values])


_PLACES = "INSERT INTO drops_reservation (drop_id, person_id, seq, state, reserved_at, expires_at)"
_TAKING_UP = (
    " ON CONFLICT (drop_id, person_id) DO UPDATE SET seq = excluded.seq, state = excluded.state,"
    " reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, order_id = NULL"
    " WHERE drops_reservation.state = 'expired'"
)


def _giving(gift: Gift) -> tuple[str, list[Any]]:
    """One statement of PostgreSQL. A place too few makes the pieces left -1, which the drop's own check refuses."""
    adapt = connection.ops.adapt_datetimefield_value
    people, pieces = ",".join(map(str, gift.person_ids)), len(gift.person_ids)
    statement = (
        f"WITH given AS ({_PLACES}"
        f" SELECT {gift.drop_id:d}, person, {gift.first_seq:d} - 1 + place, 'reserved', %s, %s"
        f" FROM unnest('{{{people}}}'::bigint[]) WITH ORDINALITY AS winner(person, place){_TAKING_UP} RETURNING 1)"
        f' UPDATE drops_drop SET "left" = CASE WHEN (SELECT count(*) FROM given) = {pieces:d}'
        f' THEN "left" - {pieces:d} ELSE -1 END, next_seq = next_seq + {pieces:d}, kept = kept - {gift.kept:d}'
        f" WHERE id = {gift.drop_id:d}"
    )
    return statement, [adapt(gift.given_at), adapt(gift.expires_at)]


def _give_in_turn(gift: Gift) -> None:
    """The same as two statements; raises AssertionError for a place too few."""
    adapt = connection.ops.adapt_datetimefield_value
    pieces = len(gift.person_ids)
    places = ",".join(f"({one:d},{seq:d})" for seq, one in enumerate(gift.person_ids, start=gift.first_seq))
    with connection.cursor() as cursor:
        # `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON.
        cursor.execute(
            f"{_PLACES} SELECT {gift.drop_id:d}, column1, column2, 'reserved', %s, %s"
            f" FROM (VALUES {places}) AS winner WHERE true{_TAKING_UP}",
            [adapt(gift.given_at), adapt(gift.expires_at)],
        )
        assert cursor.rowcount == pieces, f"{cursor.rowcount} written for {pieces} winners"
        cursor.execute(
            f'UPDATE drops_drop SET "left" = "left" - {pieces:d}, next_seq = next_seq + {pieces:d},'
            f" kept = kept - {gift.kept:d} WHERE id = {gift.drop_id:d}"
        )


def holdings(drop_id: int, person_ids: Sequence[int]) -> dict[int, Holding]:
    """What these people have of the drop."""
    return _read(f"drop_id = {drop_id:d} AND person_id {_among(person_ids)}")


def holders(drop_id: int) -> dict[int, Holding]:
    """Everybody who holds a piece of the drop; there may be thousands."""
    return _read(f"drop_id = {drop_id:d} AND state IN ('reserved', 'paid')")


def _read(condition: str) -> dict[int, Holding]:
    (rows,) = _answers([f"SELECT {_HOLDING} FROM drops_reservation WHERE {condition}"])
    return _holdings(rows)


# The instant as text: a driver's own reading of one takes longer than the row, and few are distinct.
_HOLDING = "person_id, seq, state, CAST(expires_at AS text)"


def _holdings(rows: Sequence[Any]) -> dict[int, Holding]:
    known = {stored: _instant(stored) for stored in {row[3] for row in rows}}
    return {
        person_id: Holding(person_id, seq, _HOLDS[state], known[expires_at])
        for person_id, seq, state, expires_at in rows
    }


def _instant(stored: datetime | str) -> datetime:
    """SQLite keeps no time zone: what was written there is UTC."""
    found = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return found if found.tzinfo else found.replace(tzinfo=UTC)
