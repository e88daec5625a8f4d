"""Hears breaches in words that nobody listed: a linear score of the runs of characters and syllables of a message."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from seta.oversight.rules.fold import broad_letters, hear, speak_offsets

FILE = Path(__file__).resolve().parents[1] / "policies" / "learned.tsv.gz"
# Weights are kept as whole hundredths: adding them gives the same sum in whatever order.
UNIT = 100
# A message longer than this is heard sentence by sentence, and a longer sentence in stretches that overlap.
WHOLE_CHARS_MAX, STRETCH_CHARS, STRETCH_STEP = 60, 120, 60
# A shorter text says too little to weigh.
LEAST_CHARS = 7
# Of several categories those are heard that come so near the strongest; the others are echoes of it.
BESIDE = 100
SYLLABLES_MAX, SYLLABLES_MIN, HAN_MAX = 4, 2, 4
LATIN_MIN, LATIN_MAX = 3, 7
_BETWEEN = "\n"
_SOUND_LETTERS = range(0x0530, 0x0800)
Span = tuple[int, int]


class Heard(NamedTuple):
    """A category that a stretch of folded text speaks of, how far above harmless, and the span that weighed most."""

    category: str
    score: float
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Weights:
    """What was learnt: for each run of characters or sounds a weight per category, in hundredths.

    `packed` has a run's weights side by side in one number, each less `base` and so never negative: one sum adds all.
    """

    categories: tuple[str, ...]
    biases: tuple[int, ...]
    runs: tuple[str, ...]
    weights: tuple[tuple[int, ...], ...]
    packed: tuple[int, ...]
    base: int
    automaton: Any
    learnt_from: str
    digest: str


def runs_of(folded: str) -> set[str]:
    """The runs that may be weighed: one to four characters, three to seven Latin letters, two to four syllables."""
    found: set[str] = set()
    for start, first in enumerate(folded):
        least, most = (LATIN_MIN, LATIN_MAX) if first.isascii() else (1, HAN_MAX)
        for end in range(start + 1, min(len(folded), start + most) + 1):
            last = folded[end - 1]
            if last.isascii() and (last.isdigit() or not last.isalpha()):
                break
            if first.isascii() and not last.isascii():
                break
            if end - start >= least:
                found.add(folded[start:end])
    heard = hear(folded)
    for start in range(len(heard)):
        for end in range(start + 1, min(len(heard), start + SYLLABLES_MAX) + 1):
            if ord(heard[end - 1]) not in _SOUND_LETTERS:
                break
            if end - start >= SYLLABLES_MIN:
                found.add(heard[start:end])
    return found


@cache
def weights() -> Weights:
    """The weights that ship with Seta, read once a process."""
    return read(FILE.read_bytes())


def read(packed: bytes) -> Weights:
    """The weights of a packed file as `written` makes it; raises ValueError for one of another shape."""
    head, *lines = gzip.decompress(packed).decode().splitlines()
    told = dict(part.split("=", 1) for part in head.split("\t"))
    categories = tuple(told["categories"].split(","))
    runs: list[str] = []
    rows: list[tuple[int, ...]] = []
    for line in lines:
        run, numbers = line.split("\t")
        row = tuple(map(int, numbers.split(",")))
        if len(row) != len(categories):
            raise ValueError(f"the weights of {run!r} are {len(row)}, not {len(categories)}")
        runs.append(_sounded(run[1:]) if run.startswith("'") else run)
        rows.append(row)
    base = min(map(min, rows))
    return Weights(
        categories,
        tuple(map(int, told["biases"].split(","))),
        tuple(runs),
        tuple(rows),
        tuple(
            int.from_bytes(_fields(len(row)).pack(*(each - base for each in row)), "little") for row in rows
        ),
        base,
        AhoCorasick(runs, matchkind=MatchKind.Standard, store_patterns=False),
        told["from"],
        hashlib.sha256(packed).hexdigest(),
    )


def written(
    categories: Sequence[str], biases: Sequence[int], learnt: Mapping[str, Sequence[int]], learnt_from: str
) -> bytes:
    """The packed file of weights in hundredths; sounds are spelled, so that they outlive our letters for them."""
    head = "\t".join(
        (f"categories={','.join(categories)}", f"biases={','.join(map(str, biases))}", f"from={learnt_from}")
    )
    rows = [f"{_spelled(run)}\t{','.join(map(str, row))}" for run, row in sorted(learnt.items())]
    return gzip.compress(("\n".join([head, *sorted(rows)]) + "\n").encode(), compresslevel=9, mtime=0)


def _spelled(run: str) -> str:
    """A run as the file keeps it: sounds as an apostrophe and their syllables, characters as they are."""
    if ord(run[0]) not in _SOUND_LETTERS:
        return run
    spelled = _spellings()
    return "'" + " ".join(spelled[letter] for letter in run)


def _sounded(syllables: str) -> str:
    letters = broad_letters()
    return "".join(letters[syllable] for syllable in syllables.split(" "))


@cache
def _spellings() -> dict[str, str]:
    return {letter: syllable for syllable, letter in broad_letters().items()}


def stretches(folded: str, ends: Sequence[int]) -> Iterator[Span]:
    """The parts of a folded text that are heard by themselves; `ends` are the places where a sentence has ended."""
    if len(folded) <= WHOLE_CHARS_MAX:
        yield 0, len(folded)
        return
    start = 0
    for end in (*ends, len(folded)):
        while end - start > STRETCH_CHARS:
            yield start, start + STRETCH_CHARS
            start += STRETCH_STEP
        if end > start:
            yield start, end
        start = end


def score(folded: str, least: int, known: Weights) -> tuple[int, ...] | None:
    """Each category's score of a folded text in hundredths, or None when none reaches the least of interest."""
    said = f"{folded}{_BETWEEN}{hear(folded)}"
    found = {match[0] for match in known.automaton.find_matches_as_indexes(said, overlapping=True)}
    fields = _fields(len(known.categories))
    sums = fields.unpack(sum(map(known.packed.__getitem__, found)).to_bytes(fields.size, "little"))
    lifted = known.base * len(found)
    if max(sums) + lifted + max(known.biases) < least:
        return None
    return tuple([each + lifted + bias for each, bias in zip(sums, known.biases, strict=True)])


