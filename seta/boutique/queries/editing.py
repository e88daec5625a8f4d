"""A piece as those who keep the catalogue see it: everything that can be changed, and what was changed by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from seta.boutique.models import CatalogueChange, Price, Product, SaleWindow, Variant
from seta.boutique.queries.pricing import point_of, points_of
from seta.boutique.queries.showing import image_url, in_language, label_of
from seta.boutique.queries.windows import windows_of_product
from seta.boutique.rules.availability import Availability, Door, availability, of_variant
from seta.boutique.rules.editing import MARKS, TEXTS, edition
from seta.boutique.rules.prices import HOME, MARKETS, charged_at, standing_of

_MARKETS = tuple(MARKETS)


@dataclass(frozen=True)
class PriceRow:
    """A price in minor units: where it holds, from when (None: from the beginning), who set it; `standing` now."""

    id: int
    variant_id: int
    sku: str
    market: str
    currency: str
    amount: int
    effective_at: datetime | None
    standing: str
    set_by: int | None
    set_at: datetime | None
    withdrawn_by: int | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class WindowRow:
    """When and through which doors a piece is sold; without `sku` it is of the whole piece, without doors of all."""

    id: int
    sku: str
    opens_at: datetime | None
    closes_at: datetime | None
    doors: tuple[str, ...]
    is_over: bool


@dataclass(frozen=True)
class VariantEdit:
    """A variant with its marks, the edition they are, what it costs at home in fen, and how its sale stands online."""

    id: int
    sku: str
    label: str
    marks: Mapping[str, str]
    edition: str
    retired_at: datetime | None
    amount: int | None
    sale: Availability


@dataclass(frozen=True)
class PieceEdit:
    """A piece with its texts, the edition they are, its variants, prices and windows."""

    id: int
    code: str
    name: str
    image_url: str
    is_listed: bool
    texts: Mapping[str, str]
    edition: str
    variants: tuple[VariantEdit, ...]
    prices: tuple[PriceRow, ...]
    windows: tuple[WindowRow, ...]


@dataclass(frozen=True)
class ChangeRow:
    """One change of a piece: what, of which variant if of one, from what to what, by whom."""

    id: int
    what: str
    sku: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    user_id: int
    at: datetime


def piece_to_edit(*, house_id: int, product_id: int, now: datetime, language: str = "en") -> PieceEdit | None:
    """A piece of the house, listed or not; None when there is none."""
    variants = Variant.objects.order_by("id").prefetch_related("prices")
    rows = Product.objects.prefetch_related("windows__variant", Prefetch("variants", variants))
    row = rows.filter(pk=product_id, house_id=house_id).first()
    if row is None:
        return None
    texts = {name: getattr(row, name) for name in TEXTS}
    known = list(row.variants.all())
    prices = (_price(price, variant, now) for variant in known for price in variant.prices.all())
    return PieceEdit(
        id=row.pk,
        code=row.code,
        name=in_language(row, "name", language),
        image_url=image_url(row.image),
        is_listed=row.is_listed,
        texts=texts,
        edition=edition(texts),
        variants=tuple(_variant(row, each, now, language) for each in known),
        prices=tuple(sorted(prices, key=_by_market)),
        windows=tuple(_window(each, now) for each in row.windows.all()),
    )


def changes(*, house_id: int, product_id: int, limit: int = 50, offset: int = 0) -> list[ChangeRow]:
    """What was changed of a piece, newest first."""
    rows = CatalogueChange.objects.filter(product_id=product_id, product__house_id=house_id)
    rows = rows.select_related("variant").order_by("-at", "-id")[offset : offset + limit]
    return [
        ChangeRow(
            id=row.pk,
            what=row.what,
            sku=row.variant.sku if row.variant else "",
            before=row.before,
            after=row.after,
            user_id=row.user_id,
            at=row.at,
        )
        for row in rows
    ]


def _variant(product: Product, row: Variant, now: datetime, language: str) -> VariantEdit:
    marks = {name: getattr(row, name) for name in MARKS}
    price = charged_at(points_of(row), market=HOME, at=now)
    windows = of_variant(windows_of_product(product), row.pk)
    return VariantEdit(
        id=row.pk,
        sku=row.sku,
        label=label_of(row, language),
        marks=marks,
        edition=edition(marks),
        retired_at=row.retired_at,
        amount=price.amount if price else None,
        sale=availability(windows, door=Door.MINI_PROGRAM, at=now),
    )


def _price(row: Price, variant: Variant, now: datetime) -> PriceRow:
    same = (
        *("variant_id", "market", "currency", "amount", "effective_at", "set_by", "set_at"),
        *("withdrawn_by", "withdrawn_at"),
    )
    return PriceRow(
        id=row.pk,
        sku=variant.sku,
        standing=standing_of(point_of(row), points_of(variant), now),
        **{name: getattr(row, name) for name in same},
    )


def _by_market(row: PriceRow) -> tuple[int, str, str, float, int]:
    """The home market first; of one variant and currency the newest first."""
    begins = row.effective_at.timestamp() if row.effective_at else 0
    return _MARKETS.index(row.market), row.sku, row.currency, -begins, -row.id


def _window(row: SaleWindow, now: datetime) -> WindowRow:
    return WindowRow(
        id=row.pk,
        sku=row.variant.sku if row.variant else "",
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        doors=tuple(row.channels),
        is_over=row.closes_at is not None and row.closes_at <= now,
    )
