"""How oversight does: alerts per thousand messages, time to verdict, backlog, precision, and what nobody looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from seta.oversight.models import (
    Alert,
    ArchivedMessage,
    ModeChange,
    QueuePlan,
    Review,
    RuleTrial,
    ShadowHit,
    TrialHit,
)
from seta.oversight.queries.policies import mode_of, rule_of, rules_of
from seta.oversight.queries.words import text_of
from seta.oversight.rules import Action, Hit, Piece, Rule, pieces
from seta.oversight.rules.measuring import Interval, quantile, wilson

AGES = (
    ("4 h", timedelta(hours=4)),
    ("1 d", timedelta(days=1)),
    ("3 d", timedelta(days=3)),
    ("7 d", timedelta(days=7)),
)
HEARD_KINDS = ("voice", "meeting_voice_call", "voip_doc_share")
SEEN_KINDS = ("image", "video", "emotion", "file")


@dataclass(frozen=True)
class RuleFigures:
    """What one rule did in a period and what reviewers made of it; `rate` is alerts per message."""

    rule: str
    category: str
    severity: str
    mode: str
    alerts: int
    messages: int
    rate: Interval | None
    precision: Interval | None
    max_alert_rate: float
    min_precision: float
    shadow_hits: int


@dataclass(frozen=True)
class Denominators:
    """What the figures are of: who is on the archive, and what no rule can read."""

    messages: int
    writers: int
    unheard: int
    unseen: int


@dataclass(frozen=True)
class Backlog:
    """Waiting alerts by age: (at most so old, how many); the last bar has no bound."""

    bars: tuple[tuple[str, int], ...]
    oldest_at: datetime | None


@dataclass(frozen=True)
class VerdictTimes:
    """How long alerts waited for their last word."""

    closed: int
    median: timedelta | None
    ninth: timedelta | None
    in_time: Interval | None


@dataclass(frozen=True)
class FourEyes:
    """How often a second person judged, and agreed."""

    judged_twice: int
    agreement: Interval | None


@dataclass(frozen=True)
class TrialRow:
    """A rule run over history."""

    id: int
    rule: str
    since: datetime
    until: datetime
    messages: int
    unreadable: int
    alerts: int
    at: datetime
    asked_by_id: int | None
    precision: Interval | None
    samples: tuple["TrialSample", ...] = ()

    @property
    def alerts_a_day(self) -> float:
        """Alerts that the rule would have made each day."""
        return self.alerts / max(1.0, (self.until - self.since) / timedelta(days=1))


@dataclass(frozen=True)
class TrialSample:
    """One find of a trial, to be judged; the words are opened through operations."""

    id: int
    message_id: int
    verdict: str


@dataclass(frozen=True)
class TrialView:
    """The words that a rule on trial found, cut into pieces to be marked; empty when they were erased."""

    id: int
    rule: str
    conversation: str
    pieces: tuple[Piece, ...]
    sent_at: datetime
    verdict: str


@dataclass(frozen=True)
class QueueRow:
    """How a queue's alerts find a reviewer, and who answers for it."""

    queue: str
    rules: int
    assignment: str
    owner_id: int | None


@dataclass(frozen=True)
class ChangeRow:
    """A change of how a rule runs, waiting or decided."""

    id: int
    rule: str
    mode: str
    reason: str
    state: str
    asked_by_id: int | None
    asked_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None
    owner_id: int | None


def figures(house_id: int, *, since: datetime, until: datetime) -> list[RuleFigures]:
    """Each rule of the house, those with the most alerts first."""
    messages = _messages(house_id, since, until).count()
    counted = _counts(house_id, since, until)
    noted = _shadow_counts(house_id, since, until)
    rows = [_figures(house_id, rule, messages, counted, noted) for rule in rules_of(house_id)]
    return sorted(rows, key=lambda row: (-row.alerts, row.rule))


def rule_figures(house_id: int, rule_id: str, *, since: datetime, until: datetime) -> RuleFigures | None:
    """One rule of the house, or None."""
    rule = rule_of(house_id, rule_id)
    if rule is None:
        return None
    messages = _messages(house_id, since, until).count()
    counts = _counts(house_id, since, until)
    return _figures(house_id, rule, messages, counts, _shadow_counts(house_id, since, until))


