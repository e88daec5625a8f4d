"""A price is never edited: a new one is set from an instant on, and what was only planned can be withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction

from seta.boutique.models import MarketChange, Price, SalesPoint, Variant
from seta.boutique.operations.auditing import record
from seta.boutique.queries.pricing import point_of, points_of
from seta.boutique.rules.prices import (
    CHARGED,
    HOME,
    MARKETS,
    PriceStanding,
    check_price_plan,
    price_at,
    standing_of,
)
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def set_price(
    *,
    house_id: int,
    variant_id: int,
    market: str = HOME,
    currency: str = CHARGED,
    amount: int,
    effective_at: datetime | None = None,
    user_id: int,
    now: datetime,
) -> None:
    """Set what a variant costs in a market from `effective_at` on, or from now; minor units of the currency.

    A price planned for the same instant is replaced. Raises OrderRefused: UNKNOWN_VARIANT, WRONG_MARKET,
    WRONG_PRICE, PAST_INSTANT.
    """
    check_price_plan(market=market, currency=currency, amount=amount, effective_at=effective_at, now=now)
    variant = _locked(house_id, variant_id)
    put_price(
        variant,
        market=market,
        currency=currency,
        amount=amount,
        effective_at=effective_at,
        user_id=user_id,
        now=now,
    )


def put_price(
    variant: Variant,
    *,
    market: str = HOME,
    currency: str = CHARGED,
    amount: int,
    effective_at: datetime | None = None,
    user_id: int | None = None,
    now: datetime,
) -> bool:
    """Set a checked price inside the caller's transaction; whether it is a new one.

    A variant's first price in a market holds from the beginning. What already costs that much keeps its price.
    Without `user_id` a file brings it, and no person is noted.
    """
    begins_at = effective_at or now
    rows = Price.objects.filter(variant=variant, market=market, currency=currency, withdrawn_at=None)
    points = [point_of(row) for row in rows]
    holds = price_at(points, market=market, currency=currency, at=begins_at)
    if holds is not None and holds.amount == amount:
        return False
    if not points and effective_at is None:
        begins: datetime | None = None
    else:
        begins = begins_at
        rows.filter(effective_at=begins_at).update(withdrawn_at=now, withdrawn_by=user_id)
    row = Price.objects.create(
        variant=variant,
        market=market,
        currency=currency,
        amount=amount,
        effective_at=begins,
        set_by=user_id,
        set_at=now,
    )
    if user_id is not None:
        before = {"amount": holds.amount} if holds else {}
        record(
            variant.product,
            "price_set",
            before=before,
            after=_facts(row),
            variant=variant,
            user_id=user_id,
            now=now,
        )
    return True


@transaction.atomic
def set_prices(
    *,
    house_id: int,
    product_id: int,
    variant_id: int | None = None,
    market: str = HOME,
    currency: str = CHARGED,
    amount: int,
    effective_at: datetime | None = None,
    user_id: int,
    now: datetime,
) -> None:
    """Set one price for a variant of a piece, or for all that are not retired; see `set_price`."""
    live = Variant.objects.filter(product_id=product_id, house_id=house_id)
    live = live.filter(pk=variant_id) if variant_id is not None else live.filter(retired_at=None)
    ids = list(live.order_by("id").values_list("pk", flat=True))
    if not ids:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id or ""))
    for each in ids:
        set_price(
            house_id=house_id,
            variant_id=each,
            market=market,
            currency=currency,
            amount=amount,
            effective_at=effective_at,
            user_id=user_id,
            now=now,
        )


@transaction.atomic
def set_market(
    *, house_id: int, boutique: str, market: str, user_id: int | None = None, now: datetime
) -> bool:
    """Let a boutique's till sell at a market's prices, kept with who did it; whether it did not do so already.

    Raises OrderRefused: WRONG_MARKET, UNKNOWN_BOUTIQUE.
    """
    if market not in MARKETS:
        raise OrderRefused(Refusal.WRONG_MARKET, market[:40])
    rows = SalesPoint.objects.select_for_update()
    point = rows.filter(house_id=house_id, code=boutique).first()
    if point is None:
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, boutique[:40])
    before, point.market = point.market, market
    if before == market:
        return False
    point.save(update_fields=["market"])
    MarketChange.objects.create(point=point, before=before, after=market, user_id=user_id, at=now)
    return True


@transaction.atomic
def withdraw_price(*, house_id: int, price_id: int, user_id: int, now: datetime) -> None:
    """Take back a price that was planned and has not begun. Raises OrderRefused: UNKNOWN_PRICE, PRICE_BEGAN."""
    found = Price.objects.filter(pk=price_id, variant__house_id=house_id).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_PRICE, str(price_id))
    variant = _locked(house_id, found.variant_id)
    row = Price.objects.get(pk=price_id)
    if standing_of(point_of(row), points_of(variant), now) != PriceStanding.PLANNED:
        raise OrderRefused(Refusal.PRICE_BEGAN, str(price_id))
    row.withdrawn_by, row.withdrawn_at = user_id, now
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(variant.product, "price_withdrawn", before=_facts(row), variant=variant, user_id=user_id, now=now)


def _facts(row: Price) -> dict[str, Any]:
    return {
        "market": row.market,
        "currency": row.currency,
        "amount": row.amount,
        "effective_at": row.effective_at.isoformat() if row.effective_at else None,
    }


def _locked(house_id: int, variant_id: int) -> Variant:
    """The variant, locked, so that two prices set at once follow each other."""
    rows = Variant.objects.select_for_update(of=("self",)).select_related("product")
    found = rows.filter(pk=variant_id, house_id=house_id).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    return found
