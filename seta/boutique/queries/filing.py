"""The whole catalogue as its file writes it: to give out, and to hold a file that comes in against."""

from collections.abc import Iterator
from datetime import datetime

from seta.boutique.models import Product, Variant
from seta.boutique.queries.pricing import points_of
from seta.boutique.rules.catalogue_file import COLUMNS
from seta.boutique.rules.catalogue_plan import Catalogue, KnownPiece, KnownVariant
from seta.boutique.rules.editing import MARKS, TEXTS
from seta.boutique.rules.prices import CHARGED, HOME, price_at


def known_catalogue(*, house_id: int, now: datetime) -> Catalogue:
    """Every piece and variant of the house, listed or not, retired or not, with what they cost at home now."""
    pieces = {
        row.code: KnownPiece(row.pk, row.code, {name: getattr(row, name) for name in TEXTS}, row.is_listed)
        for row in Product.objects.filter(house_id=house_id).order_by("code")
    }
    rows = Variant.objects.filter(house_id=house_id).select_related("product").prefetch_related("prices")
    variants = {row.sku: _variant(row, now) for row in rows.order_by("id")}
    return Catalogue(pieces, variants)


def _variant(row: Variant, now: datetime) -> KnownVariant:
    price = price_at(points_of(row), market=HOME, currency=CHARGED, at=now)
    marks = {name: getattr(row, name) for name in MARKS}
    amount = price.amount if price else None
    return KnownVariant(row.pk, row.product.code, marks, amount, row.retired_at is not None)


def file_rows(known: Catalogue) -> Iterator[list[str]]:
    """The file's rows in the order of `COLUMNS`: one a variant, and one for a piece that has none yet."""
    mine: dict[str, list[KnownVariant]] = {}
    for each in known.variants.values():
        mine.setdefault(each.code, []).append(each)
    for piece in known.pieces.values():
        told = {"code": piece.code, **piece.texts, "listed": "yes" if piece.is_listed else "no"}
        for variant in mine.get(piece.code, [None]):
            cells = dict(told)
            if variant:
                cells |= variant.marks
                cells["price_cny"] = yuan(variant.amount)
            yield [cells.get(name, "") for name in COLUMNS]


def yuan(amount: int | None) -> str:
    """Fen as yuan with two decimals, as the file writes them."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02}"
