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
    broad_letters,
    broad_table,
    broadly,
    hear,
    segment,
    sounds,
    sounds_all,
    speak,
    speak_offsets,
    syllable_token,
    syllables,
)
from seta.oversight.rules.fold.table import fold, fold_all, is_latin, light, offsets, warm

__all__ = [
    "MEANINGS",
    "MEANING_SYMBOLS",
    "NUMERALS",
    "SPLITS",
    "broad",
    "broad_letters",
    "broad_table",
    "broadly",
    "fold",
    "fold_all",
    "hear",
    "is_latin",
    "light",
    "named_otherwise",
    "offsets",
    "segment",
    "sounds",
    "sounds_all",
    "speak",
    "speak_offsets",
    "syllable_token",
    "syllables",
    "warm",
]
