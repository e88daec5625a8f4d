"""Draws on A4: lines in Latin and Chinese letters, and QR codes as squares that stay sharp at any size."""

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

LATIN, CHINESE = "Helvetica", "STSong-Light"
"""PDF readers bring both themselves: no font is shipped, and its licence is no question of ours."""

INK, FAINT = HexColor("#16130f"), HexColor("#6b6459")

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def draw_code(
    canvas: Canvas, content: str, left: float, bottom: float, side: float, accent: HexColor
) -> None:
    """The QR code as squares, dark on white with its quiet zone, `side` points wide."""
    rows = [list(row) for row in segno.make(content, error="m").matrix_iter(border=4)]
    square = side / len(rows)
    canvas.setFillColor(white)
    canvas.setStrokeColor(accent)
    canvas.roundRect(left, bottom, side, side, 3 * mm, stroke=1, fill=1)
    canvas.setFillColor(INK)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(
                    left + across * square,
                    bottom + side - (down + 1) * square,
                    square * 1.01,
                    square * 1.01,
                    stroke=0,
                    fill=1,
                )


def centred(canvas: Canvas, text: str, size: float, y: float, colour: HexColor) -> None:
    """A line in the middle, smaller when it is too long, each run in the font that has it."""
    runs = _runs(text)
    width = sum(pdfmetrics.stringWidth(run, font, size) for font, run in runs)
    room = A4[0] - 30 * mm
    if width > room:
        size, width = size * room / width, room
    canvas.setFillColor(colour)
    x = (A4[0] - width) / 2
    for font, run in runs:
        canvas.setFont(font, size)
        canvas.drawString(x, y, run)
        x += pdfmetrics.stringWidth(run, font, size)


def _runs(text: str) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for sign in text:
        shown = sign if ord(sign) <= 0xFFFF and sign.isprintable() else "\u25a1"
        font = LATIN if _is_latin(shown) else CHINESE
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + shown)
        else:
            runs.append((font, shown))
    return runs


def _is_latin(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
