"""Judges a message by a policy: same message and policy, same verdict, with spans in the writer's own text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from seta.oversight.rules.compiling import Policy
from seta.oversight.rules.evidence import Evidence, Found, gather
from seta.oversight.rules.policy import Action, Rule, Severity

# A cap for each rule, never for all together: one rule's many hits must not hide another's.
HITS_PER_RULE_MAX = 10
SCORES = {"exact": 1.0, "normalised": 0.95, "regex": 0.95, "near": 0.9, "pinyin": 0.8, "learned": 0.7}
# WeChat puts the message that is answered before a dashed line; people quote with marks after a word of speech.
_ANSWERED = re.compile(r"^「[^」]{0,4000}」\n[- ]{5,}\n", re.DOTALL)
_QUOTATION = re.compile(
    '(?:说|问|提到|提的|发的|写|回复|讲|said|asked|wrote|chiesto|scritto|detto)[^“”「」"。！？!?\n]{0,6}'
    '[“「"]([^“”「」"\n]{1,300})[”」"]'
)
_SEVERITIES = tuple(severity.value for severity in Severity)
Span = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """A rule found in original text [start, end); `tier` says how it was found: a key of SCORES."""

    rule: str
    severity: str
    action: Action
    start: int
    end: int
    tier: str

    @property
    def score(self) -> float:
        """How sure the find is, from 0 to 1, by its tier."""
        return SCORES[self.tier]

    @property
    def hardness(self) -> int:
        """What its action comes to: the larger, the harder."""
        return int(self.action)


@dataclass(frozen=True)
class Verdict:
    """What must happen to a message, and why; `shadow` holds hits of rules on trial, which change nothing.

    Of hits of one category that overlap only the gravest stands in `hits`; `supporting` has the others.
    """

    action: Action
    hits: tuple[Hit, ...] = ()
    shadow: tuple[Hit, ...] = ()
    supporting: tuple[Hit, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the message may not leave as it is."""
        return self.action >= Action.HOLD


@dataclass(frozen=True)
class Turn:
    """A message of a conversation."""

    text: str
    sender: str
    at: datetime
    role: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a message for a page: plain text to be escaped, and the rules it is marked for."""

    text: str
    rules: tuple[str, ...] = ()


ALLOWED = Verdict(Action.ALLOW)


def judge(
    text: str,
    *,
    channel: str,
    sender: str,
    policy: Policy,
    role: str = "",
    approved: Sequence[Span] = (),
    folded: str | None = None,
) -> Verdict:
    """The verdict on one message; linear in its length and never fails, whatever its characters.

    `approved` are the spans that come from approved content (`approved_spans`); `folded` is the text as `fold` gives
    it, for who has it already.
    """
    evidence = gather(text, policy, policy.live(channel=channel, sender=sender, role=role), folded=folded)
    return _verdict(text, evidence, (), channel, policy, approved) if evidence else ALLOWED


def judge_turn(turn: Turn, before: Sequence[Turn], *, channel: str, policy: Policy) -> Verdict:
    """The verdict on a message in its conversation; `before` are the earlier messages of both sides, oldest first."""
    live = policy.live(channel=channel, sender=turn.sender, role=turn.role)
    evidence = gather(turn.text, policy, live)
    if not evidence:
        return ALLOWED
    earlier: list[tuple[Turn, Evidence]] = []
    wanted = frozenset(index for index in live if _looks_back(policy.rules[index]))
    if wanted & {policy.clauses[number].rule for number in evidence}:
        for old in before[-50:]:
            rules = wanted & policy.live(channel=channel, sender=old.sender, role=old.role)
            earlier.append((old, gather(old.text, policy, rules)))
    context = _Context(turn, tuple(earlier))
    return _verdict(turn.text, evidence, context.reach, channel, policy, ())


def _looks_back(rule: Rule) -> bool:
    return rule.window is not None or rule.threshold.per == "conversation"


@dataclass(frozen=True)
class _Context:
    turn: Turn
    earlier: tuple[tuple[Turn, Evidence], ...]

    @property
    def reach(self) -> tuple[tuple[timedelta, Evidence], ...]:
        """Earlier evidence with its age, newest first."""
        return tuple((self.turn.at - old.at, evidence) for old, evidence in reversed(self.earlier))


def approved_spans(text: str, assets: Iterable[str]) -> list[Span]:
    """Where approved texts stand word for word in a message."""
    found = []
    for asset in assets:
        at = text.find(asset) if asset else -1
        while at >= 0:
            found.append((at, at + len(asset)))
            at = text.find(asset, at + len(asset))
    return found


def quoted_spans(text: str) -> list[Span]:
    """What a message only repeats: the message it answers, and words in quotation marks after a word of speech."""
    found = [match.span() for match in _ANSWERED.finditer(text)]
    found.extend(match.span(1) for match in _QUOTATION.finditer(text))
    return found


def merges(rule: Rule, *, last_opened_at: datetime | None, at: datetime) -> bool:
    """Whether a hit belongs to the alert that this rule opened last in the conversation, by its dedupe hours."""
    if last_opened_at is None or not rule.threshold.dedupe_hours:
        return False
    return at - last_opened_at < timedelta(hours=rule.threshold.dedupe_hours)


def pieces(text: str, hits: Iterable[Hit]) -> list[Piece]:
    """The text cut at every hit's edge, so that a template can mark it and still escape every character."""
    marks = [hit for hit in hits if 0 <= hit.start < hit.end <= len(text)]
    edges = sorted({0, len(text), *(hit.start for hit in marks), *(hit.end for hit in marks)})
    return [
        Piece(text[start:end], tuple(sorted({hit.rule for hit in marks if hit.start <= start < hit.end})))
        for start, end in pairwise(edges)
    ]


