"""What of a policy is found in one message: spans in the writer's own text, for each clause, nothing decided yet."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from seta.oversight.rules.checks import checked, stands_alone
from seta.oversight.rules.compiling import LEFT, RIGHT, SPLIT_SLOT, How, LiteralUses, Policy, SoundUses
from seta.oversight.rules.fold import MEANING_SYMBOLS, NUMERALS, fold, hear, speak, speak_offsets
from seta.oversight.rules.hearing import PLAIN_SYLLABLES_MAX, plainly_said
from seta.oversight.rules.learned import WHOLE_CHARS_MAX, listen
from seta.oversight.rules.policy import Learned, Near, Pattern, Terms, Unless
from seta.oversight.rules.view import Span, View, restored

Found = tuple[int, int, str]
"""Start and end in the original text, and the tier: exact, normalised, pinyin, near, regex or learned."""
Evidence = dict[int, list[Found]]
"""Clause number -> what was found for it."""
_Mark = tuple[int, int, bool]
"""Start and end in folded text, and whether it was found by sound."""

FINDS_PER_CLAUSE_MAX = 200
# Two words of which one, or both, only sound right are believed from so many characters on.
ONE_SOUNDED_MIN, BOTH_SOUNDED_MIN = 4, 5
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_CLAUSE_END = re.compile(r"[。！？!?；;\n，,]")
_PAUSE = re.compile(r"[。！？!?；;\n，,、：:…]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NUMBER_IN_WORDS = re.compile("[0-9oil零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖幺两]{11,}")
_NUMERALS_FOLDED = {code: digit for code, digit in NUMERALS.items() if chr(code) not in "OI"}


def gather(text: str, policy: Policy, live: frozenset[int], *, folded: str | None = None) -> Evidence:
    """What the live rules' clauses find in a text, unexcused; linear in its length, never fails."""
    view = View(text, fold(text) if folded is None else folded)
    evidence: Evidence = {}
    split = _look(view, policy, live, evidence)
    meant = len(view.folded) != len(text) and not MEANING_SYMBOLS.isdisjoint(text)
    if split or meant:
        again = restored(text, meant=meant)
        if again.folded != view.folded:
            _look(again, policy, live, evidence)
    return evidence


def _look(view: View, policy: Policy, live: frozenset[int], evidence: Evidence) -> bool:
    """Add what a view shows; True when it has characters written as their parts."""
    folded = view.folded
    matches: Sequence[tuple[int, int, int]]
    matches = policy.literals.find_matches_as_indexes(folded, overlapping=True) if policy.literals else ()
    sounded: Sequence[tuple[int, int, int]] = ()
    if policy.sounds is not None:
        heard = hear(folded)
        sounded = policy.sounds.find_matches_as_indexes(heard, overlapping=True)
    marks: dict[int, list[_Mark]] = {}
    if policy.learned:
        _learned_marks(view, policy, live, marks)
    if not matches and not sounded and not marks:
        return False
    uses, heard_uses = policy.literal_uses, policy.sound_uses
    found_uses = [uses[match[0]] for match in matches]
    pairs = _pairs_possible(found_uses, [heard_uses[match[0]] for match in sounded])
    numbered = _has_numbers(view.folded, found_uses)
    if pairs is None and not numbered and not marks:
        return False
    pairs = pairs or 0
    split = _literal_marks(view, matches, policy, live, pairs, marks)
    if numbered:
        _number_marks(matches, policy, live, marks)
    if sounded:
        _sound_marks(view, sounded, policy, live, pairs, marks)
    if not marks:
        return split
    _excuse_marks(matches, policy, live, marks)
    last = 2 * len(policy.clauses)
    for number in sorted({slot >> 1 for slot in marks if slot < last}):
        for found in _clause_finds(view, number, marks, policy):
            kept = evidence.setdefault(number, [])
            if len(kept) < FINDS_PER_CLAUSE_MAX and found not in kept:
                kept.append(found)
    return split


def _learned_marks(view: View, policy: Policy, live: frozenset[int], marks: dict[int, list[_Mark]]) -> None:
    """Add what learned clauses hear."""
    latin = view.folded.isascii()
    wanted = policy.listening(live, latin=latin)
    if not wanted or not view.folded:
        return
    for heard in listen(view.folded, _sentence_ends(view), wanted):
        for use in policy.learned:
            if use.category == heard.category and use.rule in live and heard.score >= use.least(latin=latin):
                marks[use.slot] = [(heard.start, heard.end, False)]


