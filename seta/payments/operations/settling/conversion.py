"""Book how a provider converted a day's yuan, against what the books carried for them."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from seta.kit.clock import BEIJING
from seta.ledger import operations as ledger
from seta.payments.models import Attempt, Refund
from seta.payments.rules import books, settlement
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import REFUND_BOOKED, IntentState
from seta.payments.standing import rate_on


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
        Attempt.objects.select_related("intent", "confirmation").filter(
            house_id=house_id,
            provider=provider,
            intent__state=IntentState.SUCCEEDED,
            intent__settle_currency=settle_currency,
            intent__booked_at__lt=until,
            confirmation__isnull=False,
            converted_on__isnull=True,
        )
    )
    backs = list(
        Refund.objects.select_related("confirmation").filter(
            house_id=house_id,
            intent__provider=provider,
            intent__settle_currency=settle_currency,
            state__in=REFUND_BOOKED,
            booked_at__lt=until,
            confirmation__isnull=False,
            converted_on__isnull=True,
        )
    )
    cny = sum(row.intent.amount for row in payments) - sum(row.amount for row in backs)
    if not payments and not backs:
        return None
    fees = sum(row.confirmation.fee for row in payments) + sum(row.confirmation.fee for row in backs)
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


def _reference(house_id: int, currency: str, day: date) -> int:
    found = rate_on(house_id, currency, day)
    if found is None:
        raise PaymentRefused(Refusal.NO_RATE, currency)
    return found.scaled
