"""A day in the city that works: open doors, lunch closures, last admissions, booked slots and travel times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np

from seta.guide.rules.hours import Window, windows
from seta.guide.rules.solver import Problem, solve
from seta.guide.rules.travel import mode_between, travel_minutes

ITERATIONS = 220
STOPS_WISHED_MAX = 30
STOPS_MAX = 10
DAY_START_MINUTE = 9 * 60
DAY_END_MINUTE = 20 * 60
LUNCH: Window = (11 * 60 + 30, 14 * 60 + 30)

PROFIT_BASE = 10.0
PROFIT_INTEREST = 20.0
PROFIT_WISHED = 400.0
PROFIT_BOOKED = 1_000_000.0

NEVER_SUGGESTED = frozenset({"transport", "stadium"})
LUNCH_GROUP = 1_000_000


class Reason(StrEnum):
    """Why a wished place is not in the plan."""

    UNKNOWN = "unknown_place"
    CLOSED = "closed_that_day"
    HOURS = "hours_do_not_fit"
    BOOKING = "booking_cannot_be_kept"
    NO_TIME = "no_time_left"


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What planning needs to know of a place; ``last_admission`` is minutes before closing.

    A place that cannot be entered without a booking is never suggested, only planned when wished or booked.
    """

    code: str
    category: str
    lat: float
    lon: float
    visit_minutes: int
    opening_hours: str
    last_admission: int = 0
    weight: float = 1.0
    booking_required: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a client asks of a day. Times are minutes since local midnight; ``booked`` maps a place to its slot."""

    day: date
    start: int = DAY_START_MINUTE
    end: int = DAY_END_MINUTE
    places: tuple[str, ...] = ()
    interests: frozenset[str] = frozenset()
    booked: Mapping[str, int] = field(default_factory=dict)
    start_place: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stay: arrive, begin when it opens, leave; minutes since local midnight."""

    code: str
    mode: str
    travel: int
    arrive: int
    start: int
    leave: int
    booked: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A wished place that is not in the plan, and why."""

    code: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """The stops in order and the wishes that could not be kept."""

    day: date
    start: int
    end: int
    start_place: str
    stops: tuple[Stop, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class _Node:
    sight: Sight
    group: int
    opens: int
    last_start: int
    profit: float


def plan_day(wish: Wish, sights: Sequence[Sight], *, seed: int = 1, iterations: int = ITERATIONS) -> DayPlan:
    """Choose and order the stops of one day; the same wish and seed give the same plan."""
    assert wish.start < wish.end, "the caller checks the hours of the day"
    by_code = {sight.code: sight for sight in sights}
    depot = by_code.get(wish.start_place)
    nodes = [node for index, sight in enumerate(sights) for node in _nodes(wish, sight, index)]
    order = _order(wish, nodes, depot, seed=seed, iterations=iterations) if nodes else []
    order = _keep_most_wished(order)
    stops = _stops(wish, order, depot)
    return DayPlan(
        day=wish.day,
        start=wish.start,
        end=wish.end,
        start_place=depot.code if depot else "",
        stops=stops,
        left_out=_left_out(wish, by_code, nodes, stops),
    )


def start_windows(wish: Wish, sight: Sight) -> list[Window]:
    """When a stay may begin: (earliest, latest) within each opening window and the client's day."""
    found = []
    for opens, closes in windows(sight.opening_hours, wish.day):
        latest = min(closes - max(sight.visit_minutes, sight.last_admission), wish.end - sight.visit_minutes)
        earliest = max(opens, wish.start)
        if earliest <= latest:
            found.append((earliest, latest))
    return found


def _nodes(wish: Wish, sight: Sight, index: int) -> list[_Node]:
    """A place as stops, one for each opening window of the day; a booked place has its slot only."""
    if sight.code == wish.start_place:
        return []
    allowed = start_windows(wish, sight)
    slot = wish.booked.get(sight.code)
    if slot is not None:
        kept = any(opens <= slot <= latest for opens, latest in allowed)
        return (
            [_Node(sight=sight, group=index, opens=slot, last_start=slot, profit=PROFIT_BOOKED)]
            if kept
            else []
        )
    wished = sight.code in wish.places
    group = index
    if not wished:
        if sight.category in NEVER_SUGGESTED or sight.booking_required:
            return []
        if sight.category == "food":
            group = LUNCH_GROUP
            allowed = [(max(LUNCH[0], opens), min(LUNCH[1], latest)) for opens, latest in allowed]
    profit = _profit(wish, sight)
    return [
        _Node(sight=sight, group=group, opens=opens, last_start=latest, profit=profit)
        for opens, latest in allowed
        if opens <= latest
    ]


