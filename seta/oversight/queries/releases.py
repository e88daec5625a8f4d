"""A house's own rules by release: who wrote and agreed, what would change, and what WeCom would stop by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from enum import StrEnum
from itertools import islice

from seta.oversight.models import PolicyRelease
from seta.oversight.policy import check, shipped
from seta.oversight.rules import PolicyError, Rule, compile_rules
from seta.oversight.rules.intercepts import LeftOut, project
from seta.oversight.rules.proving import failures

RELEASES_SHOWN = 50
LINES_SHOWN = 400
CONTEXT_LINES = 2
_State = PolicyRelease.State


class Effect(StrEnum):
    """What a rule of a document does to the rules in force."""

    NEW = "new"
    REPLACES = "replaces"
    CHANGED = "changed"
    SAME = "same"
    DROPPED = "dropped"


@dataclass(frozen=True)
class ReleaseRow:
    """A release in the list: draft, shadow, live or retired, and the two people behind it."""

    id: int
    number: int
    state: str
    note: str
    author_id: int | None
    created_at: datetime
    approved_by_id: int | None
    approved_at: datetime | None
    changed_at: datetime
    yaml: str
    sha256: str


@dataclass(frozen=True)
class RuleEffect:
    """One rule of a document, or of the live release where the document has it no longer."""

    rule: Rule
    effect: Effect


@dataclass(frozen=True)
class DiffLine:
    """A line of the differences; `sign` is +, -, @ (a place in the text) or a blank."""

    sign: str
    text: str


@dataclass(frozen=True)
class Examined:
    """What a document would do; `problem` is the reader's word when it cannot be used, and the rest is empty."""

    problem: str = ""
    rules: tuple[RuleEffect, ...] = ()
    lines: tuple[DiffLine, ...] = ()
    stopped: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def releases(house_id: int) -> list[ReleaseRow]:
    """The newest releases of a house, latest first."""
    rows = PolicyRelease.objects.filter(house_id=house_id).order_by("-number")
    return [_row(row) for row in rows[:RELEASES_SHOWN]]


def release(house_id: int, release_id: int) -> ReleaseRow | None:
    """One release of the house, or None."""
    row = PolicyRelease.objects.filter(house_id=house_id, pk=release_id).first()
    return _row(row) if row else None


def live_yaml(house_id: int) -> str:
    """The document in force, or nothing when only the shipped rules judge."""
    found = PolicyRelease.objects.filter(house_id=house_id, state=_State.LIVE).values_list("yaml", flat=True)
    return found.first() or ""


def examine(house_id: int, yaml: str) -> Examined:
    """Read a document as this house would, run its own tests and compare it with what is live; keeps nothing."""
    live = live_yaml(house_id)
    try:
        rules = check(yaml, house_id)
        if not rules:
            return Examined("release.yaml: has no rule")
        policy = compile_rules(rules)
        failed = failures(policy)
        if failed:
            return Examined(f"release.yaml: {failed[0]} ({len(failed)} of its tests fail)")
    except PolicyError as problem:
        return Examined(str(problem))
    projection = project(policy)
    words = {
        blocks: tuple(
            sorted({word for plan in projection.plans if plan.blocks is blocks for word in plan.words})
        )
        for blocks in (True, False)
    }
    return Examined(
        rules=_effects(rules, _readable(live, house_id)),
        lines=_differences(live, yaml),
        stopped=words[True],
        warned=words[False],
        left_out=projection.left_out,
    )


def _readable(yaml: str, house_id: int) -> tuple[Rule, ...]:
    return check(yaml, house_id) if yaml else ()


def _effects(rules: Sequence[Rule], live: Sequence[Rule]) -> tuple[RuleEffect, ...]:
    before, ids = {rule.id: rule for rule in live}, {rule.id for rule in rules}
    dropped = [RuleEffect(rule, Effect.DROPPED) for rule in live if rule.id not in ids]
    return (*(RuleEffect(rule, _effect(rule, before.get(rule.id))) for rule in rules), *dropped)


def _effect(rule: Rule, before: Rule | None) -> Effect:
    if before is not None:
        return Effect.SAME if before == rule else Effect.CHANGED
    return Effect.REPLACES if any(rule.id == each.id for each in shipped().rules) else Effect.NEW


def _differences(live: str, yaml: str) -> tuple[DiffLine, ...]:
    lines = unified_diff(live.splitlines(), yaml.splitlines(), n=CONTEXT_LINES, lineterm="")
    return tuple(DiffLine(line[:1] or " ", line[1:]) for line in islice(lines, 2, LINES_SHOWN + 2))


def _row(row: PolicyRelease) -> ReleaseRow:
    return ReleaseRow(
        id=row.pk,
        number=row.number,
        state=row.state,
        note=row.note,
        author_id=row.author_id,
        created_at=row.created_at,
        approved_by_id=row.approved_by_id,
        approved_at=row.approved_at,
        changed_at=row.changed_at,
        yaml=row.yaml,
        sha256=row.sha256,
    )
