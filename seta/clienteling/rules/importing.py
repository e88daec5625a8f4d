"""Reads a client book from CSV, and says row by row what is wrong with it, in the reader's language."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from seta.clienteling.rules.sizes import CATEGORIES, SYSTEMS, in_all_systems
from seta.kit.words import in_language

ROWS_MAX, BYTES_MAX = 20_000, 8_000_000
COLUMNS = (
    "name",
    "phone",
    "remark",
    "birthday",
    "language",
    "size_category",
    "size_system",
    "size",
    "preference",
    "note",
    "consent_messages",
)
LANGUAGES = ("zh-hans", "en", "it")
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_YES, _NO = {"yes", "si", "sì", "是", "1"}, {"no", "否", "0", ""}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "not_text": {
        "en": "This is not UTF-8 text. Save the sheet as “CSV UTF-8” and try again.",
        "it": "Non è testo UTF-8. Salva il foglio come «CSV UTF-8» e riprova.",
        "zh": "文件不是 UTF-8 文本，请另存为“CSV UTF-8”后重试。",
    },
    "too_big": {
        "en": "The file is larger than 8 MB or 20,000 rows. Split it.",
        "it": "Il file supera 8 MB o 20.000 righe. Dividilo.",
        "zh": "文件超过 8 MB 或 20,000 行，请拆分。",
    },
    "no_name_column": {
        "en": "The first row must name the columns; “name” and “phone” are needed.",
        "it": "La prima riga deve dare i nomi delle colonne; servono «name» e «phone».",
        "zh": "首行须为列名，且必须包含“name”和“phone”。",
    },
    "unknown_column": {
        "en": "There is no such column. Remove it or correct its name.",
        "it": "Colonna sconosciuta. Toglila o correggi il nome.",
        "zh": "没有此列，请删除或更正列名。",
    },
    "name": {
        "en": "Write a name of at most 80 characters.",
        "it": "Scrivi un nome di al massimo 80 caratteri.",
        "zh": "请填写姓名，最多80字。",
    },
    "phone": {
        "en": "Write the phone number in digits, with the country code, such as +8613800001234.",
        "it": "Scrivi il telefono in cifre con il prefisso, per esempio +8613800001234.",
        "zh": "请填写含国家代码的电话号码，例如 +8613800001234。",
    },
    "twice": {
        "en": "This phone number stands in the file twice.",
        "it": "Questo numero è presente due volte nel file.",
        "zh": "文件中此电话号码重复。",
    },
    "birthday": {
        "en": "Write the birthday as 1990-05-20 or 05-20.",
        "it": "Scrivi il compleanno come 1990-05-20 o 05-20.",
        "zh": "生日格式应为 1990-05-20 或 05-20。",
    },
    "language": {
        "en": "The language is zh-hans, en or it.",
        "it": "La lingua è zh-hans, en o it.",
        "zh": "语言须为 zh-hans、en 或 it。",
    },
    "size": {
        "en": "This size is not in the chart of its category and system (IT, FR, EU, US, CN).",
        "it": "La taglia non è nella tabella della categoria e del sistema (IT, FR, EU, US, CN).",
        "zh": "该品类与尺码制（IT、FR、EU、US、CN）中没有此尺码。",
    },
    "too_long": {
        "en": "This is too long: 80 characters for a remark, 120 for a preference, 1000 for a note.",
        "it": "Troppo lungo: 80 caratteri per l'appunto breve, 120 per la preferenza, 1000 per la nota.",
        "zh": "内容过长：备注最多80字，偏好120字，笔记1000字。",
    },
    "consent_messages": {
        "en": "Write yes or no.",
        "it": "Scrivi sì o no.",
        "zh": "请填写“是”或“否”。",
    },
    "withdrawn": {
        "en": "This client has said no to messages. Leave the cell empty; a new yes is noted on their page.",
        "it": "Questo cliente ha detto no ai messaggi. Lascia vuota la cella; un nuovo sì si annota nella sua pagina.",
        "zh": "该客户已拒绝接收消息，请将此格留空；如客户重新同意，请在客户页面记录。",
    },
    "nul": {
        "en": "The row holds a character that cannot be kept. Remove it.",
        "it": "La riga contiene un carattere che non si può conservare. Toglilo.",
        "zh": "该行含有无法保存的字符，请删除。",
    },
}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row (the first below the header is 2) and a column, with what to do."""

    row: int
    column: str
    code: str

    def text(self, language: str) -> str:
        """The problem in zh-hans, it or English."""
        return in_language(_WORDS[self.code], language, "en")


