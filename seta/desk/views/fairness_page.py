"""What anybody may read of a release that has ended: how it was given out, and a draw that can be redone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation

from seta.drops import queries
from seta.drops.queries import DropCard
from seta.houses.queries import HouseCard, HouseMissing, house_by_code

LANGUAGES = (("zh-hans", "中文"), ("en", "English"), ("it", "Italiano"))
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'none';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CODES_SHOWN = 200


@dataclass(frozen=True)
class Found:
    """Where an entry's code stands in a draw; `place` from 1, None when no entry has it."""

    code: str
    place: int | None
    is_first: bool


def report(request: HttpRequest, house: str, code: str) -> HttpResponse:
    """The fairness report of a release; until it has ended, how it is being given out and what is promised."""
    owner, language = _house(house), _language(request)
    with translation.override(language), timezone.override(ZoneInfo(owner.timezone)):
        card = _card(owner, code, language)
        record = queries.draw_record(house_id=owner.id, drop_id=card.id)
        found = queries.fairness(house_id=owner.id, drop_id=card.id)
        context = {
            "house": owner,
            "drop": card,
            "report": found,
            "record": record,
            "codes": record["order"][:CODES_SHOWN] if record else [],
            "found": _found(request, record, card.pieces),
            "languages": LANGUAGES,
            "language": language,
        }
        answer = render(request, "desk/drops/public.html", context)
    if found is not None and found.is_final:
        # Nothing in it changes any more, and thousands read it at once.
        answer["Cache-Control"] = "public, max-age=300"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def draw_record(request: HttpRequest, house: str, code: str) -> HttpResponse:
    """The record of a draw, as `seta drops redo` reads it; 404 before the draw is made."""
    owner = _house(house)
    found = queries.draw_record(house_id=owner.id, drop_id=_card(owner, code, "en").id)
    if found is None:
        raise Http404
    answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="draw-{found["drop"]}.json"'
    return answer


def _house(code: str) -> HouseCard:
    try:
        return house_by_code(code)
    except HouseMissing as missing:
        raise Http404 from missing


def _card(owner: HouseCard, code: str, language: str) -> DropCard:
    named = queries.drop_by_code(house_id=owner.id, code=code)
    card = queries.drop(house_id=owner.id, drop_id=named.id, language=language[:2]) if named else None
    if card is None:
        raise Http404
    return card


def _found(request: HttpRequest, record: Mapping[str, Any] | None, pieces: int) -> Found | None:
    """The answer to somebody who looks for their entry."""
    code = request.GET.get("code", "").strip().lower()[:40]
    if record is None or not code:
        return None
    order: Sequence[str] = record["order"]
    place = order.index(code) + 1 if code in order else None
    return Found(code, place, place is not None and place <= pieces)


def _language(request: HttpRequest) -> str:
    """Chinese unless the address asks for another."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(LANGUAGES) else "zh-hans"
