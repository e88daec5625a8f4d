"""What the desk shows of oversight: the queue, one alert in its conversation, coverage, health, proof.

Views that hold the words of a conversation are opened through operations, which log who read them and why.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from seta.oversight import bodies
from seta.oversight.models import (
    Agreement,
    Alert,
    ArchivedMessage,
    ArchiveGap,
    AuditEvent,
    Hit,
    PullCursor,
    RawRecord,
    Review,
)
from seta.oversight.policy import shipped
from seta.oversight.rules import Action, Piece, pieces
from seta.oversight.rules import Hit as FoundHit
from seta.oversight.rules.archive import AGREED
from seta.oversight.rules.chain import ChainReport, Entry, verify

CONTEXT_MESSAGES_EACH_WAY = 10
CONVERSATION_MESSAGES_MAX = 500
EXCERPT_CHARS_EACH_WAY = 24
LAG_ALARM = timedelta(hours=24)


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


@dataclass(frozen=True)
class MessageView:
    """A message to read; `pieces` are plain text to be escaped, empty when the body was erased."""

    id: int
    sender_role: str
    kind: str
    sent_at: datetime
    pieces: tuple[Piece, ...]
    is_erased: bool
    revoked_at: datetime | None


@dataclass(frozen=True)
class AlertView:
    """An alert, why the rule exists, what to say instead, and the messages around it."""

    alert: AlertRow
    advice: Mapping[str, str]
    context: tuple[MessageView, ...]


@dataclass(frozen=True)
class ConversationView:
    """A conversation between an associate and a client, oldest first."""

    conversation: str
    userid: str
    external_userid: str
    person_id: int | None
    messages: tuple[MessageView, ...]


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in a list, without its words."""

    conversation: str
    userid: str
    external_userid: str
    person_id: int | None
    messages: int
    open_alerts: int
    last_at: datetime


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


@dataclass(frozen=True)
class Coverage:
    """How many pairs of associate and client can be archived; `share` from 0 to 1."""

    agreed: int
    disagreed: int
    unasked: int

    @property
    def total(self) -> int:
        """All known pairs."""
        return self.agreed + self.disagreed + self.unasked

    @property
    def share(self) -> float:
        """Agreed pairs per known pair; 0 when there are none."""
        return self.agreed / self.total if self.total else 0.0


@dataclass(frozen=True)
class ArchiveHealth:
    """Whether the archive flows; `is_late` warns well before WeCom drops records after five days."""

    seq: int
    pulled_at: datetime | None
    is_late: bool
    waiting: int
    dead: int
    missing: int
    messages: int
    newest_at: datetime | None


@dataclass(frozen=True)
class DeadLetter:
    """A record that would not open, and why."""

    seq: int
    publickey_ver: int
    reason: str
    received_at: datetime


@dataclass(frozen=True)
class AuditRow:
    """A line of the audit log."""

    seq: int
    kind: str
    at: datetime
    body: str
    chain: str


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
    rows = Alert.objects.filter(house_id=house_id).select_related("message__body_key", "review")
    if state:
        rows = rows.filter(state=state)
    if severity:
        rows = rows.filter(severity=severity)
    if userid:
        rows = rows.filter(message__userid=userid)
    rows = rows.order_by("-closed_at" if state == Alert.State.CLOSED else "due_at", "id")
    page = list(rows.prefetch_related("message__hits")[offset : offset + limit])
    return [_alert_row(row, now) for row in page]


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
        .select_related("message__body_key", "review")
        .prefetch_related("message__hits")
        .first()
    )
    if row is None:
        return None
    said = _messages(house_id).filter(conversation=row.message.conversation)
    at = row.message.sent_at
    before = list(said.filter(sent_at__lt=at).order_by("-sent_at", "-seq")[:CONTEXT_MESSAGES_EACH_WAY])
    after = list(said.filter(sent_at__gte=at).order_by("sent_at", "seq")[: CONTEXT_MESSAGES_EACH_WAY + 1])
    rule = {each.id: each for each in shipped().rules}.get(row.rule)
    context = tuple(_message_view(each) for each in [*reversed(before), *after])
    return AlertView(_alert_row(row, now), rule.advice if rule else {}, context)


