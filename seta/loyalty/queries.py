"""Where a client stands and how they earned it, recomputed from the ledger each time it is asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.core.exceptions import ObjectDoesNotExist

from seta.kit.words import in_language
from seta.loyalty.models import Merit, RuleSet
from seta.loyalty.rules import merit
from seta.loyalty.rules.bribes import Finding, lint
from seta.loyalty.rules.deeds import way_name
from seta.loyalty.rules.merit import Counted, Entry, Way
from seta.loyalty.rules.program import Problem, Program, Unreadable, read
from seta.people.queries import card, current_id


@dataclass(frozen=True)
class Standing:
    """A client's tier, what it opens and the points behind it; all empty while no rules are live.

    `level` counts tiers from 1 and is the avatar's; `missing` is how many points the next tier is away.
    """

    tier: str = ""
    rights: tuple[str, ...] = ()
    points: int = 0
    level: int = 0
    levels: int = 0
    name: str = ""
    text: str = ""
    right_names: tuple[str, ...] = ()
    next_tier: str = ""
    next_name: str = ""
    missing: int = 0
    program: str = ""

    def may(self, right: str) -> bool:
        """Whether the tier opens a right."""
        return right in self.rights


@dataclass(frozen=True)
class LiveRules:
    """The rules in force and since when."""

    id: int
    number: int
    since: datetime
    program: Program


@dataclass(frozen=True)
class EarnedRow:
    """A deed on the client's page: what it gave, what it counts for now and why not for more."""

    at: datetime
    way: str
    way_name: str
    label: str
    points: int
    counts: int
    taken_back: int
    is_expired: bool
    is_capped: bool
    expires_at: datetime


@dataclass(frozen=True)
class RuleSetCard:
    """A version of the rules as the desk shows it, with all that speaks against it."""

    id: int
    number: int
    state: str
    text: str
    author_id: int
    proposed_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    program: Program | None

    @property
    def is_sound(self) -> bool:
        """Whether it may go live."""
        return self.program is not None and not self.findings


@lru_cache(maxsize=64)
def _program(text: str) -> Program:
    return read(text)


def live_rules(house_id: int) -> LiveRules | None:
    """The rules in force; None before any went live."""
    row = RuleSet.objects.filter(house_id=house_id, state=RuleSet.State.LIVE).first()
    if row is None:
        return None
    assert row.decided_at is not None, "live rules were decided"
    return LiveRules(row.pk, row.number, row.decided_at, _program(row.text))


def standing(person_id: int, now: datetime, *, language: str = "zh") -> Standing:
    """Where the person, or whom they became, stands at an instant."""
    rows = list(Merit.objects.filter(person_id=current_id(person_id)))
    house_id = rows[0].house_id if rows else house_of(person_id)
    live = live_rules(house_id) if house_id else None
    if live is None:
        return Standing()
    return standing_of(live.program, merit.points(map(_entry, rows), now=now), language)


def standing_of(program: Program, points: int, language: str) -> Standing:
    """The standing that so many points give under a program."""
    level, tier = program.tier_at(points)
    following = program.next_after(points)
    return Standing(
        tier=tier.code,
        rights=tier.rights,
        points=points,
        level=level,
        levels=len(program.tiers),
        name=in_language(tier.name, language),
        text=in_language(tier.text, language),
        right_names=tuple(in_language(program.rights[right].name, language) for right in tier.rights),
        next_tier=following.code if following else "",
        next_name=in_language(following.name, language) if following else "",
        missing=following.start - points if following else 0,
        program=in_language(program.name, language),
    )


def house_of(person_id: int) -> int | None:
    """The house that a person belongs to; None when there is no such person."""
    try:
        return card(person_id).house_id
    except ObjectDoesNotExist:
        return None


def earned(person_id: int, now: datetime, *, language: str = "zh") -> list[EarnedRow]:
    """Every deed of a person, newest first, with what it counts for."""
    rows = list(Merit.objects.filter(person_id=current_id(person_id)))
    labels = {row.key: row.label for row in rows}
    deeds = merit.counted(map(_entry, rows), now=now)
    return [_earned(each, labels[each.entry.key], language) for each in reversed(deeds)]


def ledger(person_id: int) -> list[Entry]:
    """Every line of a person as it was written, oldest first."""
    return [_entry(row) for row in Merit.objects.filter(person_id=current_id(person_id)).order_by("at", "id")]


def _earned(row: Counted, label: str, language: str) -> EarnedRow:
    entry = row.entry
    return EarnedRow(
        at=entry.at,
        way=entry.way,
        way_name=way_name(entry.way, language),
        label=label,
        points=entry.points,
        counts=row.points,
        taken_back=row.taken_back,
        is_expired=row.is_expired,
        is_capped=row.is_capped,
        expires_at=entry.expires_at,
    )


def _entry(row: Merit) -> Entry:
    return Entry(
        key=row.key,
        deed=row.deed,
        way=Way(row.way),
        points=row.points,
        daily_cap=row.daily_cap,
        at=row.at,
        day=row.day,
        expires_at=row.expires_at,
    )


def tier_counts(house_id: int, now: datetime) -> list[tuple[str, int]]:
    """How many people with merit stand in each tier of the live rules, lowest first."""
    live = live_rules(house_id)
    if live is None:
        return []
    rows = Merit.objects.filter(house_id=house_id, person__isnull=False).order_by("person_id").iterator()
    counts = Counter(
        live.program.tier_at(merit.points(map(_entry, of_one), now=now))[1].code
        for _person_id, of_one in groupby(rows, key=lambda row: row.person_id)
    )
    return [(tier.code, counts[tier.code]) for tier in live.program.tiers]


def newest_people(house_id: int, limit: int = 20) -> list[int]:
    """Who earned something last, newest first."""
    found: dict[int, None] = {}
    rows = Merit.objects.filter(house_id=house_id, person__isnull=False, points__gt=0).order_by("-at", "-id")
    for person_id in rows.values_list("person_id", flat=True)[: limit * 5]:
        found.setdefault(person_id)
    return list(found)[:limit]


def rule_sets(house_id: int) -> list[RuleSetCard]:
    """Every version of the rules, newest first."""
    return [_card(row) for row in RuleSet.objects.filter(house_id=house_id).order_by("-number")]


def rule_set(house_id: int, rule_set_id: int) -> RuleSetCard | None:
    """A version of the house's rules."""
    row = RuleSet.objects.filter(house_id=house_id, pk=rule_set_id).first()
    return _card(row) if row else None


def _card(row: RuleSet) -> RuleSetCard:
    problems: Sequence[Problem] = ()
    program = None
    try:
        program = _program(row.text)
    except Unreadable as unreadable:
        problems = unreadable.problems
    return RuleSetCard(
        id=row.pk,
        number=row.number,
        state=row.state,
        text=row.text,
        author_id=row.author_id,
        proposed_at=row.proposed_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        problems=tuple(problems),
        findings=tuple(lint(row.text)),
        program=program,
    )


def totals(person_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """The points of several people, with one statement."""
    rows = Merit.objects.filter(person_id__in=set(person_ids)).order_by("person_id")
    return {
        person_id: merit.points(map(_entry, of_one), now=now)
        for person_id, of_one in groupby(rows, key=lambda row: row.person_id)
        if person_id is not None
    }
