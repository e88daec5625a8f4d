"""Lets browsers into a room and carries their signals, each in order, to the one they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.consultations import rules
from seta.consultations.models import Consultation, Peer, Signal
from seta.consultations.operations.booking import locked
from seta.consultations.rules import ConsultationRefused, Outgoing, Refusal, RoomPass
from seta.oversight.operations import append_audit

DEVICE_CHARS_MAX = 64


@dataclass(frozen=True)
class Entered:
    """A browser's place in a room: its session's number, who else is there, and the last signal put before it."""

    session: int
    others: tuple[str, ...]
    after: int


@dataclass(frozen=True)
class Heard:
    """A signal as it is read: `seq` counts without gaps for each reader, `session` tells a sender that came anew."""

    seq: int
    sender: str
    session: int
    kind: str
    body: str


@transaction.atomic
def enter(*, one: RoomPass, device: str, now: datetime) -> Entered:
    """Take a place in the room, at the booked time only; the same device comes back into its own place.

    Raises ConsultationRefused: OVER, NOT_YET, CLOSED, NOT_ANNOUNCED, ROOM_FULL while another device of the same
    link was heard of within half a minute.
    """
    row = locked(one.house_id, one.public_id)
    must_be_open(row, now)
    if one.role == rules.SUPERVISOR and (row.listener_id is None or row.listener_id != one.user_id):
        raise ConsultationRefused(Refusal.NOT_ANNOUNCED)
    if not device or len(device) > DEVICE_CHARS_MAX:
        raise ConsultationRefused(Refusal.UNREADABLE)
    peer = Peer.objects.filter(consultation=row, role=one.role).first()
    if peer is None:
        peer = Peer(consultation=row, role=one.role)
    elif peer.device != device and peer.seen_at > now - rules.SILENT_AFTER:
        raise ConsultationRefused(Refusal.ROOM_FULL)
    else:
        peer.session += 1
        peer.signals.all().delete()
    peer.device, peer.seen_at, peer.heard = device, now, 0
    peer.save()
    if one.role not in row.came:
        row.came = [*row.came, one.role]
        row.save(update_fields=["came"])
    others = Peer.objects.filter(consultation=row, seen_at__gt=now - rules.SILENT_AFTER).exclude(pk=peer.pk)
    return Entered(peer.session, tuple(sorted(others.values_list("role", flat=True))), peer.told)


@transaction.atomic
def send_signal(*, one: RoomPass, session: int, signal: Outgoing, now: datetime) -> bool:
    """Put a signal before the browser it is for; False when it was taken before, or when nobody is there to read it.

    Raises ConsultationRefused: NOT_IN_ROOM, OUT_OF_ORDER when a number was left out, UNREAD when too many wait.
    """
    row = locked(one.house_id, one.public_id)
    must_be_open(row, now)
    mine = _own(row, one, session)
    if signal.number <= mine.heard:
        return False
    if signal.number != mine.heard + 1:
        raise ConsultationRefused(Refusal.OUT_OF_ORDER)
    reader = Peer.objects.select_for_update().filter(consultation=row, role=signal.to).first()
    if reader is not None and signal.to != one.role:
        if reader.signals.count() >= rules.WAITING_MAX:
            raise ConsultationRefused(Refusal.UNREAD)
        reader.told += 1
        reader.save(update_fields=["told"])
        Signal.objects.create(
            peer=reader,
            seq=reader.told,
            sender=one.role,
            sender_session=mine.session,
            kind=signal.kind,
            body=signal.body,
        )
    mine.heard, mine.seen_at = signal.number, now
    mine.save(update_fields=["heard", "seen_at"])
    return reader is not None


@transaction.atomic
def read_signals(*, one: RoomPass, session: int, after: int, now: datetime) -> Sequence[Heard]:
    """What was put before this browser after a number; what it has read is forgotten. Raises ConsultationRefused."""
    row = Consultation.objects.filter(house_id=one.house_id, public_id=one.public_id).first()
    if row is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    must_be_open(row, now)
    mine = _own(row, one, session)
    Peer.objects.filter(pk=mine.pk).update(seen_at=now)
    mine.signals.filter(seq__lte=after).delete()
    return [
        Heard(each.seq, each.sender, each.sender_session, each.kind, each.body)
        for each in mine.signals.filter(seq__gt=after).order_by("seq")[:50]
    ]


@transaction.atomic
def leave(*, one: RoomPass, session: int, now: datetime) -> None:
    """Give the place free at once; leaving twice changes nothing."""
    row = locked(one.house_id, one.public_id)
    Peer.objects.filter(consultation=row, role=one.role, session=session).update(
        seen_at=now - rules.SILENT_AFTER
    )


@transaction.atomic
def announce_listener(*, house_id: int, public_id: str, user_id: int, name: str, now: datetime) -> None:
    """Say to both that a supervisor listens; only then may they enter. Kept in the log. Raises ConsultationRefused."""
    row = locked(house_id, public_id)
    must_be_open(row, now)
    if row.user_id == user_id:
        raise ConsultationRefused(Refusal.NOT_YOURS)
    row.listener_id, row.listener_name = user_id, name[:80]
    row.save(update_fields=["listener_id", "listener_name"])
    details = {"consultation": public_id, "user": user_id}
    append_audit(house_id=house_id, kind="consultation.listened", details=details, now=now)


def must_be_open(row: Consultation, now: datetime) -> None:
    """Raise ConsultationRefused (OVER, NOT_YET, CLOSED) unless the room can be used."""
    if row.state not in Consultation.ALIVE:
        raise ConsultationRefused(Refusal.OVER)
    rules.refuse_closed_room(row.starts_at, row.ends_at, now)


def _own(row: Consultation, one: RoomPass, session: int) -> Peer:
    mine = Peer.objects.select_for_update().filter(consultation=row, role=one.role, session=session).first()
    if mine is None:
        raise ConsultationRefused(Refusal.NOT_IN_ROOM)
    return mine
