"""How the archive stands: coverage, health, what would not open, and conversations without their words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from seta.oversight.models import (
    Agreement,
    Alert,
    ArchivedMessage,
    ArchiveGap,
    PullCursor,
    RawRecord,
)
from seta.oversight.rules.archive import AGREED

LAG_ALARM = timedelta(hours=24)
ACTIVE_DAYS = timedelta(days=90)


@dataclass(frozen=True)
class ArchivedDay:
    """A day of a client's chat with an associate, without its words: how many messages each wrote, and the last."""

    userid: str
    last_at: datetime
    received: int
    sent: int


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
class Coverage:
    """How many pairs of associate and client can be archived; `share` from 0 to 1."""

    agreed: int
    disagreed: int
    unasked: int

    @property
    def total(self) -> int:
        """All pairs that count."""
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


def client_wrote_at(house_id: int, person_id: int) -> datetime | None:
    """When a client last wrote to any associate of the house, as far as the archive knows."""
    rows = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id, sender_role="client")
    newest: datetime | None = rows.aggregate(newest=Max("sent_at"))["newest"]
    return newest


def archived_days(
    *, house_id: int, person_id: int, zone: tzinfo, before: datetime | None = None, limit: int = 40
) -> list[ArchivedDay]:
    """The days of `zone` on which a person chatted with an associate, newest first, last words `before`."""
    said = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id)
    days = said.values("userid", day=TruncDate("sent_at", tzinfo=zone)).annotate(
        last_at=Max("sent_at"),
        received=Count("id", filter=Q(sender_role="client")),
        sent=Count("id", filter=Q(sender_role="sa")),
    )
    if before is not None:
        days = days.filter(last_at__lt=before)
    return [
        ArchivedDay(row["userid"], row["last_at"], row["received"], row["sent"])
        for row in days.order_by("-last_at")[:limit]
    ]


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


def archived_msgids(house_id: int, msgids: Collection[str]) -> set[str]:
    """Which of these platform message ids the archive holds."""
    held = ArchivedMessage.objects.filter(ArchivedMessage.with_msgids(msgids), house_id=house_id)
    return set(held.values_list("msgid", flat=True))


def coverage(house_id: int, *, now: datetime) -> Coverage:
    """How many pairs that talked in the last ninety days may be archived: the headline figure of oversight."""
    since = now - ACTIVE_DAYS
    active = Agreement.objects.filter(house_id=house_id).filter(
        Q(active_at__gt=since) | Q(active_at=None, changed_at__gt=since)
    )
    counts = dict(active.values_list("status").annotate(number=Count("id")))
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
