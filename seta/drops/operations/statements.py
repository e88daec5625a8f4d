"""The statements of the rush, written out: assembling them by the ORM costs a batch as much as running them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from seta.drops.rules import Hold, Holding, Kind, Standing, State


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


def look(drop_id: int, person_ids: Sequence[int]) -> Look:
    """Lock the drop until the transaction ends, and read the rest under the lock; on SQLite the transaction is it.

    PostgreSQL is asked all three in one message, each statement with a snapshot of its own, so that what is read
    after the lock was waited for is what its last holder left.
    """
    locking = " FOR UPDATE" if connection.features.has_select_for_update else ""
    people = _listed(person_ids)
    asked = [
        'SELECT code, house_id, state, opens_at, closes_at, "left", next_seq, hold_seconds,'
        f" kind, drawn_at, needs_ticket, kept, turns_at FROM drops_drop WHERE id = {drop_id:d}{locking}",
        f"SELECT {_holding()} FROM drops_reservation WHERE drop_id = {drop_id:d} AND person_id IN ({people})",
        f"SELECT id, merged_into_id FROM people_person WHERE merged_into_id IS NOT NULL AND id IN ({people})",
    ]
    found, held, absorbed = _answers(asked)
    return Look(_row(drop_id, found[0]) if found else None, _holdings(held), dict(absorbed))


def _answers(asked: Sequence[str]) -> list[list[Any]]:
    """The rows of several questions: in one round trip where the database takes them so."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [cursor.execute(question).fetchall() for question in asked]
        cursor.execute(";".join(asked))
        answers = [cursor.fetchall()]
        while cursor.nextset():
            answers.append(cursor.fetchall())
        return answers


def _listed(numbers: Sequence[int]) -> str:
    """Numbers of our own making, as text: binding a thousand parameters costs more than the statement."""
    return ",".join(map(str, numbers))


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
    people = _listed(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, associate_id IS NOT NULL AND taken_at IS NULL FROM drops_invitation"
            f" WHERE drop_id = %s AND person_id IN ({people})",
            [drop_id],
        )
        return {person_id: bool(is_kept) for person_id, is_kept in cursor.fetchall()}


def take_kept(drop_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Note who has taken the piece that an associate kept for them."""
    adapt = connection.ops.adapt_datetimefield_value
    people = _listed(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE drops_invitation SET taken_at = %s WHERE drop_id = %s AND person_id IN ({people})",
            [adapt(now), drop_id],
        )


def give(
    drop_id: int, places: Sequence[tuple[int, int]], *, kept: int, now: datetime, expires_at: datetime
) -> int:
    """Write (place, person) pairs and take their pieces, `kept` of them from the associates'.

    A row that had expired is taken up again. Returns how many were written; the database refuses to have less
    than no piece left.
    """
    adapt = connection.ops.adapt_datetimefield_value
    people = ",".join(f"({person_id:d},{seq:d})" for seq, person_id in places)
    # `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON.
    writing = (
        "INSERT INTO drops_reservation (drop_id, person_id, seq, state, reserved_at, expires_at)"
        f" SELECT {drop_id:d}, column1, column2, 'reserved', %s, %s FROM (VALUES {people}) AS winner WHERE true"
        " ON CONFLICT (drop_id, person_id) DO UPDATE SET seq = excluded.seq, state = excluded.state,"
        " reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, order_id = NULL"
        " WHERE drops_reservation.state = 'expired'"
    )
    pieces = len(places)
    taking = (
        f'UPDATE drops_drop SET "left" = "left" - {pieces:d}, next_seq = next_seq + {pieces:d},'
        f" kept = kept - {kept:d} WHERE id = {drop_id:d}"
    )
    instants = [adapt(now), adapt(expires_at)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"WITH given AS ({writing} RETURNING 1), taken AS ({taking}) SELECT count(*) FROM given",
                instants,
            )
            (told,) = cursor.fetchall()
            return int(told[0])
        cursor.execute(writing, instants)
        written: int = cursor.rowcount
        cursor.execute(taking)
    return written


def holdings(drop_id: int, person_ids: Sequence[int]) -> dict[int, Holding]:
    """What these people have of the drop."""
    return _read(f"drop_id = {drop_id:d} AND person_id IN ({_listed(person_ids)})")


def holders(drop_id: int) -> dict[int, Holding]:
    """Everybody who holds a piece of the drop; there may be thousands."""
    return _read(f"drop_id = {drop_id:d} AND state IN ('reserved', 'paid')")


def _read(condition: str) -> dict[int, Holding]:
    (rows,) = _answers([f"SELECT {_holding()} FROM drops_reservation WHERE {condition}"])
    return _holdings(rows)


def _holding() -> str:
    """The columns of a holding. As text on SQLite: the driver's own reading of an instant takes longer than the
    row, and few are distinct."""
    instant = "expires_at || ''" if connection.vendor == "sqlite" else "expires_at"
    return f"person_id, seq, state, {instant}"


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
