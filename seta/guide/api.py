"""The guide's door for the mini program: search, places, plans."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from seta.guide import queries
from seta.guide.operations import (
    PlanRefused,
    ask_reminder,
    forget_plan,
    forget_trip,
    note_search,
    replan_late,
    save_plan,
    save_trip,
)
from seta.guide.rules.hours import minute_of
from seta.guide.rules.planning import DAY_END_MINUTE, DAY_START_MINUTE, Wish
from seta.guide.rules.texts import language_index
from seta.guide.rules.trips import Booking, Hours, Pace, TripWish
from seta.kit.clock import rome_day
from seta.people.auth import Client, ClientAuth
from seta.people.queries import current_id

router = Router(auth=ClientAuth())

QUERY_LENGTH_MAX = 200
Body = Status[dict[str, Any]]
Done = Status[dict[str, Any] | None]

_FOUND = {200: dict[str, Any], 404: dict[str, Any]}
_KEPT = {201: dict[str, Any], 404: dict[str, Any], 422: dict[str, Any]}
_DONE = {204: None, 404: dict[str, Any]}

_WORDS: dict[str, tuple[str, str, str]] = {
    "day_past": (
        "请选择今天或以后的日期",
        "choose today or a later day",
        "scegli oggi o un giorno successivo",
    ),
    "day_far": ("请选择一年以内的日期", "choose a day within a year", "scegli un giorno entro un anno"),
    "day_short": ("请至少留出三十分钟", "leave at least thirty minutes", "lascia almeno trenta minuti"),
    "too_many": ("一天最多选择三十个地点", "choose thirty places at most", "scegli al massimo trenta luoghi"),
    "no_guide": ("这里还没有指南", "there is no guide here yet", "qui non c'è ancora una guida"),
    "bad_time": ("请用 09:30 这样的时间", "give times like 09:30", "indica orari come 09:30"),
    "no_place": ("没有找到这个地点", "no such place", "luogo sconosciuto"),
    "day_none": ("请至少选择一天", "choose one day at least", "scegli almeno un giorno"),
    "days_many": (
        "最多可规划五天",
        "plan five days at most",
        "si possono programmare al massimo cinque giorni",
    ),
    "day_twice": ("同一天只能选择一次", "choose each day once", "scegli ogni giorno una sola volta"),
    "booking_day": (
        "预约日期不在所选的日子里",
        "a booking is on a day you did not choose",
        "una prenotazione è in un giorno non scelto",
    ),
    "weight_bad": (
        "街区权重须在0到3之间",
        "the weight of districts is between 0 and 3",
        "il peso dei quartieri va da 0 a 3",
    ),
    "no_trip": ("没有找到这个行程", "no such trip", "viaggio non trovato"),
    "no_plan": ("没有找到这个行程", "no such plan", "programma non trovato"),
}


class Booked(Schema):
    """A slot already booked elsewhere."""

    place: str = Field(max_length=40)
    time: str = Field(max_length=5)


class DayIn(Schema):
    """A day and its hours; `HH:MM` in Milan, nine to eight when empty."""

    day: date
    start: str = ""
    end: str = ""


class PlanIn(DayIn):
    """A wish for a day; places are codes, interests are categories, times are `HH:MM` in Milan."""

    places: list[str] = Field(default_factory=list, max_length=100)
    interests: list[str] = Field(default_factory=list, max_length=20)
    booked: list[Booked] = Field(default_factory=list, max_length=20)
    start_place: str = Field(default="", max_length=40)


class BookedOn(Booked):
    """A slot already booked on one of the days; the first day when none is named."""

    day: date | None = None


class TripIn(Schema):
    """A wish for a stay. `rain` names the wet days, `lesser_known` the weight (0 to 3) of districts few visit."""

    days: list[DayIn] = Field(max_length=31)
    places: list[str] = Field(default_factory=list, max_length=100)
    avoid: list[str] = Field(default_factory=list, max_length=200)
    interests: list[str] = Field(default_factory=list, max_length=20)
    booked: list[BookedOn] = Field(default_factory=list, max_length=20)
    start_place: str = Field(default="", max_length=40)
    pace: Pace = Pace.NORMAL
    meals: bool = True
    rain: list[date] = Field(default_factory=list, max_length=31)
    lesser_known: float = 0.0


class LateIn(Schema):
    """The time it is for somebody who is late, `HH:MM` in Milan."""

    at: str = Field(max_length=5)


@router.get("/search")
def search(request: HttpRequest, q: str = "") -> dict[str, Any]:
    """Places and partners for what was typed, the best first."""
    client, now = _client(request), datetime.now(UTC)
    hits = note_search(
        house_id=client.house_id, person_id=client.person_id, query=q[:QUERY_LENGTH_MAX], now=now
    )
    cards = queries.cards_of(
        client.house_id, [hit.code for hit in hits], day=rome_day(now), language=client.language
    )
    return {"query": q, "places": [_card(card) for card in cards]}


@router.get("/places")
def places(request: HttpRequest) -> dict[str, Any]:
    """Every place of the guide."""
    client, today = _client(request), rome_day(datetime.now(UTC))
    return {
        "places": [
            _card(card) for card in queries.places(client.house_id, day=today, language=client.language)
        ],
        "districts": [asdict(district) for district in queries.district_list()],
    }


@router.get("/places/{code}", response=_FOUND)
def place(request: HttpRequest, code: str) -> Body:
    """One place, or a partner as `partner:code`, with what is known of it, by whom and since when."""
    client, today = _client(request), rome_day(datetime.now(UTC))
    card = queries.place(client.house_id, code, day=today, language=client.language)
    if card is None:
        return Status(404, _error("no_place", client))
    facts = queries.facts_of(card, today=today, language=client.language)
    return Status(
        200, {**_card(card), "facts": [asdict(fact) for fact in facts], **_listing(card, today, client)}
    )


@router.get("/partners")
def partners(request: HttpRequest) -> dict[str, Any]:
    """Listed partner businesses."""
    client, today = _client(request), rome_day(datetime.now(UTC))
    cards = queries.partners(client.house_id, day=today, language=client.language)
    return {"partners": [_card(card) for card in cards if card.listed]}


@router.post("/plans", response=_KEPT)
def make_plan(request: HttpRequest, body: PlanIn) -> Body:
    """Plan a day and keep it."""
    client = _client(request)
    now = datetime.now(UTC)
    try:
        plan_id = save_plan(house_id=client.house_id, person_id=client.person_id, wish=_wish(body), now=now)
    except PlanRefused as refusal:
        return Status(422, _error(refusal.code, client))
    return _own_plan(plan_id, client, status=201)


@router.get("/plans")
def my_plans(request: HttpRequest) -> dict[str, Any]:
    """The client's own plans, the newest first."""
    client = _client(request)
    cards = queries.plans_of(person_id=client.person_id, language=client.language)
    return {"plans": [_plan(card) for card in cards]}


