"""The forms of a piece at the desk: their fields with what was written and what is wrong with it, read as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from seta.boutique.rules import OrderRefused, Refusal
from seta.boutique.rules.collections import FIELDS as COLLECTION_FIELDS
from seta.boutique.rules.editing import ALTS, CHARS_MAX, DESCRIPTIONS, MARKS, NAMES, TEXTS, PieceRefused
from seta.boutique.rules.lookbooks import FIELDS as LOOKBOOK_FIELDS
from seta.boutique.rules.lookbooks import LOOK_FIELDS
from seta.boutique.rules.prices import AMOUNT_MAX
from seta.desk import rules
from seta.desk.piece_words import FIELD
from seta.desk.rules import FormRefused
from seta.desk.shell import language, words_of, zone_of
from seta.houses.access import StaffRequest
from seta.kit.money import exponent

_LANG = {"zh": "zh-Hans", "en": "en", "it": "it"}
_SHORT = {"code": 32, "sku": 32, "gtin": 18}


@dataclass(frozen=True)
class Field:
    """An input with its label; `fault` is what is wrong with what was written."""

    name: str
    label: str
    value: str
    fault: str
    chars_max: int
    is_long: bool
    is_required: bool
    lang: str


@dataclass(frozen=True)
class Sent:
    """A form that was refused: which one, what was written in it, why, and what is wrong with each field."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)

    def of(self, form: str) -> "Sent":
        """This, when it is of that form; else a form that nobody has sent."""
        return self if self.form == form else Sent()


def refused(request: StaffRequest, form: str, problem: Exception) -> Sent:
    """What a refused form keeps."""
    faults = problem.words(language()) if isinstance(problem, PieceRefused) else {}
    values = {name: str(value) for name, value in request.POST.items()}
    values["all_doors"] = " ".join(request.POST.getlist("doors"))
    return Sent(form, values, words_of(problem), faults)


def text_fields(values: Mapping[str, str], sent: Sent, *, with_code: bool = False) -> list[Field]:
    """The fields of a piece's texts, its code first when it is new."""
    return _fields((*(("code",) if with_code else ()), *TEXTS), values, sent)


def collection_fields(values: Mapping[str, str], sent: Sent, *, with_code: bool = False) -> list[Field]:
    """The fields of a collection's names and season, its code first when it is new."""
    return _fields((*(("code",) if with_code else ()), *COLLECTION_FIELDS), values, sent)


def lookbook_fields(values: Mapping[str, str], sent: Sent, *, with_code: bool = False) -> list[Field]:
    """The fields of a lookbook's names, forewords and season, its code first when it is new."""
    return _fields((*(("code",) if with_code else ()), *LOOKBOOK_FIELDS), values, sent)


def look_fields(values: Mapping[str, str], sent: Sent) -> list[Field]:
    """The fields of what a look shows and of the line under it."""
    return _fields(LOOK_FIELDS, values, sent)


def mark_fields(values: Mapping[str, str], sent: Sent) -> list[Field]:
    """The fields of a variant's marks."""
    return _fields(MARKS, values, sent)


def _fields(names: Iterable[str], values: Mapping[str, str], sent: Sent) -> list[Field]:
    now_is = {**values, **sent.values}
    return [
        Field(
            name=name,
            label=str(FIELD[name]),
            value=now_is.get(name, ""),
            fault=sent.faults.get(name, ""),
            chars_max=CHARS_MAX.get(name, _SHORT.get(name, 40)),
            is_long=name in DESCRIPTIONS,
            is_required=name in (*NAMES, *ALTS, "code", "sku"),
            lang=_LANG.get(name.rpartition("_")[2], ""),
        )
        for name in names
    ]


def instant_of(request: StaffRequest, name: str) -> datetime | None:
    """A time by the house's clock, or None for none; raises FormRefused(BAD_DAY)."""
    said = request.POST.get(name, "").strip()
    if not said:
        return None
    try:
        local = datetime.fromisoformat(said)
    except ValueError:
        raise FormRefused(rules.Refusal.BAD_DAY, said[:40]) from None
    return local.replace(tzinfo=zone_of(request)) if local.tzinfo is None else local


def local_text(instant: datetime | None, zone: tzinfo) -> str:
    """An instant as an input of local time holds it; empty for none."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}" if instant else ""


def amount_of(said: str, currency: str) -> int:
    """An amount as people write it, in minor units of the currency; raises OrderRefused(WRONG_PRICE)."""
    try:
        hundredths = rules.fen(said)
    except FormRefused:
        raise OrderRefused(Refusal.WRONG_PRICE, said[:40]) from None
    unit: int = 10 ** (2 - exponent(currency))
    amount, rest = divmod(hundredths, unit)
    if rest or amount > AMOUNT_MAX:
        raise OrderRefused(Refusal.WRONG_PRICE, said[:40])
    return amount
