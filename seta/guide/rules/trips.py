"""A stay of one to five days: what to see on which day, at which pace, with meals, rain and lesser-known districts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from seta.guide.rules.districts import district_of
from seta.guide.rules.hours import windows
from seta.guide.rules.planning import (
    DAY_END_MINUTE,
    DAY_START_MINUTE,
    LUNCH,
    NEVER_SUGGESTED,
    PROFIT_BASE,
    PROFIT_BOOKED,
    PROFIT_INTEREST,
    PROFIT_WISHED,
    DayPlan,
    LeftOut,
    Reason,
    Sight,
    Stop,
    Wish,
    start_windows,
)
from seta.guide.rules.solver import Problem, solve
from seta.guide.rules.travel import mode_between, travel_minutes

TRIP_ITERATIONS = 500
PROFIT_MEAL = 20.0
TRIP_DAYS_MAX = 5
CANDIDATES_MAX = 240
DINNER = (18 * 60 + 30, 20 * 60 + 30)
WINDOWS_MAX = 3
NEAR_MINUTES = 12
SOUGHT_WEIGHT = 1.4
OUTDOOR = frozenset({"park", "viewpoint", "landmark", "district"})
WELL_KNOWN_DISTRICTS = frozenset({"duomo", "quadrilatero", "brera", "cordusio", "sempione"})


class Pace(StrEnum):
    """How full a day may be."""

    RELAXED = "relaxed"
    NORMAL = "normal"
    BRISK = "brisk"


PAUSE_MINUTES = {Pace.RELAXED: 15, Pace.NORMAL: 0, Pace.BRISK: 0}
STOPS_A_DAY = {Pace.RELAXED: 6, Pace.NORMAL: 10, Pace.BRISK: 12}


class Why(StrEnum):
    """Why a stop is in the plan; the first that holds."""

    BOOKED = "booked"
    WISHED = "wished"
    MEAL = "meal"
    INTEREST = "interest"
    LESSER_KNOWN = "lesser_known"
    SOUGHT = "sought"
    NEARBY = "nearby"
    TIME_LEFT = "time_left"


class Note(StrEnum):
    """What a client should know of a day before setting out."""

    NOTHING_OPEN = "nothing_open"
    NO_TRANSPORT = "no_transport"
    OUTDOORS_IN_RAIN = "outdoors_in_rain"


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A day of the stay and the minutes since midnight between which there is time."""

    day: date
    start: int = DAY_START_MINUTE
    end: int = DAY_END_MINUTE


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A slot already booked, to be kept to the minute."""

    code: str
    day: date
    minute: int


@dataclass(frozen=True, kw_only=True)
class TripWish:
    """What a client asks of a stay.

    ``lesser_known`` raises what places outside the well-known districts are worth, by so many times their worth;
    on the days of ``rain`` nothing outdoors is suggested.
    """

    days: tuple[Hours, ...]
    places: tuple[str, ...] = ()
    avoid: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    booked: tuple[Booking, ...] = ()
    start_place: str = ""
    pace: Pace = Pace.NORMAL
    meals: bool = True
    rain: frozenset[date] = frozenset()
    lesser_known: float = 0.0

    def day_wish(self, hours: Hours) -> Wish:
        """The wish for one of the days alone."""
        booked = {each.code: each.minute for each in self.booked if each.day == hours.day}
        return Wish(
            day=hours.day,
            start=hours.start,
            end=hours.end,
            places=self.places,
            interests=self.interests,
            booked=booked,
            start_place=self.start_place,
        )


@dataclass(frozen=True, kw_only=True)
class Dispersal:
    """What the weight of lesser-known districts did: the plan's own worth, and what it would be without.

    ``cost`` is the share of worth given up; ``away`` and ``away_without`` count stops outside the well-known
    districts.
    """

    weight: float
    cost: float
    away: int
    away_without: int


@dataclass(frozen=True, kw_only=True)
class TripPlan:
    """The days in order; ``why`` explains each stop, ``shelter`` is where to go instead when it rains."""

    days: tuple[DayPlan, ...]
    left_out: tuple[LeftOut, ...]
    why: dict[str, Why]
    shelter: dict[str, str]
    notes: tuple[tuple[date, Note], ...]
    dispersal: Dispersal | None = None


@dataclass(frozen=True, kw_only=True)
class _Node:
    """A sight in one of its windows: per day (earliest, latest) start, latest below earliest when closed."""

    sight: Sight
    group: int
    meal: int
    starts: tuple[tuple[int, int], ...]


def plan_trip(
    wish: TripWish, sights: Sequence[Sight], *, seed: int = 1, iterations: int = TRIP_ITERATIONS
) -> TripPlan:
    """Choose the stops of all days together and order each; the same wish and seed give the same plan."""
    assert 1 <= len(wish.days) <= TRIP_DAYS_MAX, "the caller checks the number of days"
    known = {sight.code: sight for sight in sights}
    chosen = _candidates(wish, sights)
    nodes = [node for number, sight in enumerate(chosen) for node in _nodes(wish, sight, number)]
    days = _days(wish, nodes, known, bonus=wish.lesser_known, seed=seed, iterations=iterations)
    dispersal = None
    if wish.lesser_known > 0:
        without = _days(wish, nodes, known, bonus=0.0, seed=seed, iterations=iterations)
        dispersal = _dispersal(wish, days, without, known)
    possible = {node.sight.code for node in nodes}
    return TripPlan(
        days=days,
        left_out=_left_out(wish, days, known, possible),
        why={stop.code: _why(wish, stop, known[stop.code]) for day in days for stop in day.stops},
        shelter=_shelters(wish, days, chosen),
        notes=_notes(wish, days, known),
        dispersal=dispersal,
    )


def is_away(sight: Sight) -> bool:
    """Whether a place lies outside the well-known districts."""
    return district_of(sight.lat, sight.lon) not in WELL_KNOWN_DISTRICTS


def _candidates(wish: TripWish, sights: Sequence[Sight]) -> list[Sight]:
    """What was asked for, then the most worth seeing: a city of ten thousand places is not searched whole."""
    asked = {*wish.places, *(each.code for each in wish.booked)}
    allowed = [
        s for s in sights if s.code != wish.start_place and (s.code in asked or s.code not in wish.avoid)
    ]
    if len(allowed) <= CANDIDATES_MAX:
        return allowed
    ordered = sorted(allowed, key=lambda sight: (sight.code not in asked, -_worth(wish, sight)))
    return ordered[:CANDIDATES_MAX]


def _worth(wish: TripWish, sight: Sight) -> float:
    """What a visit is worth by itself, without any weight on districts."""
    if any(each.code == sight.code for each in wish.booked):
        return PROFIT_BOOKED
    if sight.code in wish.places:
        return PROFIT_WISHED
    interest = PROFIT_INTEREST if sight.category in wish.interests else 0.0
    interest += PROFIT_MEAL if sight.category == "food" else 0.0
    return (PROFIT_BASE + interest) * sight.weight + sight.visit_minutes / 30


def _nodes(wish: TripWish, sight: Sight, group: int) -> list[_Node]:
    slots = [each for each in wish.booked if each.code == sight.code]
    allowed = [start_windows(wish.day_wish(hours), sight) for hours in wish.days]
    shut = (1, 0)
    if slots:
        slot = slots[0]
        starts = tuple(
            (slot.minute, slot.minute)
            if hours.day == slot.day and any(opens <= slot.minute <= latest for opens, latest in day)
            else shut
            for hours, day in zip(wish.days, allowed, strict=True)
        )
        return [_Node(sight=sight, group=group, meal=-1, starts=starts)] if set(starts) != {shut} else []
    wished = sight.code in wish.places
    if not wished and (sight.category in NEVER_SUGGESTED or sight.booking_required):
        return []
    if not wished and sight.category == "food":
        return _meals(wish, sight, group, allowed)
    if not wished and sight.category in OUTDOOR:
        allowed = [
            [] if hours.day in wish.rain else day for hours, day in zip(wish.days, allowed, strict=True)
        ]
    count = min(WINDOWS_MAX, max(len(day) for day in allowed))
    return [
        _Node(
            sight=sight,
            group=group,
            meal=-1,
            starts=tuple(day[turn] if turn < len(day) else shut for day in allowed),
        )
        for turn in range(count)
    ]


def _meals(wish: TripWish, sight: Sight, group: int, allowed: list[list[tuple[int, int]]]) -> list[_Node]:
    """A place to eat as lunch or dinner of one day; a day has one of each at most."""
    found = []
    for number, day in enumerate(allowed if wish.meals else ()):
        for turn, (begins, ends) in enumerate((LUNCH, DINNER)):
            for opens, latest in day:
                start = (max(begins, opens), min(ends, latest))
                if start[0] <= start[1]:
                    starts = tuple(start if each == number else (1, 0) for each in range(len(allowed)))
                    found.append(_Node(sight=sight, group=group, meal=2 * number + turn, starts=starts))
                    break
    return found


def _days(
    wish: TripWish,
    nodes: list[_Node],
    known: dict[str, Sight],
    *,
    bonus: float,
    seed: int,
    iterations: int,
) -> tuple[DayPlan, ...]:
    depot = known.get(wish.start_place)
    routes: list[list[int]] = [[] for _ in wish.days]
    if nodes:
        routes = solve(_problem(wish, nodes, depot, bonus), seed=seed, iterations=iterations)
    plans = []
    for number, (hours, route) in enumerate(zip(wish.days, routes, strict=True)):
        order = [nodes[stop - 1] for stop in route]
        plans.append(
            DayPlan(
                day=hours.day,
                start=hours.start,
                end=hours.end,
                start_place=depot.code if depot else "",
                stops=_stops(wish, hours, number, order, depot),
                left_out=(),
            )
        )
    return tuple(plans)


def _problem(wish: TripWish, nodes: list[_Node], depot: Sight | None, bonus: float) -> Problem:
    count = len(nodes) + 1
    points = [(node.sight.lat, node.sight.lon) for node in nodes]
    travel = np.zeros((count, count))
    travel[1:, 1:] = travel_minutes(points) + PAUSE_MINUTES[wish.pace]
    if depot is not None:
        travel[0, 1:] = travel_minutes([(depot.lat, depot.lon), *points])[0, 1:]
    booked = {each.code for each in wish.booked}
    worth = [_worth(wish, node.sight) for node in nodes]
    if bonus:
        plain = booked | set(wish.places)
        worth = [
            value * (1 + bonus) if node.sight.code not in plain and is_away(node.sight) else value
            for node, value in zip(nodes, worth, strict=True)
        ]
    per_day = range(len(wish.days))
    return Problem(
        travel=travel,
        stay=np.asarray([0, *(node.sight.visit_minutes for node in nodes)], dtype=float),
        profit=np.asarray([0.0, *worth]),
        group=np.asarray([-1, *(node.group for node in nodes)], dtype=np.int64),
        second_group=np.asarray([-1, *(node.meal for node in nodes)], dtype=np.int64),
        opens=np.asarray([[0, *(node.starts[day][0] for node in nodes)] for day in per_day], dtype=float),
        last_start=np.asarray(
            [[9999, *(node.starts[day][1] for node in nodes)] for day in per_day], dtype=float
        ),
        day_start=np.asarray([hours.start for hours in wish.days], dtype=float),
        day_end=np.asarray([hours.end for hours in wish.days], dtype=float),
        required=np.asarray([False, *(node.sight.code in booked for node in nodes)]),
        stops_max=STOPS_A_DAY[wish.pace],
    )


def _stops(
    wish: TripWish, hours: Hours, number: int, order: list[_Node], depot: Sight | None
) -> tuple[Stop, ...]:
    found: list[Stop] = []
    booked = {each.code for each in wish.booked}
    clock, here = hours.start, depot
    for node in order:
        sight = node.sight
        travel, mode = 0, "start"
        if here is not None:
            pair = ((here.lat, here.lon), (sight.lat, sight.lon))
            travel, mode = int(travel_minutes(pair)[0, 1]), mode_between(*pair)
        arrive = clock + travel
        start = max(arrive, node.starts[number][0])
        leave = start + sight.visit_minutes
        found.append(
            Stop(
                code=sight.code,
                mode=mode,
                travel=travel,
                arrive=arrive,
                start=start,
                leave=leave,
                booked=sight.code in booked,
            )
        )
        clock, here = leave + PAUSE_MINUTES[wish.pace], sight
    return tuple(found)


def _why(wish: TripWish, stop: Stop, sight: Sight) -> Why:
    if stop.booked:
        return Why.BOOKED
    if sight.code in wish.places:
        return Why.WISHED
    if sight.category == "food":
        return Why.MEAL
    if sight.category in wish.interests:
        return Why.INTEREST
    if wish.lesser_known > 0 and is_away(sight):
        return Why.LESSER_KNOWN
    if sight.weight >= SOUGHT_WEIGHT:
        return Why.SOUGHT
    return Why.NEARBY if 0 < stop.travel <= NEAR_MINUTES else Why.TIME_LEFT


def _dispersal(
    wish: TripWish, days: Sequence[DayPlan], without: Sequence[DayPlan], known: dict[str, Sight]
) -> Dispersal:
    def worth(plans: Sequence[DayPlan]) -> float:
        return sum(_worth(wish, known[stop.code]) for day in plans for stop in day.stops if not stop.booked)

    def away(plans: Sequence[DayPlan]) -> int:
        return sum(is_away(known[stop.code]) for day in plans for stop in day.stops)

    plain = worth(without)
    cost = max(0.0, 1 - worth(days) / plain) if plain else 0.0
    return Dispersal(
        weight=wish.lesser_known, cost=round(cost, 4), away=away(days), away_without=away(without)
    )


def _shelters(wish: TripWish, days: Sequence[DayPlan], chosen: Sequence[Sight]) -> dict[str, str]:
    """For each stop outdoors the nearest indoor place that fits between its neighbours and is not planned."""
    planned = {stop.code for day in days for stop in day.stops}
    known = {sight.code: sight for sight in chosen}
    indoor = [
        sight
        for sight in chosen
        if sight.code not in planned
        and sight.category not in OUTDOOR | NEVER_SUGGESTED | {"food"}
        and not sight.booking_required
    ]
    found: dict[str, str] = {}
    for hours, day in zip(wish.days, days, strict=True):
        for place, stop in enumerate(day.stops):
            if known[stop.code].category in OUTDOOR and not stop.booked:
                after = day.stops[place + 1] if place + 1 < len(day.stops) else None
                instead = _instead(wish, hours, stop, after, known, indoor)
                if instead is not None:
                    found[stop.code] = instead.code
                    indoor.remove(instead)
    return found


def _instead(
    wish: TripWish, hours: Hours, stop: Stop, after: Stop | None, known: dict[str, Sight], indoor: list[Sight]
) -> Sight | None:
    if not indoor:
        return None
    sight = known[stop.code]
    points = [(sight.lat, sight.lon), *((each.lat, each.lon) for each in indoor)]
    if after is not None:
        points.append((known[after.code].lat, known[after.code].lon))
    minutes = travel_minutes(points)
    for number in np.argsort(minutes[0, 1 : len(indoor) + 1], kind="stable"):
        each = indoor[int(number)]
        # The way there goes past the stop in the open, which is never shorter than it really is.
        reached = stop.arrive + int(minutes[0, number + 1])
        until = after.start - int(minutes[number + 1, -1]) if after is not None else hours.end
        for opens, latest in start_windows(wish.day_wish(hours), each):
            start = max(reached, opens)
            if start <= latest and start + each.visit_minutes + PAUSE_MINUTES[wish.pace] <= until:
                return each
    return None


def _notes(wish: TripWish, days: Sequence[DayPlan], known: dict[str, Sight]) -> tuple[tuple[date, Note], ...]:
    found = []
    for day in days:
        if not day.stops:
            found.append((day.day, Note.NOTHING_OPEN))
        if any(stop.mode == "car" for stop in day.stops):
            found.append((day.day, Note.NO_TRANSPORT))
        outside = any(known[stop.code].category in OUTDOOR for stop in day.stops)
        if day.day in wish.rain and outside:
            found.append((day.day, Note.OUTDOORS_IN_RAIN))
    return tuple(found)


def _left_out(
    wish: TripWish, days: Sequence[DayPlan], known: dict[str, Sight], possible: set[str]
) -> tuple[LeftOut, ...]:
    kept = {stop.code for day in days for stop in day.stops} | {wish.start_place}
    booked = {each.code for each in wish.booked}
    asked = dict.fromkeys([*(each.code for each in wish.booked), *wish.places])
    found = []
    for code in asked:
        if code in kept:
            continue
        sight = known.get(code)
        if sight is None:
            reason = Reason.UNKNOWN
        elif not any(windows(sight.opening_hours, hours.day) for hours in wish.days):
            reason = Reason.CLOSED
        elif code in booked:
            reason = Reason.BOOKING
        else:
            reason = Reason.NO_TIME if code in possible else Reason.HOURS
        found.append(LeftOut(code=code, reason=reason))
    return tuple(found)
