"""Sign the log's head, check the log, change the key that signs: what makes the log more than our word."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.oversight import signing
from seta.oversight.events import LogCheckAsked
from seta.oversight.models import AuditEvent, LogCheck, TreeHead
from seta.oversight.operations.audit import append_audit, locked_end
from seta.oversight.rules import heads, merkle
from seta.oversight.rules.chain import GENESIS, Entry, fault_of
from seta.oversight.rules.heads import Head, SignedHead
from seta.oversight.rules.retention import EvidenceRefused, Refusal
from seta.oversight.tree import StoredTree, grow

HEAD_EVERY = timedelta(seconds=60)
HEAD_LINES_MAX = 1000
CHECK_STEP_LINES = 20_000


@transaction.atomic
def sign_head(*, house_id: int, now: datetime) -> SignedHead | None:
    """The signed head of the log as it is now; the last one when nothing was added, None while the log is empty."""
    end = locked_end(house_id)
    if end is None:
        return None
    known = TreeHead.objects.filter(house_id=house_id, size=end.seq).first()
    if known is not None:
        return SignedHead(heads.read_head_text(known.body), known.signature)
    key = signing.live_key(house_id, now)
    grow(house_id, end.seq)
    head = Head(
        origin=signing.origin(house_id),
        size=end.seq,
        root=merkle.root(end.seq, StoredTree(house_id)).hex(),
        chain=end.chain,
        at=now.astimezone(UTC).isoformat(),
        key=heads.key_id(key.public),
    )
    signature = signing.sign(key, heads.HEAD, head.text())
    TreeHead.objects.create(house_id=house_id, size=head.size, body=head.text(), signature=signature, at=now)
    return SignedHead(head, signature)


def sweep_heads(now: datetime) -> int:
    """Sign a head for every house whose log grew by a thousand lines or whose last head is a minute old."""
    signed = 0
    for house in houses.houses():
        last = TreeHead.objects.filter(house_id=house.id).order_by("-size").first()
        end = (
            AuditEvent.objects.filter(house_id=house.id)
            .order_by("-seq")
            .values_list("seq", flat=True)
            .first()
        )
        if end is None or (last is not None and end == last.size):
            continue
        if last is None or end - last.size >= HEAD_LINES_MAX or now - last.at >= HEAD_EVERY:
            sign_head(house_id=house.id, now=now)
            signed += 1
    return signed


@transaction.atomic
def rotate_head_key(*, house_id: int, user_id: int, now: datetime) -> str:
    """Sign with a new key from now on; the old one signs its successor. Returns the new key's short name."""
    sign_head(house_id=house_id, now=now)
    fresh = signing.rotated(house_id, now)
    details = {"user": user_id, "public": fresh.public, "introduced_by": fresh.introduced_by}
    append_audit(house_id=house_id, kind="heads.key_rotated", details=details, now=now)
    return heads.key_id(fresh.public)


@transaction.atomic
def ask_log_check(*, house_id: int, user_id: int, now: datetime) -> int:
    """Have the whole log checked by the worker; returns the check's id. Raises EvidenceRefused while one is running."""
    running = LogCheck.objects.filter(
        house_id=house_id, finished_at=None, asked_at__gt=now - timedelta(hours=1)
    )
    if running.exists():
        raise EvidenceRefused(Refusal.RUNNING)
    total = AuditEvent.objects.filter(house_id=house_id).count()
    check = LogCheck.objects.create(house_id=house_id, asked_by_id=user_id, asked_at=now, total=total)
    publish(LogCheckAsked(house_id=house_id, occurred_at=now, check_id=check.pk))
    return check.pk


def on_log_check_asked(fact: LogCheckAsked, now: datetime) -> None:
    """Check the log in steps, so that a page can tell how far it is; begins again when it was interrupted."""
    check = LogCheck.objects.filter(pk=fact.check_id, finished_at=None).first()
    if check is None:
        return
    fault = ""
    for done, fault in _checking(check.house_id, check.total):
        LogCheck.objects.filter(pk=check.pk).update(checked=done)
        if fault:
            break
    LogCheck.objects.filter(pk=check.pk).update(finished_at=now, fault=fault[:300])
    details = {"check": check.pk, "lines": check.total, "fault": fault[:300]}
    append_audit(house_id=check.house_id, kind="log.checked", details=details, now=now)


def _checking(house_id: int, total: int) -> Iterator[tuple[int, str]]:
    """How many lines are checked and the first fault: every line, the chain, and each signed head on the way."""
    told = {row.size: row for row in TreeHead.objects.filter(house_id=house_id, size__lte=total)}
    keys, name = signing.public_keys(house_id), signing.origin(house_id)
    known, faults = heads.trusted(keys, name)
    if faults:
        yield 0, faults[0]
        return
    tree, chain = merkle.Frontier(), GENESIS
    rows = AuditEvent.objects.filter(house_id=house_id, seq__lte=total).order_by("seq")
    for seq, body, leaf, kept in rows.values_list("seq", "body", "leaf", "chain").iterator(CHECK_STEP_LINES):
        fault = fault_of(Entry(seq, body, leaf, kept), tree.size + 1, chain)
        if fault:
            yield tree.size, f"line {tree.size + 1}: {fault}"
            return
        tree.add(bytes.fromhex(leaf))
        chain = bytes.fromhex(kept)
        row = told.pop(seq, None)
        if row is not None and (fault := _head_fault(row, tree.root(), chain, known)):
            yield tree.size, f"signed head of {seq} lines: {fault}"
            return
        if tree.size % CHECK_STEP_LINES == 0:
            yield tree.size, ""
    ends = AuditEvent.objects.filter(house_id=house_id).aggregate(last=Max("seq"))["last"] or 0
    signed = TreeHead.objects.filter(house_id=house_id).aggregate(last=Max("size"))["last"] or 0
    missing = "" if tree.size == total else f"the log ends after {tree.size} of {total} lines"
    if not missing and signed > ends:
        missing = f"a signed head knows {signed} lines, the log has {ends}"
    yield tree.size, missing


def _head_fault(row: TreeHead, root: bytes, chain: bytes, keys: dict[str, heads.PublicKey]) -> str:
    try:
        signed = SignedHead(heads.read_head_text(row.body), row.signature)
    except heads.Unreadable as problem:
        return str(problem)
    key = keys.get(signed.head.key)
    if key is None or not signed.holds(key.public):
        return "no key of the house signed it"
    if (signed.head.root, signed.head.chain) != (root.hex(), chain.hex()):
        return "it knows other lines than the log has"
    return ""
