"""The client book, a client on one page, sharing an approved product, and an associate's contact codes."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.queries import AssociateCard
from seta.clienteling.rules import NOTE_CHARS_MAX, Refusal, Refused
from seta.clienteling.rules.sizes import CATEGORIES, SYSTEMS, values_of
from seta.content import queries as content
from seta.desk import labels, rules
from seta.desk.shell import form, language, page, show, tell, telling, today
from seta.desk.views.clients import heard
from seta.desk.views.clients.reader import of_house, own_of, person_of, sees_all
from seta.houses.access import StaffRequest
from seta.insights import queries as insights
from seta.stores import queries as stores

BOOK_ROWS = 50
TIMELINE_ROWS = 40
TABS = ("overview", "timeline", "wardrobe", "wishes", "notes", "calls", "consent")


@page("clients")
def book(request: StaffRequest) -> HttpResponse:
    """One's own clients; a supervisor sees everybody's."""
    own, all_books = own_of(request), sees_all(request)
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "tier", "role", "adviser")}
    number = rules.whole(request.GET.get("page", ""))
    rows = []
    if own or all_books:
        associate_id = rules.whole(asked["adviser"]) or None if all_books or own is None else own.id
        rows = queries.client_book(
            request.member.house_id,
            associate_id=associate_id,
            search=asked["q"],
            tier=asked["tier"],
            role=asked["role"],
            limit=BOOK_ROWS + 1,
            offset=number * BOOK_ROWS,
        )
    address = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "rows": rows[:BOOK_ROWS],
        "asked": asked,
        "search": asked["q"],
        "own": own,
        "sees_all": all_books,
        "tiers": labels.KINDS["tier_of_client"],
        "roles": labels.KINDS["book_role"],
        "advisers": queries.associates(request.member.house_id) if all_books else [],
        "address": address,
        "before": number - 1 if number else None,
        "after": number + 1 if len(rows) > BOOK_ROWS else None,
        "due": _due(request, own),
    }
    return show(request, "clients", "clients/book.html", context)


def _due(request: StaffRequest, own: AssociateCard | None) -> int:
    if own is None:
        return 0
    house_id, now = request.member.house_id, datetime.now(UTC)
    return len(queries.follow_ups(house_id, associate_id=own.id, is_open=True, due_before=now))


@page("clients")
def client(request: StaffRequest, person_id: int) -> HttpResponse:
    """A client on one page, for their associate or a supervisor; every opening by another is logged."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    of_house(request, person_id)
    try:
        seen = clienteling.open_client(
            house_id=house_id,
            user_id=request.member.user_id,
            person_id=person_id,
            now=now,
            language=language(),
        )
    except Refused as refused:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404 from refused
        raise PermissionDenied(refused.text(language())) from refused
    own = own_of(request)
    places = [place for place in seen.card.places if place.ended_at is None]
    mine = next((place for place in places if own and place.associate.id == own.id), None)
    tab = request.GET.get("tab", "")
    context = {
        "card": seen.card,
        "is_own": seen.is_own,
        "tab": tab if tab in TABS else "overview",
        "own": own if mine else None,
        "mine": mine,
        "profile": queries.profile(
            house_id=house_id, person_id=seen.card.person.id, reader=own, now=now, language=language()
        ),
        **_of_tab(request, tab, seen.card.person.id, own if mine else None, now),
    }
    return show(request, "clients", "clients/client.html", context)


def _of_tab(
    request: StaffRequest, tab: str, person_id: int, own: AssociateCard | None, now: datetime
) -> dict[str, Any]:
    """What only one tab of a client's page shows."""
    house_id = request.member.house_id
    if tab == "timeline":
        return _timeline(request, person_id)
    if tab == "wardrobe":
        return {
            "charts": {name: {one: values_of(name, one) for one in SYSTEMS} for name in CATEGORIES},
            "categories": labels.KINDS["size_category"],
            "preferences": labels.KINDS["preference"],
        }
    if tab == "wishes":
        return {"products": boutique.products(house_id=house_id, language=language())}
    if tab == "calls":
        return heard.calls_of(request, person_id)
    if tab == "notes":
        return {"visibilities": labels.KINDS["visibility"]}
    if tab == "consent":
        return {"purposes": labels.KINDS["consent_purpose"]}
    advice = None
    if own:
        advice = queries.next_action(
            house_id=house_id, person_id=person_id, associate_id=own.id, now=now, language=language()
        )
    return {
        "advice": advice,
        "came_by": queries.came_by_handover(associate_id=own.id, person_id=person_id) if own else None,
        "appointments": stores.appointments_of(person_id),
        "points": boutique.sales_points(house_id=house_id),
        "contents": _contents(house_id) if own else [],
        "note_chars_max": NOTE_CHARS_MAX,
        "date_kinds": labels.KINDS["date_kind"],
        "today": today(request, now),
    }


