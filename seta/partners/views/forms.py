"""The form of a listing as the page draws it, from what is known or from what was just typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seta.guide.queries import PartnerCard
from seta.guide.rules.importing import PARTNER_CATEGORIES, PAYMENTS
from seta.guide.rules.listing import FLAGS, OFFERS_MAX
from seta.guide.rules.texts import category_name, language_index
from seta.partners.rules.comparing import FIELD_NAMES, LANGUAGE_NAMES, PAYMENT_NAMES
from seta.partners.rules.form import LANGUAGES, Sent, cells_of, one
from seta.partners.rules.week import DAYS, SPANS_MAX, clock, week_of
from seta.partners.rules.words import WEEKDAYS

BLANK: Mapping[str, Any] = {
    **dict.fromkeys(("name", "name_zh", "name_en", "address", "note_zh", "note_en", "note_it"), ""),
    **dict.fromkeys(FLAGS, False),
    "category": "",
    "lat": "",
    "lon": "",
    "opening_hours": "",
    "languages": ["it"],
    "payment": [],
    "offers": [],
    "photos": [],
}


@dataclass(frozen=True)
class Choice:
    """A box or an option: its value, its label, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class DayRow:
    """A day of the week with its spans as typed."""

    number: int
    name: str
    cells: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class ListingForm:
    """What the page's fields hold; `sent` is the same as a browser would send it."""

    sent: Sent
    values: Mapping[str, str]
    categories: Sequence[Choice]
    payment: Sequence[Choice]
    languages: Sequence[Choice]
    flags: Sequence[Choice]
    days: Sequence[DayRow]
    by_text: bool
    offers: Sequence[Mapping[str, Any]]


def of_fields(fields: Mapping[str, Any], language: str) -> ListingForm:
    """The form of a listing as it is known."""
    sent: dict[str, list[str]] = {
        field: [str(fields[field])]
        for field in ("name", "name_zh", "name_en", "address", "category", "note_zh", "note_en", "note_it")
    }
    sent |= {flag: ["yes"] for flag in FLAGS if fields[flag]}
    sent["languages"], sent["payment"] = list(fields["languages"]), list(fields["payment"])
    if fields["lat"] != "":
        sent["position"] = [f"{fields['lat']}, {fields['lon']}"]
    spec = fields["opening_hours"]
    week = week_of(spec) if spec else ((),) * 7
    sent["hours_text"] = [spec]
    sent["hours_by"] = ["week" if week is not None else "text"]
    for day, spans in enumerate(week or ()):
        for n, (opens, closes) in enumerate(spans):
            sent[f"d{day}_opens{n}"], sent[f"d{day}_closes{n}"] = [clock(opens)], [clock(closes)]
    for n, offer in enumerate(fields["offers"]):
        sent |= {f"offer{n}_{key}": [offer[key]] for key in ("it", "en", "zh", "from", "until")}
    return of_sent(sent, language)


def of_sent(sent: Sent, language: str) -> ListingForm:
    """The form as it was typed, whatever is wrong with it."""
    at = language_index(language)

    def chosen(name: str, value: str) -> bool:
        return value in sent.get(name, ())

    return ListingForm(
        sent=sent,
        values={name: one(sent, name) for name in sent},
        categories=[
            Choice(each, category_name(each, language), chosen("category", each))
            for each in PARTNER_CATEGORIES
        ],
        payment=[Choice(each, PAYMENT_NAMES[each][at], chosen("payment", each)) for each in PAYMENTS],
        languages=[Choice(each, LANGUAGE_NAMES[each][at], chosen("languages", each)) for each in LANGUAGES],
        flags=[Choice(each, FIELD_NAMES[each][at], chosen(each, "yes")) for each in FLAGS],
        days=[
            DayRow(day, WEEKDAYS[at][day], tuple((n, *cells[n]) for n in range(SPANS_MAX)))
            for day, cells in enumerate(cells_of(sent))
        ],
        by_text=one(sent, "hours_by") == "text",
        offers=[
            {"n": n, **{key: one(sent, f"offer{n}_{key}") for key in ("it", "en", "zh", "from", "until")}}
            for n in range(OFFERS_MAX)
        ],
    )


def known_facts(card: PartnerCard) -> Mapping[str, tuple[str, str]]:
    """When each fact was last confirmed, and by whom: `told` by the business, `listed` by the city."""
    by_city = {method: ("listed", on) for method, on in card.payment.items() if on}
    return {**by_city, **{kind: ("told", on) for kind, on in card.confirmed.items()}}


def weekday(number: int, language: str) -> str:
    """A day's name, Monday is 0."""
    assert 0 <= number < len(DAYS)
    return WEEKDAYS[language_index(language)][number]
