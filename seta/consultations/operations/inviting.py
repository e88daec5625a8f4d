"""Tells the client of a consultation: invitation, change, cancellation and reminder, each asked of oversight."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from seta.consultations import rules
from seta.consultations.events import ConsultationBooked, ConsultationCancelled, ConsultationMoved
from seta.consultations.models import Consultation, Quarter
from seta.consultations.queries import card_of, client_link
from seta.conversations.operations import notify, send_text
from seta.houses.queries import AccountMissing
from seta.kit.clock import BEIJING
from seta.people.events import PersonsMerged
from seta.people.operations import repoint
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

PAGE = "pages/appointment/appointment"


def send_invitation(fact: ConsultationBooked, now: datetime) -> None:
    """Send the link of a new consultation; once, however often it is called."""
    _tell(fact.consultation_id, "已预约", "invitation", now)


def send_change(fact: ConsultationMoved, now: datetime) -> None:
    """Send the link with the new time."""
    _tell(fact.consultation_id, "已改期", f"moved:{fact.sequence}", now)


def send_cancellation(fact: ConsultationCancelled, now: datetime) -> None:
    """Tell the client what the associate gave up; what clients cancel themselves they know."""
    if fact.by == rules.ASSOCIATE:
        _tell(fact.consultation_id, "已取消", "cancelled", now)


def remind(now: datetime) -> int:
    """Remind clients half an hour before; for the worker's schedule. Returns how many were reminded."""
    due = Consultation.objects.filter(
        state=Consultation.State.BOOKED,
        reminded_at=None,
        starts_at__gt=now,
        starts_at__lte=now + rules.REMIND_BEFORE,
        booked_at__lte=now - rules.REMIND_BEFORE,
    )
    reminded = 0
    for row in due.order_by("starts_at")[:100]:
        try:
            _tell(row.public_id, "即将开始", f"reminder:{row.sequence}", now)
        except PlatformError as problem:
            log.warning("the reminder of %s waits: %s", row.public_id, problem)
            continue
        reminded += Consultation.objects.filter(pk=row.pk, sequence=row.sequence).update(reminded_at=now)
    return reminded


def _tell(public_id: str, what: str, step: str, now: datetime) -> None:
    """By chat where its window is open, and by subscribe message; held and failed ones stand in the thread."""
    row = Consultation.objects.filter(public_id=public_id).first()
    if row is None:
        return
    starts, key = row.starts_at.astimezone(BEIJING), f"{public_id}:{step}"
    text = rules.invitation_text(
        kind=row.kind, host=row.host_name, starts=starts, url=client_link(card_of(row)), what=what
    )
    _where_connected(
        lambda: send_text(house_id=row.house_id, person_id=row.person_id, text=text, now=now, key=key)
    )
    _where_connected(
        lambda: notify(
            house_id=row.house_id,
            person_id=row.person_id,
            template="appointment",
            data=rules.notice_data(kind=row.kind, host=row.host_name, starts=starts, what=what),
            page=PAGE,
            now=now,
            key=f"{key}:notice",
        )
    )


def _where_connected(send: Callable[[], object]) -> None:
    """A house without that account tells by the other one, or by the link that the associate passes on."""
    try:
        send()
    except AccountMissing as problem:
        log.info("not told: %s", problem)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the absorbed person's consultations to the kept one; what would double their time is cancelled."""
    taken = Quarter.objects.filter(person_id=fact.kept_id).values_list("at", flat=True)
    doubled = Quarter.objects.filter(person_id=fact.absorbed_id, at__in=list(taken))
    for row in Consultation.objects.filter(
        pk__in=list(doubled.values_list("consultation_id", flat=True)), state=Consultation.State.BOOKED
    ):
        row.quarters.all().delete()
        row.state, row.cancelled_by, row.changed_at = Consultation.State.CANCELLED, rules.ASSOCIATE, now
        row.save(update_fields=["state", "cancelled_by", "changed_at"])
    doubled.delete()
    repoint(Quarter, fact)
    repoint(Consultation, fact)
