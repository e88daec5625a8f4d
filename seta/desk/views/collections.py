"""Collections at the desk: a list in the order clients see, and of each its words, days, cover, pieces and history."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.boutique import operations, queries
from seta.boutique.queries.collecting import (
    CollectionEdit,
    collection_changes,
    collection_rows,
    collection_to_edit,
)
from seta.boutique.rules import OrderRefused, Refusal
from seta.desk import piece_changes, rules
from seta.desk.doing import by
from seta.desk.piece_forms import Sent, collection_fields, instant_of, local_text, refused
from seta.desk.shell import REFUSED, form, language, page, show, tell, telling, zone_of
from seta.desk.views.pieces import may_edit
from seta.desk.views.stock import names_of
from seta.houses.access import StaffRequest
from seta.kit.pictures import BYTES_MAX

ROLE = "marketing"
BACK = "desk:collections"
CHANGES_SHOWN = 30
SHOWING = {
    "later": (gettext_lazy("Not yet shown"), "warn"),
    "now": (gettext_lazy("Shown now"), "ok"),
    "over": (gettext_lazy("Over"), ""),
}


@page("boutique")
def listing(request: StaffRequest) -> HttpResponse:
    """All collections, and the form that begins one."""
    return _list(request, Sent())


@form(ROLE, back=BACK)
def create(request: StaffRequest) -> HttpResponseBase:
    """Begin a collection."""
    said = request.POST
    try:
        made = operations.create_collection(**by(request), code=said.get("code", ""), texts=said.dict())
    except REFUSED as problem:
        return _list(request, refused(request, "new", problem))
    tell(request, _("The collection is made. Put pieces in; clients see it as soon as it has one."))
    return redirect("desk:collection", made)


@form(ROLE, back=BACK)
def advance(request: StaffRequest, collection_id: int) -> HttpResponseBase:
    """Move a collection one place to the front."""
    with telling(request, _("The order is changed.")):
        operations.advance_collection(**by(request), collection_id=collection_id)
    return redirect(BACK)


@page("boutique")
def collection(request: StaffRequest, collection_id: int) -> HttpResponse:
    """Everything about a collection that can be changed, and what was."""
    return _page(request, collection_id, Sent())


@form(ROLE, back=BACK)
def change(request: StaffRequest, collection_id: int) -> HttpResponseBase:
    """Change its names, its season and its days."""
    said = request.POST

    def done() -> None:
        operations.change_collection(
            **by(request),
            collection_id=collection_id,
            texts=said.dict(),
            shown_from=instant_of(request, "shown_from"),
            shown_until=instant_of(request, "shown_until"),
            seen=said.get("seen", ""),
        )

    return _doing(request, collection_id, "texts", done, _("The collection is saved."))


@form(ROLE, back=BACK)
def cover(request: StaffRequest, collection_id: int, verb: str) -> HttpResponseBase:
    """Give it a cover, or take the cover away."""
    if verb not in ("set", "remove"):
        raise Http404
    sent = request.FILES.get("picture")
    image = sent.read(BYTES_MAX + 1) if sent else b""

    def done() -> None:
        operations.cover_collection(
            **by(request), collection_id=collection_id, image=image if verb == "set" else None
        )

    words = _("The cover is set.") if verb == "set" else _("The cover is removed.")
    return _doing(request, collection_id, "cover", done, words)


@form(ROLE, back=BACK)
def put_in(request: StaffRequest, collection_id: int) -> HttpResponseBase:
    """Put a piece in, at the end."""

    def done() -> None:
        said = request.POST.get("piece", "")
        if not said:
            raise OrderRefused(Refusal.UNKNOWN_PRODUCT)
        operations.put_in_collection(
            **by(request), collection_id=collection_id, product_id=rules.number(said)
        )

    return _doing(request, collection_id, "piece", done, _("The piece is in the collection."))


@form(ROLE, back=BACK)
def arrange(request: StaffRequest, collection_id: int, product_id: int, verb: str) -> HttpResponseBase:
    """Move a piece one place to the front, or take it out."""
    verbs = {
        "forward": (operations.advance_in_collection, _("The order is changed.")),
        "remove": (operations.take_out_of_collection, _("The piece is out; it stays in the catalogue.")),
    }
    if verb not in verbs:
        raise Http404
    operation, words = verbs[verb]

    def done() -> None:
        operation(**by(request), collection_id=collection_id, product_id=product_id)

    return _doing(request, collection_id, "pieces", done, words)


def _doing(
    request: StaffRequest, collection_id: int, name: str, done: Callable[[], object], said: str
) -> HttpResponseBase:
    """Do what a form of the page asks and say so; refused, show the page with what was written in it."""
    try:
        done()
    except REFUSED as problem:
        return _page(request, collection_id, refused(request, name, problem))
    tell(request, said)
    return redirect("desk:collection", collection_id)


def _list(request: StaffRequest, sent: Sent) -> HttpResponse:
    house_id, now = request.member.house_id, datetime.now(UTC)
    context = {
        "rows": collection_rows(house_id=house_id, language=language(), now=now),
        "showing": SHOWING,
        "may_edit": may_edit(request),
        "sent": sent,
        "fields": collection_fields({}, sent, with_code=True),
    }
    return show(request, "boutique", "boutique/collections.html", context, status=422 if sent.form else 200)


def _page(request: StaffRequest, collection_id: int, sent: Sent) -> HttpResponse:
    house_id, now, zone = request.member.house_id, datetime.now(UTC), zone_of(request)
    found = collection_to_edit(house_id=house_id, collection_id=collection_id, language=language(), now=now)
    if found is None:
        raise Http404
    changes = collection_changes(house_id=house_id, collection_id=collection_id, limit=CHANGES_SHOWN)
    mine = sent.of("texts")
    context = {
        "collection": found,
        "showing": SHOWING,
        "sent": sent,
        "may_edit": may_edit(request),
        "fields": collection_fields(found.said, mine),
        "days": {**_days(request, found), **mine.values},
        "choices": _choices(house_id, found),
        "changes": [piece_changes.told(row, language(), zone) for row in changes],
        "members": names_of(house_id),
        "zone": zone.key,
    }
    return show(request, "boutique", "boutique/collection.html", context, status=422 if sent.form else 200)


def _days(request: StaffRequest, found: CollectionEdit) -> Mapping[str, str]:
    zone = zone_of(request)
    return {
        "shown_from": local_text(found.row.shown_from, zone),
        "shown_until": local_text(found.row.shown_until, zone),
    }


def _choices(house_id: int, found: CollectionEdit) -> list[tuple[int, str]]:
    """The pieces that can still be put in."""
    known = {each.product_id for each in found.pieces}
    cards = queries.products(house_id=house_id, language=language(), is_whole=True)
    return [(card.id, f"{card.name} · {card.code}") for card in cards if card.id not in known]
