"""Compiles rules once into an immutable policy: one automaton over folded text, one over sound, linear regexes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from seta.oversight.rules.fold import fold, is_latin, readings, syllable_token
from seta.oversight.rules.policy import PolicyError, Rule, parse

_re2: Any = re2

# Shorter terms sound like ordinary speech too often (0.1 % of harmless service messages at two syllables).
SOUND_SYLLABLES_MIN = 3
SOUND_LETTERS_MIN = 8
REGEX_MEMORY_BYTES_MAX = 1 << 20


class Role(IntEnum):
    """What a found literal is to its rule."""

    TERM = 0
    LEFT = 1
    RIGHT = 2
    UNLESS = 3
    SOUND = 4


@dataclass(frozen=True)
class Use:
    """A literal's place in a rule; `clause` tells apart the near clauses of one rule."""

    rule: int
    role: Role
    clause: int = 0


@dataclass(frozen=True)
class Expression:
    """A compiled regular expression and the literals one of which must occur first."""

    rule: int
    literals: tuple[str, ...]
    compiled: Any
    check: str
    folded: bool


@dataclass(frozen=True, eq=False)
class Policy:
    """A set of rules ready to judge; never changes, may be shared between threads."""

    version: str
    rules: tuple[Rule, ...]
    literals: Any
    literal_uses: tuple[tuple[Use, ...], ...]
    literal_latin: tuple[bool, ...]
    sounds: Any
    sound_uses: tuple[tuple[Use, ...], ...]
    expressions: tuple[Expression, ...]

    def rule(self, rule_id: str) -> Rule:
        """The rule of this id; raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


class _Literals:
    """Collects literals with all their uses, each once."""

    def __init__(self) -> None:
        self.uses: dict[str, dict[Use, None]] = {}

    def add(self, text: str, use: Use) -> None:
        self.uses.setdefault(text, {})[use] = None

    def automaton(self) -> Any:
        return AhoCorasick(list(self.uses), matchkind=MatchKind.Standard, store_patterns=False)

    def table(self) -> tuple[tuple[Use, ...], ...]:
        return tuple(tuple(uses) for uses in self.uses.values())


def compile_documents(documents: Mapping[str, str]) -> Policy:
    """The policy of these YAML documents (file name -> text); its version is a digest of their contents."""
    digest = hashlib.sha256()
    for name, document in sorted(documents.items()):
        digest.update(f"{name}\0{document}\0".encode())
    return compile_rules(parse(documents), version=digest.hexdigest()[:16])


def compile_rules(rules: tuple[Rule, ...], *, version: str = "") -> Policy:
    """A policy of rules; raises PolicyError for a term that folds to nothing or a pattern RE2 refuses."""
    literals, sounds = _Literals(), _Literals()
    expressions: list[Expression] = []
    for index, rule in enumerate(rules):
        _add_rule(index, rule, literals, sounds)
        expressions.extend(_expressions(index, rule))
    return Policy(
        version=version,
        rules=rules,
        literals=literals.automaton(),
        literal_uses=literals.table(),
        literal_latin=tuple(is_latin(text[0]) or is_latin(text[-1]) for text in literals.uses),
        sounds=sounds.automaton() if sounds.uses else None,
        sound_uses=sounds.table(),
        expressions=tuple(expressions),
    )


def _add_rule(index: int, rule: Rule, literals: _Literals, sounds: _Literals) -> None:
    for terms in rule.terms:
        for word in terms.words:
            literals.add(_folded(word, rule), Use(index, Role.TERM))
            if terms.by_sound:
                _add_sounds(word, index, literals, sounds)
    for clause, near in enumerate(rule.nears):
        for word in near.left:
            literals.add(_folded(word, rule), Use(index, Role.LEFT, clause))
        for word in near.right:
            literals.add(_folded(word, rule), Use(index, Role.RIGHT, clause))
    for word in rule.unless.words:
        literals.add(_folded(word, rule), Use(index, Role.UNLESS))


def _add_sounds(word: str, index: int, literals: _Literals, sounds: _Literals) -> None:
    for reading in readings(word):
        if len(reading) < SOUND_SYLLABLES_MIN:
            continue
        sounds.add("".join(map(syllable_token, reading)), Use(index, Role.SOUND))
        spelled = "".join(reading)
        if len(spelled) >= SOUND_LETTERS_MIN:
            literals.add(spelled, Use(index, Role.SOUND))


def _folded(word: str, rule: Rule) -> str:
    folded = fold(word)
    if not folded:
        raise PolicyError(f"rule {rule.id}: the term {word!r} has no letter, digit or character to look for")
    return folded


def _expressions(index: int, rule: Rule) -> list[Expression]:
    options = re2.Options()
    options.max_mem = REGEX_MEMORY_BYTES_MAX
    options.log_errors = False
    found = []
    for pattern in rule.patterns:
        try:
            compiled = _re2.compile(pattern.expression, options)
        except re2.error as problem:
            reason = (
                problem.args[0].decode() if problem.args and isinstance(problem.args[0], bytes) else problem
            )
            raise PolicyError(
                f"rule {rule.id}: the linear engine refuses {pattern.expression!r}: {reason}"
            ) from problem
        literals = tuple(literal.lower() for literal in pattern.literals)
        found.append(Expression(index, literals, compiled, pattern.check, pattern.folded))
    return found
