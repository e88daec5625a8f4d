"""One box that goes anywhere: orders, clients, places, payments and pages."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.urls import reverse

from seta.boutique import queries as boutique
from seta.clienteling import queries as clienteling
from seta.clienteling.rules import SEES_ALL_CLIENTS
from seta.desk.shell import jobs_of, language, page, show, today
from seta.guide import queries as guide
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.payments import queries as payments

EACH_MAX = 8

Found = list[tuple[str, str, str]]


@page("today")
def search(request: StaffRequest) -> HttpResponse:
    """What the words are found in, within the member's jobs."""
    query = request.GET.get("q", "").strip()[:60]
    mine = jobs_of(request.member, houses.house(request.member.house_id))
    found: Found = []
    if query:
        if "clients" in mine:
            found += _clients(request, query)
        if "boutique" in mine:
            found += _orders(request, query)
        if "money" in mine:
            found += _payments(request, query)
        if "guide" in mine:
            found += _places(request, query)
    return show(request, "today", "search.html", {"query": query, "found": found})


def _clients(request: StaffRequest, query: str) -> Found:
    house_id, member = request.member.house_id, request.member
    own = clienteling.associate_of_user(house_id=house_id, user_id=member.user_id)
    if own is None and member.role not in SEES_ALL_CLIENTS:
        return []
    only = None if member.role in SEES_ALL_CLIENTS or own is None else own.id
    rows = clienteling.client_book(house_id, associate_id=only, search=query, limit=EACH_MAX)
    return [("client", row.name, reverse("desk:client", args=[row.person_id])) for row in rows]


def _orders(request: StaffRequest, query: str) -> Found:
    rows = boutique.orders(house_id=request.member.house_id, search=query, limit=EACH_MAX)
    return [("order", row.number, reverse("desk:order", args=[row.id])) for row in rows]


def _payments(request: StaffRequest, query: str) -> Found:
    rows = payments.payments(request.member.house_id, search=query, limit=EACH_MAX)
    return [("payment", row.number, reverse("desk:payment", args=[row.id])) for row in rows]


def _places(request: StaffRequest, query: str) -> Found:
    day = today(request, datetime.now(UTC))
    wanted = query.casefold()
    rows = [
        row
        for row in guide.places(request.member.house_id, day=day, language=language())
        if wanted in f"{row.name_zh} {row.name_en} {row.name_it} {row.code}".casefold()
    ]
    page_url = reverse("desk:guide_places")
    return [("place", row.name, f"{page_url}?q={row.code}") for row in rows[:EACH_MAX]]
