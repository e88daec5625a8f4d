"""A statement as PDF on A4 across, by reportlab; Chinese in a font that every reader brings, so none is shipped."""

import io
from collections.abc import Sequence
from functools import partial
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from seta.payments.queries.settlement import PayeeStatement, StatementRow
from seta.payments.statements import words

LATIN, LATIN_BOLD, CHINESE = "Helvetica", "Helvetica-Bold", "STSong-Light"
_INK, _FAINT, _RULE = colors.HexColor("#1b1b1b"), colors.HexColor("#6b6b6b"), colors.HexColor("#c9c4ba")
_COLUMNS = ("date", "kind", "number", "reference", "gross", "fee", "commission", "in", "out", "balance")
_WIDTHS = [width * mm for width in (31, 33, 52, 37, 21, 17, 19, 21, 21, 22)]
_FIRST_AMOUNT = 4
_MARGIN = 11 * mm
_FRAME_PADDING = 6  # points, which the document adds to its margins

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))

_CELL = ParagraphStyle("cell", fontName=LATIN, fontSize=7.5, leading=10, textColor=_INK, wordWrap="CJK")
_HEAD = ParagraphStyle("head", parent=_CELL, textColor=_FAINT)
_HEAD_RIGHT = ParagraphStyle("head-right", parent=_HEAD, alignment=2)
_TITLE = ParagraphStyle("title", parent=_CELL, fontSize=17, leading=24)
_FACT = ParagraphStyle("fact", parent=_CELL, fontSize=9, leading=13)


def statement_pdf(statement: PayeeStatement, language: str) -> bytes:
    """The whole statement; the same one gives the same bytes, as no clock or random name gets into the file."""
    language = words.language_of(language)
    out = io.BytesIO()
    foot = partial(_foot, statement=statement, language=language)
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=16 * mm,
        title=f"{words.word('title', language)} {statement.name}",
        author=statement.house_name,
        lang={"zh": "zh-CN", "en": "en", "it": "it"}[language],
        invariant=1,
    )
    document.build(
        [
            Paragraph(mixed(words.word("title", language)), _TITLE),
            _facts(statement, language),
            Spacer(1, 5 * mm),
            _table(statement, language),
            Spacer(1, 3 * mm),
            Paragraph(mixed(words.word("note", language)), _HEAD),
        ],
        onFirstPage=foot,
        onLaterPages=foot,
    )
    return out.getvalue()


def mixed(text: str) -> str:
    """A text as reportlab's markup: what the Latin font lacks is set in the Chinese one, run by run."""
    runs: list[tuple[bool, str]] = []
    for sign in text:
        # The Chinese font's encoding ends with the basic plane.
        shown = sign if ord(sign) <= 0xFFFF and sign.isprintable() else "\u25a1"
        is_latin = _is_latin(shown)
        if runs and (runs[-1][0] == is_latin or shown == " "):
            runs[-1] = (runs[-1][0], runs[-1][1] + shown)
        else:
            runs.append((is_latin, shown))
    return "".join(
        escape(run) if is_latin else f'<font name="{CHINESE}">{escape(run)}</font>' for is_latin, run in runs
    )


def _is_latin(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _facts(statement: PayeeStatement, language: str) -> Table:
    period = f"{words.day(statement.since, language)} – {words.day(statement.until, language)}"
    pairs = [
        ("payee", statement.name),
        ("by", statement.house_name),
        ("period", f"{period} ({statement.timezone})"),
        ("currency", statement.currency),
        ("opening", words.amount(statement.opening, statement.currency, language)),
        ("closing", words.amount(statement.closing, statement.currency, language)),
    ]
    cells = [
        [Paragraph(mixed(words.word(key, language)), _HEAD), Paragraph(mixed(value), _FACT)]
        for key, value in pairs
    ]
    table = Table(cells, colWidths=[36 * mm, 150 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return table


def _table(statement: PayeeStatement, language: str) -> LongTable:
    head = [
        Paragraph(mixed(words.word(key, language)), _HEAD_RIGHT if place >= _FIRST_AMOUNT else _HEAD)
        for place, key in enumerate(_COLUMNS)
    ]
    rows = [head, _balance_row(statement, "opening", language)]
    rows += [_row(statement, row, language) for row in statement.rows]
    rows += [_total_row(statement, language), _balance_row(statement, "closing", language)]
    table = LongTable(rows, colWidths=_WIDTHS, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), LATIN, 7.5, 10),
                ("FONT", (_FIRST_AMOUNT, -2), (-1, -1), LATIN_BOLD, 7.5, 10),
                ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
                ("ALIGN", (_FIRST_AMOUNT, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, _INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, _RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def _row(statement: PayeeStatement, row: StatementRow, language: str) -> list[object]:
    at = row.at.astimezone(ZoneInfo(statement.timezone))
    amounts = (row.gross, row.fee, row.commission, max(row.amount, 0), max(-row.amount, 0))
    return [
        _text(f"{words.day(at, language)} {at:%H:%M}"),
        _text(words.word(row.kind, language)),
        _text(row.number),
        _text(row.reference),
        *_amounts(amounts, statement, language),
        words.amount(row.balance, statement.currency, language),
    ]


def _total_row(statement: PayeeStatement, language: str) -> list[object]:
    sums = (
        sum(row.amount for row in statement.rows if row.amount > 0),
        -sum(row.amount for row in statement.rows if row.amount < 0),
    )
    shown = _amounts(sums, statement, language)
    return ["", _text(words.word("total", language)), "", "", "", "", "", *shown, ""]


def _balance_row(statement: PayeeStatement, key: str, language: str) -> list[object]:
    on, value = (
        (statement.since, statement.opening) if key == "opening" else (statement.until, statement.closing)
    )
    balance = words.amount(value, statement.currency, language)
    return [_text(words.day(on, language)), _text(words.word(key, language)), *[""] * 7, balance]


def _amounts(values: Sequence[int], statement: PayeeStatement, language: str) -> list[object]:
    return [words.amount(value, statement.currency, language) if value else "" for value in values]


def _text(text: str) -> Paragraph:
    return Paragraph(mixed(text), _CELL)


def _foot(canvas: Canvas, document: SimpleDocTemplate, *, statement: PayeeStatement, language: str) -> None:
    page = words.word("page", language).format(page=document.page)
    foot = Paragraph(
        mixed(f"{statement.house_name} · {statement.payee} · {statement.currency} · {page}"), _HEAD
    )
    foot.wrapOn(canvas, document.width, 10 * mm)
    foot.drawOn(canvas, _MARGIN + _FRAME_PADDING, 8 * mm)
