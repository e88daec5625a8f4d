"""A week of opening hours as a form has it, to and from OpenStreetMap's opening_hours."""

import re
from collections.abc import Sequence
from itertools import pairwise

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_MINUTES = 24 * 60
LATEST = 6 * 60
"""A night ends at six in the morning at the latest."""

SPANS_MAX = 2

Span = tuple[int, int]
"""From a minute since midnight to another; beyond 1440 it is the next morning."""

Week = tuple[tuple[Span, ...], ...]
"""Spans of the seven days, Monday first."""

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_PART = re.compile(
    rf"(?:(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) )?"
    r"(?P<times>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*|off|closed)\Z"
)


class BadWeek(ValueError):
    """A time that is none, a span that ends before it begins or runs into the next one."""


def week_from(cells: Sequence[Sequence[tuple[str, str]]]) -> Week:
    """The week that a form states as pairs of `HH:MM`; a pair of empty texts is no span. Raises BadWeek."""
    if len(cells) != len(DAYS):
        raise BadWeek("seven days")
    week = tuple(tuple(sorted(_span(*pair) for pair in day if any(pair))) for day in cells)
    for day in week:
        if len(day) > SPANS_MAX or any(ends > begins for (_, ends), (begins, _) in pairwise(day)):
            raise BadWeek("spans overlap")
    return week


def spec_of(week: Week) -> str:
    """The week as opening_hours, days with equal hours together; empty when it is never open."""
    if all(day == ((0, DAY_MINUTES),) for day in week):
        return "24/7"
    groups: dict[tuple[Span, ...], list[int]] = {}
    for at, day in enumerate(week):
        if day:
            groups.setdefault(day, []).append(at)
    is_late = any(ends > DAY_MINUTES for spans in groups for _, ends in spans)
    # After a semicolon a day's rule would cut off the night that began the day before; after a comma it adds to it.
    return (", " if is_late else "; ").join(
        f"{_days(days)} {','.join(map(_text, spans))}" for spans, days in groups.items()
    )


def week_of(spec: str) -> Week | None:
    """The week behind opening_hours, or None when a form of seven days cannot say all of it."""
    if spec.replace(" ", "") == "24/7":
        return (((0, DAY_MINUTES),),) * 7
    week: list[tuple[Span, ...]] = [()] * 7
    for part in re.split(r"; *|, +", spec.strip()):
        found = _PART.match(part)
        if found is None:
            return None
        try:
            spans = () if found["times"] in ("off", "closed") else _spans(found["times"])
        except BadWeek:
            return None
        for day in _numbers(found["days"] or "Mo-Su"):
            week[day] = spans
    return tuple(week)


def clock(minute: int) -> str:
    """A minute as a form's `HH:MM`; midnight at the end of a day is 00:00 too."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _spans(text: str) -> tuple[Span, ...]:
    made = tuple(sorted(_span(*each.split("-")) for each in text.split(",")))
    if len(made) > SPANS_MAX:
        raise BadWeek("more spans than the form has")
    return made


def _span(opens: str, closes: str) -> Span:
    begins, ends = _minute(opens), _minute(closes)
    if ends <= begins:
        ends += DAY_MINUTES
        if ends > DAY_MINUTES + LATEST:
            raise BadWeek(f"{opens}-{closes}")
    return begins, ends


def _minute(text: str) -> int:
    found = re.fullmatch(r"(\d\d):(\d\d)", text)
    if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > DAY_MINUTES:
        raise BadWeek(text)
    return int(found[1]) * 60 + int(found[2])


def _text(span: Span) -> str:
    ends = "24:00" if span[1] == DAY_MINUTES else clock(span[1])
    return f"{clock(span[0])}-{ends}"


def _days(numbers: Sequence[int]) -> str:
    """Monday to Wednesday and Friday as `Mo-We,Fr`; two days that follow each other stay two."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[each] for each in run)
        for run in runs
    )


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for each in text.split(","):
        first, _, last = each.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += [at % 7 for at in range(start, (end if end >= start else end + 7) + 1)]
    return found
