"""Orienteering with time windows: which stops, in which order, on which day, by large neighbourhood search.

A part of the routes is taken out and filled again, most profit for the least delay first; worse routes are kept
with a chance that falls to nothing (simulated annealing). Every run of the same input, seed and number of
iterations gives the same routes. Stop 0 is where each day starts and ends.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp
from random import Random

import numpy as np
from numpy.typing import NDArray

from seta.guide.rules.gaps import Delays, fastest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Routes = list[list[int]]

START_TEMPERATURE = 0.005
REMOVE_SHARE_MAX = 0.5
REMOVE_MAX = 8
ALL_DAYS_SHARE = 0.3
TRAVEL_COST = 1e-4
POWERS = (1.0, 1.5, 2.0, 3.0)
NOISE = 0.3
WEIGHTS_KEPT = 64
ROUTES_KEPT = 4_000


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Stops as arrays of one length n; a stop is a place in one of its opening windows.

    ``opens`` and ``last_start`` bound the start of the stay on each day (days x n); a stop that is closed has
    ``last_start < opens``. At most one stop of a ``group`` is visited, at most one of those that share a
    number of ``second_group`` (negative: none), and at most ``stops_max`` a day. ``travel`` is n x n,
    ``day_start`` and ``day_end`` are per day. Times may be in any one unit.
    """

    travel: Floats
    stay: Floats
    profit: Floats
    group: Ints
    opens: Floats
    last_start: Floats
    day_start: Floats
    day_end: Floats
    required: NDArray[np.bool_]
    second_group: Ints | None = None
    stops_max: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One day's order; ``price`` is one more than the least delay of putting each stop in,
    ``travelled`` the time on the way."""

    day: int
    stops: tuple[int, ...]
    leave: list[float]
    arrive: list[float]
    latest: list[float]
    price: Floats
    profit: float
    travelled: float


@dataclass(frozen=True)
class Found:
    """The best routes and after how many iterations the search stopped."""

    routes: Routes
    iterations: int


def solve(problem: Problem, *, seed: int, iterations: int) -> Routes:
    """The best routes found, one list of stop numbers a day (0 left out); feasible by construction."""
    return _Search(problem, seed).run(lambda step: step / iterations if iterations else 1.0).routes


def solve_within(problem: Problem, *, seed: int, seconds: float) -> Found:
    """The same search cooled by the clock: as many iterations as the seconds allow, so runs may differ."""
    search = _Search(problem, seed)
    search.warm()
    began = time.perf_counter()
    return search.run(lambda _: (time.perf_counter() - began) / seconds)


def score(problem: Problem, routes: Routes) -> float:
    """The sum of the profits of all stops on the routes."""
    return float(sum(problem.profit[stop] for route in routes for stop in route))


def _excluded(problem: Problem) -> list[Ints]:
    """For each stop the stops that cannot be visited once it is, itself among them."""
    found = []
    for stop in range(len(problem.stay)):
        same = problem.group == problem.group[stop]
        if problem.second_group is not None and problem.second_group[stop] >= 0:
            same = same | (problem.second_group == problem.second_group[stop])
        found.append(np.flatnonzero(same))
    return found


@dataclass
class _Search:
    problem: Problem
    seed: int
    delays: Delays = field(default_factory=fastest)

    def __post_init__(self) -> None:
        problem = self.problem
        assert problem.travel.shape == (len(problem.stay), len(problem.stay))
        self.random = Random(self.seed)
        self.numbers = np.random.default_rng(self.seed)
        self.travel = np.ascontiguousarray(problem.travel, dtype=np.float64)
        self.onward = np.ascontiguousarray((self.travel + problem.stay[:, None]).T)
        self.ways: list[list[float]] = self.travel.tolist()
        self.stays: list[float] = problem.stay.tolist()
        self.profits: list[float] = problem.profit.tolist()
        self.opens = np.ascontiguousarray(problem.opens, dtype=np.float64)
        self.last = np.ascontiguousarray(problem.last_start, dtype=np.float64)
        self.open_lists: list[list[float]] = self.opens.tolist()
        self.last_lists: list[list[float]] = self.last.tolist()
        self.excluded = _excluded(problem)
        self.required: list[bool] = problem.required.tolist()
        self.cache: dict[tuple[int, tuple[int, ...]], Route] = {}
        self.weights: Floats = np.empty((0, 0))
        self.weight_turn = 0

    def warm(self) -> None:
        """Let a compiler do its work before a clock starts."""
        self._route(0, ())

    def run(self, progress: Callable[[int], float]) -> Found:
        """Search until ``progress`` of the step, rising from 0, reaches 1; it cools the acceptance of losses."""
        days = len(self.problem.day_start)
        plain = np.square(self.problem.profit)
        current = self._fill([self._route(day, ()) for day in range(days)], plain)
        best, current_value = current, self._value(current)
        best_value, step = current_value, 0
        while (gone := progress(step)) < 1.0:
            step += 1
            candidate = self._fill(self._ruin(current), self._weights())
            value = self._value(candidate)
            loss = current_value - value
            heat = START_TEMPERATURE * max(best_value, 1.0) * (1.0 - gone) ** 2
            if loss <= 0 or self.random.random() < exp(-loss / max(heat, 1e-9)):
                current, current_value = candidate, value
            if value > best_value:
                best, best_value = candidate, value
        return Found([list(route.stops) for route in best], step)

    def _value(self, routes: list[Route]) -> float:
        return sum(route.profit - TRAVEL_COST * route.travelled for route in routes)

    def _weights(self) -> Floats:
        """What each stop is worth in this round: its profit to a power, with noise; drawn many rounds at once."""
        if self.weight_turn % WEIGHTS_KEPT == 0:
            powers = self.numbers.choice(POWERS, size=(WEIGHTS_KEPT, 1))
            noise = 1 + NOISE * self.numbers.random((WEIGHTS_KEPT, len(self.stays)))
            self.weights = self.problem.profit[None, :] ** powers * noise
        self.weight_turn += 1
        row: Floats = self.weights[self.weight_turn % WEIGHTS_KEPT]
        return row

    def _ruin(self, routes: list[Route]) -> list[Route]:
        """Routes with a run of neighbours, a handful or what earns least for its time taken out."""
        full = [day for day, route in enumerate(routes) if route.stops]
        if not full:
            return routes
        random = self.random
        touched = (
            full
            if random.random() < ALL_DAYS_SHARE
            else random.sample(full, min(len(full), random.randint(1, 2)))
        )
        left = list(routes)
        for day in touched:
            stops = routes[day].stops
            count = random.randint(1, max(1, min(REMOVE_MAX, int(len(stops) * REMOVE_SHARE_MAX))))
            gone = self._gone(routes[day], count)
            kept = tuple(stop for place, stop in enumerate(stops) if place not in gone or self.required[stop])
            left[day] = self._route(day, kept)
        return left

    def _gone(self, route: Route, count: int) -> set[int]:
        """Places in the route to be emptied."""
        random, stops = self.random, route.stops
        kind = random.random()
        if kind < 0.6:
            first = random.randint(0, len(stops) - count)
            return set(range(first, first + count))
        if kind < 0.85:
            return set(random.sample(range(len(stops)), count))
        path = (0, *stops, 0)
        ways, stays = self.ways, self.stays
        worth = []
        for place, stop in enumerate(stops):
            before, after = path[place], path[place + 2]
            spent = ways[before][stop] + stays[stop] + ways[stop][after] - ways[before][after]
            worth.append((self.profits[stop] / (max(spent, 0.0) + 1.0) * (0.5 + random.random()), place))
        worth.sort()
        return {place for _, place in worth[:count]}

    def _fill(self, routes: list[Route], weight: Floats) -> list[Route]:
        """Insert stops while any fits."""
        free = weight.copy()
        free[0] = 0.0
        for route in routes:
            for stop in route.stops:
                free[self.excluded[stop]] = 0.0
        filled = list(routes)
        price = np.array([self._price(route) for route in filled])
        count = len(free)
        while True:
            worth = free / price
            best = int(worth.argmax())
            day, stop = divmod(best, count)
            if worth[day, stop] <= 0.0:
                return filled
            route = filled[day]
            place = self._gap(route, stop)
            route = self._route(day, (*route.stops[:place], stop, *route.stops[place:]))
            filled[day] = route
            price[day] = self._price(route)
            free[self.excluded[stop]] = 0.0

    def _price(self, route: Route) -> Floats:
        full = self.problem.stops_max is not None and len(route.stops) >= self.problem.stops_max
        return np.full(len(self.stays), np.inf) if full else route.price

    def _gap(self, route: Route, stop: int) -> int:
        """The gap of the least delay for a stop that fits."""
        opens, last = self.open_lists[route.day][stop], self.last_lists[route.day][stop]
        onward, here = self.stays[stop], 0
        ways, way_on = self.ways, self.ways[stop]
        found, least = 0, float("inf")
        for gap, there in enumerate((*route.stops, 0)):
            start = max(ways[here][stop] + route.leave[gap], opens)
            reach = way_on[there] + onward + start
            fits = start <= last and reach <= route.latest[gap]
            if fits and reach - route.arrive[gap] < least:
                found, least = gap, reach - route.arrive[gap]
            here = there
        return found

    def _route(self, day: int, stops: tuple[int, ...]) -> Route:
        """A feasible order with its times; the latest ones are kept, since a search comes back to them."""
        key = (day, stops)
        held = self.cache.get(key)
        if held is None:
            if len(self.cache) >= ROUTES_KEPT:
                self.cache.clear()
            held = self.cache[key] = self._timed(day, stops)
        return held

    def _timed(self, day: int, stops: tuple[int, ...]) -> Route:
        """Index i of ``leave`` is the departure before the i-th gap, of ``arrive`` the arrival after it."""
        ways, stays, opens, last = self.ways, self.stays, self.open_lists[day], self.last_lists[day]
        clock = float(self.problem.day_start[day])
        leave, arrive, here, travelled, profit = [clock], [], 0, 0.0, 0.0
        for stop in stops:
            way = ways[here][stop]
            travelled += way
            profit += self.profits[stop]
            clock += way
            arrive.append(clock)
            clock = max(clock, opens[stop]) + stays[stop]
            leave.append(clock)
            here = stop
        arrive.append(clock + ways[here][0])
        bound = float(self.problem.day_end[day])
        latest = [bound]
        there = 0
        for stop in reversed(stops):
            bound = min(last[stop], bound - ways[stop][there] - stays[stop])
            latest.append(bound)
            there = stop
        latest.reverse()
        path = np.array((0, *stops, 0))
        least = self.delays(
            self.travel,
            self.onward,
            path[:-1],
            path[1:],
            np.array(leave),
            np.array(arrive),
            np.array(latest),
            self.opens[day],
            self.last[day],
        )
        # Rounded travel times can make a way round the shorter one, by less than nothing.
        price = np.maximum(least, 0.0) + 1.0
        return Route(day, stops, leave, arrive, latest, price, profit, travelled + ways[here][0])
