"""Hand out evidence: one member asks and says why, another approves, the worker makes a bundle anyone can check."""

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.houses.queries import member_of
from seta.oversight import bodies, signing
from seta.oversight.events import ExportApproved
from seta.oversight.models import (
    Alert,
    ArchivedMessage,
    ArchiveMedia,
    AuditEvent,
    ExportRequest,
    TreeHead,
    WitnessSignature,
)
from seta.oversight.operations.archive.media import told_of
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.exported_media import Exported
from seta.oversight.operations.heads import sign_head
from seta.oversight.rules import bundle, bundle_index, container, heads, merkle
from seta.oversight.rules.archive import clean
from seta.oversight.rules.chain import canonical
from seta.oversight.rules.heads import Cosignature, SignedHead
from seta.oversight.rules.retention import BUNDLE_DAYS, REASON_CHARS_MAX, EvidenceRefused, Refusal
from seta.oversight.rules.review import REVIEWERS, purpose_of
from seta.oversight.tree import StoredTree

RECENT_HEADS = 16
WITNESSED_HEADS_MAX = 400
ROWS_A_READ = 500


@dataclass(frozen=True)
class BundleFile:
    """A bundle to be handed out."""

    path: Path
    name: str


def authorise(house_id: int, user_id: int, what: str, now: datetime) -> None:
    """Let supervisors and admins of the house pass; anybody else is refused and the try is logged."""
    member = member_of(user_id)
    if member is not None and member.house_id == house_id and member.role in REVIEWERS:
        return
    append_audit(house_id=house_id, kind="access.refused", details={"user": user_id, "what": what}, now=now)
    raise EvidenceRefused(Refusal.NOT_ALLOWED)


def reason_of(text: str) -> str:
    """A reason as it is kept; raises EvidenceRefused."""
    said = clean(text).strip()
    if not 1 <= len(said) <= REASON_CHARS_MAX:
        raise EvidenceRefused(Refusal.NO_REASON)
    return said


def ask_export(
    *,
    house_id: int,
    user_id: int,
    scope: str,
    value: str,
    since: datetime | None,
    until: datetime | None,
    purpose: str,
    reason: str,
    now: datetime,
) -> int:
    """Ask for a bundle; returns the request's id. Raises EvidenceRefused, and Refused without a purpose."""
    why = purpose_of(purpose)
    authorise(house_id, user_id, "export", now)
    said = reason_of(reason)
    if since is not None and until is not None and until <= since:
        raise EvidenceRefused(Refusal.BAD_PERIOD)
    request = ExportRequest(
        house_id=house_id, scope=scope, value=value[:200], since=since, until=until, purpose=why.value
    )
    if scope not in ExportRequest.Scope.values:
        raise EvidenceRefused(Refusal.BAD_SCOPE)
    if scope != ExportRequest.Scope.LOG and not _selected(request).exists():
        raise EvidenceRefused(Refusal.NOTHING)
    with transaction.atomic():
        request.reason, request.asked_by_id, request.asked_at = said, user_id, now
        request.save()
        details = {"export": request.pk, "user": user_id, "scope": scope, "purpose": why.value}
        append_audit(house_id=house_id, kind="evidence.asked", details=details, now=now)
    return request.pk


def approve_export(*, house_id: int, user_id: int, export_id: int, now: datetime) -> None:
    """Let a colleague's export be made; raises EvidenceRefused, above all for one's own request."""
    authorise(house_id, user_id, f"export {export_id}", now)
    with transaction.atomic():
        request = _undecided(house_id, export_id)
        if request.asked_by_id == user_id:
            raise EvidenceRefused(Refusal.OWN_REQUEST)
        _decide(request, ExportRequest.State.APPROVED, user_id, now)
        publish(ExportApproved(house_id=house_id, occurred_at=now, export_id=export_id))


def decline_export(*, house_id: int, user_id: int, export_id: int, now: datetime) -> None:
    """Turn a colleague's request down, or take one's own back; raises EvidenceRefused."""
    authorise(house_id, user_id, f"export {export_id}", now)
    with transaction.atomic():
        request = _undecided(house_id, export_id)
        own = request.asked_by_id == user_id
        _decide(request, ExportRequest.State.DECLINED, None if own else user_id, now)


