"""A catalogue is filled whole or not at all, and filling it again changes only what differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique.models import Product, SalesPoint, Variant
from seta.boutique.operations.picturing import lead
from seta.boutique.operations.pricing import put_price
from seta.boutique.operations.stock import count_stock
from seta.boutique.queries.filing import known_catalogue
from seta.boutique.rules.catalogue_file import COLUMNS, FileFault, Line, Problem, Table, pieces_of_cell
from seta.boutique.rules.catalogue_plan import Plan, plan_file
from seta.boutique.rules.codes import CODE
from seta.boutique.rules.editing import Fault
from seta.boutique.rules.prices import PRICE_COLUMNS

IMAGE = "image"
STOCK = "stock:"


@dataclass(frozen=True)
class ImportReport:
    """What an import did; with problems, whose rows count from 1, nothing was written."""

    products: int
    variants: int
    problems: tuple[Problem, ...]


def import_catalogue(*, house_id: int, rows: Iterable[Mapping[str, object]], now: datetime) -> ImportReport:
    """Take in variants from rows with the columns of the catalogue's file, all listed, in nobody's name.

    Besides, `image` is a picture that this server ships, and each `stock:place` column is a count of that place.
    """
    told = [{name: _text(cell) for name, cell in row.items()} for row in rows]
    plan = plan_file(_table(told), known_catalogue(house_id=house_id, now=now))
    problems = tuple(sorted([*plan.problems, *_faults(told)], key=lambda each: each.row))
    if problems:
        return ImportReport(0, 0, problems)
    with transaction.atomic():
        _keep(house_id, plan, now)
        for cells in told:
            _place(house_id, cells, now)
    return ImportReport(len({cells["code"] for cells in told}), len(told), ())


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _table(told: Sequence[Mapping[str, str]]) -> Table:
    """The rows as a file would have them."""
    always = {"code": "", "listed": "yes"}
    return Table(
        tuple(
            Line(number, always | {name: cells[name] for name in COLUMNS if name in cells})
            for number, cells in enumerate(told, start=1)
        ),
        (),
    )


def _faults(told: Sequence[Mapping[str, str]]) -> list[Problem]:
    """What only this door asks: a variant with a price in every row, and counts that are numbers."""
    needed: Mapping[str, Fault | FileFault] = {"sku": Fault.BAD_SKU, "price_cny": FileFault.WRONG_PRICE}
    found: list[Problem] = []
    for number, cells in enumerate(told, start=1):
        found += [Problem(number, name, fault) for name, fault in needed.items() if not cells.get(name)]
        for name, cell in cells.items():
            is_named = bool(CODE.fullmatch(name.removeprefix(STOCK)))
            if name.startswith(STOCK) and not (is_named and pieces_of_cell(cell) is not None):
                found.append(Problem(number, name, FileFault.WRONG_STOCK))
    return found


def _keep(house_id: int, plan: Plan, now: datetime) -> None:
    for piece in plan.pieces:
        values = dict(piece.texts or {}) | {"is_listed": True}
        Product.objects.update_or_create(house_id=house_id, code=piece.code, defaults=values)
    for step in plan.variants:
        if step.id is None:
            assert step.marks is not None
            product = Product.objects.get(house_id=house_id, code=step.code)
            variant = Variant.objects.create(house_id=house_id, product=product, **step.marks)
        else:
            if step.marks is not None:
                Variant.objects.filter(pk=step.id).update(**step.marks)
            variant = Variant.objects.get(pk=step.id)
        for column, amount in step.prices.items():
            market, currency = PRICE_COLUMNS[column]
            put_price(variant, market=market, currency=currency, amount=amount, now=now)


def _place(house_id: int, cells: Mapping[str, str], now: datetime) -> None:
    """Show the row's picture, and book its counts."""
    variant = Variant.objects.select_related("product").get(house_id=house_id, sku=cells["sku"])
    if cells.get(IMAGE) and variant.product.image != cells[IMAGE]:
        Product.objects.filter(pk=variant.product_id).update(image=cells[IMAGE])
        lead(variant.product)
    for name in sorted(cells):
        counted = pieces_of_cell(cells[name]) if name.startswith(STOCK) else None
        if counted is not None:
            place = name.removeprefix(STOCK)
            count_stock(variant_id=variant.pk, location=place, counted=counted, now=now)


@transaction.atomic
def open_sales_point(*, house_id: int, code: str, district: str) -> None:
    """Let a boutique sell under its code; orders made there carry its district. Again changes the district."""
    SalesPoint.objects.update_or_create(house_id=house_id, code=code, defaults={"district": district})
