"""Reads policy documents strictly: an unknown key, a missing test or a key twice is an error with its line."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any

import yaml

from seta.oversight.rules.learned import weights
from seta.oversight.rules.policy.language import (
    ARCHIVE,
    CHANNELS,
    CHECKS,
    DIRECTIONS,
    INTERCEPT,
    POINTS,
    SENDERS,
    TIERS,
    Action,
    Budget,
    Clause,
    Learned,
    Near,
    Pattern,
    PolicyError,
    ReviewPlan,
    Rule,
    Severity,
    Terms,
    Threshold,
    Unless,
    Window,
)
from seta.oversight.rules.policy.templates import halved, spelled_out

TESTS_EACH_MIN = 3
NEAR_CHARS_MAX = 60
THRESHOLD_MAX = 20
# Characters folded away do not count: one of Chinese, or one short word of what is written with spaces.
HALVES_APART_MAX = {"chinese": 1, "latin": 6}
DOCUMENT_CHARS_MAX = 8_000_000
_Lists = Mapping[str, tuple[str, ...]]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Lined(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    lines: dict[str, int]
    line: int


class _LineLoader(_Loader):  # type: ignore[misc]
    """Builds mappings with lines and refuses a key given twice."""


def _mapping(loader: Any, node: Any) -> Iterator[_Lined]:
    built = _Lined()
    built.line = node.start_mark.line + 1
    built.lines = {}
    yield built
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        line = key_node.start_mark.line + 1
        if key in built.lines:
            raise yaml.constructor.ConstructorError(None, None, f"key {key} given twice", key_node.start_mark)
        built.lines[key] = line
        built[key] = loader.construct_object(value_node, deep=True)


_LineLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse(documents: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None) -> tuple[Rule, ...]:
    """Rules of the documents (file name -> YAML), in order; raises PolicyError naming file, rule and line.

    `lists` are a house's own words, added to the documents' lists of the same names.
    """
    contents = {name: _load(name, document) for name, document in documents.items()}
    known = _all_lists(contents, lists or {})
    rules = [
        _rule(entry, name, known)
        for name, content in contents.items()
        for entry in (_sequence(content["rules"], name) if "rules" in content else ())
    ]
    _refuse_twice(rules)
    return tuple(rules)


def _load(name: str, document: str) -> dict[str, Any]:
    if len(document) > DOCUMENT_CHARS_MAX:
        raise PolicyError(f"{name}: longer than {DOCUMENT_CHARS_MAX:,} characters; split it")
    try:
        loaded = yaml.load(document, Loader=_LineLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise PolicyError(f"{name}: not readable as YAML: {problem}") from problem
    return _section(loaded, name, optional={"rules", "lists"})


def _all_lists(contents: Mapping[str, Any], extra: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, content in contents.items():
        for key, value in (content.get("lists") or {}).items():
            if key in found:
                raise PolicyError(f"{name}: the list {key} is in another file already; use another name")
            found[key] = _words(value, f"{name}: list {key}", {})
    for key, words in extra.items():
        found[key] = tuple(dict.fromkeys(chain(found.get(key, ()), words)))
    return found


def _refuse_twice(rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PolicyError(
                f"{rule.source}: rule {rule.id}: this id is used twice; every rule needs its own"
            )
        seen.add(rule.id)


def _rule(entry: Any, name: str, lists: _Lists) -> Rule:
    where = f"{name}: rule {entry.get('id', '?') if isinstance(entry, dict) else '?'}"
    if isinstance(entry, _Lined):
        where += f" (line {entry.line})"
    content = _section(
        entry,
        where,
        required={"id", "category", "severity", "match", "actions", "tests"},
        optional={"applies", "window", "threshold", "review", "message_to_sa", "budget"},
    )
    match = _section(content["match"], f"{where}: match", optional={"any", "all", "unless"})
    any_of, all_of = (_clauses(match.get(key), where, lists) for key in ("any", "all"))
    if not any_of and not all_of:
        raise PolicyError(f"{where}: match needs entries under any or all")
    applies = _section(
        content.get("applies") or {},
        f"{where}: applies",
        optional={"sender", "direction", "channel", "not_role"},
    )
    unless, quoted, approved = _unless(match.get("unless"), where, lists)
    advice = _section(
        content.get("message_to_sa") or {},
        f"{where}: message_to_sa",
        optional={"zh", "en", "it", "suggest_asset"},
    )
    actions = _actions(content["actions"], where)
    _refuse_blocking(actions, (*any_of, *all_of), where)
    hits, misses = _tests(content["tests"], where)
    return Rule(
        id=str(content["id"]),
        category=str(content["category"]),
        severity=_severity(content["severity"], where),
        senders=_senders(applies, where),
        channels=_choice(applies.get("channel", ["*"]), CHANNELS | {"*"}, where),
        not_roles=frozenset(_words(applies["not_role"], where, {}) if "not_role" in applies else ()),
        any=any_of,
        all=all_of,
        unless=unless,
        excuses_quoted=quoted,
        excuses_approved=approved,
        window=_window(content.get("window"), where),
        threshold=_threshold(content.get("threshold") or {}, where),
        actions=actions,
        review=_review(content.get("review") or {}, where),
        budget=_budget(content.get("budget") or {}, where),
        advice={key: str(text) for key, text in advice.items() if key != "suggest_asset"},
        suggest_asset=str(advice.get("suggest_asset", "")),
        hits=hits,
        misses=misses,
        source=where.partition(": rule")[0],
    )


def _senders(applies: Mapping[str, Any], where: str) -> frozenset[str]:
    senders = _choice(applies.get("sender", ["sa"]), SENDERS, where)
    if "direction" not in applies:
        return senders
    directions = _choice(applies["direction"], frozenset(DIRECTIONS), where)
    meant = frozenset(DIRECTIONS[direction] for direction in directions)
    if "sender" not in applies:
        return meant
    if not senders & meant:
        raise PolicyError(f"{where}: direction and sender leave nobody; out is sa, in is client")
    return senders & meant


def _tests(body: Any, where: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Each test is a text, or a conversation: a list of texts of which the last is judged."""
    tests = _section(body, f"{where}: tests", required={"hit", "miss"})
    told = []
    for key in ("hit", "miss"):
        entries = _sequence(tests[key], f"{where}: tests")
        told.append(
            tuple(
                _words(entry if isinstance(entry, list) else [entry], f"{where}: tests", {})
                for entry in entries
            )
        )
    if min(map(len, told)) < TESTS_EACH_MIN:
        raise PolicyError(
            f"{where}: give at least {TESTS_EACH_MIN} hit and {TESTS_EACH_MIN} miss tests of its own"
        )
    return told[0], told[1]


