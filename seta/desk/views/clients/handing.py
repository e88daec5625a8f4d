"""Hand clients over in three steps: from whom to whom, which clients, and how far each is."""

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.desk import labels, rules
from seta.desk.shell import form, page, show, telling
from seta.desk.views.clients.reader import sees_all
from seta.houses.access import StaffRequest


@page("clients")
def handovers(request: StaffRequest) -> HttpResponse:
    """The hand-overs of the house, and the first two steps of a new one."""
    if not sees_all(request):
        raise PermissionDenied(_("A supervisor hands clients over."))
    house_id = request.member.house_id
    asked = {name: rules.whole(request.GET.get(name, "")) for name in ("giver", "taker")}
    kind = request.GET.get("kind", "")
    pair = [queries.associate(number) if number else None for number in asked.values()]
    chosen = all(one and one.house_id == house_id for one in pair) and pair[0] != pair[1]
    context = {
        "handovers": queries.handovers(house_id),
        "advisers": queries.associates(house_id),
        "kinds": labels.KINDS["handover_kind"],
        "asked": asked,
        "kind": kind if kind in labels.KINDS["handover_kind"] else "in_service",
        "giver": pair[0] if chosen else None,
        "taker": pair[1] if chosen else None,
        "choices": queries.clients_to_hand(asked["giver"]) if chosen else [],
    }
    return show(request, "clients", "clients/handovers.html", context)


@form("supervisor", back="desk:handovers")
def start_handover(request: StaffRequest) -> HttpResponseBase:
    """Begin a hand-over."""
    with telling(request, _("The hand-over has begun.")):
        made = clienteling.start_handover(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            giver_id=rules.number(request.POST.get("giver", "")),
            taker_id=rules.number(request.POST.get("taker", "")),
            kind=request.POST.get("kind", ""),
            person_ids=[rules.number(each) for each in request.POST.getlist("person")],
            reason=request.POST.get("reason", ""),
            now=datetime.now(UTC),
        )
        return redirect("desk:handover", made)
    return redirect("desk:handovers")


@page("clients")
def handover(request: StaffRequest, handover_id: int) -> HttpResponse:
    """How far a hand-over is, client by client."""
    if not sees_all(request):
        raise PermissionDenied(_("A supervisor hands clients over."))
    found = queries.handover(house_id=request.member.house_id, handover_id=handover_id)
    if found is None:
        raise Http404
    context = {"handover": found, "clients": queries.handover_clients(handover_id)}
    return show(request, "clients", "clients/handover.html", context)
