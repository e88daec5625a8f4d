"""Judges a message by a policy: same message and policy, same verdict, with spans in the writer's own text."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seta.oversight.rules.compiling import Expression, Policy, Role, Use
from seta.oversight.rules.fold import fold, is_latin, light, offsets, speak, speak_offsets
from seta.oversight.rules.policy import Action

# A cap for each rule, never for all together: one rule's many hits must not hide another's.
HITS_PER_RULE_MAX = 10
Span = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """A rule found in original text [start, end); `tier` says how: exact, normalised, pinyin, near or regex."""

    rule: str
    severity: str
    action: Action
    start: int
    end: int
    tier: str


@dataclass(frozen=True)
class Verdict:
    """What must happen to a message, and why."""

    action: Action
    hits: tuple[Hit, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the message may not leave as it is."""
        return self.action >= Action.HOLD


@dataclass(frozen=True)
class Piece:
    """A stretch of a message for a page: plain text to be escaped, and the rules it is marked for."""

    text: str
    rules: tuple[str, ...] = ()


ALLOWED = Verdict(Action.ALLOW)
_Found = tuple[int, int, int, str]


def judge(text: str, *, channel: str, sender: str, policy: Policy) -> Verdict:
    """The verdict on one message; linear in its length and never fails, whatever its characters."""
    folded = fold(text)
    found = [*_literal_spans(text, folded, policy), *_expression_spans(text, folded, policy)]
    if not found:
        return ALLOWED
    hits = _hits(text, found, channel=channel, sender=sender, policy=policy)
    return Verdict(max((hit.action for hit in hits), default=Action.ALLOW), tuple(hits))


def pieces(text: str, hits: Iterable[Hit]) -> list[Piece]:
    """The text cut at every hit's edge, so that a template can mark it and still escape every character."""
    marks = [hit for hit in hits if 0 <= hit.start < hit.end <= len(text)]
    edges = sorted({0, len(text), *(hit.start for hit in marks), *(hit.end for hit in marks)})
    return [
        Piece(text[start:end], tuple(sorted({hit.rule for hit in marks if hit.start <= start < hit.end})))
        for start, end in pairwise(edges)
    ]


def _literal_spans(text: str, folded: str, policy: Policy) -> list[_Found]:
    matches = policy.literals.find_matches_as_indexes(folded, overlapping=True)
    spoken = speak(folded) if policy.sounds is not None else ""
    sounded = policy.sounds.find_matches_as_indexes(spoken, overlapping=True) if spoken else []
    if not matches and not sounded:
        return []
    origin = offsets(text)
    by_use: dict[Use, list[Span]] = defaultdict(list)
    for literal, start, end in matches:
        if policy.literal_latin[literal] and not _whole_words(text, origin, start, end):
            continue
        for use in policy.literal_uses[literal]:
            by_use[use].append((start, end))
    places = speak_offsets(folded) if sounded else []
    for sound, start, end in sounded:
        for use in policy.sound_uses[sound]:
            by_use[use].append((places[start][0], places[end - 1][1]))
    return [
        (rule, origin[start], origin[end - 1] + 1, tier)
        for rule, start, end, tier in _rule_spans(by_use, policy)
    ]


def _whole_words(text: str, origin: Sequence[int], start: int, end: int) -> bool:
    """Whether a latin literal starts and ends where words do, so that `best` is not found in `bestow`."""
    first, last = origin[start], origin[end - 1]
    if first > 0 and is_latin(text[first]) and is_latin(text[first - 1]):
        return False
    return not (last + 1 < len(text) and is_latin(text[last]) and is_latin(text[last + 1]))


