"""Chapters 4 and 5: a day in Milan that can be walked, and an appointment that is kept for the client."""

from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar
from opening_hours import OpeningHours

from seta.events import queries as events
from seta.guide import queries as guide
from seta.kit.clock import ROME, UTC, rome_day
from seta.people import queries as people
from seta.site.demo import cast
from seta.site.journey.traveller import Traveller, demand
from seta.stores import queries as stores

WISHES = ("duomo", "galleria", "brera_gallery", "sforza_castle", "navigli")
WISHES_MIN = 3


def plan_a_day(traveller: Traveller) -> dict[str, Any]:
    """(4) Login by the mini program's code, then a one-day plan inside the opening hours, saved."""
    launch = {"click_id": traveller.carried["click_id"], "scene": f"c={cast.CAMPAIGN};p=duomo"}
    session = traveller.login(traveller.mp_openid, **launch)
    traveller.token = session["token"]
    traveller.carried["person_id"] = person_id = session["person_id"]
    known = {place["code"] for place in traveller.api("GET", "/api/mp/v1/guide/places")["places"]}
    wishes = [code for code in WISHES if code in known]
    demand(len(wishes) >= WISHES_MIN, "the guide lacks places of the plan", known=len(known))
    day = _next_weekday(rome_day(datetime.now(UTC)))
    made = traveller.api("POST", "/api/mp/v1/guide/plans", day=day.isoformat(), start="09:30", places=wishes)
    kept = guide.plan(plan_id=made["plan_id"], person_id=people.current_id(person_id), language="zh-hans")
    demand(kept is not None and bool(kept.stops), "the plan was not kept")
    assert kept is not None
    shut = [stop.code for stop in kept.stops if not _is_open(traveller.house_id, stop, kept.day)]
    demand(not shut, "the plan visits places while they are closed", closed=shut)
    return {
        "person_id": person_id,
        "openid": people.openid(person_id, traveller.config["mini_program"]["appid"]),
        "plan_id": kept.id,
        "day": kept.day.isoformat(),
        "stops": [f"{stop.start} {stop.name}" for stop in kept.stops],
        "left_out": [one["code"] for one in kept.left_out],
        "closed_on_arrival": len(shut),
    }


def _is_open(house_id: int, stop: guide.PlanStopCard, day: date) -> bool:
    """Whether the place's own hours, read by the opening-hours library, cover the visit."""
    place = guide.place(house_id, stop.code, day=day)
    assert place is not None
    hours = OpeningHours(place.opening_hours)
    begin, end = (datetime.combine(day, time.fromisoformat(text)) for text in (stop.start, stop.leave))
    return bool(hours.is_open(begin)) and bool(hours.is_open(end - timedelta(minutes=1)))


def _next_weekday(today: date) -> date:
    """The next Thursday: no museum of the plan is closed on it."""
    return today + timedelta(days=(3 - today.weekday()) % 7 or 7)


def book_an_appointment(traveller: Traveller) -> dict[str, Any]:
    """(5) A slot in the boutique, confirmed by a subscribe message and a calendar file."""
    template = traveller.config["mini_program"]["sub_template_id"]
    traveller.control("subscribe", openid=traveller.mp_openid, template_id=template, accept=True)
    day = datetime.now(UTC).astimezone(ROME).date() + timedelta(days=1)
    shop = cast.SHOPS[0].code
    slots = traveller.api("GET", f"/api/mp/v1/stores/slots?boutique={shop}&day={day}")["slots"]
    free = next(slot for slot in slots if slot["free"] > 0)
    booked = traveller.api(
        "POST", "/api/mp/v1/stores/appointments", boutique_id=shop, starts_at=free["starts_at"], kind="visit"
    )
    kept = stores.appointment(
        public_id=booked["appointment_id"], person_id=people.current_id(traveller.carried["person_id"])
    )
    demand(kept is not None and kept.state == "confirmed", "the appointment is not confirmed", kept=str(kept))
    assert kept is not None
    told = traveller.wait(lambda: traveller.bubble("service", "template"), "the confirmation on the phone")
    address = kept.calendar_url
    file = traveller.http.get(address if address.startswith("http") else traveller.seta_url + address)
    entry = Calendar.from_ical(file.content).walk("VEVENT")[0]
    return {
        "appointment_id": kept.id,
        "boutique": kept.boutique,
        "starts": kept.local_time,
        "state": kept.state,
        "subscribe_message": told,
        "calendar": {"uid": str(entry["UID"]), "starts": str(entry.decoded("DTSTART"))},
        "event_id": events.newest(house_id=traveller.house_id, name="stores.appointment.booked")[0].id,
    }
