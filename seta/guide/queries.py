"""Places, partners, plans and searches as the mini program and the desk read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, IntegerField, Max, Q, Sum
from django.db.models.functions import Cast

from seta.guide import photos
from seta.guide.listings import PartnerCard, facts_of_partner, partner, partner_card, partners
from seta.guide.lookup import PARTNER_PREFIX, guide_of, is_sure
from seta.guide.models import MissedSearch, Partner, Place, Plan, PlanStop, SearchedDay
from seta.guide.rules.dated import STALE_AFTER, DatedFact, hours_fact
from seta.guide.rules.districts import District, districts, metres
from seta.guide.rules.heard import Asked, without_beginnings
from seta.guide.rules.hours import clock_text, describe
from seta.guide.rules.listing import on_day
from seta.guide.rules.planning import Reason
from seta.guide.rules.texts import (
    category_name,
    confirm_note,
    dispersal_text,
    language_index,
    note_text,
    reason_text,
    why_text,
)
from seta.guide.rules.trips import Note, Why
from seta.houses.queries import house

__all__ = [
    "GuideTotals",
    "MissedQuery",
    "PartnerCard",
    "PlaceCard",
    "PlanCard",
    "PlanStopCard",
    "PublicOffer",
    "PublicPlace",
    "TripCard",
    "cards_of",
    "district_list",
    "facts_of",
    "missed_queries",
    "partner",
    "partners",
    "photo",
    "place",
    "places",
    "plan",
    "plans_of",
    "public_place",
    "searched",
    "totals",
    "trip",
]

NEARBY_SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class PlaceCard:
    """A place with how sure each fact is; `confirm` asks the reader to check the hours, in their language."""

    code: str
    kind: str
    name: str
    name_zh: str
    name_en: str
    name_it: str
    aliases: tuple[str, ...]
    lat: float
    lon: float
    district: str
    category: str
    category_name: str
    visit_minutes: int
    opening_hours: str
    hours_today: str
    last_admission: int
    admission: str
    booking: str
    conf_name: str
    conf_coord: str
    conf_hours: str
    conf_visit: str
    hours_confirmed_on: date | None
    hours_confirmed_by: str
    confirm: str
    note: str


@dataclass(frozen=True)
class Nearby:
    """A neighbour of a place; `metres` as the crow flies."""

    code: str
    name: str
    metres: int


@dataclass(frozen=True)
class PublicOffer:
    """What a business offers from a day to a day, both included, in the reader's language."""

    text: str
    begins: date
    ends: date


