"""The city on the phone: every place and listed partner with all spellings, versioned, and told as a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from json import dumps
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from seta.guide.lookup import PARTNER_PREFIX, GuideInMemory, guide_of, is_sure
from seta.guide.models import Partner, Place
from seta.guide.rules.spelling import fold, is_latin, readings, without_city, words
from seta.kit.clock import rome_day
from seta.people.auth import Client, ClientAuth

MARK_BYTES = 6
MARKS_MAX = 20_000
MARK_CHARACTERS_MAX = 2 * MARK_BYTES

router = Router(auth=ClientAuth())


@dataclass(frozen=True, kw_only=True)
class PackedPlace:
    """What the phone shows and finds of a place without a network; texts are Chinese, English, Italian.

    `hours_on` is the ISO day on which the hours were confirmed last, empty for what the city's list says.
    """

    code: str
    rank: int
    names: tuple[str, str, str]
    notes: tuple[str, str, str]
    category: str
    district: str
    hours: str
    sure: bool
    hours_on: str
    visit_minutes: int
    admission: str
    booking: str
    lat: float
    lon: float
    spelled: tuple[str, ...]
    sounds: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A short digest of everything above: another mark, another content."""
        return _digest(dumps(asdict(self), sort_keys=True, ensure_ascii=False))


@dataclass(frozen=True)
class Pack:
    """One version of a house's city; `version` is a digest of all marks, so equal cities have equal versions."""

    version: str
    places: Mapping[str, tuple[str, PackedPlace]]

    def changes(self, marks: Mapping[str, str]) -> tuple[Sequence[PackedPlace], Sequence[str]]:
        """What differs from a phone that holds these marks: the places to write, and the codes to remove."""
        changed = [place for code, (mark, place) in self.places.items() if marks.get(code) != mark]
        return changed, sorted(code for code in marks if code not in self.places)


class MarksIn(Schema):
    """What a phone holds: the mark of every place by its code; nothing at first."""

    version: str = Field(default="", max_length=MARK_CHARACTERS_MAX)
    marks: dict[str, str] = Field(default_factory=dict, max_length=MARKS_MAX)


_packs: dict[int, tuple[GuideInMemory, date, Pack]] = {}


def pack_of(house_id: int, day: date) -> Pack:
    """The house's city as it is on a day; made once a day and version of the guide."""
    guide = guide_of(house_id)
    kept = _packs.get(house_id)
    if kept is None or kept[0] is not guide or kept[1] != day:
        kept = (guide, day, _make(guide, day))
        _packs[house_id] = kept
    return kept[2]


@router.post("", summary="The city pack, or what changed of it")
def changes(request: HttpRequest, body: MarksIn) -> dict[str, Any]:
    """Everything for a phone that holds nothing, else only what differs; nothing for the same version."""
    client: Client = request.auth  # type: ignore[attr-defined]
    pack = pack_of(client.house_id, rome_day(datetime.now(UTC)))
    if body.version == pack.version:
        return {"version": pack.version, "changed": [], "gone": []}
    changed, gone = pack.changes(body.marks)
    return {
        "version": pack.version,
        "changed": [{**asdict(place), "mark": pack.places[place.code][0]} for place in changed],
        "gone": list(gone),
    }


def _make(guide: GuideInMemory, day: date) -> Pack:
    packed = [_packed_place(place, day) for place in guide.places.values()]
    packed += [_packed_partner(partner, 1_000_000 + n) for n, partner in enumerate(guide.partners.values())]
    places = {place.code: (place.mark, place) for place in packed}
    return Pack(_digest(dumps({code: mark for code, (mark, _) in places.items()}, sort_keys=True)), places)


def _packed_place(place: Place, day: date) -> PackedPlace:
    spelled, sounds = _keys((place.name_zh, place.name_en, place.name_it, *place.aliases))
    return PackedPlace(
        code=place.code,
        rank=place.rank,
        names=(place.name_zh, place.name_en, place.name_it),
        notes=(place.note_zh, place.note, place.note_it),
        category=place.category,
        district=place.district,
        hours=place.opening_hours,
        sure=is_sure(place, day),
        hours_on=str(place.hours_confirmed_on or ""),
        visit_minutes=place.visit_minutes,
        admission=place.admission,
        booking=place.booking,
        lat=place.lat,
        lon=place.lon,
        spelled=spelled,
        sounds=sounds,
    )


def _packed_partner(partner: Partner, rank: int) -> PackedPlace:
    name_en = partner.name_en or partner.name
    spelled, sounds = _keys((partner.name_zh, name_en, partner.name))
    return PackedPlace(
        code=PARTNER_PREFIX + partner.code,
        rank=rank,
        names=(partner.name_zh, name_en, partner.name),
        notes=(partner.note_zh, partner.note_en, partner.note_it),
        category=partner.category,
        district=partner.district,
        hours=partner.opening_hours,
        sure=True,
        hours_on=str(partner.confirmed.get("hours", "")),
        visit_minutes=0,
        admission="",
        booking="",
        lat=partner.lat,
        lon=partner.lon,
        spelled=spelled,
        sounds=sounds,
    )


def _keys(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Folded names and words, and the pinyin and initials of names in characters, as the server's search has them."""
    whole = [key for name in map(fold, names) for key in (name, without_city(name)) if key]
    sounds = [
        sound
        for key in whole
        if not is_latin(key)
        for pair in readings(key)
        for sound in pair
        if len(sound) > 1
    ]
    return tuple(dict.fromkeys([*whole, *words(names)])), tuple(dict.fromkeys(sounds))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=MARK_BYTES).hexdigest()
