"""A batch's way: released by one person or two, sent to the bank, confirmed by it, or returned and due again."""

from datetime import datetime

from django.db import transaction

from seta.events.operations import publish
from seta.ledger import operations as ledger
from seta.payments.events import BatchConfirmed, BatchReleased, BatchReturned
from seta.payments.models import SettlementBatch
from seta.payments.operations.settling.batches import SettlementCard, card, order_of
from seta.payments.payee_terms import PayeeTerms, payee_terms
from seta.payments.rules import books
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import BatchState, Step, next_state


@transaction.atomic
def release_batch(*, batch_id: int, house_id: int, released_by: int, now: datetime) -> SettlementCard:
    """A member lets a batch go to the bank; above the payee's limit it takes two.

    The first of two leaves it prepared. The same member twice changes nothing and is refused where another is
    wanted. Raises PaymentRefused: NOT_FOUND, BATCH_STATE, BATCH_NEEDS_SECOND_PERSON.
    """
    batch, terms = _locked(batch_id, house_id)
    state = _next(batch, terms, Step.RELEASE)
    if state is BatchState(batch.state):
        return card(batch)
    if batch.released_by is None:
        batch.released_by = released_by
    elif batch.released_by == released_by:
        raise PaymentRefused(Refusal.BATCH_NEEDS_SECOND_PERSON, batch.number)
    else:
        batch.second_by = released_by
    if batch.total > terms.second_person_above and batch.second_by is None:
        batch.save(update_fields=["released_by"])
        return card(batch)
    batch.state, batch.released_at = state, now
    batch.bank_file = batch.bank_file or order_of(batch, terms)
    batch.save(update_fields=["released_by", "second_by", "state", "released_at", "bank_file"])
    publish(
        BatchReleased(
            house_id=house_id,
            occurred_at=now,
            batch_id=batch.pk,
            number=batch.number,
            total=batch.total,
            currency=batch.currency,
            payee=terms.code,
            released_by=batch.released_by,
            second_by=batch.second_by,
        )
    )
    return card(batch)


@transaction.atomic
def write_bank_file(*, batch_id: int, house_id: int, now: datetime) -> SettlementCard:
    """Make the bank file of a batch that is not sent yet again, after the accounts were set.

    Of a batch above the limit of one person there is none before two have released it.
    """
    batch, terms = _locked(batch_id, house_id)
    is_ready = batch.state == BatchState.RELEASED or (
        batch.state == BatchState.PREPARED and batch.total <= terms.second_person_above
    )
    if is_ready:
        batch.bank_file = order_of(batch, terms)
        batch.save(update_fields=["bank_file"])
    return card(batch)


@transaction.atomic
def mark_sent(*, batch_id: int, house_id: int, now: datetime) -> SettlementCard:
    """A batch's file was given to the bank; twice changes nothing. Raises PaymentRefused as for its other steps."""
    batch, terms = _locked(batch_id, house_id)
    state = _next(batch, terms, Step.SEND)
    if state is not BatchState(batch.state):
        batch.state, batch.sent_at = state, now
        batch.save(update_fields=["state", "sent_at"])
    return card(batch)


@transaction.atomic
def confirm_settlement(*, batch_id: int, house_id: int, now: datetime) -> SettlementCard:
    """The bank says a batch was paid; twice changes nothing. Raises PaymentRefused as for its other steps."""
    batch, terms = _locked(batch_id, house_id)
    state = _next(batch, terms, Step.CONFIRM)
    if state is BatchState(batch.state):
        return card(batch)
    batch.state, batch.confirmed_at = state, now
    batch.save(update_fields=["state", "confirmed_at"])
    entry = books.settlement_confirmed(
        house_id=house_id, number=batch.number, currency=batch.currency, total=batch.total
    )
    ledger.post(journal=entry, now=now)
    publish(
        BatchConfirmed(
            house_id=house_id,
            occurred_at=now,
            batch_id=batch.pk,
            number=batch.number,
            total=batch.total,
            currency=batch.currency,
            payee=terms.code,
        )
    )
    return card(batch)


@transaction.atomic
def return_batch(*, batch_id: int, house_id: int, reason: str, now: datetime) -> SettlementCard:
    """The bank has sent a batch back: its journals are reversed and its payments and refunds are due again.

    The batch and its lines stay as they were, marked; twice changes nothing. Raises PaymentRefused: NOT_FOUND,
    BATCH_STATE for one that never was sent.
    """
    batch, terms = _locked(batch_id, house_id)
    was = BatchState(batch.state)
    state = _next(batch, terms, Step.RETURN)
    if state is was:
        return card(batch)
    batch.state, batch.returned_at, batch.return_reason = state, now, reason[:200]
    batch.save(update_fields=["state", "returned_at", "return_reason"])
    batch.lines.update(is_returned=True)
    if was is BatchState.CONFIRMED:
        ledger.reverse(house_id=house_id, idem=books.confirmed_idem(batch.number), now=now)
    ledger.reverse(house_id=house_id, idem=books.settlement_idem(batch.number), now=now)
    publish(
        BatchReturned(
            house_id=house_id,
            occurred_at=now,
            batch_id=batch.pk,
            number=batch.number,
            total=batch.total,
            currency=batch.currency,
            payee=terms.code,
            reason=batch.return_reason,
        )
    )
    return card(batch)


def _locked(batch_id: int, house_id: int) -> tuple[SettlementBatch, PayeeTerms]:
    rows = SettlementBatch.objects.select_for_update(of=("self",)).select_related("payee")
    batch = rows.filter(pk=batch_id, house_id=house_id).first()
    if batch is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"batch {batch_id}")
    return batch, payee_terms(house_id, batch.payee.code if batch.payee else "")


def _next(batch: SettlementBatch, terms: PayeeTerms, step: Step) -> BatchState:
    return next_state(
        BatchState(batch.state), step, total=batch.total, one_person_up_to=terms.second_person_above
    )
