"""POS keys: which tills of other makers may call the API, for which boutique, and taking a key away."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.boutique import queries as boutique
from seta.desk import rules
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, page, show, telling
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.payments.operations.terminals import NewKey, issue_key, revoke_key
from seta.payments.queries.terminals import terminals
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.till import SCOPES, Scope

MAY = {
    Scope.READ: gettext_lazy("read payments"),
    Scope.CHARGE: gettext_lazy("take payments"),
    Scope.REFUND: gettext_lazy("refund"),
}


@page("money")
def keys(request: StaffRequest) -> HttpResponse:
    """The keys and the form for a new one."""
    return _list(request, None)


@form(*ROLES[Act.ISSUE_TILL_KEYS], back="desk:till_keys")
def issue(request: StaffRequest) -> HttpResponseBase:
    """Issue a key; it is on this answer and nowhere after."""
    with telling(request):
        house_id = request.member.house_id
        point, name = request.POST.get("boutique", ""), request.POST.get("name", "").strip()
        scopes = [scope for scope in SCOPES if scope in request.POST.getlist("scopes")]
        known = {each.code for each in boutique.sales_points(house_id=house_id)}
        if point not in known or not name or not scopes:
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, point[:40])
        made = issue_key(
            house_id=house_id,
            boutique_code=point,
            name=name,
            scopes=scopes,
            issued_by=request.member.user_id,
            now=datetime.now(UTC),
        )
        return _list(request, made)
    return redirect("desk:till_keys")


@form(*ROLES[Act.REVOKE_TILL_KEYS], back="desk:till_keys")
def revoke(request: StaffRequest, terminal_id: int) -> HttpResponseBase:
    """Take a key away."""
    try:
        with telling(request, _("The key opens nothing any more.")):
            if not any(card.id == terminal_id for card in terminals(request.member.house_id)):
                raise Http404
            revoke_key(terminal_id=terminal_id, house_id=request.member.house_id, now=datetime.now(UTC))
    except PaymentRefused as refusal:
        raise Http404 from refusal
    return redirect("desk:till_keys")


def _list(request: StaffRequest, made: NewKey | None) -> HttpResponse:
    house_id = request.member.house_id
    rows = terminals(house_id)
    context = {
        "rows": [(card, [MAY[Scope(scope)] for scope in card.scopes]) for card in rows],
        "points": boutique.sales_points(house_id=house_id),
        "scopes": list(MAY.items()),
        "names": {member.user_id: member.name for member in members(house_id)},
        "made": made,
        "may_issue": may(request.member, Act.ISSUE_TILL_KEYS),
    }
    return show(request, "money", "webhooks/till_keys.html", context)
