"""What variants cost: now, before and from a day that is planned, market by market."""

from dataclasses import dataclass
from datetime import datetime

from seta.boutique.models import MarketChange, Price, Variant
from seta.boutique.rules.prices import PricePoint


@dataclass(frozen=True)
class MarketChangeRow:
    """A till's prices became another market's; without `user_id` a command did it."""

    boutique: str
    before: str
    after: str
    user_id: int | None
    at: datetime


def market_changes(*, house_id: int, limit: int = 20) -> list[MarketChangeRow]:
    """Whose tills began to sell at which market's prices, the newest first."""
    rows = MarketChange.objects.filter(point__house_id=house_id).select_related("point")
    return [
        MarketChangeRow(row.point.code, row.before, row.after, row.user_id, row.at)
        for row in rows.order_by("-at", "-id")[:limit]
    ]


def point_of(row: Price) -> PricePoint:
    """A price as the rules take it."""
    return PricePoint(
        id=row.pk,
        market=row.market,
        currency=row.currency,
        amount=row.amount,
        effective_at=row.effective_at,
        is_withdrawn=row.withdrawn_at is not None,
    )


def points_of(variant: Variant) -> list[PricePoint]:
    """All prices of a variant, whichever market and instant they are for."""
    return [point_of(row) for row in variant.prices.all()]
