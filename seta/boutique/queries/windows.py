"""When and through which doors pieces are sold."""

from seta.boutique.models import Product, SaleWindow, Variant
from seta.boutique.rules.availability import Window, of_variant


def window_of(row: SaleWindow) -> Window:
    """A window as the rules take it."""
    return Window(row.pk, row.opens_at, row.closes_at, frozenset(row.channels), row.variant_id)


def windows_of_product(product: Product) -> list[Window]:
    """All windows of a piece, its variants' too."""
    return [window_of(row) for row in product.windows.all()]


def windows_of(variant: Variant) -> list[Window]:
    """The windows that a variant goes by."""
    return of_variant(windows_of_product(variant.product), variant.pk)
