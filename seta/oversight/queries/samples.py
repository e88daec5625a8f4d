"""What was drawn and why it could not be chosen, who read what, and what associates were told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seta.oversight.models import (
    AuditEvent,
    Coaching,
    Reading,
    Reveal,
    SampleDraw,
    SampleItem,
)
from seta.oversight.queries.words import MessageView, context_of

CONTEXT_MESSAGES_EACH_WAY = 3


@dataclass(frozen=True)
class DrawRow:
    """A draw with how much of it was looked at and what was found."""

    id: int
    kind: str
    since: datetime
    until: datetime
    minimum: int
    share_bps: int
    population: int
    population_sha256: str
    audit_seq: int
    seed: str
    drawn_at: datetime
    drawn: int
    done: int
    breaches: int


@dataclass(frozen=True)
class ItemRow:
    """One thing drawn, without any words."""

    id: int
    draw_id: int
    kind: str
    stratum: str
    key: str
    finding: str
    reason: str
    at: datetime
    reading: "ReadingRow | None" = None


@dataclass(frozen=True)
class ReadingRow:
    """That somebody opened what was said."""

    id: int
    user_id: int | None
    purpose: str
    note: str
    messages: int
    at: datetime
    alert_id: int | None
    rule: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class SampledView:
    """A drawn message in its conversation."""

    item: ItemRow
    userid: str
    external_userid: str
    conversation: str
    message_id: int
    context: tuple[MessageView, ...]


@dataclass(frozen=True)
class CoachingRow:
    """What was written to an associate."""

    id: int
    rule: str
    userid: str
    text: str
    author_id: int | None
    sent_at: datetime
    seen_at: datetime | None


def draws(house_id: int, *, kind: str, limit: int = 30) -> list[DrawRow]:
    """Draws of a kind, latest first."""
    rows = SampleDraw.objects.filter(house_id=house_id, kind=kind).order_by("-until")
    return [_draw_row(row) for row in rows.prefetch_related("items")[:limit]]


def draw_row(house_id: int, draw_id: int) -> DrawRow | None:
    """One draw of the house."""
    row = SampleDraw.objects.filter(house_id=house_id, pk=draw_id).prefetch_related("items").first()
    return _draw_row(row) if row else None


def announcement(house_id: int, audit_seq: int) -> tuple[str, str] | None:
    """The line of the audit log with that number: its body and its chain value."""
    row = AuditEvent.objects.filter(house_id=house_id, seq=audit_seq).first()
    return (row.body, row.chain) if row else None


def drawn_keys(draw_id: int) -> list[tuple[str, str]]:
    """(stratum, key) of everything that was drawn."""
    return list(SampleItem.objects.filter(draw_id=draw_id).order_by("id").values_list("stratum", "key"))


def sample_items(house_id: int, *, kind: str, is_done: bool = False, limit: int = 100) -> list[ItemRow]:
    """What was drawn and still waits, oldest first, or what was judged, latest first; without any words."""
    rows = SampleItem.objects.filter(draw__house_id=house_id, draw__kind=kind).select_related(
        "draw", "message", "reading__alert"
    )
    rows = (
        rows.exclude(finding="").order_by("-found_at") if is_done else rows.filter(finding="").order_by("id")
    )
    return [_item_row(row) for row in rows[:limit]]


def sampled_view(item: SampleItem) -> SampledView:
    """A drawn message in its conversation; pages use operations.open_sampled, which logs the reading."""
    message = item.message
    assert message is not None
    return SampledView(
        _item_row(item),
        message.userid,
        message.external_userid,
        message.conversation,
        message.pk,
        context_of(message, each_way=CONTEXT_MESSAGES_EACH_WAY),
    )


def readings(house_id: int, *, user_id: int | None = None, limit: int = 100) -> list[ReadingRow]:
    """Who opened what was said, for which purpose, latest first."""
    rows = Reading.objects.filter(house_id=house_id).select_related("alert").order_by("-at", "-id")
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return [_reading_row(row) for row in rows[:limit]]


def revealed_to(user_id: int, alert_ids: list[int]) -> set[int]:
    """Which of these alerts' names a reviewer was shown."""
    return set(Reveal.objects.filter(user_id=user_id, alert__in=alert_ids).values_list("alert_id", flat=True))


def coachings(house_id: int, *, userid: str = "", alert_id: int | None = None) -> list[CoachingRow]:
    """What was written to an associate, or about an alert, latest first."""
    rows = Coaching.objects.filter(house_id=house_id).order_by("-sent_at")
    rows = rows.filter(userid=userid) if userid else rows.filter(alert=alert_id)
    return [
        CoachingRow(row.pk, row.rule, row.userid, row.text, row.author_id, row.sent_at, row.seen_at)
        for row in rows[:100]
    ]


def sample_totals(house_id: int) -> Mapping[str, int]:
    """How many drawn things of each kind wait for a person."""
    rows = SampleItem.objects.filter(draw__house_id=house_id, finding="").values_list("draw__kind", flat=True)
    kinds = list(rows)
    return {kind: kinds.count(kind) for kind in SampleDraw.Kind.values}


def _draw_row(row: SampleDraw) -> DrawRow:
    items = list(row.items.all())
    return DrawRow(
        id=row.pk,
        kind=row.kind,
        since=row.since,
        until=row.until,
        minimum=row.minimum,
        share_bps=row.share_bps,
        population=row.population,
        population_sha256=row.population_sha256,
        audit_seq=row.audit_seq,
        seed=row.seed,
        drawn_at=row.drawn_at,
        drawn=len(items),
        done=sum(bool(item.finding) for item in items),
        breaches=sum(item.finding == SampleItem.Finding.BREACH for item in items),
    )


def _item_row(row: SampleItem) -> ItemRow:
    reading = _reading_row(row.reading) if row.reading else None
    at = row.message.sent_at if row.message else row.reading.at if row.reading else row.draw.drawn_at
    return ItemRow(
        row.pk, row.draw_id, row.draw.kind, row.stratum, row.key, row.finding, row.reason, at, reading
    )


def _reading_row(row: Reading) -> ReadingRow:
    alert = row.alert
    return ReadingRow(
        id=row.pk,
        user_id=row.user_id,
        purpose=row.purpose,
        note=row.note,
        messages=row.messages,
        at=row.at,
        alert_id=row.alert_id,
        rule=alert.rule if alert else "",
        verdict=alert.verdict if alert else "",
    )
