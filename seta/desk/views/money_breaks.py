"""Breaks: what does not match, how old, whose it is, what is proposed and what that would post."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import labels, rules
from seta.desk.exporting import csv_file
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, page, show, tell, telling, warn
from seta.desk.views.money import forms
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.money import decimal_text
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import BreakRow
from seta.payments.rules.correction import correction

PAGE_ROWS = 50
RESOLUTION_CHARS_MAX = 200
COLUMNS = (
    *("found_on", "provider", "category", "key", "ours", "theirs", "currency", "age_days", "owner"),
    *("proposal", "resolved_at", "resolution"),
)


@dataclass(frozen=True)
class OpenBreak:
    """An open break with the lines that its proposed journal would post: (account, amount, currency)."""

    row: BreakRow
    preview: tuple[tuple[str, int, str], ...]


def _with_preview(row: BreakRow, house_id: int) -> OpenBreak:
    entry = correction(
        house_id=house_id,
        break_id=row.id,
        provider=row.provider,
        key=row.key,
        category=row.category,
        gap=row.gap,
        currency=row.gap_currency,
    )
    lines = entry.postings if entry is not None else ()
    return OpenBreak(row, tuple((line.code, line.amount, line.currency) for line in lines))


@page("money")
def breaks(request: StaffRequest) -> HttpResponse:
    """What does not match: open first, oldest first, then what was resolved and how."""
    now, house_id = datetime.now(UTC), request.member.house_id
    asked = {name: request.GET.get(name, "")[:24] for name in ("category", "provider")}
    found = payments.breaks(house_id, now=now)
    context = {
        "open": [_with_preview(row, house_id) for row in found if _fits(row, asked)],
        "all_open": len(found),
        "asked": asked,
        "categories": sorted({row.category for row in found}),
        "resolved": payments.breaks(house_id, now=now, is_open=False)[-PAGE_ROWS:][::-1],
        "runs": payments.runs(house_id),
        "names": {member.user_id: member.name for member in members(house_id)},
        "owners": [member for member in members(house_id) if member.role in ("finance", "admin")],
        "may_resolve": may(request.member, Act.RECONCILE),
        "proposals": labels.PROPOSAL,
        **forms(request, now),
    }
    return show(request, "money", "money/breaks.html", context)


def _fits(row: BreakRow, asked: dict[str, str]) -> bool:
    return all(not value or getattr(row, name) == value for name, value in asked.items())


@page("money")
def breaks_csv(request: StaffRequest) -> HttpResponseBase:
    """Every break of the house, open and resolved."""
    names = {member.user_id: member.name for member in members(request.member.house_id)}
    rows = payments.breaks(request.member.house_id, now=datetime.now(UTC), is_open=None)
    return csv_file("breaks", COLUMNS, ((*_cells(row, names),) for row in rows))


def _cells(row: BreakRow, names: dict[int, str]) -> tuple[object, ...]:
    ours = None if row.our_amount is None else decimal_text(row.our_amount, row.currency)
    theirs = None if row.their_amount is None else decimal_text(row.their_amount, row.currency)
    resolved = row.resolved_at.isoformat(timespec="seconds") if row.resolved_at else ""
    return (
        *(row.found_on, row.provider, row.category, row.key, ours, theirs, row.currency, row.age_days),
        *(names.get(row.owner_id or 0, ""), row.proposal, resolved, row.resolution),
    )


def of_house(request: StaffRequest, break_id: int) -> BreakRow:
    """The break, if it is the house's; any other is no page at all."""
    rows = payments.breaks(request.member.house_id, now=datetime.now(UTC), is_open=None)
    found = next((row for row in rows if row.id == break_id), None)
    if found is None:
        raise Http404
    return found


@form(*ROLES[Act.RECONCILE], back="desk:breaks")
def resolve_break(request: StaffRequest, break_id: int) -> HttpResponseBase:
    """Close a break with a reason, under the member's name."""
    of_house(request, break_id)
    resolution = request.POST.get("resolution", "").strip()[:RESOLUTION_CHARS_MAX]
    if not resolution:
        warn(request, _("Write how the break was resolved."))
        return redirect("desk:breaks")
    with telling(request):
        is_closed = pay.resolve_break(
            break_id=break_id,
            house_id=request.member.house_id,
            resolution=resolution,
            owner_id=request.member.user_id,
            choice="book" if request.POST.get("choice") == "book" else "explain",
            now=datetime.now(UTC),
        )
        if is_closed:
            tell(request, _("The break is resolved."))
        else:
            tell(request, _("Your choice is noted; a colleague has to post the journal."))
    return redirect("desk:breaks")


@form(*ROLES[Act.RECONCILE], back="desk:breaks")
def assign_break(request: StaffRequest, break_id: int) -> HttpResponseBase:
    """Say whose a break is; without a name it is nobody's again."""
    of_house(request, break_id)
    with telling(request, _("The break has a new owner.")):
        pay.assign_break(
            break_id=break_id,
            house_id=request.member.house_id,
            owner_id=_owner(request),
            now=datetime.now(UTC),
        )
    return redirect("desk:breaks")


def _owner(request: StaffRequest) -> int | None:
    named = request.POST.get("owner", "").strip()
    if not named:
        return None
    wanted = rules.number(named)
    if all(member.user_id != wanted for member in members(request.member.house_id)):
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, named[:20])
    return wanted