@router.get("/plans/{plan_id}", response=_FOUND)
def plan(request: HttpRequest, plan_id: str) -> Body:
    """The client's own plan."""
    return _own_plan(plan_id, _client(request))


@router.delete("/plans/{plan_id}", response=_DONE)
def delete_plan(request: HttpRequest, plan_id: str) -> Done:
    """Forget the client's own plan."""
    client = _client(request)
    forgotten = forget_plan(plan_id=plan_id, person_id=client.person_id)
    return _done(forgotten, "no_plan", client)


@router.post("/plans/{plan_id}/late", response={**_FOUND, 422: dict[str, Any]})
def late(request: HttpRequest, plan_id: str, body: LateIn) -> Body:
    """Plan the rest of a day again from now on."""
    client = _client(request)
    try:
        at = _minute(body.at)
    except PlanRefused as refusal:
        return Status(422, _error(refusal.code, client))
    if not replan_late(plan_id=plan_id, person_id=client.person_id, at=at, now=datetime.now(UTC)):
        return Status(404, _error("no_plan", client))
    return _own_plan(plan_id, client)


@router.post("/trips", response=_KEPT)
def make_trip(request: HttpRequest, body: TripIn) -> Body:
    """Plan a stay of one to five days and keep it."""
    client = _client(request)
    now = datetime.now(UTC)
    try:
        trip_id = save_trip(
            house_id=client.house_id, person_id=client.person_id, wish=_trip_wish(body), now=now
        )
    except PlanRefused as refusal:
        return Status(422, _error(refusal.code, client))
    return _own_trip(trip_id, client, status=201)


@router.get("/trips/{trip_id}", response=_FOUND)
def trip(request: HttpRequest, trip_id: str) -> Body:
    """The client's own stay."""
    return _own_trip(trip_id, _client(request))


@router.delete("/trips/{trip_id}", response=_DONE)
def delete_trip(request: HttpRequest, trip_id: str) -> Done:
    """Forget the client's own stay with all its days."""
    client = _client(request)
    forgotten = forget_trip(trip_id=trip_id, person_id=client.person_id)
    return _done(forgotten, "no_trip", client)


class ReminderIn(Schema):
    """Whether the owner wants to be told before the stay."""

    wanted: bool


@router.post("/trips/{trip_id}/reminder", response=_DONE)
def remind(request: HttpRequest, trip_id: str, body: ReminderIn) -> Done:
    """Be told before the client's own stay, or not; the phone has asked WeChat's permission before."""
    client = _client(request)
    noted = ask_reminder(trip_id=trip_id, person_id=client.person_id, wanted=body.wanted)
    return _done(noted, "no_trip", client)


