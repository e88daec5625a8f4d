"""Tells travellers who asked for it, once and before their stay begins, what is still to be done."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min

from seta.conversations.operations import notify
from seta.guide.models import Plan, PlanStop
from seta.guide.rules.reminding import AHEAD, Planned, is_daytime, moved, reminder_data, to_book
from seta.houses.queries import AccountMissing
from seta.kit.clock import rome_day


@transaction.atomic
def ask_reminder(*, trip_id: str, person_id: int, wanted: bool) -> bool:
    """Note whether the owner of a stay wants to be told before it; False when they have no such stay."""
    if not trip_id:
        return False
    return Plan.objects.filter(trip=trip_id, person_id=person_id).update(remind=wanted) > 0


def tell_before_trips(now: datetime) -> int:
    """Tell those whose stay begins within two days; for the worker's schedule. Returns how many were told."""
    if not is_daytime(now):
        return 0
    today = rome_day(now)
    due = (
        Plan.objects.filter(remind=True)
        .exclude(trip="")
        .values("trip")
        .annotate(first=Min("day"), days=Count("pk"))
        .filter(first__gt=today, first__lte=today + AHEAD)
        .order_by("trip")
    )
    return sum(_tell(row["trip"], row["days"], now) for row in due)


def _tell(trip: str, days: int, now: datetime) -> bool:
    rows = PlanStop.objects.filter(plan__trip=trip).select_related("plan", "place").order_by("plan__day")
    stops = [
        Planned(
            row.plan.day,
            row.start_minute,
            row.leave_minute,
            row.place.opening_hours,
            row.place.booking == "required",
            row.booked,
        )
        for row in rows
    ]
    first = Plan.objects.filter(trip=trip).order_by("day").first()
    if first is None or not stops:
        return False
    try:
        notify(
            house_id=first.house_id,
            person_id=first.person_id,
            template="trip",
            data=dict(
                reminder_data(
                    days=days, first=first.day, stops=len(stops), to_book=to_book(stops), moved=moved(stops)
                )
            ),
            page=f"pages/day/day?trip={trip}",
            now=now,
            key=f"trip:{trip}",
        )
    except AccountMissing:
        return False
    Plan.objects.filter(trip=trip).update(remind=False)
    return True
