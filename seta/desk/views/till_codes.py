"""Printed codes at a counter: make and close them, print their poster, and watch what arrives at each."""

import io
from datetime import UTC, datetime
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seta.desk import counter, rules
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import day_began, form, page, show, show_part, telling, warn, words_of
from seta.desk.views.till import following, points
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import CodeCard
from seta.payments.rules.quotes import SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused
from seta.platforms.core.errors import PlatformError

PAGE = "pages/pay-here/pay-here"


def link_of(code: str) -> str:
    """What a print carries: WeChat opens the mini program for it, any other camera a page that says so."""
    return f"{settings.PUBLIC_URL}/pay/{code}"


def landing(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a print for a camera that is not WeChat's."""
    found = payments.house_of_code(code)
    if found is None:
        raise Http404
    context = {"title": found.title, "house": houses.house(found.house_id).name}
    return render(request, "pay_landing.html", context)


@page("boutique")
def codes(request: StaffRequest) -> HttpResponse:
    """The printed codes that the member may see."""
    house_id = request.member.house_id
    context = {
        "codes": payments.static_codes(house_id, boutique_code=request.member.boutique_code),
        "points": points(request),
        "currencies": sorted(SETTLE_CURRENCIES),
        "may_make": may(request.member, Act.PRINT_CODES),
    }
    return show(request, "boutique", "boutique/till_codes.html", context)


@form(*ROLES[Act.PRINT_CODES], back="desk:till_codes")
def make(request: StaffRequest) -> HttpResponseBase:
    """A new code for a counter."""
    with telling(request):
        title = request.POST.get("title", "").strip()
        point = request.POST.get("boutique", "")
        if point not in points(request) or not title:
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, point[:40])
        made = pay.make_static_code(
            house_id=request.member.house_id,
            boutique_code=point,
            title=title,
            settle_currency=request.POST.get("currency", ""),
            now=datetime.now(UTC),
        )
        return redirect("desk:till_code", made.code)
    return redirect("desk:till_codes")


@form(*ROLES[Act.PRINT_CODES], back="desk:till_codes")
def close(request: StaffRequest, code: str) -> HttpResponseBase:
    """Let nobody begin to pay at a code."""
    _code(request, code)
    with telling(request, _("The code is closed.")):
        pay.close_static_code(house_id=request.member.house_id, code=code)
    return redirect("desk:till_codes")


@form(*ROLES[Act.PRINT_CODES], back="desk:till_codes")
def reopen(request: StaffRequest, code: str) -> HttpResponseBase:
    """Let a closed code take payments again."""
    _code(request, code)
    with telling(request, _("The code takes payments again.")):
        pay.reopen_static_code(house_id=request.member.house_id, code=code)
    return redirect("desk:till_codes")


def _code(request: StaffRequest, code: str) -> CodeCard:
    try:
        return payments.static_code(request.member.house_id, code, boutique_code=request.member.boutique_code)
    except PaymentRefused as refusal:
        raise Http404 from refusal


def _arrivals(request: StaffRequest, found: CodeCard) -> dict[str, Any]:
    now = datetime.now(UTC)
    rows = counter.arrivals(
        house_id=found.house_id,
        point=request.member.boutique_code,
        since=day_began(request, now),
        code_id=found.id,
    )
    return {"code": found, "rows": rows, **following(rows, now)}


@page("boutique")
def code(request: StaffRequest, code: str) -> HttpResponse:
    """A code large enough for the client's phone, with what arrives at it."""
    found = _code(request, code)
    context = {
        **_arrivals(request, found),
        "link": link_of(code),
        "points": points(request),
        "has_program": _has_program(found.house_id),
    }
    return show(request, "boutique", "boutique/till_code.html", context)


def _has_program(house_id: int) -> bool:
    try:
        houses.account(house_id, "mini_program")
    except houses.AccountMissing:
        return False
    return True


@page("boutique")
def arrivals(request: StaffRequest, code: str) -> HttpResponse:
    """What arrived at a code today, for the list that refreshes itself; 204 when nothing has changed."""
    context = _arrivals(request, _code(request, code))
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return show_part(request, "boutique/till_arrivals.html", context)


@page("boutique")
def poster(request: StaffRequest, code: str) -> HttpResponse:
    """The code on A5, for a printer."""
    found = _code(request, code)
    context = {"code": found, "link": link_of(code), "house": houses.house(found.house_id)}
    return render(request, "desk/boutique/till_poster.html", context)


@page("boutique")
def svg(request: StaffRequest, code: str) -> HttpResponse:
    """The bare code as a drawing, for the house's own printed matter."""
    found = _code(request, code)
    out = io.BytesIO()
    segno.make(link_of(found.code), error="m").save(out, kind="svg", scale=10, border=4, dark="#16130f")
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="seta-{found.code}.svg"'
    return response


@page("boutique")
def mini_program_code(request: StaffRequest, code: str) -> HttpResponseBase:
    """The round code that WeChat itself draws for the page; it needs no rule in WeChat's console."""
    found = _code(request, code)
    try:
        drawn = houses.mini_program(found.house_id).getwxacodeunlimit(f"pay={found.code}", page=PAGE)
    except (PlatformError, houses.AccountMissing) as problem:
        warn(request, words_of(problem))
        return redirect("desk:till_code", code)
    response = HttpResponse(drawn, content_type="image/png" if drawn[:4] == b"\x89PNG" else "image/jpeg")
    response["Content-Disposition"] = f'attachment; filename="seta-{found.code}"'
    return response