def _undecided(house_id: int, export_id: int) -> ExportRequest:
    request = ExportRequest.objects.select_for_update().filter(pk=export_id, house_id=house_id).first()
    if request is None:
        raise EvidenceRefused(Refusal.UNKNOWN)
    if request.state != ExportRequest.State.ASKED:
        raise EvidenceRefused(Refusal.DECIDED)
    return request


def _decide(request: ExportRequest, state: str, user_id: int | None, now: datetime) -> None:
    request.state, request.decided_by_id, request.decided_at = state, user_id, now
    request.save(update_fields=["state", "decided_by_id", "decided_at"])
    details = {"export": request.pk, "user": user_id or request.asked_by_id}
    append_audit(house_id=request.house_id, kind=f"evidence.{state}", details=details, now=now)


def on_export_approved(fact: ExportApproved, now: datetime) -> None:
    """Make an approved bundle; one that is made already is left alone."""
    request = ExportRequest.objects.filter(pk=fact.export_id, state=ExportRequest.State.APPROVED).first()
    if request is not None:
        make_bundle(export_id=request.pk, now=now)


def make_bundle(*, export_id: int, now: datetime) -> Path:
    """Write an approved export's file, signed and readable by its owner only; returns where it is.

    A selection that is too large is marked as failed with the reason and raises container.TooLarge.
    """
    request = ExportRequest.objects.get(pk=export_id)
    folder = folder_of_bundles()
    name = f"evidence-{request.pk}-{secrets.token_hex(8)}.zip"
    path = folder / name
    made = _Made(set(), {bundle.OPEN: 0, bundle.ERASED: 0, bundle.DISPOSED: 0})
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as out:
            _write(out, request, made, now)
    except container.TooLarge as problem:
        path.unlink(missing_ok=True)
        ExportRequest.objects.filter(pk=request.pk).update(
            state=ExportRequest.State.FAILED, problem=str(problem)[:300]
        )
        raise
    with transaction.atomic():
        request.state, request.made_at, request.file = ExportRequest.State.READY, now, name
        request.sha256, request.size_bytes = _sha256(path), path.stat().st_size
        request.messages, request.persons = sum(made.counts.values()), sorted(made.persons)
        request.save()
        details = {"export": request.pk, "sha256": request.sha256, "messages": request.messages}
        append_audit(house_id=request.house_id, kind="evidence.made", details=details, now=now)
    return path


def take_bundle(*, house_id: int, user_id: int, export_id: int, now: datetime) -> BundleFile:
    """The bundle for download, which is logged; raises EvidenceRefused."""
    authorise(house_id, user_id, f"export {export_id}", now)
    request = ExportRequest.objects.filter(pk=export_id, house_id=house_id).first()
    if request is None:
        raise EvidenceRefused(Refusal.UNKNOWN)
    path = folder_of_bundles() / request.file
    if request.state != ExportRequest.State.READY or not path.is_file():
        raise EvidenceRefused(Refusal.NOT_READY)
    details = {"export": export_id, "user": user_id, "sha256": request.sha256}
    append_audit(house_id=house_id, kind="evidence.taken", details=details, now=now)
    code = houses.house(house_id).code
    return BundleFile(path, f"evidence-{code}-{export_id}.zip")


def forget_old_bundles(now: datetime) -> int:
    """Delete bundles that were made a week ago: they hold open words; returns how many."""
    old = ExportRequest.objects.filter(
        state=ExportRequest.State.READY, made_at__lt=now - timedelta(days=BUNDLE_DAYS)
    )
    return sum(forget_bundle(request) for request in old)


def forget_bundle(request: ExportRequest) -> bool:
    """Delete a bundle's file; the request, its digest and the log's lines stay."""
    (folder_of_bundles() / request.file).unlink(missing_ok=True)
    return bool(ExportRequest.objects.filter(pk=request.pk).update(state=ExportRequest.State.GONE, file=""))


def folder_of_bundles() -> Path:
    """Where bundles lie, for nobody but the server's own user."""
    folder: Path = settings.VAR_DIR / "evidence"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@dataclass
class _Made:
    persons: set[int]
    counts: dict[str, int]
    files: int = 0
    files_missing: int = 0


