"""Put what a payee is owed into a batch, in one transaction with its journal; never the same cent twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from seta.events.operations import publish
from seta.kit.ids import new_id
from seta.ledger import operations as ledger
from seta.payments.events import BatchSettled
from seta.payments.models import SettlementBatch, SettlementLine
from seta.payments.operations.owing import lock_owed
from seta.payments.operations.refunding import available
from seta.payments.operations.settling.due import due_lines
from seta.payments.payee_terms import PayeeTerms, payee_terms
from seta.payments.rules import bankfile, books, quotes, settlement
from seta.payments.rules.bankfile import Party
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import BatchState, BatchTotals, Due
from seta.payments.standing import terms_of

LINES_PER_STATEMENT = 500


@dataclass(frozen=True)
class SettlementCard:
    """A batch and its state, or why there is none: below_minimum, negative, held or nothing_due.

    `negative` means that refunds came to more than sales and the difference is carried to the next cut-off,
    `held` that refunds on their way need the money first. `bank_file` is empty until both IBANs are set and,
    above the limit of one person, until two have released the batch. `payee` is empty for the house.
    """

    batch_id: int | None
    number: str
    state: str
    currency: str
    cutoff_on: date
    gross: int
    refunded: int
    fees: int
    total: int
    lines: int
    bank_file: str
    payee: str = ""
    commissions: int = 0


@transaction.atomic
def settle(*, house_id: int, currency: str, day: date, now: datetime, payee: str = "") -> SettlementCard:
    """Put everything of a payee up to the cut-off of `day` and not yet settled into one batch.

    The payee is the house, or a partner by its code. Payments with an open break wait. Below the payee's minimum
    nothing is made and everything is carried over. The same day again gives its newest batch, unless enough has
    become due since for another. Raises PaymentRefused: UNSUPPORTED_CURRENCY, NOT_FOUND.
    """
    if currency not in quotes.SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency)
    terms = payee_terms(house_id, payee)
    lock_owed(house_id, currency, [terms.code])
    whose = Q(payee_id=terms.payee_id) if terms.payee_id is not None else Q(payee__isnull=True)
    mine = SettlementBatch.objects.select_for_update(of=("self",)).filter(whose, house_id=house_id)
    standing = mine.filter(currency=currency, cutoff_on=day).exclude(state=BatchState.RETURNED)
    newest = standing.order_by("-id").first()
    cutoff_at = terms.calendar.cutoff_at(day)
    lines = due_lines(house_id, terms.code, currency, cutoff_at)
    sums = settlement.totals(lines)
    state = _why_not(sums.total, len(lines), terms.minimum, available(house_id, currency, payee=terms.code))
    if state:
        return card(newest) if newest is not None else _nothing(state, currency, day, sums, len(lines), terms)
    batch = _make(house_id, terms, currency, day, cutoff_at, sums, now)
    _write_lines(batch, lines)
    entry = books.settlement(
        house_id=house_id, number=batch.number, currency=currency, total=batch.total, payee=terms.code
    )
    ledger.post(journal=entry, now=now)
    publish(
        BatchSettled(
            house_id=house_id,
            occurred_at=now,
            batch_id=batch.pk,
            number=batch.number,
            total=batch.total,
            currency=currency,
            lines=len(lines),
            cutoff_on=day.isoformat(),
            payee=terms.code,
        )
    )
    return card(batch)


def _why_not(total: int, lines: int, minimum: int, free: int) -> str:
    if not lines:
        return "nothing_due"
    if total < 0:
        return "negative"
    if total < max(minimum, 1):
        return "below_minimum"
    return "held" if total > free else ""


def _nothing(
    state: str, currency: str, day: date, sums: BatchTotals, lines: int, terms: PayeeTerms
) -> SettlementCard:
    return SettlementCard(
        batch_id=None,
        number="",
        state=state,
        currency=currency,
        cutoff_on=day,
        gross=sums.gross,
        refunded=sums.refunded,
        fees=sums.fees,
        total=sums.total,
        lines=lines,
        bank_file="",
        payee=terms.code,
        commissions=sums.commissions,
    )


def _make(
    house_id: int,
    terms: PayeeTerms,
    currency: str,
    day: date,
    cutoff_at: datetime,
    sums: BatchTotals,
    now: datetime,
) -> SettlementBatch:
    batch = SettlementBatch(
        house_id=house_id,
        payee_id=terms.payee_id,
        number=new_id("set"),
        currency=currency,
        cutoff_on=day,
        cutoff_at=cutoff_at,
        gross=sums.gross,
        refunded=sums.refunded,
        fees=sums.fees,
        commissions=sums.commissions,
        total=sums.total,
        state=BatchState.PREPARED,
        bank_file="",
        created_at=now,
    )
    if sums.total <= terms.second_person_above:
        batch.bank_file = order_of(batch, terms)
    batch.save()
    return batch


def _write_lines(batch: SettlementBatch, lines: list[Due]) -> None:
    SettlementLine.objects.bulk_create(
        [
            SettlementLine(
                batch=batch,
                kind=line.kind,
                intent_id=line.intent_id,
                refund_id=line.refund_id,
                gross=line.gross,
                fee=line.fee,
                commission=line.commission,
                net=line.net,
            )
            for line in lines
        ],
        batch_size=LINES_PER_STATEMENT,
    )
    written = list(batch.lines.values_list("net", flat=True))
    assert (len(written), sum(written)) == (len(lines), batch.total), "a batch is the sum of its lines"


def order_of(batch: SettlementBatch, terms: PayeeTerms) -> str:
    """The payment order for a batch; empty while an IBAN is missing. The same batch gives the same file."""
    own = terms_of(batch.house_id)
    debtor, creditor = Party(own.debtor_name, own.debtor_iban), terms.account
    if not (bankfile.is_iban(debtor.iban) and bankfile.is_iban(creditor.iban)):
        return ""
    return bankfile.pain001(
        number=batch.number,
        made_at=batch.created_at,
        execute_on=batch.cutoff_on + timedelta(days=1),
        debtor=debtor,
        creditor=creditor,
        amount=batch.total,
        currency=batch.currency,
        note=f"Settlement {batch.number} up to {batch.cutoff_on}",
        version=bank_file_version(),
    )


def bank_file_version() -> str:
    """The version of the bank file: the newer, or the older that some banks still want (SETA_BANK_FILE)."""
    wanted = getattr(settings, "BANK_FILE", bankfile.VERSION)
    assert wanted in bankfile.VERSIONS, f"BANK_FILE is one of {', '.join(bankfile.VERSIONS)}"
    return str(wanted)


def card(batch: SettlementBatch) -> SettlementCard:
    """A batch as its operations answer."""
    return SettlementCard(
        batch_id=batch.pk,
        number=batch.number,
        state=batch.state,
        currency=batch.currency,
        cutoff_on=batch.cutoff_on,
        gross=batch.gross,
        refunded=batch.refunded,
        fees=batch.fees,
        total=batch.total,
        lines=batch.lines.count(),
        bank_file=batch.bank_file,
        payee=batch.payee.code if batch.payee else "",
        commissions=batch.commissions,
    )
