"""Reads a catalogue row by row and reports every fault before anything is written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

ROWS_MAX = 5_000
AMOUNT_MAX = 10**11
STOCK_MAX = 1_000_000
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
TEXT_FIELDS = {"name_zh": 80, "name_en": 80, "name_it": 80}
LONG_FIELDS = {"description_zh": 600, "description_en": 600, "description_it": 600, "label": 40, "image": 120}


@dataclass(frozen=True)
class RowProblem:
    """One fault of an import: the row counted from 1, the column, and what to do about it."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True)
class ProductRow:
    """One sound row: a variant with its product, its price in fen and its counted stock by location."""

    code: str
    sku: str
    texts: Mapping[str, str]
    gtin: str
    amount: int
    stock: Mapping[str, int]


def gtin_is_valid(gtin: str) -> bool:
    """Whether the last digit is the GS1 check digit: weights 3 and 1 from the right, sum to a multiple of 10."""
    if not gtin.isascii() or not gtin.isdigit() or len(gtin) not in (8, 12, 13, 14):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(gtin)))
    return weighted % 10 == 0


def read_rows(rows: Iterable[Mapping[str, object]]) -> tuple[list[ProductRow], list[RowProblem]]:
    """Every sound row and every problem; a caller writes nothing while there is a problem."""
    sound: list[ProductRow] = []
    problems: list[RowProblem] = []
    skus: dict[str, int] = {}
    gtins: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if number > ROWS_MAX:
            problems.append(RowProblem(number, "", f"a file holds at most {ROWS_MAX} rows; split it"))
            break
        read, faults = read_row(number, row)
        problems += faults
        if read is None:
            continue
        if read.sku in skus:
            problems.append(RowProblem(number, "sku", f"{read.sku} is already in row {skus[read.sku]}"))
        if read.gtin in gtins:
            problems.append(RowProblem(number, "gtin", f"{read.gtin} is already in row {gtins[read.gtin]}"))
        skus[read.sku] = number
        if read.gtin:
            gtins[read.gtin] = number
        sound.append(read)
    return sound, problems


def read_row(number: int, row: Mapping[str, object]) -> tuple[ProductRow | None, list[RowProblem]]:
    """The row as values, or None and what is wrong with each column."""
    problems: list[RowProblem] = []

    def fault(column: str, problem: str) -> None:
        problems.append(RowProblem(number, column, problem))

    cells = {name: str(value if value is not None else "").strip() for name, value in row.items()}
    if not CODE.fullmatch(cells.get("code", "")):
        fault("code", "use 1 to 32 lower-case letters, digits and hyphens")
    if not SKU.fullmatch(cells.get("sku", "")):
        fault("sku", "use 1 to 32 capital letters, digits and hyphens")
    for column, chars_max in (TEXT_FIELDS | LONG_FIELDS).items():
        text = cells.get(column, "")
        if column in TEXT_FIELDS and not text:
            fault(column, "write the name in this language")
        if len(text) > chars_max:
            fault(column, f"shorten to {chars_max} characters")
    gtin = cells.get("gtin", "")
    if gtin and not gtin_is_valid(gtin):
        fault("gtin", "the check digit does not fit; copy the number again or leave it empty")
    amount = read_amount(cells.get("price_cny", ""))
    if amount is None:
        fault("price_cny", "write the price in yuan, such as 8888.00")
    stock: dict[str, int] = {}
    for column in cells:
        if not column.startswith("stock:"):
            continue
        pieces = read_pieces(cells[column])
        if pieces is None or not CODE.fullmatch(column.removeprefix("stock:")):
            fault(column, f"write a whole number from 0 to {STOCK_MAX}, in a column named stock:place")
        else:
            stock[column.removeprefix("stock:")] = pieces
    if problems or amount is None:
        return None, problems
    texts = {column: cells.get(column, "") for column in TEXT_FIELDS | LONG_FIELDS}
    return ProductRow(cells["code"], cells["sku"], texts, gtin, amount, stock), []


def read_amount(text: str, decimals: int = 2) -> int | None:
    """An amount in minor units; None when it is not positive, or has more decimals than its currency."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount <= AMOUNT_MAX:
        return None
    minor = amount.scaleb(decimals)
    return int(minor) if minor <= AMOUNT_MAX and not minor % 1 else None


def read_pieces(text: str) -> int | None:
    """A count of pieces; None when it is not a whole number within bounds."""
    if not text.isascii() or not text.isdigit() or len(text) > 8:
        return None
    return int(text) if int(text) <= STOCK_MAX else None
