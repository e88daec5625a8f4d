"""What the evidence page shows: heads, witnesses, exports, holds, rules, disposals, and how a check is going."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from seta.oversight import signing
from seta.oversight.models import (
    ArchivedMessage,
    AuditEvent,
    DisposalCertificate,
    DisposalRun,
    ExportRequest,
    LegalHold,
    LogCheck,
    RetentionRule,
    TreeHead,
    Witness,
    WitnessedLog,
    WitnessSignature,
)
from seta.oversight.rules import heads
from seta.oversight.rules.heads import SignedHead

CONVERSATIONS_MAX = 200


@dataclass(frozen=True)
class HeadRow:
    """A signed head; `paper` is what its printed code holds."""

    size: int
    root: str
    at: datetime
    key: str
    paper: str
    witnesses: tuple[str, ...]


@dataclass(frozen=True)
class LogState:
    """How the log stands: its lines, those under a signed head, and its name in the world."""

    origin: str
    lines: int
    signed_lines: int
    last: HeadRow | None
    keys: tuple[str, ...]
    first_key: str


@dataclass(frozen=True)
class WitnessRow:
    """Somebody else who keeps our heads; `size` is the longest log they signed for."""

    id: int
    name: str
    kind: str
    address: str
    size: int
    seen_at: datetime | None
    problem: str


@dataclass(frozen=True)
class CheckRow:
    """A check of the log; `share` from 0 to 1."""

    id: int
    total: int
    checked: int
    asked_at: datetime
    finished_at: datetime | None
    fault: str

    @property
    def share(self) -> float:
        """How much is done."""
        return self.checked / self.total if self.total else 1.0


@dataclass(frozen=True)
class ExportRow:
    """A request for evidence."""

    id: int
    scope: str
    value: str
    since: datetime | None
    until: datetime | None
    purpose: str
    reason: str
    state: str
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    size_bytes: int
    sha256: str
    messages: int
    problem: str


@dataclass(frozen=True)
class HoldRow:
    """A legal hold in force."""

    id: int
    name: str
    reason: str
    person_id: int | None
    conversation: str
    placed_by: int
    placed_at: datetime


@dataclass(frozen=True)
class RuleRow:
    """How many days bodies of a kind are kept; an empty kind is every other one."""

    kind: str
    days: int


@dataclass(frozen=True)
class DisposalRow:
    """A run that destroys what is past its age; `certificate` is empty until it is done."""

    id: int
    state: str
    expected: int
    held: int
    disposed: int
    keys_destroyed: int
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    done_at: datetime | None
    certificate: str


def log_state(house_id: int) -> LogState:
    """The log in numbers, with its newest head."""
    keys = signing.public_keys(house_id)
    newest = head_rows(house_id, limit=1)
    return LogState(
        origin=signing.origin(house_id),
        lines=AuditEvent.objects.filter(house_id=house_id).aggregate(last=Max("seq"))["last"] or 0,
        signed_lines=newest[0].size if newest else 0,
        last=newest[0] if newest else None,
        keys=tuple(key.id for key in keys),
        first_key=keys[0].public if keys else "",
    )


def head_rows(house_id: int, *, limit: int = 20) -> list[HeadRow]:
    """Signed heads, newest first, with who witnessed each."""
    rows = list(TreeHead.objects.filter(house_id=house_id).order_by("-size")[:limit])
    seen: dict[int, list[str]] = {}
    sizes = [row.size for row in rows]
    for size, witness in WitnessSignature.objects.filter(house_id=house_id, size__in=sizes).values_list(
        "size", "witness"
    ):
        seen.setdefault(size, []).append(witness)
    return [_head_row(row, seen.get(row.size, ())) for row in rows]


def _head_row(row: TreeHead, witnesses: Sequence[str]) -> HeadRow:
    head = heads.read_head_text(row.body)
    paper = heads.paper(SignedHead(head, row.signature))
    return HeadRow(row.size, head.root, row.at, head.key, paper, tuple(witnesses))


def head_at(house_id: int, size: int) -> HeadRow | None:
    """One signed head, for its printed code."""
    row = TreeHead.objects.filter(house_id=house_id, size=size).first()
    return _head_row(row, ()) if row else None


def heads_told(house_id: int) -> dict[str, Any]:
    """Keys and the latest heads as a command prints them."""
    keys = [{"id": key.id, "public": key.public, "since": key.since} for key in signing.public_keys(house_id)]
    rows = [
        {"size": row.size, "root": row.root, "at": row.at, "witnesses": row.witnesses, "paper": row.paper}
        for row in head_rows(house_id)
    ]
    return {"origin": signing.origin(house_id), "keys": keys, "heads": rows}


def paper_fault(house_id: int, text: str) -> str:
    """What is wrong with a printed head beside our log; empty when it is ours and the log still knows it."""
    try:
        printed = heads.read_paper(text)
    except heads.Unreadable as problem:
        return str(problem)
    keys, _ = heads.trusted(signing.public_keys(house_id), signing.origin(house_id))
    key = keys.get(printed.head.key)
    if printed.head.origin != signing.origin(house_id) or key is None or not printed.holds(key.public):
        return "no key of this house signed it"
    row = TreeHead.objects.filter(house_id=house_id, size=printed.head.size).first()
    if row is None or heads.read_head_text(row.body).root != printed.head.root:
        return "the log no longer knows this head: it was rewritten"
    return ""


def witnesses(house_id: int) -> list[WitnessRow]:
    """Who keeps our heads."""
    rows = Witness.objects.filter(house_id=house_id).order_by("id")
    return [
        WitnessRow(row.pk, row.name, row.kind, row.address, row.size, row.seen_at, row.problem)
        for row in rows
    ]


def witnessed_logs() -> list[str]:
    """The logs of others that this server witnesses, by name."""
    return list(WitnessedLog.objects.order_by("origin").values_list("origin", flat=True))


def last_check(house_id: int) -> CheckRow | None:
    """The newest check of the log."""
    row = LogCheck.objects.filter(house_id=house_id).order_by("-id").first()
    return CheckRow(row.pk, row.total, row.checked, row.asked_at, row.finished_at, row.fault) if row else None


def exports(house_id: int, *, limit: int = 50) -> list[ExportRow]:
    """Requests for evidence, newest first."""
    return [
        _export_row(row) for row in ExportRequest.objects.filter(house_id=house_id).order_by("-id")[:limit]
    ]


def _export_row(row: ExportRequest) -> ExportRow:
    return ExportRow(
        id=row.pk,
        scope=row.scope,
        value=row.value,
        since=row.since,
        until=row.until,
        purpose=row.purpose,
        reason=row.reason,
        state=row.state,
        asked_by=row.asked_by_id,
        asked_at=row.asked_at,
        decided_by=row.decided_by_id,
        decided_at=row.decided_at,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        messages=row.messages,
        problem=row.problem,
    )


def holds(house_id: int) -> list[HoldRow]:
    """Legal holds in force, newest first."""
    rows = LegalHold.objects.filter(house_id=house_id, released_at=None).order_by("-id")
    return [
        HoldRow(
            row.pk, row.name, row.reason, row.person_id, row.conversation, row.placed_by_id, row.placed_at
        )
        for row in rows
    ]


def retention_rules(house_id: int) -> list[RuleRow]:
    """How long bodies are kept, by kind."""
    rows = RetentionRule.objects.filter(house_id=house_id).order_by("kind")
    return [RuleRow(row.kind, row.days) for row in rows]


def disposals(house_id: int, *, limit: int = 20) -> list[DisposalRow]:
    """Runs, newest first, with their certificates."""
    rows = list(DisposalRun.objects.filter(house_id=house_id).order_by("-id")[:limit])
    signed = DisposalCertificate.objects.filter(house_id=house_id, run_id__in=[row.pk for row in rows])
    bodies: Mapping[int, str] = {each.run_id: each.signature for each in signed}
    return [
        DisposalRow(
            id=row.pk,
            state=row.state,
            expected=row.expected,
            held=row.held,
            disposed=row.disposed,
            keys_destroyed=row.keys_destroyed,
            asked_by=row.asked_by_id,
            asked_at=row.asked_at,
            decided_by=row.decided_by_id,
            done_at=row.done_at,
            certificate=bodies.get(row.pk, ""),
        )
        for row in rows
    ]


def certificate(house_id: int, run_id: int) -> dict[str, str] | None:
    """A run's certificate as it was signed, with the key that signed it."""
    row = DisposalCertificate.objects.filter(house_id=house_id, run_id=run_id).first()
    if row is None:
        return None
    public = next((key.public for key in signing.public_keys(house_id) if key.id == row.key), "")
    return {"certificate": row.body, "signature": row.signature, "public": public}


def exportable_conversations(house_id: int) -> list[str]:
    """Names of conversations that can be exported, latest first."""
    rows = ArchivedMessage.objects.filter(house_id=house_id, log_line__isnull=False)
    grouped = rows.values("conversation").annotate(last=Max("sent_at")).order_by("-last")
    return [row["conversation"] for row in grouped[:CONVERSATIONS_MAX]]