def _trip_wish(body: TripIn) -> TripWish:
    days = tuple(_hours(each) for each in sorted(body.days, key=lambda each: each.day))
    booked = {
        slot.place: Booking(
            code=slot.place, day=slot.day or (days[0].day if days else date.min), minute=_minute(slot.time)
        )
        for slot in body.booked
    }
    return TripWish(
        days=days,
        places=tuple(dict.fromkeys(body.places)),
        avoid=frozenset(body.avoid),
        interests=frozenset(body.interests),
        booked=tuple(booked.values()),
        start_place=body.start_place,
        pace=body.pace,
        meals=body.meals,
        rain=frozenset(body.rain),
        lesser_known=body.lesser_known,
    )


def _trip(card: queries.TripCard) -> dict[str, Any]:
    return {
        "trip_id": card.id,
        "days": [_plan(day) for day in card.days],
        "left_out": list(card.left_out),
        "dispersal": card.dispersal,
        "remind": card.remind,
    }


def _wish(body: PlanIn) -> Wish:
    hours = _hours(body)
    return Wish(
        day=hours.day,
        start=hours.start,
        end=hours.end,
        places=tuple(dict.fromkeys(body.places)),
        interests=frozenset(body.interests),
        booked={slot.place: _minute(slot.time) for slot in body.booked},
        start_place=body.start_place,
    )


def _card(card: queries.PlaceCard | queries.PartnerCard) -> dict[str, Any]:
    """A card as the mini program reads it: confidence marks together, hours under one name for both kinds."""
    fields = asdict(card)
    if isinstance(card, queries.PlaceCard):
        del fields["hours_confirmed_by"]  # whoever works for the house is not told to everybody
        marks = {"hours": card.conf_hours, "coord": card.conf_coord, "name": card.conf_name}
        if card.hours_confirmed_on is not None:
            marks["hours"] = "M" if card.confirm else "H"
        return {**fields, "confidence": marks, "hours_text": card.opening_hours}
    return {
        **fields,
        "confidence": {"hours": "H", "coord": "H", "name": "H"},
        "hours_text": card.opening_hours,
        "note": card.note or card.note_zh,
        "confirm": "",
    }


def _listing(card: queries.PlaceCard | queries.PartnerCard, today: date, client: Client) -> dict[str, Any]:
    """A business's own offers of today and later, and its photos with the words that stand for them."""
    if isinstance(card, queries.PlaceCard):
        return {"offers": [], "photos": []}
    short = ("zh", "en", "it")[language_index(client.language)]
    photos = [
        {
            "src": f"/places/photos/{each['sha256']}.jpg",
            "width": each["width"],
            "height": each["height"],
            "alt": each.get(short) or card.name,
            "credit": each.get("credit", ""),
        }
        for each in card.photos
    ]
    offers = queries.offers_of(card, day=today, language=client.language)
    return {"offers": [asdict(each) for each in offers], "photos": photos}


def _plan(card: queries.PlanCard) -> dict[str, Any]:
    """A plan as the mini program reads it; `walk_minutes` is the way to the stop, by `mode`."""
    fields = asdict(card)
    fields["plan_id"] = fields.pop("id")
    del fields["person_id"]
    for stop in fields["stops"]:
        stop["walk_minutes"] = stop["travel_minutes"]
        stop["arrive_at_door"], stop["arrive"] = stop["arrive"], stop["start"]
    return fields


def _hours(body: DayIn) -> Hours:
    return Hours(
        day=body.day,
        start=_minute(body.start) if body.start else DAY_START_MINUTE,
        end=_minute(body.end) if body.end else DAY_END_MINUTE,
    )


def _minute(text: str) -> int:
    try:
        return minute_of(text)
    except ValueError:
        raise PlanRefused("bad_time") from None


def _own_plan(plan_id: str, client: Client, *, status: int = 200) -> Body:
    card = queries.plan(plan_id=plan_id, person_id=client.person_id, language=client.language)
    return Status(status, _plan(card)) if card else Status(404, _error("no_plan", client))


def _own_trip(trip_id: str, client: Client, *, status: int = 200) -> Body:
    card = queries.trip(trip_id=trip_id, person_id=client.person_id, language=client.language)
    return Status(status, _trip(card)) if card else Status(404, _error("no_trip", client))


def _done(done: bool, missing: str, client: Client) -> Done:
    return Status(204, None) if done else Status(404, _error(missing, client))


def _client(request: HttpRequest) -> Client:
    """Who asks, as the person they are today: a session may name one who was merged since."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return replace(client, person_id=current_id(client.person_id))


def _error(code: str, client: Client) -> dict[str, Any]:
    return {"error": {"code": code, "message": _WORDS[code][language_index(client.language)]}}
