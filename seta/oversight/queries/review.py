"""The queue, one alert in its conversation, a whole conversation, and how well each rule does."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from seta.oversight.models import Alert, ArchivedMessage, Review
from seta.oversight.queries.policies import rule_of, rules_of
from seta.oversight.queries.words import MessageView, context_of, excerpt, message_view, messages_of
from seta.oversight.rules import Piece

CONTEXT_MESSAGES_EACH_WAY = 10
CONVERSATION_MESSAGES_MAX = 500


@dataclass(frozen=True)
class AlertRow:
    """An alert in a list; `excerpt` is the words around the first hit, cut into pieces to be marked."""

    id: int
    rule: str
    category: str
    severity: str
    state: str
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    userid: str
    person_id: int | None
    conversation: str
    message_id: int
    sent_at: datetime
    assignee_id: int | None
    excerpt: tuple[Piece, ...]
    verdict: str = ""
    reason: str = ""
    round: int = 1
    breached_at: datetime | None = None
    escalated_at: datetime | None = None
    escalation: str = ""


@dataclass(frozen=True)
class VerdictRow:
    """What one reviewer said of an alert."""

    round: int
    verdict: str
    reason: str
    reviewer_id: int | None
    at: datetime


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts a queue shows; `rules` and `userids` None means any."""

    state: str = ""
    severity: str = ""
    rules: Collection[str] | None = None
    userids: Collection[str] | None = None
    assignee_id: int | None = None
    is_overdue: bool = False
    ids: Collection[int] | None = None


@dataclass(frozen=True)
class AlertView:
    """An alert, why the rule exists, what to say instead, and the messages around it."""

    alert: AlertRow
    advice: Mapping[str, str]
    context: tuple[MessageView, ...]
    verdicts: tuple[VerdictRow, ...] = ()
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConversationView:
    """A conversation between an associate and a client, oldest first."""

    conversation: str
    userid: str
    external_userid: str
    person_id: int | None
    messages: tuple[MessageView, ...]


@dataclass(frozen=True)
class AlertTotals:
    """How the queue stands."""

    open: int
    claimed: int
    closed: int
    overdue: int
    by_severity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleRow:
    """A rule with what reviewers made of its alerts; precision is None until one was judged."""

    rule: str
    category: str
    severity: str
    alerts: int
    true_positives: int
    judged: int

    @property
    def precision(self) -> float | None:
        """True positives per judged alert."""
        return self.true_positives / self.judged if self.judged else None


