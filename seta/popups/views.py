"""What anybody may see of a pop-up without the mini program: its cover, and the page behind a printed code."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from seta.houses.queries import house
from seta.popups import queries


def cover(request: HttpRequest, sha256: str) -> HttpResponse:
    """A cover's JPEG; its address is its content, so it may be kept for ever."""
    data = queries.cover(sha256)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def landing(request: HttpRequest, popup_id: int, poster: str) -> HttpResponse:
    """The page behind a print for a camera that is not WeChat's."""
    card = queries.shown_by_code(popup_id, poster, translation.get_language() or "zh-hans")
    if card is None:
        raise Http404
    owner = house(card.house_id)
    with timezone.override(ZoneInfo(owner.timezone)):
        return render(request, "popups/landing.html", {"popup": card, "house": owner})
