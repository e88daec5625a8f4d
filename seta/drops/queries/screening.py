"""Whom WeChat was asked about, and what the drop's ranks made of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Value, When

from seta.drops.models import Screening
from seta.drops.rules import Screened


@dataclass(frozen=True)
class ScreeningRow:
    """A person whose rank keeps them out, or did until somebody of the house decided."""

    person_id: int
    rank: int | None
    state: str
    asked_at: datetime
    decided_at: datetime | None

    @property
    def may_be_let_in(self) -> bool:
        """Whether somebody of the house may still open the door."""
        return self.state != Screened.LET_IN

    @property
    def may_be_turned_away(self) -> bool:
        """Whether somebody of the house may still say no."""
        return self.state in (Screened.WAITING, Screened.REFUSED)


def screenings(*, drop_id: int, limit: int = 100) -> Sequence[ScreeningRow]:
    """Whoever waits for a check, the longest wait first, then whom the rank refused and whom people decided on."""
    is_waiting = Case(
        When(state=Screened.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = (
        Screening.objects.filter(drop_id=drop_id, person__isnull=False)
        .exclude(state__in=(Screened.CLEAR, Screened.UNKNOWN))
        .order_by(is_waiting, "asked_at", "id")
    )
    return [
        ScreeningRow(person_id, row.rank, row.state, row.asked_at, row.decided_at)
        for row in rows[:limit]
        if (person_id := row.person_id) is not None
    ]


def screened(*, drop_id: int) -> Mapping[str, int]:
    """How many people came to which judgement, the mildest first; nobody where WeChat is not asked."""
    groups = Screening.objects.filter(drop_id=drop_id).values("state").annotate(people=Count("pk"))
    found = {group["state"]: group["people"] for group in groups}
    return {state.value: found[state] for state in Screened if state in found}
