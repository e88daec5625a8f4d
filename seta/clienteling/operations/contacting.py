"""Keep what was sent of an associate's own accord, so that three people do not write to one client."""

from datetime import datetime

from django.db import transaction

from seta.clienteling.models import Associate, BlackoutPolicy, ContactMade
from seta.clienteling.queries.contacting import may_contact
from seta.clienteling.rules import SEES_ALL_CLIENTS, Refusal, Refused
from seta.clienteling.rules.contacting import BlackoutTerms
from seta.houses.queries import member_of
from seta.oversight.operations import append_audit
from seta.people.queries import current_id


def must_be_contactable(*, house_id: int, person_id: int, associate_id: int, now: datetime) -> None:
    """Raise Refused (NO_CONSENT, BLACKOUT with the instant in its advice) unless the client may be written to now."""
    found = may_contact(house_id=house_id, person_id=person_id, associate_id=associate_id, now=now)
    if found.allowed:
        return
    if found.reason == "no_consent":
        raise Refused(Refusal.NO_CONSENT)
    assert found.until is not None
    raise Refused(Refusal.BLACKOUT, [found.until.strftime("%Y-%m-%d %H:%M %Z")], [found.reason])


@transaction.atomic
def note_contact(*, house_id: int, person_id: int, associate_id: int, channel: str, now: datetime) -> None:
    """Keep that an associate wrote to a client of their own accord; call it with the sending."""
    if not Associate.objects.filter(pk=associate_id, house_id=house_id).exists():
        raise Refused(Refusal.UNKNOWN)
    ContactMade.objects.create(
        house_id=house_id,
        person_id=current_id(person_id),
        associate_id=associate_id,
        channel=channel[:24],
        at=now,
    )


@transaction.atomic
def set_blackout(*, house_id: int, user_id: int, terms: BlackoutTerms, now: datetime) -> None:
    """Put a house's patience in force, by a supervisor; raises Refused (SUPERVISOR_ONLY, BAD_CHOICE)."""
    must_supervise(house_id, user_id)
    hours = (terms.night_from, terms.night_until)
    pauses = (terms.own_hours <= 24 * 30, terms.colleague_days <= 60, terms.week_max <= 50)
    if not all(0 <= hour <= 23 for hour in hours) or not all(pauses) or min(terms.__dict__.values()) < 0:
        raise Refused(Refusal.BAD_CHOICE)
    BlackoutPolicy.objects.update_or_create(house_id=house_id, defaults=dict(terms.__dict__))
    details = {"user": user_id, **terms.__dict__}
    append_audit(house_id=house_id, kind="blackout.set", details=details, now=now)


def must_supervise(house_id: int, user_id: int) -> None:
    """Raise Refused (SUPERVISOR_ONLY) unless the user supervises this house."""
    member = member_of(user_id)
    if member is None or member.house_id != house_id or member.role not in SEES_ALL_CLIENTS:
        raise Refused(Refusal.SUPERVISOR_ONLY)
