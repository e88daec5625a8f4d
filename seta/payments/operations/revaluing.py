"""Where the rate has moved between a promise and its money, the difference goes to exchange gain or loss."""

from datetime import datetime

from seta.kit.clock import beijing_day
from seta.ledger import operations as ledger
from seta.payments.models import Intent, Quote, Refund
from seta.payments.rules import books, quotes, refunds
from seta.payments.rules.states import REFUND_VOID
from seta.payments.standing import rate_on


def gain_of_late(intent: Intent, paid_at: datetime) -> int:
    """What a payment is worth beyond its promise, in settlement units; 0 while its quote held when it was paid.

    The house is owed the locked amount whatever happens. A quote that had expired no longer binds the rate, so the
    yuan are carried at the rate of the day they were paid on.
    """
    quote: Quote | None = getattr(intent, "quote", None)
    if quote is None or paid_at <= quote.expires_at:
        return 0
    today = rate_on(intent.house_id, intent.settle_currency, beijing_day(paid_at))
    return quotes.rate_gain(
        amount=intent.amount,
        counter=intent.settle_currency,
        promised=intent.settle_amount,
        reference_scaled=today.scaled if today else None,
        spread_bps=quote.spread_bps,
    )


def book_at_refund_day(row: Refund, refunded_at: datetime, now: datetime) -> None:
    """Under the policy refund_day, let a refund that has succeeded leave the books at the rate of its day.

    The house gives up its share of the payment either way; what the yuan cost more, or less, on this day is
    exchange loss or gain. A refund that its provider has already converted has its rate from there.
    """
    if row.rate_policy != refunds.REFUND_DAY or row.converted_on is not None:
        return
    intent = row.intent
    today = rate_on(row.house_id, intent.settle_currency, beijing_day(refunded_at))
    quote = Quote.objects.filter(consumed_by=intent).first()
    if today is None:
        return
    scaled = quotes.less_spread(today.scaled, quote.spread_bps if quote else 0)
    others = intent.refunds.exclude(state__in=REFUND_VOID).exclude(pk=row.pk).filter(pk__lt=row.pk)
    before = sum(others.values_list("amount", flat=True))
    takes = refunds.worth_on_day(
        amount=row.amount, before=before, counter=intent.settle_currency, scaled=scaled
    )
    row.day_gain = takes - row.settle_amount - row.rate_gain
    if row.day_gain == 0:
        return
    row.save(update_fields=["day_gain"])
    entry = books.refund_day(
        house_id=row.house_id,
        out_refund_no=row.out_refund_no,
        ref=intent.number,
        currency=intent.settle_currency,
        gain=row.day_gain,
    )
    ledger.post(journal=entry, now=now)
