"""An independent judge of plans: reads opening hours and travel again and trusts nothing the planner computed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from opening_hours import OpeningHours

from seta.guide.rules.planning import DayPlan, LeftOut, Sight, Stop, Wish
from seta.guide.rules.travel import travel_minutes
from seta.guide.rules.trips import TripPlan, TripWish


def violations(plan: DayPlan, sights: Sequence[Sight], wish: Wish | None = None) -> list[str]:
    """Everything wrong with a plan, in words; empty when a visitor could walk it as written."""
    known = {sight.code: sight for sight in sights}
    found = _repeated([stop.code for stop in plan.stops])
    clock, here = plan.start, known.get(plan.start_place)
    for stop in plan.stops:
        sight = known.get(stop.code)
        if sight is None:
            found.append(f"{stop.code}: no such place")
            continue
        found += _too_fast(stop, sight, here, clock)
        found += _shut(plan, stop, sight)
        clock, here = stop.leave, sight
    if clock > plan.end:
        found.append(f"the day ends at {plan.end} but the last stop at {clock}")
    return found + (_broken_wishes(plan.stops, plan.left_out, wish, known) if wish else [])


def trip_violations(trip: TripPlan, sights: Sequence[Sight], wish: TripWish) -> list[str]:
    """Everything wrong with a stay: each day by itself, then what was asked of all of them together."""
    stops = [stop for day in trip.days for stop in day.stops]
    known = {sight.code: sight for sight in sights}
    found = [each for day in trip.days for each in violations(day, sights)]
    found += _repeated([stop.code for stop in stops])
    if [(day.day, day.start, day.end) for day in trip.days] != [(d.day, d.start, d.end) for d in wish.days]:
        found.append("the days are not those asked for")
    starts = {(stop.code, day.day): stop.start for day in trip.days for stop in day.stops}
    planned = {stop.code for stop in stops}
    explained = {each.code for each in trip.left_out} | {wish.start_place}
    asked = {*wish.places, *(each.code for each in wish.booked)}
    for booking in wish.booked:
        if booking.code in planned and starts.get((booking.code, booking.day)) != booking.minute:
            found.append(f"{booking.code}: not planned for its booked slot")
    found.extend(f"{code}: asked for, not planned and not explained" for code in asked - planned - explained)
    found.extend(f"{code}: both planned and left out" for code in planned & explained)
    found.extend(f"{code}: to be avoided" for code in planned & wish.avoid - asked)
    found.extend(f"{code}: not explained" for code in planned - trip.why.keys())
    for day in trip.days:
        eaten = [stop for stop in day.stops if stop.code in known and known[stop.code].category == "food"]
        if len([stop for stop in eaten if stop.code not in asked]) > 2:
            found.append(f"{day.day}: more than two meals")
    return found


def _repeated(codes: list[str]) -> list[str]:
    return [f"{code}: visited twice" for code in sorted(set(codes)) if codes.count(code) > 1]


def _too_fast(stop: Stop, sight: Sight, here: Sight | None, clock: int) -> list[str]:
    found = []
    needed = 0
    if here is not None:
        needed = int(travel_minutes([(here.lat, here.lon), (sight.lat, sight.lon)])[0, 1])
    if stop.arrive < clock + needed:
        found.append(f"{stop.code}: reached at {stop.arrive}, not possible before {clock + needed}")
    if stop.start < stop.arrive:
        found.append(f"{stop.code}: begins before it is reached")
    if stop.leave - stop.start < sight.visit_minutes:
        found.append(f"{stop.code}: stays {stop.leave - stop.start} of {sight.visit_minutes} minutes")
    return found


def _shut(plan: DayPlan, stop: Stop, sight: Sight) -> list[str]:
    """Whether any minute of the stay is outside opening hours, or entry is after the last admission."""
    hours = OpeningHours(sight.opening_hours)
    midnight = datetime.combine(plan.day, time())
    for minute in range(stop.start, stop.leave):
        if not hours.is_open(midnight + timedelta(minutes=minute)):
            return [f"{stop.code}: closed at minute {minute}"]
    admitted_until = midnight + timedelta(minutes=stop.start + sight.last_admission)
    if sight.last_admission and not hours.is_open(admitted_until - timedelta(minutes=1)):
        return [f"{stop.code}: entered at {stop.start}, after the last admission"]
    return []


def _broken_wishes(
    stops: Sequence[Stop], left_out: Sequence[LeftOut], wish: Wish, known: Mapping[str, Sight]
) -> list[str]:
    found = []
    starts = {stop.code: stop.start for stop in stops}
    explained = {each.code for each in left_out} | {wish.start_place}
    for code, slot in wish.booked.items():
        if code in starts and starts[code] != slot:
            found.append(f"{code}: booked for {slot} but planned for {starts[code]}")
    for code in [*wish.booked, *wish.places]:
        if code not in starts and code not in explained:
            found.append(f"{code}: wished, not planned and not explained")
        if code in starts and code in explained:
            found.append(f"{code}: both planned and left out")
    found.extend(f"{code}: unknown place planned" for code in starts if code not in known)
    return found
