"""An associate's statement of a month, claims to sales, and the terms by which sales are attributed."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.rules import AttributionTerms
from seta.desk import labels, rules
from seta.desk.exporting import csv_file
from seta.desk.shell import form, page, show, telling, today
from seta.desk.templatetags.desk_format import money
from seta.desk.views.clients.reader import must_be_associate, own_of, sees_all
from seta.houses.access import StaffRequest

COLUMNS = ("at", "kind", "order", "sale", "share_percent", "amount", "currency")


@page("clients")
def commission(request: StaffRequest) -> HttpResponse:
    """The statement of oneself, or of anybody for a supervisor; claims below it."""
    house_id, own, now = request.member.house_id, own_of(request), datetime.now(UTC)
    mine = None if sees_all(request) or own is None else own.id
    context: dict[str, Any] = {
        "own": own,
        "sees_all": sees_all(request),
        "advisers": queries.associates(house_id) if sees_all(request) else [],
        "disputes": queries.disputes(house_id, associate_id=mine) if own or sees_all(request) else [],
        "terms": queries.attribution_terms(house_id, at=now),
        "models": labels.KINDS["model"],
    }
    statement = _statement(request)
    if statement:
        context |= {"statement": statement, "month": f"{statement.year}-{statement.month:02d}"}
    return show(request, "clients", "clients/commission.html", context)


def _statement(request: StaffRequest) -> queries.Statement | None:
    """The statement asked for; an associate's own only."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", request.GET.get("month", ""))
    day = today(request, datetime.now(UTC))
    year, month = (int(found[1]), int(found[2])) if found else (day.year, day.month)
    own, asked = own_of(request), rules.whole(request.GET.get("adviser", ""))
    if asked and (own is None or own.id != asked) and not sees_all(request):
        raise PermissionDenied(_("A statement is for the associate and their supervisor."))
    if not asked and own is None:
        rows = queries.associates(request.member.house_id) if sees_all(request) else []
        asked = rows[0].associate.id if rows else 0
    associate = queries.associate(asked) if asked else own
    if associate is None:
        return None
    if associate.house_id != request.member.house_id:
        raise Http404
    return queries.statement(associate_id=associate.id, year=year, month=month)


@page("clients")
def statement_csv(request: StaffRequest) -> HttpResponseBase:
    """The statement as a file."""
    found = _statement(request)
    if found is None:
        raise Http404
    rows = (
        (
            line.at.isoformat(),
            line.kind,
            line.number,
            money(line.sale_amount, line.currency),
            line.share_bps / 100,
            money(line.amount, line.currency),
            line.currency,
        )
        for line in found.lines
    )
    return csv_file(f"commission-{found.associate.code}-{found.year}-{found.month:02d}", COLUMNS, rows)


def _bps(text: str) -> int:
    """Basis points of a percentage as people write it: 12.5 is 1,250; 0 for what is none."""
    try:
        percent = Decimal(text.strip().replace(",", ".").removesuffix("%"))
    except InvalidOperation:
        return -1
    return int(percent * 100) if percent.is_finite() and abs(percent) <= 1000 else -1


@form("associate", back="desk:commission")
def dispute(request: StaffRequest) -> HttpResponseBase:
    """Claim a part of a sale."""
    own = must_be_associate(request)
    with telling(request, _("Your supervisor decides on the claim.")):
        clienteling.open_dispute(
            house_id=request.member.house_id,
            associate_id=own.id,
            order_number=request.POST.get("number", "").strip()[:32],
            claimed_bps=_bps(request.POST.get("percent", "")),
            reason=request.POST.get("reason", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:commission")


@form("supervisor", back="desk:commission")
def decide(request: StaffRequest, dispute_id: int) -> HttpResponseBase:
    """Uphold or reject a claim."""
    with telling(request, _("The claim is decided.")):
        clienteling.decide_dispute(
            house_id=request.member.house_id,
            dispute_id=dispute_id,
            user_id=request.member.user_id,
            is_upheld=request.POST.get("choice") == "uphold",
            decision=request.POST.get("decision", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:commission")


@form("associate", back="desk:commission")
def withdraw(request: StaffRequest, dispute_id: int) -> HttpResponseBase:
    """Take one's own claim back."""
    own = must_be_associate(request)
    with telling(request, _("The claim is withdrawn.")):
        clienteling.withdraw_dispute(
            house_id=request.member.house_id,
            dispute_id=dispute_id,
            associate_id=own.id,
            now=datetime.now(UTC),
        )
    return redirect("desk:commission")


@form("supervisor", back="desk:commission")
def set_terms(request: StaffRequest) -> HttpResponseBase:
    """Attribute sales by these terms from now on."""
    with telling(request, _("It is in force from now on.")):
        touch, share = (
            timedelta(days=rules.number(request.POST.get(name, ""))) for name in ("touch", "share")
        )
        clienteling.set_attribution(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            terms=AttributionTerms(
                request.POST.get("model", ""), touch, share, _bps(request.POST.get("primary", "0"))
            ),
            now=datetime.now(UTC),
        )
    return redirect("desk:commission")
