"""A city's partner businesses as others read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from seta.guide.lookup import PARTNER_PREFIX
from seta.guide.models import Partner
from seta.guide.rules.dated import DatedFact, partner_facts
from seta.guide.rules.hours import describe
from seta.guide.rules.listing import FLAGS
from seta.guide.rules.texts import category_name, language_index


@dataclass(frozen=True, kw_only=True)
class PartnerCard:
    """A business; `payment` and `confirmed` map what is known to the ISO day it was last confirmed.

    `offers` are all that it has, past ones too; see rules.listing.on_day.
    """

    code: str
    kind: str
    name: str
    name_zh: str
    name_en: str
    name_it: str
    category: str
    category_name: str
    district: str
    address: str
    lat: float
    lon: float
    opening_hours: str
    hours_today: str
    languages: tuple[str, ...]
    payment: Mapping[str, str]
    menu_zh: bool
    hot_water: bool
    wifi: bool
    tax_free: bool
    halal: bool
    accessible: bool
    note: str
    note_zh: str
    note_en: str
    note_it: str
    confirmed: Mapping[str, str]
    offers: tuple[Mapping[str, str], ...]
    photos: tuple[Mapping[str, Any], ...]
    listed: bool


def partners(house_id: int, *, day: date, language: str = "en") -> Sequence[PartnerCard]:
    """All partners, unlisted ones too, by district and name."""
    rows = Partner.objects.filter(house_id=house_id).order_by("district", "name", "code")
    return [partner_card(row, day, language) for row in rows]


def partner(house_id: int, code: str, *, day: date, language: str = "en") -> PartnerCard | None:
    """One partner by code, listed or not."""
    row = Partner.objects.filter(house_id=house_id, code=code).first()
    return partner_card(row, day, language) if row else None


def facts_of_partner(card: PartnerCard, *, today: date, language: str) -> tuple[DatedFact, ...]:
    """What is known of a business, each fact with its source and day."""
    return partner_facts(
        payment=card.payment,
        languages=card.languages,
        has={each: getattr(card, each) for each in FLAGS},
        today=today,
        language=language,
        confirmed=card.confirmed,
    )


def partner_card(row: Partner, day: date, language: str) -> PartnerCard:
    """A business in the reader's language; a name that it has not given in English is its own."""
    at = language_index(language)
    name_en = row.name_en or row.name
    return PartnerCard(
        code=PARTNER_PREFIX + row.code,
        kind="partner",
        name=(row.name_zh, name_en, row.name)[at],
        name_zh=row.name_zh,
        name_en=name_en,
        name_it=row.name,
        category=row.category,
        category_name=category_name(row.category, language),
        district=row.district,
        address=row.address,
        lat=row.lat,
        lon=row.lon,
        opening_hours=row.opening_hours,
        hours_today=describe(row.opening_hours, day, language=language),
        languages=tuple(row.languages),
        payment=row.payment,
        menu_zh=row.menu_zh,
        hot_water=row.hot_water,
        wifi=row.wifi,
        tax_free=row.tax_free,
        halal=row.halal,
        accessible=row.accessible,
        note=(row.note_zh, row.note_en, row.note_it)[at],
        note_zh=row.note_zh,
        note_en=row.note_en,
        note_it=row.note_it,
        confirmed=row.confirmed,
        offers=tuple(row.offers),
        photos=tuple(row.photos),
        listed=row.listed,
    )
