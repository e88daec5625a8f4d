"""Compiles rules once into an immutable policy: one automaton over folded text, one over sound, linear regexes."""

import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from seta.oversight.rules.fold import (
    SPLITS,
    broad_table,
    fold,
    is_latin,
    named_otherwise,
    sounds,
    warm,
)
from seta.oversight.rules.policy import Clause, Near, Pattern, PolicyError, Rule, Severity, Terms, parse

_re2: Any = re2

# Speech that only sounds alike to those who mix up zh and z is believed at this length and for serious rules only.
BROAD_SYLLABLES_MIN = 4
NEAR_SYLLABLES_MIN = 2
REGEX_MEMORY_BYTES_MAX = 1 << 20
# A clause of many phrases knows fewer other names of each: a lexicon's words come in many combinations anyway.
ALIASES_PER_CLAUSE, ALIASES_LEAST = 3_000, 8
_PARTICLES = frozenset("的了我您你给到就也都是在个有一不")


class How(IntEnum):
    """In which way a literal must be found to count for its slot."""

    FOLDED = 0
    EXACT = 1
    GATE = 2  # lets a regular expression run, wherever it stands


LEFT, RIGHT = 0, 1
SPLIT_SLOT = -1


@dataclass(frozen=True)
class CompiledClause:
    """A clause with its rule; its finds go to slot 2n (terms, left, gate) and 2n + 1 (right)."""

    rule: int
    clause: Clause
    wanted_by_all: bool
    expression: Any = None


class LiteralUses(NamedTuple):
    """A literal's places (slot, rule, how): such as count by themselves, halves of near pairs, and excuses.

    `lefts` and `rights` are the near clauses it is a half of, each a bit.
    """

    alone: tuple[tuple[int, int, int], ...]
    halves: tuple[tuple[int, int, int], ...]
    excuses: tuple[tuple[int, int, int], ...]
    lefts: int
    rights: int


class SoundUses(NamedTuple):
    """A sound's places (slot, rule, exact syllables, or "" where whatever sounds alike counts, the term)."""

    alone: tuple[tuple[int, int, str, str], ...]
    halves: tuple[tuple[int, int, str, str], ...]
    lefts: int
    rights: int


@dataclass(frozen=True, eq=False)
class Policy:
    """A set of rules ready to judge; never changes, may be shared between threads.

    Slots from 2 * len(clauses) on belong to `excuses`: (rule, unless).
    """

    version: str
    rules: tuple[Rule, ...]
    clauses: tuple[CompiledClause, ...]
    excuses: tuple[tuple[int, int], ...]
    literals: Any
    literal_uses: tuple[LiteralUses, ...]
    literal_edges: tuple[int, ...]
    sounds: Any
    sound_uses: tuple[SoundUses, ...]
    clauses_of: tuple[tuple[int, ...], ...]
    excuses_of: tuple[tuple[int, ...], ...]
    _live: dict[tuple[str, str, str], frozenset[int]] = field(default_factory=dict)

    def rule(self, rule_id: str) -> Rule:
        """The rule of this id; raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def live(self, *, channel: str, sender: str, role: str = "") -> frozenset[int]:
        """The rules that look at such a message, by their index."""
        key = (channel, sender, role)
        found = self._live.get(key)
        if found is None:
            found = frozenset(
                index
                for index, rule in enumerate(self.rules)
                if rule.applies(channel=channel, sender=sender, role=role)
            )
            if len(self._live) < 256:
                self._live[key] = found
        return found


def compile_documents(
    documents: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None
) -> Policy:
    """The policy of YAML documents (file name -> text) and a house's own lists; its version digests their contents."""
    with uncollected():
        return compile_rules(parse(documents, lists), version=digest(documents, lists or {}))


