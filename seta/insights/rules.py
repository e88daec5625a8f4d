"""Which steps the funnel has, and how money is divided among what deserves the credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

ATTRIBUTION_WINDOW = timedelta(days=30)
"""How long a touch may claim a sale after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: its code, and the facts of which any one takes it."""

    code: str
    facts: tuple[str, ...]


FUNNEL: Sequence[Step] = (
    Step("impression", ("ad.impression.seen",)),
    Step("click", ("ad.click.made",)),
    Step("follow", ("conversations.account.followed",)),
    Step("session", ("people.session.started",)),
    Step("plan", ("guide.plan.saved",)),
    Step("visit", ("stores.visit.checked_in",)),
    Step("contact", ("clienteling.contact.added",)),
    Step("order", ("boutique.order.placed",)),
    Step("paid", ("boutique.order.paid",)),
)
"""From the first impression to a paid order; each step counts only after the one before it."""

TOUCHES = ("ad.click.made", "conversations.account.followed", "people.session.started")
"""Facts by which a campaign may claim the next sale."""


def share(part: int, whole: int) -> float:
    """The part of the whole between 0 and 1; nothing of nothing is 0."""
    return part / whole if whole else 0.0
