"""A pop-up's posters as PDF on A4, one a code, in the pop-up's look; Chinese in a font that every reader brings."""

import io
from zoneinfo import ZoneInfo

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from seta.kit.paper import FAINT, INK, centred, draw_code
from seta.popups.queries.storefronts import PopupCard, PosterCard, cover

_HINT = {
    "zh": "微信扫一扫，进入快闪店",
    "en": "Scan with WeChat to come in",
    "it": "Scansioni con WeChat per entrare",
}
_COVER_HEIGHT = 128 * mm
_CODE = 78 * mm


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
        centred(canvas, house, 24, height - _COVER_HEIGHT / 2, white)
    top = height - _COVER_HEIGHT - 22 * mm
    centred(canvas, card.titles["zh"], 30, top, INK)
    centred(canvas, f"{card.titles['en']}  ·  {card.titles['it']}", 12, top - 10 * mm, FAINT)
    opens, closes = card.opens_at.astimezone(zone), card.closes_at.astimezone(zone)
    dates = f"{opens:%Y-%m-%d %H:%M} – {closes:%Y-%m-%d %H:%M}  ({zone.key})"
    centred(canvas, " · ".join(filter(None, (dates, card.place_name))), 11, top - 18 * mm, INK)
    draw_code(canvas, poster.link, (width - _CODE) / 2, 34 * mm, _CODE, accent)
    centred(canvas, _HINT["zh"], 13, 26 * mm, INK)
    centred(canvas, f"{_HINT['en']}  ·  {_HINT['it']}", 9, 20 * mm, FAINT)
    centred(canvas, f"{house}  ·  {poster.label}", 8, 10 * mm, FAINT)


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
