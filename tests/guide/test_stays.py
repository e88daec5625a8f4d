"""Stays of several days through the client's door: made, read, mended when late, forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from seta.events.models import Event
from seta.guide.models import Place, Plan
from seta.guide.queries import trip
from seta.kit.clock import rome_day
from tests.guide.test_flow import API, House, house, make_client, post

__all__ = ["house"]


def next_tuesday(after: int = 0) -> str:
    today = rome_day(timezone.now())
    return (today + timedelta(days=1 + (0 - today.weekday()) % 7 + after)).isoformat()


def days(count: int) -> list[dict[str, str]]:
    return [{"day": next_tuesday(number)} for number in range(count)]


def test_a_stay_is_planned_explained_kept_and_forgotten(house: House) -> None:
    client = make_client(house, language="en")

    status, made = post(
        client,
        "/trips",
        days=days(2),
        places=["duomo", "nowhere"],
        booked=[{"place": "last_supper", "day": next_tuesday(1), "time": "15:00"}],
        lesser_known=1,
        pace="relaxed",
    )

    assert status == 201 and len(made["days"]) == 2
    stops = {stop["code"]: stop for day in made["days"] for stop in day["stops"]}
    assert stops["duomo"]["why_text"] == "you asked for it"
    assert stops["last_supper"]["arrive"] == "15:00" and stops["last_supper"]["why"] == "booked"
    assert made["left_out"][0]["code"] == "nowhere"
    assert "instead of" in made["dispersal"]["text"]
    assert {day["pace"] for day in made["days"]} == {"relaxed"}
    assert client.get(f"{API}/trips/{made['trip_id']}").json() == made
    assert Event.objects.filter(name="guide.plan.saved").count() == 2
    assert client.delete(f"{API}/trips/{made['trip_id']}").status_code == 204
    assert client.get(f"{API}/trips/{made['trip_id']}").status_code == 404
    assert not Plan.objects.exists()


def test_nobody_reads_or_forgets_the_stay_of_somebody_else(house: House) -> None:
    _, made = post(make_client(house), "/trips", days=days(1))
    stranger = make_client(house, "m-other")

    assert stranger.get(f"{API}/trips/{made['trip_id']}").status_code == 404
    assert stranger.delete(f"{API}/trips/{made['trip_id']}").status_code == 404
    plan_id = made["days"][0]["plan_id"]
    assert post(stranger, f"/plans/{plan_id}/late", at="15:00")[0] == 404
    assert Plan.objects.count() == 1


def test_plans_of_single_days_are_no_stay(house: House) -> None:
    post(make_client(house), "/plans", day=next_tuesday())
    owner = Plan.objects.get().person_id

    assert trip(trip_id="", person_id=owner) is None


def test_rain_names_a_shelter_in_the_clients_language(house: House) -> None:
    _, made = post(make_client(house), "/trips", days=days(1), places=["sempione"], rain=[next_tuesday()])

    (day,) = made["days"]
    assert day["notes"][0]["code"] == "outdoors_in_rain" and "有雨" in day["notes"][0]["text"]
    (park,) = [stop for stop in day["stops"] if stop["code"] == "sempione"]
    assert park["shelter_name"] == Place.objects.get(code=park["shelter"]).name_zh


def test_who_is_late_keeps_what_began_and_the_booking_and_is_told_what_is_lost(house: House) -> None:
    client = make_client(house)
    _, made = post(
        client,
        "/trips",
        days=days(1),
        places=["duomo", "brera", "sforza"],
        booked=[{"place": "last_supper", "time": "17:00"}],
    )
    (day,) = made["days"]

    status, late = post(client, f"/plans/{day['plan_id']}/late", at="16:00")

    assert status == 200
    begun = [stop for stop in day["stops"] if stop["start"] < "16:00"]
    assert late["stops"][: len(begun)] == begun
    assert [stop["start"] for stop in late["stops"] if stop["code"] == "last_supper"] == ["17:00"]
    assert {stop["code"] for stop in late["stops"]} <= {stop["code"] for stop in day["stops"]}
    gone = {stop["code"] for stop in day["stops"]} - {stop["code"] for stop in late["stops"]}
    assert gone <= {each["code"] for each in late["left_out"]}
    assert all(stop["arrive_at_door"] >= "16:00" for stop in late["stops"][len(begun) :])


def test_who_is_too_late_for_a_booking_is_told_so(house: House) -> None:
    client = make_client(house, language="en")
    _, made = post(
        client,
        "/trips",
        days=[{"day": next_tuesday(), "start": "14:00"}],
        booked=[{"place": "last_supper", "time": "15:45"}],
        avoid=list(Place.objects.values_list("code", flat=True)),
        start_place="malpensa",
    )
    (day,) = made["days"]
    assert [stop["code"] for stop in day["stops"]] == ["last_supper"]

    _, late = post(client, f"/plans/{day['plan_id']}/late", at="15:30")

    assert late["stops"] == []
    assert late["left_out"][0]["reason_text"] == "no time left that day"
    status, refused = post(client, f"/plans/{day['plan_id']}/late", at="soon")
    assert status == 422 and refused["error"]["code"] == "bad_time"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": []}, "day_none"),
        ({"days": days(6)}, "days_many"),
        ({"days": days(1) * 2}, "day_twice"),
        ({"days": [{"day": "2020-01-01"}]}, "day_past"),
        ({"days": [{"day": "2099-01-01"}]}, "day_far"),
        ({"days": [{"day": next_tuesday(), "start": "12:00", "end": "12:10"}]}, "day_short"),
        ({"days": [{"day": next_tuesday(), "start": "noon"}]}, "bad_time"),
        ({"booked": [{"place": "duomo", "day": "2026-01-01", "time": "10:00"}]}, "booking_day"),
        ({"lesser_known": 7}, "weight_bad"),
        ({"places": [f"p{number}" for number in range(40)]}, "too_many"),
    ],
)
def test_an_impossible_stay_is_refused_in_the_clients_language(
    house: House, change: dict[str, Any], code: str
) -> None:
    for language in ("zh-hans", "en", "it"):
        status, body = post(make_client(house, language=language), "/trips", **{"days": days(1), **change})

        assert status == 422 and body["error"]["code"] == code and body["error"]["message"]
    assert not Plan.objects.exists()
