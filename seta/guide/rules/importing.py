"""Reads lists of places and partners from CSV, and says for each row that cannot be used what to change."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import Generic, TypeVar

from seta.guide.rules.districts import district_of
from seta.guide.rules.hours import is_valid, minute_of
from seta.guide.rules.texts import language_index

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


class Fault(StrEnum):
    """What can be wrong with a row."""

    COLUMNS = "columns"
    ROWS = "rows"
    CELLS = "cells"
    TWICE = "twice"
    CODE = "code"
    EMPTY = "empty"
    NO_LETTERS = "no_letters"
    LONG = "long"
    NO_NUMBER = "no_number"
    OFF_EARTH = "off_earth"
    HOURS = "hours"
    MINUTES = "minutes"
    CHOICE = "choice"
    DAY = "day"


FAULTS: Mapping[Fault, tuple[str, str, str]] = {
    Fault.COLUMNS: ("请添加列：{}", "add the columns: {}", "aggiunga le colonne: {}"),
    Fault.ROWS: (
        "请拆分文件：最多 {} 行",
        "split the file: at most {} rows",
        "divida il file: al massimo {} righe",
    ),
    Fault.CELLS: (
        "此行单元格多于表头；含逗号的内容请加引号",
        "the row has more cells than the heading; quote cells that hold a comma",
        "la riga ha più celle dell'intestazione; metta tra virgolette quelle con una virgola",
    ),
    Fault.TWICE: ("已在第 {} 行", "is already on line {}", "è già alla riga {}"),
    Fault.CODE: (
        "“{}”须为小写字母、数字、- 或 _（最多40个）",
        "{!r} must be lower-case letters, digits, - and _ (40 at most)",
        "«{}» deve avere minuscole, cifre, - e _ (al massimo 40)",
    ),
    Fault.EMPTY: ("请填写", "fill this cell", "compili questa cella"),
    Fault.NO_LETTERS: (
        "名称须有文字，不能只有表情或符号",
        "a name needs letters, not only emoji or signs",
        "un nome vuole lettere, non solo emoji o segni",
    ),
    Fault.LONG: ("请缩短至 {} 个字符", "shorten to {} characters", "abbrevi a {} caratteri"),
    Fault.NO_NUMBER: (
        "请以十进制度数填写纬度与经度（WGS-84）",
        "give latitude and longitude as decimal degrees (WGS-84)",
        "indichi latitudine e longitudine in gradi decimali (WGS-84)",
    ),
    Fault.OFF_EARTH: (
        "纬度在90度以内，经度在180度以内",
        "latitude is within 90 degrees and longitude within 180",
        "la latitudine è entro 90 gradi e la longitudine entro 180",
    ),
    Fault.HOURS: (
        "“{}”不是 OpenStreetMap 营业时间格式，例如 Tu-Su 10:00-18:00",
        "{!r} is not in OpenStreetMap's opening_hours form, such as Tu-Su 10:00-18:00",
        "«{}» non è nella forma opening_hours di OpenStreetMap, come Tu-Su 10:00-18:00",
    ),
    Fault.MINUTES: ("请填写1至 {} 分钟", "give 1 to {} minutes", "indichi da 1 a {} minuti"),
    Fault.CHOICE: ("须为其中之一：{}", "is none of {}", "non è tra: {}"),
    Fault.DAY: (
        "请以 YYYY-MM-DD 填写支付方式的确认日期",
        "give the day the payment methods were confirmed as YYYY-MM-DD",
        "indichi come YYYY-MM-DD il giorno in cui i pagamenti sono stati confermati",
    ),
}


@dataclass(frozen=True)
class RowError:
    """Why one row cannot be imported; `line` counts from 1 with the heading, `value` is what to look at."""

    line: int
    field: str
    fault: Fault
    value: str = ""

    @property
    def message(self) -> str:
        """What to change, in English."""
        return self.text("en")

    def text(self, language: str) -> str:
        """What to change, in the reader's language."""
        return FAULTS[self.fault][language_index(language)].format(self.value)


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The rows understood, with the line that each ends on, and the errors of the others."""

    rows: tuple[T, ...]
    errors: tuple[RowError, ...]
    lines: tuple[int, ...] = ()


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
    def __init__(self, field: str, fault: Fault, value: str | int = "") -> None:
        super().__init__(fault)
        self.field = field
        self.fault = fault
        self.value = str(value)


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
        return Reading((), (RowError(1, missing[0], Fault.COLUMNS, ", ".join(missing)),))
    rows: list[T] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        if len(rows) >= ROWS_MAX:
            errors.append(RowError(line, "", Fault.ROWS, str(ROWS_MAX)))
            break
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        try:
            if None in row:
                raise _Bad("", Fault.CELLS)
            made = make(cells)
            code = cells.get("id") or cells.get("code", "")
            if code in seen:
                raise _Bad("id", Fault.TWICE, seen[code])
            seen[code] = line
            rows.append(made)
        except _Bad as bad:
            errors.append(RowError(line, bad.field, bad.fault, bad.value))
    return Reading(tuple(rows), tuple(errors), tuple(seen.values()))


def _place(cells: Mapping[str, str]) -> PlaceRow:
    lat, lon = _coordinates(cells)
    hours = _hours(cells, "opening_hours_osm")
    note = cells.get("note", "")
    return PlaceRow(
        code=_code(cells, "id"),
        name_zh=_name(cells, "name_zh", 80),
        name_en=_name(cells, "name_en", 120),
        name_it=_name(cells, "name_it", 120),
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
            raise _Bad("payment", Fault.CHOICE, f"{', '.join(PAYMENTS)} ({method})")
    confirmed = cells.get("payment_confirmed_on", "")
    if methods:
        _day(confirmed)
    return PartnerRow(
        code=_code(cells, "code"),
        name=_name(cells, "name", 120),
        name_zh=_name(cells, "name_zh", 80),
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
        raise _Bad(field, Fault.CODE, code)
    return code


def _text(cells: Mapping[str, str], field: str, length_max: int) -> str:
    text = cells.get(field, "")
    if not text:
        raise _Bad(field, Fault.EMPTY)
    if len(text) > length_max:
        raise _Bad(field, Fault.LONG, length_max)
    return text


def _name(cells: Mapping[str, str], field: str, length_max: int) -> str:
    # Search folds signs away: a name of nothing else could never be found.
    name = _text(cells, field, length_max)
    if not any(each.isalnum() for each in name):
        raise _Bad(field, Fault.NO_LETTERS)
    return name


def _coordinates(cells: Mapping[str, str]) -> tuple[float, float]:
    try:
        lat, lon = float(cells.get("lat", "")), float(cells.get("lon", ""))
    except ValueError:
        raise _Bad("lat", Fault.NO_NUMBER) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _Bad("lat", Fault.OFF_EARTH)
    return lat, lon


def _hours(cells: Mapping[str, str], field: str) -> str:
    spec = cells.get(field, "")
    if not is_valid(spec):
        raise _Bad(field, Fault.HOURS, spec)
    return spec


def _visit_minutes(cells: Mapping[str, str]) -> int:
    text = cells.get("visit_min", "")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= VISIT_MINUTES_MAX):
        raise _Bad("visit_min", Fault.MINUTES, VISIT_MINUTES_MAX)
    return int(text)


def _one_of(cells: Mapping[str, str], field: str, allowed: tuple[str, ...]) -> str:
    value = cells.get(field, "")
    if value not in allowed:
        raise _Bad(field, Fault.CHOICE, f"{', '.join(allowed)} ({value})")
    return value


def _list(cells: Mapping[str, str], field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cells.get(field, "").split(";") if part.strip())


def _yes(cells: Mapping[str, str], field: str) -> bool:
    return _one_of(cells, field, ("yes", "no")) == "yes"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Bad("payment_confirmed_on", Fault.DAY) from None