def conversations(
    house_id: int, *, userid: str = "", limit: int = 50, offset: int = 0
) -> list[ConversationRow]:
    """Conversations, latest first, without their words."""
    rows = ArchivedMessage.objects.filter(house_id=house_id)
    if userid:
        rows = rows.filter(userid=userid)
    waiting = Count("alerts", filter=~Q(alerts__state=Alert.State.CLOSED), distinct=True)
    grouped = (
        rows.values("conversation")
        .annotate(
            who=Max("userid"),
            client=Max("external_userid"),
            person=Max("person_id"),
            number=Count("id", distinct=True),
            waiting=waiting,
            last=Max("sent_at"),
        )
        .order_by("-last")[offset : offset + limit]
    )
    return [
        ConversationRow(
            conversation=row["conversation"],
            userid=row["who"],
            external_userid=row["client"],
            person_id=row["person"],
            messages=row["number"],
            open_alerts=row["waiting"],
            last_at=row["last"],
        )
        for row in grouped
    ]


def conversation_view(*, house_id: int, conversation: str) -> ConversationView | None:
    """A conversation's newest messages; pages use operations.read_conversation, which logs the reading."""
    said = _messages(house_id).filter(conversation=conversation).order_by("-sent_at", "-seq")
    rows = list(reversed(said[:CONVERSATION_MESSAGES_MAX]))
    if not rows:
        return None
    last = rows[-1]
    views = tuple(_message_view(row) for row in rows)
    return ConversationView(conversation, last.userid, last.external_userid, last.person_id, views)


def archived_msgids(house_id: int, msgids: Collection[str]) -> set[str]:
    """Which of these platform message ids the archive holds."""
    return set(_messages(house_id).filter(msgid__in=msgids).values_list("msgid", flat=True))


def conversation_digest(conversation: str) -> str:
    """The name under which the audit log knows a conversation."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]


def coverage(house_id: int) -> Coverage:
    """How many known pairs may be archived: the headline figure of oversight."""
    counts = dict(
        Agreement.objects.filter(house_id=house_id).values_list("status").annotate(number=Count("id"))
    )
    agreed = sum(counts.get(status, 0) for status in AGREED)
    return Coverage(agreed, counts.get("Disagree", 0), counts.get("Unasked", 0))


def agreement_status(*, house_id: int, userid: str, external_userid: str) -> str:
    """What a pair's answer is; Unasked when the pair is unknown."""
    row = Agreement.objects.filter(house_id=house_id, userid=userid, external_userid=external_userid).first()
    return row.status if row else Agreement.Status.UNASKED.value


def archive_health(house_id: int, *, now: datetime) -> ArchiveHealth:
    """Whether the archive is pulled, opened and whole."""
    cursor = PullCursor.objects.filter(house_id=house_id).order_by("-seq").first()
    states = dict(
        RawRecord.objects.filter(house_id=house_id).values_list("state").annotate(number=Count("id"))
    )
    spans = ArchiveGap.objects.filter(house_id=house_id).values_list("first_seq", "last_seq")
    messages = ArchivedMessage.objects.filter(house_id=house_id)
    pulled_at = cursor.pulled_at if cursor else None
    return ArchiveHealth(
        seq=cursor.seq if cursor else 0,
        pulled_at=pulled_at,
        is_late=pulled_at is None or now - pulled_at > LAG_ALARM,
        waiting=states.get("kept", 0),
        dead=states.get("dead", 0),
        missing=sum(last - first + 1 for first, last in spans),
        messages=messages.count(),
        newest_at=messages.aggregate(newest=Max("sent_at"))["newest"],
    )


def dead_letters(house_id: int, *, limit: int = 50) -> list[DeadLetter]:
    """Records that would not open, newest first."""
    rows = RawRecord.objects.filter(house_id=house_id, state=RawRecord.State.DEAD).order_by("-seq")
    return [DeadLetter(row.seq, row.publickey_ver, row.reason, row.received_at) for row in rows[:limit]]


