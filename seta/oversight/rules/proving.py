"""Runs every rule over its own tests: a rule that does not find its hits, or finds its misses, is not believed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from seta.oversight.rules.compiling import Policy
from seta.oversight.rules.judging import Turn, judge_turn
from seta.oversight.rules.policy import Rule

_START = datetime(2026, 1, 1, tzinfo=UTC)


def finds(rule: Rule, test: Sequence[str], policy: Policy) -> bool:
    """Whether the rule is found in the last text of a test; the others were said before, a minute apart."""
    channel = sorted(rule.channels - {"*"} or {"wecom_1to1"})[0]
    sender = sorted(rule.senders)[-1]
    turns = [Turn(text, sender, _START + timedelta(minutes=at)) for at, text in enumerate(test)]
    verdict = judge_turn(turns[-1], turns[:-1], channel=channel, policy=policy)
    return any(hit.rule == rule.id for hit in verdict.hits + verdict.supporting + verdict.shadow)


def missed(rule: Rule, policy: Policy) -> list[str]:
    """The hit tests that the rule does not find."""
    return [test[-1] for test in rule.hits if not finds(rule, test, policy)]


def alarmed(rule: Rule, policy: Policy) -> list[str]:
    """The miss tests that the rule finds."""
    return [test[-1] for test in rule.misses if finds(rule, test, policy)]


def failures(policy: Policy) -> list[str]:
    """Every failing test of a policy in words, rule by rule."""
    told: list[str] = []
    for rule in policy.rules:
        told.extend(f"rule {rule.id}: not found in {text!r}" for text in missed(rule, policy))
        told.extend(f"rule {rule.id}: found in {text!r}" for text in alarmed(rule, policy))
    return told
