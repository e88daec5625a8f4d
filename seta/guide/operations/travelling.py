"""Makes stays of several days, and mends a day when its owner is late."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from seta.events.operations import publish
from seta.guide.events import PlanSaved
from seta.guide.lookup import GuideInMemory, guide_of
from seta.guide.models import Plan, PlanStop
from seta.guide.operations.planning import (
    DAY_MINUTES_MIN,
    PLAN_AHEAD_MAX,
    PlanRefused,
    expiry,
)
from seta.guide.rules.checking import trip_violations
from seta.guide.rules.planning import STOPS_WISHED_MAX, DayPlan, LeftOut, Reason, Sight, Stop
from seta.guide.rules.trips import (
    PAUSE_MINUTES,
    TRIP_DAYS_MAX,
    Booking,
    Hours,
    Pace,
    TripPlan,
    TripWish,
    plan_trip,
)
from seta.kit.clock import rome_day
from seta.kit.ids import new_id

LESSER_KNOWN_MAX = 3.0


def save_trip(*, house_id: int, person_id: int, wish: TripWish, now: datetime) -> str:
    """Plan a stay, keep it for its owner, and return its id; raises PlanRefused.

    Beside the refusals of a single day: day_none, days_many, day_twice, booking_day, weight_bad.
    """
    _refuse_impossible(wish, now)
    sights = guide_of(house_id).sights
    if not sights:
        raise PlanRefused("no_guide")
    trip = plan_trip(wish, sights)
    wrong = trip_violations(trip, sights, wish)
    assert not wrong, wrong
    return _keep_trip(house_id, person_id, wish, trip, now)


@transaction.atomic
def forget_trip(*, trip_id: str, person_id: int) -> bool:
    """Delete all days of the owner's stay; False when they have no such stay."""
    if not trip_id:
        return False
    deleted, _ = Plan.objects.filter(trip=trip_id, person_id=person_id).delete()
    return deleted > 0


@transaction.atomic
def replan_late(*, plan_id: str, person_id: int, at: int, now: datetime) -> bool:
    """Plan the rest of a day again from minute `at`; False when the owner has no such plan.

    What began before stays as it was. The rest keeps its bookings, and what no longer fits is left out with its
    reason; nothing new is put in.
    """
    plan = Plan.objects.select_for_update(of=("self",)).filter(public_id=plan_id, person_id=person_id).first()
    if plan is None:
        return False
    guide = guide_of(plan.house_id)
    rows = list(plan.stops.select_related("place").order_by("position"))
    begun = [row for row in rows if row.start_minute < at]
    rest = [row for row in rows if row.start_minute >= at]
    late, left_out = _rest_of_day(plan, begun, rest, guide.sights, at)
    reasons = {row.place.code: (row.why, row.shelter) for row in rest}
    PlanStop.objects.filter(pk__in=[row.pk for row in rest]).delete()
    PlanStop.objects.bulk_create(
        _row(plan, guide, stop, len(begun) + number, *reasons[stop.code])
        for number, stop in enumerate(late.stops)
    )
    lost = {each.code for each in left_out}
    kept = [each for each in plan.left_out if each["code"] not in lost]
    plan.left_out = [*kept, *_left_out(left_out)]
    plan.save(update_fields=["left_out"])
    _tell(plan, guide, [*(row.place.code for row in begun), *(stop.code for stop in late.stops)], now)
    return True


