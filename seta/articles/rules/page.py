"""An article as WeChat shows it: plain elements, every style inline, every word escaped.

WeChat takes no scripts, no style sheets and no picture that was not uploaded to it, and lets words lead to a mini
program but to no other site; what leads elsewhere is therefore told at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from seta.articles.rules.content import Block, Content
from seta.articles.rules.markup import Part, Span, is_address, is_inside, parts

P = "margin:0 0 18px;line-height:1.8;font-size:16px;color:#16130f;"
H = "margin:30px 0 14px;line-height:1.4;font-size:19px;font-weight:600;color:#16130f;"
LI = "margin:0 0 8px;padding:0 0 0 16px;line-height:1.8;font-size:16px;color:#16130f;text-indent:-12px;"
A = "color:#576b95;text-decoration:none;"
FIGURE = "margin:0 0 20px;text-align:center;"
IMG = "width:100%;height:auto;display:block;border-radius:4px;"
CAPTION = "margin:8px 0 0;line-height:1.5;font-size:13px;color:#6b645b;"
CARD = "margin:0 0 20px;padding:14px 16px;border:1px solid #e4dfd6;border-radius:8px;background:#faf8f4;"
CARD_TITLE = "margin:0 0 4px;line-height:1.4;font-size:16px;font-weight:600;color:#16130f;"
CARD_NOTE = "margin:0 0 8px;line-height:1.5;font-size:13px;color:#6b645b;"
FOOT = "margin:28px 0 0;padding:14px 0 0;border-top:1px solid #e4dfd6;line-height:1.6;font-size:13px;color:#6b645b;"

WORDS: Mapping[str, Mapping[str, str]] = {
    "photo": {"zh": "图片", "en": "Picture", "it": "Immagine"},
    "links": {"zh": "文中链接", "en": "Links in this article", "it": "Collegamenti nell’articolo"},
    "place": {"zh": "查看地点", "en": "See the place", "it": "Vedi il luogo"},
    "product": {"zh": "查看作品", "en": "See the piece", "it": "Vedi il pezzo"},
}


@dataclass(frozen=True)
class Shown:
    """A picture as it is shown: where it lies, what it shows in each language, and whose it is."""

    url: str
    alt: Mapping[str, str]
    credit: str


@dataclass(frozen=True)
class Card:
    """What the card of a place or product says."""

    title: str
    note: str = ""


@dataclass(frozen=True)
class Shape:
    """What differs between the account and pages of ours; `lead` gives an anchor's attributes or nothing."""

    pictures: Mapping[int, Shown]
    cards: Mapping[str, Card]
    lead: Callable[[str], str]
    tells_links: bool = False
    links: list[str] = field(default_factory=list)


def render(content: Content, language: str, shape: Shape) -> str:
    """The body in a language; what is not there to be shown is left out."""
    body = "".join(_block(block, language, shape) for block in content.blocks)
    return f"<section>{body}{_foot(language, shape)}</section>"


def _block(block: Block, language: str, shape: Shape) -> str:
    if block.kind == "text":
        return "".join(_part(part, shape) for part in parts(block.text.get(language, "")))
    if block.kind == "picture":
        return _picture(block, language, shape)
    return _card(block, language, shape)


def _part(part: Part, shape: Shape) -> str:
    words = "".join(_span(span, shape) for span in part.spans)
    if part.kind == "h":
        return f'<h2 style="{H}">{words}</h2>'
    if part.kind == "li":
        return f'<p style="{LI}">· {words}</p>'
    return f'<p style="{P}">{words}</p>'


def _span(span: Span, shape: Shape) -> str:
    words = escape(span.words).replace("\n", "<br>")
    if span.strong:
        return f"<strong>{words}</strong>"
    if not (is_inside(span.target) or is_address(span.target)):
        return words
    attributes = shape.lead(span.target)
    if attributes:
        return f'<a {attributes} style="{A}">{words}</a>'
    if not shape.tells_links or is_inside(span.target):
        return words
    if span.target not in shape.links:
        shape.links.append(span.target)
    return f"{words}<sup>[{shape.links.index(span.target) + 1}]</sup>"


def _picture(block: Block, language: str, shape: Shape) -> str:
    shown = shape.pictures.get(block.picture or 0)
    if shown is None:
        return ""
    alt = escape(shown.alt.get(language) or shown.alt.get("zh", ""))
    said = [block.text.get(language, ""), f"{WORDS['photo'][language]} © {shown.credit}"]
    caption = " · ".join(escape(each) for each in said if each)
    image = f'<img src="{escape(shown.url)}" alt="{alt}" style="{IMG}">'
    return f'<figure style="{FIGURE}">{image}<figcaption style="{CAPTION}">{caption}</figcaption></figure>'


def _card(block: Block, language: str, shape: Shape) -> str:
    card = shape.cards.get(block.target)
    if card is None:
        return ""
    note = f'<p style="{CARD_NOTE}">{escape(card.note)}</p>' if card.note else ""
    attributes = shape.lead(block.target)
    more = (
        f'<a {attributes} style="{A}font-size:14px;">{WORDS[block.kind][language]} ›</a>'
        if attributes
        else ""
    )
    return f'<section style="{CARD}"><p style="{CARD_TITLE}">{escape(card.title)}</p>{note}{more}</section>'


def _foot(language: str, shape: Shape) -> str:
    if not shape.links:
        return ""
    rows = "".join(f"<br>[{number}] {escape(link)}" for number, link in enumerate(shape.links, 1))
    return f'<p style="{FOOT}">{WORDS["links"][language]}{rows}</p>'
