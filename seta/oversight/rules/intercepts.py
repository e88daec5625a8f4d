"""Projects a policy onto what WeCom can stop by itself: exact words, a hundred rules of three hundred, no more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import opencc

from seta.oversight.rules.compiling import Policy
from seta.oversight.rules.fold import fold
from seta.oversight.rules.policy import ARCHIVE, INTERCEPT, Action, Learned, Near, Pattern, Rule, Terms

# WeCom's limits for intercept rules (developer.work.weixin.qq.com/document/path/95130).
RULES_MAX, WORDS_MAX, WORD_CHARS_MAX = 100, 300, 32
# A word this short stops ordinary talk, since WeCom looks for it inside every message.
WORD_CHARS_MIN = 3
OWN_PREFIX = "seta "
_TRADITIONAL = opencc.OpenCC("s2t")
_ORDER = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True)
class Outcome:
    """What becomes of a hit at a point, and how surely: `whole` is False where only exact words are seen."""

    action: Action
    is_whole: bool
    why: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A word or clause that WeCom cannot stop, and why; the archive still judges it."""

    rule: str
    what: str
    why: str


@dataclass(frozen=True)
class InterceptPlan:
    """One WeCom rule as it should be: its words, and whether it blocks or only warns."""

    name: str
    words: frozenset[str]
    blocks: bool


