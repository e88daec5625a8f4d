"""A catalogue's file as rows of cells: read in the encodings that spreadsheets write, and what may be wrong with it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seta.boutique.rules.editing import DESCRIPTIONS, LANGUAGES, MARKS, NAMES, Fault, fault_words
from seta.boutique.rules.prices import PRICE_COLUMNS
from seta.kit.spreadsheets import shown

COLUMNS = ("code", *NAMES, *DESCRIPTIONS, "listed", *MARKS, *PRICE_COLUMNS)
ROWS_MAX, CHANGES_MAX = 5_000, 1_000
STOCK_MAX = 1_000_000
_DELIMITERS = ",;\t"
_YES = frozenset({"yes", "y", "true", "1", "sì", "si", "是", "上架"})
_NO = frozenset({"no", "n", "false", "0", "否", "下架"})


class FileFault(StrEnum):
    """What is wrong with a file, or with a row of it beyond one field."""

    NOT_TEXT = "not_text"
    NO_ROWS = "no_rows"
    NO_CODE_COLUMN = "no_code_column"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_CHANGES = "too_many_changes"
    TEXTS_DIFFER = "texts_differ"
    OTHER_PIECE = "other_piece"
    SKU_TWICE = "sku_twice"
    GTIN_TWICE = "gtin_twice"
    WRONG_PRICE = "wrong_price"
    WRONG_LISTED = "wrong_listed"
    WRONG_STOCK = "wrong_stock"
    NOTHING_TO_SELL = "nothing_to_sell"
    TOO_MANY_VARIANTS = "too_many_variants"


_WORDS: Mapping[FileFault, tuple[str, str, str]] = {
    FileFault.NOT_TEXT: (
        "这不是文本表格，请另存为 CSV（UTF-8 或 GB18030）。",
        "This is no text table. Save it as CSV in UTF-8 or GB18030.",
        "Non è una tabella di testo. La salvi come CSV in UTF-8 o GB18030.",
    ),
    FileFault.NO_ROWS: (
        "文件中没有数据行。",
        "There is no row under the headings.",
        "Non c'è nessuna riga sotto le intestazioni.",
    ),
    FileFault.NO_CODE_COLUMN: (
        "缺少 code 列，无法知道每行属于哪件作品。",
        "A column named code is missing: it says which piece a row is of.",
        "Manca la colonna code, che dice di quale pezzo è la riga.",
    ),
    FileFault.UNKNOWN_COLUMN: (
        "没有这一列，请改名或删除；库存不由文件更改。",
        "There is no such column. Rename or remove it; stock is not changed by a file.",
        "Questa colonna non esiste. La rinomini o la tolga; le giacenze non si cambiano con un file.",
    ),
    FileFault.COLUMN_TWICE: (
        "此列出现两次，请删除一列。",
        "This column is there twice; remove one.",
        "La colonna compare due volte; ne tolga una.",
    ),
    FileFault.TOO_MANY_CELLS: (
        "此行单元格多于标题，请检查引号和逗号。",
        "The row has more cells than headings: check its quotation marks and commas.",
        "La riga ha più celle delle intestazioni: controlli virgolette e virgole.",
    ),
    FileFault.TOO_MANY_ROWS: (
        f"每个文件最多 {ROWS_MAX} 行，请分成几个文件。",
        f"A file holds at most {ROWS_MAX} rows; split it.",
        f"Un file contiene al massimo {ROWS_MAX} righe; lo divida.",
    ),
    FileFault.TOO_MANY_CHANGES: (
        f"每个文件最多更改 {CHANGES_MAX} 行，请分成几个文件。",
        f"A file changes at most {CHANGES_MAX} rows; split it.",
        f"Un file cambia al massimo {CHANGES_MAX} righe; lo divida.",
    ),
    FileFault.TEXTS_DIFFER: (
        "同一作品在上方行中写法不同，请统一或留空。",
        "An earlier row says something else of the same piece. Make them alike, or leave this empty.",
        "Una riga precedente dice altro dello stesso pezzo. Le uniformi, o lasci vuoto.",
    ),
    FileFault.OTHER_PIECE: (
        "此款式属于另一件作品。",
        "This variant belongs to another piece.",
        "Questa variante appartiene a un altro pezzo.",
    ),
    FileFault.SKU_TWICE: (
        "此款式代码已在上方行中出现。",
        "This variant is in an earlier row already.",
        "Questa variante è già in una riga precedente.",
    ),
    FileFault.GTIN_TWICE: (
        "此条码已在上方行中出现。",
        "This barcode is in an earlier row already.",
        "Questo codice a barre è già in una riga precedente.",
    ),
    FileFault.WRONG_PRICE: (
        "请填写大于零的价格，例如 8888.00，小数位不超过该货币；留空则不变。",
        "Write a price above zero, such as 8888.00, with no more decimals than its currency has; empty leaves it.",
        "Scriva un prezzo sopra lo zero, ad esempio 8888.00, con i decimali della valuta; vuoto lo lascia com'è.",
    ),
    FileFault.WRONG_STOCK: (
        f"请填写 0 至 {STOCK_MAX} 的整数，列名为 stock:地点。",
        f"Write a whole number from 0 to {STOCK_MAX}, in a column named stock:place.",
        f"Scriva un numero intero da 0 a {STOCK_MAX}, in una colonna stock:luogo.",
    ),
    FileFault.WRONG_LISTED: (
        "请填写 yes 或 no；留空则不变。",
        "Write yes or no; empty leaves it as it is.",
        "Scriva yes o no; vuoto lo lascia com'è.",
    ),
    FileFault.NOTHING_TO_SELL: (
        "上架的作品须有带价格的款式。",
        "A piece on the list needs a variant with a price.",
        "Un pezzo in lista deve avere una variante con un prezzo.",
    ),
    FileFault.TOO_MANY_VARIANTS: (
        "此作品的款式过多。",
        "The piece would have too many variants.",
        "Il pezzo avrebbe troppe varianti.",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One fault: the row as a spreadsheet counts it (headings are 1; 0 is the whole file), the column, what it is."""

    row: int
    column: str
    fault: Fault | FileFault

    def words(self, language: str) -> str:
        """What to do about it, in the reader's language; Chinese for any that we do not write."""
        if isinstance(self.fault, Fault):
            return fault_words(self.fault, self.column, language)
        short = language[:2] if language[:2] in LANGUAGES else "zh"
        return _WORDS[self.fault][LANGUAGES.index(short)]


