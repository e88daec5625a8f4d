"""A change of a piece in the reader's words: the fields, what they were and what they became."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from seta.boutique.queries.editing import ChangeRow
from seta.boutique.rules.market_names import NAMES, market_name
from seta.desk.piece_words import CHANGE, DOOR, FIELD
from seta.desk.templatetags.desk_format import day_text
from seta.kit.money import text

_INSTANTS = frozenset({"effective_at", "opens_at", "closes_at", "shown_from", "shown_until"})


@dataclass(frozen=True)
class FieldChange:
    """A field's name, what it was and what it became; empty where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A change as the desk tells it."""

    what: str
    sku: str
    user_id: int
    at: datetime
    fields: tuple[FieldChange, ...]


def told(row: ChangeRow, language: str, zone: tzinfo) -> Told:
    """A change in the reader's language, its instants on the house's clock."""
    names = [name for name in FIELD if name in row.before or name in row.after]
    currency = row.after.get("currency") or row.before.get("currency") or "CNY"

    def said(values: Mapping[str, Any], name: str) -> str:
        return _value(name, values.get(name), currency, language, zone)

    fields = [FieldChange(str(FIELD[name]), said(row.before, name), said(row.after, name)) for name in names]
    shown = tuple(each for each in fields if each.before or each.after)
    return Told(str(CHANGE.get(row.what, row.what)), row.sku, row.user_id, row.at, shown)


def _value(name: str, value: Any, currency: str, language: str, zone: tzinfo) -> str:
    if value is None or value == "":
        return ""
    if name == "amount":
        return text(int(value), currency)
    if name == "market":
        return market_name(value, language) if value in NAMES else str(value)
    if name in _INSTANTS:
        local = datetime.fromisoformat(value).astimezone(zone)
        return f"{day_text(local.date())} {local:%H:%M}"
    if name == "doors":
        return ", ".join(str(DOOR.get(each, each)) for each in value)
    return str(value)
