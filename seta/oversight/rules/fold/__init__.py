"""The forms in which policy compares text: folded, spoken, and with its substitutes taken back."""

from seta.oversight.rules.fold.glyphs import (
    MEANING_SYMBOLS,
    MEANINGS,
    NUMERALS,
    SPLITS,
    named_otherwise,
)
from seta.oversight.rules.fold.sound import (
    broad,
    broad_table,
    hear,
    segment,
    sounds,
    speak,
    speak_offsets,
    syllable_token,
    syllables,
)
from seta.oversight.rules.fold.table import fold, is_latin, light, offsets, warm

__all__ = [
    "MEANINGS",
    "MEANING_SYMBOLS",
    "NUMERALS",
    "SPLITS",
    "broad",
    "broad_table",
    "fold",
    "hear",
    "is_latin",
    "light",
    "named_otherwise",
    "offsets",
    "segment",
    "sounds",
    "speak",
    "speak_offsets",
    "syllable_token",
    "syllables",
    "warm",
]
