"""Narrows a list by what its members have, and offers only what leaves something on the list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Facet(StrEnum):
    """What a list can be narrowed by; of the first three one value at a time, of the others all at once."""

    KIND = "kind"
    CATEGORY = "category"
    DISTRICT = "district"
    PAYMENT = "payment"
    LANGUAGE = "language"
    HAS = "has"


SINGLE = frozenset({Facet.KIND, Facet.CATEGORY, Facet.DISTRICT})

Choice = tuple[Facet, str]


@dataclass(frozen=True)
class Item:
    """A member of the list with its values by facet."""

    code: str
    values: Mapping[Facet, frozenset[str]] = field(default_factory=dict)

    def has(self, choice: Choice) -> bool:
        """Whether the member has the value."""
        facet, value = choice
        return value in self.values.get(facet, frozenset())


@dataclass(frozen=True)
class Option:
    """A value to choose next, and how long the list would then be: never empty."""

    facet: Facet
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Narrowed:
    """What is left, what can be chosen next, and the choices that had to be set aside to leave anything."""

    items: tuple[Item, ...]
    chosen: tuple[Choice, ...]
    set_aside: tuple[Choice, ...]
    options: tuple[Option, ...]


def narrow(items: Sequence[Item], wanted: Sequence[Choice]) -> Narrowed:
    """The members that have all that is wanted, in their order.

    Choices are taken in turn, and one that would empty the list (an old link, a place closed since) is set aside; of
    a single-valued facet the last choice counts.
    """
    chosen: list[Choice] = []
    aside: list[Choice] = []
    for choice in _last_of_each(wanted):
        fits = any(_fits(item, [*chosen, choice]) for item in items)
        (chosen if fits else aside).append(choice)
    left = tuple(item for item in items if _fits(item, chosen))
    return Narrowed(left, tuple(chosen), tuple(aside), _options(items, left, chosen))


def _last_of_each(wanted: Sequence[Choice]) -> list[Choice]:
    last = {facet: value for facet, value in wanted if facet in SINGLE}
    return [
        (facet, value)
        for facet, value in dict.fromkeys(wanted)
        if facet not in SINGLE or last[facet] == value
    ]


def _options(items: Sequence[Item], left: Sequence[Item], chosen: Sequence[Choice]) -> tuple[Option, ...]:
    found: list[Option] = []
    for facet in Facet:
        counted: Sequence[Item] = left
        if facet in SINGLE:
            others = [choice for choice in chosen if choice[0] != facet]
            counted = [item for item in items if _fits(item, others)]
        counts = Counter(value for item in counted for value in item.values.get(facet, ()))
        found += [
            Option(facet, value, count, (facet, value) in chosen)
            for value, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ]
    return tuple(found)


def _fits(item: Item, chosen: Sequence[Choice]) -> bool:
    return all(item.has(choice) for choice in chosen)
