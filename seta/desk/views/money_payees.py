"""Payees: on what terms each is paid, to which account, and the second person it takes to change that account."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import labels, rules
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, page, show, tell, telling
from seta.desk.views.money import forms, or_404
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.payments import operations as pay
from seta.payments.queries import settlement as paying

HISTORY_ROWS = 30
REASON_CHARS_MAX = 200


@page("money")
def payees(request: StaffRequest) -> HttpResponse:
    """Everybody who is paid, what waits for a second person, and the forms."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "payees": paying.payees(house_id, now=now),
        "waiting_accounts": paying.payee_accounts(house_id, is_waiting=True),
        "decided_accounts": paying.payee_accounts(house_id, is_waiting=False)[:HISTORY_ROWS],
        "names": {member.user_id: member.name for member in members(house_id)},
        "may_change": may(request.member, Act.CHANGE_PAYEES),
        "schedules": list(labels.SCHEDULE.items()),
        "reason_chars_max": REASON_CHARS_MAX,
        **forms(request, now),
    }
    return show(request, "money", "money/payees.html", context)


@form(*ROLES[Act.CHANGE_PAYEES], back="desk:payees")
def save_payee(request: StaffRequest) -> HttpResponseBase:
    """Keep on what terms a partner is paid; its account is proposed apart."""
    sent = request.POST
    with telling(request, _("The payee's terms are kept.")):
        pay.set_payee(
            house_id=request.member.house_id,
            code=sent.get("code", "").strip(),
            name=sent.get("name", ""),
            currency=sent.get("currency", ""),
            schedule=sent.get("schedule", ""),
            schedule_day=rules.whole(sent.get("schedule_day", "")),
            cutoff_hour=rules.whole(sent.get("cutoff_hour", "24")),
            minimum=rules.minor(sent.get("minimum", "")),
            fee_bps=rules.basis_points(sent.get("fee", "")),
            commission_bps=rules.basis_points(sent.get("commission", "")),
            changed_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:payees")


@form(*ROLES[Act.CHANGE_PAYEES], back="desk:payees")
def propose_account(request: StaffRequest) -> HttpResponseBase:
    """Ask that a payee be paid to another account; nothing changes before somebody else approves it."""
    sent = request.POST
    with telling(request, _("The account waits for a second person.")):
        pay.propose_payee_account(
            house_id=request.member.house_id,
            code=sent.get("code", "")[:24],
            holder=sent.get("holder", ""),
            iban=sent.get("iban", "")[:60],
            bic=sent.get("bic", "")[:20],
            reason=sent.get("reason", ""),
            proposed_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:payees")


@form(*ROLES[Act.CHANGE_PAYEES], back="desk:payees")
def decide_account(request: StaffRequest, account_id: int) -> HttpResponseBase:
    """Approve a proposed account, or decline it."""
    approves = request.POST.get("choice") == "approve"
    with telling(request), or_404():
        pay.decide_payee_account(
            account_id=account_id,
            house_id=request.member.house_id,
            decided_by=request.member.user_id,
            approve=approves,
            now=datetime.now(UTC),
        )
        tell(request, _("The account is in force.") if approves else _("The account is declined."))
    return redirect("desk:payees")
