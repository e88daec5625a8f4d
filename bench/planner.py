"""Milliseconds to plan three days among sixty places of generated cities, judged by the independent checker."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np

from bench.machine import machine
from seta.guide.rules import SearchIndex, Sight
from seta.guide.rules.checking import trip_violations
from seta.guide.rules.planning import start_windows
from seta.guide.rules.search import Entry
from seta.guide.rules.travel import travel_minutes
from seta.guide.rules.trips import Booking, Hours, Pace, TripWish, plan_trip

CITIES, QUICK_CITIES = 60, 12
PLACES, DAYS = 60, 3
FIRST_DAY = date(2026, 12, 7)
HOURS = (
    "24/7",
    "Mo-Su 09:00-19:00",
    "Tu-Su 10:00-18:00",
    "Mo-Su 09:00-12:20,15:00-17:50",
    "We-Mo 10:00-19:00",
    "Mo-Sa 10:00-19:30",
    "Tu-Su 10:00-13:00,14:00-18:00",
)
CATEGORIES = ("church", "museum", "park", "viewpoint", "shopping", "food", "landmark", "district")
KEYS = (1_000, 16_000)
SUGGESTIONS, QUICK_SUGGESTIONS = 2_000, 300
SYLLABLES = ("da", "jiao", "tang", "mi", "lan", "bo", "luo", "ka", "sa", "na", "vi", "gli", "mo", "ro", "te")


def run(quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """Plan each city once, by processor time; every plan is judged. `store` has no part in it."""
    took, wrong, stops = [], 0, 0
    travel_minutes([(45.46, 9.19)])  # reads the metro
    limit = _bare(city(0))
    for number in range(QUICK_CITIES if quick else CITIES):
        sights, wish = city(number), wish_for(number)
        began = time.process_time()
        trip = plan_trip(wish, sights)
        took.append(1000 * (time.process_time() - began))
        wrong += len(trip_violations(trip, sights, wish))
        stops += sum(len(day.stops) for day in trip.days)
    p50 = _share(took, 50)
    return {
        "name": "planner",
        "store": store,
        "unit": "ms for 60 places and 3 days",
        "value": p50,
        "p50_ms": p50,
        "p99_ms": _share(took, 99),
        "worst_ms": round(max(took), 1),
        "limit": {"what": "reading the hours and the ways between the places, ms", "value": limit},
        "ratio_to_limit": round(p50 / limit, 2),
        "cities": len(took),
        "stops_a_day": round(stops / len(took) / DAYS, 1),
        "suggest": {str(keys): suggest(keys, QUICK_SUGGESTIONS if quick else SUGGESTIONS) for keys in KEYS},
        "checks": {"violations": wrong},
        "machine": machine(),
    }


def city(number: int) -> tuple[Sight, ...]:
    """Sixty places around a centre, thinner outwards, with lunch closures and closed days."""
    random = Random(number)
    return tuple(
        Sight(
            code=f"p{place}",
            category=random.choice(CATEGORIES),
            lat=45.4642 + random.gauss(0, 0.015),
            lon=9.19 + random.gauss(0, 0.02),
            visit_minutes=random.choice((20, 30, 45, 60, 90, 120)),
            opening_hours=random.choice(HOURS),
            last_admission=random.choice((0, 0, 30, 60)),
            weight=random.choice((0.6, 1.0, 1.0, 1.4, 1.6)),
        )
        for place in range(PLACES)
    )


def wish_for(number: int) -> TripWish:
    """A stay with must-sees, something to avoid, a booking, rain, a pace and a weight of districts."""
    random = Random(-number)
    days = tuple(Hours(day=FIRST_DAY + timedelta(days=number % 7 + turn)) for turn in range(DAYS))
    codes = [f"p{place}" for place in range(PLACES)]
    random.shuffle(codes)
    return TripWish(
        days=days,
        places=tuple(codes[:6]),
        avoid=frozenset(codes[6:9]),
        interests=frozenset(random.sample(CATEGORIES, 2)),
        booked=(Booking(code=codes[9], day=days[1].day, minute=random.choice((600, 660, 900))),),
        start_place=codes[10],
        pace=random.choice(list(Pace)),
        rain=frozenset(hours.day for hours in days if random.random() < 0.3),
        lesser_known=random.choice((0.0, 0.5, 1.0)),
    )


def suggest(keys: int, count: int) -> dict[str, float]:
    """Processor time in ms of suggestions that were never asked before, half of them mistyped."""
    random = Random(keys)
    names = ["".join(random.choices(SYLLABLES, k=random.randint(2, 5))) for _ in range(keys // 3)]
    index = SearchIndex(
        [
            Entry(
                code=f"e{number}",
                name_zh=f"{name}{number}",
                name_en=f"{name} {random.choice(SYLLABLES)}",
                name_it=name[::-1],
                aliases=(),
                category="museum",
                rank=number,
            )
            for number, name in enumerate(names)
        ]
    )
    took = []
    for turn in range(count):
        name = list(random.choice(names)[: random.randint(2, 12)])
        if turn % 2:
            name[random.randrange(len(name))] = random.choice("abcdefghijklmnopqrstuvwxyz")
        began = time.process_time()
        index.find("".join(name))
        took.append(1000 * (time.process_time() - began))
    return {"p50_ms": _share(took, 50), "p99_ms": _share(took, 99)}


def _bare(sights: Sequence[Sight]) -> float:
    """What any planner must do first: the windows of every place on each day and the ways between all."""
    began = time.process_time()
    wish = wish_for(0)
    for hours in wish.days:
        for sight in sights:
            start_windows(wish.day_wish(hours), sight)
    travel_minutes([(sight.lat, sight.lon) for sight in sights])
    return round(max(1000 * (time.process_time() - began), 0.01), 3)


def _share(took: Sequence[float], percent: int) -> float:
    return round(float(np.percentile(took, percent)), 3)