def rules_table(house_id: int) -> list[RuleRow]:
    """Every rule with its alerts and the verdicts on them."""
    rows = Alert.objects.filter(house_id=house_id).values("rule")
    counted = rows.annotate(
        number=Count("id"),
        judged=Count("review"),
        right=Count("review", filter=Q(review__verdict=Review.Verdict.TRUE_POSITIVE)),
    )
    found = {row["rule"]: row for row in counted}
    nothing = {"number": 0, "judged": 0, "right": 0}
    return [
        RuleRow(rule.id, rule.category, rule.severity.value, row["number"], row["right"], row["judged"])
        for rule in shipped().rules
        for row in [found.get(rule.id, nothing)]
    ]


def advice(rule_ids: Sequence[str], *, language: str) -> list[str]:
    """What the rules tell the writer, in zh, it or English, without repeats."""
    by_id = {rule.id: rule for rule in shipped().rules}
    texts = [by_id[rule_id].advice for rule_id in rule_ids if rule_id in by_id]
    said = [each.get(language[:2].lower(), each.get("en", "")) for each in texts]
    return [text for text in dict.fromkeys(said) if text]


def audit_log(house_id: int, *, kind: str = "", limit: int = 100, offset: int = 0) -> list[AuditRow]:
    """Lines of the audit log, newest first."""
    rows = AuditEvent.objects.filter(house_id=house_id).order_by("-seq")
    if kind:
        rows = rows.filter(kind=kind)
    return [AuditRow(row.seq, row.kind, row.at, row.body, row.chain) for row in rows[offset : offset + limit]]


def verify_audit(house_id: int) -> ChainReport:
    """Check a house's whole audit log, line by line."""
    return verify(_entries(house_id))


def _entries(house_id: int) -> Iterator[Entry]:
    rows = AuditEvent.objects.filter(house_id=house_id).order_by("seq")
    for seq, body, leaf, chain in rows.values_list("seq", "body", "leaf", "chain").iterator():
        yield Entry(seq, body, leaf, chain)


def _messages(house_id: int) -> QuerySet[ArchivedMessage]:
    return (
        ArchivedMessage.objects.filter(house_id=house_id).select_related("body_key").prefetch_related("hits")
    )


def _text(message: ArchivedMessage) -> str | None:
    """The words of a message, or None when its key is destroyed or its body changed."""
    bound_to = f"{message.account_id}:{message.msgid}"
    try:
        return bodies.unseal(message.sealed_body, key=message.body_key, bound_to=bound_to).decode()
    except bodies.BodyUnreadable:
        return None


def _found(hit: Hit) -> FoundHit:
    return FoundHit(hit.rule, hit.severity, Action[hit.action.upper()], hit.start, hit.end, hit.tier)


def _message_view(row: ArchivedMessage) -> MessageView:
    text = _text(row)
    return MessageView(
        id=row.pk,
        sender_role=row.sender_role,
        kind=row.kind,
        sent_at=row.sent_at,
        pieces=tuple(pieces(text or "", map(_found, row.hits.all()))),
        is_erased=text is None,
        revoked_at=row.revoked_at,
    )


def _excerpt(row: Alert) -> tuple[Piece, ...]:
    text = _text(row.message) or ""
    hits = [_found(hit) for hit in row.message.hits.all() if hit.rule == row.rule]
    if not hits:
        return ()
    low = max(0, min(hit.start for hit in hits) - EXCERPT_CHARS_EACH_WAY)
    high = min(hit.end for hit in hits) + EXCERPT_CHARS_EACH_WAY
    moved = [
        FoundHit(hit.rule, hit.severity, hit.action, hit.start - low, min(hit.end, high) - low, hit.tier)
        for hit in hits
    ]
    return tuple(pieces(text[low:high], moved))


def _alert_row(row: Alert, now: datetime) -> AlertRow:
    rule = {each.id: each for each in shipped().rules}.get(row.rule)
    review = getattr(row, "review", None)
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
        excerpt=_excerpt(row),
        verdict=review.verdict if review else "",
        reason=review.reason if review else "",
    )
