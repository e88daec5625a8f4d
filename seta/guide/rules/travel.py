"""How long it takes to get from one place to another: on foot, by metro, or by car beyond the city.

Station positions and line orders are written from memory and good for planning to a few minutes; they
are not a timetable.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seta.guide.rules.districts import EARTH_RADIUS_M

METRO_FILE = Path(__file__).parent.parent / "data" / "metro.csv"
WALK_DETOUR = 1.25
WALK_METRES_A_MINUTE = 75.0
RIDE_MINUTES_A_STOP = 2.0
CHANGE_MINUTES = 5.0
BOARD_MINUTES = 5.0
METRO_WALK_METRES_MAX = 1_500.0
CAR_FROM_METRES = 9_000.0
CAR_METRES_A_MINUTE = 900.0
CAR_START_MINUTES = 15.0

Point = tuple[float, float]
Minutes = NDArray[np.float64]


def travel_minutes(points: Sequence[Point]) -> NDArray[np.int64]:
    """Whole minutes between all pairs of (lat, lon) points, never negative and zero only to oneself.

    The faster of walking and metro within the city; beyond nine kilometres the faster of car and metro.
    """
    distance = _metres_between(points, points)
    walk = distance * WALK_DETOUR / WALK_METRES_A_MINUTE
    car = CAR_START_MINUTES + distance * WALK_DETOUR / CAR_METRES_A_MINUTE
    direct = np.where(distance > CAR_FROM_METRES, car, walk)
    best = np.minimum(direct, _metro_minutes(points))
    minutes = np.ceil(best - 1e-9).astype(np.int64)
    minutes[(minutes == 0) & ~np.eye(len(points), dtype=bool)] = 1
    np.fill_diagonal(minutes, 0)
    return minutes


def mode_between(start: Point, end: Point) -> str:
    """``walk``, ``metro`` or ``car``: the way that ``travel_minutes`` counted."""
    pair = [start, end]
    distance = float(_metres_between(pair, pair)[0, 1])
    far = distance > CAR_FROM_METRES
    walk = distance * WALK_DETOUR / WALK_METRES_A_MINUTE
    direct = CAR_START_MINUTES + distance * WALK_DETOUR / CAR_METRES_A_MINUTE if far else walk
    if float(_metro_minutes(pair)[0, 1]) < direct:
        return "metro"
    return "car" if far else "walk"


def _metro_minutes(points: Sequence[Point]) -> Minutes:
    stations, ride = _network()
    on_foot = _metres_between(points, stations)
    access = np.where(on_foot <= METRO_WALK_METRES_MAX, on_foot * WALK_DETOUR / WALK_METRES_A_MINUTE, np.inf)
    to_platform = np.min(access[:, :, None] + ride[None, :, :], axis=1)
    door_to_door: Minutes = np.min(to_platform[:, None, :] + access[None, :, :], axis=2)
    return door_to_door + BOARD_MINUTES


@cache
def _network() -> tuple[tuple[Point, ...], Minutes]:
    with METRO_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = tuple((float(row["lat"]), float(row["lon"])) for row in rows)
    ride = np.full((len(rows), len(rows)), np.inf)
    np.fill_diagonal(ride, 0.0)
    for here, row in enumerate(rows):
        for there, other in enumerate(rows):
            if row["line"] == other["line"] and abs(int(row["position"]) - int(other["position"])) == 1:
                ride[here, there] = RIDE_MINUTES_A_STOP
            elif row["station"] == other["station"] and here != there:
                ride[here, there] = CHANGE_MINUTES
    for middle in range(len(rows)):
        ride = np.minimum(ride, ride[:, middle, None] + ride[None, middle, :])
    return points, ride


def _metres_between(points: Sequence[Point], others: Sequence[Point]) -> Minutes:
    here = np.radians(np.asarray(points, dtype=np.float64))
    there = np.radians(np.asarray(others, dtype=np.float64))
    half = (there[None, :, :] - here[:, None, :]) / 2
    chord = (
        np.sin(half[:, :, 0]) ** 2
        + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * np.sin(half[:, :, 1]) ** 2
    )
    metres: Minutes = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return metres
