"""The catalogue is taken in whole or not at all, and taking it in again changes only what differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique.catalogue import ProductRow, RowProblem, read_rows
from seta.boutique.models import Product, SalesPoint, Variant
from seta.boutique.operations.picturing import lead
from seta.boutique.operations.pricing import put_price
from seta.boutique.operations.stock import count_stock


@dataclass(frozen=True)
class ImportReport:
    """What an import did; with problems nothing was written."""

    products: int
    variants: int
    problems: tuple[RowProblem, ...]


def import_catalogue(*, house_id: int, rows: Iterable[Mapping[str, object]], now: datetime) -> ImportReport:
    """Take in products from rows with the columns of `seta.boutique.catalogue`.

    One row a variant; `price_cny` in yuan; each `stock:place` column is a count of that place.
    """
    sound, problems = read_rows(rows)
    problems = problems or _taken(house_id, sound)
    if problems:
        return ImportReport(0, 0, tuple(problems))
    with transaction.atomic():
        for row in sound:
            _keep(house_id, row, now)
    return ImportReport(len({row.code for row in sound}), len(sound), ())


def _taken(house_id: int, rows: Sequence[ProductRow]) -> list[RowProblem]:
    """Barcodes of variants that the file does not name: one stands for one variant of the house."""
    said = {row.gtin: (number, row.sku) for number, row in enumerate(rows, start=1) if row.gtin}
    others = Variant.objects.filter(house_id=house_id, gtin__in=list(said))
    return [
        RowProblem(said[gtin][0], "gtin", f"{gtin} is the barcode of {sku} already")
        for gtin, sku in others.order_by("id").values_list("gtin", "sku")
        if sku != said[gtin][1]
    ]


def _keep(house_id: int, row: ProductRow, now: datetime) -> None:
    texts = {column: text for column, text in row.texts.items() if column != "label"}
    product, _ = Product.objects.update_or_create(
        house_id=house_id, code=row.code, defaults={**texts, "is_listed": True}
    )
    lead(product)
    variant, _ = Variant.objects.update_or_create(
        house_id=house_id,
        sku=row.sku,
        defaults={"product": product, "label": row.texts["label"], "gtin": row.gtin},
    )
    put_price(variant, amount=row.amount, now=now)
    for location in sorted(row.stock):
        count_stock(variant_id=variant.pk, location=location, counted=row.stock[location], now=now)


@transaction.atomic
def open_sales_point(*, house_id: int, code: str, district: str) -> None:
    """Let a boutique sell under its code; orders made there carry its district. Again changes the district."""
    SalesPoint.objects.update_or_create(house_id=house_id, code=code, defaults={"district": district})