def alerts(
    house_id: int,
    *,
    now: datetime,
    state: str = "",
    severity: str = "",
    userid: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[AlertRow]:
    """Alerts, soonest due first (closed ones: latest first), with an excerpt of what was found."""
    wanted = AlertFilter(state=state, severity=severity, userids=[userid] if userid else None)
    return [
        _alert_row(row, now, excerpt(row))
        for row in _filtered(house_id, wanted, now).prefetch_related("message__hits")[offset : offset + limit]
    ]


def queue(
    house_id: int, wanted: AlertFilter, *, now: datetime, limit: int = 50, offset: int = 0
) -> list[AlertRow]:
    """Alerts without any of the words, soonest due first; closed ones come last, the latest of them first."""
    return [_alert_row(row, now, ()) for row in _filtered(house_id, wanted, now)[offset : offset + limit]]


def queue_size(house_id: int, wanted: AlertFilter, *, now: datetime) -> int:
    """How many alerts a queue holds."""
    return _filtered(house_id, wanted, now).count()


def alerts_by_id(house_id: int, alert_ids: Collection[int], *, now: datetime) -> list[AlertRow]:
    """These alerts of the house with their excerpts; pages use operations.open_excerpts, which logs the reading."""
    rows = _filtered(house_id, AlertFilter(), now).filter(pk__in=alert_ids)
    return [_alert_row(row, now, excerpt(row)) for row in rows.prefetch_related("message__hits")]


def _filtered(house_id: int, wanted: AlertFilter, now: datetime) -> QuerySet[Alert]:
    rows = Alert.objects.filter(house_id=house_id).select_related("message__body_key")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.severity:
        rows = rows.filter(severity=wanted.severity)
    if wanted.rules is not None:
        rows = rows.filter(rule__in=wanted.rules)
    if wanted.userids is not None:
        rows = rows.filter(message__userid__in=wanted.userids)
    if wanted.ids is not None:
        rows = rows.filter(pk__in=wanted.ids)
    if wanted.assignee_id is not None:
        rows = rows.filter(assignee_id=wanted.assignee_id)
    if wanted.is_overdue:
        rows = rows.exclude(state=Alert.State.CLOSED).filter(due_at__lt=now)
    if wanted.state == Alert.State.CLOSED:
        return rows.order_by("-closed_at", "id").prefetch_related("reviews")
    last = Case(When(state=Alert.State.CLOSED, then=1), default=0, output_field=IntegerField())
    latest = Case(When(state=Alert.State.CLOSED, then=F("closed_at")))
    return rows.order_by(last, latest.desc(), "due_at", "id").prefetch_related("reviews")


def alert_totals(house_id: int, *, now: datetime) -> AlertTotals:
    """The queue in numbers."""
    rows = Alert.objects.filter(house_id=house_id)
    states = dict(rows.values_list("state").annotate(number=Count("id")))
    waiting = rows.exclude(state=Alert.State.CLOSED)
    return AlertTotals(
        open=states.get("open", 0),
        claimed=states.get("claimed", 0),
        closed=states.get("closed", 0),
        overdue=waiting.filter(due_at__lt=now).count(),
        by_severity=dict(waiting.values_list("severity").annotate(number=Count("id"))),
    )


def alert_view(*, house_id: int, alert_id: int, now: datetime) -> AlertView | None:
    """One alert with its context; pages use operations.open_alert, which logs the reading."""
    row = (
        Alert.objects.filter(house_id=house_id, pk=alert_id)
        .select_related("message__body_key")
        .prefetch_related("message__hits", "reviews")
        .first()
    )
    if row is None:
        return None
    rule = rule_of(house_id, row.rule)
    context = context_of(row.message, each_way=CONTEXT_MESSAGES_EACH_WAY)
    tiers = tuple(sorted({hit.tier for hit in row.message.hits.all() if hit.rule == row.rule}))
    return AlertView(
        _alert_row(row, now, excerpt(row)), rule.advice if rule else {}, context, _verdicts(row), tiers
    )


def _verdicts(row: Alert) -> tuple[VerdictRow, ...]:
    """What was said of a closed alert; of a waiting one nothing, so that nobody is led by another's verdict."""
    if row.state != Alert.State.CLOSED:
        return ()
    return tuple(
        VerdictRow(each.round, each.verdict, each.reason, each.reviewer_id, each.at)
        for each in sorted(row.reviews.all(), key=lambda each: each.round)
        if each.withdrawn_at is None
    )


def conversation_view(*, house_id: int, conversation: str) -> ConversationView | None:
    """A conversation's newest messages; pages use operations.read_conversation, which logs the reading."""
    said = (
        messages_of(house_id)
        .filter(ArchivedMessage.in_conversations([conversation]))
        .order_by("-sent_at", "-seq")
    )
    rows = list(reversed(said[:CONVERSATION_MESSAGES_MAX]))
    if not rows:
        return None
    last = rows[-1]
    views = tuple(message_view(row) for row in rows)
    return ConversationView(conversation, last.userid, last.external_userid, last.person_id, views)


def conversation_digest(conversation: str) -> str:
    """The name under which the audit log knows a conversation."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]


def rules_table(house_id: int) -> list[RuleRow]:
    """Every rule with its alerts and the verdicts on them."""
    rows = Alert.objects.filter(house_id=house_id).values("rule")
    counted = rows.annotate(
        number=Count("id"),
        judged=Count("id", filter=~Q(verdict="")),
        right=Count("id", filter=Q(verdict=Review.Verdict.TRUE_POSITIVE)),
    )
    found = {row["rule"]: row for row in counted}
    nothing = {"number": 0, "judged": 0, "right": 0}
    return [
        RuleRow(rule.id, rule.category, rule.severity.value, row["number"], row["right"], row["judged"])
        for rule in rules_of(house_id)
        for row in [found.get(rule.id, nothing)]
    ]


def advice(rule_ids: Sequence[str], *, house_id: int, language: str) -> list[str]:
    """What the house's rules tell the writer, in zh, it or English, without repeats."""
    by_id = {rule.id: rule for rule in rules_of(house_id)}
    texts = [by_id[rule_id].advice for rule_id in rule_ids if rule_id in by_id]
    said = [each.get(language[:2].lower(), each.get("en", "")) for each in texts]
    return [text for text in dict.fromkeys(said) if text]


def _alert_row(row: Alert, now: datetime, words: tuple[Piece, ...]) -> AlertRow:
    rule = rule_of(row.house_id, row.rule)
    said = _verdicts(row)
    return AlertRow(
        id=row.pk,
        rule=row.rule,
        category=rule.category if rule else row.rule,
        severity=row.severity,
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        is_overdue=row.state != Alert.State.CLOSED and row.due_at < now,
        userid=row.message.userid,
        person_id=row.message.person_id,
        conversation=row.message.conversation,
        message_id=row.message_id,
        sent_at=row.message.sent_at,
        assignee_id=row.assignee_id,
        excerpt=words,
        verdict=row.verdict,
        reason=said[-1].reason if said else "",
        round=row.round,
        breached_at=row.breached_at,
        escalated_at=row.escalated_at,
        escalation=row.escalation,
    )
