"""How long bodies are kept: rules, legal holds, and destroying what is past its age, by two, with a certificate."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.oversight import bodies, signing
from seta.oversight.events import DisposalApproved
from seta.oversight.models import (
    ArchivedMessage,
    ArchiveMedia,
    BodyKey,
    DisposalCertificate,
    DisposalRun,
    LegalHold,
    RawRecord,
    RetentionRule,
)
from seta.oversight.operations.archive.media import forget_files
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.exporting import authorise, reason_of
from seta.oversight.operations.heads import sign_head
from seta.oversight.operations.indexing import unindex_messages
from seta.oversight.rules import heads
from seta.oversight.rules.archive import clean
from seta.oversight.rules.chain import canonical
from seta.oversight.rules.retention import (
    DAYS_MAX,
    DAYS_MIN,
    NAME_CHARS_MAX,
    EvidenceRefused,
    Refusal,
    due_before,
)

BATCH_MESSAGES = 500


def set_retention(*, house_id: int, user_id: int, kind: str, days: int | None, now: datetime) -> None:
    """Keep bodies of a kind (empty: every other kind) this many days; None takes the rule away."""
    authorise(house_id, user_id, "retention", now)
    if days is not None and not DAYS_MIN <= days <= DAYS_MAX:
        raise EvidenceRefused(Refusal.BAD_DAYS)
    kind = clean(kind).strip()[:32]
    with transaction.atomic():
        rows = RetentionRule.objects.filter(house_id=house_id, kind=kind)
        if days is None:
            rows.delete()
        else:
            RetentionRule.objects.update_or_create(
                house_id=house_id,
                kind=kind,
                defaults={"days": days, "changed_by_id": user_id, "changed_at": now},
            )
        details = {"user": user_id, "kind": kind, "days": days}
        append_audit(house_id=house_id, kind="retention.changed", details=details, now=now)


def place_hold(
    *,
    house_id: int,
    user_id: int,
    name: str,
    reason: str,
    person_id: int | None,
    conversation: str,
    now: datetime,
) -> int:
    """Forbid disposal and erasure of a person's words, or of one conversation; returns the hold's id."""
    authorise(house_id, user_id, "hold", now)
    said, name = reason_of(reason), clean(name).strip()
    if not 1 <= len(name) <= NAME_CHARS_MAX:
        raise EvidenceRefused(Refusal.NO_NAME)
    if (person_id is None) == (not conversation):
        raise EvidenceRefused(Refusal.BAD_SCOPE)
    known = ArchivedMessage.objects.filter(house_id=house_id)
    known = (
        known.filter(person_id=person_id)
        if person_id
        else known.filter(ArchivedMessage.in_conversations([conversation]))
    )
    if not known.exists():
        raise EvidenceRefused(Refusal.BAD_SCOPE)
    with transaction.atomic():
        hold = LegalHold.objects.create(
            house_id=house_id,
            name=name,
            reason=said,
            person_id=person_id,
            conversation=conversation,
            placed_by_id=user_id,
            placed_at=now,
        )
        append_audit(
            house_id=house_id, kind="hold.placed", details={"hold": hold.pk, "user": user_id}, now=now
        )
    return hold.pk


def release_hold(*, house_id: int, user_id: int, hold_id: int, now: datetime) -> None:
    """Let what was held follow the rules again; raises EvidenceRefused."""
    authorise(house_id, user_id, f"hold {hold_id}", now)
    with transaction.atomic():
        done = LegalHold.objects.filter(pk=hold_id, house_id=house_id, released_at=None).update(
            released_at=now, released_by_id=user_id
        )
        if not done:
            raise EvidenceRefused(Refusal.UNKNOWN)
        append_audit(
            house_id=house_id, kind="hold.released", details={"hold": hold_id, "user": user_id}, now=now
        )


def holds_on_person(house_id: int, person_id: int) -> list[str]:
    """The names of the holds that keep anything of a person."""
    said_in = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id).values("conversation")
    on_them = Q(person_id=person_id) | Q(conversation__in=said_in)
    held = LegalHold.objects.filter(on_them, house_id=house_id, released_at=None)
    return list(held.order_by("id").values_list("name", flat=True))


def ask_disposal(*, house_id: int, user_id: int, now: datetime) -> int:
    """List what is past its age, for a colleague to approve; returns the run's id. Raises EvidenceRefused."""
    authorise(house_id, user_id, "disposal", now)
    days = dict(RetentionRule.objects.filter(house_id=house_id).values_list("kind", "days"))
    before = due_before(days, now)
    due, held = _due(house_id, before), _past_age(house_id, before).count()
    expected = due.count()
    if not expected:
        raise EvidenceRefused(Refusal.NOTHING)
    with transaction.atomic():
        run = DisposalRun.objects.create(
            house_id=house_id,
            before=before,
            expected=expected,
            held=held - expected,
            asked_by_id=user_id,
            asked_at=now,
        )
        details = {"run": run.pk, "user": user_id, "expected": expected, "before": before}
        append_audit(house_id=house_id, kind="disposal.asked", details=details, now=now)
    return run.pk


