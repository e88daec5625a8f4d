"""The guide: places with how sure each fact is, searches that found nothing, and a city's partners."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk.shell import form, language, page, show, tell, today, warn
from seta.desk.views.boutique import districts
from seta.guide import operations as guide
from seta.guide import queries
from seta.guide.rules.heard import PEOPLE_MIN
from seta.houses import queries as houses
from seta.houses.access import StaffRequest

SEARCHES_SINCE = timedelta(days=30)


@page("guide")
def start(request: StaffRequest) -> HttpResponseBase:
    """A city's first page is its partners, a maison's its places."""
    is_city = houses.house(request.member.house_id).kind == "destination"
    return redirect("desk:guide_partners" if is_city else "desk:guide_places")


@page("guide")
def places(request: StaffRequest) -> HttpResponse:
    """Places, those to be confirmed marked so."""
    now, house_id = datetime.now(UTC), request.member.house_id
    only_unsure = request.GET.get("unsure") == "1"
    search = request.GET.get("q", "").strip().casefold()[:60]
    rows = [
        row
        for row in queries.places(house_id, day=today(request, now), language=language())
        if (row.confirm or not only_unsure)
        and search in f"{row.name_zh} {row.name_en} {row.name_it} {row.code}".casefold()
    ]
    context = {
        "rows": rows,
        "search": search,
        "only_unsure": only_unsure,
        "totals": queries.totals(house_id, since=now - SEARCHES_SINCE, day=today(request, now)),
        "districts": districts(),
        "today": today(request, now),
    }
    return show(request, "guide", "guide/places.html", context)


@form("marketing", back="desk:guide_places")
def confirm(request: StaffRequest, code: str) -> HttpResponseBase:
    """Somebody has checked a place's hours today."""
    now, member = datetime.now(UTC), request.member
    if guide.confirm_hours(
        house_id=member.house_id, code=code, on=today(request, now), by=member.name, now=now
    ):
        tell(request, _("The opening hours are confirmed as of today."))
    else:
        warn(request, _("This house's guide has no such place."))
    return redirect("desk:guide_places")


@page("guide")
def searches(request: StaffRequest) -> HttpResponse:
    """What clients look for, and what they looked for in vain, the most frequent first."""
    now, house_id = datetime.now(UTC), request.member.house_id
    since = now - SEARCHES_SINCE
    context = {
        "asked": queries.searched(house_id, since=today(request, since)),
        "people_min": PEOPLE_MIN,
        "rows": queries.missed_queries(house_id, since=since),
        "totals": queries.totals(house_id, since=since, day=today(request, now)),
    }
    return show(request, "guide", "guide/searches.html", context)


@page("guide")
def partners(request: StaffRequest) -> HttpResponse:
    """The businesses of the city, with what a Chinese guest finds there."""
    now, house_id = datetime.now(UTC), request.member.house_id
    district = request.GET.get("district", "")
    search = request.GET.get("q", "").strip().casefold()[:60]
    named = districts()
    found = queries.partners(house_id, day=today(request, now), language=language())
    rows = [
        row
        for row in found
        if (not district or row.district == district)
        and search in f"{row.name_zh} {row.name_it} {row.category_name}".casefold()
    ]
    context = {
        "rows": rows,
        "search": search,
        "district": district,
        "districts": named,
        "known_districts": [
            (code, named.get(code, code)) for code in sorted({row.district for row in found})
        ],
        "totals": queries.totals(house_id, since=now - SEARCHES_SINCE, day=today(request, now)),
    }
    return show(request, "guide", "guide/partners.html", context)
