"""What a lookbook's and a look's texts may be, and how a lookbook stands at an instant, as values in and values out."""

from collections.abc import Mapping
from datetime import datetime

from seta.boutique.rules.collections import Showing, showing
from seta.boutique.rules.editing import (
    ALTS,
    CAPTIONS,
    CHARS_MAX,
    TEXTS,
    Fault,
    PieceRefused,
    checked_texts,
)

FIELDS = (*TEXTS, "season")
LOOK_FIELDS = (*ALTS, *CAPTIONS)


def checked_lookbook(said: Mapping[str, str]) -> dict[str, str]:
    """A lookbook's names, forewords and season, tidied; raises PieceRefused with every fault."""
    season = " ".join(said.get("season", "").split())
    faults = {"season": Fault.TOO_LONG} if len(season) > CHARS_MAX["season"] else {}
    texts: dict[str, str] = {}
    try:
        texts = checked_texts(said)
    except PieceRefused as wrong:
        faults |= wrong.faults
    if faults:
        raise PieceRefused(faults)
    return {**texts, "season": season}


def checked_look(said: Mapping[str, str]) -> dict[str, str]:
    """What a look shows, which must be said, and the line under it, which may be; in three languages, tidied.

    Raises PieceRefused with every fault.
    """
    texts = {name: " ".join(said.get(name, "").split()) for name in LOOK_FIELDS}
    faults = {name: Fault.TOO_LONG for name, text in texts.items() if len(text) > CHARS_MAX[name]}
    faults |= {name: Fault.MISSING for name in ALTS if not texts[name]}
    if any(texts[name] for name in CAPTIONS):
        faults |= {name: Fault.ALL_LANGUAGES for name in CAPTIONS if not texts[name]}
    if faults:
        raise PieceRefused(faults)
    return texts


def published(shown_from: datetime | None, shown_until: datetime | None, at: datetime) -> Showing:
    """How a lookbook stands at the instant; without a first day it is a draft that nobody sees."""
    return Showing.DRAFT if shown_from is None else showing(shown_from, shown_until, at)
