"""Divides the people of a broadcast into calls that WeChat takes, within what each may still receive this month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from seta.kit.clock import beijing_day

A_MONTH_MAX = 4
"""Broadcasts that a follower of a service account receives in a calendar month. Batch_Sends."""
RECIPIENTS_MIN, RECIPIENTS_MAX = 2, 10_000
"""Followers in one call by list. Batch_Sends."""


@dataclass(frozen=True)
class Share:
    """One call: in which language, to whom."""

    language: str
    person_ids: tuple[int, ...]


def month_of(instant: datetime) -> str:
    """The month, such as `2026-11`, in which WeChat counts a broadcast of this instant."""
    return f"{beijing_day(instant):%Y-%m}"


def allotted(people: Iterable[int], received: Mapping[int, int], keep_back: int) -> list[int]:
    """Those who may receive one more and still have `keep_back` of this month's left afterwards."""
    return [person for person in people if received.get(person, 0) < A_MONTH_MAX - keep_back]


def divide(people: Mapping[int, str], said_in: Sequence[str]) -> list[Share]:
    """Everybody's share, each person once, in their language or else the first one that the broadcast has.

    `people` are person ids with their language; `said_in` the broadcast's languages, the one for all others first.
    WeChat takes no list of one: a language that only one person reads is said to them in the first, and when that
    leaves one there, they read the largest other. Whoever is alone gets nothing: the list is empty then.
    """
    assert said_in, "a broadcast says something"
    by_language: dict[str, list[int]] = {language: [] for language in said_in}
    for person, language in sorted(people.items()):
        by_language[language if language in by_language else said_in[0]].append(person)
    for language in said_in[1:]:
        if len(by_language[language]) < RECIPIENTS_MIN:
            by_language[said_in[0]] += by_language.pop(language)
    first = by_language[said_in[0]]
    if 0 < len(first) < RECIPIENTS_MIN and len(by_language) > 1:
        largest = max(said_in[1:], key=lambda each: len(by_language.get(each, ())))
        by_language[largest] += by_language.pop(said_in[0])
    return [
        Share(language, part)
        for language, ids in by_language.items()
        if len(ids) >= RECIPIENTS_MIN
        for part in _calls(tuple(ids))
    ]


def _calls(ids: tuple[int, ...]) -> list[tuple[int, ...]]:
    """As few calls as there can be, of nearly the same size, so that none is left with one person."""
    number = -(-len(ids) // RECIPIENTS_MAX)
    size, larger = divmod(len(ids), number)
    starts = [at * size + min(at, larger) for at in range(number + 1)]
    return [ids[start:end] for start, end in pairwise(starts)]
