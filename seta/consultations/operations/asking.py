"""A client books a call alone, at a time that is free by the associate's hours; the associate gets a task."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seta.clienteling.operations import add_follow_up
from seta.consultations import rules
from seta.consultations.events import ConsultationBooked, ConsultationCancelled
from seta.consultations.models import CallHours, Consultation
from seta.consultations.operations.booking import book
from seta.consultations.queries import ConsultationCard, bookable_of, card_of, hosts_of
from seta.consultations.rules import ConsultationRefused, Refusal
from seta.houses import queries as houses
from seta.kit.words import in_language
from seta.oversight.operations import append_audit
from seta.people.queries import current_id


@transaction.atomic
def set_hours(*, house_id: int, user_id: int, hours: str, now: datetime) -> None:
    """Say when one's clients may book by themselves, empty for never. Raises ConsultationRefused (BAD_HOURS)."""
    values = {"hours": rules.hours_of(hours), "changed_at": now}
    CallHours.objects.update_or_create(house_id=house_id, user_id=user_id, defaults=values)


@transaction.atomic
def book_by_client(
    *,
    house_id: int,
    person_id: int,
    associate_id: int,
    kind: str,
    starts_at: datetime,
    minutes: int,
    agreed: bool,
    language: str,
    now: datetime,
    topic: str = "",
) -> ConsultationCard:
    """Book a call with one's own associate; the same time with them again is the same call.

    What the client agreed to is kept in the audit log. Raises ConsultationRefused: NOT_AGREED, NO_ASSOCIATE,
    BAD_CHOICE, BAD_TIME, QUIET_HOURS, OUT_OF_HOURS, TAKEN, TOO_MANY.
    """
    if not agreed:
        raise ConsultationRefused(Refusal.NOT_AGREED)
    person_id = current_id(person_id)
    hosts = hosts_of(house_id=house_id, person_id=person_id)
    found = next((one for one in hosts if one.associate_id == associate_id), None)
    if found is None:
        raise ConsultationRefused(Refusal.NO_ASSOCIATE)
    rules.refuse_bad_time(starts_at, minutes, now)
    mine = Consultation.objects.filter(
        house_id=house_id, person_id=person_id, state=Consultation.State.BOOKED
    )
    same = mine.filter(user_id=found.user_id, starts_at=starts_at, kind=kind).first()
    if same is not None:
        return card_of(same)
    rules.refuse_time_of_client(starts_at, minutes, bookable_of(house_id, found.user_id), now=now)
    card = book(
        house_id=house_id,
        person_id=person_id,
        user_id=found.user_id,
        associate_id=found.associate_id,
        host_name=found.name,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        topic=" ".join(topic.split()),
        by=rules.CLIENT,
        now=now,
    )
    words = rules.digest_of(in_language(rules.CALL_WORDS, language))
    details = {"consultation": card.id, "words": words, "language": language[:8]}
    append_audit(house_id=house_id, kind="consultation.agreed", details=details, now=now)
    return card


def tell_associate(fact: ConsultationBooked | ConsultationCancelled, now: datetime) -> None:
    """What the client did alone becomes a task of the associate's, reminded of in WeCom like every task."""
    row = Consultation.objects.filter(public_id=fact.consultation_id).first()
    if fact.by != rules.CLIENT or row is None or row.associate_id is None:
        return
    starts = row.starts_at.astimezone(ZoneInfo(houses.house(row.house_id).timezone))
    what = "已预约 / booked" if isinstance(fact, ConsultationBooked) else "已取消 / cancelled"
    kind = "视频 video" if row.kind == Consultation.Kind.VIDEO else "语音 voice"
    add_follow_up(
        house_id=row.house_id,
        associate_id=row.associate_id,
        person_id=row.person_id,
        kind="call",
        title=f"{what} · {kind} · {starts:%Y-%m-%d %H:%M}",
        due_at=now,
        now=now,
        key=f"call:{fact.name}:{row.public_id}",
    )
