"""Payments: a list that pages and exports, and one payment as a timeline from its quote to the bank."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from seta.desk import labels, rules
from seta.desk.exporting import csv_file
from seta.desk.shell import page, show, zone_of
from seta.desk.views.money import or_404
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.money import decimal_text
from seta.ledger.queries import PostingLine
from seta.payments import queries as payments
from seta.payments.queries import PaymentDetail, PaymentRow, Wanted

PAGE_ROWS = 50
EXPORT_PAGE_ROWS = 500
EXPORT_ROWS_MAX = 200_000
COLUMNS = (
    *("number", "reference", "opened_at", "booked_at", "state", "provider", "method", "boutique"),
    *("amount", "currency", "settle_amount", "settle_currency", "fee", "refunded", "reconciled", "campaign"),
)
FILTERS = ("state", "provider", "method", "q", "since", "until")


@page("money")
def payment_list(request: StaffRequest) -> HttpResponse:
    """Payments, newest first; the filters and the place in the list stand in the address."""
    before = rules.whole(request.GET.get("before", "")) or None
    rows = payments.payment_page(
        request.member.house_id, _wanted(request), before=before, limit=PAGE_ROWS + 1
    )
    context = {
        "rows": rows[:PAGE_ROWS],
        "asked": {name: request.GET.get(name, "").strip()[:64] for name in FILTERS},
        "states": list(labels.PAYMENT_STATE.items()),
        "providers": list(labels.PROVIDER.items()),
        "methods": list(labels.METHOD.items()),
        "is_first": before is None,
        "next": rows[PAGE_ROWS - 1].id if len(rows) > PAGE_ROWS else None,
    }
    return show(request, "money", "money/payments.html", context)


def _wanted(request: StaffRequest) -> Wanted:
    """The filters of the address; one that means nothing is left out."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in FILTERS}
    known = {"state": labels.PAYMENT_STATE, "provider": labels.PROVIDER, "method": labels.METHOD}
    return Wanted(
        **{name: asked[name] if asked[name] in words else "" for name, words in known.items()},
        search=asked["q"],
        boutique_code=request.member.boutique_code,
        since=_midnight(request, asked["since"]),
        until=_midnight(request, asked["until"], days=1),
    )


def _midnight(request: StaffRequest, text: str, *, days: int = 0) -> datetime | None:
    try:
        on = rules.day(text) + timedelta(days=days)
    except (rules.FormRefused, OverflowError):
        return None
    return datetime.combine(on, time.min, zone_of(request))


@page("money")
def payments_csv(request: StaffRequest) -> HttpResponseBase:
    """The same list as a file, under the same filters."""
    return csv_file("payments", COLUMNS, map(_cells, _all(request.member.house_id, _wanted(request))))


def _all(house_id: int, wanted: Wanted) -> Iterator[PaymentRow]:
    before, sent = None, 0
    while sent < EXPORT_ROWS_MAX:
        rows = payments.payment_page(house_id, wanted, before=before, limit=EXPORT_PAGE_ROWS)
        yield from rows
        if len(rows) < EXPORT_PAGE_ROWS:
            return
        before, sent = rows[-1].id, sent + len(rows)


def _cells(row: PaymentRow) -> tuple[object, ...]:
    booked = row.booked_at.isoformat(timespec="seconds") if row.booked_at else ""
    return (
        *(row.number, row.reference, row.opened_at.isoformat(timespec="seconds"), booked, row.state),
        *(row.provider, row.method, row.boutique_code, decimal_text(row.amount, row.currency), row.currency),
        *(decimal_text(row.settle_amount, row.settle_currency), row.settle_currency),
        *(decimal_text(row.fee, row.settle_currency), decimal_text(row.refunded, row.currency)),
        *("yes" if row.is_reconciled else "no", row.campaign),
    )


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a payment; `kind` says how the page tells it, `what` holds it."""

    at: datetime
    order: int
    kind: str
    what: Any
    lines: list[PostingLine] = field(default_factory=list)


@page("money")
def payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment: quote, attempt, every signed fact, journals, refunds, breaks and the batch that paid it out."""
    house_id = request.member.house_id
    with or_404():
        detail = payments.payment(
            house_id, payment_id, now=datetime.now(UTC), boutique_code=request.member.boutique_code
        )
    context = {
        "detail": detail,
        "moments": moments_of(detail, house_id),
        "names": {member.user_id: member.name for member in members(house_id)},
    }
    return show(request, "money", "money/payment.html", context)


def moments_of(detail: PaymentDetail, house_id: int) -> list[Moment]:
    """Everything that happened to a payment, in the order of its happening."""
    row = detail.payment
    found = [Moment(row.opened_at, 1, "opened", row)]
    if detail.quote:
        found.append(Moment(detail.quote.created_at, 0, "quote", detail.quote))
    found += [Moment(fact.received_at, 2, "fact", fact) for fact in detail.facts]
    found += [Moment(back.requested_at, 1, "refund", back) for back in detail.refunds]
    found += [Moment(one.opened_at, 4, "break", one) for one in detail.breaks]
    journals: dict[str, list[PostingLine]] = {}
    for line in detail.postings:
        journals.setdefault(line.idem, []).append(line)
    for lines in journals.values():
        found.append(Moment(lines[0].at, 3, "journal", lines[0], lines))
    batch = next(
        (one for one in payments.batches(house_id, limit=200) if one.number == detail.batch_number), None
    )
    if batch:
        found.append(Moment(batch.created_at, 5, "batch", batch))
        if batch.confirmed_at:
            found.append(Moment(batch.confirmed_at, 6, "bank", batch))
    return sorted(found, key=lambda moment: (moment.at, moment.order))
