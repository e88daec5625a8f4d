"""Books, moves and cancels consultations; the database refuses a second one at the same time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from seta.consultations import rules
from seta.consultations.events import ConsultationBooked, ConsultationCancelled, ConsultationMoved
from seta.consultations.models import Consultation, Peer, Quarter
from seta.consultations.operations.recording import stop_running
from seta.consultations.queries import ConsultationCard, card_of
from seta.consultations.rules import ConsultationRefused, Refusal, RoomPass
from seta.events.operations import publish
from seta.kit.ids import new_id
from seta.people.queries import current_id


@transaction.atomic
def book(
    *,
    house_id: int,
    person_id: int,
    user_id: int,
    host_name: str,
    kind: str,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    associate_id: int | None = None,
    topic: str = "",
    appointment_id: str = "",
    by: str = rules.ASSOCIATE,
) -> ConsultationCard:
    """Book a call of a client with a member; raises ConsultationRefused (BAD_CHOICE, BAD_TIME, TAKEN, TOO_MANY)."""
    if kind not in rules.KINDS:
        raise ConsultationRefused(Refusal.BAD_CHOICE)
    rules.refuse_bad_time(starts_at, minutes, now)
    person_id = current_id(person_id)
    open_ones = Consultation.objects.filter(
        house_id=house_id, person_id=person_id, state__in=Consultation.ALIVE
    )
    if open_ones.filter(ends_at__gt=now).count() >= rules.OPEN_MAX:
        raise ConsultationRefused(Refusal.TOO_MANY)
    row = Consultation.objects.create(
        house_id=house_id,
        person_id=person_id,
        public_id=new_id("cons"),
        user_id=user_id,
        associate_id=associate_id,
        host_name=host_name[:80],
        kind=kind,
        topic=topic[: rules.TOPIC_CHARS_MAX],
        appointment_id=appointment_id[:40],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        booked_by=by,
        booked_at=now,
        changed_at=now,
    )
    _take_quarters(row)
    publish(
        ConsultationBooked(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            associate_id=associate_id,
            consultation_id=row.public_id,
            kind=kind,
            starts_at=starts_at.isoformat(),
            minutes=minutes,
            by=by,
        )
    )
    return card_of(row)


@transaction.atomic
def move(
    *, house_id: int, public_id: str, starts_at: datetime, minutes: int, now: datetime
) -> ConsultationCard:
    """Give a consultation another time; the client is told. Raises ConsultationRefused."""
    row = locked(house_id, public_id)
    if row.state != Consultation.State.BOOKED:
        raise ConsultationRefused(Refusal.OVER)
    rules.refuse_bad_time(starts_at, minutes, now)
    row.quarters.all().delete()
    row.starts_at, row.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
    row.sequence, row.changed_at, row.reminded_at = row.sequence + 1, now, None
    row.save(update_fields=["starts_at", "ends_at", "sequence", "changed_at", "reminded_at"])
    Peer.objects.filter(consultation=row).delete()
    _take_quarters(row)
    publish(
        ConsultationMoved(
            house_id=house_id,
            occurred_at=now,
            person_id=row.person_id,
            associate_id=row.associate_id,
            consultation_id=public_id,
            kind=row.kind,
            starts_at=starts_at.isoformat(),
            sequence=row.sequence,
        )
    )
    return card_of(row)


def cancel(*, house_id: int, public_id: str, by: str, now: datetime) -> ConsultationCard:
    """Give the time back, by associate or client; twice is the same as once. Raises ConsultationRefused (OVER)."""
    assert by in rules.PARTIES
    with transaction.atomic():
        return give_back(locked(house_id, public_id), by, now)


def cancel_by_client(*, one: RoomPass, now: datetime) -> ConsultationCard:
    """The same for who holds the client's link; raises ConsultationRefused (NOT_YOURS, OVER)."""
    if one.role != rules.CLIENT:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    return cancel(house_id=one.house_id, public_id=one.public_id, by=rules.CLIENT, now=now)


def give_back(row: Consultation, by: str, now: datetime) -> ConsultationCard:
    """Cancel a locked row and tell; for this part's own operations."""
    if row.state == Consultation.State.CANCELLED:
        return card_of(row)
    if row.state != Consultation.State.BOOKED:
        raise ConsultationRefused(Refusal.OVER)
    stop_running(row, "cancelled", now)
    row.quarters.all().delete()
    row.state, row.cancelled_by = Consultation.State.CANCELLED, by
    row.sequence, row.changed_at = row.sequence + 1, now
    row.save(update_fields=["state", "cancelled_by", "sequence", "changed_at"])
    Peer.objects.filter(consultation=row).delete()
    publish(
        ConsultationCancelled(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            associate_id=row.associate_id,
            consultation_id=row.public_id,
            kind=row.kind,
            by=by,
        )
    )
    return card_of(row)


def locked(house_id: int, public_id: str) -> Consultation:
    """The row, locked until the transaction ends; raises ConsultationRefused (UNKNOWN)."""
    row = Consultation.objects.select_for_update().filter(house_id=house_id, public_id=public_id).first()
    if row is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    return row


def _take_quarters(row: Consultation) -> None:
    try:
        with transaction.atomic():
            Quarter.objects.bulk_create(
                Quarter(consultation=row, at=at, user_id=row.user_id, person_id=row.person_id)
                for at in rules.quarters(row.starts_at, row.ends_at)
            )
    except IntegrityError as problem:
        raise ConsultationRefused(Refusal.TAKEN) from problem
