"""Whether an associate may write to a client now; all associates of the house count together."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from seta.clienteling.models import BlackoutPolicy, ContactMade
from seta.clienteling.rules.contacting import WEEK, BlackoutTerms, Contact, Contactable, contactable
from seta.houses import queries as houses
from seta.people import queries as people

PURPOSE = "messages"


def blackout_terms(house_id: int) -> BlackoutTerms:
    """The house's own patience, or the one that houses start with."""
    row = BlackoutPolicy.objects.filter(house_id=house_id).first()
    if row is None:
        return BlackoutTerms()
    return BlackoutTerms(row.own_hours, row.colleague_days, row.week_max, row.night_from, row.night_until)


def may_contact(*, house_id: int, person_id: int, associate_id: int, now: datetime) -> Contactable:
    """Whether an associate may write to a client of their own accord: consent, quiet hours, what was sent already.

    Ask before every sending that a client has not begun; operations.note_contact keeps that it was sent.
    """
    person_id = people.current_id(person_id)
    terms = blackout_terms(house_id)
    since = now - max(WEEK, _days(terms))
    rows = ContactMade.objects.filter(house_id=house_id, person_id=person_id, at__gte=since)
    return contactable(
        has_agreed=people.has_agreed(person_id, PURPOSE),
        contacts=[Contact(row.associate_id, row.at) for row in rows],
        associate_id=associate_id,
        local_now=now.astimezone(ZoneInfo(houses.house(house_id).timezone)),
        terms=terms,
    )


def _days(terms: BlackoutTerms) -> timedelta:
    return timedelta(days=terms.colleague_days, hours=terms.own_hours)
