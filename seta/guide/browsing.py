"""The guide's list as facets see it: places and listed partners with what each of them has on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seta.guide.lookup import PARTNER_PREFIX, GuideInMemory, guide_of
from seta.guide.models import Partner, Place
from seta.guide.rules.facets import Choice, Facet, Item, Narrowed, narrow
from seta.guide.rules.hours import is_valid, windows
from seta.guide.rules.listing import FLAGS

_items: dict[int, tuple[GuideInMemory, date, tuple[Item, ...]]] = {}


@dataclass(frozen=True)
class Browsed:
    """A narrowed list; `searched` is False when nothing answered to the query and the whole list is shown."""

    narrowed: Narrowed
    searched: bool


def browse(house_id: int, *, query: str, wanted: Sequence[Choice], day: date) -> Browsed:
    """The list of a query, best first, or of everything, narrowed; from memory, and never empty but with the guide."""
    guide = guide_of(house_id)
    items = _items_of(house_id, guide, day)
    by_code = {item.code: item for item in items}
    hits = [by_code[hit.code] for hit in guide.search.find(query)] if query.strip() else []
    return Browsed(narrow(hits or items, wanted), bool(hits) or not query.strip())


def _items_of(house_id: int, guide: GuideInMemory, day: date) -> tuple[Item, ...]:
    kept = _items.get(house_id)
    if kept is None or kept[0] is not guide or kept[1] != day:
        made = [_place(place, day) for place in guide.places.values()]
        made += [_partner(partner, day) for partner in guide.partners.values()]
        kept = (guide, day, tuple(made))
        _items[house_id] = kept
    return kept[2]


def _place(place: Place, day: date) -> Item:
    has = _hours(place.opening_hours, day) | ({"free"} if place.admission == "free" else set())
    return Item(place.code, _values("place", place.category, place.district, has))


def _partner(partner: Partner, day: date) -> Item:
    has = _hours(partner.opening_hours, day) | {each for each in FLAGS if getattr(partner, each)}
    values = _values("partner", partner.category, partner.district, has)
    values[Facet.PAYMENT] = frozenset(partner.payment)
    values[Facet.LANGUAGE] = frozenset(partner.languages)
    return Item(PARTNER_PREFIX + partner.code, values)


def _values(kind: str, category: str, district: str, has: set[str]) -> dict[Facet, frozenset[str]]:
    return {
        Facet.KIND: frozenset({kind}),
        Facet.CATEGORY: frozenset({category}),
        Facet.DISTRICT: frozenset({district}),
        Facet.HAS: frozenset(has),
    }


def _hours(spec: str, day: date) -> set[str]:
    return {"open_today"} if is_valid(spec) and windows(spec, day) else set()