@dataclass(frozen=True)
class Projection:
    """All WeCom rules that a policy asks for, and what it asks for in vain."""

    plans: tuple[InterceptPlan, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Change:
    """How WeCom's rules become the planned ones: plans to add, ids to update, ids to delete, and those that stay."""

    add: tuple[InterceptPlan, ...]
    update: Mapping[str, InterceptPlan]
    delete: tuple[str, ...]
    same: int


def outcome(rule: Rule, point: str) -> Outcome:
    """What happens to a message with a hit of this rule at a point: a channel, `archive` or `wecom_intercept`.

    WeCom's own rules never hold, and block only a rule's exact words; a rule on trial changes nothing anywhere.
    """
    if rule.shadow:
        return Outcome(Action.ALLOW, is_whole=True, why="on trial")
    if point == INTERCEPT:
        wanted = rule.actions.get(INTERCEPT, Action.ALLOW)
        if wanted is Action.ALLOW:
            return Outcome(Action.ALLOW, is_whole=True, why="not asked for")
        if not any(_words_of(rule)):
            return Outcome(
                Action.ALLOW, is_whole=False, why="WeCom stops exact words only, and there is none"
            )
        return Outcome(min(wanted, Action.BLOCK), is_whole=False, why="exact words only")
    if point in (ARCHIVE, "wecom_1to1"):
        return Outcome(min(rule.action("wecom_1to1"), Action.FLAG), is_whole=True)
    if not rule.applies(channel=point, sender="sa"):
        return Outcome(Action.ALLOW, is_whole=True, why="the rule does not look here")
    return Outcome(rule.action(point), is_whole=True)


def project(policy: Policy, *, rules_free: int = RULES_MAX) -> Projection:
    """WeCom's rules for a policy: gravest rules first, traditional forms where there is room; deterministic."""
    left_out: list[LeftOut] = []
    plans: list[InterceptPlan] = []
    for action in (Action.BLOCK, Action.FLAG):
        wanted = [rule for rule in policy.rules if _projected(rule) is action]
        wanted.sort(key=lambda rule: (_ORDER.index(rule.severity.value), rule.id))
        for rule in wanted:
            left_out.extend(_not_words(rule))
        words = _fitting(wanted, {word for plan in plans for word in plan.words})
        room = (min(rules_free, RULES_MAX) - len(plans)) * WORDS_MAX
        if len(words) > room:
            beyond = "more than 100 rules of 300 words"
            left_out.extend(LeftOut(rule_id, word, beyond) for word, rule_id in list(words.items())[room:])
        kept = list(words)[:room]
        kept += _traditional(kept, room - len(kept))
        for number, start in enumerate(range(0, len(kept), WORDS_MAX), start=1):
            name = f"{OWN_PREFIX}{'block' if action is Action.BLOCK else 'warn'} {number:02d}"
            plans.append(
                InterceptPlan(name, frozenset(kept[start : start + WORDS_MAX]), action is Action.BLOCK)
            )
    return Projection(tuple(plans), tuple(left_out))


def compare(plans: Sequence[InterceptPlan], found: Mapping[str, InterceptPlan]) -> Change:
    """How the rules found at WeCom (id -> plan) become the plans; rules without our name are left alone."""
    own = {plan.name: rule_id for rule_id, plan in found.items() if plan.name.startswith(OWN_PREFIX)}
    wanted = {plan.name for plan in plans}
    differing = [plan for plan in plans if plan.name in own and found[own[plan.name]] != plan]
    kept = set(own.values())
    doubles = [rule_id for rule_id, plan in found.items() if plan.name in own and rule_id not in kept]
    return Change(
        add=tuple(plan for plan in plans if plan.name not in own),
        update={own[plan.name]: plan for plan in differing},
        delete=tuple(sorted([rule_id for name, rule_id in own.items() if name not in wanted] + doubles)),
        same=sum(plan.name in own for plan in plans) - len(differing),
    )


def _projected(rule: Rule) -> Action:
    if "sa" not in rule.senders:
        return Action.ALLOW
    return outcome(rule, INTERCEPT).action


def _words_of(rule: Rule) -> Iterator[str]:
    if rule.all:
        return
    for clause in rule.any:
        if isinstance(clause, Terms):
            for word in clause.words:
                if WORD_CHARS_MIN <= len(word) <= WORD_CHARS_MAX:
                    yield word


def _not_words(rule: Rule) -> Iterator[LeftOut]:
    for clause in (*rule.any, *rule.all):
        if isinstance(clause, Near):
            yield LeftOut(rule.id, "near", "WeCom does not look at what stands beside a word")
        elif isinstance(clause, Learned):
            yield LeftOut(rule.id, "learned", "WeCom weighs nothing; it knows words")
        elif isinstance(clause, Pattern):
            yield LeftOut(rule.id, clause.expression, "WeCom knows no regular expressions")
        else:
            for word in clause.words:
                if len(word) > WORD_CHARS_MAX:
                    yield LeftOut(rule.id, word, f"longer than {WORD_CHARS_MAX} characters")
                elif len(word) < WORD_CHARS_MIN:
                    yield LeftOut(rule.id, word, "so short that it would stop ordinary talk")
    if rule.all:
        yield LeftOut(rule.id, "all", "WeCom cannot ask for two things at once")
    if rule.unless:
        yield LeftOut(rule.id, "unless", "WeCom cannot excuse; an excused message is stopped as well")


def _fitting(rules: Sequence[Rule], taken: set[str]) -> dict[str, str]:
    """Word -> rule, without a word that contains another one: WeCom finds the shorter inside the longer."""
    found: dict[str, str] = {}
    for rule in rules:
        for word in _words_of(rule):
            if word not in taken and fold(word):
                found.setdefault(word, rule.id)
    known = sorted(found, key=len)
    short = {word for word in known if len(word) <= WORD_CHARS_MAX}
    return {word: rule for word, rule in found.items() if not _holds_shorter(word, short)}


def _holds_shorter(word: str, known: set[str]) -> bool:
    return any(
        word[start:end] in known
        for start in range(len(word))
        for end in range(start + WORD_CHARS_MIN, len(word) + 1)
        if end - start < len(word)
    )


def _traditional(words: Sequence[str], room: int) -> list[str]:
    """The traditional forms of words, as many as there is room for; WeCom does not know that they are the same."""
    known = set(words)
    forms = (str(_TRADITIONAL.convert(word)) for word in words)
    found = dict.fromkeys(form for form in forms if form not in known and len(form) <= WORD_CHARS_MAX)
    return list(found)[: max(0, room)]
