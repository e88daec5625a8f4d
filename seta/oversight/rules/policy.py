"""Reads policy documents strictly: an unknown key, a missing test or a pattern a linear engine refuses is an error."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

import yaml

TESTS_EACH_MIN = 3
NEAR_CHARS_MAX = 60
CHANNELS = frozenset(
    {
        "wecom_1to1",  # free chat in WeCom, seen in the archive after it was sent
        "composer",  # what an associate sends through our own pages
        "official_account",  # customer-service messages
        "mini_program",  # subscribe messages and cards
        "welcome",  # the first message after a contact is added
        "moments",
        "broadcast",
    }
)
SENDERS = frozenset({"sa", "client"})
CHECKS = frozenset({"none", "luhn", "id_card"})


class Action(IntEnum):
    """What must happen to a message, from mildest to hardest."""

    ALLOW = 0
    FLAG = 1
    HOLD = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """The word used in policy files and reports."""
        return self.name.lower()


class Severity(StrEnum):
    """How much a hit matters; reviewers' time follows it."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class PolicyError(ValueError):
    """A policy document that may not be used; the message names the rule and says what to change."""


@dataclass(frozen=True)
class Terms:
    """Words and phrases, found in folded text and, when long enough to be safe, by their sound."""

    words: tuple[str, ...]
    by_sound: bool = True