@dataclass(frozen=True)
class Line:
    """A row with its number and the cells of the columns that the file has."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """What a file holds; with problems its rows are not to be used."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def text_of(data: bytes) -> str | None:
    """A file's text: UTF-8, the UTF-16 that spreadsheets call Unicode, or GB18030; None when it is none of them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def read_table(text: str) -> Table:
    """The rows of a file with commas, semicolons or tabs; a column that it lacks leaves what it is about alone."""
    heading = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        problems = _headings(names)
        lines = [] if problems else _lines(reader, names, problems)
    except csv.Error:
        return Table((), (Problem(0, "", FileFault.NOT_TEXT),))
    if not lines and not problems:
        problems.append(Problem(0, "", FileFault.NO_ROWS))
    return Table(tuple(lines), tuple(problems))


def _headings(names: Sequence[str]) -> list[Problem]:
    problems = [Problem(1, name[:40], FileFault.UNKNOWN_COLUMN) for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    problems += [Problem(1, name, FileFault.COLUMN_TWICE) for name in twice]
    if "code" not in names:
        problems.append(Problem(1, "code", FileFault.NO_CODE_COLUMN))
    return problems


def _lines(rows: Iterable[Sequence[str]], names: Sequence[str], problems: list[Problem]) -> list[Line]:
    lines: list[Line] = []
    for row, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == ROWS_MAX:
            problems.append(Problem(row, "", FileFault.TOO_MANY_ROWS))
            break
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.append(Problem(row, "", FileFault.TOO_MANY_CELLS))
            continue
        padded = [*cells, *[""] * (len(names) - len(cells))]
        lines.append(Line(row, {name: shown(cell) for name, cell in zip(names, padded, strict=False)}))
    return lines


def listed_of(cell: str) -> bool | None:
    """Whether a cell says yes or no, in any of our languages; None when it says neither."""
    said = cell.strip().lower()
    return True if said in _YES else False if said in _NO else None


def pieces_of_cell(text: str) -> int | None:
    """A count of pieces; None when it is not a whole number within bounds."""
    if not text.isascii() or not text.isdigit() or len(text) > 8:
        return None
    return int(text) if int(text) <= STOCK_MAX else None
