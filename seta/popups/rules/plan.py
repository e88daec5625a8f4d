"""A plan is checked whole before anything is kept; a state has its steps and no others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seta.kit.scenes import Scene
from seta.loyalty.rules.bribes import bribes_in
from seta.popups.rules.refusals import PopupRefused, Refusal

LANGUAGES = ("zh", "en", "it")
TITLE_CHARS_MAX = 40
INTRO_CHARS_MAX = 300
PIECES_MAX = 9_999
PRODUCTS_MAX = 60
POSTERS_MAX = 30
CONTRAST_MIN = 4.5
SCENE_CHARS_MAX = 32
"""What a mini program code can hold: `c=` and 16, `;p=` and 11."""

_CODE = re.compile(r"[a-z][a-z0-9-]{1,15}")
_POSTER = re.compile(r"[a-z0-9][a-z0-9-]{0,10}")
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


class State(StrEnum):
    """Where a pop-up stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PlaceKind(StrEnum):
    """Where it is: on the phone only, in a boutique of the house, at a place of the guide."""

    ONLINE = "online"
    BOUTIQUE = "boutique"
    PLACE = "place"


MOVES: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.OPEN, State.CANCELLED}),
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
}


@dataclass(frozen=True)
class Wish:
    """So many pieces of a stock-keeping code."""

    sku: str
    pieces: int


@dataclass(frozen=True)
class Poster:
    """A printed code: its short code for the scene and what the house calls it."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A pop-up as it is planned; titles and introductions by language, instants aware."""

    code: str
    title: Mapping[str, str]
    intro: Mapping[str, str]
    accent: str
    opens_at: datetime
    closes_at: datetime
    source_location: str
    wishes: Sequence[Wish]
    posters: Sequence[Poster]
    place_kind: PlaceKind = PlaceKind.ONLINE
    place_code: str = ""
    place_name: str = ""
    place_name_zh: str = ""


def check(plan: Plan, *, now: datetime) -> None:
    """Raises PopupRefused for the first thing that cannot be; what the catalogue knows is checked elsewhere."""
    if not _CODE.fullmatch(plan.code):
        raise PopupRefused(Refusal.WRONG_CODE, plan.code[:40])
    if plan.closes_at <= plan.opens_at:
        raise PopupRefused(Refusal.WRONG_DATES)
    if plan.closes_at <= now:
        raise PopupRefused(Refusal.OVER_ALREADY)
    _check_words(plan)
    if not _ACCENT.fullmatch(plan.accent) or contrast_with_white(plan.accent) < CONTRAST_MIN:
        raise PopupRefused(Refusal.WRONG_ACCENT, plan.accent[:20])
    if (plan.place_kind == PlaceKind.ONLINE) == bool(plan.place_code):
        raise PopupRefused(Refusal.UNKNOWN_PLACE)
    _check_posters(plan.posters)
    _check_wishes(plan.wishes)


def _check_words(plan: Plan) -> None:
    for language in LANGUAGES:
        title, intro = plan.title.get(language, "").strip(), plan.intro.get(language, "").strip()
        if not 0 < len(title) <= TITLE_CHARS_MAX or len(intro) > INTRO_CHARS_MAX:
            raise PopupRefused(Refusal.WRONG_TEXT, language)
        found = bribes_in(f"{title}\n{intro}")
        if found:
            raise PopupRefused(Refusal.BRIBE, found[0].phrase)


def _check_posters(posters: Sequence[Poster]) -> None:
    codes = [poster.code for poster in posters]
    wrong = [code for code in codes if not _POSTER.fullmatch(code) or codes.count(code) > 1]
    if wrong or len(codes) > POSTERS_MAX:
        raise PopupRefused(Refusal.WRONG_POSTERS, wrong[0][:20] if wrong else "")


def _check_wishes(wishes: Sequence[Wish]) -> None:
    if not wishes or len(wishes) > PRODUCTS_MAX:
        raise PopupRefused(Refusal.NO_PIECES)
    skus = [wish.sku for wish in wishes]
    for wish in wishes:
        if not 1 <= wish.pieces <= PIECES_MAX or skus.count(wish.sku) > 1:
            raise PopupRefused(Refusal.WRONG_QUANTITY, wish.sku[:40])


def scene_of(code: str, poster: str = "") -> str:
    """What a printed code carries, short enough for a mini program code.

    >>> scene_of("giardino", "duomo")
    'c=giardino;p=duomo'
    """
    scene = Scene(campaign=code, place=poster).encode()
    assert len(scene) <= SCENE_CHARS_MAX, scene
    return scene


def location_of(code: str) -> str:
    """Where the boutique keeps a pop-up's stock."""
    return f"popup-{code}"


def may_become(state: State, following: State) -> None:
    """Raises PopupRefused(WRONG_STATE) for a step that the state does not have."""
    if following not in MOVES[state]:
        raise PopupRefused(Refusal.WRONG_STATE)


def contrast_with_white(accent: str) -> float:
    """WCAG 2 contrast of a colour `#rrggbb` with white, 1 to 21."""
    parts = [int(accent[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