def _clauses(value: Any, where: str, lists: _Lists) -> tuple[Clause, ...]:
    return tuple(
        clause for item in (value and _sequence(value, where)) or () for clause in _clause(item, where, lists)
    )


def _clause(item: Any, where: str, lists: _Lists) -> Iterator[Clause]:
    content = _section(item, where, optional={"terms", "near", "regex", "learned"})
    if len(content) != 1:
        raise PolicyError(f"{where}: each entry of match is one of terms, near, regex, learned")
    kind, body = next(iter(content.items()))
    if kind == "learned":
        yield _learned(body, f"{where}: learned")
    elif kind == "terms":
        yield from _terms(body, f"{where}: terms", lists)
    elif kind == "near":
        yield _near(body, f"{where}: near", lists)
    else:
        yield _pattern(body, where, lists)


def _learned(body: Any, where: str) -> Learned:
    content = _section(body, where, required={"category", "threshold"}, optional={"latin"})
    category = str(content["category"])
    if category not in weights().categories:
        raise PolicyError(f"{where}: category {category!r} is none of {sorted(weights().categories)}")
    threshold = _least_score(content["threshold"], where, "threshold")
    return Learned(category, threshold, _least_score(content.get("latin", threshold), where, "latin"))


def _least_score(value: Any, where: str, name: str) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not 0 <= value <= THRESHOLD_MAX:
        raise PolicyError(f"{where}: {name} must be a number from 0 to {THRESHOLD_MAX}, found {value!r}")
    return float(value)


