"""Compiles rules once into an immutable policy: one automaton over folded text, one over sound, linear regexes."""

import gc
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from seta.oversight.rules.checks import DIGITS_MIN
from seta.oversight.rules.fold import (
    SPLITS,
    broadly,
    fold_all,
    is_latin,
    named_otherwise,
    sounds_all,
    warm,
)
from seta.oversight.rules.learned import weights
from seta.oversight.rules.policy import Clause, Learned, Near, Pattern, PolicyError, Rule, Terms, parse

_re2: Any = re2

# Speech that only sounds alike to those who mix up zh and z is believed at this length and for serious rules only.
BROAD_SYLLABLES_MIN = 4
NEAR_SYLLABLES_MIN = 2
REGEX_MEMORY_BYTES_MAX = 1 << 20
# A clause of many phrases knows fewer other names of each: a lexicon's words come in many combinations anyway.
ALIASES_PER_CLAUSE, ALIASES_LEAST = 3_000, 8
# Rules are compiled again with every change of a house's policy; most of their words are the same as before.
WORDINGS_KEPT_MAX = 2_048
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

    `numbers` are gates of patterns whose finds are checked, with the digits that a message needs for one of them.
    `lefts` and `rights` are the near clauses it is a half of, each a bit.
    """

    alone: tuple[tuple[int, int, int], ...]
    halves: tuple[tuple[int, int, int], ...]
    excuses: tuple[tuple[int, int, int], ...]
    lefts: int
    rights: int
    numbers: tuple[tuple[int, int, int], ...] = ()
    digits_min: int = 0


class SoundUses(NamedTuple):
    """A sound's places (slot, rule, exact syllables, or "" where whatever sounds alike counts, the term)."""

    alone: tuple[tuple[int, int, str, str], ...]
    halves: tuple[tuple[int, int, str, str], ...]
    lefts: int
    rights: int


class LearnedUse(NamedTuple):
    """A learned clause: its slot and rule, and what of the learnt weights it asks for."""

    slot: int
    rule: int
    category: str
    threshold: float
    latin: float

    def least(self, *, latin: bool) -> float:
        """The score that a text must reach."""
        return self.latin if latin else self.threshold


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
    learned: tuple[LearnedUse, ...] = ()
    _live: dict[tuple[str, str, str], frozenset[int]] = field(default_factory=dict)
    _listening: dict[tuple[frozenset[int], bool], Mapping[str, float]] = field(default_factory=dict)

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

    def listening(self, live: frozenset[int], *, latin: bool) -> Mapping[str, float]:
        """The categories that these live rules have learnt to hear, each with the least score that one asks for."""
        wanted = self._listening.get((live, latin))
        if wanted is None:
            least: dict[str, float] = {}
            for use in self.learned:
                if use.rule in live:
                    asked = use.least(latin=latin)
                    least[use.category] = min(asked, least.get(use.category, asked))
            wanted = least
            if len(self._listening) < 256:
                self._listening[live, latin] = wanted
        return wanted


def compile_documents(
    documents: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None
) -> Policy:
    """The policy of YAML documents (file name -> text) and a house's own lists; its version digests their contents."""
    with uncollected():
        return compile_rules(parse(documents, lists), version=digest(documents, lists or {}))


