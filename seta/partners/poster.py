"""A business's poster as PDF on A4: what it is called, how one pays, and a code that WeChat opens."""

import io
from urllib.parse import urlencode

from django.conf import settings
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from seta.guide.queries import PartnerCard
from seta.kit.paper import FAINT, INK, centred, draw_code
from seta.kit.scenes import Scene
from seta.partners.rules.comparing import FIELD_NAMES, PAYMENT_NAMES

_HEAD = 58 * mm
_CODE = 110 * mm
_HINTS = (
    "微信扫一扫，查看营业时间、支付方式与优惠",
    "Scan with WeChat: opening hours, ways to pay, offers",
    "Inquadri con WeChat: orari, pagamenti, offerte",
)


def link_of(code: str) -> str:
    """What the print carries: WeChat opens the mini program for it, any other camera the business's page."""
    return f"{settings.PUBLIC_URL}/places/partner:{code}?{urlencode({'scene': Scene(place=code).encode()})}"


def poster_pdf(card: PartnerCard, *, code: str, city: str, accent: str) -> bytes:
    """One page in Chinese, English and Italian; the same listing gives the same bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(card.name_it)
    canvas.setAuthor(city)
    width, height = A4
    colour = HexColor(accent)
    canvas.setFillColor(colour)
    canvas.rect(0, height - _HEAD, width, _HEAD, stroke=0, fill=1)
    centred(canvas, card.name_zh, 34, height - 30 * mm, white)
    other = card.name_it if card.name_en == card.name_it else f"{card.name_it}  ·  {card.name_en}"
    centred(canvas, other, 15, height - 43 * mm, white)
    draw_code(canvas, link_of(code), (width - _CODE) / 2, height - _HEAD - _CODE - 16 * mm, _CODE, colour)
    below = height - _HEAD - _CODE - 32 * mm
    centred(canvas, _HINTS[0], 17, below, INK)
    centred(canvas, _HINTS[1], 11, below - 9 * mm, FAINT)
    centred(canvas, _HINTS[2], 11, below - 15 * mm, FAINT)
    for row, line in enumerate(_lines(card)):
        centred(canvas, line, 12, below - (28 + 7 * row) * mm, INK)
    centred(canvas, " · ".join(filter(None, (card.address, city))), 9, 14 * mm, FAINT)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(card: PartnerCard) -> list[str]:
    """What a Chinese guest looks for at a door, by the facts that the guide states: Chinese, then the other two."""
    facts = [PAYMENT_NAMES[method] for method in ("wechatpay", "alipay", "card") if method in card.payment]
    facts += [
        FIELD_NAMES[flag] for flag in ("menu_zh", "hot_water", "wifi", "tax_free") if getattr(card, flag)
    ]
    lines = ["  ·  ".join(dict.fromkeys(words[at] for words in facts)) for at in range(3)]
    return [line for line in lines if line]
