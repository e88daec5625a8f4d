"""Rates and terms: what stands, what a member proposes, and the other member who puts it in force."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import labels, money_labels, rules
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, page, show, telling
from seta.desk.views.money import forms, or_404
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.payments import operations as pay
from seta.payments.queries import changes, routes
from seta.payments.rules.changes import Kind
from seta.payments.rules.routing import Scene, Wallet

REASON_CHARS_MAX = 200
PERCENT = (Kind.SPREAD, Kind.FEE)
AMOUNT = (Kind.REFUND_LIMIT, Kind.MINIMUM)


@page("money")
def terms(request: StaffRequest) -> HttpResponse:
    """What stands, what waits for a second person, the forms, and what was decided."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "terms": changes.terms(house_id),
        "rates": changes.standing_rates(house_id, now=now),
        "open": changes.open_changes(house_id),
        "history": changes.change_history(house_id),
        "may_change": may(request.member, Act.CHANGE_TERMS),
        "percents": [(kind.value, labels.label("change", kind)) for kind in PERCENT],
        "amounts": [(kind.value, labels.label("change", kind)) for kind in AMOUNT],
        "policies": list(labels.REFUND_POLICY.items()),
        "connected": [
            (one, money_labels.MODE[one.mode] if one.family == "wechatpay" else "")
            for one in routes.connected(house_id)
        ],
        "routes": routes.routes(house_id),
        "served": routes.served(house_id, houses.house(house_id).currency),
        "ways": list(money_labels.WAY.values()),
        "wallets": [(one.value, labels.label("wallet", one)) for one in Wallet],
        "scenes": [(one.value, labels.label("scene", one)) for one in Scene],
        "reason_chars_max": REASON_CHARS_MAX,
        **forms(request, now),
    }
    return show(request, "money", "money/terms.html", context)


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def propose_rate(request: StaffRequest) -> HttpResponseBase:
    """Propose the fixed rate of a currency, or one day's."""
    day = request.POST.get("day", "")
    with telling(request, _("It waits for a second person.")):
        pay.propose_rate(
            house_id=request.member.house_id,
            currency=request.POST.get("currency", ""),
            scaled=rules.scaled_rate(request.POST.get("rate", "")),
            day=rules.day(day).isoformat() if day else "",
            reason=request.POST.get("reason", ""),
            proposed_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:terms")


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def propose_change(request: StaffRequest) -> HttpResponseBase:
    """Propose a spread, a fee, a limit or the refund policy."""
    sent = request.POST
    with telling(request, _("It waits for a second person.")):
        kind = sent.get("kind", "")
        after: int | str
        if kind in PERCENT:
            after = rules.basis_points(sent.get("value", ""))
        elif kind in AMOUNT:
            after = rules.minor(sent.get("value", ""))
        elif kind == Kind.REFUND_POLICY:
            after = sent.get("value", "")
        else:
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, kind[:20])
        pay.propose_change(
            house_id=request.member.house_id,
            kind=kind,
            after=after,
            reason=sent.get("reason", ""),
            proposed_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:terms")


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def propose_route(request: StaffRequest) -> HttpResponseBase:
    """Propose which provider takes a wallet; the provider is asked first whether it knows the house."""
    sent = request.POST
    currency = sent.get("currency", "any")
    with telling(request, _("The provider answers. It waits for a second person.")):
        pay.propose_route(
            house_id=request.member.house_id,
            wallet=sent.get("wallet", ""),
            scene=sent.get("scene", ""),
            settle_currency="" if currency == "any" else currency,
            provider=sent.get("provider", "")[:20],
            reason=sent.get("reason", ""),
            proposed_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:terms")


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def check_provider(request: StaffRequest) -> HttpResponseBase:
    """Ask a provider whether it knows the house."""
    with telling(request, _("It knows our keys, and proved its answer.")):
        pay.check_provider(house_id=request.member.house_id, provider=request.POST.get("provider", "")[:20])
    return redirect("desk:terms")


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def approve_change(request: StaffRequest, change_id: int) -> HttpResponseBase:
    """Put what somebody else has proposed in force."""
    with telling(request, _("It is in force from now on.")), or_404():
        pay.approve_change(
            house_id=request.member.house_id,
            change_id=change_id,
            approved_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:terms")


@form(*ROLES[Act.CHANGE_TERMS], back="desk:terms")
def decline_change(request: StaffRequest, change_id: int) -> HttpResponseBase:
    """End a proposal; who made it takes it back so."""
    with telling(request, _("The proposal has ended; nothing changed.")), or_404():
        pay.decline_change(
            house_id=request.member.house_id,
            change_id=change_id,
            declined_by=request.member.user_id,
            note=request.POST.get("note", "").strip(),
            now=datetime.now(UTC),
        )
    return redirect("desk:terms")
