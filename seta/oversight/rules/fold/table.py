"""Folds what people write into the form policy compares, and finds the way back to what they wrote.

Folding is NFKC, case folding, accents off, traditional to simplified, and away with everything a writer can slip
between two characters: spaces, punctuation, symbols, emoji, zero-width and control characters, lone surrogates.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import opencc

# Strokes and radicals that writers use as separators although Unicode calls them letters.
_SEPARATOR_LETTERS = frozenset("丶丿丨亅灬〇")
_DROPPED_CATEGORIES = frozenset("ZPSC")
_SIMPLIFIED = opencc.OpenCC("t2s")
# Letters of other alphabets that look like Latin ones, and glyphs used in place of common characters.
_LOOKALIKES = dict(zip("авеорсухіѕνοκρ∨㐅", "abeopcyxisvokpvx", strict=True))
_COMMON_HAN = range(0x4E00, 0x9FFF)
# A letter that folds to itself and that nobody writes; stands between texts that are folded together.
_BETWEEN = "\ua015"


def _fold_character(character: str) -> str:
    """What one original character becomes: none, one or several folded characters."""
    if 0xD800 <= ord(character) <= 0xDFFF:
        return ""
    kept = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold()):
        likely = _LOOKALIKES.get(part)
        if likely is not None:
            kept.append(likely)
            continue
        category = unicodedata.category(part)
        if category[0] in _DROPPED_CATEGORIES or category.startswith("M") or part in _SEPARATOR_LETTERS:
            continue
        kept.append(_SIMPLIFIED.convert(part))
    return "".join(kept)


class _FoldTable(dict[int, str]):
    """A translate table that learns a character the first time it is seen."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_FOLD = _FoldTable()


@cache
def warm() -> None:
    """Learn the common Chinese characters in one conversion; characters met one by one cost twenty times more."""
    characters = [chr(code) for code in _COMMON_HAN]
    simplified = _SIMPLIFIED.convert("\n".join(characters)).split("\n")
    for character, folded in zip(characters, simplified, strict=True):
        _FOLD.setdefault(ord(character), "" if character in _SEPARATOR_LETTERS else folded)


def fold(text: str) -> str:
    """The folded form of a text of any length; never fails, whatever the characters."""
    return text.translate(_FOLD)


def fold_all(texts: Sequence[str]) -> list[str]:
    """The folded form of each text: many short ones are folded together, which costs a fraction."""
    joined = _BETWEEN.join(texts)
    if not texts or joined.count(_BETWEEN) != len(texts) - 1:
        return [fold(text) for text in texts]
    return fold(joined).split(_BETWEEN)


def offsets(text: str) -> list[int]:
    """For each character of fold(text), the index in text that it came from."""
    positions: list[int] = []
    for index, character in enumerate(text):
        width = len(_FOLD[ord(character)])
        if width == 1:
            positions.append(index)
        elif width:
            positions.extend([index] * width)
    return positions


def light(text: str) -> str:
    """Full-width and case folded one character for one, so that offsets stay; lone surrogates become U+FFFD."""
    if text.isascii():
        return text.lower()
    return "".join(map(_light_character, text))


@lru_cache(maxsize=16_384)
def _light_character(character: str) -> str:
    if 0xD800 <= ord(character) <= 0xDFFF:
        return "\ufffd"
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def is_latin(character: str) -> bool:
    """Whether a character is a letter or digit of a script that writes words with spaces."""
    return character.isalnum() and character < "\u0250"