def _sentence_ends(view: View) -> list[int]:
    """The places in folded text where a sentence has ended, looked for in long messages only."""
    if len(view.folded) <= WHOLE_CHARS_MAX:
        return []
    starts = [place[0] for place in view.places]
    ends = {bisect_left(starts, match.start()) for match in _SENTENCE_END.finditer(view.original)}
    return sorted(ends - {0, len(starts)})


def _pairs_possible(literals: Sequence[LiteralUses], heard: Sequence[SoundUses]) -> int | None:
    """The near clauses, each a bit, with something on both sides; None when nothing here can count at all.

    Most messages end here: a word that only counts beside another is common, the pair is not.
    """
    lefts = rights = 0
    alone = False
    found: list[LiteralUses | SoundUses] = [*literals, *heard]
    for uses in found:
        alone = alone or bool(uses.alone)
        lefts |= uses.lefts
        rights |= uses.rights
    pairs = lefts & rights
    return pairs if pairs or alone else None


def _has_numbers(folded: str, found: Sequence[LiteralUses]) -> bool:
    """Whether there may be a number of those that are checked: most messages have a digit, few have so many."""
    least = min([uses.digits_min for uses in found if uses.digits_min], default=0)
    if not least:
        return False
    return sum(map(str.isdecimal, folded)) >= least or _NUMBER_IN_WORDS.search(folded) is not None


def _number_marks(
    matches: Sequence[tuple[int, int, int]],
    policy: Policy,
    live: frozenset[int],
    marks: dict[int, list[_Mark]],
) -> None:
    """Let the patterns of checked numbers run."""
    for literal, start, end in matches:
        for slot, rule, _ in policy.literal_uses[literal].numbers:
            if rule in live and slot not in marks:
                marks[slot] = [(start, end, False)]


def _literal_marks(
    view: View,
    matches: Sequence[tuple[int, int, int]],
    policy: Policy,
    live: frozenset[int],
    pairs: int,
    marks: dict[int, list[_Mark]],
) -> bool:
    """Add what was found letter by letter; True when characters are written as their parts."""
    split = False
    for literal, start, end in matches:
        uses = policy.literal_uses[literal]
        for slot, rule, how in uses.alone:
            if slot == SPLIT_SLOT:
                split = True
            elif rule in live and _counts(view, policy.literal_edges[literal], start, end, how):
                marks.setdefault(slot, []).append((start, end, False))
        if pairs and uses.halves:
            for slot, rule, how in uses.halves:
                if pairs >> (slot >> 1) & 1 and rule in live:
                    if not _counts(view, policy.literal_edges[literal], start, end, how):
                        continue
                    marks.setdefault(slot, []).append((start, end, False))
    return split


def _excuse_marks(
    matches: Sequence[tuple[int, int, int]],
    policy: Policy,
    live: frozenset[int],
    marks: dict[int, list[_Mark]],
) -> None:
    """Add the excusing words of the rules that have something to excuse."""
    rules = {policy.clauses[slot >> 1].rule for slot in marks}
    for literal, start, end in matches:
        for slot, rule, _ in policy.literal_uses[literal].excuses:
            if rule in rules and rule in live:
                marks.setdefault(slot, []).append((start, end, False))


def _counts(view: View, edges: int, start: int, end: int, how: int) -> bool:
    if how == How.EXACT:
        low, high = view.origin(start, end)
        return view.original[low:high].casefold() == view.folded[start:end] and _whole(view, edges, low, high)
    return edges == 0 or how == How.GATE or _whole(view, edges, *view.origin(start, end))


def _whole(view: View, edges: int, low: int, high: int) -> bool:
    """Whether a latin literal starts and ends where words do, so that `best` is not found in `bestow`."""
    text = view.original
    joins = _joins if edges == 1 else _joins_letter
    if low > 0 and joins(text[low], text[low - 1]):
        return False
    return not (high < len(text) and joins(text[high - 1], text[high]))


def _joins(inside: str, outside: str) -> bool:
    return inside.isalnum() and outside.isalnum() and inside < "\u0250" and outside < "\u0250"


def _joins_letter(inside: str, outside: str) -> bool:
    return _joins(inside, outside) and outside.isalpha()


