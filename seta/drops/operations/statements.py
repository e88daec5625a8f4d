"""The statements of the rush, written out: assembling them by the ORM costs a batch as much as running them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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


def lock(drop_id: int) -> Row | None:
    """The drop, locked until the transaction ends; on SQLite the transaction is the lock."""
    locking = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT code, house_id, state, opens_at, closes_at, "left", next_seq, hold_seconds,'
            " kind, drawn_at, needs_ticket, kept, turns_at"
            f" FROM drops_drop WHERE id = %s{locking}",
            [drop_id],
        )
        found = cursor.fetchone()
    if found is None:
        return None
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


def take(drop_id: int, pieces: int, *, kept: int = 0) -> None:
    """Take pieces and their places, `kept` of them from the associates'; the database refuses to go below zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE drops_drop SET "left" = "left" - %s, next_seq = next_seq + %s, kept = kept - %s'
            " WHERE id = %s",
            [pieces, pieces, kept, drop_id],
        )


def absorbed(person_ids: Sequence[int]) -> dict[int, int]:
    """Who of these people turned out to be another, and whom: a session's token may be older than that."""
    people = ",".join(map(str, person_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, merged_into_id FROM people_person"
            f" WHERE merged_into_id IS NOT NULL AND id IN ({people})"
        )
        return dict(cursor.fetchall())


def invitations(drop_id: int, person_ids: Sequence[int]) -> dict[int, bool]:
    """Who of these people is invited, and whether an associate's piece is kept for them still."""
    people = ",".join(map(str, person_ids))
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
    people = ",".join(map(str, person_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE drops_invitation SET taken_at = %s WHERE drop_id = %s AND person_id IN ({people})",
            [adapt(now), drop_id],
        )


def reserve(drop_id: int, places: Sequence[tuple[int, int]], now: datetime, expires_at: datetime) -> int:
    """Write (place, person) pairs; a row that had expired is taken up again. Returns how many were written."""
    adapt = connection.ops.adapt_datetimefield_value
    # Numbers of our own making go into the text: binding a thousand parameters costs more than the insert.
    people = ",".join(f"({person_id:d},{seq:d})" for seq, person_id in places)
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


def holdings(drop_id: int, person_ids: Sequence[int]) -> dict[int, Holding]:
    """What these people have of the drop."""
    people = ",".join(map(str, person_ids))
    return _read(f"drop_id = %s AND person_id IN ({people})", drop_id)


def holders(drop_id: int) -> dict[int, Holding]:
    """Everybody who holds a piece of the drop; there may be thousands."""
    return _read("drop_id = %s AND state IN ('reserved', 'paid')", drop_id)


def _read(condition: str, drop_id: int) -> dict[int, Holding]:
    # As text on SQLite: the driver's own reading of an instant takes longer than the row, and few are distinct.
    instant = "expires_at || ''" if connection.vendor == "sqlite" else "expires_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, seq, state, {instant} FROM drops_reservation WHERE {condition}", [drop_id]
        )
        rows = cursor.fetchall()
    known = {stored: _instant(stored) for stored in {row[3] for row in rows}}
    return {
        person_id: Holding(person_id, seq, _HOLDS[state], known[expires_at])
        for person_id, seq, state, expires_at in rows
    }


def _instant(stored: datetime | str) -> datetime:
    """SQLite keeps no time zone: what was written there is UTC."""
    found = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return found if found.tzinfo else found.replace(tzinfo=UTC)