def _rule_spans(by_use: dict[Use, list[Span]], policy: Policy) -> Iterator[_Found]:
    """Spans in folded text that hold for their rule: terms and near pairs that nothing excuses."""
    for use, spans in by_use.items():
        if use.role in (Role.TERM, Role.SOUND):
            tier = "normalised" if use.role is Role.TERM else "pinyin"
            candidates = [(start, end, tier) for start, end in spans]
        elif use.role is Role.LEFT:
            right = by_use.get(Use(use.rule, Role.RIGHT, use.clause), [])
            within = policy.rules[use.rule].nears[use.clause].within
            candidates = [(start, end, "near") for start, end in _pairs(spans, sorted(right), within)]
        else:
            continue
        reach = policy.rules[use.rule].unless.within
        excused = _merged(by_use.get(Use(use.rule, Role.UNLESS), []), reach)
        starts = [low for low, _ in excused]
        for start, end, how in candidates:
            at = bisect_right(starts, end)
            if at == 0 or excused[at - 1][1] < start:
                yield use.rule, start, end, how


def _merged(spans: Sequence[Span], reach: int) -> list[Span]:
    """Spans widened by reach and joined where they touch, in order; keeps the check of a span logarithmic."""
    joined: list[Span] = []
    for low, high in sorted((low - reach, high + reach) for low, high in spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _pairs(left: Sequence[Span], right: Sequence[Span], within: int) -> Iterator[Span]:
    """Each left span with its nearest right span, when at most `within` characters lie between."""
    starts = [start for start, _ in right]
    for start, end in left:
        at = bisect_left(starts, start)
        for low, high in right[max(0, at - 3) : at + 4]:
            if 0 <= max(low - end, start - high) <= within:
                yield min(start, low), max(end, high)
                break


def _expression_spans(text: str, folded: str, policy: Policy) -> Iterator[_Found]:
    haystack = light(text) if policy.expressions else ""
    for expression in policy.expressions:
        for start, end in _matches(expression, haystack):
            yield expression.rule, start, end, "regex"
        if expression.folded and folded != haystack:
            matches = list(_matches(expression, folded))
            origin = offsets(text) if matches else []
            for start, end in matches:
                yield expression.rule, origin[start], origin[end - 1] + 1, "regex"


def _matches(expression: Expression, haystack: str) -> Iterator[Span]:
    if not any(literal in haystack for literal in expression.literals):
        return
    for match in expression.compiled.finditer(haystack):
        start, end = match.span()
        if start < end and _stands_alone(haystack, start, end) and _checked(expression, match.group()):
            yield start, end


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a number is not cut out of a longer one (RE2 has no look-behind)."""
    before = start > 0 and text[start].isalnum() and text[start].isascii() and _same_kind(text[start - 1])
    after = end < len(text) and text[end - 1].isalnum() and text[end - 1].isascii() and _same_kind(text[end])
    return not before and not after


def _same_kind(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _checked(expression: Expression, found: str) -> bool:
    digits = "".join(character for character in found if character.isalnum())
    if expression.check == "luhn":
        return luhn(digits)
    if expression.check == "id_card":
        return id_card(digits)
    return True


def luhn(digits: str) -> bool:
    """Whether a card number's last digit is right (ISO/IEC 7812-1)."""
    if not digits.isdecimal():
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (index % 2 + 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def id_card(number: str) -> bool:
    """Whether an 18-character resident identity number's check character is right (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    weighed = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(number[:17]))
    return "10x98765432"[weighed % 11] == number[17].lower()


def _hits(text: str, found: Sequence[_Found], *, channel: str, sender: str, policy: Policy) -> list[Hit]:
    """One hit a rule and stretch: of spans that overlap the longest stays, and looks beat sound."""
    order = {"normalised": 0, "near": 1, "regex": 1, "pinyin": 2}
    kept: dict[int, list[Span]] = defaultdict(list)
    hits: list[Hit] = []
    for index, start, end, how in sorted(found, key=lambda it: (it[0], order[it[3]], it[1] - it[2], it[1])):
        rule = policy.rules[index]
        if len(kept[index]) >= HITS_PER_RULE_MAX or not rule.applies(channel=channel, sender=sender):
            continue
        if any(start < high and low < end for low, high in kept[index]):
            continue
        kept[index].append((start, end))
        exact = how == "normalised" and fold(text[start:end]) == text[start:end]
        tier = "exact" if exact else how
        hits.append(Hit(rule.id, rule.severity.value, rule.action(channel), start, end, tier))
    return sorted(hits, key=lambda hit: (hit.start, hit.rule))