def _sound_marks(
    view: View,
    sounded: Sequence[tuple[int, int, int]],
    policy: Policy,
    live: frozenset[int],
    pairs: int,
    marks: dict[int, list[_Mark]],
) -> None:
    spoken = ""
    places: list[Span] = []
    for sound, start, end in sounded:
        uses = policy.sound_uses[sound]
        halves = [use for use in uses.halves if pairs >> (use[0] >> 1) & 1] if pairs else []
        for slot, rule, strict, term in (*uses.alone, *halves):
            if rule not in live:
                continue
            if not spoken:
                spoken = speak(view.folded)
            if strict and spoken[start:end] != strict:
                continue
            if not places:
                places = speak_offsets(view.folded)
            if end - start <= PLAIN_SYLLABLES_MAX and plainly_said(view.folded, places[start:end], term):
                continue
            marks.setdefault(slot, []).append((places[start][0], places[end - 1][1], True))


def _clause_finds(
    view: View, number: int, marks: Mapping[int, list[_Mark]], policy: Policy
) -> Sequence[Found]:
    compiled = policy.clauses[number]
    clause, slot = compiled.clause, 2 * number
    if isinstance(clause, Pattern):
        finds = list(_expression_finds(view, clause, compiled.expression))
    elif isinstance(clause, Learned):
        finds = [_placed(view, start, end, "learned") for start, end, _ in marks[slot]]
    elif isinstance(clause, Terms):
        finds = [_placed(view, *span) for span in _term_spans(view, marks[slot])]
    elif slot + LEFT in marks and slot + RIGHT in marks:
        left, right = (_halves(view, marks[slot + side]) for side in (LEFT, RIGHT))
        spans = _near_spans(view, left, right, clause)
        finds = [_placed(view, *span) for span in spans]
    else:
        return ()
    return list(_excused(view, finds, compiled.rule, marks, policy)) if finds else ()


def _placed(view: View, start: int, end: int, tier: str) -> tuple[int, int, str, int, int]:
    return *view.origin(start, end), tier, start, end


def _term_spans(view: View, found: Sequence[_Mark]) -> Iterator[tuple[int, int, str]]:
    for start, end, sounded in found:
        if _torn(view, start, end, _PAUSE if sounded else _SENTENCE_END):
            continue
        if sounded:
            yield start, end, "pinyin"
            continue
        low, high = view.origin(start, end)
        yield start, end, "exact" if view.original[low:high] == view.folded[start:end] else "normalised"


def _halves(view: View, found: Sequence[_Mark]) -> list[_Mark]:
    return [(start, end, sounded) for start, end, sounded in found if not _torn(view, start, end, _PAUSE)]


def _torn(view: View, start: int, end: int, stop: re.Pattern[str]) -> bool:
    """Whether a find only exists because punctuation between two sentences was folded away.

    Who separates every character is hiding; who stops once has begun another sentence.
    """
    if view.folded is view.original:
        return False
    low, high = view.origin(start, end)
    if high - low == end - start or not stop.search(view.original, low, high):
        return False
    gaps = [(one[1], two[0]) for one, two in pairwise(view.places[start:end]) if one[1] < two[0]]
    few = 2 * len(gaps) < end - start - 1 or (end - start <= 3 and not _apart(view, start, end))
    return few and any(stop.search(view.original, *gap) for gap in gaps)


def _apart(view: View, start: int, end: int) -> bool:
    """Whether something was folded away right before or behind a find, as where every character is separated."""
    places = view.places
    before = start > 0 and places[start - 1][1] < places[start][0]
    return before or (end < len(places) and places[end - 1][1] < places[end][0])


def _near_spans(
    view: View, left: Sequence[_Mark], right: Sequence[_Mark], clause: Near
) -> Iterator[tuple[int, int, str]]:
    """Each left mark with the nearest right marks, when little enough lies between and no sentence ends there."""
    ordered = sorted(right)
    starts = [low for low, _, _ in ordered]
    for start, end, by_sound in left[:FINDS_PER_CLAUSE_MAX]:
        at = bisect_left(starts, start)
        for low, high, also_by_sound in ordered[max(0, at - 4) : at + 5]:
            if clause.ordered and low < end:
                continue
            first, last = (end, low) if low >= end else (high, start)
            if first > last or not _within(view, first, last, clause):
                continue
            least = BOTH_SOUNDED_MIN if by_sound and also_by_sound else ONE_SOUNDED_MIN
            if (by_sound or also_by_sound) and end - start + high - low < least:
                continue
            if _parted(view, first, last, (start, end), (low, high)):
                continue
            sounds = by_sound or also_by_sound
            yield min(start, low), max(end, high), "pinyin" if sounds else "near"
            break


