"""Spells out templates: one line of a policy that stands for every phrase its choices make."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from seta.oversight.rules.policy.language import PolicyError

# A line that stands for more says too little about what it looks for.
PHRASES_PER_LINE_MAX = 20_000
# Beyond this the beginnings and the ends of a line's phrases are kept apart: their sum instead of their product.
PHRASES_WHOLE_MAX = 120
PHRASES_AT_MOST_WHOLE = 1_000
_CHOICE = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


def spelled_out(line: str, lists: Mapping[str, Sequence[str]], where: str) -> tuple[str, ...]:
    """Every phrase of a line in which {a|b|} is a choice, an empty one leaving it out, and {@NAME} a list's words.

    Choices may name several lists and words: {@verbs|give|}. Raises PolicyError for an unknown list, a brace that
    stands alone, and a line of more than 20,000 phrases.
    """
    return _phrases(list(_parts(line, lists, where)), line, where)


def halved(
    line: str, lists: Mapping[str, Sequence[str]], where: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The beginnings and the ends of a line that stands for very many phrases; None for one that does not.

    It is cut between two of its parts where least has to be kept, and beside a single character only where the
    whole would be far too many.
    """
    parts = list(_parts(line, lists, where))
    if _count(parts) <= PHRASES_WHOLE_MAX:
        return None
    ends = {at: min(_shortest(parts[:at]), _shortest(parts[at:])) for at in range(1, len(parts))}
    least = 2 if max(ends.values(), default=0) >= 2 or _count(parts) <= PHRASES_AT_MOST_WHOLE else 1
    cuts = [at for at, length in ends.items() if length >= least]
    if not cuts:
        return None
    at = min(cuts, key=lambda cut: _count(parts[:cut]) + _count(parts[cut:]))
    return _phrases(parts[:at], line, where), _phrases(parts[at:], line, where)


def _shortest(parts: Sequence[Sequence[str]]) -> int:
    return sum(min(map(len, choices)) for choices in parts)


def _count(parts: Sequence[Sequence[str]]) -> int:
    return prod(map(len, parts))


def _phrases(parts: Sequence[Sequence[str]], line: str, where: str) -> tuple[str, ...]:
    if _count(parts) > PHRASES_PER_LINE_MAX:
        raise PolicyError(
            f"{where}: {line!r} stands for {_count(parts):,} phrases; write it as several lines of at most "
            f"{PHRASES_PER_LINE_MAX:,}"
        )
    phrases = dict.fromkeys("".join(each) for each in product(*parts))
    return tuple(phrase for phrase in phrases if phrase.strip())


def _parts(line: str, lists: Mapping[str, Sequence[str]], where: str) -> Iterator[Sequence[str]]:
    last = 0
    for match in (*_CHOICE.finditer(line), None):
        between = line[last : match.start()] if match else line[last:]
        if _BRACE.search(between):
            raise PolicyError(f"{where}: {line!r} has a brace that is not closed, or one inside another")
        if between:
            yield (between,)
        if match:
            yield _choices(match.group(1), lists, where)
            last = match.end()


def _choices(written: str, lists: Mapping[str, Sequence[str]], where: str) -> tuple[str, ...]:
    found: list[str] = []
    for choice in written.split("|"):
        if not choice.startswith("@"):
            found.append(choice)
        elif choice[1:] in lists:
            found.extend(lists[choice[1:]])
        else:
            raise PolicyError(f"{where}: no list named {choice[1:]}")
    return tuple(dict.fromkeys(found))
