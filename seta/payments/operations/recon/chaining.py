"""Fund bills day after day: what an account held when one ended is what it held when the next began."""

from dataclasses import dataclass
from datetime import date, timedelta

from seta.payments.models import Bill
from seta.platforms.core.tables import Engine, first

DAYS_BACK_MAX = 60
FUND = "fund"


@dataclass(frozen=True)
class Balances:
    """What an account held before a fund bill's first movement and after its last, in fen; None without movements."""

    opening: int | None
    closing: int | None


@dataclass(frozen=True)
class Link:
    """Two days that meet: what the account held when the one before closed, and when `day` opened."""

    day: date
    closed_at: int
    opened_at: int


def balances_of(engine: Engine) -> Balances:
    """The ends of the loaded table `fund`."""
    found = first(
        engine,
        "SELECT (SELECT balance - amount FROM fund ORDER BY line LIMIT 1), "
        "(SELECT balance FROM fund ORDER BY line DESC LIMIT 1)",
    )
    return Balances(None, None) if found is None else Balances(found[0], found[1])


def links_of(*, house_id: int, provider: str, day: date, balances: Balances) -> list[Link]:
    """Where a day's bill meets the bills that are held of the days before and after it.

    Days without movements are passed over; a day whose bill is not held ends the chain, which then says nothing.
    """
    before = _nearest(house_id, provider, day, -1)
    after = _nearest(house_id, provider, day, 1)
    links = []
    if before is not None and balances.opening is not None:
        links.append(Link(day, _known(before.closing), balances.opening))
    closed_at = balances.closing if balances.closing is not None else before.closing if before else None
    if after is not None and closed_at is not None:
        links.append(Link(after.bill_on, closed_at, _known(after.opening)))
    return links


def _known(balance: int | None) -> int:
    assert balance is not None, "_nearest finds bills with movements only"
    return balance


def _nearest(house_id: int, provider: str, day: date, step: int) -> Bill | None:
    """The next bill with movements, walking day by day in one direction; None where a day has no bill."""
    rows = Bill.objects.filter(house_id=house_id, provider=provider, kind=FUND).defer("content")
    for _ in range(DAYS_BACK_MAX):
        day += timedelta(days=step)
        found = rows.filter(bill_on=day).order_by("-id").first()
        if found is None or (found.row_count and found.closing is None):
            return None
        if found.row_count:
            return found
    return None
