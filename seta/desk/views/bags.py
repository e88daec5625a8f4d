"""Bags that associates prepare for clients at the desk, with the link that opens them in the mini program."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.boutique import queries as boutique
from seta.boutique.queries import visiting
from seta.boutique.queries.visiting import BagView
from seta.boutique.rules.orders import Line
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import BAG_DAYS_MAX, BAG_NOTE_CHARS_MAX
from seta.clienteling import queries as clienteling
from seta.clienteling.queries.associates import AssociateCard, associate_of_user
from seta.desk.doing import by
from seta.desk.people import of_house
from seta.desk.rights import ROLES, Act
from seta.desk.rules import FormRefused
from seta.desk.rules import Refusal as FormRefusal
from seta.desk.shell import form, language, page, show, telling, warn, words_of
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.people import queries as people
from seta.platforms.core.errors import PlatformError

STAFF = ROLES[Act.SELL]
LINES = 5
DAYS = (1, 3, 7, 14, BAG_DAYS_MAX)


@page("boutique")
def bags(request: StaffRequest) -> HttpResponse:
    """Prepared bags, newest first, and the form that prepares one."""
    house_id = request.member.house_id
    found = visiting.bags(house_id=house_id, now=datetime.now(UTC), language=language())
    associate = _own(request)
    book = clienteling.client_book(house_id, associate_id=associate.id if associate else None, limit=200)
    context = {
        "rows": found,
        "clients": _clients(found),
        "associates": {row.associate.id: row.associate.name for row in clienteling.associates(house_id)},
        "book": {row.person_id: row.name for row in book},
        "products": boutique.products(house_id=house_id, language=language()),
        "places": range(LINES),
        "days": DAYS,
        "note_max": BAG_NOTE_CHARS_MAX,
        "can_act": request.member.role in STAFF,
        "key": new_token()[:32],
    }
    return show(request, "boutique", "boutique/bags.html", context)


def _own(request: StaffRequest) -> AssociateCard | None:
    return associate_of_user(house_id=request.member.house_id, user_id=request.member.user_id)


def _clients(found: list[BagView]) -> dict[int, str]:
    cards = people.cards({row.person_id for row in found if row.person_id})
    return {key: card.display_name for key, card in cards.items()}


@form(*STAFF, back="desk:bags")
def prepare(request: StaffRequest) -> HttpResponseBase:
    """Keep the bag and show its link."""
    house_id, said = request.member.house_id, request.POST
    associate = _own(request)
    with telling(request, _("The bag is ready to be shared.")):
        token = operations.prepare_bag(
            **by(request),
            lines=_lines(request),
            associate_id=associate.id if associate else None,
            person_id=_person(request),
            note=said.get("note", ""),
            days=_number(said.get("days", "7")),
            key=said.get("key", "").strip()[:40] or new_token()[:32],
        )
        kept = visiting.bag_of_token(house_id=house_id, token=token, now=datetime.now(UTC))
        assert kept is not None, "a bag that was just kept"
        return redirect("desk:bag", kept.id)
    return redirect("desk:bags")


def _number(said: str) -> int:
    said = said.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise OrderRefused(Refusal.WRONG_QUANTITY, said[:20])
    return int(said)


def _lines(request: StaffRequest) -> list[Line]:
    """The pieces that were chosen; rows without one are skipped."""
    chosen = zip(request.POST.getlist("variant_id"), request.POST.getlist("quantity"), strict=False)
    return [Line(_number(variant), _number(quantity)) for variant, quantity in chosen if variant]


def _person(request: StaffRequest) -> int | None:
    """The client it is for, of this house; none for a bag that anybody may open."""
    said = request.POST.get("person_id", "").strip()
    if not said:
        return None
    found = of_house(house_id=request.member.house_id, person_id=_number(said))
    if found is None:
        raise FormRefused(FormRefusal.UNKNOWN_CHOICE, said[:20])
    return found.id


@page("boutique")
def bag(request: StaffRequest, bag_id: int) -> HttpResponse:
    """One bag with its link and its code."""
    found = _bag(request, bag_id)
    house_id = request.member.house_id
    context = {
        "bag": found,
        "clients": _clients([found]),
        "associates": {row.associate.id: row.associate.name for row in clienteling.associates(house_id)},
        "can_act": request.member.role in STAFF,
        "is_open": found.state == "shared" and not found.is_expired,
    }
    return show(request, "boutique", "boutique/bag.html", context)


def _bag(request: StaffRequest, bag_id: int) -> BagView:
    house_id = request.member.house_id
    found = visiting.bag(house_id=house_id, bag_id=bag_id, now=datetime.now(UTC), language=language())
    if found is None:
        raise Http404
    return found


@form(*STAFF, back="desk:bags")
def withdraw(request: StaffRequest, bag_id: int) -> HttpResponseBase:
    """The link opens nothing any more."""
    with telling(request, _("The bag is withdrawn.")):
        operations.withdraw_bag(**by(request), bag_id=bag_id)
    return redirect("desk:bags")


@page("boutique")
def code(request: StaffRequest, bag_id: int) -> HttpResponseBase:
    """The round code that WeChat draws for the bag."""
    found = _bag(request, bag_id)
    try:
        drawn = houses.mini_program(request.member.house_id).getwxacodeunlimit(
            f"bag={found.token}", page=found.path.partition("?")[0]
        )
    except (PlatformError, houses.AccountMissing) as problem:
        warn(request, words_of(problem))
        return redirect("desk:bag", bag_id)
    return HttpResponse(drawn, content_type="image/png" if drawn[:4] == b"\x89PNG" else "image/jpeg")
