"""The public page of a place, in three languages, for people and, as JSON-LD, for search engines."""

import re
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import mark_safe

from seta.guide import queries
from seta.guide.lookup import PARTNER_PREFIX
from seta.guide.operations import note_scan
from seta.guide.rules.linked import Described, json_ld, script
from seta.guide.rules.texts import language_index
from seta.houses.queries import house
from seta.kit.clock import rome_day
from seta.kit.scenes import SCENE_LENGTH_MAX, Scene

LANGUAGES = (("zh", "zh-hans", "中文"), ("en", "en", "English"), ("it", "it", "Italiano"))
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
KEPT_SECONDS = 600
_CODE = re.compile(r"(?:partner:)?[a-z0-9][a-z0-9_-]{0,39}\Z")

_WORDS: dict[str, tuple[str, str, str]] = {
    "today": ("今日", "Today", "Oggi"),
    "week": ("未来七天", "The next seven days", "I prossimi sette giorni"),
    "facts": ("已知信息", "What is known", "Che cosa si sa"),
    "offers": ("优惠与活动", "Offers", "Offerte"),
    "nearby": ("附近", "Close by", "Nelle vicinanze"),
    "free": ("免费", "free entry", "ingresso libero"),
    "paid": ("需购票", "ticket needed", "a pagamento"),
    "required": ("须提前预约", "booking required", "prenotazione obbligatoria"),
    "advised": ("建议提前预约", "booking advised", "prenotazione consigliata"),
    "minutes": ("分钟", "minutes", "minuti"),
    "visit": ("建议停留", "allow", "calcolare"),
    "confirmed": ("确认于", "confirmed on", "confermato il"),
    "undated": ("日期不详", "no date given", "senza data"),
    "stale": (
        "已过半年，请再确认",
        "over half a year old: check again",
        "più di sei mesi fa: da riverificare",
    ),
    "map": ("在地图上查看", "See it on a map", "Apri sulla mappa"),
    "plan": ("在微信小程序中规划您的一天", "Plan your day in WeChat", "Organizza la giornata su WeChat"),
    "search": ("在微信中搜索", "Search in WeChat for", "Cerca su WeChat"),
}
_WEEKDAYS = (
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
)


def place_page(request: HttpRequest, code: str) -> HttpResponse:
    """A place, or a listed partner as `partner:code`; `?lang=` chooses the language, else the browser does."""
    asked = request.GET.get("lang", "") or (translation.get_language() or "zh-hans")
    at = language_index(asked)
    short, language, _ = LANGUAGES[at]
    day = rome_day(datetime.now(UTC))
    found = queries.public_place(code, day=day, language=language) if _CODE.match(code) else None
    if found is None:
        raise Http404
    if _is_by_its_poster(request, code):
        note_scan(house_id=found.house_id, place=code, now=datetime.now(UTC))
    url = f"{settings.PUBLIC_URL}/places/{found.card.code}"
    tag = "zh-Hans" if short == "zh" else short
    words = {key: text[at] for key, text in _WORDS.items()}
    context = {
        "place": found,
        "card": found.card,
        "house": house(found.house_id),
        "words": words,
        "lines": _lines(found, words),
        "photos": _photos(found.card, short),
        "week": [(_WEEKDAYS[at][day.weekday()], _short(day, at), hours) for day, hours in found.week],
        "lang": tag,
        "languages": [(code, name, code == short) for code, _, name in LANGUAGES],
        "url": url,
        "short": short,
        # Safe: every `<` of it is written as an escape, so that it cannot leave its element.
        "json_ld": mark_safe(script(json_ld(_described(found, url, short)))),
    }
    with translation.override(language):
        answer = render(request, "guide/place.html", context)
    answer["Content-Language"] = tag
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer["Vary"] = "Accept-Language"
    return answer


def _is_by_its_poster(request: HttpRequest, code: str) -> bool:
    """Whether the address is the one that the place's own poster carries."""
    scanned = Scene.decode(request.GET.get("scene", "")[:SCENE_LENGTH_MAX]).place
    return bool(scanned) and code in (scanned, f"{PARTNER_PREFIX}{scanned}")


def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A photo's JPEG; its address is its content, so it may be kept for ever."""
    data = queries.photo(sha256)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _photos(card: queries.PlaceCard | queries.PartnerCard, short: str) -> list[dict[str, Any]]:
    if isinstance(card, queries.PlaceCard):
        return []
    return [{**each, "alt": each.get(short) or card.name} for each in card.photos]


def _short(day: date, at: int) -> str:
    return f"{day.month}月{day.day}日" if at == 0 else f"{day.day}/{day.month}"


def _lines(found: queries.PublicPlace, words: dict[str, str]) -> list[str]:
    """What stands under the name: district, kind, ticket, time to allow."""
    card = found.card
    told = [found.district_name, card.category_name]
    if isinstance(card, queries.PlaceCard):
        told += [words.get(card.admission, ""), words.get(card.booking, "")]
        told.append(f"{words['visit']} {card.visit_minutes} {words['minutes']}")
    else:
        told.append(card.address)
    return [each for each in told if each]


def _described(found: queries.PublicPlace, url: str, short: str) -> Described:
    card = found.card
    own: dict[str, Any] = {}
    if isinstance(card, queries.PlaceCard):
        own["free"] = card.admission == "free" if card.admission else None
    else:
        own = {"address": card.address, "languages": card.languages, "payments": sorted(card.payment)}
    return Described(
        url=url,
        names=found.names,
        language=short,
        category=card.category,
        partner=isinstance(card, queries.PartnerCard),
        lat=card.lat,
        lon=card.lon,
        note=found.note,
        opening_hours=card.opening_hours,
        **own,
    )