def _pattern(body: Any, where: str, lists: _Lists) -> Pattern:
    here = f"{where}: regex"
    regex = _section(body, here, required={"pattern", "prefilter"}, optional={"check", "folded", "numerals"})
    check = str(regex.get("check", "none"))
    if check not in CHECKS:
        raise PolicyError(f"{here} check {check!r} is none of {sorted(CHECKS)}")
    return Pattern(
        str(regex["pattern"]),
        _words(regex["prefilter"], here, lists),
        check,
        _truth(regex.get("folded", False), here, "folded"),
        _truth(regex.get("numerals", False), here, "numerals"),
    )


def _terms(body: Any, where: str, lists: _Lists) -> Iterator[Clause]:
    """The words as one clause, and a clause of two halves for each line that stands for very many phrases."""
    terms = _section(body, where, optional={"words", "list", "tiers", "min_syllables"})
    words: list[str] = []
    if "list" in terms:
        named = terms["list"] if isinstance(terms["list"], list) else [terms["list"]]
        words += _words([{"list": name} for name in named], where, lists)
    long: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for item in _sequence(terms["words"], where) if "words" in terms else ():
        halves = halved(item, lists, where) if isinstance(item, str) and "{" in item else None
        if halves:
            long.append(halves)
        else:
            words += _words([item], where, lists)
    if not words and not long:
        raise PolicyError(f"{where}: give words or a list")
    syllables = _number(terms.get("min_syllables", 3), where, "min_syllables", 3, 12)
    tiers = _choice(terms.get("tiers", sorted(TIERS)), TIERS, where)
    if words:
        yield Terms(tuple(dict.fromkeys(words)), tiers, syllables)
    for left, right in long:
        apart = HALVES_APART_MAX["latin" if left[0].isascii() else "chinese"]
        yield Near(left, right, apart, ordered=True, tiers=tiers)


def _near(body: Any, where: str, lists: _Lists) -> Near:
    near = _section(body, where, required={"left", "right", "within"}, optional={"unit", "ordered", "tiers"})
    unit = str(near.get("unit", "chars"))
    if unit not in ("chars", "words"):
        raise PolicyError(f"{where}: unit {unit!r} is none of ['chars', 'words']")
    return Near(
        _words(near["left"], where, lists),
        _words(near["right"], where, lists),
        _number(near["within"], where, "within", 0, NEAR_CHARS_MAX),
        unit,
        _truth(near.get("ordered", False), where, "ordered"),
        _choice(near.get("tiers", sorted(TIERS)), TIERS, where),
    )


def _unless(value: Any, where: str, lists: _Lists) -> tuple[tuple[Unless, ...], bool, bool]:
    words: list[Unless] = []
    quoted = approved = False
    here = f"{where}: unless"
    for item in (value and _sequence(value, here)) or ():
        content = _section(item, here, optional={"terms", "quoted", "from_asset"})
        if len(content) != 1:
            raise PolicyError(f"{here}: each entry is one of terms, quoted, from_asset")
        if "quoted" in content:
            quoted = _truth(content["quoted"], here, "quoted")
        elif "from_asset" in content:
            if content["from_asset"] != "approved":
                raise PolicyError(f"{here}: from_asset knows only approved")
            approved = True
        else:
            words.append(_excuse(content["terms"], f"{here}: terms", lists))
    return tuple(words), quoted, approved


def _excuse(body: Any, where: str, lists: _Lists) -> Unless:
    content = _section(body, where, optional={"words", "list", "within", "side"})
    side = str(content.get("side", "around"))
    if side not in ("before", "after", "around"):
        raise PolicyError(f"{where}: side {side!r} is none of ['after', 'around', 'before']")
    given: list[Any] = [{"list": content["list"]}] if "list" in content else []
    words = _words(given + list(content.get("words") or ()), where, lists)
    return Unless(words, _number(content.get("within", 8), where, "within", 0, NEAR_CHARS_MAX), side)


def _window(value: Any, where: str) -> Window | None:
    if value is None:
        return None
    content = _section(value, f"{where}: window", required={"messages", "minutes"})
    return Window(
        _number(content["messages"], where, "messages", 2, 50),
        _number(content["minutes"], where, "minutes", 1, 10_080),
    )


