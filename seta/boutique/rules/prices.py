"""Which of a variant's prices holds in a market at an instant, as values in and values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from seta.boutique.rules.refusals import OrderRefused, Refusal

HOME = "cn"
"""The market whose prices hold where no other market is named."""
CHARGED = "CNY"
"""What clients are charged in; a price in another currency is shown beside it."""
AMOUNT_MAX = 10**11

MARKETS: Mapping[str, str] = {
    "cn": "CNY",
    "hk": "HKD",
    "mo": "MOP",
    "tw": "TWD",
    "it": "EUR",
    "fr": "EUR",
    "de": "EUR",
    "es": "EUR",
    "gb": "GBP",
    "ch": "CHF",
    "us": "USD",
    "jp": "JPY",
    "kr": "KRW",
    "sg": "SGD",
    "th": "THB",
    "ae": "AED",
}
"""Markets by the ISO 3166 code of the country or region, with the currency on its price tags."""


_BEGINNING = datetime.min.replace(tzinfo=UTC)


class PriceStanding(StrEnum):
    """What a price is at an instant."""

    PLANNED = "planned"
    IN_FORCE = "in_force"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class PricePoint:
    """A price in minor units of `currency` that holds in `market` from `effective_at`, or from the beginning."""

    id: int
    market: str
    currency: str
    amount: int
    effective_at: datetime | None = None
    is_withdrawn: bool = False


def currencies_of(market: str) -> tuple[str, ...]:
    """The currencies that a market's prices may be in: what clients are charged in, and its own."""
    return tuple(dict.fromkeys((CHARGED, MARKETS[market])))


def column_of(market: str, currency: str) -> str:
    """What the catalogue's file calls a price: `price_cny` at home, `price_it_eur` in Italy on the tag in euros."""
    place = "" if market == HOME else f"{market}_"
    return f"price_{place}{currency.lower()}"


PRICE_COLUMNS: Mapping[str, tuple[str, str]] = {
    column_of(market, currency): (market, currency)
    for market in MARKETS
    for currency in currencies_of(market)
}
"""The market and the currency of every price that a catalogue's file may hold, by its column, home first."""


def read_amount(text: str, decimals: int = 2) -> int | None:
    """An amount in minor units; None when it is not positive, or has more decimals than its currency."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount <= AMOUNT_MAX:
        return None
    minor = amount.scaleb(decimals)
    return int(minor) if minor <= AMOUNT_MAX and not minor % 1 else None


def check_price_plan(
    *, market: str, currency: str, amount: int, effective_at: datetime | None, now: datetime
) -> None:
    """Refuses a market we do not know or a currency it does not use, no amount, and an instant that is over."""
    if market not in MARKETS or currency not in currencies_of(market):
        raise OrderRefused(Refusal.WRONG_MARKET, f"{market} {currency}"[:40])
    if not 0 < amount <= AMOUNT_MAX:
        raise OrderRefused(Refusal.WRONG_PRICE, str(amount))
    if effective_at is not None and effective_at < now:
        raise OrderRefused(Refusal.PAST_INSTANT, effective_at.isoformat())


def price_at(points: Iterable[PricePoint], *, market: str, currency: str, at: datetime) -> PricePoint | None:
    """The price that holds at the instant: the one that began last, and of two of one instant the newer."""
    begun = [
        point
        for point in points
        if (point.market, point.currency) == (market, currency)
        and not point.is_withdrawn
        and (point.effective_at is None or point.effective_at <= at)
    ]
    return max(begun, key=_began, default=None)


def charged_at(points: Iterable[PricePoint], *, market: str, at: datetime) -> PricePoint | None:
    """What a client is charged in a market: its own price in CNY, or the home market's where it has none."""
    known = list(points)
    own = price_at(known, market=market, currency=CHARGED, at=at)
    return own or price_at(known, market=HOME, currency=CHARGED, at=at)


def local_at(points: Iterable[PricePoint], at: datetime) -> list[PricePoint]:
    """The prices on the tags of the markets that have one in a currency of their own, in the markets' order."""
    known = list(points)
    found = (price_at(known, market=market, currency=MARKETS[market], at=at) for market in MARKETS)
    return [point for point in found if point is not None and point.currency != CHARGED]


def standing_of(point: PricePoint, points: Iterable[PricePoint], at: datetime) -> PriceStanding:
    """What the price is at the instant, among all of the variant."""
    if point.is_withdrawn:
        return PriceStanding.WITHDRAWN
    if point.effective_at is not None and point.effective_at > at:
        return PriceStanding.PLANNED
    holds = price_at(points, market=point.market, currency=point.currency, at=at)
    return PriceStanding.IN_FORCE if holds == point else PriceStanding.PAST


def _began(point: PricePoint) -> tuple[datetime, int]:
    return point.effective_at or _BEGINNING, point.id