@dataclass(frozen=True, kw_only=True)
class PublicPlace:
    """A place as anybody may see it: of which house, its dated facts, the week from a day on, and its neighbours."""

    house_id: int
    card: PlaceCard | PartnerCard
    names: tuple[str, str, str]
    note: str
    district_name: str
    facts: tuple[DatedFact, ...]
    week: tuple[tuple[date, str], ...]
    nearby: tuple[Nearby, ...]
    offers: tuple[PublicOffer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanStopCard:
    """One stay, with the hours it was planned by; times are `HH:MM` in Milan."""

    code: str
    name: str
    name_zh: str
    name_en: str
    name_it: str
    lat: float
    lon: float
    district: str
    category: str
    mode: str
    travel_minutes: int
    arrive: str
    start: str
    leave: str
    booked: bool
    booking: str
    hours_today: str
    confirm: str
    why: str
    why_text: str
    shelter: str
    shelter_name: str


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    """A client's day; `left_out` holds code, name, reason and reason_text, `notes` code and text."""

    id: str
    person_id: int
    day: date
    start: str
    end: str
    start_place: str
    interests: tuple[str, ...]
    stops: tuple[PlanStopCard, ...]
    left_out: tuple[Mapping[str, str], ...]
    created_at: datetime
    trip_id: str
    pace: str
    notes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class TripCard:
    """A client's stay: its days in order, and what the weight of lesser-known districts did, None without one.

    `remind`: its owner asked to be told before it, and is still to be.
    """

    id: str
    days: tuple[PlanCard, ...]
    left_out: tuple[Mapping[str, str], ...]
    dispersal: Mapping[str, float | str] | None
    remind: bool = False


@dataclass(frozen=True)
class MissedQuery:
    """A query that found nothing, how often, and when last."""

    query: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class GuideTotals:
    """A guide in numbers for its page at the desk."""

    places: int
    hours_sure: int
    partners: int
    plans: int
    missed: int


def places(house_id: int, *, day: date, language: str = "en") -> Sequence[PlaceCard]:
    """All places in the order of the guide; from memory."""
    return [_place_card(row, day, language) for row in guide_of(house_id).places.values()]


def place(
    house_id: int, code: str, *, day: date, language: str = "zh-hans"
) -> PlaceCard | PartnerCard | None:
    """A place by code, or a partner by `partner:code`; from memory."""
    guide = guide_of(house_id)
    if code.startswith(PARTNER_PREFIX):
        found = guide.partners.get(code.removeprefix(PARTNER_PREFIX))
        return partner_card(found, day, language) if found else None
    row = guide.places.get(code)
    return _place_card(row, day, language) if row else None


def cards_of(
    house_id: int, codes: Sequence[str], *, day: date, language: str
) -> Sequence[PlaceCard | PartnerCard]:
    """Several places and partners in the order of the codes; unknown codes are left out."""
    found = (place(house_id, code, day=day, language=language) for code in codes)
    return [card for card in found if card is not None]


def public_place(code: str, *, day: date, language: str) -> PublicPlace | None:
    """A place, or a listed partner as `partner:code`, of a city's guide; else of the first house that has it."""
    if code.startswith(PARTNER_PREFIX):
        holding = Partner.objects.filter(code=code.removeprefix(PARTNER_PREFIX), listed=True)
        owners = list(holding.values_list("house_id", flat=True))
    else:
        owners = list(Place.objects.filter(code=code).values_list("house_id", flat=True))
    if not owners:
        return None
    house_id = min(owners, key=lambda each: (house(each).kind != "destination", each))
    card = place(house_id, code, day=day, language=language)
    if card is None:
        return None
    district = next((each for each in districts() if each.code == card.district), None)
    named = (district.name_zh, district.name_en, district.name_it) if district else ("", "", "")
    days = (day + timedelta(days=ahead) for ahead in range(7))
    return PublicPlace(
        house_id=house_id,
        card=card,
        names=(card.name_zh, card.name_en, card.name_it),
        note=card.note,
        district_name=named[language_index(language)],
        facts=facts_of(card, today=day, language=language),
        week=tuple((each, describe(card.opening_hours, each, language=language)) for each in days),
        nearby=_nearby(house_id, card, language),
        offers=offers_of(card, day=day, language=language),
    )


def facts_of(card: PlaceCard | PartnerCard, *, today: date, language: str) -> tuple[DatedFact, ...]:
    """What is known of a place, each fact with its source and day."""
    if isinstance(card, PartnerCard):
        return facts_of_partner(card, today=today, language=language)
    on = card.hours_confirmed_on
    return (hours_fact(sure=not card.confirm, confirmed_on=on, today=today, language=language),)


def offers_of(card: PlaceCard | PartnerCard, *, day: date, language: str) -> tuple[PublicOffer, ...]:
    """What a business offers on a day or later, the next to end first; a place of the city offers nothing."""
    if isinstance(card, PlaceCard):
        return ()
    at = ("zh", "en", "it")[language_index(language)]
    return tuple(
        PublicOffer(
            each[at] or each["it"], date.fromisoformat(each["from"]), date.fromisoformat(each["until"])
        )
        for each in on_day(card.offers, day)
    )


def _nearby(house_id: int, card: PlaceCard | PartnerCard, language: str) -> tuple[Nearby, ...]:
    others = [
        Nearby(row.code, _name(row, language), 10 * round(metres(card.lat, card.lon, row.lat, row.lon) / 10))
        for row in guide_of(house_id).places.values()
        if row.code != card.code
    ]
    return tuple(sorted(others, key=lambda each: (each.metres, each.code))[:NEARBY_SHOWN])


def plan(*, plan_id: str, person_id: int, language: str = "zh-hans") -> PlanCard | None:
    """The owner's plan; None for anybody else's, as for one that does not exist."""
    row = Plan.objects.filter(public_id=plan_id, person_id=person_id).prefetch_related("stops__place").first()
    return _plan_card(row, language) if row else None


def plans_of(*, person_id: int, language: str = "zh-hans", limit: int = 20) -> Sequence[PlanCard]:
    """The owner's plans, the newest first."""
    rows = Plan.objects.filter(person_id=person_id).prefetch_related("stops__place").order_by("-created_at")
    return [_plan_card(row, language) for row in rows[:limit]]


def trip(*, trip_id: str, person_id: int, language: str = "zh-hans") -> TripCard | None:
    """The owner's stay with all its days; None for anybody else's, as for one that does not exist."""
    rows = list(
        Plan.objects.filter(trip=trip_id, person_id=person_id)
        .exclude(trip="")
        .prefetch_related("stops__place")
        .order_by("day")
    )
    if not rows:
        return None
    days = tuple(_plan_card(row, language) for row in rows)
    told = next((row.dispersal for row in rows if row.dispersal), None)
    if told:
        text = dispersal_text(told["cost"], told["away"], told["away_without"], language)
        told = {**told, "text": text}
    return TripCard(
        id=trip_id,
        days=days,
        left_out=tuple(each for day in days for each in day.left_out),
        dispersal=told,
        remind=rows[0].remind,
    )


def missed_queries(house_id: int, *, since: datetime, limit: int = 50) -> Sequence[MissedQuery]:
    """What was searched in vain, the most frequent first."""
    rows = (
        MissedSearch.objects.filter(house_id=house_id, at__gte=since)
        .values("query")
        .annotate(times=Count("pk"), last_at=Max("at"))
        .order_by("-times", "-last_at")
    )
    return [MissedQuery(row["query"], row["times"], row["last_at"]) for row in rows[:limit]]


def searched(house_id: int, *, since: date, limit: int = 50) -> Sequence[Asked]:
    """What people search for, the most frequent first: of closed days, and only what five or more searched on one."""
    rows = (
        SearchedDay.objects.filter(house_id=house_id, day__gte=since)
        .values("query")
        .annotate(days=Count("pk"), all_people=Sum("people"), any_found=Max(Cast("found", IntegerField())))
        .order_by("-all_people", "query")
    )
    asked = [Asked(row["query"], row["days"], row["all_people"], bool(row["any_found"])) for row in rows]
    return without_beginnings(asked)[:limit]


def photo(sha256: str) -> bytes | None:
    """A photo's JPEG by its digest, which nobody can guess of one that was not shown to them."""
    return photos.read(sha256)


def totals(house_id: int, *, since: datetime, day: date) -> GuideTotals:
    """The guide in numbers as of a day; misses and plans since an instant."""
    is_listed_so = Q(conf_hours="H", hours_confirmed_on__isnull=True)
    sure = is_listed_so | Q(hours_confirmed_on__gte=day - STALE_AFTER)
    known = Place.objects.filter(house_id=house_id)
    return GuideTotals(
        places=known.count(),
        hours_sure=known.filter(sure).count(),
        partners=Partner.objects.filter(house_id=house_id, listed=True).count(),
        plans=Plan.objects.filter(house_id=house_id, created_at__gte=since).count(),
        missed=MissedSearch.objects.filter(house_id=house_id, at__gte=since).count(),
    )


def district_list() -> Sequence[District]:
    """The districts with their names in three languages."""
    return districts()


def _place_card(row: Place, day: date, language: str) -> PlaceCard:
    return PlaceCard(
        code=row.code,
        kind="place",
        name=_name(row, language),
        name_zh=row.name_zh,
        name_en=row.name_en,
        name_it=row.name_it,
        aliases=tuple(row.aliases),
        lat=row.lat,
        lon=row.lon,
        district=row.district,
        category=row.category,
        category_name=category_name(row.category, language),
        visit_minutes=row.visit_minutes,
        opening_hours=row.opening_hours,
        hours_today=describe(row.opening_hours, day, language=language),
        last_admission=row.last_admission,
        admission=row.admission,
        booking=row.booking,
        conf_name=row.conf_name,
        conf_coord=row.conf_coord,
        conf_hours=row.conf_hours,
        conf_visit=row.conf_visit,
        hours_confirmed_on=row.hours_confirmed_on,
        hours_confirmed_by=row.hours_confirmed_by,
        confirm="" if is_sure(row, day) else confirm_note(language),
        note=(row.note_zh, row.note, row.note_it)[language_index(language)],
    )


def _plan_card(row: Plan, language: str) -> PlanCard:
    stops = sorted(row.stops.all(), key=lambda stop: stop.position)
    return PlanCard(
        id=row.public_id,
        person_id=row.person_id,
        day=row.day,
        start=clock_text(row.start_minute),
        end=clock_text(row.end_minute),
        start_place=row.start_place,
        interests=tuple(row.interests),
        stops=tuple(_stop_card(stop, row.day, language) for stop in stops),
        left_out=tuple(
            {
                **each,
                "name": _name_of(row.house_id, each["code"], language),
                "reason_text": reason_text(Reason(each["reason"]), language),
            }
            for each in row.left_out
        ),
        created_at=row.created_at,
        trip_id=row.trip,
        pace=row.pace,
        notes=tuple({"code": each, "text": note_text(Note(each), language)} for each in row.notes),
    )


def _stop_card(stop: PlanStop, day: date, language: str) -> PlanStopCard:
    place_row = stop.place
    return PlanStopCard(
        code=place_row.code,
        name=_name(place_row, language),
        name_zh=place_row.name_zh,
        name_en=place_row.name_en,
        name_it=place_row.name_it,
        lat=place_row.lat,
        lon=place_row.lon,
        district=place_row.district,
        category=place_row.category,
        mode=stop.mode,
        travel_minutes=stop.travel_minutes,
        arrive=clock_text(stop.arrive_minute),
        start=clock_text(stop.start_minute),
        leave=clock_text(stop.leave_minute),
        booked=stop.booked,
        booking=place_row.booking,
        hours_today=describe(place_row.opening_hours, day, language=language),
        confirm="" if is_sure(place_row, day) else confirm_note(language),
        why=stop.why,
        why_text=why_text(Why(stop.why), language) if stop.why else "",
        shelter=stop.shelter,
        shelter_name=_name_of(place_row.house_id, stop.shelter, language) if stop.shelter else "",
    )


def _name(row: Place, language: str) -> str:
    return (row.name_zh, row.name_en, row.name_it)[language_index(language)]


def _name_of(house_id: int, code: str, language: str) -> str:
    row = guide_of(house_id).places.get(code)
    return _name(row, language) if row else code
