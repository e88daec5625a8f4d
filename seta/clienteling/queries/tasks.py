"""What associates should do, soonest first, and the plays that plan it."""

from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import FollowUp, Playbook
from seta.clienteling.rules.playbooks import FIRST_PLAYS, TRIGGERS, Step


@dataclass(frozen=True)
class FollowUpRow:
    """A task for a client."""

    id: int
    associate_id: int
    person_id: int
    kind: str
    title: str
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class PlaybookCard:
    """A play of the house; one that nobody has changed is the one every house starts with."""

    trigger: str
    name: str
    is_active: bool
    is_own: bool
    steps: tuple[Step, ...]


def follow_ups(
    house_id: int,
    *,
    associate_id: int | None = None,
    person_id: int | None = None,
    is_open: bool | None = None,
    due_before: datetime | None = None,
    limit: int = 50,
) -> list[FollowUpRow]:
    """Tasks, soonest first."""
    rows = FollowUp.objects.filter(house_id=house_id)
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if is_open is not None:
        rows = rows.filter(done_at__isnull=is_open)
    if due_before is not None:
        rows = rows.filter(due_at__lt=due_before)
    return [
        FollowUpRow(row.pk, row.associate_id, row.person_id, row.kind, row.title, row.due_at, row.done_at)
        for row in rows.order_by("due_at", "id")[:limit]
    ]


def playbooks(house_id: int) -> list[PlaybookCard]:
    """The plays of a house, one a trigger."""
    own = {row.trigger: row for row in Playbook.objects.filter(house_id=house_id).prefetch_related("steps")}
    cards = []
    for trigger in TRIGGERS:
        row = own.get(trigger)
        if row is None:
            name, steps = FIRST_PLAYS[trigger]
            cards.append(PlaybookCard(trigger, name, True, False, tuple(steps)))
            continue
        kept = tuple(Step(step.days, step.title) for step in row.steps.order_by("days", "id"))
        cards.append(PlaybookCard(trigger, row.name, row.is_active, True, kept))
    return cards
