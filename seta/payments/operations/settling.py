"""Convert a day with its provider, put what a house is owed into a batch, and confirm that its bank has paid."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.kit.clock import BEIJING, ROME
from seta.kit.ids import new_id
from seta.ledger import operations as ledger
from seta.payments.events import BatchSettled
from seta.payments.models import Attempt, Break, Intent, Refund, SettlementBatch, SettlementLine, Terms
from seta.payments.operations.refunding import available
from seta.payments.operations.terms import terms_of
from seta.payments.rules import bankfile, books, quotes, settlement
from seta.payments.rules.bankfile import Party
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import Due
from seta.payments.rules.states import REFUND_BOOKED, IntentState
from seta.payments.standing import rate_on


@dataclass(frozen=True)
class SettlementCard:
    """A batch, or why there is none: `state` is prepared, confirmed, below_minimum, held or nothing_due.

    `held` means that refunds on their way need the money first. `bank_file` is empty until both IBANs are set.
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


@dataclass(frozen=True)
class ConversionCard:
    """A day's conversion: net fen, what was promised for it, what came of it, and the exchange result."""

    key: str
    currency: str
    cny: int
    provider_fees: int
    promised: int
    received: int
    fee_value: int
    gain: int
    is_new: bool


@transaction.atomic
def settle(*, house_id: int, currency: str, day: date, now: datetime) -> SettlementCard:
    """Put everything booked up to the end of `day` in Milan and not yet settled into one batch.

    Payments with an open break wait. Below the house's minimum nothing is made and everything waits. The
    same day again gives its newest batch, unless enough has become due since for another. Raises
    PaymentRefused for an unsupported currency.
    """
    if currency not in quotes.SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency)
    standing = (
        SettlementBatch.objects.filter(house_id=house_id, currency=currency, cutoff_on=day)
        .order_by("-id")
        .first()
    )
    lines = _due(house_id, currency, datetime.combine(day + timedelta(days=1), time.min, ROME))
    sums = settlement.totals(lines)
    terms = terms_of(house_id)
    state = _why_not(sums.total, len(lines), terms, available(house_id, currency))
    if state and standing is not None:
        return _card(standing)
    if state:
        return SettlementCard(
            None, "", state, currency, day, sums.gross, sums.refunded, sums.fees, sums.total, len(lines), ""
        )
    batch = _make(house_id, currency, day, sums, terms, now)
    SettlementLine.objects.bulk_create(
        SettlementLine(
            batch=batch,
            intent_id=line.intent_id,
            refund_id=line.refund_id,
            gross=line.gross,
            fee=line.fee,
            net=line.net,
        )
        for line in lines
    )
    entry = books.settlement(house_id=house_id, number=batch.number, currency=currency, total=batch.total)
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
        )
    )
    return _card(batch)


@transaction.atomic
def write_bank_file(*, batch_id: int, house_id: int, now: datetime) -> SettlementCard:
    """Make the bank file of a prepared batch again, after the house's accounts were set."""
    batch = SettlementBatch.objects.select_for_update().filter(pk=batch_id, house_id=house_id).first()
    if batch is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"batch {batch_id}")
    if batch.state == "prepared":
        batch.bank_file = _bank_file(
            terms_of(house_id), batch.number, batch.currency, batch.cutoff_on, batch.total, now
        )
        batch.save(update_fields=["bank_file"])
    return _card(batch)


@transaction.atomic
def confirm_settlement(*, batch_id: int, house_id: int, now: datetime) -> SettlementCard:
    """The bank says a batch was paid; twice changes nothing."""
    batch = SettlementBatch.objects.select_for_update().filter(pk=batch_id, house_id=house_id).first()
    if batch is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"batch {batch_id}")
    if batch.state != "confirmed":
        batch.state, batch.confirmed_at = "confirmed", now
        batch.save(update_fields=["state", "confirmed_at"])
        entry = books.settlement_confirmed(
            house_id=house_id, number=batch.number, currency=batch.currency, total=batch.total
        )
        ledger.post(journal=entry, now=now)
    return _card(batch)


