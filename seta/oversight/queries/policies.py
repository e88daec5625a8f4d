"""The rules a house runs, and how it runs each."""

from seta.oversight.models import RuleSetting
from seta.oversight.policy import live, written_rules
from seta.oversight.rules import Policy, Rule


def policy_of(house_id: int) -> Policy:
    """The compiled policy that judges for a house."""
    return live(house_id)


def rules_of(house_id: int) -> tuple[Rule, ...]:
    """Every rule of the house in whatever mode, once each: of two with one id the one in force."""
    is_off = RuleSetting.objects.filter(house_id=house_id, mode=RuleSetting.Mode.OFF).exists()
    rules = written_rules(house_id) if is_off else live(house_id).rules
    once = {rule.id: rule for rule in reversed(rules)}
    return tuple(reversed(once.values()))


def rule_of(house_id: int, rule_id: str) -> Rule | None:
    """A rule of the house by its id, or None: a closed alert may outlive its rule."""
    for rule in live(house_id).rules:
        if rule.id == rule_id:
            return rule
    return next((rule for rule in rules_of(house_id) if rule.id == rule_id), None)


def modes(house_id: int) -> dict[str, str]:
    """How each rule runs that was not left as it was written: live, shadow or off."""
    return dict(RuleSetting.objects.filter(house_id=house_id).values_list("rule", "mode"))


def mode_of(house_id: int, rule: Rule) -> str:
    """How a rule runs: live, shadow or off."""
    written = RuleSetting.Mode.SHADOW if rule.shadow else RuleSetting.Mode.LIVE
    return modes(house_id).get(rule.id, written.value)
