"""Keeps what policy found in a batch, and opens the alerts that a person must judge, repeats merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.db.models import Max

from seta.events.operations import publish_many
from seta.oversight import bodies
from seta.oversight.events import AlertOpened
from seta.oversight.models import Alert, ArchivedMessage, Hit
from seta.oversight.opening import Found
from seta.oversight.operations.audit import append_audit_many
from seta.oversight.rules import Policy, merges
from seta.oversight.rules.alerting import by_category, leading
from seta.oversight.rules.archive import Message


@dataclass(frozen=True)
class Corp:
    """Whose archive it is: the house, its WeCom account and the account's corpid.

    `noted` are the pairs that this pull has noted as talking already, since it asks for a thousand with every page.
    """

    house_id: int
    account_id: int
    app_id: str
    noted: set[tuple[str, str]] = field(default_factory=set, compare=False, repr=False)


class Kept(msgspec.Struct, frozen=True, eq=False):
    """An archived message with its row's id and whose it is."""

    id: int
    message: Message
    person_id: int | None
    key: bodies.SealingKey
    hits: tuple[Found, ...]
    shadow: tuple[Found, ...]
    words: str

    @property
    def sent_at(self) -> datetime:
        """When it was said."""
        return self.message.sent_at


@dataclass(frozen=True)
class _Raised:
    """An alert to open: for which message, by which rule, and how many hours it may wait."""

    kept: Kept
    rule: str
    severity: str
    sla_hours: int


def write_hits(corp: Corp, kept: Sequence[Kept], policy: Policy, now: datetime) -> int:
    """Keep every hit and open an alert for each category and message; returns how many alerts were opened.

    The gravest rule gives an alert its name and its severity, the most urgent of the rules its deadline. A rule that
    merges repeats opens none while an alert that it belongs to still waits for a judgement in the conversation.
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
            message_id=each.kept.id,
            rule=each.rule,
            severity=each.severity,
            opened_at=now,
            due_at=now + timedelta(hours=each.sla_hours),
        )
        for each in raised
    )
    details = [
        {"alert": alert.pk, "rule": alert.rule, "msgid": each.kept.message.msgid}
        for alert, each in zip(alerts, raised, strict=True)
    ]
    append_audit_many(house_id=corp.house_id, kind="alert.opened", details=details, now=now)
    publish_many(
        [_alert_fact(corp, alert, each.kept, now) for alert, each in zip(alerts, raised, strict=True)]
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


def _unmerged(corp: Corp, found: Sequence[Kept], policy: Policy) -> list[_Raised]:
    """What alerts are opened for, by the hour at which things were said."""
    raised: list[_Raised] = []
    last = _last_open(corp, found, policy)
    for each in sorted(found, key=lambda one: one.sent_at):
        for hits in by_category(each.hits, policy):
            rules = {hit.rule for hit in hits}
            fresh = {rule for rule in rules if not _repeats(rule, each, last, policy)}
            if not fresh:
                continue
            lead = leading([hit for hit in hits if hit.rule in fresh], policy)
            hours = min(policy.rule(rule).sla_hours for rule in fresh)
            raised.append(_Raised(each, lead.rule, policy.rule(lead.rule).severity.value, hours))
            last.update(dict.fromkeys([(each.message.conversation, rule) for rule in rules], each.sent_at))
    return raised


def _repeats(rule: str, each: Kept, last: dict[tuple[str, str], datetime], policy: Policy) -> bool:
    before, at = last.get((each.message.conversation, rule)), each.sent_at
    # A record that opened late may be older than the alert: what counts is how far they lie apart.
    apart = at - abs(at - before) if before else None
    return merges(policy.rule(rule), last_opened_at=apart, at=at)


def _last_open(corp: Corp, found: Iterable[Kept], policy: Policy) -> dict[tuple[str, str], datetime]:
    """When the newest message was said whose alert is open, by conversation and rule, of rules that merge.

    An alert stands for every rule of its category that was found in its message.
    """
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
        .filter(message__hits__rule__in={rule for _, rule in wanted})
        .filter(ArchivedMessage.in_conversations({talk for talk, _ in wanted}, by="message__"))
        .exclude(state=Alert.State.CLOSED)
        .values_list("message__conversation", "rule", "message__hits__rule")
        .annotate(last=Max("message__sent_at"))
    )
    categories = {rule.id: rule.category for rule in policy.rules}
    last: dict[tuple[str, str], datetime] = {}
    for conversation, alerted, rule, at in rows:
        if alerted == rule or categories.get(alerted) == categories[rule]:
            last[conversation, rule] = max(at, last.get((conversation, rule), at))
    return last
