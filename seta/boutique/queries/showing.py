"""Products with their prices and what is left, as the mini program and other parts see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.templatetags.static import static

from seta.boutique.models import (
    Price,
    Product,
    SalesPoint,
    Variant,
)
from seta.boutique.rules import ONLINE


@dataclass(frozen=True)
class VariantCard:
    """A variant with its price in minor units and the pieces left where the client is buying."""

    id: int
    sku: str
    label: str
    amount: int
    currency: str
    available: int
    gtin: str = ""


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
    """A place that sells."""

    code: str
    district: str


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
    *, house_id: int, language: str = "zh", location: str = ONLINE, is_whole: bool = False
) -> Sequence[ProductCard]:
    """The house's listed products in catalogue order, with what is left at the location.

    With `is_whole` also those that are not listed and the variants that are retired.
    """
    rows = Product.objects.filter(house_id=house_id).order_by("id")
    found = _with_variants(rows, Variant.objects.order_by("id")) if is_whole else _product_rows(house_id)
    return [_product_card(row, language, location) for row in found]


def product(*, house_id: int, code: str, language: str = "zh", location: str = ONLINE) -> ProductCard | None:
    """A listed product by its code."""
    row = _product_rows(house_id).filter(code=code).first()
    return _product_card(row, language, location) if row else None


def product_of_variant(
    *, variant_id: int, language: str = "zh", location: str = ONLINE
) -> ProductCard | None:
    """The product that a variant belongs to, listed or not, with that variant alone."""
    variant = Variant.objects.filter(pk=variant_id).select_related("product").first()
    if variant is None:
        return None
    rows = Product.objects.filter(pk=variant.product_id)
    only = Variant.objects.filter(pk=variant_id)
    return _product_card(_with_variants(rows, only).get(), language, location)


def _product_rows(house_id: int) -> QuerySet[Product]:
    rows = Product.objects.filter(house_id=house_id, is_listed=True).order_by("id")
    return _with_variants(rows, Variant.objects.filter(retired_at=None).order_by("id"))


def _with_variants(rows: QuerySet[Product], variants: QuerySet[Variant]) -> QuerySet[Product]:
    prices = Prefetch("prices", Price.objects.filter(currency="CNY"))
    return rows.prefetch_related(Prefetch("variants", variants.prefetch_related(prices, "levels")))


def _product_card(row: Product, language: str, location: str) -> ProductCard:
    variants = []
    for variant in row.variants.all():
        left = sum(level.quantity for level in variant.levels.all() if level.location == location)
        variants += [
            VariantCard(
                id=variant.pk,
                sku=variant.sku,
                label=label_of(variant, language),
                amount=price.amount,
                currency=price.currency,
                available=left,
                gtin=variant.gtin,
            )
            for price in variant.prices.all()
        ]
    return ProductCard(
        id=row.pk,
        house_id=row.house_id,
        code=row.code,
        name=in_language(row, "name", language),
        description=in_language(row, "description", language),
        image_url=image_url(row.image),
        variants=tuple(variants),
        is_listed=row.is_listed,
    )


def variant_id(*, house_id: int, sku: str) -> int | None:
    """The variant of a stock-keeping code."""
    return Variant.objects.filter(house_id=house_id, sku=sku).values_list("pk", flat=True).first()


def sales_points(*, house_id: int) -> list[SalesPointCard]:
    """The places that sell."""
    return [SalesPointCard(row.code, row.district) for row in SalesPoint.objects.filter(house_id=house_id)]
