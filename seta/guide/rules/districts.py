"""Which district a coordinate belongs to: the nearest centre of the table, or ``outside`` beyond its reach.

Coordinates are WGS-84 as surveyed. Nothing in Italy is ever shifted to GCJ-02.
"""

import csv
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

EARTH_RADIUS_M = 6_371_008.8
REACH_M = 1_500
OUTSIDE = "outside"
DISTRICTS_FILE = Path(__file__).parent.parent / "data" / "districts.csv"


@dataclass(frozen=True, kw_only=True)
class District:
    """A part of the city with the centre that stands for it."""

    code: str
    name_zh: str
    name_en: str
    name_it: str
    lat: float
    lon: float


@cache
def districts() -> tuple[District, ...]:
    """The districts in the order of the table."""
    with DISTRICTS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        District(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            name_it=row["name_it"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in rows
    )


def district_of(lat: float, lon: float) -> str:
    """The code of the district whose centre is nearest, within 1.5 km; else ``outside``."""
    nearest = min(districts(), key=lambda each: metres(lat, lon, each.lat, each.lon))
    return nearest.code if metres(lat, lon, nearest.lat, nearest.lon) <= REACH_M else OUTSIDE


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance."""
    half_lat = radians(other_lat - lat) / 2
    half_lon = radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
