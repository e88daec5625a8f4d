"""Orienteering with time windows: which stops, in which order, on which day, by large neighbourhood search.

Every run of the same input and seed gives the same routes: the schedule counts iterations, never seconds.
Stop 0 is where each day starts and ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Routes = list[list[int]]

START_TEMPERATURE = 0.03
REMOVE_SHARE_MAX = 0.5


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Stops as arrays of one length n; a stop is a place in one of its opening windows.

    ``opens`` and ``last_start`` bound the start of the stay on each day (days x n); a stop that is closed has
    ``last_start < opens``. At most one stop of a ``group`` is visited. ``travel`` is n x n, ``day_start`` and
    ``day_end`` are per day. Times may be in any one unit.
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


@dataclass(kw_only=True)
class Route:
    """One day's order with, for each stop, its start and the delay that the rest can bear."""

    day: int
    stops: list[int]
    leave: Floats
    slack: Floats
    arrive: Floats


def solve(problem: Problem, *, seed: int, iterations: int) -> Routes:
    """The best routes found, one list of stop numbers a day (0 left out); feasible by construction."""
    assert problem.travel.shape == (len(problem.stay), len(problem.stay))
    rng = np.random.default_rng(seed)
    days = len(problem.day_start)
    current = _fill(problem, [[] for _ in range(days)], rng, noise=0.0)
    best, best_value = current, _value(problem, current)
    current_value = best_value
    for step in range(iterations):
        candidate = _fill(problem, _ruin(problem, current, rng), rng, noise=0.3)
        value = _value(problem, candidate)
        temperature = START_TEMPERATURE * max(best_value, 1.0) * (1 - step / iterations)
        if value >= current_value or rng.random() < np.exp((value - current_value) / max(temperature, 1e-9)):
            current, current_value = candidate, value
        if value > best_value:
            best, best_value = candidate, value
    return best


def score(problem: Problem, routes: Routes) -> float:
    """The sum of the profits of all stops on the routes."""
    return float(sum(problem.profit[stop] for route in routes for stop in route))


def _value(problem: Problem, routes: Routes) -> float:
    travelled = 0.0
    for route in routes:
        path = [0, *route, 0]
        travelled += float(problem.travel[path[:-1], path[1:]].sum())
    return score(problem, routes) - 1e-4 * travelled


def _ruin(problem: Problem, routes: Routes, rng: np.random.Generator) -> Routes:
    """A copy of the routes with a run of neighbours, or a random handful, taken out."""
    left = [list(route) for route in routes]
    full = [day for day, route in enumerate(left) if route]
    if not full:
        return left
    for day in full if rng.random() < 0.3 else [full[int(rng.integers(len(full)))]]:
        route = left[day]
        count = int(rng.integers(1, max(2, int(len(route) * REMOVE_SHARE_MAX) + 1)))
        if rng.random() < 0.6:
            first = int(rng.integers(0, max(1, len(route) - count + 1)))
            gone = set(range(first, first + count))
        else:
            gone = {
                int(place) for place in rng.choice(len(route), size=min(count, len(route)), replace=False)
            }
        left[day] = [stop for place, stop in enumerate(route) if place not in gone or problem.required[stop]]
    return left


def _fill(problem: Problem, routes: Routes, rng: np.random.Generator, *, noise: float) -> Routes:
    """Insert stops while any fits, the most profit for the least delay first."""
    timed = [_timed(problem, day, route) for day, route in enumerate(routes)]
    free = np.ones(len(problem.stay), dtype=bool)
    free[0] = False
    for route in routes:
        for stop in route:
            free &= problem.group != problem.group[stop]
    weight = np.square(problem.profit) * (1 + noise * rng.random(len(problem.stay)))
    while free.any():
        choice = _best_insertion(problem, timed, np.flatnonzero(free), weight)
        if choice is None:
            break
        day, place, stop = choice
        timed[day] = _timed(problem, day, [*timed[day].stops[:place], stop, *timed[day].stops[place:]])
        free &= problem.group != problem.group[stop]
    return [route.stops for route in timed]


def _best_insertion(
    problem: Problem, timed: list[Route], free: Ints, weight: Floats
) -> tuple[int, int, int] | None:
    found, best = None, 0.0
    for route in timed:
        before = np.asarray([0, *route.stops])
        after = np.asarray([*route.stops, 0])
        arrive = route.leave[:, None] + problem.travel[before][:, free]
        start = np.maximum(arrive, problem.opens[route.day, free])
        reach = start + problem.stay[free] + problem.travel[:, after].T[:, free]
        delay = reach - route.arrive[:, None]
        fits = (start <= problem.last_start[route.day, free]) & (delay <= route.slack[:, None] + 1e-9)
        worth = np.where(fits, weight[free] / np.maximum(delay + 1.0, 1.0), 0.0)
        place, index = divmod(int(np.argmax(worth)), len(free))
        if worth[place, index] > best:
            found, best = (route.day, place, int(free[index])), float(worth[place, index])
    return found


def _timed(problem: Problem, day: int, stops: list[int]) -> Route:
    """Times of a feasible order.

    Index i of ``leave`` is the departure before the i-th gap; ``arrive`` and ``slack`` are the arrival after
    that gap and how much later it may be.
    """
    count = len(stops) + 1
    leave, arrive, wait = np.empty(count), np.empty(count), np.zeros(count)
    leave[0] = problem.day_start[day]
    here = 0
    for index, stop in enumerate(stops):
        arrive[index] = leave[index] + problem.travel[here, stop]
        start = max(arrive[index], problem.opens[day, stop])
        wait[index] = start - arrive[index]
        leave[index + 1] = start + problem.stay[stop]
        here = stop
    arrive[-1] = leave[-1] + problem.travel[here, 0]
    slack = np.empty(count)
    slack[-1] = problem.day_end[day] - arrive[-1]
    for index in range(count - 2, -1, -1):
        late = problem.last_start[day, stops[index]] - (arrive[index] + wait[index])
        slack[index] = wait[index] + min(late, slack[index + 1])
    return Route(day=day, stops=stops, leave=leave, slack=slack, arrive=arrive)
