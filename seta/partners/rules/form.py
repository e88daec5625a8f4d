"""Reads the form of a listing: what it states, and for each field that cannot be taken what to change."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from seta.guide.rules.districts import districts, metres
from seta.guide.rules.hours import is_valid, windows
from seta.guide.rules.importing import PARTNER_CATEGORIES, PAYMENTS
from seta.guide.rules.listing import FLAGS, OFFERS_MAX
from seta.loyalty.rules.bribes import bribes_in
from seta.partners.rules.week import DAYS, SPANS_MAX, BadWeek, spec_of, week_from

LANGUAGES = ("zh", "en", "it", "fr", "de", "es", "ru", "ja")
NAME_MAX, ADDRESS_MAX, NOTE_MAX, OFFER_MAX = 80, 160, 200, 120
NAME_ZH_MAX = 40
REACH_METRES = 50_000
OFFER_DAYS_MAX = 366
HOURS_CHARACTERS_MAX = 200
LOOKED_AT_DAYS = 14

Sent = Mapping[str, Sequence[str]]
"""A form's values by name, as a browser sends them."""

_CODE = re.compile(r"[<>`]|\]\(|https?:|www\.|javascript:", re.IGNORECASE)
_POSITION = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*\Z")
_LENGTHS = {
    "name": NAME_MAX,
    "name_zh": NAME_ZH_MAX,
    "name_en": NAME_MAX,
    "address": ADDRESS_MAX,
    "note_zh": NOTE_MAX,
    "note_en": NOTE_MAX,
    "note_it": NOTE_MAX,
}
_NEEDED = frozenset({"name", "address"})
_NAMES = ("name", "name_zh", "name_en")


class Problem(StrEnum):
    """Why a field cannot be taken as it is."""

    MISSING = "missing"
    LONG = "long"
    NO_LETTERS = "no_letters"
    CODE = "code"
    BRIBE = "bribe"
    CHOICE = "choice"
    POSITION = "position"
    HOURS = "hours"
    NEVER_OPEN = "never_open"
    OFFER_TEXT = "offer_text"
    OFFER_DAYS = "offer_days"


@dataclass(frozen=True)
class Read:
    """The listing that a form states, without its photos; `problems` by field, empty when it can be taken."""

    fields: Mapping[str, Any]
    problems: Mapping[str, Problem]


