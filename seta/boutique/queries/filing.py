"""The whole catalogue as its file writes it: to give out, and to hold a file that comes in against."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from seta.boutique.models import Product, Variant
from seta.boutique.queries.pricing import points_of
from seta.boutique.rules.catalogue_file import COLUMNS
from seta.boutique.rules.catalogue_plan import HOME_COLUMN, Catalogue, KnownPiece, KnownVariant
from seta.boutique.rules.editing import MARKS, TEXTS
from seta.boutique.rules.prices import PRICE_COLUMNS, price_at
from seta.kit.money import exponent


def known_catalogue(*, house_id: int, now: datetime) -> Catalogue:
    """Every piece and variant of the house, listed or not, retired or not, with what they cost in every market now."""
    pieces = {
        row.code: KnownPiece(row.pk, row.code, {name: getattr(row, name) for name in TEXTS}, row.is_listed)
        for row in Product.objects.filter(house_id=house_id).order_by("code")
    }
    rows = Variant.objects.filter(house_id=house_id).select_related("product").prefetch_related("prices")
    variants = {row.sku: _variant(row, now) for row in rows.order_by("id")}
    return Catalogue(pieces, variants)


def _variant(row: Variant, now: datetime) -> KnownVariant:
    points = points_of(row)
    marks = {name: getattr(row, name) for name in MARKS}
    prices = {
        column: price.amount
        for column, (market, currency) in PRICE_COLUMNS.items()
        if (price := price_at(points, market=market, currency=currency, at=now)) is not None
    }
    return KnownVariant(row.pk, row.product.code, marks, prices, row.retired_at is not None)


def columns_of(known: Catalogue) -> list[str]:
    """The file's columns: of the prices, the one at home and those of other markets that the house has set."""
    used = {HOME_COLUMN, *(column for each in known.variants.values() for column in each.prices)}
    return [name for name in COLUMNS if name not in PRICE_COLUMNS or name in used]


def file_rows(known: Catalogue) -> Iterator[list[str]]:
    """The file's rows in the order of `columns_of`: one a variant, and one for a piece that has none yet."""
    columns = columns_of(known)
    mine: dict[str, list[KnownVariant]] = {}
    for each in known.variants.values():
        mine.setdefault(each.code, []).append(each)
    for piece in known.pieces.values():
        told = {"code": piece.code, **piece.texts, "listed": "yes" if piece.is_listed else "no"}
        for variant in mine.get(piece.code, [None]):
            cells = dict(told)
            if variant:
                cells |= variant.marks
                cells |= {column: plain(amount, column) for column, amount in variant.prices.items()}
            yield [cells.get(name, "") for name in columns]


def plain(amount: int, column: str) -> str:
    """A price as the file writes it: with its currency's decimals and no sign."""
    decimals = exponent(PRICE_COLUMNS[column][1])
    return f"{Decimal(amount).scaleb(-decimals):f}"
