"""Group sends and Moments: planned with approved content or held, prepared at WeCom when due, withdrawn, reminded."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seta.clienteling.models import Associate, ClientBookEntry, Outreach, OutreachResult, OutreachSender
from seta.clienteling.operations.composing import is_approved_picture
from seta.clienteling.operations.contacting import must_supervise
from seta.clienteling.operations.preparing import cover_of, mini_program_of, template_media
from seta.clienteling.queries.contacting import may_contact
from seta.clienteling.queries.outreach import received_this_month
from seta.clienteling.rules import SEES_ALL_CLIENTS, Refusal, Refused
from seta.clienteling.rules.composing import (
    NOTHING,
    PICTURES_MAX,
    REMINDERS_A_DAY,
    UNAPPROVED,
    Attachment,
    fits,
    template_attachments,
)
from seta.clienteling.rules.outreach import month_quota
from seta.content import queries as content
from seta.houses import queries as houses
from seta.oversight.operations import append_audit, clear_to_send
from seta.oversight.queries import advice
from seta.oversight.rules import Action
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

CHANNEL = "moments"
"""What goes to many bears the strictest reading, whichever way it goes."""
CLIENTS_MAX = 1000
DAY = timedelta(days=1)
State, Kind = Outreach.State, Outreach.Kind


@dataclass(frozen=True)
class OutreachCard:
    """A planned outreach: its state, what stopped it, whom it reaches and how many it leaves in peace."""

    id: int
    state: str
    rules: tuple[str, ...]
    advice: tuple[str, ...]
    clients: int
    left_out: int


@dataclass(frozen=True)
class Plan:
    """What is to be sent: `person_ids` (all clients of the senders when empty) for a group, `tags` for Moments."""

    kind: str
    text: str
    sender_ids: Sequence[int]
    due_at: datetime
    attachment: Attachment = NOTHING
    pictures: Sequence[str] = ()
    person_ids: Sequence[int] = ()
    tags: Sequence[str] = ()


def plan_outreach(*, house_id: int, user_id: int, plan: Plan, language: str, now: datetime) -> OutreachCard:
    """Plan a group send or a post for Moments; approved content is scheduled, anything else waits for a supervisor.

    Raises Refused: UNKNOWN, NOT_YOURS, EMPTY, TEXT_TOO_LONG, NO_PICTURE, BLOCKED (with advice), NOBODY. Ask outside
    a transaction: a refusal stays in the audit log.
    """
    senders = _senders(house_id, user_id, plan.sender_ids)
    _must_be_whole(house_id, plan)
    found, words = _stopped(house_id, plan.text, plan.attachment.title, plan.pictures, language, now)
    with transaction.atomic():
        row = Outreach.objects.create(
            house_id=house_id,
            kind=plan.kind,
            state=State.HELD if found else State.SCHEDULED,
            text=plan.text,
            attachment=plan.attachment.dump(),
            pictures=list(plan.pictures),
            tags=list(plan.tags),
            rules=found,
            made_by=user_id,
            made_at=now,
            due_at=max(plan.due_at, now),
        )
        results = [result for sender in senders for result in _targets(row, sender, plan.person_ids)]
        OutreachResult.objects.bulk_create(results)
        waiting = [result for result in results if result.status == "waiting"]
        if plan.kind == Kind.GROUP and not waiting:
            raise Refused(Refusal.NOBODY)
        details = {"outreach": row.pk, "kind": plan.kind, "user": user_id, "rules": found}
        append_audit(house_id=house_id, kind=f"outreach.{row.state}", details=details, now=now)
    return OutreachCard(
        row.pk, row.state, tuple(found), tuple(words), len(waiting), len(results) - len(waiting)
    )


def _senders(house_id: int, user_id: int, sender_ids: Sequence[int]) -> list[Associate]:
    """The associates who will send: oneself, or anybody for one who sees every book."""
    member = houses.member_of(user_id)
    if member is None or member.house_id != house_id:
        raise Refused(Refusal.UNKNOWN)
    found = list(
        Associate.objects.filter(house_id=house_id, pk__in=sender_ids, is_active=True).order_by("pk")
    )
    if not found or len(found) != len(set(sender_ids)):
        raise Refused(Refusal.UNKNOWN)
    if member.role not in SEES_ALL_CLIENTS and any(one.user_id != user_id for one in found):
        raise Refused(Refusal.NOT_YOURS)
    return found


def _must_be_whole(house_id: int, plan: Plan) -> None:
    if plan.kind not in Kind.values:
        raise Refused(Refusal.BAD_CHOICE)
    if not (plan.text or plan.pictures or plan.attachment.is_card):
        raise Refused(Refusal.EMPTY)
    if not fits(plan.text):
        raise Refused(Refusal.TEXT_TOO_LONG)
    if len(plan.pictures) > PICTURES_MAX:
        raise Refused(Refusal.NO_PICTURE)
    if any(content.picture(house_id, one) is None for one in plan.pictures):
        raise Refused(Refusal.NO_PICTURE)


def _stopped(
    house_id: int, text: str, title: str, pictures: Sequence[str], language: str, now: datetime
) -> tuple[list[str], list[str]]:
    """The rules that hold a message to many, with their advice; Refused (BLOCKED) for what may never be sent."""
    verdict = clear_to_send(
        house_id=house_id, channel=CHANNEL, text=f"{text}\n{title}", role="associate", now=now
    )
    found = sorted({hit.rule for hit in verdict.hits if hit.action >= Action.HOLD})
    words = advice(found, house_id=house_id, language=language)
    if verdict.action is Action.BLOCK:
        raise Refused(Refusal.BLOCKED, words, found)
    is_known = not text or content.match(house_id, text=text, now=now).outcome == "approved"
    if not is_known or not all(is_approved_picture(house_id, one, now) for one in pictures):
        found.append(UNAPPROVED)
    return found, words


def _targets(row: Outreach, associate: Associate, person_ids: Sequence[int]) -> list[OutreachResult]:
    """A sender's clients, each waiting or left out with the reason; Moments are everybody's who can see them."""
    sender = OutreachSender.objects.create(outreach=row, associate=associate)
    if row.kind == Kind.MOMENTS:
        return []
    entries = ClientBookEntry.objects.filter(associate=associate, ended_at__isnull=True).exclude(
        external_userid=""
    )
    if person_ids:
        entries = entries.filter(person_id__in=person_ids)
    found = []
    for entry in entries.order_by("pk")[:CLIENTS_MAX]:
        reason = why_left_out(row.house_id, entry.person_id, associate.pk, row.due_at)
        status = "left_out" if reason else "waiting"
        found.append(
            OutreachResult(
                sender=sender,
                person_id=entry.person_id,
                external_userid=entry.external_userid,
                status=status,
                reason=reason,
            )
        )
    return found


def why_left_out(house_id: int, person_id: int, associate_id: int, at: datetime) -> str:
    """Why a client is left out of a group send then: no_consent, night, own, colleague, week or quota; else empty."""
    leave = may_contact(house_id=house_id, person_id=person_id, associate_id=associate_id, now=at)
    if not leave.allowed:
        return leave.reason
    if received_this_month(house_id=house_id, person_id=person_id, now=at) >= month_quota(at):
        return "quota"
    return ""


@transaction.atomic
def decide_outreach(
    *, house_id: int, user_id: int, outreach_id: int, release: bool, reason: str, now: datetime
) -> None:
    """A supervisor lets a held outreach go or refuses it, and says why.

    Raises Refused: SUPERVISOR_ONLY, UNKNOWN, NOT_HELD, OWN_DRAFT, NO_REASON.
    """
    must_supervise(house_id, user_id)
    row = _locked(house_id, outreach_id)
    if row.state != State.HELD:
        raise Refused(Refusal.NOT_HELD)
    if row.made_by == user_id:
        raise Refused(Refusal.OWN_DRAFT)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    row.state = State.SCHEDULED if release else State.REFUSED
    row.decided_by, row.decided_at, row.reason = user_id, now, reason.strip()[:500]
    row.save()
    details = {"outreach": row.pk, "user": user_id, "reason": row.reason, "released": release}
    append_audit(house_id=house_id, kind="outreach.decided", details=details, now=now)


def _locked(house_id: int, outreach_id: int) -> Outreach:
    row = Outreach.objects.select_for_update().filter(pk=outreach_id, house_id=house_id).first()
    if row is None:
        raise Refused(Refusal.UNKNOWN)
    return row


def prepare_due(now: datetime) -> int:
    """Hand what is due to WeCom, whose associates then confirm on their phones; returns how many were prepared."""
    Outreach.objects.filter(state=State.PREPARING, polled_at__lt=now - timedelta(minutes=10)).update(
        state=State.FAILED
    )
    prepared = 0
    for row in Outreach.objects.filter(state=State.SCHEDULED, due_at__lte=now).order_by("due_at", "pk")[:20]:
        prepared += prepare_outreach(row, now)
    return prepared


def prepare_outreach(row: Outreach, now: datetime) -> bool:
    """Prepare one outreach at WeCom; what policy has come to refuse since goes back to a supervisor."""
    if row.decided_at is None:
        try:
            found, _ = _stopped(
                row.house_id, row.text, Attachment.load(row.attachment).title, row.pictures, "en", now
            )
        except Refused as refused:
            found = list(refused.rules)
        if found:
            Outreach.objects.filter(pk=row.pk, state=State.SCHEDULED).update(state=State.HELD, rules=found)
            return False
    # The attempt is durable before the first byte.
    if not Outreach.objects.filter(pk=row.pk, state=State.SCHEDULED).update(
        state=State.PREPARING, polled_at=now
    ):
        return False
    try:
        if row.kind == Kind.MOMENTS:
            _prepare_moments(row)
        else:
            _prepare_group(row, now)
    except (PlatformError, Refused, houses.AccountMissing) as problem:
        retryable = isinstance(problem, PlatformError) and problem.retryable
        log.warning("house %s: outreach %s was not prepared: %s", row.house_id, row.pk, problem)
        Outreach.objects.filter(pk=row.pk).update(state=State.SCHEDULED if retryable else State.FAILED)
        return False
    Outreach.objects.filter(pk=row.pk).update(state=State.PREPARED, prepared_at=now, polled_at=None)
    append_audit(house_id=row.house_id, kind="outreach.prepared", details={"outreach": row.pk}, now=now)
    return True


def _prepare_moments(row: Outreach) -> None:
    client = houses.wecom(row.house_id)
    media = template_media(row.house_id, row.pictures, moments=True)
    users = list(row.senders.values_list("associate__userid", flat=True))
    known = client.corp_tags() if row.tags else {}
    tags = [known[name] for name in row.tags if name in known]
    attachments = template_attachments(attachment=Attachment(), appid="", media_ids=media)
    job = client.add_moment_task(text=row.text, users=users, tags=tags, attachments=attachments)
    Outreach.objects.filter(pk=row.pk).update(job_id=job)


def _prepare_group(row: Outreach, now: datetime) -> None:
    attachment = Attachment.load(row.attachment)
    media = template_media(row.house_id, row.pictures)
    appid = ""
    if attachment.is_card:
        product = attachment.code if attachment.kind == "product" else ""
        media, appid = [cover_of(row.house_id, product, now)], mini_program_of(row.house_id)
    attachments = template_attachments(attachment=attachment, appid=appid, media_ids=media) if media else []
    for sender in row.senders.select_related("associate").filter(platform_id=""):
        waiting = list(sender.results.filter(status="waiting"))
        for result in waiting:
            reason = why_left_out(row.house_id, result.person_id or 0, sender.associate_id, now)
            if reason:
                result.status, result.reason = "left_out", reason
                result.save(update_fields=["status", "reason"])
        customers = [result.external_userid for result in waiting if result.status == "waiting"]
        if not customers:
            continue
        made = houses.wecom(row.house_id).add_msg_template(
            sender=sender.associate.userid, text=row.text, customers=customers, attachments=attachments
        )
        OutreachSender.objects.filter(pk=sender.pk).update(platform_id=made.msgid)
        sender.results.filter(external_userid__in=made.unreachable).update(status="not_a_contact")


def cancel_outreach(*, house_id: int, user_id: int, outreach_id: int, now: datetime) -> None:
    """Withdraw what has not been sent: from the plan, or from the phones of those who have not confirmed.

    Raises Refused (UNKNOWN, NOT_YOURS, NOT_READY) and PlatformError; call outside a transaction.
    """
    row = outreach_of(house_id, user_id, outreach_id)
    if row.state not in (State.HELD, State.SCHEDULED, State.PREPARED):
        raise Refused(Refusal.NOT_READY)
    if row.state == State.PREPARED:
        client = houses.wecom(house_id)
        for name in set(row.senders.exclude(platform_id="").values_list("platform_id", flat=True)):
            if row.kind == Kind.MOMENTS:
                client.cancel_moment_task(name)
            else:
                client.cancel_groupmsg_send(name)
    if not Outreach.objects.filter(pk=row.pk, state=row.state).update(state=State.CANCELLED):
        raise Refused(Refusal.NOT_READY)
    details = {"outreach": row.pk, "user": user_id}
    append_audit(house_id=house_id, kind="outreach.cancelled", details=details, now=now)


def remind_outreach(*, house_id: int, user_id: int, outreach_id: int, now: datetime) -> None:
    """Remind the associates who have not confirmed a group send, three times in 24 hours at most.

    Raises Refused (UNKNOWN, NOT_YOURS, NOT_READY, REMINDED) and PlatformError; call outside a transaction.
    """
    row = outreach_of(house_id, user_id, outreach_id)
    if row.state != State.PREPARED or row.kind != Kind.GROUP:
        raise Refused(Refusal.NOT_READY)
    recent = [at for at in row.reminded if datetime.fromisoformat(at) > now - DAY]
    if len(recent) >= REMINDERS_A_DAY:
        raise Refused(Refusal.REMINDED)
    client = houses.wecom(house_id)
    for sender in row.senders.filter(confirmed_at__isnull=True).exclude(platform_id=""):
        client.remind_groupmsg_send(sender.platform_id)
    Outreach.objects.filter(pk=row.pk).update(reminded=[*recent, now.isoformat()])


def outreach_of(house_id: int, user_id: int, outreach_id: int) -> Outreach:
    """An outreach that the user made or supervises."""
    member = houses.member_of(user_id)
    row = Outreach.objects.filter(pk=outreach_id, house_id=house_id).first()
    if row is None or member is None or member.house_id != house_id:
        raise Refused(Refusal.UNKNOWN)
    if row.made_by != user_id and member.role not in SEES_ALL_CLIENTS:
        raise Refused(Refusal.NOT_YOURS)
    return row