def _rest_of_day(
    plan: Plan, begun: list[PlanStop], rest: list[PlanStop], sights: Sequence[Sight], at: int
) -> tuple[DayPlan, tuple[LeftOut, ...]]:
    """The stops not yet begun, planned from where the visitor will be and when."""
    last = begun[-1] if begun else None
    pace = Pace(plan.pace) if plan.pace else Pace.NORMAL
    free = max(at, last.leave_minute + PAUSE_MINUTES[pace]) if last else max(at, plan.start_minute)
    here = last.place.code if last else plan.start_place
    codes = {row.place.code for row in rest} | {here}
    known = [sight for sight in sights if sight.code in codes]
    wish = TripWish(
        days=(Hours(day=plan.day, start=min(free, plan.end_minute - 1), end=plan.end_minute),),
        places=tuple(row.place.code for row in rest if not row.booked),
        booked=tuple(
            Booking(code=row.place.code, day=plan.day, minute=row.start_minute) for row in rest if row.booked
        ),
        start_place=here,
        pace=pace,
    )
    trip = plan_trip(wish, known)
    wrong = trip_violations(trip, known, wish)
    assert not wrong, wrong
    # Its doors are open at the booked hour, or it would not have been in the plan: there is no time to get there.
    left_out = tuple(
        replace(each, reason=Reason.NO_TIME) if each.reason is Reason.BOOKING else each
        for each in trip.left_out
    )
    return trip.days[0], left_out


def _refuse_impossible(wish: TripWish, now: datetime) -> None:
    days = [hours.day for hours in wish.days]
    if not days:
        raise PlanRefused("day_none")
    if len(days) > TRIP_DAYS_MAX:
        raise PlanRefused("days_many")
    if len(set(days)) < len(days):
        raise PlanRefused("day_twice")
    today = rome_day(now)
    if min(days) < today:
        raise PlanRefused("day_past")
    if max(days) > today + PLAN_AHEAD_MAX:
        raise PlanRefused("day_far")
    if any(hours.end - hours.start < DAY_MINUTES_MIN for hours in wish.days):
        raise PlanRefused("day_short")
    if len(wish.places) + len(wish.booked) > STOPS_WISHED_MAX:
        raise PlanRefused("too_many")
    if any(booking.day not in days for booking in wish.booked):
        raise PlanRefused("booking_day")
    if not 0 <= wish.lesser_known <= LESSER_KNOWN_MAX:
        raise PlanRefused("weight_bad")


@transaction.atomic
def _keep_trip(house_id: int, person_id: int, wish: TripWish, trip: TripPlan, now: datetime) -> str:
    guide = guide_of(house_id)
    trip_id = new_id("trip")
    for number, day in enumerate(trip.days):
        plan = Plan.objects.create(
            house_id=house_id,
            person_id=person_id,
            public_id=new_id("plan"),
            day=day.day,
            start_minute=day.start,
            end_minute=day.end,
            start_place=day.start_place,
            interests=sorted(wish.interests),
            left_out=_left_out(trip.left_out) if number == 0 else [],
            trip=trip_id,
            pace=wish.pace.value,
            notes=[note.value for noted, note in trip.notes if noted == day.day],
            dispersal=asdict(trip.dispersal) if trip.dispersal and number == 0 else {},
            created_at=now,
            expires_at=expiry(trip.days[-1].day),
        )
        PlanStop.objects.bulk_create(
            _row(plan, guide, stop, position, trip.why[stop.code].value, trip.shelter.get(stop.code, ""))
            for position, stop in enumerate(day.stops)
        )
        _tell(plan, guide, [stop.code for stop in day.stops], now)
    return trip_id


def _row(plan: Plan, guide: GuideInMemory, stop: Stop, position: int, why: str, shelter: str) -> PlanStop:
    return PlanStop(
        plan=plan,
        place=guide.places[stop.code],
        position=position,
        mode=stop.mode,
        travel_minutes=stop.travel,
        arrive_minute=stop.arrive,
        start_minute=stop.start,
        leave_minute=stop.leave,
        booked=stop.booked,
        why=why,
        shelter=shelter,
    )


def _left_out(codes: Sequence[LeftOut]) -> list[dict[str, str]]:
    return [{"code": each.code, "reason": each.reason.value} for each in codes]


def _tell(plan: Plan, guide: GuideInMemory, codes: Sequence[str], now: datetime) -> None:
    publish(
        PlanSaved(
            house_id=plan.house_id,
            occurred_at=now,
            person_id=plan.person_id,
            plan_id=plan.public_id,
            day=plan.day.isoformat(),
            places=tuple(codes),
            districts=tuple(dict.fromkeys(guide.district(code) for code in codes)),
            left_out=len(plan.left_out),
        )
    )
