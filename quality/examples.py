"""Gathers what the learnt weights are learnt from: the open side, its disguises, patterns, and the rules' own tests."""

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quality.disguise import CHINESE, LATIN, Disguise, is_han
from quality.filling import fill
from quality.fragments import TUNING, read
from seta.oversight.rules import Rule, fold, parse

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "seta" / "oversight" / "policies"
# Its own rules' tests are kept apart, so that they prove something.
LEARNED_RULES = "learned.yaml"
CATEGORIES = (
    "confidential",
    "counterfeit",
    "discount",
    "grey_market",
    "kickback",
    "off_platform",
    "payment",
    "pii",
    "unapproved",
)
SEED = 20270303
EXPANSIONS, DISGUISED_EXPANSIONS = 8, 4
FRESH_DISGUISES = 3
# What a fold keeps together when a message has no wording of its own: how it begins, whatever its numbers.
FAMILY_CHARS = 14
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_DISGUISED_WEIGHT, _PLAIN_WEIGHT, _HARMLESS_DISGUISED_WEIGHT = 0.35, 1.0, 0.5


@dataclass(frozen=True)
class Example:
    """A message with the categories it is a breach of; `family` is the wording that folds keep together.

    `kind` is `breach`, `ordinary` (of an associate), `client`, `look_alike`, `pattern` or `disguised` (harmless).
    """

    text: str
    labels: tuple[str, ...]
    family: str
    kind: str
    variant: str
    language: str
    weight: float = _PLAIN_WEIGHT


def examples() -> list[Example]:
    """Every example once, in a fixed order; the same files give the same examples."""
    plain = [*_conversations(), *_fresh(), *_patterns(), *_service(), *_tests()]
    once = {(each.text, each.labels): each for each in reversed(plain)}
    kept = list(reversed(once.values()))
    hidden = (again for each in kept if not each.labels for again in _harmless_disguised(each))
    return [*kept, *(each for each in hidden if (each.text, each.labels) not in once)]


def digest(found: Iterable[Example]) -> str:
    """SHA-256 over examples: two sets of weights with the same digest were learnt from the same messages."""
    summed = hashlib.sha256()
    for each in found:
        line = json.dumps([each.text, each.labels, each.family, each.weight])
        summed.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return summed.hexdigest()


def _conversations() -> Iterator[Example]:
    with (TUNING / "conversations.jsonl").open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            labels = tuple(each for each in line["labels"] if each in CATEGORIES)
            text, variant, language = line["text"], line["variant"], line["language"]
            if labels:
                weight = _PLAIN_WEIGHT if variant == "plain" else _DISGUISED_WEIGHT
                yield Example(text, labels, line["core"], "breach", variant, language, weight)
            elif not line["labels"]:
                kind = "look_alike" if variant.startswith("look") else "ordinary"
                kind = "client" if line["sender"] == "client" else kind
                yield Example(text, (), _family(text), kind, variant, language)
            else:
                yield Example(text, (), line["core"], "look_alike", variant, language)


def _family(text: str) -> str:
    return re.sub(r"\d+", "", text)[:FAMILY_CHARS]


def _core(core: str) -> str:
    """The name that the conversations give to a wording."""
    return hashlib.sha256(core.encode()).hexdigest()[:8]


def _fresh() -> Iterator[Example]:
    for path in sorted((TUNING / "fresh").glob("*.txt")):
        for each in read(path.read_text("utf-8")):
            labels = tuple(label for label in (each.category, *each.also) if label in CATEGORIES)
            if each.kind not in ("hit", "direct") or not labels:
                continue
            rng, family = random.Random(f"{SEED} {each.core}"), _core(each.core)
            text = fill(each.turns[0][1], rng).replace("〔", "").replace("〕", "")
            yield Example(text, labels, family, "breach", "fresh", each.language)
            known = _disguises(text)
            for name in sorted(rng.sample(list(known), k=min(FRESH_DISGUISES, len(known)))):
                hidden = known[name](text, rng)
                yield Example(
                    hidden, labels, family, "breach", f"fresh_{name}", each.language, _DISGUISED_WEIGHT
                )


def _patterns() -> Iterator[Example]:
    for path in sorted((TUNING / "varied").glob("*.txt")):
        kind = category = language = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("@"):
                _, kind, category, language = line.split()[:4]
            elif line and not line.startswith("#"):
                yield from _spelled_out(line, kind, category, language)


def _spelled_out(line: str, kind: str, category: str, language: str) -> Iterator[Example]:
    """Some of the phrases of a pattern, drawn by a seed of its own, so that no other line changes them."""
    rng = random.Random(f"{SEED} {line}")
    breach, client = kind == "hit", line.startswith("c: ")
    # The phrases of a pattern share a weight; a line that is one message has it alone.
    weight = _DISGUISED_WEIGHT if _CHOICE.search(line) else _PLAIN_WEIGHT
    for number in range(EXPANSIONS):
        text = _CHOICE.sub(lambda found: rng.choice(found.group(1).split("|")), line.removeprefix("c: "))
        text = re.sub(" +", " ", fill(text, rng)).strip().rstrip("，,")
        if not breach:
            yield Example(text, (), line, "client" if client else "pattern", "plain", language)
            continue
        yield Example(text, (category,), line, "breach", "pattern", language, weight)
        if number < DISGUISED_EXPANSIONS:
            known = _disguises(text)
            hidden = known[rng.choice(sorted(known))](text, rng)
            yield Example(
                hidden, (category,), line, "breach", "pattern_disguised", language, _DISGUISED_WEIGHT
            )


def _service() -> Iterator[Example]:
    files = (TUNING / "service.zh.txt", ROOT / "tests" / "oversight" / "ordinary_talk.txt")
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                kind = "client" if line.startswith("c: ") else "ordinary"
                text = line.removeprefix("c: ").removeprefix("s: ")
                yield Example(text, (), _family(text), kind, "service", "zh" if _chinese(text) else "en")


def _tests() -> Iterator[Example]:
    files = sorted(POLICIES.glob("*.yaml"))
    rules = parse({path.name: path.read_text("utf-8") for path in files if path.name != LEARNED_RULES})
    for rule in rules:
        if rule.category in CATEGORIES:
            yield from _tests_of(rule)


def _tests_of(rule: Rule) -> Iterator[Example]:
    for test in rule.hits:
        yield Example(test[-1], (rule.category,), fold(test[-1])[:8], "breach", "rule", "")
    for test in rule.misses:
        yield Example(test[-1], (), fold(test[-1])[:8], "look_alike", "rule", "")


def _harmless_disguised(each: Example) -> Iterator[Example]:
    """A harmless message with a part of it disguised: a disguise alone is no breach."""
    rng = random.Random(f"{SEED} {each.text}")
    known = _disguises(each.text)
    for name in sorted(rng.sample(list(known), k=1 if each.kind == "pattern" else min(2, len(known)))):
        if len(each.text) < 5:
            continue
        start = rng.randrange(len(each.text) - 2)
        end = start + rng.randint(3, 9)
        text = each.text[:start] + known[name](each.text[start:end], rng) + each.text[end:]
        if text != each.text:
            yield Example(text, (), each.family, "disguised", name, each.language, _HARMLESS_DISGUISED_WEIGHT)


def _chinese(text: str) -> bool:
    return any(map(is_han, text))


def _disguises(text: str) -> dict[str, Disguise]:
    return dict(CHINESE if _chinese(text) else LATIN)