@cache
def _fields(count: int) -> Struct:
    """Numbers of 32 bits side by side: the sum of a stretch's runs does not reach from one into the next."""
    return Struct(f"<{count}I")


def listen(
    folded: str, ends: Sequence[int], wanted: Mapping[str, float], known: Weights | None = None
) -> list[Heard]:
    """What a folded text speaks of, of the wanted categories (category -> least score); each at most once.

    A category is heard where its score reaches what is wanted and is the strongest or close to it, wanted or not: so
    no rule is heard less for another one.
    """
    known = known or weights()
    least = round(min(wanted.values()) * UNIT)
    best: dict[str, tuple[int, Span]] = {}
    for start, end in stretches(folded, ends):
        if end - start < LEAST_CHARS:
            continue
        scores = score(folded[start:end], least, known)
        if scores is None:
            continue
        near = max(scores) - BESIDE
        for category, points in zip(known.categories, scores, strict=True):
            reached = category in wanted and points >= near and points >= wanted[category] * UNIT
            if reached and (category not in best or points > best[category][0]):
                best[category] = points, (start, end)
    return [
        Heard(category, points / UNIT, *_weighed_most(folded, span, category, known))
        for category, (points, span) in best.items()
    ]


def _weighed_most(folded: str, within: Span, category: str, known: Weights) -> Span:
    """The stretch of folded text whose runs weigh most together, each run spread evenly over its characters."""
    piece = folded[within[0] : within[1]]
    column = known.categories.index(category)
    said = f"{piece}{_BETWEEN}{hear(piece)}"
    places = speak_offsets(piece)
    weight = [0.0] * len(piece)
    seen: set[int] = set()
    for run, start, end in known.automaton.find_matches_as_indexes(said, overlapping=True):
        if run in seen:
            continue
        seen.add(run)
        if start > len(piece):
            start, end = places[start - len(piece) - 1][0], places[end - len(piece) - 2][1]
        for at in range(start, end):
            weight[at] += known.weights[run][column] / (end - start)
    low, high = _heaviest(weight)
    return within[0] + low, within[0] + high


def _heaviest(weight: Sequence[float]) -> Span:
    """The span with the largest sum; the whole when nothing in it is above nothing."""
    best, low, high = 0.0, 0, len(weight)
    running, start = 0.0, 0
    for at, each in enumerate(weight):
        if running <= 0:
            running, start = 0.0, at
        running += each
        if running > best:
            best, low, high = running, start, at + 1
    return low, high
