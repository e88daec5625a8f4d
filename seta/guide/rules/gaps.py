"""How much later a day gets when a stop is put into each gap of it: the solver's inner loop, compiled with numba."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Delays = Callable[[Floats, Floats, Ints, Ints, Floats, Floats, Floats, Floats, Floats], Floats]


def least_delays(
    travel: Floats,
    onward: Floats,
    before: Ints,
    after: Ints,
    leave: Floats,
    arrive: Floats,
    latest: Floats,
    opens: Floats,
    last_start: Floats,
) -> Floats:
    """For every stop the least delay over all gaps of one route, infinite where it fits in none.

    ``onward[a, j]`` is the stay at j and the way from j to a; gap g lies between the stops ``before[g]`` and
    ``after[g]``, is left at ``leave[g]`` and may be ended by ``latest[g]`` instead of ``arrive[g]``.
    """
    start = travel.take(before, axis=0)
    start += leave[:, None]
    np.maximum(start, opens, out=start)
    late = start > last_start
    reach = onward.take(after, axis=0)
    reach += start
    late |= reach > latest[:, None]
    reach -= arrive[:, None]
    np.putmask(reach, late, np.inf)
    least: Floats = np.minimum.reduce(reach, axis=0)
    return least


def one_by_one(
    travel: Floats,
    onward: Floats,
    before: Ints,
    after: Ints,
    leave: Floats,
    arrive: Floats,
    latest: Floats,
    opens: Floats,
    last_start: Floats,
) -> Floats:
    """The same as ``least_delays`` written for a compiler: two loops, no arrays in between."""
    stops = travel.shape[0]
    least = np.full(stops, np.inf)
    for gap in range(len(before)):
        here, there = before[gap], after[gap]
        for stop in range(stops):
            start = max(travel[here, stop] + leave[gap], opens[stop])
            if start > last_start[stop]:
                continue
            reach = onward[there, stop] + start
            if reach <= latest[gap] and reach - arrive[gap] < least[stop]:
                least[stop] = reach - arrive[gap]
    return least


def fastest() -> Delays:
    """``one_by_one`` compiled where numba is installed (`pip install seta[fast]`), else ``least_delays``."""
    try:
        # Only who plans should pay for loading a compiler, and mypy need not find it.
        from numba import njit  # type: ignore  # noqa: PLC0415
    except ImportError:
        return least_delays
    compiled: Delays = njit(cache=True)(one_by_one)
    return compiled
