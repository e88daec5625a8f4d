"""Chinese by its sound: every character one toneless syllable, and short latin runs when they spell pinyin."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

# Readings per term are a product over its polyphones; beyond this a term is written too loosely to be a rule.
READINGS_PER_TERM_MAX = 8
LATIN_RUN_CHARS_MAX = 64
# A second reading counts when at least this share of the phrases that hold the character use it.
READING_SHARE_MIN = 0.1
_SYLLABLE_BASE = 0xE000
# Letters of Armenian to N'Ko stand for broad sounds: two bytes instead of three make the automaton a third smaller.
# Texts in those scripts are heard as nothing, so that they never sound like Chinese.
_BROAD_LETTERS, _UNHEARD = range(0x0530, 0x0800), "\ufffd"
_LATIN_RUN = re.compile(r"[a-z]{2,}")
_TOKENS_ONLY = re.compile("[\ue000-\uefff]+")
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
    index = {sound: chr(code) for code, sound in zip(_BROAD_LETTERS, heard, strict=False)}
    assert len(index) == len(heard)
    table = {ord(token): index[broad(syllable)] for syllable, token in _tokens().items()}
    table.update({code: chr(code) for code in range(128)})
    return table


@cache
def broad_letters() -> dict[str, str]:
    """Each broad sound, spelled, with the letter that stands for it in heard text."""
    letters = broad_table()
    return {broad(syllable): letters[ord(token)] for syllable, token in _tokens().items()}


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


@cache
def _polyphones() -> dict[str, tuple[str, ...]]:
    """Characters that common phrases read in more than one way, each with those readings."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    first = _readings_of()
    for phrase, listed in PHRASES_DICT.items():
        for character, reading in zip(phrase, listed, strict=False):
            counted[character][_toneless(reading[0])] += 1
    known = _tokens()
    found = {}
    for character, counts in counted.items():
        total = counts.total()
        kept = [
            each for each, count in counts.items() if count >= READING_SHARE_MIN * total and each in known
        ]
        options = dict.fromkeys([*first.get(ord(character), ())[:1], *kept])
        if len(options) > 1:
            found[character] = tuple(options)
    return found


@cache
def _polyphonic() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(re.escape, _polyphones()))}]")


def sounds(folded: str) -> list[str]:
    """Folded Chinese as syllable tokens, once for every way to read its polyphones; a plain text has one.

    The way in which texts are spoken comes first; none for a text with a character that has no reading.
    """
    return sounds_all([folded])[0]


def sounds_all(texts: Sequence[str]) -> list[list[str]]:
    """`sounds` of each folded text; many short ones are spoken together, which costs a fraction."""
    all_spoken = "\n".join(texts).translate(_syllable_table()).split("\n")
    return [_sounds(folded, spoken) for folded, spoken in zip(texts, all_spoken, strict=False)]


def broadly(spoken: Sequence[str]) -> list[str]:
    """Each text of syllable tokens with the broad sound of each."""
    return "\n".join(spoken).translate(broad_table()).split("\n") if spoken else []


def _sounds(folded: str, spoken: str) -> list[str]:
    if not _TOKENS_ONLY.fullmatch(spoken):
        return []
    if not _polyphonic().search(folded):
        return [spoken]
    found = {spoken: None}
    places = [match.start() for match in _polyphonic().finditer(folded)]
    if places:
        options = [
            [syllable_token(reading) for reading in _polyphones()[folded[place]]] for place in places[:4]
        ]
        for combination in product(*options):
            if len(found) >= READINGS_PER_TERM_MAX:
                break
            tokens = list(spoken)
            for place, token in zip(places, combination, strict=False):
                tokens[place] = token
            found["".join(tokens)] = None
    return list(found)


@cache
def _broad_of_character() -> dict[int, str]:
    heard = broad_table()
    table = {code: heard.get(ord(token), token) for code, token in _syllable_table().items()}
    return dict.fromkeys(_BROAD_LETTERS, _UNHEARD) | table


def _hear_run(match: re.Match[str]) -> str:
    return _speak_run(match).translate(broad_table())


def hear(folded: str) -> str:
    """`speak` in one pass with every syllable as its broad sound; same length, character for character."""
    heard = folded if folded.isascii() else folded.translate(_broad_of_character())
    return _LATIN_RUN.sub(_hear_run, heard)
