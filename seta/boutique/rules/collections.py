"""What a collection's texts and days may be, and whether it is shown at an instant, as values in and values out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from seta.boutique.rules.editing import CHARS_MAX, NAMES, Fault, PieceRefused
from seta.boutique.rules.refusals import OrderRefused, Refusal

FIELDS = (*NAMES, "season")


class Showing(StrEnum):
    """How a collection or a lookbook stands at an instant; only a lookbook begins as a draft."""

    DRAFT = "draft"
    LATER = "later"
    NOW = "now"
    OVER = "over"


def checked_collection(said: Mapping[str, str]) -> dict[str, str]:
    """A collection's names in three languages and its season, tidied; raises PieceRefused with every fault."""
    texts = {name: " ".join(said.get(name, "").split()) for name in FIELDS}
    faults = {name: Fault.TOO_LONG for name, text in texts.items() if len(text) > CHARS_MAX[name]}
    faults |= {name: Fault.MISSING for name in NAMES if not texts[name]}
    if faults:
        raise PieceRefused(faults)
    return texts


def check_days(shown_from: datetime | None, shown_until: datetime | None) -> None:
    """Refuses (WRONG_DAYS) an end that is not after the beginning."""
    if shown_from is not None and shown_until is not None and shown_until <= shown_from:
        raise OrderRefused(Refusal.WRONG_DAYS)


def showing(shown_from: datetime | None, shown_until: datetime | None, at: datetime) -> Showing:
    """Whether clients see it at the instant; without a beginning it always was, without an end it always will be."""
    if shown_until is not None and at >= shown_until:
        return Showing.OVER
    if shown_from is not None and at < shown_from:
        return Showing.LATER
    return Showing.NOW
