"""A client proves to be in the store: by the code on its screen, or by an associate who sees them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seta.conversations.queries import campaign_of
from seta.events.operations import publish
from seta.stores import rules
from seta.stores.events import VisitCheckedIn
from seta.stores.models import Appointment, Boutique, Visit
from seta.stores.operations.booking import BookingRefused
from seta.stores.queries import VisitCard, boutique_row, check_in_key, visit_card
from seta.stores.rules import Refusal


@transaction.atomic
def check_in(*, house_id: int, person_id: int, code: str, now: datetime) -> VisitCard:
    """Check in with the screen's code; once a day and boutique. Raises BookingRefused with BAD_CODE."""
    found = rules.checked_boutique(check_in_key(house_id), code, now)
    store = boutique_row(house_id, found) if found else None
    if store is None:
        raise BookingRefused(Refusal.BAD_CODE)
    return _visit(store, person_id, Visit.Means.CODE, None, now)


@transaction.atomic
def check_in_by_associate(
    *, house_id: int, person_id: int, boutique: str, associate_id: int, now: datetime
) -> VisitCard:
    """An associate vouches that the client is in the store. Raises BookingRefused for an unknown boutique."""
    store = boutique_row(house_id, boutique)
    if store is None:
        raise BookingRefused(Refusal.UNKNOWN_BOUTIQUE)
    return _visit(store, person_id, Visit.Means.ASSOCIATE, associate_id, now)


def _visit(
    store: Boutique, person_id: int, means: Visit.Means, associate_id: int | None, now: datetime
) -> VisitCard:
    day = now.astimezone(ZoneInfo(store.timezone)).date()
    appointment = _appointment_of_day(store, person_id, now)
    visit, new = Visit.objects.get_or_create(
        boutique=store,
        person_id=person_id,
        on_day=day,
        defaults={
            "house_id": store.house_id,
            "appointment": appointment,
            "associate_id": associate_id,
            "means": means,
            "checked_in_at": now,
        },
    )
    if not new:
        return visit_card(visit)
    if appointment is not None:
        appointment.state, appointment.changed_at = Appointment.State.ATTENDED, now
        appointment.save(update_fields=["state", "changed_at"])
    publish(
        VisitCheckedIn(
            house_id=store.house_id,
            occurred_at=now,
            person_id=person_id,
            campaign=campaign_of(house_id=store.house_id, person_id=person_id),
            associate_id=associate_id,
            visit_id=visit.pk,
            boutique_id=store.pk,
            boutique=store.code,
            district=store.district,
            means=means.value,
            appointment_id=appointment.public_id if appointment else "",
        )
    )
    return visit_card(visit)


def _appointment_of_day(store: Boutique, person_id: int, now: datetime) -> Appointment | None:
    """The client's next confirmed appointment here on this day, in the store's own calendar."""
    zone = ZoneInfo(store.timezone)
    begins = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Appointment.objects.filter(
        boutique=store, person_id=person_id, state=Appointment.State.CONFIRMED, starts_at__gte=begins
    ).order_by("starts_at")
    first = mine.first()
    return first if first and first.starts_at.astimezone(zone).date() == begins.date() else None