def _threshold(value: Any, where: str) -> Threshold:
    content = _section(value, f"{where}: threshold", optional={"hits", "score", "per", "dedupe_hours"})
    per = str(content.get("per", "message"))
    if per not in ("message", "conversation"):
        raise PolicyError(f"{where}: threshold per {per!r} is none of ['conversation', 'message']")
    return Threshold(
        _number(content.get("hits", 1), where, "hits", 1, 100),
        _share(content.get("score", 0), where, "score"),
        per,
        _number(content.get("dedupe_hours", 0), where, "dedupe_hours", 0, 720),
    )


def _review(value: Any, where: str) -> ReviewPlan:
    content = _section(
        value, f"{where}: review", optional={"queue", "sla_hours", "escalate", "sample_second_review"}
    )
    return ReviewPlan(
        str(content.get("queue", "default")),
        _number(content.get("sla_hours", 24), where, "sla_hours", 1, 720),
        str(content.get("escalate", "")),
        _share(content.get("sample_second_review", 0), where, "sample_second_review"),
    )


def _budget(value: Any, where: str) -> Budget:
    content = _section(value, f"{where}: budget", optional={"max_alert_rate", "min_precision"})
    return Budget(
        _share(content.get("max_alert_rate", 1), where, "max_alert_rate"),
        _share(content.get("min_precision", 0), where, "min_precision"),
    )


def _actions(body: Any, where: str) -> dict[str, Action]:
    content = _section(body, f"{where}: actions", required={"default", ARCHIVE}, optional=POINTS)
    words = {action.word: action for action in Action}
    for point, word in content.items():
        if word not in words:
            raise PolicyError(f"{where}: action {word!r} at {point} is none of {sorted(words)}")
        if point == ARCHIVE and words[word] > Action.FLAG:
            raise PolicyError(f"{where}: the archive sees chat after it was sent; it can only flag or allow")
        if point == INTERCEPT and words[word] is Action.HOLD:
            raise PolicyError(f"{where}: WeCom can block or warn (flag), it cannot hold")
    return {point: words[word] for point, word in content.items()}


def _refuse_blocking(actions: Mapping[str, Action], clauses: Sequence[Clause], where: str) -> None:
    """What is learnt is a guess with a reason: it may ask a person, never stop a message for good."""
    if any(isinstance(clause, Learned) for clause in clauses):
        if Action.BLOCK in actions.values():
            raise PolicyError(f"{where}: what is learned may flag or hold, it never blocks")
        if actions.get(INTERCEPT, Action.ALLOW) is not Action.ALLOW:
            raise PolicyError(f"{where}: WeCom knows words only; leave {INTERCEPT} out of a learned rule")


def _section(
    value: Any, where: str, *, required: Set[str] = frozenset(), optional: Set[str] = frozenset()
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where}: expected keys and values, found {type(value).__name__}")
    unknown = [str(key) for key in value if key not in required | optional]
    if unknown:
        lines = value.lines if isinstance(value, _Lined) else {}
        at = f" (line {lines[unknown[0]]})" if unknown[0] in lines else ""
        raise PolicyError(
            f"{where}: unknown key {', '.join(unknown)}{at}; known: {sorted(required | optional)}"
        )
    missing = required - set(value)
    if missing:
        raise PolicyError(f"{where}: missing key {', '.join(sorted(missing))}")
    return value


def _sequence(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise PolicyError(f"{where}: expected a list with at least one entry")
    return value


def _words(value: Any, where: str, lists: _Lists) -> tuple[str, ...]:
    """A list of texts, in which an entry {list: NAME} stands for a list of the policy."""
    found: list[str] = []
    for item in _sequence(value, where):
        if isinstance(item, str) and item.strip():
            found.extend(spelled_out(item, lists, where) if "{" in item else (item,))
        elif isinstance(item, dict):
            wanted = str(_section(item, where, required={"list"})["list"])
            if wanted not in lists:
                raise PolicyError(f"{where}: no list named {wanted}")
            found.extend(lists[wanted])
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


def _share(value: Any, where: str, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise PolicyError(f"{where}: {name} must be a share from 0 to 1, found {value!r}")
    return float(value)


def _truth(value: Any, where: str, name: str) -> bool:
    if not isinstance(value, bool):
        raise PolicyError(f"{where}: {name} must be true or false, found {value!r}")
    return value
