"""Stays of several days that a visitor could walk as written, and what each wish changes in them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.planner import city, wish_for
from seta.guide.rules.checking import trip_violations
from seta.guide.rules.planning import Reason, Sight
from seta.guide.rules.trips import (
    OUTDOOR,
    STOPS_A_DAY,
    Booking,
    Hours,
    Note,
    Pace,
    TripPlan,
    TripWish,
    Why,
    plan_trip,
)
from tests.guide.test_planning import CODES, SIGHTS, TUESDAY

KNOWN = {sight.code: sight for sight in SIGHTS}


def days(count: int, **hours: int) -> tuple[Hours, ...]:
    return tuple(Hours(day=TUESDAY + timedelta(days=number), **hours) for number in range(count))


def planned(wish: TripWish, sights: tuple[Sight, ...] = SIGHTS, *, iterations: int = 120) -> TripPlan:
    trip = plan_trip(wish, sights, iterations=iterations)
    assert trip_violations(trip, sights, wish) == []
    return trip


def codes(trip: TripPlan) -> list[str]:
    return [stop.code for day in trip.days for stop in day.stops]


def test_three_days_are_full_and_nothing_comes_twice() -> None:
    trip = planned(TripWish(days=days(3)))

    assert all(len(day.stops) >= 5 for day in trip.days)
    assert len(set(codes(trip))) == len(codes(trip))


def test_what_is_closed_on_one_day_is_seen_on_another() -> None:
    monday = TUESDAY - timedelta(days=1)
    wish = TripWish(days=(Hours(day=monday), Hours(day=TUESDAY)), places=("brera",))

    first, second = planned(wish).days

    assert "brera" not in [stop.code for stop in first.stops]
    assert "brera" in [stop.code for stop in second.stops]


def test_a_booking_is_kept_on_its_own_day_to_the_minute() -> None:
    booking = Booking(code="last_supper", day=TUESDAY + timedelta(days=1), minute=15 * 60)
    trip = planned(TripWish(days=days(3), booked=(booking,)))

    (stop,) = [stop for stop in trip.days[1].stops if stop.code == "last_supper"]
    assert stop.start == 15 * 60 and trip.why["last_supper"] == Why.BOOKED


def test_a_booking_when_the_doors_are_shut_is_left_out_with_its_reason() -> None:
    booking = Booking(code="last_supper", day=TUESDAY, minute=22 * 60)
    trip = planned(TripWish(days=days(1), booked=(booking,)))

    assert [(each.code, each.reason) for each in trip.left_out] == [("last_supper", Reason.BOOKING)]


@pytest.mark.parametrize("pace", list(Pace))
def test_no_day_is_fuller_than_its_pace(pace: Pace) -> None:
    trip = planned(TripWish(days=days(2), pace=pace))

    assert max(len(day.stops) for day in trip.days) <= STOPS_A_DAY[pace]


def test_a_relaxed_day_has_pauses() -> None:
    (day,) = planned(TripWish(days=days(1), pace=Pace.RELAXED)).days

    for before, after in zip(day.stops, day.stops[1:], strict=False):
        assert after.arrive - before.leave == after.travel + 15


def test_nobody_is_sent_to_what_they_avoid_and_avoiding_gives_way_to_asking() -> None:
    usual = codes(planned(TripWish(days=days(1))))
    trip = planned(TripWish(days=days(1), avoid=frozenset(usual), places=(usual[0],)))

    assert set(codes(trip)) & set(usual) == {usual[0]}


def test_meals_are_at_their_times_and_can_be_left_out() -> None:
    trip = planned(TripWish(days=days(2)))
    eaten = [stop for day in trip.days for stop in day.stops if KNOWN[stop.code].category == "food"]

    assert eaten and all(trip.why[stop.code] == Why.MEAL for stop in eaten)
    assert all(690 <= stop.start <= 870 or 1110 <= stop.start <= 1230 for stop in eaten)
    without = planned(TripWish(days=days(2), meals=False))
    assert not [code for code in codes(without) if KNOWN[code].category == "food"]


def test_rain_moves_suggestions_indoors_and_warns_of_wishes_outdoors() -> None:
    rainy = frozenset({TUESDAY})
    trip = planned(TripWish(days=days(1), rain=rainy))
    assert not [code for code in codes(trip) if KNOWN[code].category in OUTDOOR]

    wished = planned(TripWish(days=days(1), rain=rainy, places=("sempione",)))
    assert (TUESDAY, Note.OUTDOORS_IN_RAIN) in wished.notes


def test_a_shelter_is_indoors_and_not_in_the_plan() -> None:
    trip = planned(TripWish(days=days(2), places=("sempione", "brera_garden")))

    assert trip.shelter
    assert not set(trip.shelter.values()) & set(codes(trip))
    assert not [code for code in trip.shelter.values() if KNOWN[code].category in OUTDOOR]


def test_lesser_known_districts_are_weighed_and_the_cost_is_told() -> None:
    usual = planned(TripWish(days=days(3)))
    trip = planned(TripWish(days=days(3), lesser_known=1.0))

    assert usual.dispersal is None and trip.dispersal is not None
    assert trip.dispersal.away > trip.dispersal.away_without
    assert 0 <= trip.dispersal.cost < 0.5
    assert Why.LESSER_KNOWN in trip.why.values()


def test_a_place_that_never_opens_says_so() -> None:
    never = replace(KNOWN["brera"], code="never", opening_hours="off")
    trip = planned(TripWish(days=days(2), places=("never",)), (*SIGHTS, never))

    assert [(each.code, each.reason) for each in trip.left_out] == [("never", Reason.CLOSED)]


def test_a_day_with_nothing_open_says_so() -> None:
    museum = replace(KNOWN["brera"], opening_hours="We 10:00-18:00")
    trip = planned(TripWish(days=days(1)), (museum,))

    assert trip.days[0].stops == () and trip.notes == ((TUESDAY, Note.NOTHING_OPEN),)


def test_a_zone_without_transport_says_so() -> None:
    trip = planned(TripWish(days=days(1), places=("serravalle", "duomo")))

    assert (TUESDAY, Note.NO_TRANSPORT) in trip.notes


def test_ten_thousand_places_are_planned_from_the_best_of_them() -> None:
    copies = tuple(
        replace(SIGHTS[number % len(SIGHTS)], code=f"c{number}", weight=0.5) for number in range(10_000)
    )
    trip = planned(TripWish(days=days(2), places=("c9999", "duomo")), (*copies, *SIGHTS), iterations=10)

    assert {"duomo"} <= set(codes(trip))
    assert "c9999" in {*codes(trip), *(each.code for each in trip.left_out)}


def test_the_same_wish_gives_the_same_stay() -> None:
    wish = TripWish(days=days(2), places=("duomo",), lesser_known=0.5)

    assert plan_trip(wish, SIGHTS, iterations=40) == plan_trip(wish, SIGHTS, iterations=40)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 30),
    st.integers(1, 5),
    st.integers(7 * 60, 12 * 60),
    st.integers(15 * 60, 23 * 60),
    st.lists(st.sampled_from(CODES), max_size=8, unique=True),
    st.dictionaries(st.sampled_from(CODES), st.tuples(st.integers(0, 4), st.integers(480, 1200)), max_size=3),
    st.sampled_from(list(Pace)),
    st.booleans(),
)
def test_no_wish_leads_to_a_stay_that_cannot_be_walked(
    ahead: int,
    count: int,
    start: int,
    end: int,
    places: list[str],
    booked: dict[str, tuple[int, int]],
    pace: Pace,
    meals: bool,
) -> None:
    first = date(2026, 12, 1) + timedelta(days=ahead)
    wish = TripWish(
        days=tuple(Hours(day=first + timedelta(days=n), start=start, end=end) for n in range(count)),
        places=tuple(places),
        booked=tuple(
            Booking(code=code, day=first + timedelta(days=number % count), minute=minute)
            for code, (number, minute) in booked.items()
        ),
        pace=pace,
        meals=meals,
        rain=frozenset({first}),
        lesser_known=0.5 if meals else 0.0,
    )

    planned(wish, iterations=15)


def test_the_judge_sees_what_a_whole_stay_breaks() -> None:
    wish = TripWish(days=days(2), places=("duomo",))
    trip = planned(wish)
    first = trip.days[0]

    def complaints(**change: object) -> str:
        return " ".join(trip_violations(replace(trip, **change), SIGHTS, wish))  # type: ignore[arg-type]

    assert "visited twice" in complaints(days=(first, replace(trip.days[1], stops=first.stops)))
    assert "not explained" in complaints(why={})
    assert "the days are not" in complaints(days=(first,))
    assert "not planned and not explained" in complaints(
        days=tuple(
            replace(day, stops=tuple(stop for stop in day.stops if stop.code != "duomo")) for day in trip.days
        )
    )


@pytest.mark.parametrize("number", range(4))
def test_generated_cities_are_planned_without_a_violation(number: int) -> None:
    sights = city(number)

    trip = planned(wish_for(number), sights, iterations=40)

    assert sum(len(day.stops) for day in trip.days) >= 9
