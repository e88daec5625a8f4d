"""Which alerts a message's hits open: one for each category, named by its gravest hit."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from seta.oversight.rules.compiling import Policy
from seta.oversight.rules.policy import Severity

_SEVERITIES = tuple(severity.value for severity in Severity)


class Raising(Protocol):
    """A hit, in whatever shape; `hardness` is its action's number."""

    @property
    def rule(self) -> str:
        """Whose hit it is."""

    @property
    def severity(self) -> str:
        """The rule's severity."""

    @property
    def tier(self) -> str:
        """How it was found."""

    @property
    def start(self) -> int:
        """Where it begins in the message."""

    @property
    def hardness(self) -> int:
        """What its action comes to: the larger, the harder."""


R = TypeVar("R", bound=Raising)


def by_category(hits: Iterable[R], policy: Policy) -> list[list[R]]:
    """The hits of each category, in the order of the categories' names: an alert each."""
    grouped: dict[str, list[R]] = {}
    for hit in hits:
        grouped.setdefault(policy.rule(hit.rule).category, []).append(hit)
    return [grouped[category] for category in sorted(grouped)]


def leading(hits: Sequence[R], policy: Policy) -> R:
    """The hit that names an alert: hardest action, gravest rule, words before what was learnt, the policy's order."""
    order = {rule.id: number for number, rule in reversed(list(enumerate(policy.rules)))}
    return min(
        hits,
        key=lambda hit: (
            -hit.hardness,
            -_SEVERITIES.index(hit.severity),
            hit.tier == "learned",
            order[hit.rule],
            hit.start,
        ),
    )
