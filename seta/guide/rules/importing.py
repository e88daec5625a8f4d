"""Reads lists of places and partners from CSV, and says for each row that cannot be used what to change."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Generic, TypeVar

from seta.guide.rules.districts import district_of
from seta.guide.rules.hours import is_valid, minute_of

ROWS_MAX = 20_000
VISIT_MINUTES_MAX = 600
CATEGORIES = (
    "church",
    "viewpoint",
    "museum",
    "shopping",
    "theatre",
    "castle",
    "park",
    "landmark",
    "district",
    "stadium",
    "food",
    "transport",
)
PARTNER_CATEGORIES = ("food", "shopping", "services", "hotel", "experience")
ADMISSIONS = ("free", "paid")
BOOKINGS = ("no", "advised", "required")
CONFIDENCES = ("H", "M", "L")
PAYMENTS = ("wechatpay", "alipay", "card", "cash")

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LAST_ADMISSION = re.compile(r"last (?:admission|entry) about (\d{1,2}:\d{2})")
_CLOSING = re.compile(r"-(\d{1,2}:\d{2})")

T = TypeVar("T")


@dataclass(frozen=True)
class RowError:
    """Why one row cannot be imported; `line` counts from 1 with the heading."""

    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The rows understood and the errors of the others."""

    rows: tuple[T, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place as the file states it, with the district and the last admission worked out."""

    code: str
    name_zh: str
    name_en: str
    name_it: str
    aliases: tuple[str, ...]
    lat: float
    lon: float
    district: str
    category: str
    visit_minutes: int
    opening_hours: str
    last_admission: int
    admission: str
    booking: str
    conf_name: str
    conf_coord: str
    conf_hours: str
    conf_visit: str
    note: str
    note_zh: str
    note_it: str


@dataclass(frozen=True, kw_only=True)
class PartnerRow:
    """A partner as the file states it; `payment` maps each method to the day it was confirmed (ISO)."""

    code: str
    name: str
    name_zh: str
    category: str
    district: str
    address: str
    lat: float
    lon: float
    opening_hours: str
    languages: tuple[str, ...]
    payment: Mapping[str, str]
    menu_zh: bool
    hot_water: bool
    wifi: bool
    tax_free: bool
    note_zh: str


class _Bad(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_places(text: str) -> Reading[PlaceRow]:
    """Places from CSV text with the columns of `data/milan_places.csv`."""
    return _read(text, _place, needed=("id", "name_zh", "lat", "lon", "category", "opening_hours_osm"))


def read_partners(text: str) -> Reading[PartnerRow]:
    """Partners from CSV text with the columns of `data/milan_partners.csv`."""
    return _read(text, _partner, needed=("code", "name", "lat", "lon", "category", "opening_hours"))


def last_admission(note: str, opening_hours: str) -> int:
    """Minutes before closing after which nobody is let in, read from "last admission about 18:10"; else 0."""
    said = _LAST_ADMISSION.search(note)
    closings = _CLOSING.findall(opening_hours)
    if said is None or not closings:
        return 0
    return max(0, max(minute_of(closing) for closing in closings) - minute_of(said.group(1)))


def _read(text: str, make: Callable[[Mapping[str, str]], T], *, needed: Iterable[str]) -> Reading[T]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        return Reading((), (RowError(1, missing[0], f"add the columns: {', '.join(missing)}"),))
    rows: list[T] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        if len(rows) >= ROWS_MAX:
            errors.append(RowError(line, "", f"split the file: at most {ROWS_MAX} rows"))
            break
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        try:
            if None in row:
                raise _Bad("", "the row has more cells than the heading; quote cells that hold a comma")
            made = make(cells)
            code = cells.get("id") or cells.get("code", "")
            if code in seen:
                raise _Bad("id", f"{code!r} is already on line {seen[code]}")
            seen[code] = line
            rows.append(made)
        except _Bad as bad:
            errors.append(RowError(line, bad.field, str(bad)))
    return Reading(tuple(rows), tuple(errors))


def _place(cells: Mapping[str, str]) -> PlaceRow:
    lat, lon = _coordinates(cells)
    hours = _hours(cells, "opening_hours_osm")
    note = cells.get("note", "")
    return PlaceRow(
        code=_code(cells, "id"),
        name_zh=_text(cells, "name_zh", 80),
        name_en=_text(cells, "name_en", 120),
        name_it=_text(cells, "name_it", 120),
        aliases=_list(cells, "aliases_zh"),
        lat=lat,
        lon=lon,
        district=district_of(lat, lon),
        category=_one_of(cells, "category", CATEGORIES),
        visit_minutes=_visit_minutes(cells),
        opening_hours=hours,
        last_admission=last_admission(note, hours),
        admission=_one_of(cells, "admission", ADMISSIONS),
        booking=_one_of(cells, "booking", BOOKINGS),
        conf_name=_one_of(cells, "conf_name", CONFIDENCES),
        conf_coord=_one_of(cells, "conf_coord", CONFIDENCES),
        conf_hours=_one_of(cells, "conf_hours", CONFIDENCES),
        conf_visit=_one_of(cells, "conf_visit", CONFIDENCES),
        note=note[:300],
        note_zh=cells.get("note_zh", "")[:300],
        note_it=cells.get("note_it", "")[:300],
    )


def _partner(cells: Mapping[str, str]) -> PartnerRow:
    lat, lon = _coordinates(cells)
    methods = _list(cells, "payment")
    for method in methods:
        if method not in PAYMENTS:
            raise _Bad("payment", f"{method!r} is none of {', '.join(PAYMENTS)}")
    confirmed = cells.get("payment_confirmed_on", "")
    if methods:
        _day(confirmed)
    return PartnerRow(
        code=_code(cells, "code"),
        name=_text(cells, "name", 120),
        name_zh=_text(cells, "name_zh", 80),
        category=_one_of(cells, "category", PARTNER_CATEGORIES),
        district=district_of(lat, lon),
        address=_text(cells, "address", 160),
        lat=lat,
        lon=lon,
        opening_hours=_hours(cells, "opening_hours"),
        languages=_list(cells, "languages"),
        payment=dict.fromkeys(methods, confirmed),
        menu_zh=_yes(cells, "menu_zh"),
        hot_water=_yes(cells, "hot_water"),
        wifi=_yes(cells, "wifi"),
        tax_free=_yes(cells, "tax_free"),
        note_zh=cells.get("note_zh", "")[:200],
    )


def _code(cells: Mapping[str, str], field: str) -> str:
    code = cells.get(field, "")
    if not _CODE.match(code):
        raise _Bad(field, f"{code!r} must be lower-case letters, digits, - and _ (40 at most)")
    return code


def _text(cells: Mapping[str, str], field: str, length_max: int) -> str:
    text = cells.get(field, "")
    if not text:
        raise _Bad(field, "fill this cell")
    if len(text) > length_max:
        raise _Bad(field, f"shorten to {length_max} characters")
    return text


def _coordinates(cells: Mapping[str, str]) -> tuple[float, float]:
    try:
        lat, lon = float(cells.get("lat", "")), float(cells.get("lon", ""))
    except ValueError:
        raise _Bad("lat", "give latitude and longitude as decimal degrees (WGS-84)") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _Bad("lat", "latitude is within 90 degrees and longitude within 180")
    return lat, lon


def _hours(cells: Mapping[str, str], field: str) -> str:
    spec = cells.get(field, "")
    if not is_valid(spec):
        raise _Bad(field, f"{spec!r} is not in OpenStreetMap's opening_hours form, such as Tu-Su 10:00-18:00")
    return spec


def _visit_minutes(cells: Mapping[str, str]) -> int:
    text = cells.get("visit_min", "")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= VISIT_MINUTES_MAX):
        raise _Bad("visit_min", f"give 1 to {VISIT_MINUTES_MAX} minutes")
    return int(text)


def _one_of(cells: Mapping[str, str], field: str, allowed: tuple[str, ...]) -> str:
    value = cells.get(field, "")
    if value not in allowed:
        raise _Bad(field, f"{value!r} is none of {', '.join(allowed)}")
    return value


def _list(cells: Mapping[str, str], field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cells.get(field, "").split(";") if part.strip())


def _yes(cells: Mapping[str, str], field: str) -> bool:
    return _one_of(cells, field, ("yes", "no")) == "yes"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Bad(
            "payment_confirmed_on", "give the day the payment methods were confirmed as YYYY-MM-DD"
        ) from None
