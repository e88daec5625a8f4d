"""A statement as CSV for a spreadsheet: exact decimals, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from zoneinfo import ZoneInfo

from seta.kit.money import decimal_text
from seta.kit.spreadsheets import FORMULA_STARTS
from seta.payments.queries.settlement import PayeeStatement, StatementRow
from seta.payments.statements import words

_COLUMNS = (
    "date",
    "time",
    "kind",
    "number",
    "reference",
    "gross",
    "fee",
    "commission",
    "in",
    "out",
    "balance",
    "currency",
)


def cell(text: str) -> str:
    """A text that a spreadsheet shows and does not run; what looks like a formula gets an apostrophe before it.

    Blanks before the sign do not help: some spreadsheets skip them.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


def statement_csv(statement: PayeeStatement, language: str) -> bytes:
    """UTF-8 with a mark, as Excel needs it for Chinese; lines end in CR LF (RFC 4180).

    Amounts have the currency's decimals and a full stop in every language, and stand in `in` or `out`, so that
    none is negative.
    """
    language = words.language_of(language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(words.word(key, language)) for key in _COLUMNS])
    writer.writerow(
        _balance_line(statement, "opening", statement.since.isoformat(), statement.opening, language)
    )
    for row in statement.rows:
        writer.writerow(_line(statement, row, language))
    writer.writerow(
        _balance_line(statement, "closing", statement.until.isoformat(), statement.closing, language)
    )
    return "\ufeff".encode() + out.getvalue().encode()


def _balance_line(statement: PayeeStatement, key: str, on: str, value: int, language: str) -> list[str]:
    empty = [""] * 7
    shown = decimal_text(value, statement.currency)
    return [on, "", words.word(key, language), *empty, cell(shown), statement.currency]


def _line(statement: PayeeStatement, row: StatementRow, language: str) -> list[str]:
    at = row.at.astimezone(ZoneInfo(statement.timezone))
    amounts = (row.gross, row.fee, row.commission, max(row.amount, 0), max(-row.amount, 0))
    return [
        at.date().isoformat(),
        at.strftime("%H:%M:%S"),
        cell(words.word(row.kind, language)),
        cell(row.number),
        cell(row.reference),
        *(decimal_text(value, statement.currency) if value else "" for value in amounts),
        cell(decimal_text(row.balance, statement.currency)),
        statement.currency,
    ]