class _Bad(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_listing(sent: Sent, *, today: date) -> Read:
    """Everything that the form states; a name not given in Chinese or English is the business's own."""
    fields: dict[str, Any] = {}
    problems: dict[str, Problem] = {}

    def take(field: str, value: Any) -> None:
        try:
            fields[field] = value()
        except _Bad as bad:
            fields[field] = ""
            problems[field] = bad.problem

    for field, length in _LENGTHS.items():
        take(field, lambda field=field, length=length: _text(sent, field, length))
    take("category", lambda: _choice(one(sent, "category"), PARTNER_CATEGORIES))
    take("position", lambda: _position(one(sent, "position")))
    take("opening_hours", lambda: hours_of(sent, today=today))
    take("languages", lambda: _choices(sent, "languages", LANGUAGES))
    take("payment", lambda: _choices(sent, "payment", PAYMENTS))
    take("offers", lambda: _offers(sent, today))
    for flag in FLAGS:
        fields[flag] = one(sent, flag) == "yes"
    fields["lat"], fields["lon"] = fields.pop("position") or (0.0, 0.0)
    for field in ("name_zh", "name_en"):
        fields[field] = fields[field] or fields["name"]
    if len(fields["name_zh"]) > NAME_MAX:
        problems["name_zh"] = Problem.LONG
    return Read(fields, problems)


def hours_of(sent: Sent, *, today: date) -> str:
    """The opening hours of the form, by its week or written out; raises ValueError when they cannot be read."""
    if one(sent, "hours_by") == "text":
        spec = one(sent, "hours_text")
        if len(spec) > HOURS_CHARACTERS_MAX or not is_valid(spec):
            raise _Bad(Problem.HOURS)
    else:
        try:
            spec = spec_of(week_from(cells_of(sent)))
        except BadWeek:
            raise _Bad(Problem.HOURS) from None
    days = (today + timedelta(days=ahead) for ahead in range(LOOKED_AT_DAYS))
    if not spec or not any(windows(spec, day) for day in days):
        raise _Bad(Problem.NEVER_OPEN)
    return spec


def cells_of(sent: Sent) -> list[list[tuple[str, str]]]:
    """The week's cells of the form as typed: for each day pairs of opening and closing."""
    return [
        [(one(sent, f"d{day}_opens{n}"), one(sent, f"d{day}_closes{n}")) for n in range(SPANS_MAX)]
        for day in range(len(DAYS))
    ]


def one(sent: Sent, name: str) -> str:
    """A field's text in composed form on one line, without signs that cannot be seen."""
    values = sent.get(name) or ("",)
    text = unicodedata.normalize("NFC", values[-1])
    seen = "".join(" " if each.isspace() else each for each in text)
    return " ".join("".join(each for each in seen if unicodedata.category(each)[0] != "C").split())


def _text(sent: Sent, field: str, length_max: int) -> str:
    text = one(sent, field)
    if not text:
        if field in _NEEDED:
            raise _Bad(Problem.MISSING)
        return ""
    return _plain(text, length_max, is_name=field in _NAMES)


def _plain(text: str, length_max: int, *, is_name: bool = False) -> str:
    """Words as they may be shown anywhere: a reply in WeChat reads angle brackets as a link."""
    if len(text) > length_max:
        raise _Bad(Problem.LONG)
    if _CODE.search(text):
        raise _Bad(Problem.CODE)
    if is_name and not any(each.isalnum() for each in text):
        raise _Bad(Problem.NO_LETTERS)
    if bribes_in(text):
        raise _Bad(Problem.BRIBE)
    return text


def _choice(value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise _Bad(Problem.CHOICE)
    return value


def _choices(sent: Sent, name: str, allowed: Sequence[str]) -> list[str]:
    chosen = set(sent.get(name, ()))
    if chosen - set(allowed):
        raise _Bad(Problem.CHOICE)
    return [each for each in allowed if each in chosen]


def _position(text: str) -> tuple[float, float]:
    """`45.46416, 9.19190` as degrees (WGS-84) within reach of the city."""
    found = _POSITION.match(text)
    if found is None:
        raise _Bad(Problem.POSITION)
    lat, lon = float(found[1]), float(found[2])
    if min(metres(lat, lon, each.lat, each.lon) for each in districts()) > REACH_METRES:
        raise _Bad(Problem.POSITION)
    return lat, lon


def _offers(sent: Sent, today: date) -> list[dict[str, str]]:
    made = (_offer(sent, f"offer{n}", today) for n in range(OFFERS_MAX))
    return [each for each in made if each is not None]


def _offer(sent: Sent, prefix: str, today: date) -> dict[str, str] | None:
    """One offer; what is not written in a language is shown in another. An empty row, or one that is over, is none."""
    texts = {each: one(sent, f"{prefix}_{each}") for each in ("it", "en", "zh")}
    begins, ends = one(sent, f"{prefix}_from"), one(sent, f"{prefix}_until")
    if not any(texts.values()) and not begins and not ends:
        return None
    for text in texts.values():
        if text:
            _plain(text, OFFER_MAX)
    first = next((text for text in texts.values() if text), "")
    if not first:
        raise _Bad(Problem.OFFER_TEXT)
    try:
        start, end = date.fromisoformat(begins), date.fromisoformat(ends)
    except ValueError:
        raise _Bad(Problem.OFFER_DAYS) from None
    if not start <= end <= start + timedelta(days=OFFER_DAYS_MAX):
        raise _Bad(Problem.OFFER_DAYS)
    if end < today:
        return None
    said = {each: text or first for each, text in texts.items()}
    return {**said, "from": start.isoformat(), "until": end.isoformat()}
