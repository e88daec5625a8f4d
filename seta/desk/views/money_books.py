"""The books: a trial balance that opens down to accounts, postings, journals and the provider's signed fact."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase

from seta.desk import rules
from seta.desk.exporting import csv_file
from seta.desk.shell import page, show, today, zone_of
from seta.houses.access import StaffRequest
from seta.kit.money import decimal_text
from seta.ledger import queries as ledger
from seta.payments import queries as payments

PAGE_ROWS = 100
STATEMENT_DAYS = 30
COLUMNS = ("at", "account", "currency", "amount", "balance", "kind", "reference", "journal")


@page("money")
def books(request: StaffRequest) -> HttpResponse:
    """The trial balance; the balances of a currency sum to zero."""
    lines = payments.trial_balance(request.member.house_id)
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.balance
    context = {
        "lines": lines,
        "sums": sorted(sums.items()),
        "unbalanced": ledger.unbalanced_journals(request.member.house_id),
    }
    return show(request, "money", "money/books.html", context)


@page("money")
def books_csv(request: StaffRequest) -> HttpResponseBase:
    """The trial balance as a file."""
    rows = (
        (
            *(line.code, line.currency, decimal_text(line.debit, line.currency)),
            *(decimal_text(line.credit, line.currency), decimal_text(line.balance, line.currency)),
            line.postings,
        )
        for line in payments.trial_balance(request.member.house_id)
    )
    return csv_file("trial-balance", ("account", "currency", "debit", "credit", "balance", "postings"), rows)


@page("money")
def account(request: StaffRequest, code: str, currency: str) -> HttpResponse:
    """An account's statement between two days, each line leading to its journal."""
    since, until = _window(request)
    skip = rules.whole(request.GET.get("from", ""))
    house_id = request.member.house_id
    known = payments.trial_balance(house_id)
    if not any((line.code, line.currency) == (code, currency) for line in known):
        raise Http404
    statement = ledger.statement(
        house_id, code, currency, since=since, until=until, skip=skip, limit=PAGE_ROWS
    )
    context = {
        "statement": statement,
        "since": since.date(),
        "until": (until - timedelta(days=1)).date(),
        "previous": max(skip - PAGE_ROWS, 0) if skip else None,
        "next": skip + PAGE_ROWS if statement.count > skip + PAGE_ROWS else None,
    }
    return show(request, "money", "money/account.html", context)


@page("money")
def account_csv(request: StaffRequest, code: str, currency: str) -> HttpResponseBase:
    """The same statement as a file."""
    since, until = _window(request)
    house_id = request.member.house_id

    def rows() -> Iterator[tuple[object, ...]]:
        skip = 0
        while True:
            found = ledger.statement(house_id, code, currency, since=since, until=until, skip=skip)
            for line in found.lines:
                one = line.posting
                yield (
                    *(one.at.isoformat(timespec="seconds"), one.code, one.currency),
                    *(decimal_text(one.amount, currency), decimal_text(line.balance, currency)),
                    *(one.kind, one.ref, one.idem),
                )
            skip += len(found.lines)
            if not found.lines or skip >= found.count:
                return

    return csv_file("statement", COLUMNS, rows())


def _window(request: StaffRequest) -> tuple[datetime, datetime]:
    """The days asked for on the house's clock, at most as wide as they are in order; the last month otherwise."""
    zone, last = zone_of(request), today(request, datetime.now(UTC))
    try:
        first, end = rules.day(request.GET.get("since", "")), rules.day(request.GET.get("until", ""))
    except rules.FormRefused:
        first, end = last - timedelta(days=STATEMENT_DAYS), last
    if first > end or end.year > 9000:
        first, end = last - timedelta(days=STATEMENT_DAYS), last
    return datetime.combine(first, time.min, zone), datetime.combine(end + timedelta(days=1), time.min, zone)


@page("money")
def journal(request: StaffRequest, journal_id: int) -> HttpResponse:
    """One journal with its lines, what it reverses, and the payment or batch it is about."""
    house_id = request.member.house_id
    found = ledger.journal(house_id, journal_id)
    if found is None:
        raise Http404
    about = [row for row in payments.payments(house_id, search=found.ref, limit=2) if row.number == found.ref]
    batch = next((one for one in payments.batches(house_id, limit=200) if one.number == found.ref), None)
    sums: dict[str, int] = {}
    for line in found.lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.amount
    context = {
        "journal": found,
        "payment": about[0] if about else None,
        "batch": batch,
        "sums": sorted(sums.items()),
        "lines": sorted(found.lines, key=lambda line: (line.currency, -line.amount)),
    }
    return show(request, "money", "money/journal.html", context)
