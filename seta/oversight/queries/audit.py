"""The audit log as a page lists it and as a check walks it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from seta.oversight.models import AuditEvent
from seta.oversight.rules.chain import ChainReport, Entry, verify


@dataclass(frozen=True)
class AuditRow:
    """A line of the audit log."""

    seq: int
    kind: str
    at: datetime
    body: str
    chain: str


def audit_log(house_id: int, *, kind: str = "", limit: int = 100, offset: int = 0) -> list[AuditRow]:
    """Lines of the audit log, newest first."""
    rows = AuditEvent.objects.filter(house_id=house_id).order_by("-seq")
    if kind:
        rows = rows.filter(kind=kind)
    return [AuditRow(row.seq, row.kind, row.at, row.body, row.chain) for row in rows[offset : offset + limit]]


def verify_audit(house_id: int) -> ChainReport:
    """Check a house's whole audit log, line by line."""
    return verify(_entries(house_id))


def _entries(house_id: int) -> Iterator[Entry]:
    rows = AuditEvent.objects.filter(house_id=house_id).order_by("seq")
    for seq, body, leaf, chain in rows.values_list("seq", "body", "leaf", "chain").iterator():
        yield Entry(seq, body, leaf, chain)
