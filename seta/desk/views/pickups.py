"""The counter of a boutique: orders that are picked up, by their code, and pieces that wait to be tried on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.boutique import queries as boutique
from seta.boutique.queries import service, visiting
from seta.boutique.queries.visiting import FittingView
from seta.boutique.rules.fulfilment import CODE_PREFIX
from seta.boutique.rules.refusals import OrderRefused
from seta.clienteling.queries.associates import associate_of_user
from seta.desk.doing import by
from seta.desk.rights import ROLES, Act
from seta.desk.shell import form, language, page, show, tell, telling, words_of
from seta.houses.access import StaffRequest
from seta.people import queries as people
from seta.people.queries import PersonCard
from seta.stores import queries as stores

STAFF = ROLES[Act.SELL]


@page("boutique")
def counter(request: StaffRequest) -> HttpResponse:
    """Enter a code, or look at what is to be prepared, waits, and waits too long."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    point = _point(request)
    rows = service.pickups(house_id=house_id, boutique=point, now=now, language=language())
    fittings = visiting.fittings(house_id=house_id, boutique=point, is_open=True, language=language())
    persons = {row.person_id for row in rows if row.person_id} | {row.person_id for row in fittings}
    context = {
        "point": point,
        "points": _names(house_id),
        "may_choose": not request.member.boutique_code,
        "found": _found(request, point),
        "said": request.GET.get("code", "").strip()[:40].removeprefix(CODE_PREFIX),
        "overdue": [row for row in rows if row.is_overdue],
        "ready": [row for row in rows if row.stage == "ready" and not row.is_overdue],
        "to_prepare": [row for row in rows if row.stage == "to_prepare"],
        "visits": _visits(fittings),
        "clients": {key: _called(card) for key, card in people.cards(persons).items()},
        "can_act": request.member.role in STAFF,
    }
    return show(request, "boutique", "boutique/counter.html", context)


@dataclass(frozen=True)
class _Visit:
    """The pieces that wait for one client's coming, at one boutique and time."""

    person_id: int
    boutique: str
    appointment: stores.AppointmentCard | None
    pieces: list[FittingView]


def _visits(rows: Iterable[FittingView]) -> list[_Visit]:
    """Fittings by the visit that they are for, in the order of the first piece's end."""
    found: dict[tuple[int, str, str], _Visit] = {}
    for row in rows:
        key = (row.person_id, row.boutique, row.appointment)
        if key not in found:
            found[key] = _Visit(row.person_id, row.boutique, _appointment(row), [])
        found[key].pieces.append(row)
    return list(found.values())


def _called(card: PersonCard) -> str:
    """What the client is called at the counter; some have told no name."""
    return card.display_name or f"{_('Client')} {card.id}"


def _names(house_id: int) -> dict[str, str]:
    stored = {card.code: card.name for card in stores.boutiques(house_id)}
    return {
        point.code: stored.get(point.code, point.code) for point in boutique.sales_points(house_id=house_id)
    }


def _point(request: StaffRequest) -> str:
    """The member's own boutique, or the one the address names; empty for all."""
    asked = request.GET.get("boutique", "")[:40]
    return request.member.boutique_code or (asked if asked in _names(request.member.house_id) else "")


def _found(request: StaffRequest, point: str) -> dict[str, Any] | None:
    """The order behind the code in the address, or why there is none."""
    said = request.GET.get("code", "").strip()[:40]
    if not said:
        return None
    house_id = request.member.house_id
    try:
        order_id = operations.waiting_order(house_id=house_id, code=said, boutique=point)
    except OrderRefused as refused:
        return {"problem": words_of(refused)}
    order = boutique.order(order_id=order_id, house_id=house_id, language=language())
    now = datetime.now(UTC)
    with_it = service.order_service(order_id=order_id, house_id=house_id, language=language(), now=now)
    assert order is not None and with_it is not None, "an order of the house"
    client = _called(people.card(order.person_id)) if order.person_id else ""
    return {"order": order, "service": with_it, "client": client}


def _appointment(row: FittingView) -> stores.AppointmentCard | None:
    """The client's own appointment that the fitting names; another's or an unknown one is none."""
    if not row.appointment:
        return None
    return stores.appointment(public_id=row.appointment, person_id=row.person_id)


@form(*STAFF, back="desk:counter")
def hand_over(request: StaffRequest) -> HttpResponseBase:
    """Give the pieces to whoever showed the code."""
    code = request.POST.get("code", "")[:40]
    with telling(request):
        order_id = operations.hand_over(**by(request), code=code, boutique=request.member.boutique_code)
        order = boutique.order(order_id=order_id, house_id=request.member.house_id)
        tell(request, _("The pieces are handed over.") + (f" {order.number}" if order else ""))
    return redirect(_back(request))


def _back(request: StaffRequest) -> str:
    point = request.POST.get("boutique", "")
    known = point in _names(request.member.house_id)
    return reverse("desk:counter") + (f"?boutique={point}" if known else "")


def _own_fitting(request: StaffRequest, fitting_id: int) -> FittingView:
    found = visiting.fitting(house_id=request.member.house_id, fitting_id=fitting_id)
    if found is None or request.member.boutique_code not in ("", found.boutique):
        raise Http404
    return found


@form(*STAFF, back="desk:counter")
def try_on(request: StaffRequest, fitting_id: int) -> HttpResponseBase:
    """The client is trying the piece on."""
    _own_fitting(request, fitting_id)
    with telling(request, _("The client is trying it on.")):
        operations.try_fitting(**by(request), fitting_id=fitting_id)
    return redirect(_back(request))


@form(*STAFF, back="desk:counter")
def leave(request: StaffRequest, fitting_id: int) -> HttpResponseBase:
    """The piece goes back on its shelf."""
    _own_fitting(request, fitting_id)
    with telling(request, _("The piece is back on its shelf.")):
        operations.leave_fitting(**by(request), fitting_id=fitting_id)
    return redirect(_back(request))


@form(*STAFF, back="desk:counter")
def buy(request: StaffRequest, fitting_id: int) -> HttpResponseBase:
    """The client takes it: on to the till."""
    _own_fitting(request, fitting_id)
    member = request.member
    own = associate_of_user(house_id=member.house_id, user_id=member.user_id)
    with telling(request, _("The piece is sold; charge it now.")):
        order_id = operations.buy_fitting(
            **by(request), fitting_id=fitting_id, associate_id=own.id if own else None
        )
        return redirect("desk:receipt", order_id)
    return redirect(_back(request))