@dataclass(frozen=True)
class Near:
    """A word of the left set and a word of the right set within so many folded characters, in any order."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    within: int


@dataclass(frozen=True)
class Pattern:
    """A regular expression run only when one of its literals occurs; `check` verifies the digits it found.

    `folded` runs it over folded text as well, where separators are gone and neighbouring numbers have grown together.
    """

    expression: str
    literals: tuple[str, ...]
    check: str = "none"
    folded: bool = False


@dataclass(frozen=True)
class Unless:
    """Words that excuse a hit when they stand within so many folded characters of it."""

    words: tuple[str, ...] = ()
    within: int = 8


@dataclass(frozen=True)
class Rule:
    """One rule of a policy."""

    id: str
    category: str
    severity: Severity
    senders: frozenset[str]
    channels: frozenset[str]
    terms: tuple[Terms, ...]
    nears: tuple[Near, ...]
    patterns: tuple[Pattern, ...]
    unless: Unless
    actions: Mapping[str, Action]
    sla_hours: int
    advice: Mapping[str, str] = field(default_factory=dict)
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    def applies(self, *, channel: str, sender: str) -> bool:
        """Whether the rule looks at such a message at all."""
        return sender in self.senders and (channel in self.channels or "*" in self.channels)

    def action(self, channel: str) -> Action:
        """What a hit means on a channel."""
        return self.actions.get(channel, self.actions["default"])


def parse(documents: Mapping[str, str]) -> tuple[Rule, ...]:
    """Rules of the documents (file name -> YAML), in order; raises PolicyError naming the file and the rule."""
    rules: list[Rule] = []
    for name, document in documents.items():
        try:
            loaded = yaml.safe_load(document)
        except yaml.YAMLError as problem:
            raise PolicyError(f"{name}: not readable as YAML: {problem}") from problem
        content = _section(loaded, name, required={"rules"}, optional={"lists"})
        lists = {
            key: _words(value, f"{name}: list {key}", {})
            for key, value in (content.get("lists") or {}).items()
        }
        for entry in _sequence(content["rules"], name):
            rules.append(_rule(entry, name, lists))
    _refuse_twice(rules)
    return tuple(rules)


def _refuse_twice(rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PolicyError(f"rule {rule.id}: this id is used twice; every rule needs its own")
        seen.add(rule.id)


def _rule(entry: Any, name: str, lists: Mapping[str, tuple[str, ...]]) -> Rule:
    where = f"{name}: rule {entry.get('id', '?') if isinstance(entry, dict) else '?'}"
    required = {"id", "category", "severity", "match", "actions", "tests"}
    content = _section(
        entry, where, required=required, optional={"applies", "unless", "review", "message_to_sa"}
    )
    match = _section(content["match"], f"{where}: match", required={"any"})
    clauses = [_clause(item, where, lists) for item in _sequence(match["any"], where)]
    applies = _section(content.get("applies") or {}, f"{where}: applies", optional={"sender", "channel"})
    review = _section(content.get("review") or {}, f"{where}: review", optional={"sla_hours"})
    tests = _section(content["tests"], f"{where}: tests", required={"hit", "miss"})
    advice = _section(
        content.get("message_to_sa") or {}, f"{where}: message_to_sa", optional={"zh", "en", "it"}
    )
    rule = Rule(
        id=str(content["id"]),
        category=str(content["category"]),
        severity=_severity(content["severity"], where),
        senders=_choice(applies.get("sender", ["sa"]), SENDERS, where),
        channels=_choice(applies.get("channel", ["*"]), CHANNELS | {"*"}, where),
        terms=tuple(clause for clause in clauses if isinstance(clause, Terms)),
        nears=tuple(clause for clause in clauses if isinstance(clause, Near)),
        patterns=tuple(clause for clause in clauses if isinstance(clause, Pattern)),
        unless=_unless(content.get("unless") or {}, where, lists),
        actions=_actions(content["actions"], where),
        sla_hours=_number(review.get("sla_hours", 24), where, "sla_hours", 1, 720),
        advice={str(language): str(text) for language, text in advice.items()},
        hits=_words(tests["hit"], f"{where}: tests", {}),
        misses=_words(tests["miss"], f"{where}: tests", {}),
    )
    if min(len(rule.hits), len(rule.misses)) < TESTS_EACH_MIN:
        raise PolicyError(
            f"{where}: give at least {TESTS_EACH_MIN} hit and {TESTS_EACH_MIN} miss tests of its own"
        )
    return rule


def _clause(item: Any, where: str, lists: Mapping[str, tuple[str, ...]]) -> Terms | Near | Pattern:
    content = _section(item, where, optional={"terms", "near", "regex"})
    if len(content) != 1:
        raise PolicyError(f"{where}: each entry of match.any is one of terms, near, regex")
    kind, body = next(iter(content.items()))
    if kind == "terms":
        terms = _section(body, f"{where}: terms", required={"words"}, optional={"by_sound"})
        return Terms(
            _words(terms["words"], where, lists), _truth(terms.get("by_sound", True), where, "by_sound")
        )
    if kind == "near":
        near = _section(body, f"{where}: near", required={"left", "right", "within"})
        within = _number(near["within"], where, "within", 1, NEAR_CHARS_MAX)
        return Near(_words(near["left"], where, lists), _words(near["right"], where, lists), within)
    regex = _section(body, f"{where}: regex", required={"pattern", "prefilter"}, optional={"check", "folded"})
    check = str(regex.get("check", "none"))
    if check not in CHECKS:
        raise PolicyError(f"{where}: regex check {check!r} is none of {sorted(CHECKS)}")
    folded = _truth(regex.get("folded", False), where, "folded")
    return Pattern(str(regex["pattern"]), _words(regex["prefilter"], where, lists), check, folded)


def _unless(body: Any, where: str, lists: Mapping[str, tuple[str, ...]]) -> Unless:
    content = _section(body, f"{where}: unless", optional={"words", "within"})
    if not content:
        return Unless()
    within = _number(content.get("within", 8), where, "within", 0, NEAR_CHARS_MAX)
    return Unless(_words(content.get("words", []), where, lists), within)


def _actions(body: Any, where: str) -> dict[str, Action]:
    content = _section(body, f"{where}: actions", required={"default", "wecom_1to1"}, optional=CHANNELS)
    words = {action.word: action for action in Action if action is not Action.ALLOW}
    for channel, word in content.items():
        if word not in words:
            raise PolicyError(f"{where}: action {word!r} on {channel} is none of {sorted(words)}")
        if channel == "wecom_1to1" and words[word] > Action.FLAG:
            raise PolicyError(
                f"{where}: free chat in WeCom is seen after it was sent; wecom_1to1 can only flag"
            )
    return {channel: words[word] for channel, word in content.items()}


def _section(
    value: Any,
    where: str,
    *,
    required: Set[str] = frozenset(),
    optional: Set[str] = frozenset(),
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where}: expected keys and values, found {type(value).__name__}")
    unknown = [str(key) for key in value if key not in required | optional]
    if unknown:
        raise PolicyError(f"{where}: unknown key {', '.join(unknown)}; known: {sorted(required | optional)}")
    missing = required - set(value)
    if missing:
        raise PolicyError(f"{where}: missing key {', '.join(sorted(missing))}")
    return value


def _sequence(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise PolicyError(f"{where}: expected a list with at least one entry")
    return value


def _words(value: Any, where: str, lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A list of texts, in which an entry {list: NAME} stands for a list of the same file."""
    found: list[str] = []
    for item in _sequence(value, where):
        if isinstance(item, dict):
            wanted = str(_section(item, where, required={"list"})["list"])
            if wanted not in lists:
                raise PolicyError(f"{where}: no list named {wanted} in this file")
            found.extend(lists[wanted])
        elif isinstance(item, str) and item.strip():
            found.append(item)
        else:
            raise PolicyError(f"{where}: {item!r} is not a text; put it in quotes")
    return tuple(found)


def _severity(value: Any, where: str) -> Severity:
    try:
        return Severity(value)
    except ValueError as problem:
        raise PolicyError(
            f"{where}: severity {value!r} is none of {[each.value for each in Severity]}"
        ) from problem


def _choice(value: Any, allowed: frozenset[str], where: str) -> frozenset[str]:
    chosen = frozenset(_words(value, where, {}))
    if not chosen <= allowed:
        raise PolicyError(f"{where}: {sorted(chosen - allowed)} is none of {sorted(allowed)}")
    return chosen


def _number(value: Any, where: str, name: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise PolicyError(f"{where}: {name} must be a whole number from {least} to {most}, found {value!r}")
    return value


def _truth(value: Any, where: str, name: str) -> bool:
    if not isinstance(value, bool):
        raise PolicyError(f"{where}: {name} must be true or false, found {value!r}")
    return value
