"""What a member asks for: terms that must all be there, where they are in the writer's own text, and an excerpt."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from seta.oversight.rules.fold import fold, offsets
from seta.oversight.rules.judging import Piece

QUERY_CHARS_MAX = 200
TERMS_MAX = 8
EXCERPT_CHARS_EACH_WAY = 60
MARK = "search"
_PARTS = re.compile(r'["“”「」『』]([^"“”「」『』]*)["“”「」『』]|(\S+)')
Span = tuple[int, int]


class Problem(StrEnum):
    """Why a query cannot be asked."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_TERMS = "too_many_terms"


class QueryRefused(Exception):
    """A query that cannot be asked; says what to write instead."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(_TEXTS[problem]["en"])
        self.problem = problem

    def text(self, language: str) -> str:
        """The problem in zh-hans, it or English."""
        texts = _TEXTS[self.problem]
        return texts.get(language[:2].lower(), texts["en"])


_TEXTS: Mapping[Problem, Mapping[str, str]] = {
    Problem.EMPTY: {
        "en": "Write at least one letter, digit or character to search for.",
        "it": "Scrivi almeno una lettera, una cifra o un carattere da cercare.",
        "zh": "请输入至少一个要搜索的字、字母或数字。",
    },
    Problem.TOO_LONG: {
        "en": f"Search for at most {QUERY_CHARS_MAX} characters.",
        "it": f"Cerca al massimo {QUERY_CHARS_MAX} caratteri.",
        "zh": f"搜索内容最多{QUERY_CHARS_MAX}字。",
    },
    Problem.TOO_MANY_TERMS: {
        "en": f"Search for at most {TERMS_MAX} words at once; put a phrase in quotation marks.",
        "it": f"Cerca al massimo {TERMS_MAX} parole alla volta; metti le frasi tra virgolette.",
        "zh": f"一次最多搜索{TERMS_MAX}个词，短语请加引号。",
    },
}


def read_terms(query: str) -> tuple[str, ...]:
    """The folded terms of a query, each once: words between spaces, or phrases between quotation marks.

    Raises QueryRefused. Folding makes traditional, full-width and separated writing meet the plain one.
    """
    if len(query) > QUERY_CHARS_MAX:
        raise QueryRefused(Problem.TOO_LONG)
    folded = (fold(phrase or word) for phrase, word in _PARTS.findall(query))
    terms = tuple(dict.fromkeys(term for term in folded if term))
    if not terms:
        raise QueryRefused(Problem.EMPTY)
    if len(terms) > TERMS_MAX:
        raise QueryRefused(Problem.TOO_MANY_TERMS)
    return terms


def holds(folded: str, terms: Sequence[str]) -> bool:
    """Whether a folded text has every term: the definition of a hit, which the index only prepares."""
    return all(term in folded for term in terms)


def spans(text: str, terms: Sequence[str]) -> tuple[Span, ...]:
    """Where the terms are in the original, in order, those that touch joined."""
    folded = fold(text)
    # Most talk folds to itself, and then every character is where it was.
    origin = range(len(text)) if folded == text else offsets(text)
    found = []
    for term in terms:
        at = folded.find(term)
        while at >= 0:
            found.append((origin[at], origin[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def excerpt(text: str, marks: Sequence[Span]) -> tuple[Piece, ...]:
    """The text around its first mark, cut into marked and plain pieces; whole when it is short."""
    if not text:
        return ()
    first = marks[0][0] if marks else 0
    low = max(0, first - EXCERPT_CHARS_EACH_WAY)
    high = min(len(text), first + 2 * EXCERPT_CHARS_EACH_WAY)
    edges = sorted({low, high, *(edge for mark in marks for edge in mark if low < edge < high)})
    starts = [start for start, _ in marks]
    cut = []
    for start, end in pairwise(edges):
        at = bisect_right(starts, start)
        is_marked = at > 0 and start < marks[at - 1][1]
        cut.append(Piece(text[start:end], (MARK,) if is_marked else ()))
    before, after = ("…" if low else ""), ("…" if high < len(text) else "")
    return tuple(piece for piece in (Piece(before), *cut, Piece(after)) if piece.text)
