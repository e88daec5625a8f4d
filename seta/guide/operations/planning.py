"""Makes, keeps and forgets a client's plans."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from seta.events.operations import publish
from seta.guide.events import PlanSaved
from seta.guide.lookup import guide_of
from seta.guide.models import Plan, PlanStop
from seta.guide.rules.checking import violations
from seta.guide.rules.planning import STOPS_WISHED_MAX, DayPlan, Wish, plan_day
from seta.kit.clock import ROME, rome_day
from seta.kit.ids import new_id
from seta.people.events import PersonsMerged
from seta.people.operations import repoint

KEPT_AFTER = timedelta(days=30)
"""How long a plan stays once its last day is over."""
PLAN_AHEAD_MAX = timedelta(days=365)
DAY_MINUTES_MIN = 30


class PlanRefused(ValueError):
    """A wish that no plan can be made of; `code` names why: day_past, day_far, day_short, too_many, no_guide."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def save_plan(*, house_id: int, person_id: int, wish: Wish, now: datetime) -> str:
    """Plan a day, keep it for its owner, and return its id; raises PlanRefused.

    The day is planned before the transaction opens, so that nobody waits for the arithmetic.
    """
    _refuse_impossible(wish, rome_day(now))
    sights = guide_of(house_id).sights
    if not sights:
        raise PlanRefused("no_guide")
    planned = plan_day(wish, sights)
    wrong = violations(planned, sights, wish)
    assert not wrong, wrong
    return _keep(house_id, person_id, wish, planned, now)


@transaction.atomic
def forget_plan(*, plan_id: str, person_id: int) -> bool:
    """Delete the owner's plan; False when they have no such plan."""
    deleted, _ = Plan.objects.filter(public_id=plan_id, person_id=person_id).delete()
    return deleted > 0


def expiry(last_day: date) -> datetime:
    """When a plan whose last day this is may go."""
    return datetime.combine(last_day, time(), ROME) + KEPT_AFTER


def forget_old_plans(now: datetime) -> int:
    """Delete plans that are over since thirty days; for the worker's schedule. Returns how many rows went."""
    deleted, _ = Plan.objects.filter(expires_at__lte=now).delete()
    return deleted


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the absorbed person's plans to the kept one."""
    repoint(Plan, fact)


def _refuse_impossible(wish: Wish, today: date) -> None:
    if wish.day < today:
        raise PlanRefused("day_past")
    if wish.day > today + PLAN_AHEAD_MAX:
        raise PlanRefused("day_far")
    if wish.end - wish.start < DAY_MINUTES_MIN:
        raise PlanRefused("day_short")
    if len(wish.places) + len(wish.booked) > STOPS_WISHED_MAX:
        raise PlanRefused("too_many")


@transaction.atomic
def _keep(house_id: int, person_id: int, wish: Wish, planned: DayPlan, now: datetime) -> str:
    guide = guide_of(house_id)
    plan = Plan.objects.create(
        house_id=house_id,
        person_id=person_id,
        public_id=new_id("plan"),
        day=planned.day,
        start_minute=planned.start,
        end_minute=planned.end,
        start_place=planned.start_place,
        interests=sorted(wish.interests),
        left_out=[{"code": each.code, "reason": each.reason.value} for each in planned.left_out],
        created_at=now,
        expires_at=expiry(planned.day),
    )
    PlanStop.objects.bulk_create(
        PlanStop(
            plan=plan,
            place=guide.places[stop.code],
            position=position,
            mode=stop.mode,
            travel_minutes=stop.travel,
            arrive_minute=stop.arrive,
            start_minute=stop.start,
            leave_minute=stop.leave,
            booked=stop.booked,
        )
        for position, stop in enumerate(planned.stops)
    )
    codes = tuple(stop.code for stop in planned.stops)
    publish(
        PlanSaved(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            plan_id=plan.public_id,
            day=planned.day.isoformat(),
            places=codes,
            districts=tuple(dict.fromkeys(guide.district(code) for code in codes)),
            left_out=len(planned.left_out),
        )
    )
    return plan.public_id
