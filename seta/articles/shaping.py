"""Gathers what a page of an article shows besides its words: pictures, and the cards of places and pieces now."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings

from seta.articles.models import Picture
from seta.articles.rules.content import Content
from seta.articles.rules.markup import is_inside
from seta.articles.rules.page import Card, Shape, Shown, render
from seta.boutique import queries as boutique
from seta.guide import queries as guide
from seta.houses.queries import house

PAGES: Mapping[str, str] = {"place": "pages/place/place", "product": "pages/product/product"}
"""Where the mini program shows a place and a piece."""


@dataclass(frozen=True)
class PictureCard:
    """A picture of the house's articles."""

    id: int
    sha256: str
    width: int
    height: int
    credit: str
    alt: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address on this server, without the host."""
        return f"/articles/pictures/{self.sha256}.jpg"


def pictures_of(house_id: int, numbers: Iterable[int]) -> dict[int, PictureCard]:
    """The house's pictures of these numbers; others are left out."""
    rows = Picture.objects.filter(house_id=house_id, pk__in=list(numbers))
    return {row.pk: picture_card(row) for row in rows}


def picture_card(row: Picture) -> PictureCard:
    """A picture as pages show it."""
    alt = {"zh": row.alt_zh, "en": row.alt_en or row.alt_zh, "it": row.alt_it or row.alt_zh}
    return PictureCard(row.pk, row.sha256, row.width, row.height, row.credit, alt)


def cards_of(house_id: int, targets: Iterable[str], *, language: str, now: datetime) -> dict[str, Card]:
    """Which of `place:code` and `product:code` can be shown now, and what their cards say."""
    day = now.astimezone(ZoneInfo(house(house_id).timezone)).date()
    spoken = "zh-hans" if language == "zh" else language
    found: dict[str, Card] = {}
    for target in targets:
        kind, _, code = target.partition(":")
        if kind == "place":
            place = guide.place(house_id, code, day=day, language=spoken)
            if place is not None:
                found[target] = Card(place.name, f"{place.category_name} · {place.hours_today}")
        else:
            piece = boutique.product(house_id=house_id, code=code, language=language, now=now)
            if piece is not None:
                found[target] = Card(piece.name, piece.description[:60])
    return found


def lead_on_the_web(target: str) -> str:
    """An anchor's attributes on a page of ours: places have one, pieces are only in the mini program."""
    if target.startswith("place:"):
        return f'href="/places/{escape(target[6:])}"'
    return "" if is_inside(target) else f'href="{escape(target)}" rel="noopener nofollow" target="_blank"'


def lead_in_wechat(appid: str) -> Callable[[str], str]:
    """Anchors as the account's articles take them: into the house's mini program and nowhere else."""

    def lead(target: str) -> str:
        kind, _, code = target.partition(":")
        if not appid or not is_inside(target):
            return ""
        path = f"{PAGES[kind]}?code={code}"
        return f'data-miniprogram-appid="{escape(appid)}" data-miniprogram-path="{escape(path)}" href=""'

    return lead


def shape_of(
    house_id: int,
    content: Content,
    language: str,
    *,
    targets: Iterable[str],
    addresses: Mapping[int, str] | None = None,
    lead: Callable[[str], str] = lead_on_the_web,
    now: datetime,
) -> Shape:
    """A shape for a page of ours, or with the addresses and anchors of the account."""
    pictures = pictures_of(house_id, content.pictures())
    shown = {
        number: Shown(addresses[number] if addresses else card.url, card.alt, card.credit)
        for number, card in pictures.items()
        if not addresses or number in addresses
    }
    cards = cards_of(house_id, targets, language=language, now=now)
    return Shape(shown, cards, lead, tells_links=lead is not lead_on_the_web)


def body_of(house_id: int, content: Content, language: str, *, targets: Iterable[str], now: datetime) -> str:
    """The body as our own pages show it."""
    return render(content, language, shape_of(house_id, content, language, targets=targets, now=now))


def address_of(house_code: str, code: str, mark: str = "") -> str:
    """The address of an article's page on this server; `mark` tells publications apart."""
    address = f"{settings.PUBLIC_URL}/articles/{house_code}/{code}"
    return f"{address}?p={mark}" if mark else address