@dataclass(frozen=True)
class ClientLine:
    """A client as a row of the file tells of them; `birthday` is (month, day, year or None)."""

    row: int
    name: str
    phone: str
    remark: str = ""
    birthday: tuple[int, int, int | None] | None = None
    language: str = ""
    size: tuple[str, str, str] | None = None
    preference: str = ""
    note: str = ""
    consents: bool | None = None


@dataclass(frozen=True)
class ReadBook:
    """The rows that can be kept and what is wrong with the others."""

    lines: tuple[ClientLine, ...]
    problems: tuple[RowProblem, ...]


def read_book(data: bytes) -> ReadBook:
    """Read a CSV file; a row with any problem is left out whole, and every problem is told."""
    if len(data) > BYTES_MAX:
        return ReadBook((), (RowProblem(1, "", "too_big"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ReadBook((), (RowProblem(1, "", "not_text"),))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return _read_table(reader)
    except csv.Error:
        return ReadBook((), (RowProblem(reader.line_num, "", "not_text"),))


def _read_table(reader: Iterator[list[str]]) -> ReadBook:
    header = [cell.strip().lower() for cell in next(reader, [])]
    if not {"name", "phone"} <= set(header):
        return ReadBook((), (RowProblem(1, "name", "no_name_column"),))
    unknown = [cell for cell in header if cell and cell not in COLUMNS]
    if unknown:
        return ReadBook((), tuple(RowProblem(1, cell, "unknown_column") for cell in unknown))
    return _read_rows(header, reader)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _read_rows(header: Sequence[str], reader: Iterator[list[str]]) -> ReadBook:
    lines: list[ClientLine] = []
    problems: list[RowProblem] = []
    phones: set[str] = set()
    for number, cells in enumerate(reader, start=2):
        if number > ROWS_MAX + 1:
            return ReadBook((), (RowProblem(number, "", "too_big"),))
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        line, found = _read_row(number, row)
        if line and line.phone in phones:
            found = [RowProblem(number, "phone", "twice")]
        if line and not found:
            phones.add(line.phone)
            lines.append(line)
        problems += found
    return ReadBook(tuple(lines), tuple(problems))


def _read_row(number: int, row: Mapping[str, str]) -> tuple[ClientLine | None, list[RowProblem]]:
    found = [RowProblem(number, column, column) for column in _wrong(row)]
    if any("\x00" in cell for cell in row.values()):
        found.append(RowProblem(number, "", "nul"))
    for column, most in (("remark", 80), ("preference", 120), ("note", 1000)):
        if len(row.get(column, "")) > most:
            found.append(RowProblem(number, column, "too_long"))
    if found:
        return None, found
    size = tuple(row.get(key, "") for key in ("size_category", "size_system", "size"))
    said = row.get("consent_messages", "").casefold()
    return (
        ClientLine(
            row=number,
            name=row["name"],
            phone=plain_phone(row["phone"]),
            remark=row.get("remark", ""),
            birthday=birthday_of(row.get("birthday", "")),
            language=row.get("language", ""),
            size=(size[0], size[1].upper(), size[2]) if size[2] else None,
            preference=row.get("preference", ""),
            note=row.get("note", ""),
            consents=(said in _YES) if said else None,
        ),
        [],
    )


def _wrong(row: Mapping[str, str]) -> list[str]:
    wrong = []
    if not 0 < len(row.get("name", "")) <= 80:
        wrong.append("name")
    if not _PHONE.fullmatch(plain_phone(row.get("phone", ""))):
        wrong.append("phone")
    if row.get("birthday") and birthday_of(row["birthday"]) is None:
        wrong.append("birthday")
    if row.get("language", "") not in ("", *LANGUAGES):
        wrong.append("language")
    if row.get("size") and not _is_size(row):
        wrong.append("size")
    if row.get("consent_messages", "").casefold() not in _YES | _NO:
        wrong.append("consent_messages")
    return wrong


def _is_size(row: Mapping[str, str]) -> bool:
    category, system = row.get("size_category", ""), row.get("size_system", "").upper()
    known = category in CATEGORIES and system in SYSTEMS
    return known and bool(in_all_systems(category, system, row["size"]))


def plain_phone(text: str) -> str:
    """A phone number without the blanks, dashes and brackets people write."""
    return re.sub(r"[\s()./-]", "", text)


def birthday_of(text: str) -> tuple[int, int, int | None] | None:
    """(month, day, year or None) of 1990-05-20 or 05-20; None for what is no day."""
    found = re.fullmatch(r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})", text.strip())
    if not found:
        return None
    year = int(found[1]) if found[1] else None
    try:
        date(year or 2000, int(found[2]), int(found[3]))
    except ValueError:
        return None
    return int(found[2]), int(found[3]), year
