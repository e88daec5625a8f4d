"""Folds what people write into the form policy compares, and finds the way back to what they wrote.

Folding is NFKC, case folding, accents off, traditional to simplified, and away with everything a writer can slip
between two characters: spaces, punctuation, symbols, emoji, zero-width and control characters, lone surrogates.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

import opencc
from pypinyin import Style, lazy_pinyin, pinyin

# Readings per term are a product over its polyphones; beyond this a term is written too loosely to be a rule.
READINGS_PER_TERM_MAX = 16
LATIN_RUN_CHARS_MAX = 18
_SYLLABLE_BASE = 0xE000

# Strokes and radicals that writers use as separators although Unicode calls them letters.
_SEPARATOR_LETTERS = frozenset("丶丿丨亅灬〇")
_DROPPED_CATEGORIES = frozenset("ZPSC")
_SIMPLIFIED = opencc.OpenCC("t2s")
_LATIN_RUN = re.compile(r"[a-z]{2,}")


def _fold_character(character: str) -> str:
    """What one original character becomes: none, one or several folded characters."""
    if 0xD800 <= ord(character) <= 0xDFFF:
        return ""
    kept = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold()):
        category = unicodedata.category(part)
        if category[0] in _DROPPED_CATEGORIES or category.startswith("M") or part in _SEPARATOR_LETTERS:
            continue
        kept.append(_SIMPLIFIED.convert(part))
    return "".join(kept)


class _FoldTable(dict[int, str]):
    """A translate table that learns a character the first time it is seen (a full table takes seconds to build)."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


class _SyllableTable(dict[int, str]):
    """Maps a Chinese character to one private character that stands for its toneless syllable."""

    def __missing__(self, code: int) -> str:
        readings = lazy_pinyin(chr(code), style=Style.NORMAL, errors="ignore", v_to_u=False)
        token = self[code] = syllable_token(readings[0]) if readings else chr(code)
        return token


_FOLD = _FoldTable()
_SYLLABLES_OF = _SyllableTable()
_TOKENS: dict[str, str] = {}


def syllable_token(syllable: str) -> str:
    """The private character of a toneless syllable; the same for the life of the process."""
    if syllable not in _TOKENS:
        _TOKENS[syllable] = chr(_SYLLABLE_BASE + len(_TOKENS))
    return _TOKENS[syllable]


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable that a common Chinese character has."""
    common = map(chr, range(0x4E00, 0x9FA6))
    found = set(lazy_pinyin("".join(common), style=Style.NORMAL, errors="ignore", v_to_u=False))
    return frozenset(syllable for syllable in found if syllable.isascii() and len(syllable) <= 6)


def fold(text: str) -> str:
    """The folded form of a text of any length; never fails, whatever the characters."""
    return text.translate(_FOLD)


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


def offsets(text: str) -> list[int]:
    """For each character of fold(text), the index in text that it came from."""
    positions: list[int] = []
    for index, character in enumerate(text):
        width = len(_FOLD[ord(character)])
        if width:
            positions.extend([index] * width)
    return positions


@lru_cache(maxsize=16_384)
def segment(run: str) -> tuple[str, ...] | None:
    """The fewest whole syllables that spell a latin run, or None when none do."""
    known = syllables()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or run[start:end] not in known:
                continue
            shorter = best[end]
            if shorter is None or len(before) + 1 < len(shorter):
                best[end] = (*before, run[start:end])
    return best[-1]


def _speak_run(match: re.Match[str]) -> str:
    run = match.group()
    spelled = segment(run) if len(run) <= LATIN_RUN_CHARS_MAX else None
    return run if spelled is None else "".join(map(syllable_token, spelled))


def speak(folded: str) -> str:
    """The folded text as syllable characters: Chinese by reading, short latin runs when they spell pinyin."""
    return _LATIN_RUN.sub(_speak_run, folded.translate(_SYLLABLES_OF))


def speak_offsets(folded: str) -> list[tuple[int, int]]:
    """For each character of speak(folded), the span of folded that it came from."""
    spans: list[tuple[int, int]] = []
    for start, end, spelled in _runs(folded):
        if spelled is None:
            spans.extend((index, index + 1) for index in range(start, end))
            continue
        at = start
        for syllable in spelled:
            spans.append((at, at + len(syllable)))
            at += len(syllable)
    return spans


def _runs(folded: str) -> Iterator[tuple[int, int, tuple[str, ...] | None]]:
    last = 0
    for match in _LATIN_RUN.finditer(folded):
        if match.start() > last:
            yield last, match.start(), None
        run = match.group()
        yield match.start(), match.end(), segment(run) if len(run) <= LATIN_RUN_CHARS_MAX else None
        last = match.end()
    if last < len(folded):
        yield last, len(folded), None


def readings(term: str) -> list[tuple[str, ...]]:
    """Every toneless reading of a Chinese term, phrase reading first; empty when it has a character without one."""
    folded = fold(term)
    options = pinyin(folded, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    if len(options) != len(folded):
        return []
    phrase = tuple(lazy_pinyin(folded, style=Style.NORMAL, v_to_u=False))
    found = {phrase: None}
    for index, combination in enumerate(product(*options)):
        if index >= READINGS_PER_TERM_MAX:
            break
        found[tuple(combination)] = None
    return list(found)


def is_latin(character: str) -> bool:
    """Whether a character is a letter or digit of a script that writes words with spaces."""
    return character.isalnum() and character < "\u0250"
