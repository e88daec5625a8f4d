"""A house's guide in memory: read once a version, so that a search costs no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.conf import settings

from seta.guide.models import Guide, Partner, Place
from seta.guide.rules import districts
from seta.guide.rules.dated import is_fresh
from seta.guide.rules.planning import Sight
from seta.guide.rules.search import Entry, Hit, SearchIndex
from seta.guide.rules.texts import Told, place_reply
from seta.houses.queries import AccountMissing, account

PARTNER_PREFIX = "partner:"
REPLIES_MAX = 2_000
SUGGESTED_OTHERS = 3
PLACE_WEIGHTS = {"advised": 1.6, "required": 1.4}
DOUBTFUL_WEIGHT = 0.6


@dataclass(frozen=True)
class GuideInMemory:
    """One version of a house's places and partners, with everything that search, replies and plans read."""

    version: int
    places: Mapping[str, Place]
    partners: Mapping[str, Partner]
    appid: str
    replies: dict[tuple[str, date, tuple[str, ...]], str] = field(default_factory=dict)

    @cached_property
    def search(self) -> SearchIndex:
        """All spellings of places and partners; partners' codes carry a prefix."""
        entries = [_place_entry(place) for place in self.places.values()]
        return SearchIndex([*entries, *(_partner_entry(partner) for partner in self.partners.values())])

    @cached_property
    def sights(self) -> tuple[Sight, ...]:
        """The places as planning sees them."""
        return tuple(_sight(place) for place in self.places.values())

    def told(self, code: str, day: date) -> Told:
        """What a reply tells of a hit on a day."""
        if code.startswith(PARTNER_PREFIX):
            return _partner_told(self.partners[code.removeprefix(PARTNER_PREFIX)])
        return _place_told(self.places[code], day)

    def district(self, code: str) -> str:
        """The district code of a hit."""
        if code.startswith(PARTNER_PREFIX):
            return self.partners[code.removeprefix(PARTNER_PREFIX)].district
        return self.places[code].district

    def reply(self, hits: tuple[Hit, ...], day: date) -> str:
        """The text for the first hit, with the names of the next ones; composed once a day and code."""
        codes = tuple(hit.code for hit in hits[: 1 + SUGGESTED_OTHERS])
        key = (codes[0], day, codes[1:])
        if key not in self.replies:
            if len(self.replies) >= REPLIES_MAX:
                self.replies.clear()
            others = tuple(self.told(code, day).name_zh for code in codes[1:])
            self.replies[key] = place_reply(
                self.told(codes[0], day),
                day,
                others=others,
                appid=self.appid,
                public_url=settings.PUBLIC_URL,
            )
        return self.replies[key]


_guides: dict[int, GuideInMemory] = {}


def guide_of(house_id: int) -> GuideInMemory:
    """The house's guide as it is now; one small statement unless it has changed."""
    version = Guide.objects.filter(house_id=house_id).values_list("version", flat=True).first() or 0
    kept = _guides.get(house_id)
    if kept is None or kept.version != version or version == 0:
        kept = _load(house_id, version)
        _guides[house_id] = kept
    return kept


def _load(house_id: int, version: int) -> GuideInMemory:
    places = Place.objects.filter(house_id=house_id).order_by("rank", "id")
    partners = Partner.objects.filter(house_id=house_id, listed=True).order_by("id")
    try:
        appid = account(house_id, "mini_program").app_id
    except AccountMissing:
        appid = ""
    return GuideInMemory(
        version=version,
        places={place.code: place for place in places},
        partners={partner.code: partner for partner in partners},
        appid=appid,
    )


def _place_entry(place: Place) -> Entry:
    return Entry(
        code=place.code,
        name_zh=place.name_zh,
        name_en=place.name_en,
        name_it=place.name_it,
        aliases=tuple(place.aliases),
        category=place.category,
        rank=place.rank,
    )


def _partner_entry(partner: Partner) -> Entry:
    return Entry(
        code=PARTNER_PREFIX + partner.code,
        name_zh=partner.name_zh,
        name_en=partner.name_en or partner.name,
        name_it=partner.name,
        aliases=(),
        category=partner.category,
        rank=1_000_000 + partner.pk,
    )


def _sight(place: Place) -> Sight:
    weight = PLACE_WEIGHTS.get(place.booking, 1.0) * (DOUBTFUL_WEIGHT if place.conf_hours == "L" else 1.0)
    return Sight(
        code=place.code,
        category=place.category,
        lat=place.lat,
        lon=place.lon,
        visit_minutes=place.visit_minutes,
        opening_hours=place.opening_hours,
        last_admission=place.last_admission,
        weight=weight,
        booking_required=place.booking == "required",
    )


def is_sure(place: Place, day: date) -> bool:
    """Whether the hours of a day may be shown without asking the reader to confirm.

    A day of confirmation goes before the list's own mark, and wears off: hours change with the season.
    """
    confirmed_on = place.hours_confirmed_on
    return place.conf_hours == "H" if confirmed_on is None else is_fresh(confirmed_on, day)


def district_name_zh(code: str) -> str:
    """The district's Chinese name, empty outside the city."""
    return next((district.name_zh for district in districts() if district.code == code), "")


def _place_told(place: Place, day: date) -> Told:
    return Told(
        code=place.code,
        kind="place",
        name_zh=place.name_zh,
        name_local=place.name_it,
        district_zh=district_name_zh(place.district),
        category=place.category,
        opening_hours=place.opening_hours,
        sure_of_hours=is_sure(place, day),
        visit_minutes=place.visit_minutes,
        admission=place.admission,
        booking=place.booking,
        note_zh=place.note_zh,
    )


def _partner_told(partner: Partner) -> Told:
    return Told(
        code=PARTNER_PREFIX + partner.code,
        kind="partner",
        name_zh=partner.name_zh,
        name_local=f"{partner.name} · {partner.address}",
        district_zh=district_name_zh(partner.district),
        category=partner.category,
        opening_hours=partner.opening_hours,
        sure_of_hours=True,
        payment=tuple(sorted(partner.payment.items())),
        note_zh=partner.note_zh,
    )
