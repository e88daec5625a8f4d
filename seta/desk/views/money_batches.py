"""Settlement: what is due, batches on their way to the bank and back, and the statement of each."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import labels, rules
from seta.desk.exporting import csv_file
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, language, page, show, tell, telling, today, warn
from seta.desk.views.money import forms, or_404
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.clock import beijing_day
from seta.kit.money import decimal_text, text
from seta.payments import operations as pay
from seta.payments import queries as payments

RETURN_REASON_CHARS_MAX = 200
LINE_COLUMNS = ("kind", "number", "reference", "gross", "fee", "net", "currency")
BATCH_COLUMNS = (
    *(
        "number",
        "payee",
        "cutoff_on",
        "state",
        "gross",
        "refunded",
        "fees",
        "commissions",
        "total",
        "currency",
    ),
    *("lines", "created_at", "confirmed_at"),
)


@page("money")
def batches(request: StaffRequest) -> HttpResponse:
    """Settlement batches and the form for the next."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "batches": payments.batches(house_id),
        "positions": payments.positions(house_id),
        "may_step": may(request.member, Act.SETTLE),
        "month_began": today(request, now).replace(day=1),
        **forms(request, now),
    }
    return show(request, "money", "money/batches.html", context)


@page("money")
def batches_csv(request: StaffRequest) -> HttpResponseBase:
    """The batches as a file."""
    rows = (
        (
            *(row.number, row.payee, row.cutoff_on, row.state),
            *(decimal_text(sum_, row.currency) for sum_ in (row.gross, row.refunded, row.fees)),
            *(decimal_text(row.commissions, row.currency), decimal_text(row.total, row.currency)),
            *(row.currency, row.lines, row.created_at.isoformat(timespec="seconds")),
            row.confirmed_at.isoformat(timespec="seconds") if row.confirmed_at else "",
        )
        for row in payments.batches(request.member.house_id, limit=5000)
    )
    return csv_file("settlement-batches", BATCH_COLUMNS, rows)


@form(*ROLES[Act.SETTLE], back="desk:batches")
def settle(request: StaffRequest) -> HttpResponseBase:
    """Put what is due up to a day into one batch."""
    with telling(request):
        card = pay.settle(
            house_id=request.member.house_id,
            currency=request.POST.get("currency", ""),
            day=_day_not_ahead(request),
            payee=request.POST.get("payee", "")[:24],
            now=datetime.now(UTC),
        )
        if card.batch_id is None:
            warn(request, labels.label("batch_state", card.state))
            return redirect("desk:batches")
        tell(request, _("The batch is prepared:") + f" {text(card.total, card.currency)}")
        return redirect("desk:batch", card.batch_id)
    return redirect("desk:batches")


def _day_not_ahead(request: StaffRequest) -> date:
    day = rules.day(request.POST.get("day", ""))
    if day > beijing_day(datetime.now(UTC)):
        raise rules.FormRefused(rules.Refusal.BAD_DAY)
    return day


@page("money")
def batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """A batch with its lines, its journals and its next step."""
    context = {
        "detail": _batch(request, batch_id),
        "names": {member.user_id: member.name for member in members(request.member.house_id)},
        "may_step": may(request.member, Act.SETTLE),
    }
    return show(request, "money", "money/batch.html", context)


def _batch(request: StaffRequest, batch_id: int) -> payments.BatchDetail:
    with or_404():
        return payments.batch(request.member.house_id, batch_id)
    raise AssertionError("or_404 hands on or raises")


@page("money")
def batch_csv(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """A batch's lines as a file."""
    detail = _batch(request, batch_id)
    currency = detail.batch.currency
    rows = (
        (
            *(line.kind, line.number, line.reference),
            *(decimal_text(sum_, currency) for sum_ in (line.gross, line.fee, line.net)),
            currency,
        )
        for line in detail.lines
    )
    return csv_file(detail.batch.number, LINE_COLUMNS, rows)


@page("money")
def bank_file(request: StaffRequest, batch_id: int) -> HttpResponse:
    """The batch as the bank takes it, a pain.001 file."""
    detail = _batch(request, batch_id)
    if not detail.bank_file:
        raise Http404
    response = HttpResponse(detail.bank_file, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{detail.batch.number}.xml"'
    return response


@form(*ROLES[Act.SETTLE], back="desk:batches")
def make_bank_file(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """Make the bank file again, after the house's accounts were set."""
    _batch(request, batch_id)
    with telling(request):
        card = pay.write_bank_file(batch_id=batch_id, house_id=request.member.house_id, now=datetime.now(UTC))
        if card.bank_file:
            tell(request, _("The bank file is ready."))
        else:
            warn(request, _("Both IBANs have to be set in the house's terms before a bank file can be made."))
    return redirect("desk:batch", batch_id)


@form(*ROLES[Act.SETTLE], back="desk:batches")
def release_batch(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """Let a batch go to the bank; above the limit a second member must do so too."""
    _batch(request, batch_id)
    with telling(request):
        card = pay.release_batch(
            batch_id=batch_id,
            house_id=request.member.house_id,
            released_by=request.member.user_id,
            now=datetime.now(UTC),
        )
        if card.state == "prepared":
            tell(request, _("Your release is noted; a colleague has to release it too."))
        else:
            tell(request, _("The batch may go to the bank."))
    return redirect("desk:batch", batch_id)


@form(*ROLES[Act.SETTLE], back="desk:batches")
def send_batch(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """The bank has the file."""
    _batch(request, batch_id)
    with telling(request, _("The batch is marked as given to the bank.")):
        pay.mark_sent(batch_id=batch_id, house_id=request.member.house_id, now=datetime.now(UTC))
    return redirect("desk:batch", batch_id)


@form(*ROLES[Act.SETTLE], back="desk:batches")
def confirm_batch(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """The bank has paid a batch."""
    _batch(request, batch_id)
    with telling(request, _("The batch is marked as paid out.")):
        pay.confirm_settlement(batch_id=batch_id, house_id=request.member.house_id, now=datetime.now(UTC))
    return redirect("desk:batch", batch_id)


@form(*ROLES[Act.SETTLE], back="desk:batches")
def return_batch(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """The bank sent a batch back: its journals are reversed and its lines are due again."""
    _batch(request, batch_id)
    reason = request.POST.get("reason", "").strip()[:RETURN_REASON_CHARS_MAX]
    with telling(request, _("The batch is marked as returned; its lines are due again.")):
        if not reason:
            raise rules.FormRefused(rules.Refusal.REASON_MISSING)
        pay.return_batch(
            batch_id=batch_id, house_id=request.member.house_id, reason=reason, now=datetime.now(UTC)
        )
    return redirect("desk:batch", batch_id)


@page("money")
def statement(request: StaffRequest) -> HttpResponseBase:
    """What the house was owed and paid between two days, as a PDF or CSV made from the ledger."""
    with telling(request):
        made = pay.make_statement(
            house_id=request.member.house_id,
            payee=request.GET.get("payee", "")[:24],
            currency=request.GET.get("currency", ""),
            since=rules.day(request.GET.get("since", "")),
            until=rules.day(request.GET.get("until", "")),
            form=request.GET.get("form", "pdf"),
            language=language(),
        )
        response = HttpResponse(made.content, content_type=made.media_type)
        response["Content-Disposition"] = f'attachment; filename="{made.name}"'
        return response
    return redirect("desk:batches")
