"""What a catalogue's file asks for beside what is known: what is new, what changes, what is wrong; nothing is done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from seta.boutique.rules.catalogue_file import CHANGES_MAX, FileFault, Line, Problem, Table, listed_of
from seta.boutique.rules.editing import (
    MARKS,
    TEXTS,
    Fault,
    PieceRefused,
    checked_code,
    checked_marks,
    checked_texts,
    edition,
)
from seta.boutique.rules.limits import VARIANTS_MAX
from seta.boutique.rules.prices import CHARGED, HOME, PRICE_COLUMNS, column_of, read_amount
from seta.kit.money import exponent

HOME_COLUMN = column_of(HOME, CHARGED)


@dataclass(frozen=True)
class KnownVariant:
    """A variant as it is; `prices` are what it costs now by the file's column, in minor units."""

    id: int
    code: str
    marks: Mapping[str, str]
    prices: Mapping[str, int]
    is_retired: bool

    @property
    def amount(self) -> int | None:
        """What it costs at home now, in fen."""
        return self.prices.get(HOME_COLUMN)


@dataclass(frozen=True)
class KnownPiece:
    """A piece as it is."""

    id: int
    code: str
    texts: Mapping[str, str]
    is_listed: bool


@dataclass(frozen=True)
class Catalogue:
    """All pieces by their code and all variants by theirs."""

    pieces: Mapping[str, KnownPiece]
    variants: Mapping[str, KnownVariant]

    @property
    def edition(self) -> str:
        """A mark of what the catalogue says, so that a change made meanwhile is noticed."""
        told = [
            [[each.code, each.texts, each.is_listed] for each in self.pieces.values()],
            [[each.code, each.marks, each.prices, each.is_retired] for each in self.variants.values()],
        ]
        plain = json.dumps(told, sort_keys=True, ensure_ascii=False, default=dict)
        return hashlib.sha256(plain.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class RowPlan:
    """What a row does: begins a piece, adds a variant, changes these columns, or nothing."""

    row: int
    code: str
    sku: str
    is_new_piece: bool
    is_new_variant: bool
    changed: tuple[str, ...]

    @property
    def does_something(self) -> bool:
        """Whether anything differs from what is known."""
        return self.is_new_piece or self.is_new_variant or bool(self.changed)


@dataclass(frozen=True)
class PieceStep:
    """A piece to make (without `id`), to describe, or to list: what is None stays as it is."""

    id: int | None
    code: str
    texts: Mapping[str, str] | None
    seen: str
    is_listed: bool | None


@dataclass(frozen=True)
class VariantStep:
    """A variant to add (without `id`) or to change: what is None stays as it is.

    `prices` are those that change, by the file's column, in minor units.
    """

    id: int | None
    code: str
    marks: Mapping[str, str] | None
    seen: str
    prices: Mapping[str, int]

    @property
    def amount(self) -> int | None:
        """The new price at home, in fen."""
        return self.prices.get(HOME_COLUMN)


@dataclass(frozen=True)
class Plan:
    """What a file would do; with problems nothing of it is done."""

    rows: tuple[RowPlan, ...] = ()
    pieces: tuple[PieceStep, ...] = ()
    variants: tuple[VariantStep, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def doing(self) -> tuple[RowPlan, ...]:
        """The rows that do something."""
        return tuple(row for row in self.rows if row.does_something)


def plan_file(table: Table, known: Catalogue) -> Plan:
    """What every row does, or every problem of every row."""
    if table.problems:
        return Plan(problems=table.problems)
    reading = _Reading(known)
    rows = [reading.take(line) for line in table.lines]
    reading.check_pieces()
    if sum(row.does_something for row in rows) > CHANGES_MAX:
        reading.fault(0, "", FileFault.TOO_MANY_CHANGES)
    if reading.problems:
        return Plan(problems=tuple(sorted(reading.problems, key=lambda each: each.row)))
    return Plan(tuple(rows), reading.piece_steps(), tuple(reading.variants.values()))


@dataclass
class _Piece:
    """What the rows of a piece have said of it so far; `row` is the first."""

    row: int
    known: KnownPiece | None
    said: Mapping[str, str]
    texts: Mapping[str, str]
    is_listed: bool | None = None
    listed_row: int = 0
    skus: set[str] = field(default_factory=set)


@dataclass
class _Reading:
    """Rows taken one after the other."""

    known: Catalogue
    pieces: dict[str, _Piece] = field(default_factory=dict)
    variants: dict[str, VariantStep] = field(default_factory=dict)
    skus: dict[str, int | None] = field(default_factory=dict)
    gtins: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    holders: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        known = self.known.variants.items()
        self.holders = {each.marks["gtin"]: sku for sku, each in known if each.marks["gtin"]}

    def fault(self, row: int, column: str, fault: Fault | FileFault) -> None:
        self.problems.append(Problem(row, column, fault))

    def take(self, line: Line) -> RowPlan:
        """Read a row and remember what it asks for."""
        code = line.cells["code"].strip()
        try:
            code = checked_code(code)
        except PieceRefused as wrong:
            self._faults(line.row, wrong)
            return RowPlan(line.row, code[:32], "", False, False, ())
        changed = self._first(code, line) if code not in self.pieces else self._again(code, line)
        changed += self._listed(code, line)
        sku = line.cells.get("sku", "").strip()
        is_new = False
        if sku:
            marks, is_new = self._variant(code, sku, line)
            changed += marks
        known = self.pieces[code].known
        is_first = self.pieces[code].row == line.row
        return RowPlan(line.row, code, sku[:32], known is None and is_first, is_new, tuple(changed))

    def _first(self, code: str, line: Line) -> list[str]:
        known = self.known.pieces.get(code)
        before = known.texts if known else dict.fromkeys(TEXTS, "")
        said = {name: line.cells[name] for name in TEXTS if name in line.cells}
        texts: Mapping[str, str] = before
        try:
            texts = checked_texts({**before, **said})
        except PieceRefused as wrong:
            self._faults(line.row, wrong)
        self.pieces[code] = _Piece(line.row, known, said, texts)
        return [name for name in TEXTS if known and texts[name] != before[name]]

    def _again(self, code: str, line: Line) -> list[str]:
        first = self.pieces[code].said
        for name in TEXTS:
            cell = line.cells.get(name, "").strip()
            if cell and cell.split() != first.get(name, "").split():
                self.fault(line.row, name, FileFault.TEXTS_DIFFER)
        return []

    def _listed(self, code: str, line: Line) -> list[str]:
        cell, piece = line.cells.get("listed", ""), self.pieces[code]
        if not cell.strip():
            return []
        said = listed_of(cell)
        if said is None:
            self.fault(line.row, "listed", FileFault.WRONG_LISTED)
            return []
        if piece.listed_row:
            if said != piece.is_listed:
                self.fault(line.row, "listed", FileFault.TEXTS_DIFFER)
            return []
        piece.is_listed, piece.listed_row = said, line.row
        return ["listed"] if said != (piece.known.is_listed if piece.known else False) else []

    def _variant(self, code: str, sku: str, line: Line) -> tuple[list[str], bool]:
        """The columns of a known variant that change, or that it is new."""
        known = self.known.variants.get(sku)
        if sku in self.skus:
            self.fault(line.row, "sku", FileFault.SKU_TWICE)
            return [], False
        if known and known.code != code:
            self.fault(line.row, "sku", FileFault.OTHER_PIECE)
            return [], False
        before = known.marks if known else dict.fromkeys(MARKS, "")
        marks = self._marks(
            sku, {**before, **{name: line.cells[name] for name in MARKS if name in line.cells}}, line
        )
        prices = self._prices(line, known)
        self.skus[sku] = prices.get(HOME_COLUMN) or (known.amount if known else None)
        self.pieces[code].skus.add(sku)
        changed = [name for name in MARKS if known and marks and marks[name] != before[name]]
        changed += list(prices) if known else []
        if marks and (known is None or changed):
            step = None if known and marks == before else marks
            seen = edition(before) if known else ""
            self.variants[sku] = VariantStep(known.id if known else None, code, step, seen, prices)
        return changed, known is None

    def _marks(self, sku: str, said: Mapping[str, str], line: Line) -> Mapping[str, str] | None:
        try:
            marks = checked_marks(said)
        except PieceRefused as wrong:
            self._faults(line.row, wrong)
            return None
        gtin = marks["gtin"]
        if gtin and gtin in self.gtins:
            self.fault(line.row, "gtin", FileFault.GTIN_TWICE)
        elif gtin and self.holders.get(gtin, sku) != sku:
            self.fault(line.row, "gtin", Fault.TAKEN)
        self.gtins |= {gtin} - {""}
        return marks

    def _prices(self, line: Line, known: KnownVariant | None) -> dict[str, int]:
        """What the variant costs from now on, where that is new."""
        found: dict[str, int] = {}
        for column, (_market, currency) in PRICE_COLUMNS.items():
            cell = line.cells.get(column, "").strip().replace(",", "")
            if not cell:
                continue
            amount = read_amount(cell, exponent(currency))
            if amount is None:
                self.fault(line.row, column, FileFault.WRONG_PRICE)
            elif known is None or amount != known.prices.get(column):
                found[column] = amount
        return found

    def _faults(self, row: int, wrong: PieceRefused) -> None:
        for name, fault in wrong.faults.items():
            self.fault(row, name, fault)

    def check_pieces(self) -> None:
        """What only shows when all rows of a piece are read."""
        mine: dict[str, list[KnownVariant]] = {}
        for each in self.known.variants.values():
            mine.setdefault(each.code, []).append(each)
        for code, piece in self.pieces.items():
            before = mine.get(code, [])
            skus = {each.marks["sku"] for each in before}
            if len(skus | piece.skus) > VARIANTS_MAX:
                self.fault(piece.row, "sku", FileFault.TOO_MANY_VARIANTS)
            live = [each for each in before if not each.is_retired]
            sells = any(self.skus.get(each.marks["sku"], each.amount) for each in live)
            sells = sells or any(self.skus[sku] for sku in piece.skus - skus)
            if piece.is_listed and not sells and not (piece.known and piece.known.is_listed):
                self.fault(piece.listed_row, "listed", FileFault.NOTHING_TO_SELL)

    def piece_steps(self) -> tuple[PieceStep, ...]:
        """The pieces that something is to be done about."""
        steps = []
        for code, piece in self.pieces.items():
            known = piece.known
            texts = None if known and dict(piece.texts) == dict(known.texts) else piece.texts
            listed = None if piece.is_listed == (known.is_listed if known else False) else piece.is_listed
            if texts is None and listed is None:
                continue
            seen = edition(known.texts) if known else ""
            steps.append(PieceStep(known.id if known else None, code, texts, seen, listed))
        return tuple(steps)
