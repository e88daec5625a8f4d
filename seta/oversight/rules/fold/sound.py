"""Chinese by its sound: every character one toneless syllable, and short latin runs when they spell pinyin."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from seta.oversight.rules.fold.table import fold

# Readings per term are a product over its polyphones; beyond this a term is written too loosely to be a rule.
READINGS_PER_TERM_MAX = 8
LATIN_RUN_CHARS_MAX = 30
_SYLLABLE_BASE, _BROAD_BASE = 0xE000, 0xF000
_LATIN_RUN = re.compile(r"[a-z]{2,}")
_SPELT = re.compile(r"[a-z]{1,6}")
# Refuses nearly every English run before the search for its syllables begins; possessive, therefore linear.
_LIKE_PINYIN = re.compile(r"(?:(?:[zcs]h|[b-df-hj-np-tw-z])?[aeiouv]++(?:ng|n|r)?+)++")
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


@lru_cache(maxsize=4096)
def _toneless(reading: str) -> str:
    bare = reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v")
    return "".join(each for each in unicodedata.normalize("NFD", bare) if each.isascii() or each == "v")


@cache
def _readings_of() -> dict[int, tuple[str, ...]]:
    """Every character's toneless readings, the commonest first."""
    table: dict[int, tuple[str, ...]] = {}
    for code, listed in PINYIN_DICT.items():
        found = dict.fromkeys(map(_toneless, listed.split(",")))
        kept = tuple(reading for reading in found if _SPELT.fullmatch(reading))
        if kept:
            table[code] = kept
    return table


@cache
def syllables() -> frozenset[str]:
    """Every toneless syllable that a common Chinese character has."""
    table = _readings_of()
    return frozenset(table[code][0] for code in range(0x4E00, 0x9FA6) if code in table)


@cache
def _tokens() -> dict[str, str]:
    spelled = sorted({reading for readings in _readings_of().values() for reading in readings})
    return {syllable: chr(_SYLLABLE_BASE + index) for index, syllable in enumerate(spelled)}


def syllable_token(syllable: str) -> str:
    """The private character that stands for a toneless syllable; raises KeyError for what is none."""
    return _tokens()[syllable]


def broad(syllable: str) -> str:
    """The syllable as people hear it who do not tell zh from z, n from l or ing from in."""
    for initial, heard in _INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            syllable = heard + syllable[len(initial) :]
            break
    for final, heard in _FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + heard
    return syllable


@cache
def _syllable_table() -> dict[int, str]:
    """Character to the token of its commonest reading; ASCII to itself, since a miss costs translate dearly."""
    tokens = _tokens()
    table = {code: tokens[readings[0]] for code, readings in _readings_of().items()}
    table.update({code: chr(code) for code in range(128)})
    return table


@cache
def broad_table() -> dict[int, str]:
    """Syllable token to the token of its broad sound, for str.translate."""
    heard = sorted({broad(syllable) for syllable in _tokens()})
    index = {sound: chr(_BROAD_BASE + place) for place, sound in enumerate(heard)}
    table = {ord(token): index[broad(syllable)] for syllable, token in _tokens().items()}
    table.update({code: chr(code) for code in range(128)})
    return table


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


def _spelled(run: str) -> tuple[str, ...] | None:
    if len(run) > LATIN_RUN_CHARS_MAX or not _LIKE_PINYIN.fullmatch(run):
        return None
    return segment(run)


def _speak_run(match: re.Match[str]) -> str:
    spelled = _spelled(match.group())
    return match.group() if spelled is None else "".join(map(syllable_token, spelled))


def speak(folded: str) -> str:
    """The folded text as syllable characters: Chinese by reading, short latin runs when they spell pinyin."""
    spoken = folded if folded.isascii() else folded.translate(_syllable_table())
    return _LATIN_RUN.sub(_speak_run, spoken)


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
        yield match.start(), match.end(), _spelled(match.group())
        last = match.end()
    if last < len(folded):
        yield last, len(folded), None


def readings(term: str) -> list[tuple[str, ...]]:
    """Toneless readings of a Chinese term; empty when it has a character without one.

    The reading in which text is spoken comes first, then the one its words have, then the others that its polyphones
    allow, each only if common phrases use it.
    """
    folded = fold(term)
    table = _readings_of()
    options = [table.get(ord(character)) for character in folded]
    plain = [option for option in options if option]
    if len(plain) != len(folded):
        return []
    first = tuple(option[0] for option in plain)
    if all(len(option) == 1 for option in plain):
        return [first]
    found = {first: None, _by_phrases(folded, first): None}
    for combination in product(*(option[:2] for option in plain)):
        if len(found) >= READINGS_PER_TERM_MAX:
            break
        found[combination] = None
    return list(found)


def _by_phrases(folded: str, first: tuple[str, ...]) -> tuple[str, ...]:
    """The reading with every phrase of the dictionary read as the phrase is, longest first."""
    spelled = list(first)
    at = 0
    while at < len(folded):
        for width in range(min(4, len(folded) - at), 1, -1):
            phrase = PHRASES_DICT.get(folded[at : at + width])
            if phrase:
                spelled[at : at + width] = [_toneless(each[0]) for each in phrase]
                at += width - 1
                break
        at += 1
    known = _tokens()
    return tuple(spelled) if all(each in known for each in spelled) else first


@cache
def _broad_of_character() -> dict[int, str]:
    heard = broad_table()
    return {code: heard.get(ord(token), token) for code, token in _syllable_table().items()}


def _hear_run(match: re.Match[str]) -> str:
    return _speak_run(match).translate(broad_table())


def hear(folded: str) -> str:
    """`speak` in one pass with every syllable as its broad sound; same length, character for character."""
    heard = folded if folded.isascii() else folded.translate(_broad_of_character())
    return _LATIN_RUN.sub(_hear_run, heard)