def digest(documents: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> str:
    """The version of a policy: sixteen hex digits over its documents and lists, whatever their order."""
    summed = hashlib.sha256()
    for name, document in sorted(documents.items()):
        summed.update(f"{name}\0{document}\0".encode("utf-8", "surrogatepass"))
    for name, words in sorted(lists.items()):
        summed.update("\0".join([name, *words, ""]).encode("utf-8", "surrogatepass"))
    return summed.hexdigest()[:16]


def compile_rules(rules: tuple[Rule, ...], *, version: str = "") -> Policy:
    """A policy of rules; raises PolicyError for a term that folds to nothing or a pattern RE2 refuses."""
    warm()
    with uncollected():
        return _Compiler(rules).policy(version)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cycle collector, which would walk a hundred thousand young tuples again and again in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def edges_of(literal: str) -> int:
    """How a literal's ends must stand: 0 anywhere, 1 apart from other letters and digits, 2 apart from letters."""
    if not (is_latin(literal[0]) or is_latin(literal[-1])):
        return 0
    return 1 if literal.isascii() else 2


class _Compiler:
    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.literals: dict[str, list[tuple[int, int, int]]] = {}
        self.sounds: dict[str, list[tuple[int, int, str, str]]] = {}
        self.clauses: list[CompiledClause] = []
        self.excuses: list[tuple[int, int]] = []
        self.near_slots: set[int] = set()
        self.broad = broad_table()

    def policy(self, version: str) -> Policy:
        for index, rule in enumerate(self.rules):
            for clause in rule.any:
                self._add_clause(index, rule, clause, wanted_by_all=False)
            for clause in rule.all:
                self._add_clause(index, rule, clause, wanted_by_all=True)
        for index, rule in enumerate(self.rules):
            for place, unless in enumerate(rule.unless):
                slot = 2 * len(self.clauses) + len(self.excuses)
                self.excuses.append((index, place))
                for word in unless.words:
                    self._literal(_folded(word, rule), slot, index, How.FOLDED)
        for parts in SPLITS:
            self._literal(fold(parts), SPLIT_SLOT, -1, How.FOLDED)
        many = range(len(self.rules))
        by_rule: list[list[int]] = [[] for _ in many]
        excuses_by_rule: list[list[int]] = [[] for _ in many]
        for number, compiled in enumerate(self.clauses):
            by_rule[compiled.rule].append(number)
        for number, (index, _) in enumerate(self.excuses):
            excuses_by_rule[index].append(number)
        return Policy(
            version=version,
            rules=self.rules,
            clauses=tuple(self.clauses),
            excuses=tuple(self.excuses),
            literals=_automaton(self.literals),
            literal_uses=tuple(map(self._literal_uses, self.literals.values())),
            literal_edges=tuple(map(edges_of, self.literals)),
            sounds=_automaton(self.sounds),
            sound_uses=tuple(map(self._sound_uses, self.sounds.values())),
            clauses_of=tuple(map(tuple, by_rule)),
            excuses_of=tuple(map(tuple, excuses_by_rule)),
        )

    def _add_clause(self, index: int, rule: Rule, clause: Clause, *, wanted_by_all: bool) -> None:
        slot = 2 * len(self.clauses)
        expression = _expression(clause, rule) if isinstance(clause, Pattern) else None
        self.clauses.append(CompiledClause(index, clause, wanted_by_all, expression))
        if isinstance(clause, Terms):
            self._words(clause.words, slot, index, rule, clause.tiers, clause.min_syllables)
        elif isinstance(clause, Near):
            self.near_slots |= {slot + LEFT, slot + RIGHT}
            least = NEAR_SYLLABLES_MIN if rule.severity.serious else 3
            self._words(clause.left, slot + LEFT, index, rule, clause.tiers, least)
            self._words(clause.right, slot + RIGHT, index, rule, clause.tiers, least)
        else:
            for literal in clause.literals:
                self._literal(_folded(literal, rule), slot, index, How.GATE)

    def _words(
        self, words: Sequence[str], slot: int, index: int, rule: Rule, tiers: frozenset[str], least: int
    ) -> None:
        aliases_max = max(ALIASES_LEAST, ALIASES_PER_CLAUSE // max(1, len(words)))
        for word in words:
            folded = _folded(word, rule)
            if "normalised" not in tiers:
                self._literal(folded, slot, index, How.EXACT)
                continue
            self._literal(folded, slot, index, How.FOLDED)
            for other in islice(named_otherwise(folded), aliases_max):
                self._literal(fold(other), slot, index, How.FOLDED)
            if "pinyin" in tiers and not folded.isascii() and len(folded) >= least and not _soft(folded):
                self._sound(folded, slot, index, rule.severity)

    def _literal_uses(self, uses: list[tuple[int, int, int]]) -> LiteralUses:
        if len(uses) == 1 and uses[0][0] not in self.near_slots and uses[0][0] < 2 * len(self.clauses):
            return LiteralUses(tuple(uses), (), (), 0, 0)
        once = dict.fromkeys(uses)
        halves = tuple(use for use in once if use[0] in self.near_slots)
        excuses = tuple(use for use in once if use[0] >= 2 * len(self.clauses))
        apart = {*halves, *excuses}
        alone = tuple(use for use in once if use not in apart)
        return LiteralUses(alone, halves, excuses, _clauses_at(halves, LEFT), _clauses_at(halves, RIGHT))

    def _sound_uses(self, uses: list[tuple[int, int, str, str]]) -> SoundUses:
        if len(uses) == 1 and uses[0][0] not in self.near_slots:
            return SoundUses(tuple(uses), (), 0, 0)
        once = dict.fromkeys(uses)
        halves = tuple(use for use in once if use[0] in self.near_slots)
        alone = tuple(use for use in once if use[0] not in self.near_slots)
        return SoundUses(alone, halves, _clauses_at(halves, LEFT), _clauses_at(halves, RIGHT))

    def _literal(self, text: str, slot: int, index: int, how: How) -> None:
        self.literals.setdefault(text, []).append((slot, index, int(how)))

    def _sound(self, folded: str, slot: int, index: int, severity: Severity) -> None:
        loose = severity.serious and len(folded) >= BROAD_SYLLABLES_MIN
        for strict in sounds(folded):
            use = (slot, index, "" if loose else strict, folded)
            self.sounds.setdefault(strict.translate(self.broad), []).append(use)


def _soft(folded: str) -> bool:
    """Whether two characters are half a particle: their sound is met in every other sentence."""
    return len(folded) == 2 and not _PARTICLES.isdisjoint(folded)


def _clauses_at(uses: Sequence[tuple[Any, ...]], side: int) -> int:
    bits = 0
    for use in uses:
        if use[0] & 1 == side:
            bits |= 1 << (use[0] >> 1)
    return bits


def _automaton(patterns: Mapping[str, object]) -> Any:
    if not patterns:
        return None
    return AhoCorasick(list(patterns), matchkind=MatchKind.Standard, store_patterns=False)


def _folded(word: str, rule: Rule) -> str:
    folded = fold(word)
    if not folded:
        raise PolicyError(f"rule {rule.id}: the term {word!r} has no letter, digit or character to look for")
    return folded


def _expression(pattern: Pattern, rule: Rule) -> Any:
    options = re2.Options()
    options.max_mem = REGEX_MEMORY_BYTES_MAX
    options.log_errors = False
    try:
        return _re2.compile(pattern.expression, options)
    except re2.error as problem:
        reason = problem.args[0].decode() if problem.args and isinstance(problem.args[0], bytes) else problem
        raise PolicyError(
            f"rule {rule.id}: the linear engine refuses {pattern.expression!r}: {reason}"
        ) from problem
