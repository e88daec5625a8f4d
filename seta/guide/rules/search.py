"""Finds places by what a traveller types: Chinese, pinyin, initials, Italian, English, or a near miss of them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from seta.guide.rules.spelling import (
    fold,
    is_latin,
    is_subsequence,
    parts,
    readings,
    skeleton,
    without_city,
    words,
)

RESULTS_MAX = 8
CACHED_QUERIES_MAX = 20_000
FUZZY_SCORE_MIN = 74
CONTAINED_KEY_MIN = 2
NEARLY_ALL_SHARE = 0.75
INNER_SOUND_MIN = 5
WORD_PART_MIN = 4
WORDS_WITH_START_MAX = 50
NAMED_SHARE_MIN = 0.3
BRACKET = re.compile("[（(]")

CATEGORY_WORDS = {
    "church": ("教堂", "圣殿", "church", "chiesa", "basilica"),
    "museum": ("博物馆", "美术馆", "展览", "museum", "museo", "gallery"),
    "shopping": ("购物", "商场", "逛街", "买", "奢侈品", "奥特莱斯", "shopping", "shop", "negozi", "outlet"),
    "food": (
        "美食",
        "吃",
        "餐厅",
        "咖啡",
        "甜品",
        "中餐",
        "food",
        "eat",
        "restaurant",
        "cafe",
        "coffee",
        "mangiare",
    ),
    "park": ("公园", "花园", "散步", "park", "parco", "garden", "giardini"),
    "viewpoint": ("观景", "登顶", "拍照", "view", "viewpoint", "panorama"),
    "theatre": ("歌剧", "剧院", "演出", "opera", "theatre", "teatro"),
    "transport": ("机场", "火车", "车站", "airport", "station", "stazione", "aeroporto"),
    "stadium": ("足球", "球场", "stadium", "stadio", "football"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place as search sees it; ``rank`` orders places that match equally well, small first."""

    code: str
    name_zh: str
    name_en: str
    name_it: str
    aliases: tuple[str, ...]
    category: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A place found, best first; ``how`` names the key that matched: name, part, pinyin, skeleton, category, near."""

    code: str
    score: float
    how: str


class SearchIndex:
    """All spellings of one guide in memory. A finished index never changes; a new version is a new index."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.rank = {entry.code: entry.rank for entry in entries}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._sounds: dict[str, list[str]] = defaultdict(list)
        self._bones: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._words: dict[str, list[str]] = defaultdict(list)
        self._category = {entry.code: entry.category for entry in entries}
        self._seen: dict[tuple[str, ...], tuple[Hit, ...]] = {}
        self._hanzi: list[tuple[str, str]] = []
        for entry in entries:
            self._add(entry)
        self._sorted_words = sorted(self._words)
        self._every_key = [*self._names, *self._words, *(key for key in self._sounds if len(key) > 3)]

    def find(self, query: str) -> tuple[Hit, ...]:
        """At most eight places, best first; empty when nothing is near. Answers are remembered."""
        asked = fold(query)
        key = (asked, *parts(query))
        if key not in self._seen:
            if len(self._seen) >= CACHED_QUERIES_MAX:
                self._seen.clear()
            self._seen[key] = self._ranked(asked, key[1:]) if asked else ()
        return self._seen[key]

    def _add(self, entry: Entry) -> None:
        names = [entry.name_zh, entry.name_en, entry.name_it, *entry.aliases]
        names += [bare for name in names if (bare := BRACKET.split(name)[0]) not in ("", name)]
        for name in dict.fromkeys(fold(name) for name in names):
            for key in dict.fromkeys((name, without_city(name))):
                if not key:
                    continue
                self._names[key].append(entry.code)
                if is_latin(key):
                    self._bones[key[0]].append((key, entry.code))
                    continue
                self._hanzi.append((key, entry.code))
                for full, initials in readings(key):
                    self._sounds[full].append(entry.code)
                    if len(initials) > 1:
                        self._sounds[initials].append(entry.code)
        for word in words([entry.name_en, entry.name_it, *entry.aliases]):
            self._words[word].append(entry.code)
            self._bones[word[0]].append((word, entry.code))

    def _ranked(self, asked: str, asked_parts: tuple[str, ...]) -> tuple[Hit, ...]:
        found: dict[str, Hit] = {}
        for step in (self._by_name, self._by_sound, self._by_sentence):
            _merge(found, step(asked))
        _merge(found, self._by_parts(asked, asked_parts))
        if is_latin(asked):
            _merge(found, self._by_skeleton(asked))
        if not found or any(asked in terms for terms in CATEGORY_WORDS.values()):
            _merge(found, self._by_category(asked))
        if not found:
            _merge(found, self._near(asked))
        ordered = sorted(found.values(), key=lambda hit: (-hit.score, self.rank[hit.code]))
        return tuple(ordered[:RESULTS_MAX])

    def _by_name(self, asked: str) -> Iterable[Hit]:
        for key, codes in self._names.items():
            score = _overlap(asked, key)
            if score:
                yield from _hits(codes, score, "name" if score == 100 else "part")
        for code in self._words.get(asked, ()):
            yield Hit(code=code, score=84, how="part")

    def _by_sound(self, asked: str) -> Iterable[Hit]:
        """Pinyin as typed, or the pinyin of wrong characters that sound right."""
        spoken = [asked] if is_latin(asked) else [full for full, _ in readings(asked)]
        penalty = 0 if is_latin(asked) else 6
        for sound in spoken:
            if len(sound) < 2:
                continue
            yield from _hits(self._sounds.get(sound, ()), 92 - penalty, "pinyin")
            if len(sound) >= 3:
                for key, codes in self._sounds.items():
                    place = key.find(sound)
                    if place == 0 and key != sound:
                        yield from _hits(codes, 72 - penalty + _nearly_all(sound, key), "pinyin")
                    elif place > 0 and len(sound) >= INNER_SOUND_MIN:
                        yield from _hits(codes, 60 - penalty, "pinyin")

    def _by_sentence(self, asked: str) -> Iterable[Hit]:
        """Names inside a longer question: 请问大教堂几点开门. The longest name wins."""
        for key, codes in self._names.items():
            long_enough = len(key) >= (5 if is_latin(key) else CONTAINED_KEY_MIN)
            if long_enough and key != asked and key in asked:
                yield from _hits(codes, 60 + min(20.0, 2.0 * len(key)), "part")

    def _by_parts(self, asked: str, asked_parts: tuple[str, ...]) -> Iterable[Hit]:
        """Several words in any order, in one script or two: scala museum, brera美术馆. More letters found is better."""
        if asked_parts in ((), (asked,)):
            return
        letters: dict[str, int] = defaultdict(int)
        named: set[str] = set()
        for part in asked_parts:
            codes = self._with_part(part)
            named |= codes
            kinds = {category for category, terms in CATEGORY_WORDS.items() if part in terms}
            if kinds:
                codes = codes | {code for code, category in self._category.items() if category in kinds}
            for code in codes:
                letters[code] += len(part)
        # A long message that only mentions a common word asks for a person, not for a place.
        total = sum(len(part) for part in asked_parts)
        for code in named:
            if letters[code] >= NAMED_SHARE_MIN * total:
                yield Hit(code=code, score=40 + 25 * letters[code] / total, how="part")

    def _with_part(self, part: str) -> set[str]:
        """The places that have a word, or a run of characters, in a name."""
        if not is_latin(part):
            return {code for key, code in self._hanzi if part in key}
        if len(part) < WORD_PART_MIN:
            return set()
        found: set[str] = set()
        first = bisect_left(self._sorted_words, part)
        for word in self._sorted_words[first : first + WORDS_WITH_START_MAX]:
            if not word.startswith(part):
                break
            found.update(self._words[word])
        return found

    def _by_category(self, asked: str) -> Iterable[Hit]:
        for category, terms in CATEGORY_WORDS.items():
            if any(term in asked if not is_latin(term) else term == asked for term in terms):
                codes = [code for code, each in self._category.items() if each == category]
                yield from _hits(codes, 50, "category")

    def _by_skeleton(self, asked: str) -> Iterable[Hit]:
        """Dropped vowels and slips: dmo finds duomo; letters must keep their order and the first letter."""
        if len(asked) < 3:
            return
        bones = skeleton(asked)
        for key, code in self._bones.get(asked[0], ()):
            if skeleton(key) == bones and is_subsequence(asked, key):
                yield Hit(code=code, score=66 + 10 * len(asked) / len(key), how="skeleton")
            elif len(bones) >= 3 and skeleton(key) == bones:
                yield Hit(code=code, score=56, how="skeleton")

    def _near(self, asked: str) -> Iterable[Hit]:
        """Typing mistakes; only when nothing else matched. Very short texts are never guessed at."""
        if len(asked) < (4 if is_latin(asked) else 3):
            return
        keys = [key for key in self._every_key if abs(len(key) - len(asked)) <= 3]
        for key, score, _ in process.extract(
            asked, keys, scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE_MIN, limit=RESULTS_MAX
        ):
            codes = self._names.get(key) or self._sounds.get(key) or self._words.get(key, [])
            yield from _hits(codes, score / 2, "near")


def _overlap(asked: str, key: str) -> float:
    """100 for the whole name; less for its start, then for a part of it; 0 for no overlap."""
    if key == asked:
        return 100.0
    if len(asked) < 2 or asked not in key:
        return 0.0
    if is_latin(asked) and len(asked) < 3 and not key.startswith(asked):
        return 0.0
    return (78.0 if key.startswith(asked) else 68.0) + _nearly_all(asked, key)


def _nearly_all(asked: str, key: str) -> float:
    """A little for most of a name; less than that says nothing, and the guide's own order decides."""
    return 4.0 if len(asked) >= NEARLY_ALL_SHARE * len(key) else 0.0


def _hits(codes: Iterable[str], score: float, how: str) -> Iterable[Hit]:
    return (Hit(code=code, score=score, how=how) for code in codes)


def _merge(found: dict[str, Hit], hits: Iterable[Hit]) -> None:
    for hit in hits:
        held = found.get(hit.code)
        if held is None or hit.score > held.score:
            found[hit.code] = hit
