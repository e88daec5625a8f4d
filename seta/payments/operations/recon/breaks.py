"""Breaks on their way: opened with what would put them right, owned by somebody, closed once."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from seta.events.operations import publish_many
from seta.ledger import operations as ledger
from seta.payments.events import BreakOpened
from seta.payments.models import Attempt, Break, PaymentConfirmation, ReconRun, Refund, RefundConfirmation
from seta.payments.operations.terms import terms_of
from seta.payments.rules.correction import correction
from seta.payments.rules.matching import Category, Difference
from seta.payments.rules.refusals import PaymentRefused, Refusal

ROWS_PER_STATEMENT = 500
# What the provider did is accepted with the journal: the row may be converted, at the fee the bill states.
_ACCEPTED = frozenset({Category.FEE_MISMATCH, Category.FX_RATE_MISMATCH, Category.AMOUNT_MISMATCH})


class Choice(StrEnum):
    """How a break is closed: with a reason alone, or with its proposed journal."""

    EXPLAIN = "explain"
    BOOK = "book"


def open_breaks(
    *,
    house_id: int,
    provider: str,
    found_on: date,
    differences: Sequence[Difference],
    run: ReconRun | None,
    now: datetime,
) -> int:
    """Open what is not known yet, a key and category once for good, inside the caller's transaction."""
    if not differences:
        return 0
    known = set(Break.objects.filter(house_id=house_id, provider=provider).values_list("key", "category"))
    rows = Break.objects.bulk_create(
        [
            Break(
                house_id=house_id,
                provider=provider,
                key=one.key,
                category=one.category,
                found_on=found_on,
                our_amount=one.our_amount,
                their_amount=one.their_amount,
                currency=one.gap_currency if one.key.startswith("B:") else "CNY",
                detail=one.detail[:200],
                proposal=one.proposal,
                gap=one.gap,
                gap_currency=one.gap_currency,
                their_fee=one.their_fee,
                opened_at=now,
                run=run,
            )
            for one in differences
            if (one.key, one.category) not in known
        ],
        batch_size=ROWS_PER_STATEMENT,
    )
    publish_many([_opened(row, now) for row in rows])
    return len(rows)


def _opened(row: Break, now: datetime) -> BreakOpened:
    return BreakOpened(
        house_id=row.house_id,
        occurred_at=now,
        break_id=row.pk,
        provider=row.provider,
        key=row.key,
        category=row.category,
        our_amount=row.our_amount,
        their_amount=row.their_amount,
        currency=row.currency,
    )


@transaction.atomic
def assign_break(*, break_id: int, house_id: int, owner_id: int | None, now: datetime) -> None:
    """Say whose an open break is; None for nobody's. A closed one keeps its owner. Raises PaymentRefused."""
    row = _locked(break_id, house_id)
    assert now >= row.opened_at or row.resolved_at is None
    if row.resolved_at is None:
        row.owner_id = owner_id
        row.save(update_fields=["owner_id"])


@transaction.atomic
def resolve_break(
    *,
    break_id: int,
    house_id: int,
    resolution: str,
    owner_id: int | None,
    now: datetime,
    choice: str = Choice.EXPLAIN,
) -> bool:
    """Close a break with the reason a person gives, and with its proposed journal when they choose to book it.

    Returns whether the break is closed: above the house's limit the first call only records who chose what, and a
    second person's call posts the journal, once. Raises PaymentRefused when the first person asks again, when the
    break is not the house's, or when it has nothing to book.
    """
    assert resolution, "a break is resolved with a reason"
    row = _locked(break_id, house_id)
    if row.resolved_at is not None:
        return True
    if choice == Choice.BOOK and not _book(row, resolution, owner_id, now):
        return False
    row.owner_id = owner_id
    row.choice, row.resolution, row.resolved_at = str(choice), resolution[:200], now
    row.save()
    return True


def _locked(break_id: int, house_id: int) -> Break:
    row = Break.objects.select_for_update().filter(pk=break_id, house_id=house_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"break {break_id}")
    return row


def _book(row: Break, resolution: str, owner_id: int | None, now: datetime) -> bool:
    entry = correction(
        house_id=row.house_id,
        break_id=row.pk,
        provider=row.provider,
        key=row.key,
        category=row.category,
        gap=row.gap,
        currency=row.gap_currency,
    )
    if entry is None:
        raise PaymentRefused(Refusal.NOTHING_TO_BOOK, f"break {row.pk}")
    if abs(row.gap) > terms_of(row.house_id).second_person_above:
        if row.chosen_by is None or owner_id is None:
            row.chosen_by, row.choice, row.resolution = owner_id, Choice.BOOK, resolution[:200]
            row.save(update_fields=["chosen_by", "choice", "resolution"])
            return False
        if row.chosen_by == owner_id:
            raise PaymentRefused(Refusal.NEEDS_SECOND_PERSON, f"break {row.pk}")
        row.approved_by = owner_id
    else:
        row.chosen_by = owner_id
    ledger.post(journal=entry, now=now)
    row.journal_idem = entry.idem
    if row.category in _ACCEPTED:
        _accept(row)
    return True


def _accept(row: Break) -> None:
    letter, _, number = row.key.partition(":")
    told = {"run_id": row.run_id, "fee": row.their_fee or 0}
    if letter == "P":
        paid = Attempt.objects.filter(house_id=row.house_id, provider=row.provider, out_trade_no=number)
        for attempt in paid:
            PaymentConfirmation.objects.update_or_create(attempt=attempt, defaults=told)
    elif letter == "R":
        for refund in Refund.objects.filter(house_id=row.house_id, out_refund_no=number):
            RefundConfirmation.objects.update_or_create(refund=refund, defaults=told)
