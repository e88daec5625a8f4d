"""What anybody may see of the articles: a published one in three languages, and the pictures by their content."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from seta.articles import queries
from seta.articles.rules.content import FIRST, LANGUAGES
from seta.articles.shaping import address_of
from seta.houses.queries import HouseMissing, house_by_code

NAMES = {"zh": "中文", "en": "English", "it": "Italiano"}
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'"


def page(request: HttpRequest, house: str, code: str) -> HttpResponse:
    """A published article, in the language asked for or the reader's, as far as it is written in it."""
    try:
        owner = house_by_code(house)
    except HouseMissing as missing:
        raise Http404 from missing
    asked = request.GET.get("lang") or (translation.get_language() or FIRST)[:2]
    wanted = asked if asked in LANGUAGES else FIRST
    found = queries.open_page(owner.id, code, language=wanted, now=datetime.now(UTC))
    if found is None:
        raise Http404
    context = {
        "page": found,
        "house": owner,
        "address": address_of(owner.code, code),
        "languages": [(each, NAMES[each]) for each in found.languages],
    }
    with timezone.override(ZoneInfo(owner.timezone)), translation.override(_tag(found.language)):
        answer = render(request, "articles/page.html", context)
    answer["Content-Security-Policy"] = POLICY
    return answer


def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture's JPEG; its address is its content, so it may be kept for ever."""
    data = queries.picture(sha256)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _tag(language: str) -> str:
    return "zh-hans" if language == "zh" else language
