"""Runs a whole release over what was said before it judges anybody, for a purpose that the log keeps."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from seta.oversight.models import PolicyRelease, RuleTrial, TrialHit
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.policies import ReleaseRefusal, ReleaseRefused
from seta.oversight.operations.rescanning import RescanReport, rescan
from seta.oversight.operations.rights import authorise
from seta.oversight.operations.shadow import TRIAL_DAYS_MAX
from seta.oversight.policy import check
from seta.oversight.rules import Rule, compile_rules
from seta.oversight.rules.review import Refusal, Refused, purpose_of


def try_on_history(
    *, house_id: int, release_id: int, days: int, user_id: int, purpose: str, now: datetime
) -> RescanReport:
    """Judge the last days anew by a release's rules; keeps one trial a rule with a few finds, and alerts nobody.

    Call outside a transaction. Raises Refused, ReleaseRefused UNKNOWN, PolicyError when its lists are gone.
    """
    authorise(house_id, user_id, f"trial of release {release_id}", now)
    why = purpose_of(purpose)
    if not 1 <= days <= TRIAL_DAYS_MAX:
        raise Refused(Refusal.UNKNOWN_CHOICE)
    release = PolicyRelease.objects.filter(house_id=house_id, pk=release_id).first()
    if release is None:
        raise ReleaseRefused(ReleaseRefusal.UNKNOWN)
    rules, since = check(release.yaml, house_id), now - timedelta(days=days)
    policy = compile_rules(rules, version=release.sha256)
    report = rescan(house_id=house_id, policy=policy, since=since, now=now)
    with transaction.atomic():
        _keep(release, rules, report, since, user_id, now)
        details = {
            "user": user_id,
            "release": release.number,
            "purpose": why.value,
            "days": days,
            "messages": report.messages,
            "alerts": report.alerts,
        }
        append_audit(house_id=house_id, kind="policy.tried", details=details, now=now)
    return report


def _keep(
    release: PolicyRelease,
    rules: tuple[Rule, ...],
    report: RescanReport,
    since: datetime,
    user_id: int,
    now: datetime,
) -> None:
    """A trial for every rule, for those that found nothing too."""
    alerts, finds = dict(report.by_rule), defaultdict(list)
    for finding in report.sample:
        finds[finding.rule].append(finding)
    for rule in rules:
        trial = RuleTrial.objects.create(
            house_id=release.house_id,
            rule=rule.id,
            policy_version=release.sha256,
            since=since,
            until=now,
            messages=report.messages,
            unreadable=report.unreadable,
            alerts=alerts.get(rule.id, 0),
            asked_by_id=user_id,
            at=now,
        )
        TrialHit.objects.bulk_create(
            TrialHit(trial=trial, message_id=each.message_id, start=each.start, end=each.end)
            for each in finds[rule.id]
        )
