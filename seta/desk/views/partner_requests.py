"""What businesses ask of the city, with what it would change, and the city's answers."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk.doing import by
from seta.desk.shell import form, language, page, show, telling
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.partners import operations, queries

ROLE = "marketing"


@page("guide")
def requests(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first, with each field before and after; below it what was answered, by whom and why."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    context = {
        "rows": queries.queue(house_id, waiting=True, now=now, language=language()),
        "answered": queries.queue(house_id, waiting=False, now=now, language=language()),
        "seats": queries.seats(house_id, now=now),
        "names": {member.user_id: member.name for member in members(house_id)},
        "may_decide": request.member.role in (ROLE, "admin"),
    }
    return show(request, "guide", "guide/requests.html", context)


@form(ROLE, back="desk:guide_requests")
def decide(request: StaffRequest, proposal_id: int) -> HttpResponseBase:
    """Approve what a business asks, and the guide follows; or refuse it with a reason that the business reads."""
    approves = request.POST.get("choice") == "approve"
    with telling(
        request, _("The guide follows, and the business is told.") if approves else _("The business is told.")
    ):
        operations.decide(
            **by(request),
            proposal_id=proposal_id,
            approve=approves,
            reason=request.POST.get("reason", ""),
        )
    return redirect("desk:guide_requests")


@form(ROLE, back="desk:guide_requests")
def end_seat(request: StaffRequest, seat_id: int) -> HttpResponseBase:
    """Let somebody speak for a business no longer: sold, closed, or claimed by mistake."""
    with telling(request, _("They speak for this business no longer; the guide stays as it is.")):
        operations.end_seat(**by(request), seat_id=seat_id, reason=request.POST.get("reason", ""))
    return redirect("desk:guide_requests")
