"""The call itself: when it began, how it went, when it ended, and what became of one that nobody came to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.consultations import rules
from seta.consultations.events import ConsultationHeld, ConsultationMissed
from seta.consultations.models import Consultation, Peer, Recording, ShownCard
from seta.consultations.operations.booking import locked
from seta.consultations.operations.recording import stop_running
from seta.consultations.operations.rooms import must_be_open
from seta.consultations.rules import ConsultationRefused, Refusal, RoomPass
from seta.events.operations import publish

CARDS_MAX = 100


@transaction.atomic
def note_connected(*, one: RoomPass, now: datetime) -> None:
    """A browser sees the other: the call begins once both parties are in the room. Raises ConsultationRefused."""
    row = locked(one.house_id, one.public_id)
    must_be_open(row, now)
    fresh = Peer.objects.filter(consultation=row, seen_at__gt=now - rules.SILENT_AFTER)
    present = set(fresh.values_list("role", flat=True))
    if row.state != Consultation.State.BOOKED or not present.issuperset(rules.PARTIES):
        return
    row.state, row.started_at = Consultation.State.UNDER_WAY, now
    row.save(update_fields=["state", "started_at"])


@transaction.atomic
def report_quality(*, one: RoomPass, measured: Mapping[str, Any], now: datetime) -> None:
    """Keep what a party's browser measured last; raises ConsultationRefused."""
    row = locked(one.house_id, one.public_id)
    must_be_open(row, now)
    if one.role in rules.PARTIES:
        row.quality = {**row.quality, one.role: rules.read_quality(measured)}
        row.save(update_fields=["quality"])


@transaction.atomic
def hang_up(*, one: RoomPass, now: datetime) -> None:
    """End the call for both; hanging up twice changes nothing. Before it began it only empties one's place."""
    row = locked(one.house_id, one.public_id)
    if row.state == Consultation.State.UNDER_WAY and one.role in rules.PARTIES:
        _end(row, one.role, now)
    else:
        Peer.objects.filter(consultation=row, role=one.role).delete()


def _end(row: Consultation, by: str, now: datetime) -> None:
    assert row.started_at is not None
    stop_running(row, "call_ended", now)
    row.state, row.ended_at, row.ended_by = Consultation.State.HELD, max(now, row.started_at), by
    row.save(update_fields=["state", "ended_at", "ended_by"])
    row.quarters.all().delete()
    Peer.objects.filter(consultation=row).delete()
    mine: Mapping[str, float] = row.quality.get(rules.ASSOCIATE) or row.quality.get(rules.CLIENT) or {}
    publish(
        ConsultationHeld(
            house_id=row.house_id,
            occurred_at=row.ended_at,
            person_id=row.person_id,
            associate_id=row.associate_id,
            consultation_id=row.public_id,
            kind=row.kind,
            started_at=row.started_at.isoformat(),
            ended_at=row.ended_at.isoformat(),
            seconds=int((row.ended_at - row.started_at).total_seconds()),
            ended_by=by,
            is_recorded=Recording.objects.filter(consultation=row, pieces__gt=0).exists(),
            rtt_ms=mine.get("rtt_ms", 0.0),
            lost_percent=mine.get("lost_percent", 0.0),
        )
    )


@transaction.atomic
def show_card(
    *, house_id: int, public_id: str, user_id: int, kind: str, code: str, title: str, now: datetime
) -> None:
    """Keep that a product or a place was shown to the client in the call; raises ConsultationRefused."""
    row = locked(house_id, public_id)
    if row.user_id != user_id:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    must_be_open(row, now)
    if row.cards.count() >= CARDS_MAX:
        raise ConsultationRefused(Refusal.TOO_MANY)
    ShownCard.objects.create(consultation=row, kind=kind[:8], code=code[:64], title=title[:120], shown_at=now)


def close_due(now: datetime) -> int:
    """End calls that nobody is in any more, and mark those that nobody came to; for the worker's schedule."""
    silent = now - rules.DROPPED_AFTER
    running = Consultation.objects.filter(state=Consultation.State.UNDER_WAY)
    closed = 0
    for pk in list(running.exclude(peers__seen_at__gt=silent).values_list("pk", flat=True)):
        closed += _close(pk, now)
    waiting = Consultation.objects.filter(state__in=Consultation.ALIVE, ends_at__lte=now - rules.CLOSES_AFTER)
    for pk in list(waiting.values_list("pk", flat=True)):
        closed += _close(pk, now)
    return closed


@transaction.atomic
def _close(pk: int, now: datetime) -> int:
    row = Consultation.objects.select_for_update().get(pk=pk)
    if row.state == Consultation.State.UNDER_WAY:
        last = Peer.objects.filter(consultation=row).order_by("-seen_at").first()
        _end(row, "dropped", last.seen_at if last and last.seen_at < now else now)
        return 1
    if row.state != Consultation.State.BOOKED:
        return 0
    away = [party for party in rules.PARTIES if party not in row.came]
    row.state, row.changed_at = Consultation.State.MISSED, now
    row.save(update_fields=["state", "changed_at"])
    row.quarters.all().delete()
    Peer.objects.filter(consultation=row).delete()
    publish(
        ConsultationMissed(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            associate_id=row.associate_id,
            consultation_id=row.public_id,
            kind=row.kind,
            absent=away[0] if len(away) == 1 else "both",
        )
    )
    return 1
