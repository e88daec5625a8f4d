"""Products with their prices and what is left, as the mini program and other parts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Prefetch, QuerySet
from django.templatetags.static import static

from seta.boutique.models import Product, SalesPoint, Variant
from seta.boutique.queries.pricing import points_of
from seta.boutique.queries.windows import windows_of_product
from seta.boutique.rules import ONLINE
from seta.boutique.rules.availability import ALWAYS, Availability, Door, Window, availability, of_variant
from seta.boutique.rules.prices import CHARGED, HOME, PricePoint, charged_at, local_at


@dataclass(frozen=True)
class VariantCard:
    """A variant with its price in minor units and the pieces left where the client is buying.

    `local` is what is on its price tags in other markets; `sale` how its sale stands.
    """

    id: int
    sku: str
    label: str
    amount: int
    currency: str
    available: int
    gtin: str = ""
    is_retired: bool = False
    sale: Availability = ALWAYS
    local: tuple[PricePoint, ...] = ()


@dataclass(frozen=True)
class ProductCard:
    """A product in the reader's language; `image_url` is an address of this server."""

    id: int
    house_id: int
    code: str
    name: str
    description: str
    image_url: str
    variants: tuple[VariantCard, ...]
    is_listed: bool = True


@dataclass(frozen=True)
class SalesPointCard:
    """A place that sells, at the prices of its market."""

    code: str
    district: str
    market: str = HOME


@dataclass(frozen=True)
class _View:
    """From where and when a product is looked at."""

    language: str
    location: str
    market: str
    door: str
    now: datetime
    is_whole: bool = False


def in_language(row: object, field: str, language: str) -> str:
    """A field of a row in the reader's language; Chinese for any other."""
    suffix = language[:2] if language[:2] in ("zh", "en", "it") else "zh"
    text: str = getattr(row, f"{field}_{suffix}")
    return text


def label_of(variant: Variant, language: str) -> str:
    """What tells a variant from its sisters: its colour in the reader's language and its size."""
    return " ".join(word for word in (in_language(variant, "colour", language), variant.label) if word)


def image_url(path: str) -> str:
    """The address of a product's picture; empty when there is none."""
    if path.startswith("/"):
        return path
    return static(path) if path else ""


def products(
    *,
    house_id: int,
    language: str = "zh",
    location: str = ONLINE,
    market: str = HOME,
    door: str = Door.MINI_PROGRAM,
    now: datetime | None = None,
    is_whole: bool = False,
) -> Sequence[ProductCard]:
    """The house's listed products in catalogue order at a market's prices, with what is left at the location.

    Each variant says how its sale through the `door` stands. `now` is this moment unless told. With `is_whole`
    also what is not listed, retired or without a price (0).
    """
    view = _View(language, location, market, door, now or datetime.now(UTC), is_whole)
    rows = Product.objects.filter(house_id=house_id).order_by("id")
    found = _with_variants(rows, Variant.objects.order_by("id")) if is_whole else _product_rows(house_id)
    return [_product_card(row, view) for row in found]


def product(
    *,
    house_id: int,
    code: str,
    language: str = "zh",
    location: str = ONLINE,
    market: str = HOME,
    door: str = Door.MINI_PROGRAM,
    now: datetime | None = None,
) -> ProductCard | None:
    """A listed product by its code; `now` is this moment unless told."""
    row = _product_rows(house_id).filter(code=code).first()
    view = _View(language, location, market, door, now or datetime.now(UTC))
    return _product_card(row, view) if row else None


def product_of_variant(
    *,
    variant_id: int,
    language: str = "zh",
    location: str = ONLINE,
    market: str = HOME,
    door: str = Door.MINI_PROGRAM,
    now: datetime | None = None,
) -> ProductCard | None:
    """The product that a variant belongs to, listed or not, with that variant alone, retired or not."""
    variant = Variant.objects.filter(pk=variant_id).select_related("product").first()
    if variant is None:
        return None
    rows = Product.objects.filter(pk=variant.product_id)
    only = Variant.objects.filter(pk=variant_id)
    view = _View(language, location, market, door, now or datetime.now(UTC))
    return _product_card(_with_variants(rows, only).get(), view)


def _product_rows(house_id: int) -> QuerySet[Product]:
    rows = Product.objects.filter(house_id=house_id, is_listed=True).order_by("id")
    return _with_variants(rows, Variant.objects.filter(retired_at=None).order_by("id"))


def _with_variants(rows: QuerySet[Product], variants: QuerySet[Variant]) -> QuerySet[Product]:
    each = variants.prefetch_related("prices", "levels")
    return rows.prefetch_related("windows", Prefetch("variants", each))


def _product_card(row: Product, view: _View) -> ProductCard:
    windows = windows_of_product(row)
    cards = (_variant_card(variant, windows, view) for variant in row.variants.all())
    return ProductCard(
        id=row.pk,
        house_id=row.house_id,
        code=row.code,
        name=in_language(row, "name", view.language),
        description=in_language(row, "description", view.language),
        image_url=image_url(row.image),
        variants=tuple(card for card in cards if card.amount or view.is_whole),
        is_listed=row.is_listed,
    )


def _variant_card(variant: Variant, windows: Sequence[Window], view: _View) -> VariantCard:
    points = points_of(variant)
    price = charged_at(points, market=view.market, at=view.now)
    return VariantCard(
        id=variant.pk,
        sku=variant.sku,
        label=label_of(variant, view.language),
        amount=price.amount if price else 0,
        currency=CHARGED,
        available=sum(row.quantity for row in variant.levels.all() if row.location == view.location),
        gtin=variant.gtin,
        is_retired=variant.retired_at is not None,
        local=tuple(local_at(points, view.now)),
        sale=availability(of_variant(windows, variant.pk), door=view.door, at=view.now),
    )


def variant_id(*, house_id: int, sku: str) -> int | None:
    """The variant of a stock-keeping code."""
    return Variant.objects.filter(house_id=house_id, sku=sku).values_list("pk", flat=True).first()


def market_of(*, house_id: int, boutique: str) -> str:
    """The market whose prices a boutique's till takes; the home market for any other place."""
    found = SalesPoint.objects.filter(house_id=house_id, code=boutique).values_list("market", flat=True)
    return found.first() or HOME


def sales_points(*, house_id: int) -> list[SalesPointCard]:
    """The places that sell."""
    rows = SalesPoint.objects.filter(house_id=house_id)
    return [SalesPointCard(row.code, row.district, row.market) for row in rows]