def _within(view: View, first: int, last: int, clause: Near) -> bool:
    if clause.unit == "chars":
        return last - first <= clause.within
    if first >= last:
        return True
    between = view.original[view.places[first][0] : view.places[last - 1][1]]
    return len(_WORD.findall(between)) <= clause.within


def _parted(view: View, first: int, last: int, left: Span, right: Span) -> bool:
    """Whether a sentence ends between two marks that are themselves written without gaps."""
    places = view.places
    gap = (places[first - 1][1], places[last][0])
    if not _SENTENCE_END.search(view.original, *gap):
        return False
    return all(places[high - 1][1] - places[low][0] == high - low for low, high in (left, right))


def _expression_finds(
    view: View, clause: Pattern, compiled: object
) -> Iterator[tuple[int, int, str, int, int]]:
    for start, end in _matches(view.light, clause, compiled):
        yield start, end, "regex", *_folded_span(view, start, end)
    if not clause.folded and not clause.numerals:
        return
    haystacks = [view.folded] if clause.folded else []
    if clause.numerals and _NUMBER_IN_WORDS.search(view.folded):
        haystacks.append(view.folded.translate(_NUMERALS_FOLDED))
    for haystack in haystacks:
        for start, end in _matches(haystack, clause, compiled):
            yield *view.origin(start, end), "regex", start, end


def _folded_span(view: View, low: int, high: int) -> Span:
    places = view.places
    starts = [place[0] for place in places]
    return bisect_left(starts, low), max(bisect_left(starts, high), bisect_left(starts, low) + 1)


def _matches(haystack: str, clause: Pattern, compiled: object) -> Iterator[Span]:
    for match in compiled.finditer(haystack):  # type: ignore[attr-defined]
        start, end = match.span()
        if start < end and stands_alone(haystack, start, end) and checked(clause.check, match.group()):
            yield start, end


def _excused(
    view: View,
    finds: Sequence[tuple[int, int, str, int, int]],
    rule: int,
    marks: Mapping[int, list[_Mark]],
    policy: Policy,
) -> Iterator[Found]:
    """The finds beside which none of the rule's excusing words stands."""
    zones: dict[str, list[Span]] = {"before": [], "after": [], "around": []}
    base = 2 * len(policy.clauses)
    for number in policy.excuses_of[rule]:
        found = marks.get(base + number)
        if found:
            unless = policy.rules[rule].unless[policy.excuses[number][1]]
            zones[unless.side].extend(_reaches(view, found, unless))
    before, after, around = (_merged(zones[side]) for side in ("before", "after", "around"))
    for low, high, tier, start, end in finds:
        if not (_meets(before, start, start) or _meets(after, end, end) or _meets(around, start, end - 1)):
            yield low, high, tier


def _meets(zones: Sequence[Span], low: int, high: int) -> bool:
    """Whether one of the ordered zones, ends included, touches [low, high]."""
    at = bisect_right(zones, high, key=_start_of)
    return at > 0 and zones[at - 1][1] >= low


def _start_of(span: Span) -> int:
    return span[0]


def _reaches(view: View, found: Sequence[_Mark], unless: Unless) -> Iterator[Span]:
    """Where a find is excused: by its start behind a word, by its end before it, by any part around it.

    No word reaches past the end of its clause.
    """
    for start, end, _ in found:
        if unless.side == "before":
            wanted = min(len(view.folded), end + unless.within)
            high = _clip(view, start, end, start, wanted)[1]
            yield start + 1, high - (high < wanted)
        elif unless.side == "after":
            wanted = max(0, start - unless.within)
            low = _clip(view, start, end, wanted, end)[0]
            yield low + (low > wanted), end - 1
        else:
            low, high = max(0, start - unless.within), min(len(view.folded), end + unless.within)
            low, high = _clip(view, start, end, low, high)
            yield low, high - 1


def _clip(view: View, start: int, end: int, low: int, high: int) -> Span:
    places, text = view.places, view.original
    stop = _CLAUSE_END.search(text, places[end - 1][1], places[high - 1][1]) if high > end else None
    if stop:
        while high > end and places[high - 1][0] > stop.start():
            high -= 1
    if low < start:
        ends = [match.start() for match in _CLAUSE_END.finditer(text, places[low][0], places[start][0])]
        while ends and low < start and places[low][0] < ends[-1]:
            low += 1
    return low, high


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans joined where they touch, in order; keeps the check of a find logarithmic."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined
