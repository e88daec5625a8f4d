"""A pop-up as it is shown: its look, its dates, its codes and what it offers now."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from seta.boutique.queries import ProductCard, products
from seta.kit.scenes import Scene
from seta.popups import pictures
from seta.popups.models import Popup, PopupAction
from seta.popups.rules.plan import State, location_of, scene_of

_SHOWN = (State.PLANNED, State.OPEN)
_PRINTED = re.compile(r"/popups/([0-9]{1,15})/([a-z0-9-]{1,11})\Z")


@dataclass(frozen=True)
class PosterCard:
    """A printed code with its scene and the address that it carries."""

    code: str
    label: str
    scene: str
    link: str


@dataclass(frozen=True, kw_only=True)
class PopupCard:
    """A pop-up in the reader's language; `titles` and `intros` by language, for who edits it."""

    id: int
    house_id: int
    code: str
    state: str
    title: str
    intro: str
    titles: dict[str, str]
    intros: dict[str, str]
    accent: str
    cover: str
    cover_url: str
    place_kind: str
    place_code: str
    place_name: str
    source_location: str
    location: str
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    scene: str
    posters: tuple[PosterCard, ...]
    wishes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Storefront:
    """A pop-up with what it offers; stock is what lies at its own location."""

    popup: PopupCard
    products: tuple[ProductCard, ...]


@dataclass(frozen=True)
class ActionRow:
    """Who did what; nobody's is the clock's."""

    verb: str
    user_id: int | None
    detail: str
    at: datetime


def popups(*, house_id: int, language: str, states: Iterable[str] = tuple(State)) -> list[PopupCard]:
    """The house's pop-ups in these states, the newest opening first."""
    rows = _rows(house_id).filter(state__in=list(states)).order_by("-opens_at", "-id")
    return [_card(row, language) for row in rows]


def popup(*, house_id: int, language: str, code: str = "", popup_id: int | None = None) -> PopupCard | None:
    """A pop-up of the house by its code or id."""
    rows = _rows(house_id)
    found = (rows.filter(pk=popup_id) if popup_id is not None else rows.filter(code=code)).first()
    return _card(found, language) if found else None


def shown_by_code(popup_id: int, poster: str, language: str) -> PopupCard | None:
    """The pop-up behind a printed code, of whichever house, unless it was given up."""
    row = Popup.objects.filter(pk=popup_id, posters__code=poster).exclude(state=State.CANCELLED).first()
    return popup(house_id=row.house_id, popup_id=row.pk, language=language) if row else None


def by_scene(*, house_id: int, scene: str, language: str) -> PopupCard | None:
    """The planned or open pop-up that a scanned code names, by its scene or by the address that a print carries.

    A print names one pop-up for ever, so one that is over is found by it too. The card's own scene is then the
    poster's, for visits and orders to be told by.
    """
    printed = _PRINTED.search(scene)
    if printed:
        row = _rows(house_id).filter(pk=int(printed[1])).exclude(state=State.CANCELLED).first()
        poster = printed[2]
    else:
        read = Scene.decode(scene)
        poster = read.place
        row = _rows(house_id).filter(code=read.campaign, state__in=_SHOWN).first() if read.campaign else None
    if row is None:
        return None
    known = poster in {each.code for each in row.posters.all()}
    return replace(_card(row, language), scene=scene_of(row.code, poster if known else ""))


def storefront(card: PopupCard, language: str) -> Storefront:
    """What a pop-up offers, in its own order; before the opening there is nothing to buy yet."""
    order = {sku: place for place, (sku, _pieces) in enumerate(card.wishes)}
    found = []
    for product in products(house_id=card.house_id, language=language, location=card.location):
        offered = tuple(
            sorted(
                (variant for variant in product.variants if variant.sku in order), key=lambda v: order[v.sku]
            )
        )
        if offered:
            found.append(replace(product, variants=offered))
    return Storefront(card, tuple(sorted(found, key=lambda product: order[product.variants[0].sku])))


def actions(popup_id: int) -> list[ActionRow]:
    """Every human action and every turn of the clock, newest first."""
    rows = PopupAction.objects.filter(popup_id=popup_id).order_by("-at", "-id")
    return [ActionRow(row.verb, row.user_id, row.detail, row.at) for row in rows]


def edition(popup_id: int) -> str:
    """A mark of the plan as it stands, so that a change made meanwhile is noticed."""
    rows = PopupAction.objects.filter(popup_id=popup_id, verb__in=("plan", "change"))
    return str(rows.order_by("id").values_list("pk", flat=True).last() or "")


def cover(sha256: str) -> bytes | None:
    """A cover's JPEG by its digest, which nobody can guess of a picture that was not shown to them."""
    return pictures.read(sha256)


def link_of(popup_id: int, poster: str) -> str:
    """What a print carries: WeChat opens the mini program for it, any other camera a page that says so."""
    return f"{settings.PUBLIC_URL}/popups/{popup_id}/{poster}"


def _rows(house_id: int) -> QuerySet[Popup]:
    return Popup.objects.filter(house_id=house_id).prefetch_related("posters", "pieces")


def _card(row: Popup, language: str) -> PopupCard:
    suffix = language[:2] if language[:2] in ("zh", "en", "it") else "zh"
    posters: Sequence[PosterCard] = [
        PosterCard(each.code, each.label, scene_of(row.code, each.code), link_of(row.pk, each.code))
        for each in sorted(row.posters.all(), key=lambda each: each.pk)
    ]
    return PopupCard(
        id=row.pk,
        house_id=row.house_id,
        code=row.code,
        state=row.state,
        title=getattr(row, f"title_{suffix}"),
        intro=getattr(row, f"intro_{suffix}"),
        titles={name: getattr(row, f"title_{name}") for name in ("zh", "en", "it")},
        intros={name: getattr(row, f"intro_{name}") for name in ("zh", "en", "it")},
        accent=row.accent,
        cover=row.cover,
        cover_url=f"/popups/covers/{row.cover}.jpg" if row.cover else "",
        place_kind=row.place_kind,
        place_code=row.place_code,
        place_name=(row.place_name_zh or row.place_name) if suffix == "zh" else row.place_name,
        source_location=row.source_location,
        location=location_of(row.code),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        scene=scene_of(row.code),
        posters=tuple(posters),
        wishes=tuple(
            (piece.sku, piece.wished) for piece in sorted(row.pieces.all(), key=lambda p: (p.position, p.pk))
        ),
    )