def denominators(house_id: int, *, since: datetime, until: datetime) -> Denominators:
    """What the rules could and could not read in a period."""
    rows = _messages(house_id, since, until)
    counted = rows.aggregate(
        messages=Count("id"),
        writers=Count("userid", filter=~Q(userid=""), distinct=True),
        unheard=Count("id", filter=Q(kind__in=HEARD_KINDS)),
        unseen=Count("id", filter=Q(kind__in=SEEN_KINDS)),
    )
    return Denominators(**counted)


def alerts_by_day(house_id: int, *, since: datetime, until: datetime) -> Mapping[date, int]:
    """Alerts opened on each UTC day that had any."""
    rows = Alert.objects.filter(house_id=house_id, opened_at__gte=since, opened_at__lt=until)
    return dict(rows.annotate(day=TruncDate("opened_at")).values_list("day").annotate(number=Count("id")))


def backlog(house_id: int, *, now: datetime) -> Backlog:
    """Waiting alerts by how long they have waited."""
    opened = list(
        Alert.objects.filter(house_id=house_id)
        .exclude(state=Alert.State.CLOSED)
        .values_list("opened_at", flat=True)
    )
    bars, below = [], timedelta(0)
    for name, age in AGES:
        bars.append((name, sum(below <= now - at < age for at in opened)))
        below = age
    bars.append(("", sum(now - at >= below for at in opened)))
    return Backlog(tuple(bars), min(opened, default=None))


def verdict_times(house_id: int, *, since: datetime, until: datetime) -> VerdictTimes:
    """How long the alerts closed in a period had waited."""
    rows = Alert.objects.filter(house_id=house_id, closed_at__gte=since, closed_at__lt=until)
    spans = [
        (closed - opened, closed <= due)
        for opened, closed, due in rows.values_list("opened_at", "closed_at", "due_at")
        if closed is not None
    ]
    waits = [span for span, _ in spans]
    in_time = wilson(sum(kept for _, kept in spans), len(spans))
    return VerdictTimes(len(spans), quantile(waits, 0.5), quantile(waits, 0.9), in_time)


def four_eyes(house_id: int, *, since: datetime, until: datetime) -> FourEyes:
    """Alerts that a second person judged in a period, and how often the two agreed."""
    rows = Review.objects.filter(
        alert__house_id=house_id, at__gte=since, at__lt=until, withdrawn_at=None, round__lte=2
    )
    said: dict[int, list[str]] = {}
    for alert_id, verdict in rows.values_list("alert_id", "verdict"):
        said.setdefault(alert_id, []).append(verdict)
    pairs = [verdicts for verdicts in said.values() if len(verdicts) == 2]
    return FourEyes(len(pairs), wilson(sum(one == other for one, other in pairs), len(pairs)))


def trials(house_id: int, rule_id: str, *, limit: int = 5) -> list[TrialRow]:
    """Trials of a rule over history, latest first, with their samples."""
    rows = RuleTrial.objects.filter(house_id=house_id, rule=rule_id).order_by("-at")
    return [_trial(row) for row in rows.prefetch_related("samples")[:limit]]


def trials_of_version(house_id: int, policy_version: str) -> list[TrialRow]:
    """The latest run of a document over history: one trial a rule, those with the most alerts first."""
    rows = RuleTrial.objects.filter(house_id=house_id, policy_version=policy_version)
    latest = rows.order_by("-at").values_list("at", flat=True).first()
    if latest is None:
        return []
    return [
        _trial(row) for row in rows.filter(at=latest).order_by("-alerts", "rule").prefetch_related("samples")
    ]


def trial_view(house_id: int, hit_id: int) -> TrialView | None:
    """A find of a trial with its words marked; pages use operations.open_trial_hit, which logs the reading."""
    hits = TrialHit.objects.filter(pk=hit_id, trial__house_id=house_id)
    row = hits.select_related("message__body_key", "trial").first()
    if row is None:
        return None
    text = text_of(row.message) or ""
    mark = Hit(row.trial.rule, "", Action.FLAG, row.start, row.end, "exact")
    return TrialView(
        row.pk,
        row.trial.rule,
        row.message.conversation,
        tuple(pieces(text, [mark])),
        row.message.sent_at,
        row.verdict,
    )


