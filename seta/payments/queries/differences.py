"""Breaks for the desk: found by age, category, provider and owner, each with the journal proposed for it."""

from datetime import datetime, timedelta

from seta.payments.models import Break
from seta.payments.rows import BreakDetail, BreakRow, ProposedPosting
from seta.payments.rules.correction import correction

PAGE_ROWS_MAX = 200


def find_breaks(
    house_id: int,
    *,
    now: datetime,
    category: str = "",
    provider: str = "",
    owner_id: int | None = None,
    is_owned: bool | None = None,
    min_age_days: int = 0,
    is_open: bool | None = True,
) -> list[BreakDetail]:
    """A house's breaks, oldest first, at most PAGE_ROWS_MAX; empty filters let everything through."""
    rows = Break.objects.filter(house_id=house_id, opened_at__lte=now - timedelta(days=min_age_days))
    if is_open is not None:
        rows = rows.filter(resolved_at__isnull=is_open)
    if is_owned is not None:
        rows = rows.filter(owner_id__isnull=not is_owned)
    given = {"category": category, "provider": provider, "owner_id": owner_id}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return [_detail(row, now) for row in rows.order_by("opened_at", "id")[:PAGE_ROWS_MAX]]


def break_detail(house_id: int, break_id: int, *, now: datetime) -> BreakDetail | None:
    """One break, None when the house has no such."""
    row = Break.objects.filter(house_id=house_id, pk=break_id).first()
    return None if row is None else _detail(row, now)


def _detail(row: Break, now: datetime) -> BreakDetail:
    entry = correction(
        house_id=row.house_id,
        break_id=row.pk,
        provider=row.provider,
        key=row.key,
        category=row.category,
        gap=row.gap,
        currency=row.gap_currency,
    )
    lines = entry.postings if entry else ()
    return BreakDetail(
        row=break_row(row, now),
        proposed=[ProposedPosting(line.code, line.currency, line.amount) for line in lines],
        choice=row.choice,
        chosen_by=row.chosen_by,
        approved_by=row.approved_by,
        journal_idem=row.journal_idem,
        waits_for_second=row.resolved_at is None and row.chosen_by is not None,
    )


def break_row(row: Break, now: datetime) -> BreakRow:
    """A break as lists show it, with what was proposed and chosen; its age in whole days, never negative."""
    return BreakRow(
        id=row.pk,
        provider=row.provider,
        key=row.key,
        category=row.category,
        found_on=row.found_on,
        our_amount=row.our_amount,
        their_amount=row.their_amount,
        currency=row.currency,
        detail=row.detail,
        proposal=row.proposal,
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        age_days=max(((row.resolved_at or now) - row.opened_at).days, 0),
        gap=row.gap,
        gap_currency=row.gap_currency,
        choice=row.choice,
        chosen_by=row.chosen_by,
        approved_by=row.approved_by,
        journal_idem=row.journal_idem,
    )
