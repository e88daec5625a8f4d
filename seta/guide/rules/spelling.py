"""The spellings a name is found under: characters, pinyin, initials, Latin letters, consonants."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from opencc import OpenCC
from pypinyin import Style, pinyin

QUERY_CHARACTERS_MAX = 60
READINGS_MAX = 8
CITY_PREFIXES = ("米兰", "milano", "milan", "dimilano")
_JOINING = (
    "the of to in at is are do how get where what which and for an me my "
    "il lo la le gli di del della dei delle dove si trova come al alla per un una"
)
JOINING_WORDS = frozenset(_JOINING.split())
_RUNS = re.compile(r"[\u2e80-\u9fff]+|[^\W\u2e80-\u9fff]+")
_SIMPLIFIED = OpenCC("t2s")


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Simplified characters, lower case, no accents, spaces or punctuation; at most 60 characters are read."""
    simplified = _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text[:QUERY_CHARACTERS_MAX]))
    decomposed = unicodedata.normalize("NFD", simplified.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def is_latin(folded: str) -> bool:
    """Whether a folded text has only the letters and digits of a Latin keyboard."""
    return folded.isascii()


def without_city(folded: str) -> str:
    """The name without a leading or trailing city: 米兰大教堂 -> 大教堂, duomodimilano -> duomo."""
    for city in CITY_PREFIXES:
        if folded.startswith(city) and len(folded) > len(city) + 1:
            return folded[len(city) :]
    for city in ("dimilano", "milano"):
        if folded.endswith(city) and len(folded) > len(city) + 1:
            return folded[: -len(city)]
    return folded


@lru_cache(maxsize=20_000)
def readings(folded: str) -> tuple[tuple[str, str], ...]:
    """(pinyin, initials) of a text in characters, with the other readings of characters that have several.

    重庆 reads chongqing before zhongqing; at most eight combinations are kept.
    """
    usual = [choices[0] for choices in pinyin(folded, style=Style.NORMAL, errors=_apart)]
    every = [pinyin(letter, style=Style.NORMAL, heteronym=True)[0] for letter in folded]
    combined = [tuple(usual)]
    for choice in product(*(dict.fromkeys(choices) for choices in every)):
        if len(combined) >= READINGS_MAX:
            break
        combined.append(choice)
    found = [("".join(parts), "".join(part[0] for part in parts if part)) for parts in combined]
    return tuple(dict.fromkeys(found))


def parts(text: str) -> tuple[str, ...]:
    """The folded words of a query and its runs of characters, without what only joins them: brera美术馆 in two."""
    folded = (fold(run) for run in _RUNS.findall(unicodedata.normalize("NFKC", text[:QUERY_CHARACTERS_MAX])))
    return tuple(dict.fromkeys(part for part in folded if len(part) > 1 and part not in JOINING_WORDS))


def _apart(unread: str) -> Any:
    """Characters without a reading stand for themselves, one by one; pypinyin takes a list here."""
    return list(unread)


def skeleton(latin: str) -> str:
    """The consonants of a Latin word, doubled ones once, the first letter kept: duomo -> dm, dmo -> dm."""
    if not latin:
        return ""
    kept = [latin[0]]
    for letter in latin[1:]:
        if letter not in "aeiouy" and letter != kept[-1]:
            kept.append(letter)
    return "".join(kept)


def is_subsequence(short: str, long: str) -> bool:
    """Whether all letters of ``short`` occur in ``long`` in that order."""
    rest = iter(long)
    return all(letter in rest for letter in short)


def words(texts: Iterable[str]) -> list[str]:
    """The folded words of Latin names, four letters or more: "Teatro alla Scala" -> teatro, alla, scala."""
    parts = (
        part for text in texts for part in text.replace("'", " ").replace("-", " ").replace("/", " ").split()
    )
    folded = (fold(part) for part in parts)
    return list(dict.fromkeys(part for part in folded if len(part) >= 4 and is_latin(part)))
