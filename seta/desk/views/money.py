"""Money: payments down to what the provider signed, the day's close, breaks, settlement and the books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seta.desk import labels, rules
from seta.desk.shell import form, page, show, tell, telling, today, warn
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.clock import beijing_day
from seta.kit.money import text
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.rules.quotes import SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused, Refusal

PAGE_ROWS = 50
RESOLUTION_CHARS_MAX = 200


@page("money")
def overview(request: StaffRequest) -> HttpResponse:
    """The day that closes, what the house is owed, and the two forms that move it."""
    now, house_id = datetime.now(UTC), request.member.house_id
    closing = beijing_day(now)
    context = {
        **_forms(request, now),
        "totals": payments.day_totals(house_id, closing),
        "closing": closing,
        "positions": payments.positions(house_id),
        "breaks": payments.breaks(house_id, now=now),
        "runs": payments.runs(house_id, limit=8),
        "batches": payments.batches(house_id, limit=8),
        "approvals": payments.refunds_to_approve(house_id),
        "names": {member.user_id: member.name for member in members(house_id)},
    }
    return show(request, "money", "money/overview.html", context)


@form("finance", back="desk:money")
def approve_refund(request: StaffRequest, refund_id: int) -> HttpResponseBase:
    """Let a refund go that was asked for at a till by somebody else."""
    with telling(request, _("The refund is on its way.")), _or_404():
        pay.approve_refund(
            refund_id=refund_id,
            house_id=request.member.house_id,
            approved_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:money")


@form("finance", back="desk:money")
def decline_refund(request: StaffRequest, refund_id: int) -> HttpResponseBase:
    """Say no to a refund that was asked for at a till."""
    with telling(request, _("The refund is declined.")), _or_404():
        pay.decline_refund(
            refund_id=refund_id,
            house_id=request.member.house_id,
            declined_by=request.member.user_id,
            reason="declined at the desk",
            now=datetime.now(UTC),
        )
    return redirect("desk:money")


@contextmanager
def _or_404() -> Iterator[None]:
    """A payment of another house, or of none, is no page at all."""
    try:
        yield
    except PaymentRefused as refusal:
        if refusal.code is Refusal.NOT_FOUND:
            raise Http404 from refusal
        raise


def _forms(request: StaffRequest, now: datetime) -> dict[str, Any]:
    return {
        "providers": list(labels.PROVIDER.items()),
        "bill_day": beijing_day(now) - timedelta(days=1),
        "settle_day": today(request, now),
        "currencies": sorted(SETTLE_CURRENCIES),
    }


@page("money")
def payment_list(request: StaffRequest) -> HttpResponse:
    """Payments, newest first; the filters stand in the address."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in ("state", "provider", "q")}
    offset = _offset(request)
    rows = payments.payments(
        request.member.house_id,
        state=asked["state"] if asked["state"] in labels.PAYMENT_STATE else "",
        provider=asked["provider"] if asked["provider"] in labels.PROVIDER else "",
        search=asked["q"],
        limit=PAGE_ROWS + 1,
        offset=offset,
    )
    context = {
        "rows": rows[:PAGE_ROWS],
        "asked": asked,
        "states": list(labels.PAYMENT_STATE.items()),
        "providers": list(labels.PROVIDER.items()),
        "previous": max(offset - PAGE_ROWS, 0) if offset else None,
        "next": offset + PAGE_ROWS if len(rows) > PAGE_ROWS else None,
    }
    return show(request, "money", "money/payments.html", context)


def _offset(request: StaffRequest) -> int:
    text_ = request.GET.get("from", "0")
    return min(int(text_), 1_000_000) if text_.isascii() and text_.isdigit() and len(text_) < 8 else 0


@page("money")
def payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment from its quote to the provider's words and the books."""
    with _or_404():
        detail = payments.payment(request.member.house_id, payment_id, now=datetime.now(UTC))
    names = {member.user_id: member.name for member in members(request.member.house_id)}
    return show(request, "money", "money/payment.html", {"detail": detail, "names": names})


