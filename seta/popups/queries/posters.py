"""A pop-up's posters as PDF on A4, one a code, in the pop-up's look; Chinese in a font that every reader brings."""

import io
from zoneinfo import ZoneInfo

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from seta.popups.queries.storefronts import PopupCard, PosterCard, cover

LATIN, CHINESE = "Helvetica", "STSong-Light"
_INK, _FAINT = HexColor("#16130f"), HexColor("#6b6459")
_HINT = {
    "zh": "微信扫一扫，进入快闪店",
    "en": "Scan with WeChat to come in",
    "it": "Scansioni con WeChat per entrare",
}
_COVER_HEIGHT = 128 * mm
_CODE = 78 * mm

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def poster_pdf(card: PopupCard, *, house: str, timezone: str) -> bytes:
    """A page a poster, titles in Chinese, English and Italian; the same pop-up gives the same bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(card.titles["zh"])
    canvas.setAuthor(house)
    picture = cover(card.cover) if card.cover else None
    for poster in card.posters:
        _page(canvas, card, poster, picture, house, ZoneInfo(timezone))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _page(
    canvas: Canvas, card: PopupCard, poster: PosterCard, picture: bytes | None, house: str, zone: ZoneInfo
) -> None:
    width, height = A4
    accent = HexColor(card.accent)
    canvas.setFillColor(accent)
    canvas.rect(0, height - _COVER_HEIGHT, width, _COVER_HEIGHT, stroke=0, fill=1)
    if picture:
        _fill(canvas, picture, width, height - _COVER_HEIGHT)
        canvas.setFillColor(accent)
        canvas.rect(0, height - _COVER_HEIGHT - 3 * mm, width, 3 * mm, stroke=0, fill=1)
    else:
        _centred(canvas, house, 24, height - _COVER_HEIGHT / 2, white)
    top = height - _COVER_HEIGHT - 22 * mm
    _centred(canvas, card.titles["zh"], 30, top, _INK)
    _centred(canvas, f"{card.titles['en']}  ·  {card.titles['it']}", 12, top - 10 * mm, _FAINT)
    opens, closes = card.opens_at.astimezone(zone), card.closes_at.astimezone(zone)
    dates = f"{opens:%Y-%m-%d %H:%M} – {closes:%Y-%m-%d %H:%M}  ({zone.key})"
    _centred(canvas, " · ".join(filter(None, (dates, card.place_name))), 11, top - 18 * mm, _INK)
    _draw_code(canvas, poster.link, (width - _CODE) / 2, 34 * mm, accent)
    _centred(canvas, _HINT["zh"], 13, 26 * mm, _INK)
    _centred(canvas, f"{_HINT['en']}  ·  {_HINT['it']}", 9, 20 * mm, _FAINT)
    _centred(canvas, f"{house}  ·  {poster.label}", 8, 10 * mm, _FAINT)


def _fill(canvas: Canvas, picture: bytes, width: float, bottom: float) -> None:
    """The picture over the whole upper part, cut at its longer side."""
    image = ImageReader(io.BytesIO(picture))
    wide, high = image.getSize()
    scale = max(width / wide, _COVER_HEIGHT / high)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(0, bottom, width, _COVER_HEIGHT)
    canvas.clipPath(clip, stroke=0)
    left = (width - wide * scale) / 2
    canvas.drawImage(image, left, bottom + (_COVER_HEIGHT - high * scale) / 2, wide * scale, high * scale)
    canvas.restoreState()


def _draw_code(canvas: Canvas, content: str, left: float, bottom: float, accent: HexColor) -> None:
    """The QR code as squares, dark on white with its quiet zone, so that it stays sharp at any size."""
    rows = [list(row) for row in segno.make(content, error="m").matrix_iter(border=4)]
    side = _CODE / len(rows)
    canvas.setFillColor(white)
    canvas.setStrokeColor(accent)
    canvas.roundRect(left, bottom, _CODE, _CODE, 3 * mm, stroke=1, fill=1)
    canvas.setFillColor(_INK)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(
                    left + across * side,
                    bottom + _CODE - (down + 1) * side,
                    side * 1.01,
                    side * 1.01,
                    stroke=0,
                    fill=1,
                )


def _centred(canvas: Canvas, text: str, size: float, y: float, colour: HexColor) -> None:
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
