"""Plans that a visitor could walk as written, judged by a checker that trusts nothing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.guide.rules import DayPlan, Reason, Sight, Wish, plan_day, read_places, violations
from seta.guide.rules.hours import minute_of
from seta.guide.rules.solver import Problem, score, solve
from seta.guide.rules.travel import mode_between, travel_minutes

PLACES = Path(__file__).parents[2] / "seta" / "guide" / "data" / "milan_places.csv"
SIGHTS = tuple(
    Sight(
        code=row.code,
        category=row.category,
        lat=row.lat,
        lon=row.lon,
        visit_minutes=row.visit_minutes,
        opening_hours=row.opening_hours,
        last_admission=row.last_admission,
        booking_required=row.booking == "required",
    )
    for row in read_places(PLACES.read_text("utf-8")).rows
)
CODES = [sight.code for sight in SIGHTS]
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def planned(wish: Wish) -> DayPlan:
    plan = plan_day(wish, SIGHTS)
    assert violations(plan, SIGHTS, wish) == []
    return plan


def reasons(plan: DayPlan) -> dict[str, Reason]:
    return {each.code: each.reason for each in plan.left_out}


def test_a_day_without_wishes_is_still_a_day() -> None:
    plan = planned(Wish(day=TUESDAY))

    assert 4 <= len(plan.stops) <= 10
    assert "last_supper" not in [stop.code for stop in plan.stops], "nobody gets in unbooked"


def test_wishes_come_first_and_the_order_follows_the_doors() -> None:
    plan = planned(Wish(day=TUESDAY, places=("duomo", "brera", "navigli")))

    assert {"duomo", "brera", "navigli"} <= {stop.code for stop in plan.stops}


def test_a_closed_museum_is_left_out_with_its_reason() -> None:
    plan = planned(Wish(day=MONDAY, places=("brera", "nowhere")))

    assert reasons(plan) == {"brera": Reason.CLOSED, "nowhere": Reason.UNKNOWN}


def test_a_lunch_closure_is_walked_around() -> None:
    plan = planned(Wish(day=TUESDAY, start=minute_of("12:00"), places=("grazie",)))

    (stop,) = [stop for stop in plan.stops if stop.code == "grazie"]
    assert stop.start >= minute_of("15:00")


def test_a_booked_slot_is_kept_to_the_minute() -> None:
    plan = planned(Wish(day=TUESDAY, booked={"last_supper": minute_of("15:00")}, places=("duomo",)))

    (stop,) = [stop for stop in plan.stops if stop.code == "last_supper"]
    assert stop.booked and stop.start == minute_of("15:00")


def test_a_slot_outside_the_doors_is_refused_with_its_reason() -> None:
    plan = planned(Wish(day=TUESDAY, booked={"last_supper": minute_of("19:30")}))

    assert reasons(plan) == {"last_supper": Reason.BOOKING}


def test_nobody_is_sent_in_after_the_last_admission() -> None:
    plan = planned(Wish(day=TUESDAY, start=minute_of("18:01"), places=("brera",)))

    assert reasons(plan) == {"brera": Reason.HOURS}


def test_two_far_outings_do_not_fit_one_day() -> None:
    plan = planned(Wish(day=TUESDAY, end=minute_of("17:00"), places=("malpensa", "serravalle", "duomo")))

    assert Reason.NO_TIME in reasons(plan).values()


def test_the_way_from_the_hotel_is_counted() -> None:
    plan = planned(Wish(day=TUESDAY, start_place="centrale", places=("duomo",)))

    assert plan.stops[0].travel > 0
    assert "centrale" not in [stop.code for stop in plan.stops]


def test_the_same_wish_gives_the_same_plan() -> None:
    wish = Wish(day=TUESDAY, places=("duomo", "prada"))

    assert plan_day(wish, SIGHTS, seed=4) == plan_day(wish, SIGHTS, seed=4)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 60),
    st.integers(7 * 60, 18 * 60),
    st.lists(st.sampled_from(CODES), max_size=8, unique=True),
    st.dictionaries(st.sampled_from(CODES), st.integers(8 * 60, 20 * 60), max_size=2),
)
def test_no_wish_leads_to_a_plan_that_cannot_be_walked(
    ahead: int, start: int, places: list[str], booked: dict[str, int]
) -> None:
    wish = Wish(day=MONDAY + timedelta(days=ahead), start=start, places=tuple(places), booked=booked)

    plan = plan_day(wish, SIGHTS, iterations=40)

    assert violations(plan, SIGHTS, wish) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"arrive": 0}, "not possible before"),
        ({"leave": 541}, "minutes"),
        ({"start": 1300, "leave": 1400}, "closed"),
        ({"code": "atlantis"}, "no such place"),
    ],
)
def test_the_checker_sees_what_is_wrong(change: dict[str, int], complaint: str) -> None:
    plan = planned(Wish(day=TUESDAY, places=("duomo",)))
    place = next(index for index, stop in enumerate(plan.stops) if stop.code == "duomo")
    broken = replace(plan.stops[place], **change)  # type: ignore[arg-type]
    stops = (*plan.stops[:place], broken, *plan.stops[place + 1 :])

    assert any(complaint in each for each in violations(replace(plan, stops=stops), SIGHTS))


def test_the_checker_sees_a_broken_promise() -> None:
    wish = Wish(day=TUESDAY, places=("duomo",))
    plan = planned(wish)
    without = tuple(stop for stop in plan.stops if stop.code != "duomo")

    assert any("not explained" in each for each in violations(replace(plan, stops=without), SIGHTS, wish))


def test_the_solver_finds_the_best_of_a_small_town() -> None:
    travel = np.asarray([[0, 10, 10, 30], [10, 0, 5, 30], [10, 5, 0, 30], [30, 30, 30, 0]], dtype=float)
    problem = Problem(
        travel=travel,
        stay=np.asarray([0.0, 10, 10, 10]),
        profit=np.asarray([0.0, 5, 5, 8]),
        group=np.asarray([-1, 0, 1, 2]),
        opens=np.asarray([[0.0, 0, 0, 0]]),
        last_start=np.asarray([[100.0, 100, 100, 100]]),
        day_start=np.asarray([0.0]),
        day_end=np.asarray([75.0]),
        required=np.asarray([False, False, False, False]),
    )

    assert score(problem, solve(problem, seed=1, iterations=50)) == 10


def test_nearby_places_are_walked_to_and_far_ones_are_not() -> None:
    by_code = {sight.code: (sight.lat, sight.lon) for sight in SIGHTS}

    assert mode_between(by_code["duomo"], by_code["galleria"]) == "walk"
    assert mode_between(by_code["duomo"], by_code["san_siro"]) == "metro"
    assert mode_between(by_code["duomo"], by_code["serravalle"]) == "car"


def test_travel_is_positive_and_takes_a_metro_no_longer_than_walking() -> None:
    minutes = travel_minutes([(sight.lat, sight.lon) for sight in SIGHTS])

    assert (minutes >= 0).all() and (np.diag(minutes) == 0).all()
    assert (minutes[~np.eye(len(SIGHTS), dtype=bool)] > 0).all()
    assert minutes[0, CODES.index("san_siro")] < 45