def _profit(wish: Wish, sight: Sight) -> float:
    if sight.code in wish.places:
        return PROFIT_WISHED
    interest = PROFIT_INTEREST if sight.category in wish.interests else 0.0
    return (PROFIT_BASE + interest) * sight.weight + sight.visit_minutes / 30


def _order(wish: Wish, nodes: list[_Node], depot: Sight | None, *, seed: int, iterations: int) -> list[_Node]:
    count = len(nodes) + 1
    points = [(node.sight.lat, node.sight.lon) for node in nodes]
    travel = np.zeros((count, count))
    if depot is None:
        travel[1:, 1:] = travel_minutes(points)
    else:
        travel[:, :] = travel_minutes([(depot.lat, depot.lon), *points])
        travel[:, 0] = 0
    problem = Problem(
        travel=travel,
        stay=np.asarray([0, *(node.sight.visit_minutes for node in nodes)], dtype=float),
        profit=np.asarray([0, *(node.profit for node in nodes)], dtype=float),
        group=np.asarray([-1, *(node.group for node in nodes)], dtype=np.int64),
        opens=np.asarray([[wish.start, *(node.opens for node in nodes)]], dtype=float),
        last_start=np.asarray([[wish.end, *(node.last_start for node in nodes)]], dtype=float),
        day_start=np.asarray([wish.start], dtype=float),
        day_end=np.asarray([wish.end], dtype=float),
        required=np.asarray([False, *(node.profit == PROFIT_BOOKED for node in nodes)]),
    )
    (route,) = solve(problem, seed=seed, iterations=iterations)
    return [nodes[stop - 1] for stop in route]


def _keep_most_wished(order: list[_Node]) -> list[_Node]:
    """At most ten stops a day; what was neither booked nor wished goes first. Leaving out only frees time."""
    spare = len(order) - STOPS_MAX
    if spare <= 0:
        return order
    dropped = sorted(range(len(order)), key=lambda place: order[place].profit)[:spare]
    return [node for place, node in enumerate(order) if place not in dropped]


def _stops(wish: Wish, order: list[_Node], depot: Sight | None) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    clock, here = wish.start, depot
    for node in order:
        sight = node.sight
        travel, mode = (0, "start")
        if here is not None:
            pair = ((here.lat, here.lon), (sight.lat, sight.lon))
            travel, mode = int(travel_minutes(pair)[0, 1]), mode_between(*pair)
        start = max(clock + travel, node.opens)
        leave = start + sight.visit_minutes
        stops.append(
            Stop(
                code=sight.code,
                mode=mode,
                travel=travel,
                arrive=clock + travel,
                start=start,
                leave=leave,
                booked=sight.code in wish.booked,
            )
        )
        clock, here = leave, sight
    return tuple(stops)


def _left_out(
    wish: Wish, by_code: Mapping[str, Sight], nodes: list[_Node], stops: tuple[Stop, ...]
) -> tuple[LeftOut, ...]:
    kept = {stop.code for stop in stops} | {wish.start_place}
    possible = {node.sight.code for node in nodes}
    asked = dict.fromkeys([*wish.booked, *wish.places])
    return tuple(
        LeftOut(code=code, reason=_reason(wish, by_code.get(code), possible))
        for code in asked
        if code not in kept
    )


def _reason(wish: Wish, sight: Sight | None, possible: set[str]) -> Reason:
    if sight is None:
        return Reason.UNKNOWN
    if not windows(sight.opening_hours, wish.day):
        return Reason.CLOSED
    if sight.code in wish.booked:
        return Reason.BOOKING
    return Reason.NO_TIME if sight.code in possible else Reason.HOURS
