"""What members have proposed about rates and terms, what became of it, and the rates that stand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seta.houses.queries import members
from seta.kit.clock import beijing_day
from seta.payments import standing
from seta.payments.models import Change, Rate
from seta.payments.rules import quotes

CHANGES_MAX = 200


@dataclass(frozen=True)
class ChangeRow:
    """A proposed change and its decision; `outcome` is open, approved or declined. People by id and name."""

    id: int
    kind: str
    subject: str
    before: Any
    after: Any
    reason: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    outcome: str
    decided_by: int | None
    decided_by_name: str
    decided_at: datetime | None
    note: str


@dataclass(frozen=True)
class StandingRate:
    """A rate as it is kept: units of `currency` for one yuan scaled by 10^8; `is_used` when quotes take it today."""

    currency: str
    source: str
    scaled: int
    valid_on: date
    recorded_at: datetime
    is_used: bool


@dataclass(frozen=True)
class TermsCard:
    """A house's terms in force: basis points, minor units, and whose rates come first."""

    fee_bps: int
    spread_bps: int
    settlement_minimum: int
    second_person_above: int
    refund_policy: str
    rate_sources: tuple[str, ...]


def open_changes(house_id: int) -> list[ChangeRow]:
    """Proposals that wait for another member, oldest first."""
    rows = Change.objects.filter(house_id=house_id, decision__isnull=True).order_by("proposed_at", "id")
    return _rows(house_id, list(rows.select_related("decision")[:CHANGES_MAX]))


def change_history(house_id: int, *, limit: int = 50) -> list[ChangeRow]:
    """What was approved or declined, newest first."""
    rows = Change.objects.filter(house_id=house_id, decision__isnull=False)
    page = rows.select_related("decision").order_by("-decision__decided_at", "-id")
    return _rows(house_id, list(page[: min(limit, CHANGES_MAX)]))


def standing_rates(house_id: int, *, now: datetime) -> list[StandingRate]:
    """Each source's newest rate of each currency, and which of them a quote would take now."""
    newest: dict[tuple[str, str], Rate] = {}
    for row in Rate.objects.filter(house_id=house_id, base=quotes.BASE_CURRENCY).order_by("valid_on"):
        newest[(row.counter, row.source)] = row
    today = beijing_day(now)
    used = {counter: standing.rate_on(house_id, counter, today) for counter, _ in newest}
    found = []
    for (counter, source), row in sorted(newest.items()):
        taken = used[counter]
        is_used = taken is not None and (taken.source, taken.valid_on) == (source, row.valid_on)
        found.append(StandingRate(counter, source, row.scaled, row.valid_on, row.recorded_at, is_used))
    return found


def terms(house_id: int) -> TermsCard:
    """The house's terms, or what every house starts with."""
    row = standing.terms_of(house_id)
    return TermsCard(
        fee_bps=row.fee_bps,
        spread_bps=row.spread_bps,
        settlement_minimum=row.settlement_minimum,
        second_person_above=row.second_person_above,
        refund_policy=row.refund_policy,
        rate_sources=tuple(standing.sources_of(row)),
    )


def _rows(house_id: int, rows: list[Change]) -> list[ChangeRow]:
    names = {member.user_id: member.name for member in members(house_id)}
    found = []
    for row in rows:
        decision = getattr(row, "decision", None)
        found.append(
            ChangeRow(
                id=row.pk,
                kind=row.kind,
                subject=row.subject,
                before=row.before,
                after=row.after,
                reason=row.reason,
                proposed_by=row.proposed_by,
                proposed_by_name=names.get(row.proposed_by, ""),
                proposed_at=row.proposed_at,
                outcome=decision.outcome if decision else "open",
                decided_by=decision.decided_by if decision else None,
                decided_by_name=names.get(decision.decided_by, "") if decision else "",
                decided_at=decision.decided_at if decision else None,
                note=decision.note if decision else "",
            )
        )
    return found
