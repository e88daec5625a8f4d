"""Puts the block tier of a house's policy into WeCom's own intercept rules, and tells what WeCom cannot stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seta.houses import queries as houses
from seta.oversight.operations.audit import append_audit
from seta.oversight.policy import live
from seta.oversight.rules.intercepts import (
    OWN_PREFIX,
    RULES_MAX,
    InterceptPlan,
    LeftOut,
    compare,
    project,
)
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom.supervision import InterceptRule

EVERYBODY = 1
"""The number of WeCom's root department, which holds every member."""


@dataclass(frozen=True)
class InterceptReport:
    """What was changed at WeCom, how many words stand there now, and what stays with the archive."""

    added: int
    updated: int
    deleted: int
    same: int
    words: int
    left_out: tuple[LeftOut, ...]


def sync_intercepts(
    *, house_id: int, now: datetime, departments: frozenset[int] = frozenset({EVERYBODY})
) -> InterceptReport:
    """Make WeCom's rules the house's live policy; talks to WeCom, so call it outside a transaction.

    Repeating changes nothing. Rules that somebody made by hand in WeCom stay, and count against its hundred.
    Raises PlatformError when WeCom refuses; what was changed before stays and the next run goes on from there.
    """
    wecom = houses.wecom(house_id)
    standing = wecom.intercept_rules()
    foreign = sum(not rule.name.startswith(OWN_PREFIX) for rule in standing.values())
    projection = project(live(house_id), rules_free=RULES_MAX - foreign)
    change = compare(projection.plans, {rule_id: _plan(rule) for rule_id, rule in standing.items()})
    for rule_id in change.delete:
        wecom.del_intercept_rule(rule_id)
    for rule_id, plan in change.update.items():
        wecom.update_intercept_rule(rule_id, before=standing[rule_id], after=_rule(plan, departments))
    for plan in change.add:
        wecom.add_intercept_rule(_rule(plan, departments))
    report = InterceptReport(
        added=len(change.add),
        updated=len(change.update),
        deleted=len(change.delete),
        same=change.same,
        words=sum(len(plan.words) for plan in projection.plans),
        left_out=projection.left_out,
    )
    if report.added or report.updated or report.deleted:
        append_audit(house_id=house_id, kind="policy.intercepts", details=_told(report), now=now)
    return report


def sweep_intercepts(now: datetime) -> int:
    """Bring every house with WeCom up to date; returns how many changed. One house's failure stops no other."""
    changed = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        try:
            report = sync_intercepts(house_id=house.id, now=now)
        except PlatformError:
            continue
        changed += bool(report.added or report.updated or report.deleted)
    return changed


def _plan(rule: InterceptRule) -> InterceptPlan:
    return InterceptPlan(rule.name, rule.words, rule.blocks)


def _rule(plan: InterceptPlan, departments: frozenset[int]) -> InterceptRule:
    return InterceptRule(
        name=plan.name, words=plan.words, users=frozenset(), departments=departments, blocks=plan.blocks
    )


def _told(report: InterceptReport) -> Mapping[str, int]:
    return {
        "added": report.added,
        "updated": report.updated,
        "deleted": report.deleted,
        "words": report.words,
        "left_out": len(report.left_out),
    }