@transaction.atomic
def book_conversion(
    *,
    house_id: int,
    provider: str,
    day: date,
    settle_currency: str,
    now: datetime,
    scaled: int | None = None,
) -> ConversionCard | None:
    """Book how the provider converted a reconciled Beijing day (T+1), at its rate scaled by 10^8.

    Every matched payment and refund up to that day is converted once; the difference to what was promised goes
    to exchange gain or loss. Without the provider's rate the house's reference rate of the day is taken.
    Returns None when nothing is left to convert.
    """
    rate = scaled or _reference(house_id, settle_currency, day)
    until = datetime.combine(day + timedelta(days=1), time.min, BEIJING)
    payments = list(
        Attempt.objects.select_related("intent").filter(
            house_id=house_id,
            provider=provider,
            intent__state=IntentState.SUCCEEDED,
            intent__settle_currency=settle_currency,
            intent__booked_at__lt=until,
            reconciled_at__isnull=False,
            converted_on__isnull=True,
        )
    )
    backs = list(
        Refund.objects.filter(
            house_id=house_id,
            intent__provider=provider,
            intent__settle_currency=settle_currency,
            state__in=REFUND_BOOKED,
            booked_at__lt=until,
            reconciled_at__isnull=False,
            converted_on__isnull=True,
        )
    )
    cny = sum(row.intent.amount for row in payments) - sum(row.amount for row in backs)
    if not payments and not backs:
        return None
    fees = sum(row.provider_fee or 0 for row in payments) + sum(row.provider_fee or 0 for row in backs)
    # What the clearing account carries for them: late payments and refund-day refunds are not at the locked rate.
    promised = sum(row.intent.settle_amount + row.intent.rate_gain for row in payments)
    promised -= sum(row.settle_amount + row.rate_gain + row.day_gain for row in backs)
    done = settlement.converted(cny, fees, rate)
    # What is matched late is converted later, under a key of its own.
    numbers = [row.out_trade_no for row in payments] + [row.out_refund_no for row in backs]
    mark = hashlib.sha256(" ".join(sorted(numbers)).encode()).hexdigest()[:12]
    key = f"{provider}:{day}:{settle_currency}:{mark}"
    entry = books.Conversion(
        house_id=house_id,
        provider=provider,
        key=key,
        cny=cny,
        promised=promised,
        currency=settle_currency,
        received=done.received,
        fee_value=done.fee_value,
    )
    moves = books.conversion(entry)
    is_new = bool(moves.postings) and ledger.post(journal=moves, now=now).is_new
    Attempt.objects.filter(pk__in=[row.pk for row in payments]).update(converted_on=day)
    Refund.objects.filter(pk__in=[row.pk for row in backs]).update(converted_on=day)
    return ConversionCard(
        key, settle_currency, cny, fees, promised, done.received, done.fee_value, entry.gain, is_new
    )


def _why_not(total: int, lines: int, terms: Terms, free: int) -> str:
    if not lines:
        return "nothing_due"
    if total < max(terms.settlement_minimum, 1):
        return "below_minimum"
    return "held" if total > free else ""


def _reference(house_id: int, currency: str, day: date) -> int:
    found = rate_on(house_id, currency, day)
    if found is None:
        raise PaymentRefused(Refusal.NO_RATE, currency)
    return found.scaled


def _due(house_id: int, currency: str, until: datetime) -> list[Due]:
    broken = _numbers_with_breaks(house_id)
    payments = (
        Intent.objects.filter(
            house_id=house_id,
            settle_currency=currency,
            state=IntentState.SUCCEEDED,
            booked_at__lt=until,
            settlement_lines__isnull=True,
        )
        .exclude(attempt__out_trade_no__in=broken)
        .order_by("id")
    )
    lines = [Due(row.settle_amount, row.fee, intent_id=row.pk) for row in payments]
    taken = {line.intent_id for line in lines}
    backs = Refund.objects.filter(
        house_id=house_id,
        intent__settle_currency=currency,
        state__in=REFUND_BOOKED,
        booked_at__lt=until,
        settlement_lines__isnull=True,
    ).filter(Q(intent_id__in=taken) | Q(intent__settlement_lines__isnull=False))
    return lines + [Due(-row.settle_amount, -row.fee, refund_id=row.pk) for row in backs.order_by("id")]


def _numbers_with_breaks(house_id: int) -> list[str]:
    rows = Break.objects.filter(house_id=house_id, resolved_at__isnull=True, key__startswith="P:")
    return [key[2:] for key in rows.values_list("key", flat=True)]


def _make(
    house_id: int, currency: str, day: date, sums: settlement.BatchTotals, terms: Terms, now: datetime
) -> SettlementBatch:
    number = new_id("set")
    return SettlementBatch.objects.create(
        house_id=house_id,
        number=number,
        currency=currency,
        cutoff_on=day,
        gross=sums.gross,
        refunded=sums.refunded,
        fees=sums.fees,
        total=sums.total,
        state="prepared",
        bank_file=_bank_file(terms, number, currency, day, sums.total, now),
        created_at=now,
    )


def _bank_file(terms: Terms, number: str, currency: str, day: date, total: int, now: datetime) -> str:
    debtor = Party(terms.debtor_name, terms.debtor_iban)
    creditor = Party(terms.creditor_name or houses.house(terms.house_id).name, terms.creditor_iban)
    if not (bankfile.is_iban(debtor.iban) and bankfile.is_iban(creditor.iban)):
        return ""
    return bankfile.pain001(
        number=number,
        made_at=now,
        execute_on=day + timedelta(days=1),
        debtor=debtor,
        creditor=creditor,
        amount=total,
        currency=currency,
        note=f"Settlement {number} up to {day}",
    )


def _card(batch: SettlementBatch) -> SettlementCard:
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
    )