def approve_disposal(*, house_id: int, user_id: int, run_id: int, now: datetime) -> None:
    """Let a colleague's run destroy what it listed; raises EvidenceRefused, above all for one's own."""
    authorise(house_id, user_id, f"disposal {run_id}", now)
    with transaction.atomic():
        run = _undecided(house_id, run_id)
        if run.asked_by_id == user_id:
            raise EvidenceRefused(Refusal.OWN_REQUEST)
        _decide(run, DisposalRun.State.APPROVED, user_id, now)
        publish(DisposalApproved(house_id=house_id, occurred_at=now, run_id=run_id))


def decline_disposal(*, house_id: int, user_id: int, run_id: int, now: datetime) -> None:
    """Turn a run down, or take one's own back; raises EvidenceRefused."""
    authorise(house_id, user_id, f"disposal {run_id}", now)
    with transaction.atomic():
        run = _undecided(house_id, run_id)
        _decide(run, DisposalRun.State.DECLINED, None if run.asked_by_id == user_id else user_id, now)


def _undecided(house_id: int, run_id: int) -> DisposalRun:
    run = DisposalRun.objects.select_for_update().filter(pk=run_id, house_id=house_id).first()
    if run is None:
        raise EvidenceRefused(Refusal.UNKNOWN)
    if run.state != DisposalRun.State.ASKED:
        raise EvidenceRefused(Refusal.DECIDED)
    return run


def _decide(run: DisposalRun, state: str, user_id: int | None, now: datetime) -> None:
    run.state, run.decided_by_id, run.decided_at = state, user_id, now
    run.save(update_fields=["state", "decided_by_id", "decided_at"])
    details = {"run": run.pk, "user": user_id or run.asked_by_id}
    append_audit(house_id=run.house_id, kind=f"disposal.{state}", details=details, now=now)


def on_disposal_approved(fact: DisposalApproved, now: datetime) -> None:
    """Destroy what an approved run listed, batch by batch; goes on where an interruption left it.

    Holds are asked again for each batch: one that was placed after the approval still keeps what it names.
    """
    run = DisposalRun.objects.filter(pk=fact.run_id, state=DisposalRun.State.APPROVED).first()
    if run is None:
        return
    while _dispose_batch(run, now):
        pass
    _certify(run.pk, now)


