"""The only way to write the audit log: at its end."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from seta.oversight import rows
from seta.oversight.models import AuditEvent
from seta.oversight.rules import chain

# Any number will do, as long as nobody else locks by it: "ovst" in ASCII.
_ADVISORY_CLASS = 0x6F767374


@transaction.atomic
def append_audit(*, house_id: int, kind: str, details: Mapping[str, Any], now: datetime) -> None:
    """Add one line; `details` are plain values, never the words of a message or a person's name."""
    append_audit_many(house_id=house_id, kind=kind, details=[details], now=now)


@transaction.atomic
def append_audit_many(
    *, house_id: int, kind: str, details: Sequence[Mapping[str, Any]], now: datetime
) -> Sequence[int]:
    """Add several lines of one kind with one statement; the house's log is locked until the transaction ends.

    Returns the numbers of the lines.
    """
    return append_written(house_id=house_id, kind=kind, details=list(map(chain.canonical, details)), now=now)


@transaction.atomic
def append_written(*, house_id: int, kind: str, details: Sequence[str], now: datetime) -> Sequence[int]:
    """`append_audit_many` of details that are canonical JSON already."""
    assert len(kind) <= 40 and now.tzinfo is not None
    if not details:
        return ()
    at, told = now.astimezone(UTC).isoformat(), chain.quoted(kind)
    bodies = (f'{{"at":"{at}","details":{each},"house":{house_id:d},"kind":{told}}}' for each in details)
    stored_at = rows.instant(now)
    last = locked_end(house_id)
    rows.insert(
        AuditEvent,
        ("house_id", "kind", "at", "seq", "body", "leaf", "chain"),
        [(house_id, kind, stored_at, *line) for line in chain.lines(last, bodies)],
    )
    first = last.seq + 1 if last else 1
    return range(first, first + len(details))


def locked_end(house_id: int) -> chain.Entry | None:
    """The last line of the house's log, locked: two writers must not both follow the same line.

    SQLite's IMMEDIATE transactions have one writer already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ADVISORY_CLASS, house_id])
    row = AuditEvent.objects.filter(house_id=house_id).order_by("-seq").first()
    return chain.Entry(row.seq, row.body, row.leaf, row.chain) if row else None