def _selected(request: ExportRequest) -> QuerySet[ArchivedMessage]:
    """The messages that a request is about, in the log's order; none for a scope that means nothing."""
    rows = ArchivedMessage.objects.filter(house_id=request.house_id, log_line__isnull=False)
    number = int(request.value) if request.value.isascii() and request.value.isdigit() else 0
    if request.scope == ExportRequest.Scope.CONVERSATION:
        rows = rows.filter(ArchivedMessage.in_conversations([request.value]))
    elif request.scope == ExportRequest.Scope.PERSON:
        rows = rows.filter(person_id=number)
    elif request.scope == ExportRequest.Scope.ALERT:
        about = Alert.objects.filter(house_id=request.house_id, pk=number)
        rows = rows.filter(
            ArchivedMessage.in_conversations(about.values_list("message__conversation", flat=True))
        )
    else:
        return rows.none()
    if request.since is not None:
        rows = rows.filter(sent_at__gte=request.since)
    if request.until is not None:
        rows = rows.filter(sent_at__lt=request.until)
    return rows.order_by("log_line")


def _write(out: BinaryIO, request: ExportRequest, made: _Made, now: datetime) -> None:
    signed = sign_head(house_id=request.house_id, now=now)
    assert signed is not None, "asking and approving are lines of the log already"
    tree, files = StoredTree(request.house_id), []
    writer = container.Writer(out)

    def put(name: str, chunks: Any) -> None:
        size, digest = writer.add(name, chunks)
        files.append({"name": name, "bytes": size, "sha256": digest})

    known = _heads(request.house_id, signed)
    put(bundle.KEYS, [bundle.keys_file(signing.public_keys(request.house_id)).encode()])
    put(bundle.HEADS, [bundle.heads_file(known).encode()])
    sizes = [each.head.size for each, _ in known]
    proofs = [(old, new, merkle.consistency(old, new, tree)) for old, new in pairwise(sizes)]
    put(bundle.CONSISTENCY, [bundle.consistency_file(proofs).encode()])
    if request.scope == ExportRequest.Scope.LOG:
        put(bundle.LOG, (body.encode() + b"\n" for body in _log(request.house_id, signed, "body")))
        put(bundle.LEAVES, (bytes.fromhex(leaf) for leaf in _log(request.house_id, signed, "leaf")))
    else:
        exported = Exported(signed.head.size, tree)
        put(bundle.MESSAGES, _message_lines(request, signed, exported, made))
        for name, contents in exported.contents():
            put(name, contents)
        made.files, made.files_missing = len(exported.files), exported.missing
    facts = _facts(request, signed)
    for language in bundle_index.LANGUAGES:
        put(f"index.{language}.html", bundle_index.page(_told(facts), _told_rows(request, signed), language))
    counts = (
        {"lines": signed.head.size}
        if request.scope == ExportRequest.Scope.LOG
        else {
            "messages": sum(made.counts.values()),
            **made.counts,
            "files": made.files,
            "files_missing": made.files_missing,
        }
    )
    key = signing.live_key(request.house_id, now)
    manifest = canonical(
        {**facts, "format": bundle.FORMAT, "key": heads.key_id(key.public), "counts": counts, "files": files}
    )
    writer.add(bundle.MANIFEST, [manifest.encode()])
    writer.add(bundle.SIGNATURE, [bytes.fromhex(signing.sign(key, heads.MANIFEST, manifest))])
    writer.done()


def _facts(request: ExportRequest, signed: SignedHead) -> dict[str, Any]:
    names = {member.user_id: member.name for member in houses.members(request.house_id)}
    period = {
        "since": request.since.astimezone(UTC).isoformat() if request.since else "",
        "until": request.until.astimezone(UTC).isoformat() if request.until else "",
    }
    return {
        "house": houses.house(request.house_id).name,
        "origin": signed.head.origin,
        "export": request.pk,
        "scope": {"kind": request.scope, "value": request.value, **period},
        "purpose": request.purpose,
        "reason": request.reason,
        "asked_by": names.get(request.asked_by_id, ""),
        "approved_by": names.get(request.decided_by_id or 0, ""),
        "made_at": signed.head.at,
        "head": {"size": signed.head.size, "root": signed.head.root},
    }


