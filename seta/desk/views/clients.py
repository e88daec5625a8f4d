"""The client book, a client on one page, sharing an approved product, and an associate's contact codes."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.queries import AssociateCard
from seta.clienteling.rules import NOTE_CHARS_MAX, SEES_ALL_CLIENTS, Refusal, Refused
from seta.desk import people, rules
from seta.desk.shell import form, language, page, show, tell, telling
from seta.houses.access import StaffRequest
from seta.insights import queries as insights
from seta.stores import queries as stores

BOOK_ROWS = 200


@page("clients")
def book(request: StaffRequest) -> HttpResponse:
    """One's own clients; a supervisor sees everybody's."""
    own = _own(request)
    search = request.GET.get("q", "").strip()[:60]
    sees_all = request.member.role in SEES_ALL_CLIENTS
    rows = []
    if own or sees_all:
        associate_id = None if sees_all or own is None else own.id
        rows = queries.client_book(
            request.member.house_id, associate_id=associate_id, search=search, limit=BOOK_ROWS
        )
    context = {
        "rows": rows,
        "search": search,
        "own": own,
        "sees_all": sees_all,
        "follow_ups": _follow_ups(request, own),
    }
    return show(request, "clients", "clients/book.html", context)


def _own(request: StaffRequest) -> AssociateCard | None:
    return queries.associate_of_user(house_id=request.member.house_id, user_id=request.member.user_id)


def _follow_ups(request: StaffRequest, own: AssociateCard | None) -> list[queries.FollowUpRow]:
    return queries.follow_ups(request.member.house_id, associate_id=own.id, is_open=True) if own else []


@page("clients")
def client(request: StaffRequest, person_id: int) -> HttpResponse:
    """A client on one page, for their associate or a supervisor; every opening by another is logged."""
    house_id = request.member.house_id
    if people.of_house(house_id=house_id, person_id=person_id) is None:
        raise Http404
    try:
        seen = clienteling.open_client(
            house_id=house_id,
            user_id=request.member.user_id,
            person_id=person_id,
            now=datetime.now(UTC),
            language=language(),
        )
    except Refused as refused:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404 from refused
        raise PermissionDenied(refused.text(language())) from refused
    own = _own(request)
    places = [place for place in seen.card.places if place.ended_at is None]
    sharer = own if own and any(place.associate.id == own.id for place in places) else None
    context = {
        "card": seen.card,
        "is_own": seen.is_own,
        "appointments": stores.appointments_of(seen.card.person.id),
        "visits": stores.visits_of(seen.card.person.id),
        "own": sharer,
        "points": boutique.sales_points(house_id=house_id),
        "contents": _contents(house_id) if sharer else [],
        "note_chars_max": NOTE_CHARS_MAX,
    }
    return show(request, "clients", "clients/client.html", context)


def _contents(house_id: int) -> list[dict[str, Any]]:
    """What may be shared now, with the product's name."""
    named = {each.code: each for each in boutique.products(house_id=house_id, language=language())}
    return [
        {"code": row.product_code, "name": named[row.product_code].name, "text": row.text}
        for row in queries.approved_content(house_id, now=datetime.now(UTC))
        if row.product_code in named
    ]


@form("associate", back="desk:clients")
def share(request: StaffRequest) -> HttpResponseBase:
    """Prepare an approved product for a client, by a link that remembers who shared it."""
    house_id, own = request.member.house_id, _own(request)
    person_id = _person(request)
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


def _person(request: StaffRequest) -> int:
    """The client that the form names, if this house knows them."""
    try:
        person_id = rules.number(request.POST.get("person_id", ""))
    except rules.FormRefused as refused:
        raise Http404 from refused
    if people.of_house(house_id=request.member.house_id, person_id=person_id) is None:
        raise Http404
    return person_id


@form("associate", back="desk:clients")
def finish(request: StaffRequest, follow_up_id: int) -> HttpResponseBase:
    """Tick a task off."""
    own = _own(request)
    if own is None:
        raise Http404
    with telling(request, _("Done.")):
        clienteling.finish_follow_up(
            house_id=request.member.house_id,
            associate_id=own.id,
            follow_up_id=follow_up_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:clients")


@page("clients")
def codes(request: StaffRequest) -> HttpResponse:
    """Contact codes to show or print; an associate sees their own."""
    house_id, own = request.member.house_id, _own(request)
    sees_all = request.member.role in SEES_ALL_CLIENTS
    ways = []
    if own or sees_all:
        ways = queries.contact_ways(house_id, associate_id=None if sees_all or own is None else own.id)
    context = {
        "ways": ways,
        "own": own,
        "points": boutique.sales_points(house_id=house_id),
        "campaigns": insights.campaigns(house_id),
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
    house_id, own = request.member.house_id, _own(request)
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
