"""What is known of a place, each fact with who said it and when, and whether that is too long ago."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from seta.guide.rules.texts import language_index

STALE_AFTER = timedelta(days=180)
"""Half a year: opening hours change with the season, a terminal with its contract."""

Words = tuple[str, str, str]


class Source(StrEnum):
    """Who stands behind a fact."""

    CITY = "city"
    LIST = "list"
    BUSINESS = "business"


class Standing(StrEnum):
    """How much a fact can be relied on today."""

    FRESH = "fresh"
    STALE = "stale"
    UNDATED = "undated"


@dataclass(frozen=True, kw_only=True)
class DatedFact:
    """One fact in the reader's language; `confirmed_on` is None where nobody has put a day to it."""

    kind: str
    text: str
    source: Source
    source_text: str
    confirmed_on: date | None
    standing: Standing


_SOURCES: dict[Source, Words] = {
    Source.CITY: ("编辑部核实", "checked by the editors", "verificato dalla redazione"),
    Source.LIST: ("城市名录", "from the city's list", "dall'elenco della città"),
    Source.BUSINESS: ("商家提供", "told by the business", "dichiarato dall'esercente"),
}
_TEXTS: dict[str, Words] = {
    "hours": ("开放时间", "Opening hours", "Orari di apertura"),
    "wechatpay": ("可用微信支付", "WeChat Pay accepted", "Si paga con WeChat Pay"),
    "alipay": ("可用支付宝", "Alipay accepted", "Si paga con Alipay"),
    "card": ("可刷银行卡", "Cards accepted", "Si paga con carta"),
    "cash": ("可付现金", "Cash accepted", "Si paga in contanti"),
    "speaks_zh": ("店员会中文", "Staff speak Chinese", "Il personale parla cinese"),
    "menu_zh": ("有中文菜单", "Menu in Chinese", "Menù in cinese"),
    "hot_water": ("提供热水", "Hot water", "Acqua calda"),
    "wifi": ("提供无线网络", "Wi-Fi", "Wi-Fi"),
    "tax_free": ("可办理退税", "Tax-free shopping", "Acquisti tax free"),
    "halal": ("提供清真餐食", "Halal food", "Cibo halal"),
    "accessible": ("无障碍通行", "Step-free access", "Accesso senza gradini"),
}


def is_fresh(confirmed_on: date, today: date) -> bool:
    """Whether what was confirmed on a day can still be relied on today."""
    return today - confirmed_on <= STALE_AFTER


def hours_fact(*, sure: bool, confirmed_on: date | None, today: date, language: str) -> DatedFact:
    """How sure the opening hours are; a day of confirmation is the editors', else it is what the list says."""
    source = Source.CITY if confirmed_on else Source.LIST
    fact = dated("hours", source, confirmed_on, today=today, language=language)
    return replace(fact, standing=Standing.FRESH) if sure and confirmed_on is None else fact


def partner_facts(
    *,
    payment: Mapping[str, str],
    languages: tuple[str, ...],
    has: Mapping[str, bool],
    today: date,
    language: str,
    confirmed: Mapping[str, str] | None = None,
) -> tuple[DatedFact, ...]:
    """Payments, each confirmed on its ISO day, and what the business says it has; `confirmed` on which ISO day."""
    told_by_them = confirmed or {}
    kinds = sorted(payment, key=list(_TEXTS).index)
    kinds += ["speaks_zh"] * ("zh" in languages) + [kind for kind, yes in has.items() if yes]
    told = []
    for kind in ["hours", *kinds]:
        is_listed = kind not in told_by_them and (kind in payment or kind == "hours")
        source = Source.LIST if is_listed else Source.BUSINESS
        on = told_by_them.get(kind) or payment.get(kind, "")
        day = date.fromisoformat(on) if on else None
        told.append(dated(kind, source, day, today=today, language=language))
    return tuple(told)


def dated(kind: str, source: Source, confirmed_on: date | None, *, today: date, language: str) -> DatedFact:
    """A fact with its standing on a day."""
    at = language_index(language)
    standing = Standing.UNDATED
    if confirmed_on is not None:
        standing = Standing.FRESH if is_fresh(confirmed_on, today) else Standing.STALE
    return DatedFact(
        kind=kind,
        text=_TEXTS[kind][at],
        source=source,
        source_text=_SOURCES[source][at],
        confirmed_on=confirmed_on,
        standing=standing,
    )