@page("money")
def breaks(request: StaffRequest) -> HttpResponse:
    """What does not match: open first, then what was resolved and how."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "open": payments.breaks(house_id, now=now),
        "resolved": payments.breaks(house_id, now=now, is_open=False)[-PAGE_ROWS:][::-1],
        "runs": payments.runs(house_id),
        "names": {member.user_id: member.name for member in members(house_id)},
        "proposals": labels.PROPOSAL,
        **_forms(request, now),
    }
    return show(request, "money", "money/breaks.html", context)


@form("finance", back="desk:money")
def close_day(request: StaffRequest) -> HttpResponseBase:
    """Fetch a provider's bill of a Beijing day and hold it against the books."""
    with telling(request):
        provider = request.POST.get("provider", "")
        if provider not in pay_providers():
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, provider[:20])
        card = pay.close_day(
            house_id=request.member.house_id,
            provider=provider,
            day=rules.day(request.POST.get("day", "")),
            now=datetime.now(UTC),
        )
        _tell_closed(request, card.rows, len(card.breaks), card.is_new)
        return redirect("desk:breaks" if card.breaks else "desk:money")
    return redirect("desk:money")


def pay_providers() -> frozenset[str]:
    """Names under which a provider may be chosen; `wechat` is said too."""
    return frozenset({*labels.PROVIDER, "wechat"})


def _tell_closed(request: StaffRequest, rows: int, found: int, is_new: bool) -> None:
    lines = ngettext("%(count)d line read", "%(count)d lines read", rows) % {"count": rows}
    if found:
        breaks_found = ngettext("%(count)d break found", "%(count)d breaks found", found) % {"count": found}
        warn(request, f"{lines} · {breaks_found}")
    else:
        tell(request, " · ".join([lines, _("no breaks")]))
    if not is_new:
        tell(request, _("This very bill had been read before; nothing was booked twice."))


@form("finance", back="desk:breaks")
def resolve_break(request: StaffRequest, break_id: int) -> HttpResponseBase:
    """Close a break with a reason, under the member's name."""
    now, house_id = datetime.now(UTC), request.member.house_id
    if not any(row.id == break_id for row in payments.breaks(house_id, now=now, is_open=None)):
        raise Http404
    resolution = request.POST.get("resolution", "").strip()[:RESOLUTION_CHARS_MAX]
    if not resolution:
        warn(request, _("Write how the break was resolved."))
        return redirect("desk:breaks")
    with telling(request, _("The break is resolved.")):
        pay.resolve_break(
            break_id=break_id,
            house_id=house_id,
            resolution=resolution,
            owner_id=request.member.user_id,
            now=now,
        )
    return redirect("desk:breaks")


@page("money")
def batches(request: StaffRequest) -> HttpResponse:
    """Settlement batches and the form for the next."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "batches": payments.batches(house_id),
        "positions": payments.positions(house_id),
        **_forms(request, now),
    }
    return show(request, "money", "money/batches.html", context)


@form("finance", back="desk:batches")
def settle(request: StaffRequest) -> HttpResponseBase:
    """Put what is due up to a day into one batch."""
    with telling(request):
        card = pay.settle(
            house_id=request.member.house_id,
            currency=request.POST.get("currency", ""),
            day=_day_not_ahead(request),
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
    """A batch with its lines and journals."""
    return show(request, "money", "money/batch.html", {"detail": _batch(request, batch_id)})


def _batch(request: StaffRequest, batch_id: int) -> payments.BatchDetail:
    with _or_404():
        return payments.batch(request.member.house_id, batch_id)


@page("money")
def bank_file(request: StaffRequest, batch_id: int) -> HttpResponse:
    """The batch as the bank takes it, a pain.001 file."""
    detail = _batch(request, batch_id)
    if not detail.bank_file:
        raise Http404
    response = HttpResponse(detail.bank_file, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{detail.batch.number}.xml"'
    return response


@form("finance", back="desk:batches")
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


@form("finance", back="desk:batches")
def confirm_batch(request: StaffRequest, batch_id: int) -> HttpResponseBase:
    """The bank has paid a batch."""
    _batch(request, batch_id)
    with telling(request, _("The batch is marked as paid out.")):
        pay.confirm_settlement(batch_id=batch_id, house_id=request.member.house_id, now=datetime.now(UTC))
    return redirect("desk:batch", batch_id)


@page("money")
def books(request: StaffRequest) -> HttpResponse:
    """The trial balance; the balances of a currency sum to zero."""
    lines = payments.trial_balance(request.member.house_id)
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.balance
    context = {"lines": lines, "sums": sorted(sums.items())}
    return show(request, "money", "money/books.html", context)