def _told(facts: Mapping[str, Any]) -> dict[str, str]:
    scope = facts["scope"]
    period = " – ".join(each for each in (scope["since"], scope["until"]) if each)
    told = {name: str(value) for name, value in facts.items() if isinstance(value, str)}
    told["scope"] = " ".join(each for each in (scope["kind"], scope["value"], period) if each)
    told["head"] = f"{facts['head']['size']} · {facts['head']['root']}"
    told["key"] = facts["origin"]
    return told


def _heads(house_id: int, last: SignedHead) -> list[tuple[SignedHead, list[Cosignature]]]:
    """The heads that witnesses signed, the latest ones, and the one that everything is proven by; by size."""
    seen = WitnessSignature.objects.filter(house_id=house_id, size__lte=last.head.size)
    witnessed = set(seen.order_by("-size").values_list("size", flat=True)[:WITNESSED_HEADS_MAX])
    rows = TreeHead.objects.filter(house_id=house_id, size__lte=last.head.size).order_by("-size")
    recent = set(rows.values_list("size", flat=True)[:RECENT_HEADS])
    found = []
    for row in rows.filter(size__in=witnessed | recent).order_by("size"):
        mine = [
            Cosignature(each.witness, each.public, each.at.astimezone(UTC).isoformat(), each.signature)
            for each in seen.filter(size=row.size).order_by("id")
        ]
        found.append((SignedHead(heads.read_head_text(row.body), row.signature), mine))
    return found


def _log(house_id: int, signed: SignedHead, column: str) -> Iterator[str]:
    rows = AuditEvent.objects.filter(house_id=house_id, seq__lte=signed.head.size).order_by("seq")
    return rows.values_list(column, flat=True).iterator(10_000)


def _rows(request: ExportRequest, signed: SignedHead) -> Iterator[ArchivedMessage]:
    rows = _selected(request).filter(log_line__lte=signed.head.size).select_related("body_key")
    return rows.iterator(ROWS_A_READ)


def _message_lines(
    request: ExportRequest, signed: SignedHead, exported: Exported, made: _Made
) -> Iterator[bytes]:
    for row in _rows(request, signed):
        assert row.log_line is not None
        event = AuditEvent.objects.get(house_id=request.house_id, seq=row.log_line)
        state, told, salt = evidence_of(row)
        made.counts[state] += 1
        if row.person_id is not None:
            made.persons.add(row.person_id)
        proof = merkle.inclusion(row.log_line - 1, signed.head.size, exported.tree)
        media = exported.entries_of(row) if state == bundle.OPEN else []
        line = bundle.message_line(
            event=event.body, proof=proof, state=state, record=told, salt=salt, media=media
        )
        yield line.encode() + b"\n"


def _told_rows(request: ExportRequest, signed: SignedHead) -> Iterator[Mapping[str, Any]]:
    for row in _rows(request, signed):
        state, told, _ = evidence_of(row)
        kept = row.media.filter(state=ArchiveMedia.State.KEPT).order_by("place")
        media = [told_of(each) for each in kept] if state == bundle.OPEN else []
        yield {"seq": row.log_line, "state": state, "record": told, "media": media}


def evidence_of(row: ArchivedMessage) -> tuple[str, Mapping[str, Any], bytes]:
    """A message's state, its record and its salt; of one that was destroyed, the ids only."""
    bare = {"account": row.account_id, "msgid": row.msgid}
    if not bytes(row.sealed_body):
        return bundle.DISPOSED, bare, b""
    try:
        key = bodies.opened_key(row.body_key)
        text = bodies.unseal(
            row.sealed_body, key=row.body_key, bound_to=f"{row.account_id}:{row.msgid}"
        ).decode()
    except bodies.BodyUnreadable:
        return bundle.ERASED, bare, b""
    told = bundle.record(
        account=row.account_id,
        seq=row.seq,
        msgid=row.msgid,
        conversation=row.conversation,
        associate=row.userid,
        client=row.external_userid,
        sender_role=row.sender_role,
        kind=row.kind,
        sent_at=row.sent_at,
        text=text,
    )
    return bundle.OPEN, told, bundle.salt_of(key.secret, account=row.account_id, msgid=row.msgid)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