def _verdict(
    text: str,
    evidence: Evidence,
    earlier: Sequence[tuple[timedelta, Evidence]],
    channel: str,
    policy: Policy,
    approved: Sequence[Span],
) -> Verdict:
    hits: list[Hit] = []
    shadow: list[Hit] = []
    for index in sorted({policy.clauses[number].rule for number in evidence}):
        rule = policy.rules[index]
        excused = list(approved) if rule.excuses_approved else []
        if rule.excuses_quoted:
            excused += quoted_spans(text)
        found = _rule_finds(index, evidence, earlier, policy, excused)
        (shadow if rule.shadow else hits).extend(_hits(rule, found, channel))
    if not hits and not shadow:
        return ALLOWED
    action = max((hit.action for hit in hits), default=Action.ALLOW)
    leading, supporting = _led(hits, policy) if len(hits) > 1 else (hits, [])
    return Verdict(action, _ordered(leading), _ordered(shadow), _ordered(supporting))


def _led(hits: Sequence[Hit], policy: Policy) -> tuple[list[Hit], list[Hit]]:
    """Hits that say something of their own, and hits beside them that say what a graver or earlier one has said.

    Two rules of a category say the same where they overlap; what was learnt says the same as any rule of words.
    """
    leading: dict[str, list[Hit]] = {}
    supporting: list[Hit] = []
    order = {rule.id: number for number, rule in reversed(list(enumerate(policy.rules)))}
    for hit in sorted(hits, key=lambda hit: (*_gravest_first(hit), order[hit.rule], hit.start, -hit.end)):
        known = leading.setdefault(policy.rule(hit.rule).category, [])
        others = [each for each in known if each.rule != hit.rule]
        same = others if hit.tier == "learned" else [each for each in others if _overlap(each, hit)]
        (supporting if same else known).append(hit)
    return [hit for known in leading.values() for hit in known], supporting


def _gravest_first(hit: Hit) -> tuple[int, int, bool]:
    """What leads: the hardest action, the gravest rule, words before what was learnt; then the policy's own order."""
    return -hit.action, -_SEVERITIES.index(hit.severity), hit.tier == "learned"


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _ordered(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule)))


def _rule_finds(
    index: int,
    evidence: Evidence,
    earlier: Sequence[tuple[timedelta, Evidence]],
    policy: Policy,
    excused: Sequence[Span],
) -> list[Found]:
    """What this message shows for a rule, or nothing when the rule as a whole does not hold."""
    rule = policy.rules[index]
    numbers = policy.clauses_of[index]
    here = {number: list(_unexcused(evidence.get(number, ()), excused, rule)) for number in numbers}
    past = [old for place, (age, old) in enumerate(earlier, start=1) if _reached(rule, place, age)]
    held = {number for number in numbers if here[number] or any(old.get(number) for old in past)}
    needed = {number for number in numbers if policy.clauses[number].wanted_by_all}
    free = set(numbers) - needed
    if not needed <= held or (free and not free & held):
        return []
    found = [each for number in numbers for each in here[number]]
    enough = rule.threshold.hits
    counted = len(_apart(found))
    if rule.threshold.per == "conversation":
        counted += sum(len(_apart(old.get(number, ()))) for old in past for number in numbers)
    return found if counted >= enough else []


def _reached(rule: Rule, place: int, age: timedelta) -> bool:
    if rule.window is None:
        return rule.threshold.per == "conversation"
    return place < rule.window.messages and age <= timedelta(minutes=rule.window.minutes)


def _unexcused(found: Iterable[Found], excused: Sequence[Span], rule: Rule) -> Iterator[Found]:
    for start, end, tier in found:
        if SCORES[tier] < rule.threshold.score:
            continue
        if not any(low <= start and end <= high for low, high in excused):
            yield start, end, tier


def _apart(found: Iterable[Found]) -> list[Found]:
    """Finds that do not overlap: the surest first, then the longest."""
    kept: list[Found] = []
    for start, end, tier in sorted(found, key=lambda it: (-SCORES[it[2]], it[0] - it[1], it[0])):
        if len(kept) >= HITS_PER_RULE_MAX:
            break
        if not any(start < high and low < end for low, high, _ in kept):
            kept.append((start, end, tier))
    return kept


def _hits(rule: Rule, found: Sequence[Found], channel: str) -> Iterator[Hit]:
    action = rule.action(channel)
    for start, end, tier in _apart(found):
        yield Hit(rule.id, rule.severity.value, action, start, end, tier)
