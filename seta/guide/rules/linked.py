"""A place as schema.org JSON-LD, so that search engines and other guides read the same facts as people do."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CONTEXT = "https://schema.org"
CITY = "Milano"
COUNTRY = "IT"
# https://schema.org/TouristAttraction and its more special kinds.
_KINDS = {
    "church": ["TouristAttraction", "Church"],
    "viewpoint": ["TouristAttraction"],
    "museum": ["TouristAttraction", "Museum"],
    "shopping": ["ShoppingCenter"],
    "theatre": ["TouristAttraction", "PerformingArtsTheater"],
    "castle": ["TouristAttraction", "LandmarksOrHistoricalBuildings"],
    "park": ["TouristAttraction", "Park"],
    "landmark": ["TouristAttraction", "LandmarksOrHistoricalBuildings"],
    "district": ["TouristAttraction"],
    "stadium": ["StadiumOrArena"],
    "food": ["FoodEstablishment"],
    "transport": ["CivicStructure"],
}
_PARTNER_KINDS = {
    "food": ["FoodEstablishment"],
    "shopping": ["Store"],
    "hotel": ["Hotel"],
    "services": ["LocalBusiness"],
    "experience": ["LocalBusiness", "TouristAttraction"],
}
_PAYMENTS = {"wechatpay": "WeChat Pay", "alipay": "Alipay", "card": "Credit card", "cash": "Cash"}
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE = re.compile(
    rf"(?:(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) )?"
    r"(?P<times>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)\Z"
)


@dataclass(frozen=True, kw_only=True)
class Described:
    """What the description tells of a place; `names` are Chinese, English, Italian."""

    url: str
    names: tuple[str, str, str]
    language: str
    category: str
    partner: bool
    lat: float
    lon: float
    note: str
    opening_hours: str
    free: bool | None = None
    address: str = ""
    languages: Sequence[str] = ()
    payments: Sequence[str] = ()


def json_ld(place: Described) -> dict[str, Any]:
    """The description; hours only where the week can be told without a doubt."""
    kinds = _PARTNER_KINDS if place.partner else _KINDS
    own = place.names[("zh", "en", "it").index(place.language)]
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": kinds.get(place.category, ["Place"]),
        "@id": place.url,
        "url": place.url,
        "name": own,
        "alternateName": [name for name in dict.fromkeys(place.names) if name != own],
        "geo": {"@type": "GeoCoordinates", "latitude": place.lat, "longitude": place.lon},
        "address": _address(place.address),
        "description": place.note,
        "openingHoursSpecification": week(place.opening_hours),
        "availableLanguage": list(place.languages),
        "paymentAccepted": ", ".join(_PAYMENTS.get(each, each) for each in place.payments),
    }
    kept = {key: value for key, value in told.items() if value}
    return kept if place.free is None else {**kept, "isAccessibleForFree": place.free}


def script(told: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in, whatever a name contains."""
    text = json.dumps(told, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def week(spec: str) -> list[dict[str, Any]]:
    """An OpenStreetMap opening_hours string as OpeningHoursSpecification.

    Empty for what names seasons, holidays or exceptions: half a truth about hours sends people to closed doors.
    """
    if spec.replace(" ", "") == "24/7":
        return [_open(_DAY_NAMES, "00:00", "23:59")]
    found: dict[str, tuple[str, ...]] = {}
    for part in (each.strip() for each in spec.split(";")):
        rule = _RULE.match(part)
        if rule is None:
            return []
        for day in _days(rule["days"] or "Mo-Su"):
            found[day] = tuple(rule["times"].split(","))
    groups: dict[tuple[str, ...], list[str]] = {}
    for day, name in zip(_DAYS, _DAY_NAMES, strict=True):
        if day in found:
            groups.setdefault(found[day], []).append(name)
    return [_open(days, *span.split("-")) for times, days in groups.items() for span in times]


def _open(days: Sequence[str], opens: str, closes: str) -> dict[str, Any]:
    closes = "23:59" if closes == "24:00" else closes
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": list(days),
        "opens": opens,
        "closes": closes,
    }


def _days(text: str) -> list[str]:
    """`Mo-We,Fr` as four days; a span may run over the end of the week."""
    days: list[str] = []
    for each in text.split(","):
        first, _, last = each.partition("-")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        days += [_DAYS[at % 7] for at in range(start, (end if end >= start else end + 7) + 1)]
    return days


def _address(street: str) -> dict[str, str]:
    told = {"@type": "PostalAddress", "addressLocality": CITY, "addressCountry": COUNTRY}
    return {**told, "streetAddress": street} if street else told
