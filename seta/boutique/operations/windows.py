"""Marketing says from when until when, and through which doors, a piece or one of its variants is sold."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.boutique.models import Product, SaleWindow, Variant
from seta.boutique.operations.auditing import record
from seta.boutique.queries.windows import windows_of
from seta.boutique.rules.availability import Door, check_window, must_be_sold
from seta.boutique.rules.limits import WINDOWS_MAX
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.houses.queries import house


@transaction.atomic
def open_window(
    *,
    house_id: int,
    product_id: int,
    variant_id: int | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    doors: Collection[str] = (),
    user_id: int,
    now: datetime,
) -> int:
    """Add a window to a piece, or to one variant alone; returns its id. Without `doors` it is for all of them.

    Raises OrderRefused: UNKNOWN_PRODUCT, UNKNOWN_VARIANT, WRONG_WINDOW, TOO_MANY_WINDOWS.
    """
    check_window(opens_at, closes_at, doors)
    product = locked_product(house_id, product_id)
    variant = None
    if variant_id is not None:
        variant = Variant.objects.filter(pk=variant_id, product=product).first()
        if variant is None:
            raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    if product.windows.count() >= WINDOWS_MAX:
        raise OrderRefused(Refusal.TOO_MANY_WINDOWS)
    row = SaleWindow.objects.create(
        product=product,
        variant=variant,
        opens_at=opens_at,
        closes_at=closes_at,
        channels=[each for each in Door if each in doors],
    )
    record(product, "window_added", after=_facts(row), variant=variant, user_id=user_id, now=now)
    return row.pk


@transaction.atomic
def remove_window(*, house_id: int, window_id: int, user_id: int, now: datetime) -> None:
    """Take a window away; a piece without any is sold always and everywhere. Raises UNKNOWN_WINDOW."""
    rows = SaleWindow.objects.select_related("product", "variant")
    row = rows.filter(pk=window_id, product__house_id=house_id).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_WINDOW, str(window_id))
    product = locked_product(house_id, row.product_id)
    deleted, _ = SaleWindow.objects.filter(pk=window_id).delete()
    if not deleted:
        raise OrderRefused(Refusal.UNKNOWN_WINDOW, str(window_id))
    record(product, "window_removed", before=_facts(row), variant=row.variant, user_id=user_id, now=now)


def locked_product(house_id: int, product_id: int) -> Product:
    """The piece, locked until the transaction ends; raises OrderRefused(UNKNOWN_PRODUCT)."""
    rows = Product.objects.select_for_update(of=("self",))
    found = rows.filter(pk=product_id, house_id=house_id).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, str(product_id))
    return found


def _facts(row: SaleWindow) -> dict[str, Any]:
    return {
        "opens_at": row.opens_at.isoformat() if row.opens_at else None,
        "closes_at": row.closes_at.isoformat() if row.closes_at else None,
        "doors": list(row.channels),
    }


def must_be_sold_through(*, house_id: int, variant_id: int, door: str, at: datetime) -> None:
    """Refuses a plan to sell a variant through a door at an instant its windows leave out, saying from when it is.

    Raises OrderRefused: UNKNOWN_VARIANT, NOT_YET_SOLD, SOLD_ELSEWHERE, NO_LONGER_SOLD.
    """
    variant = Variant.objects.filter(pk=variant_id, house_id=house_id).select_related("product").first()
    if variant is None:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    must_be_sold(windows_of(variant), door=door, at=at, zone=house(house_id).timezone)
