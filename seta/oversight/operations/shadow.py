"""Lets a rule show what it would do before it counts, and takes back the word of one that costs too much."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest

from django.db import transaction
from django.db.models import F

from seta.events.operations import publish
from seta.houses.queries import houses
from seta.oversight.events import RuleDemoted
from seta.oversight.models import (
    Alert,
    ArchivedMessage,
    HousePolicy,
    ModeChange,
    QueuePlan,
    Review,
    RuleSetting,
    RuleTrial,
    ShadowHit,
    TrialHit,
)
from seta.oversight.opening import Found
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.rights import authorise
from seta.oversight.queries.policies import mode_of, policy_of, rule_of, rules_of
from seta.oversight.queries.words import text_of as words_of
from seta.oversight.rules import Policy, Rule, compile_rules, judge
from seta.oversight.rules.archive import clean
from seta.oversight.rules.judging import Hit as FoundHit
from seta.oversight.rules.measuring import Overspent, overspent
from seta.oversight.rules.review import NOTE_CHARS_MAX, Refusal, Refused, text_of

TRIAL_DAYS_MAX = 90
TRIAL_SAMPLES = 20
CHUNK_MESSAGES = 500
BUDGET_PERIOD = timedelta(days=7)
CHANNEL = "wecom_1to1"


@dataclass
class _Tally:
    messages: int = 0
    unreadable: int = 0
    alerts: int = 0


def try_rule(*, house_id: int, rule_id: str, days: int, user_id: int, now: datetime) -> int:
    """Run one rule over what was said in the last days, in chunks; returns the trial's id. Raises Refused.

    Nothing is alerted. Twenty of what it finds are kept, drawn evenly by their digests, for a person to judge.
    """
    authorise(house_id, user_id, f"trial of {rule_id}", now)
    rule = rule_of(house_id, rule_id)
    if rule is None:
        raise Refused(Refusal.UNKNOWN_RULE)
    if not 1 <= days <= TRIAL_DAYS_MAX:
        raise Refused(Refusal.UNKNOWN_CHOICE)
    since, tally = now - timedelta(days=days), _Tally()
    alone = compile_rules((rule,))
    found = nsmallest(TRIAL_SAMPLES, _finds(house_id, alone, since, now, tally), key=lambda each: each[0])
    with transaction.atomic():
        trial = RuleTrial.objects.create(
            house_id=house_id,
            rule=rule_id,
            policy_version=policy_of(house_id).version,
            since=since,
            until=now,
            messages=tally.messages,
            unreadable=tally.unreadable,
            alerts=tally.alerts,
            asked_by_id=user_id,
            at=now,
        )
        TrialHit.objects.bulk_create(
            TrialHit(trial=trial, message_id=pk, start=hit.start, end=hit.end) for _, pk, hit in found
        )
        details = {
            "user": user_id,
            "rule": rule_id,
            "days": days,
            "messages": tally.messages,
            "alerts": tally.alerts,
        }
        append_audit(house_id=house_id, kind="rule.tried", details=details, now=now)
        return trial.pk


def _finds(
    house_id: int, policy: Policy, since: datetime, until: datetime, tally: _Tally
) -> Iterator[tuple[str, int, FoundHit]]:
    """(digest, message, first hit) of each message that the policy marks, a chunk in memory at a time."""
    rows = ArchivedMessage.objects.filter(house_id=house_id, sent_at__gte=since, sent_at__lt=until)
    for row in rows.select_related("body_key").order_by("pk").iterator(chunk_size=CHUNK_MESSAGES):
        text = words_of(row)
        if text is None:
            tally.unreadable += 1
            continue
        tally.messages += 1
        verdict = judge(text, channel=CHANNEL, sender=row.sender_role, policy=policy)
        hits = verdict.hits or verdict.shadow
        if hits:
            tally.alerts += 1
            yield hashlib.sha256(row.msgid.encode()).hexdigest(), row.pk, hits[0]


def judge_trial_hit(*, house_id: int, hit_id: int, user_id: int, verdict: str, now: datetime) -> str:
    """Say of one of a trial's finds whether it is a breach; returns the rule that was tried. Raises Refused."""
    authorise(house_id, user_id, f"trial find {hit_id}", now)
    if verdict not in Review.Verdict.values:
        raise Refused(Refusal.UNKNOWN_VERDICT)
    with transaction.atomic():
        hit = TrialHit.objects.filter(pk=hit_id, trial__house_id=house_id).select_related("trial").first()
        if hit is None:
            raise Refused(Refusal.UNKNOWN)
        hit.verdict, hit.reviewer_id, hit.judged_at = verdict, user_id, now
        hit.save()
        details = {"user": user_id, "find": hit_id, "verdict": verdict}
        append_audit(house_id=house_id, kind="trial.judged", details=details, now=now)
        return hit.trial.rule


def note_shadow_hits(
    *, rows: Iterable[tuple[int, Sequence[Found]]], policy_version: str, now: datetime
) -> int:
    """Keep what rules in shadow found in messages (id, finds) as they came; call in the archive's transaction."""
    notes = [
        ShadowHit(
            message_id=message_id,
            rule=hit.rule,
            tier=hit.tier,
            start=hit.start,
            end=hit.end,
            policy_version=policy_version,
            found_at=now,
        )
        for message_id, hits in rows
        for hit in hits
    ]
    if notes:
        ShadowHit.objects.bulk_create(notes)
    return len(notes)