def digest(documents: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> str:
    """The version of a policy: sixteen hex digits over documents, lists and learnt weights, whatever their order."""
    summed = hashlib.sha256(weights().digest.encode("ascii"))
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


class _Wording(NamedTuple):
    """A clause's words as they are looked for: folded, under other names, and each term with a sound of its own."""

    folded: tuple[str, ...]
    others: tuple[str, ...]
    sounds: tuple[tuple[str, str, str], ...]
    """Broad sound, exact syllables, folded term."""


@lru_cache(maxsize=WORDINGS_KEPT_MAX)
def _wording(words: tuple[str, ...], least: int) -> _Wording:
    """The wording of a clause; `least` syllables make a sound, 0 none. A word that folds to nothing stays empty."""
    folded = fold_all(words)
    aliases_max = max(ALIASES_LEAST, ALIASES_PER_CLAUSE // max(1, len(words)))
    others = [other for word in folded for other in islice(named_otherwise(word), aliases_max)]
    spoken: list[tuple[str, str]] = []
    if least:
        terms = [word for word in folded if len(word) >= least and not word.isascii() and not _soft(word)]
        spoken = [
            (strict, term) for term, each in zip(terms, sounds_all(terms), strict=True) for strict in each
        ]
    heard = broadly([strict for strict, _ in spoken])
    return _Wording(
        tuple(folded),
        tuple(fold_all(others)),
        tuple((sound, *each) for sound, each in zip(heard, spoken, strict=True)),
    )


class _Compiler:
    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.literals: dict[str, tuple[tuple[int, int, int], ...]] = {}
        self.sounds: dict[str, tuple[tuple[int, int, str, str], ...]] = {}
        self.clauses: list[CompiledClause] = []
        self.excuses: list[tuple[int, int]] = []
        self.near_slots: set[int] = set()
        self.learned: list[LearnedUse] = []
        self._same_uses: dict[tuple[tuple[int, int, int], ...], LiteralUses] = {}

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
                self._literals(_told(unless.words, rule).folded, (slot, index, int(How.FOLDED)))
        self._literals(fold_all(list(SPLITS)), (SPLIT_SLOT, -1, int(How.FOLDED)))
        many = range(len(self.rules))
        by_rule: list[list[int]] = [[] for _ in many]
        excuses_by_rule: list[list[int]] = [[] for _ in many]
        for number, compiled in enumerate(self.clauses):
            by_rule[compiled.rule].append(number)
        for number, (index, _) in enumerate(self.excuses):
            excuses_by_rule[index].append(number)
        # Neighbours share their beginnings: an automaton grows a third faster from ordered texts.
        literals, sounds = sorted(self.literals), sorted(self.sounds)
        return Policy(
            version=version,
            rules=self.rules,
            clauses=tuple(self.clauses),
            excuses=tuple(self.excuses),
            literals=_automaton(literals),
            literal_uses=tuple([self._literal_uses(self.literals[text]) for text in literals]),
            literal_edges=tuple(map(edges_of, literals)),
            sounds=_automaton(sounds),
            sound_uses=tuple([self._sound_uses(self.sounds[sound]) for sound in sounds]),
            clauses_of=tuple(map(tuple, by_rule)),
            excuses_of=tuple(map(tuple, excuses_by_rule)),
            learned=tuple(self.learned),
        )

    def _add_clause(self, index: int, rule: Rule, clause: Clause, *, wanted_by_all: bool) -> None:
        slot = 2 * len(self.clauses)
        expression = _expression(clause, rule) if isinstance(clause, Pattern) else None
        self.clauses.append(CompiledClause(index, clause, wanted_by_all, expression))
        if isinstance(clause, Learned):
            self.learned.append(LearnedUse(slot, index, clause.category, clause.threshold, clause.latin))
        elif isinstance(clause, Terms):
            self._words(clause.words, slot, index, rule, clause.tiers, clause.min_syllables)
        elif isinstance(clause, Near):
            self.near_slots |= {slot + LEFT, slot + RIGHT}
            least = NEAR_SYLLABLES_MIN if rule.severity.serious else 3
            self._words(clause.left, slot + LEFT, index, rule, clause.tiers, least)
            self._words(clause.right, slot + RIGHT, index, rule, clause.tiers, least)
        else:
            self._literals(_told(clause.literals, rule).folded, (slot, index, int(How.GATE)))

    def _words(
        self, words: tuple[str, ...], slot: int, index: int, rule: Rule, tiers: frozenset[str], least: int
    ) -> None:
        if "normalised" not in tiers:
            self._literals(_told(words, rule).folded, (slot, index, int(How.EXACT)))
            return
        wording = _told(words, rule, least if "pinyin" in tiers else 0)
        self._literals(wording.folded, (slot, index, int(How.FOLDED)))
        self._literals(wording.others, (slot, index, int(How.FOLDED)))
        known, loose_from = self.sounds, BROAD_SYLLABLES_MIN if rule.severity.serious else sys.maxsize
        for sound, strict, term in wording.sounds:
            use = (slot, index, "" if len(term) >= loose_from else strict, term)
            before = known.get(sound)
            known[sound] = (*before, use) if before else (use,)

    def _literals(self, texts: Sequence[str], use: tuple[int, int, int]) -> None:
        """Look for texts for a place; most are looked for there alone and share what is said of it."""
        known, only = self.literals, (use,)
        for text in texts:
            before = known.setdefault(text, only)
            if before is not only and use not in before:
                known[text] = before + only

    def _literal_uses(self, uses: tuple[tuple[int, int, int], ...]) -> LiteralUses:
        found = self._same_uses.get(uses)
        if found is None:
            halves = tuple(use for use in uses if use[0] in self.near_slots)
            excuses = tuple(use for use in uses if use[0] >= 2 * len(self.clauses))
            needs = {use: self._digits_min(use[0]) for use in uses if use[2] == How.GATE}
            numbers = tuple(use for use, needed in needs.items() if needed)
            apart = {*halves, *excuses, *numbers}
            alone = tuple(use for use in uses if use not in apart)
            lefts, rights = _clauses_at(halves, LEFT), _clauses_at(halves, RIGHT)
            digits_min = min((needs[use] for use in numbers), default=0)
            found = LiteralUses(alone, halves, excuses, lefts, rights, numbers, digits_min)
            self._same_uses[uses] = found
        return found

    def _digits_min(self, slot: int) -> int:
        clause = self.clauses[slot >> 1].clause
        return DIGITS_MIN.get(clause.check, 0) if isinstance(clause, Pattern) else 0

    def _sound_uses(self, uses: tuple[tuple[int, int, str, str], ...]) -> SoundUses:
        once = uses if len(uses) == 1 else tuple(dict.fromkeys(uses))
        halves = tuple(use for use in once if use[0] in self.near_slots)
        if not halves:
            return SoundUses(once, (), 0, 0)
        alone = (
            () if len(halves) == len(once) else tuple(use for use in once if use[0] not in self.near_slots)
        )
        return SoundUses(alone, halves, _clauses_at(halves, LEFT), _clauses_at(halves, RIGHT))


def _told(words: tuple[str, ...], rule: Rule, least: int = 0) -> _Wording:
    """The wording of a rule's words; raises PolicyError when one of them folds to nothing."""
    wording = _wording(words, least)
    if "" in wording.folded:
        word = words[wording.folded.index("")]
        raise PolicyError(f"rule {rule.id}: the term {word!r} has no letter, digit or character to look for")
    return wording


def _soft(folded: str) -> bool:
    """Whether two characters are half a particle: their sound is met in every other sentence."""
    return len(folded) == 2 and not _PARTICLES.isdisjoint(folded)


def _clauses_at(uses: Sequence[tuple[Any, ...]], side: int) -> int:
    bits = 0
    for use in uses:
        if use[0] & 1 == side:
            bits |= 1 << (use[0] >> 1)
    return bits


def _automaton(patterns: list[str]) -> Any:
    if not patterns:
        return None
    return AhoCorasick(patterns, matchkind=MatchKind.Standard, store_patterns=False)


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
