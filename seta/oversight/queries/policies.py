"""The rules a house runs, and how it runs each."""

from seta.oversight.models import RuleSetting
from seta.oversight.policy import live, written_rules
from seta.oversight.rules import Policy, Rule


def policy_of(house_id: int) -> Policy:
    """The compiled policy that judges for a house; rules that are off are not in it."""
    return live(house_id)


def rule_of(house_id: int, rule_id: str) -> Rule | None:
    """A rule of the house by its id, or None: a closed alert may outlive its rule."""
    return next((rule for rule in written_rules(house_id) if rule.id == rule_id), None)


def modes(house_id: int) -> dict[str, str]:
    """How each rule runs that does not run as it was written: live, shadow or off."""
    return dict(RuleSetting.objects.filter(house_id=house_id).values_list("rule", "mode"))


def mode_of(house_id: int, rule: Rule) -> str:
    """How a rule runs: live, shadow or off."""
    written = RuleSetting.Mode.SHADOW if rule.shadow else RuleSetting.Mode.LIVE
    return modes(house_id).get(rule.id, written.value)