def ask_mode(*, house_id: int, rule_id: str, mode: str, reason: str, user_id: int, now: datetime) -> int:
    """Ask that a rule be live, in shadow or off; a second person decides. Returns the wish's id. Raises Refused."""
    authorise(house_id, user_id, f"rule {rule_id}", now)
    rule = rule_of(house_id, rule_id)
    if rule is None:
        raise Refused(Refusal.UNKNOWN_RULE)
    if mode not in RuleSetting.Mode.values or mode == mode_of(house_id, rule):
        raise Refused(Refusal.UNKNOWN_CHOICE)
    why = text_of(clean(reason), chars_max=NOTE_CHARS_MAX)
    with transaction.atomic():
        wishes = ModeChange.objects.filter(house_id=house_id, rule=rule_id, state=ModeChange.State.WAITING)
        if wishes.exists():
            raise Refused(Refusal.ALREADY_ASKED)
        made = ModeChange.objects.create(
            house_id=house_id,
            rule=rule_id,
            mode=mode,
            reason=why,
            state=ModeChange.State.WAITING,
            asked_by_id=user_id,
            asked_at=now,
        )
        details = {"user": user_id, "rule": rule_id, "mode": mode, "reason": why}
        append_audit(house_id=house_id, kind="rule.mode_asked", details=details, now=now)
        return made.pk


def decide_mode(*, house_id: int, change_id: int, is_approved: bool, user_id: int, now: datetime) -> None:
    """Agree to a rule's new mode, or not; whoever asked may only withdraw. Raises Refused."""
    authorise(house_id, user_id, f"rule change {change_id}", now)
    with transaction.atomic():
        change = (
            ModeChange.objects.select_for_update(of=("self",))
            .filter(pk=change_id, house_id=house_id, state=ModeChange.State.WAITING)
            .first()
        )
        if change is None:
            raise Refused(Refusal.UNKNOWN)
        if change.asked_by_id == user_id:
            if is_approved:
                raise Refused(Refusal.SAME_PERSON)
        else:
            change.decided_by_id = user_id
        change.state = ModeChange.State.APPROVED if is_approved else ModeChange.State.DECLINED
        change.decided_at = now
        change.save()
        if is_approved:
            _set_mode(house_id, change.rule, change.mode, change.reason, user_id, now)
        details = {"user": user_id, "rule": change.rule, "mode": change.mode, "approved": is_approved}
        append_audit(house_id=house_id, kind="rule.mode_decided", details=details, now=now)


def demote_overspent(now: datetime) -> int:
    """Put every live rule that broke its budget in the last week into shadow; returns how many. For the worker."""
    return sum(
        _demote(house.id, rule, now)
        for house in houses()
        for rule in rules_of(house.id)
        if rule.budget.max_alert_rate < 1 or rule.budget.min_precision > 0
    )


@transaction.atomic
def _demote(house_id: int, rule: Rule, now: datetime) -> bool:
    if mode_of(house_id, rule) != RuleSetting.Mode.LIVE:
        return False
    since = _counted_since(house_id, rule.id, now)
    messages = ArchivedMessage.objects.filter(house_id=house_id, archived_at__gte=since).count()
    alerts = Alert.objects.filter(house_id=house_id, rule=rule.id, opened_at__gte=since)
    judged = alerts.exclude(verdict="")
    right = judged.filter(verdict=Review.Verdict.TRUE_POSITIVE).count()
    counts = {"alerts": alerts.count(), "messages": messages, "right": right, "judged": judged.count()}
    budget = rule.budget
    why = overspent(**counts, max_alert_rate=budget.max_alert_rate, min_precision=budget.min_precision)
    if why is None:
        return False
    plan = QueuePlan.objects.filter(house_id=house_id, queue=rule.review.queue).first()
    owner = plan.owner_id if plan else None
    ModeChange.objects.create(
        house_id=house_id,
        rule=rule.id,
        mode=RuleSetting.Mode.SHADOW,
        reason=why.value,
        state=ModeChange.State.AUTOMATIC,
        owner_id=owner,
        asked_at=now,
        decided_at=now,
    )
    _set_mode(house_id, rule.id, RuleSetting.Mode.SHADOW, _reason(why, counts), None, now)
    append_audit(
        house_id=house_id,
        kind="rule.demoted",
        details={"rule": rule.id, "why": why.value, "owner": owner, **counts},
        now=now,
    )
    publish(
        RuleDemoted(
            house_id=house_id,
            occurred_at=now,
            rule=rule.id,
            why=why.value,
            alerts=counts["alerts"],
            messages=counts["messages"],
            right=counts["right"],
            judged=counts["judged"],
            owner_id=owner,
        )
    )
    return True


def _counted_since(house_id: int, rule_id: str, now: datetime) -> datetime:
    """A rule that two people made live again starts anew: what it cost before is known."""
    setting = RuleSetting.objects.filter(house_id=house_id, rule=rule_id).first()
    return max(now - BUDGET_PERIOD, setting.changed_at) if setting else now - BUDGET_PERIOD


def _reason(why: Overspent, counts: dict[str, int]) -> str:
    if why is Overspent.TOO_MANY:
        return f"{counts['alerts']} alerts in {counts['messages']} messages"
    return f"{counts['right']} of {counts['judged']} judged alerts were breaches"


def _set_mode(
    house_id: int, rule_id: str, mode: str, reason: str, user_id: int | None, now: datetime
) -> None:
    RuleSetting.objects.update_or_create(
        house_id=house_id,
        rule=rule_id,
        defaults={"mode": mode, "reason": reason, "changed_by_id": user_id, "changed_at": now},
    )
    HousePolicy.objects.get_or_create(house_id=house_id, defaults={"changed_at": now})
    HousePolicy.objects.filter(house_id=house_id).update(revision=F("revision") + 1, changed_at=now)
