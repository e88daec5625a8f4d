"""Keeps what policy found in a batch, and opens the alerts that a person must judge, repeats merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from seta.events.operations import publish_many
from seta.oversight import bodies
from seta.oversight.events import AlertOpened
from seta.oversight.models import Alert, Hit
from seta.oversight.opening import Found
from seta.oversight.operations.audit import append_audit_many
from seta.oversight.rules import Policy, merges
from seta.oversight.rules.archive import Message


@dataclass(frozen=True)
class Corp:
    """Whose archive it is: the house, its WeCom account and the account's corpid."""

    house_id: int
    account_id: int
    app_id: str


@dataclass(frozen=True)
class Kept:
    """An archived message with its row's id and whose it is."""

    id: int
    message: Message
    person_id: int | None
    key: bodies.SealingKey
    hits: tuple[Found, ...]
    shadow: tuple[Found, ...]
    words: str
    sent_at: datetime


def write_hits(corp: Corp, kept: Sequence[Kept], policy: Policy, now: datetime) -> int:
    """Keep every hit and open an alert for each rule and message; returns how many alerts were opened.

    A rule that merges repeats opens none while an alert of its own in the conversation still waits for a judgement.
    """
    found = [each for each in kept if each.hits]
    if not found:
        return 0
    Hit.objects.bulk_create(
        Hit(
            message_id=each.id,
            rule=hit.rule,
            severity=hit.severity,
            action=hit.action,
            tier=hit.tier,
            start=hit.start,
            end=hit.end,
            policy_version=policy.version,
        )
        for each in found
        for hit in each.hits
    )
    raised = _unmerged(corp, found, policy)
    if not raised:
        return 0
    alerts = Alert.objects.bulk_create(
        Alert(
            house_id=corp.house_id,
            message_id=each.id,
            rule=rule_id,
            severity=policy.rule(rule_id).severity.value,
            opened_at=now,
            due_at=now + timedelta(hours=policy.rule(rule_id).sla_hours),
        )
        for each, rule_id in raised
    )
    details = [
        {"alert": alert.pk, "rule": alert.rule, "msgid": each.message.msgid}
        for alert, (each, _) in zip(alerts, raised, strict=True)
    ]
    append_audit_many(house_id=corp.house_id, kind="alert.opened", details=details, now=now)
    publish_many(
        [_alert_fact(corp, alert, each, now) for alert, (each, _) in zip(alerts, raised, strict=True)]
    )
    return len(alerts)


def _alert_fact(corp: Corp, alert: Alert, each: Kept, now: datetime) -> AlertOpened:
    return AlertOpened(
        house_id=corp.house_id,
        occurred_at=now,
        person_id=each.person_id,
        alert_id=alert.pk,
        message_id=each.id,
        rule=alert.rule,
        severity=alert.severity,
        userid=each.message.associate,
    )


def _unmerged(corp: Corp, found: Sequence[Kept], policy: Policy) -> list[tuple[Kept, str]]:
    """Messages with the rules that each opens an alert for, by the hour at which things were said."""
    raised: list[tuple[Kept, str]] = []
    last = _last_open(corp, found, policy)
    for each in sorted(found, key=lambda one: one.sent_at):
        for rule_id in sorted({hit.rule for hit in each.hits}):
            place = (each.message.conversation, rule_id)
            before, at = last.get(place), each.sent_at
            # A record that opened late may be older than the alert: what counts is how far they lie apart.
            apart = at - abs(at - before) if before else None
            if merges(policy.rule(rule_id), last_opened_at=apart, at=at):
                continue
            raised.append((each, rule_id))
            last[place] = at
    return raised


def _last_open(corp: Corp, found: Iterable[Kept], policy: Policy) -> dict[tuple[str, str], datetime]:
    """When the newest message was said whose alert is open, by conversation and rule, of rules that merge."""
    wanted = {
        (each.message.conversation, hit.rule)
        for each in found
        for hit in each.hits
        if policy.rule(hit.rule).threshold.dedupe_hours
    }
    if not wanted:
        return {}
    rows = (
        Alert.objects.filter(house_id=corp.house_id, message__account_id=corp.account_id)
        .filter(rule__in={rule for _, rule in wanted})
        .filter(message__conversation__in={conversation for conversation, _ in wanted})
        .exclude(state=Alert.State.CLOSED)
        .values_list("message__conversation", "rule")
        .annotate(last=Max("message__sent_at"))
    )
    return {(conversation, rule): last for conversation, rule, last in rows}
