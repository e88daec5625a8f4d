"""Lookbooks at the desk: a list in the order clients see, and of each its looks, their pieces, its days and history."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.boutique import operations, queries
from seta.boutique.queries.lookbooks import (
    LookbookEdit,
    LookEdit,
    lookbook_changes,
    lookbook_of,
    lookbook_rows,
    lookbook_to_edit,
)
from seta.boutique.rules import OrderRefused, Refusal
from seta.desk import piece_changes, rules
from seta.desk.doing import by
from seta.desk.piece_forms import (
    Sent,
    instant_of,
    local_text,
    look_fields,
    lookbook_fields,
    refused,
)
from seta.desk.shell import REFUSED, form, language, page, show, tell, telling, zone_of
from seta.desk.views.pieces import may_edit
from seta.desk.views.stock import names_of
from seta.houses.access import StaffRequest
from seta.kit.pictures import BYTES_MAX

ROLE = "marketing"
BACK = "desk:lookbooks"
CHANGES_SHOWN = 30
STANDING = {
    "draft": (gettext_lazy("Draft"), "warn"),
    "later": (gettext_lazy("Not yet shown"), "warn"),
    "now": (gettext_lazy("Shown now"), "ok"),
    "over": (gettext_lazy("Over"), ""),
}


@page("boutique")
def listing(request: StaffRequest) -> HttpResponse:
    """All lookbooks, and the form that begins one."""
    return _list(request, Sent())


@form(ROLE, back=BACK)
def create(request: StaffRequest) -> HttpResponseBase:
    """Begin a lookbook."""
    said = request.POST
    try:
        made = operations.create_lookbook(**by(request), code=said.get("code", ""), texts=said.dict())
    except REFUSED as problem:
        return _list(request, refused(request, "new", problem))
    tell(request, _("The lookbook is a draft. Add its looks, then give it a first day."))
    return redirect("desk:lookbook", made)


@form(ROLE, back=BACK)
def advance(request: StaffRequest, lookbook_id: int) -> HttpResponseBase:
    """Move a lookbook one place to the front."""
    with telling(request, _("The order is changed.")):
        operations.advance_lookbook(**by(request), lookbook_id=lookbook_id)
    return redirect(BACK)


@page("boutique")
def lookbook(request: StaffRequest, lookbook_id: int) -> HttpResponse:
    """Everything about a lookbook that can be changed, and what was."""
    return _page(request, lookbook_id, Sent())


@form(ROLE, back=BACK)
def change(request: StaffRequest, lookbook_id: int) -> HttpResponseBase:
    """Change its names, its forewords, its season and its days."""
    said = request.POST

    def done() -> None:
        operations.change_lookbook(
            **by(request),
            lookbook_id=lookbook_id,
            texts=said.dict(),
            shown_from=instant_of(request, "shown_from"),
            shown_until=instant_of(request, "shown_until"),
            seen=said.get("seen", ""),
        )

    return _doing(request, lookbook_id, "texts", done, _("The lookbook is saved."))


@form(ROLE, back=BACK)
def add_look(request: StaffRequest, lookbook_id: int) -> HttpResponseBase:
    """Put a look at the end."""
    sent = request.FILES.get("picture")
    image = sent.read(BYTES_MAX + 1) if sent else b""

    def done() -> None:
        operations.add_look(**by(request), lookbook_id=lookbook_id, image=image, texts=request.POST.dict())

    return _doing(request, lookbook_id, "look", done, _("The look is added. Put its pieces in."))


@form(ROLE, back=BACK)
def change_look(request: StaffRequest, look_id: int, verb: str) -> HttpResponseBase:
    """Say anew what a look shows, move it one place to the front, remove it, or put a piece in."""
    said = request.POST

    def describe() -> None:
        operations.describe_look(**by(request), look_id=look_id, texts=said.dict(), seen=said.get("seen", ""))

    def put_in() -> None:
        if not said.get("piece"):
            raise OrderRefused(Refusal.UNKNOWN_PRODUCT)
        operations.put_in_look(**by(request), look_id=look_id, product_id=rules.number(said["piece"]))

    verbs: Mapping[str, tuple[Callable[[], None], str]] = {
        "words": (describe, _("The look is saved.")),
        "forward": (
            lambda: operations.advance_look(**by(request), look_id=look_id),
            _("The order is changed."),
        ),
        "remove": (
            lambda: operations.remove_look(**by(request), look_id=look_id),
            _("The look is removed; its pieces stay in the catalogue."),
        ),
        "pieces": (put_in, _("The piece is in the look.")),
    }
    if verb not in verbs:
        raise Http404
    done, words = verbs[verb]
    return _doing(request, _owner(request, look_id), f"{verb}-{look_id}", done, words)


@form(ROLE, back=BACK)
def arrange(request: StaffRequest, look_id: int, product_id: int, verb: str) -> HttpResponseBase:
    """Move a piece of a look one place to the front, or take it out."""
    verbs = {
        "forward": (operations.advance_in_look, _("The order is changed.")),
        "remove": (operations.take_out_of_look, _("The piece is out; it stays in the catalogue.")),
    }
    if verb not in verbs:
        raise Http404
    operation, words = verbs[verb]

    def done() -> None:
        operation(**by(request), look_id=look_id, product_id=product_id)

    return _doing(request, _owner(request, look_id), f"arrange-{look_id}", done, words)


def _owner(request: StaffRequest, look_id: int) -> int:
    """The lookbook whose page a look's forms are on; 404 for another house's, and for one that was removed."""
    found = lookbook_of(house_id=request.member.house_id, look_id=look_id)
    if found is None:
        raise Http404
    return found


def _doing(
    request: StaffRequest, lookbook_id: int, name: str, done: Callable[[], object], said: str
) -> HttpResponseBase:
    """Do what a form of the page asks and say so; refused, show the page with what was written in it."""
    try:
        done()
    except REFUSED as problem:
        return _page(request, lookbook_id, refused(request, name, problem))
    tell(request, said)
    return redirect("desk:lookbook", lookbook_id)


def _list(request: StaffRequest, sent: Sent) -> HttpResponse:
    house_id, now = request.member.house_id, datetime.now(UTC)
    context = {
        "rows": lookbook_rows(house_id=house_id, language=language(), now=now),
        "standing": STANDING,
        "may_edit": may_edit(request),
        "sent": sent,
        "fields": lookbook_fields({}, sent, with_code=True),
    }
    return show(request, "boutique", "boutique/lookbooks.html", context, status=422 if sent.form else 200)


def _page(request: StaffRequest, lookbook_id: int, sent: Sent) -> HttpResponse:
    house_id, now, zone = request.member.house_id, datetime.now(UTC), zone_of(request)
    found = lookbook_to_edit(house_id=house_id, lookbook_id=lookbook_id, language=language(), now=now)
    if found is None:
        raise Http404
    changes = lookbook_changes(house_id=house_id, lookbook_id=lookbook_id, limit=CHANGES_SHOWN)
    texts, new = sent.of("texts"), sent.of("look")
    cards = queries.products(house_id=house_id, language=language(), is_whole=True)
    context = {
        "lookbook": found,
        "standing": STANDING,
        "sent": sent,
        "may_edit": may_edit(request),
        "fields": lookbook_fields(found.said, texts),
        "days": {**_days(request, found), **texts.values},
        "looks": [_look(each, sent) for each in found.looks],
        "new_look": look_fields({}, new),
        "adding": new,
        "choices": [(card.id, f"{card.name} · {card.code}") for card in cards],
        "changes": [piece_changes.told(row, language(), zone) for row in changes],
        "members": names_of(house_id),
        "zone": zone.key,
    }
    return show(request, "boutique", "boutique/lookbook.html", context, status=422 if sent.form else 200)


def _look(look: LookEdit, sent: Sent) -> dict[str, object]:
    """A look with the form of its words, filled in as it was sent if it was refused."""
    mine = sent.of(f"words-{look.id}")
    return {
        "look": look,
        "fields": look_fields(look.said, mine),
        "seen": mine.values.get("seen", look.edition),
        "is_open": bool(mine.form),
    }


def _days(request: StaffRequest, found: LookbookEdit) -> Mapping[str, str]:
    zone = zone_of(request)
    return {
        "shown_from": local_text(found.row.shown_from, zone),
        "shown_until": local_text(found.row.shown_until, zone),
    }