def _timeline(request: StaffRequest, person_id: int) -> dict[str, Any]:
    """A page of what the client did, and where the next one begins."""
    at, _comma, row = request.GET.get("before", "").partition(",")
    before = None
    try:
        before = (datetime.fromisoformat(at), rules.whole(row)) if at else None
    except ValueError as problem:
        raise Http404 from problem
    if before and before[0].tzinfo is None:
        raise Http404
    items = queries.timeline(
        house_id=request.member.house_id, person_id=person_id, before=before, limit=TIMELINE_ROWS
    )
    last = items[-1] if len(items) == TIMELINE_ROWS else None
    following = urlencode({"tab": "timeline", "before": f"{last.at.isoformat()},{last.id}"}) if last else ""
    return {"items": items, "following": following}


def _contents(house_id: int) -> list[dict[str, Any]]:
    """What may be shared now, with the product's name."""
    named = {each.code: each for each in boutique.products(house_id=house_id, language=language())}
    return [
        {"code": row.product_code, "name": named[row.product_code].name, "text": row.text}
        for row in content.in_force(house_id, now=datetime.now(UTC))
        if row.text and row.product_code in named
    ]


@form("associate", back="desk:clients")
def share(request: StaffRequest) -> HttpResponseBase:
    """Prepare an approved product for a client, by a link that remembers who shared it."""
    house_id, own = request.member.house_id, own_of(request)
    person_id = person_of(request)
    if own is None:
        raise PermissionDenied(_("Only an associate can share a product with a client."))
    with telling(request):
        card = clienteling.share_product(
            house_id=house_id,
            associate_id=own.id,
            person_id=person_id,
            product_code=request.POST.get("product_code", "")[:64],
            note=request.POST.get("note", "").strip(),
            now=datetime.now(UTC),
        )
        tell(request, _("The product is ready to send:") + f" {card.path}")
    return redirect("desk:client", person_id)


@form("associate", back="desk:clients")
def finish(request: StaffRequest, follow_up_id: int) -> HttpResponseBase:
    """Tick a task off."""
    own = own_of(request)
    if own is None:
        raise Http404
    with telling(request, _("Done.")):
        clienteling.finish_follow_up(
            house_id=request.member.house_id,
            associate_id=own.id,
            follow_up_id=follow_up_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:tasks")


@page("clients")
def codes(request: StaffRequest) -> HttpResponse:
    """Contact codes to show or print; an associate sees their own."""
    house_id, own = request.member.house_id, own_of(request)
    ways = []
    if own or sees_all(request):
        ways = queries.contact_ways(
            house_id, associate_id=None if sees_all(request) or own is None else own.id
        )
    context = {
        "ways": ways,
        "own": own,
        "points": boutique.sales_points(house_id=house_id),
        "campaigns": insights.campaigns(house_id),
        "sees_all": sees_all(request),
        "welcomes": queries.welcomes(house_id),
    }
    response = show(request, "clients", "clients/codes.html", context)
    response["Content-Security-Policy"] = _with_pictures_of(way.qr_url for way in ways)
    return response


def _with_pictures_of(urls: Iterable[str]) -> str:
    """The desk's content policy with the hosts of the codes, whose pictures only WeCom has."""
    parts = (urlsplit(url) for url in urls)
    hosts = sorted({f"{part.scheme}://{part.netloc}" for part in parts if part.scheme in ("http", "https")})
    images = " ".join(["img-src 'self' data:", *(host for host in hosts if re.fullmatch(r"[\w:/.-]+", host))])
    return (
        f"default-src 'self'; {images}; style-src 'self' 'unsafe-inline'; object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@form("associate", back="desk:codes")
def make_code(request: StaffRequest) -> HttpResponseBase:
    """Make (or find again) one's contact code for a campaign and a boutique."""
    house_id, own = request.member.house_id, own_of(request)
    if own is None:
        raise PermissionDenied(_("Only an associate has contact codes."))
    campaign, point = request.POST.get("campaign", ""), request.POST.get("boutique", "")
    with telling(request, _("The contact code is ready.")):
        points = {each.code for each in boutique.sales_points(house_id=house_id)}
        if (campaign and campaign not in insights.campaigns(house_id)) or (point and point not in points):
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE)
        clienteling.create_contact_way(
            house_id=house_id, associate_id=own.id, campaign=campaign, boutique=point, now=datetime.now(UTC)
        )
    return redirect("desk:codes")
