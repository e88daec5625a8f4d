"""Money at a glance: what came in by day and method, what waits for a second person, and the day's close."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seta.desk import labels, queries, rules
from seta.desk.exporting import csv_file
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import form, page, show, tell, telling, today, warn
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.clock import BEIJING, beijing_day
from seta.kit.money import decimal_text
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import DayBar
from seta.payments.queries import settlement as paying
from seta.payments.rules.quotes import SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused, Refusal

CHART_DAYS = 14
CHART_HEIGHT = 120
REASON_CHARS_MAX = 200


@dataclass(frozen=True)
class Column:
    """A day of the chart: its parts from the ground up, each (provider, top, height, amount)."""

    day: date
    total: int
    parts: tuple[tuple[str, float, float, int], ...]


@page("money")
def overview(request: StaffRequest) -> HttpResponse:
    """The day that closes, what the house is owed, how payments end, and the two forms that move money."""
    now, house_id = datetime.now(UTC), request.member.house_id
    closing = beijing_day(now)
    bars = payments.day_bars(house_id, last=closing, days=CHART_DAYS)
    columns = columns_of(bars, closing)
    context = {
        **forms(request, now),
        "totals": payments.day_totals(house_id, closing),
        "closing": closing,
        "positions": payments.positions(house_id),
        "breaks": payments.breaks(house_id, now=now),
        "runs": payments.runs(house_id, limit=8),
        "batches": payments.batches(house_id, limit=8),
        "columns": columns,
        "most": max((column.total for column in columns), default=0),
        "chart_providers": sorted({bar.provider for bar in bars}),
        "rates": payments.method_rates(house_id, since=_since(closing)),
        "unknown": payments.unknown_now(house_id),
        "waiting": len(payments.refunds_to_approve(house_id)) + queries.waiting_refunds(house_id),
        "days": CHART_DAYS,
        "round": paying.schedule_of(house_id, now=now),
    }
    return show(request, "money", "money/overview.html", context)


def _since(closing: date) -> datetime:
    return datetime.combine(closing - timedelta(days=CHART_DAYS - 1), time.min, BEIJING)


def columns_of(bars: Sequence[DayBar], last: date) -> list[Column]:
    """The chart's columns, one for each day, stacked by provider on one scale from zero."""
    days = [last - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    of_day = {on: [bar for bar in bars if bar.day == on] for on in days}
    most = max((sum(bar.amount for bar in found) for found in of_day.values()), default=0) or 1
    columns = []
    for on, found in of_day.items():
        top, parts = float(CHART_HEIGHT), []
        for bar in found:
            height = bar.amount * CHART_HEIGHT / most
            top -= height
            parts.append((bar.provider, round(top, 2), round(height, 2), bar.amount))
        columns.append(Column(on, sum(bar.amount for bar in found), tuple(parts)))
    return columns


@page("money")
def overview_csv(request: StaffRequest) -> HttpResponseBase:
    """The figures behind the chart."""
    bars = payments.day_bars(request.member.house_id, last=beijing_day(datetime.now(UTC)), days=366)
    rows = ((bar.day, bar.provider, bar.payments, decimal_text(bar.amount, "CNY"), "CNY") for bar in bars)
    return csv_file("payments-by-day", ("day", "provider", "payments", "amount", "currency"), rows)


@page("money")
def approvals(request: StaffRequest) -> HttpResponse:
    """Refunds that wait for a second person: of orders, and of amounts taken at a till."""
    house_id = request.member.house_id
    context = {
        "refunds": payments.refunds_to_approve(house_id),
        "requests": queries.refund_requests(house_id, is_waiting=True),
        "decided": queries.refund_requests(house_id, is_waiting=False, limit=20),
        "is_refunder": may(request.member, Act.APPROVE_REFUND),
        "names": {member.user_id: member.name for member in members(house_id)},
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return show(request, "money", "money/approvals.html", context)


@form(*ROLES[Act.APPROVE_REFUND], back="desk:approvals")
def approve_refund(request: StaffRequest, refund_id: int) -> HttpResponseBase:
    """Let a refund go that was asked for at a till by somebody else."""
    with telling(request, _("The refund is on its way.")), or_404():
        pay.approve_refund(
            refund_id=refund_id,
            house_id=request.member.house_id,
            approved_by=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:approvals")


@form(*ROLES[Act.APPROVE_REFUND], back="desk:approvals")
def decline_refund(request: StaffRequest, refund_id: int) -> HttpResponseBase:
    """Say no to a refund that was asked for at a till."""
    with telling(request, _("The refund is declined.")), or_404():
        pay.decline_refund(
            refund_id=refund_id,
            house_id=request.member.house_id,
            declined_by=request.member.user_id,
            reason=request.POST.get("reason", "").strip()[:REASON_CHARS_MAX] or "declined at the desk",
            now=datetime.now(UTC),
        )
    return redirect("desk:approvals")


@contextmanager
def or_404() -> Iterator[None]:
    """A payment of another house, or of none, is no page at all."""
    try:
        yield
    except PaymentRefused as refusal:
        if refusal.code is Refusal.NOT_FOUND:
            raise Http404 from refusal
        raise


def forms(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """What the forms that close a day and settle it begin with."""
    return {
        "providers": list(labels.PROVIDER.items()),
        "bill_day": beijing_day(now) - timedelta(days=1),
        "settle_day": today(request, now),
        "currencies": sorted(SETTLE_CURRENCIES),
        "payee_choices": paying.payees(request.member.house_id, now=now),
    }


@form(*ROLES[Act.RECONCILE], back="desk:money")
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
        found = len(card.breaks) + (len(card.funds.breaks) if card.funds else 0)
        tell_closed(request, card.rows, found, card.is_new)
        if card.funds_problem:
            warn(request, _("The fund bill of the day could not be held:") + f" {card.funds_problem[:200]}")
        return redirect("desk:breaks" if found else "desk:money")
    return redirect("desk:money")


def pay_providers() -> frozenset[str]:
    """Names under which a provider may be chosen; `wechat` is said too."""
    return frozenset({*labels.PROVIDER, "wechat"})


def tell_closed(request: StaffRequest, rows: int, found: int, is_new: bool) -> None:
    """Say what came of a bill."""
    lines = ngettext("%(count)d line read", "%(count)d lines read", rows) % {"count": rows}
    if found:
        breaks_found = ngettext("%(count)d break found", "%(count)d breaks found", found) % {"count": found}
        warn(request, f"{lines} · {breaks_found}")
    else:
        tell(request, " · ".join([lines, _("no breaks")]))
    if not is_new:
        tell(request, _("This very bill had been read before; nothing was booked twice."))
