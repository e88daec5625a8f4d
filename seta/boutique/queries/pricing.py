"""What variants cost: now, before and from a day that is planned, market by market."""

from seta.boutique.models import Price, Variant
from seta.boutique.rules.prices import PricePoint


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
