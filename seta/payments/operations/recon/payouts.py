"""The third level: what providers say they paid out, against the bank's credits and against what was converted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from seta.kit.clock import UTC
from seta.ledger import queries as ledger
from seta.payments import cashiers
from seta.payments.cashiers import PaidOut
from seta.payments.models import BankReport, Break
from seta.payments.models import Payout as PayoutRow
from seta.payments.operations.recon.breaks import open_breaks
from seta.payments.operations.recon.levels import Payout, hold_payouts
from seta.payments.rules import books
from seta.payments.rules.matching import PROPOSALS, Category, Difference

LOOK_BACK = timedelta(days=40)
CREDIT_LATE = timedelta(days=4)
"""A payout whose credit has not come after these days, a weekend among them, is a break."""
BANK = "bank"
_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


def fetch_payouts(*, house_id: int, provider: str, day: date, now: datetime) -> int:
    """Ask a provider what it has paid out in the weeks up to a day, keep it, and hold it; returns how many are new.

    Raises PlatformError. Must not be called inside a transaction.
    """
    told = cashiers.cashier(house_id, provider).paid_out(day - LOOK_BACK, day)
    with transaction.atomic():
        new = keep_payouts(house_id=house_id, provider=provider, told=told, now=now)
        hold_banked(house_id=house_id, now=now)
    return new


def keep_payouts(*, house_id: int, provider: str, told: Sequence[PaidOut], now: datetime) -> int:
    """Keep what is not known yet, inside the caller's transaction, and hold each against what was converted."""
    new = 0
    for one in told:
        row, is_new = PayoutRow.objects.get_or_create(
            house_id=house_id,
            provider=provider,
            reference=one.reference[:60],
            currency=one.currency,
            defaults={
                "amount": one.amount,
                "settled_on": one.settled_on,
                "first_on": one.first_on,
                "last_on": one.last_on,
                "told_at": now,
            },
        )
        new += is_new
        if is_new:
            _hold_converted(row, now)
    return new


def hold_banked(*, house_id: int, now: datetime) -> int:
    """Hold every open payout against the credits of the bank's files, inside the caller's transaction.

    A payout is agreed once, a credit of another amount is a break at once, one that has not come is a break after
    four days. Returns how many were agreed.
    """
    waiting = list(PayoutRow.objects.filter(house_id=house_id, held_at__isnull=True).order_by("id"))
    credits_ = _credits(house_id, waiting, now)
    agreed = 0
    for row in waiting:
        came = [one for one in credits_ if (one.reference, one.currency) == (row.reference, row.currency)]
        if not came and now.date() < row.settled_on + CREDIT_LATE:
            continue
        told = Payout(row.reference, row.currency, row.amount)
        differences = hold_payouts([told], came)
        if not differences:
            agreed += 1
            PayoutRow.objects.filter(pk=row.pk).update(held_at=now)
            close_banked(house_id=house_id, provider=row.provider, reference=row.reference, now=now)
        _open(row.house_id, row.provider, row.settled_on, differences, now)
    return agreed


def open_mismatch(
    *, house_id: int, number: str, ordered: int, paid: int, currency: str, on: date, now: datetime
) -> None:
    """A batch of ours that the bank paid at another amount than we ordered: a break of the bank."""
    found = hold_payouts([Payout(number, currency, -ordered)], [Payout(number, currency, -paid)])
    _open(house_id, BANK, on, found, now)


def close_banked(*, house_id: int, provider: str, reference: str, now: datetime) -> int:
    """The bank agrees after all: close what was open about a payout or a batch."""
    rows = Break.objects.filter(
        house_id=house_id, provider=provider, key=_key(reference), resolved_at__isnull=True
    ).exclude(category=Category.FX_RATE_MISMATCH)
    return rows.update(resolved_at=now, resolution="agreed by the bank's file")


def _key(reference: str) -> str:
    return f"B:{reference}"[:70]


def _open(house_id: int, provider: str, on: date, differences: Sequence[Difference], now: datetime) -> None:
    open_breaks(house_id=house_id, provider=provider, found_on=on, differences=differences, run=None, now=now)


def _credits(house_id: int, waiting: Sequence[PayoutRow], now: datetime) -> list[Payout]:
    """Credits of the bank's files that name a waiting payout, under its reference; parts of one are added up."""
    reports = BankReport.objects.filter(house_id=house_id, received_at__gte=now - 2 * LOOK_BACK)
    found: dict[tuple[str, str], int] = {}
    seen: set[tuple[object, ...]] = set()
    for outcome in reports.order_by("id").values_list("outcome", flat=True):
        for references, currency, amount in outcome.get("credits", []):
            # Banks repeat an entry: in the day's notification and in the statement.
            if (*references, currency, amount) in seen:
                continue
            seen.add((*references, currency, amount))
            text = " ".join(references)
            for row in waiting:
                if row.reference in text and row.currency == currency:
                    found[row.reference, currency] = found.get((row.reference, currency), 0) + amount
    return [Payout(reference, currency, amount) for (reference, currency), amount in found.items()]


def _hold_converted(row: PayoutRow, now: datetime) -> None:
    """Days that were converted at a reference rate are booked too high or too low: the payout says by how much."""
    if row.first_on is None or row.last_on is None:
        return
    booked = _converted(row.house_id, row.provider, row.currency, row.first_on, row.last_on)
    if booked is None or booked == row.amount:
        return
    category = Category.FX_RATE_MISMATCH
    difference = Difference(
        key=_key(row.reference),
        category=category,
        our_amount=booked,
        their_amount=row.amount,
        detail=f"payout against what {row.first_on} to {row.last_on} were converted to, {row.currency}",
        proposal=PROPOSALS[category],
        gap=row.amount - booked,
        gap_currency=row.currency,
    )
    _open(row.house_id, row.provider, row.settled_on, [difference], now)


def _converted(house_id: int, provider: str, currency: str, first: date, last: date) -> int | None:
    """What the bank is booked to have received for some Beijing days; None when none of them is converted."""
    total: int | None = None
    skip = 0
    while True:
        page = ledger.statement(
            house_id, books.BANK, currency, since=_SINCE, until=_SINCE.replace(year=9000), skip=skip
        )
        for line in page.lines:
            kind, _, rest = line.posting.idem.partition(":")
            named, _, rest = rest.partition(":")
            is_mine = kind == "conversion" and named == provider
            if is_mine and first <= date.fromisoformat(rest.partition(":")[0]) <= last:
                total = (total or 0) + line.posting.amount
        skip += len(page.lines)
        if not page.lines or skip >= page.count:
            return total