@transaction.atomic
def _dispose_batch(run: DisposalRun, now: datetime) -> int:
    due = _due(run.house_id, run.before).select_for_update(of=("self",))
    rows = list(due.order_by("id").values_list("id", "account_id", "seq", "log_line")[:BATCH_MESSAGES])
    if not rows:
        return 0
    ids = [row[0] for row in rows]
    unindex_messages(ids)
    ArchivedMessage.objects.filter(pk__in=ids).update(sealed_body=b"")
    for account_id in {row[1] for row in rows}:
        RawRecord.objects.filter(
            account_id=account_id, seq__in=[seq for _, mine, seq, _ in rows if mine == account_id]
        ).update(encrypt_random_key="", encrypt_chat_msg="")
    files = ArchiveMedia.objects.filter(message_id__in=ids).exclude(state=ArchiveMedia.State.FORGOTTEN)
    forget_files(list(files), house_id=run.house_id, now=now)
    current = DisposalRun.objects.select_for_update().get(pk=run.pk)
    current.disposed += len(rows)
    current.save(update_fields=["disposed"])
    lines = [line for *_, line in rows if line is not None]
    details = {"run": run.pk, "messages": len(rows), "lines": lines}
    append_audit(house_id=run.house_id, kind="bodies.disposed", details=details, now=now)
    return len(rows)


@transaction.atomic
def _certify(run_id: int, now: datetime) -> None:
    """Destroy the keys that nothing is sealed with any more, and sign what was done."""
    run = DisposalRun.objects.select_for_update().get(pk=run_id)
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    used = ArchivedMessage.objects.filter(body_key=OuterRef("pk")).exclude(sealed_body=b"")
    idle = BodyKey.objects.filter(
        ~Exists(used), house_id=run.house_id, destroyed_at=None, created_at__lt=month
    )
    run.keys_destroyed = BodyKey.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).update(
        sealed=None, destroyed_at=now
    )
    bodies.forget_opened()
    run.state, run.done_at = DisposalRun.State.DONE, now
    run.save(update_fields=["state", "done_at", "keys_destroyed"])
    signed = sign_head(house_id=run.house_id, now=now)
    assert signed is not None
    names = {member.user_id: member.name for member in houses.members(run.house_id)}
    body = canonical(
        {
            "origin": signed.head.origin,
            "run": run.pk,
            "before": run.before,
            "disposed": run.disposed,
            "keys_destroyed": run.keys_destroyed,
            "asked_by": names.get(run.asked_by_id, ""),
            "approved_by": names.get(run.decided_by_id or 0, ""),
            "at": now.astimezone(UTC).isoformat(),
            "head": {"size": signed.head.size, "root": signed.head.root},
        }
    )
    key = signing.live_key(run.house_id, now)
    DisposalCertificate.objects.create(
        house_id=run.house_id,
        run_id=run.pk,
        body=body,
        key=heads.key_id(key.public),
        signature=signing.sign(key, heads.CERTIFICATE, body),
        at=now,
    )
    details = {"run": run.pk, "certificate": hashlib.sha256(body.encode()).hexdigest()}
    append_audit(house_id=run.house_id, kind="disposal.certified", details=details, now=now)


def _past_age(house_id: int, before: Mapping[str, str]) -> QuerySet[ArchivedMessage]:
    """Messages with a body that a rule calls old, held or not."""
    named: Sequence[str] = [kind for kind in before if kind]
    old = Q(pk__in=[])
    for kind in named:
        old |= Q(kind=kind, sent_at__lt=datetime.fromisoformat(before[kind]))
    if "" in before:
        old |= ~Q(kind__in=named) & Q(sent_at__lt=datetime.fromisoformat(before[""]))
    return ArchivedMessage.objects.filter(old, house_id=house_id).exclude(sealed_body=b"")


def _due(house_id: int, before: Mapping[str, str]) -> QuerySet[ArchivedMessage]:
    """Messages that may be destroyed now: past their age and under no hold."""
    holds = LegalHold.objects.filter(house_id=house_id, released_at=None)
    by_person = holds.filter(person_id=OuterRef("person_id"))
    by_conversation = holds.filter(conversation=OuterRef("conversation"))
    return _past_age(house_id, before).filter(~Exists(by_person), ~Exists(by_conversation))