def changes(house_id: int, *, rule_id: str = "", state: str = "", limit: int = 20) -> list[ChangeRow]:
    """Changes of how rules run, latest first."""
    rows = ModeChange.objects.filter(house_id=house_id).order_by("-asked_at", "-id")
    if rule_id:
        rows = rows.filter(rule=rule_id)
    if state:
        rows = rows.filter(state=state)
    return [
        ChangeRow(
            row.pk,
            row.rule,
            row.mode,
            row.reason,
            row.state,
            row.asked_by_id,
            row.asked_at,
            row.decided_by_id,
            row.decided_at,
            row.owner_id,
        )
        for row in rows[:limit]
    ]


def queue_plans(house_id: int) -> list[QueueRow]:
    """The queues that the house's rules name."""
    plans = {plan.queue: plan for plan in QueuePlan.objects.filter(house_id=house_id)}
    queues: dict[str, int] = {}
    for rule in rules_of(house_id):
        queues[rule.review.queue] = queues.get(rule.review.queue, 0) + 1
    rows = []
    for queue, rules in sorted(queues.items()):
        plan = plans.get(queue)
        assignment = plan.assignment if plan else QueuePlan.Assignment.MANUAL.value
        rows.append(QueueRow(queue, rules, assignment, plan.owner_id if plan else None))
    return rows


def _messages(house_id: int, since: datetime, until: datetime) -> QuerySet[ArchivedMessage]:
    return ArchivedMessage.objects.filter(house_id=house_id, archived_at__gte=since, archived_at__lt=until)


def _counts(house_id: int, since: datetime, until: datetime) -> Mapping[str, Mapping[str, int]]:
    rows = Alert.objects.filter(house_id=house_id, opened_at__gte=since, opened_at__lt=until).values("rule")
    counted = rows.annotate(
        alerts=Count("id"),
        judged=Count("id", filter=~Q(verdict="")),
        right=Count("id", filter=Q(verdict=Review.Verdict.TRUE_POSITIVE)),
    )
    return {
        row["rule"]: {"alerts": row["alerts"], "judged": row["judged"], "right": row["right"]}
        for row in counted
    }


def _shadow_counts(house_id: int, since: datetime, until: datetime) -> Mapping[str, int]:
    rows = ShadowHit.objects.filter(message__house_id=house_id, found_at__gte=since, found_at__lt=until)
    return dict(rows.values_list("rule").annotate(number=Count("message", distinct=True)))


def _figures(
    house_id: int,
    rule: Rule,
    messages: int,
    counted: Mapping[str, Mapping[str, int]],
    noted: Mapping[str, int],
) -> RuleFigures:
    row = counted.get(rule.id, {"alerts": 0, "judged": 0, "right": 0})
    return RuleFigures(
        rule=rule.id,
        category=rule.category,
        severity=rule.severity.value,
        mode=mode_of(house_id, rule),
        alerts=row["alerts"],
        messages=messages,
        rate=wilson(min(row["alerts"], messages), messages),
        precision=wilson(row["right"], row["judged"]),
        max_alert_rate=rule.budget.max_alert_rate,
        min_precision=rule.budget.min_precision,
        shadow_hits=noted.get(rule.id, 0),
    )


def _trial(row: RuleTrial) -> TrialRow:
    samples = sorted(row.samples.all(), key=lambda each: each.pk)
    judged = [each for each in samples if each.verdict]
    right = sum(each.verdict == Review.Verdict.TRUE_POSITIVE for each in judged)
    return TrialRow(
        id=row.pk,
        rule=row.rule,
        since=row.since,
        until=row.until,
        messages=row.messages,
        unreadable=row.unreadable,
        alerts=row.alerts,
        at=row.at,
        asked_by_id=row.asked_by_id,
        precision=wilson(right, len(judged)),
        samples=tuple(TrialSample(each.pk, each.message_id, each.verdict) for each in samples),
    )
