"""What associates should do, soonest first."""

from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import FollowUp


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


def follow_ups(
    house_id: int,
    *,
    associate_id: int | None = None,
    person_id: int | None = None,
    is_open: bool | None = None,
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
    return [
        FollowUpRow(row.pk, row.associate_id, row.person_id, row.kind, row.title, row.due_at, row.done_at)
        for row in rows.order_by("due_at", "id")[:limit]
    ]
