"""Open a payment: lock its rate, choose its provider, and keep its number before anything is sent."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from seta.houses import queries as houses
from seta.kit.clock import beijing_day
from seta.kit.ids import new_id
from seta.payments.cards import IntentCard, QuoteCard, intent_card
from seta.payments.models import Attempt, Intent, Quote, Terms
from seta.payments.operations.payees import shares_of
from seta.payments.operations.terms import terms_of
from seta.payments.rules import quotes
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import BARCODE_METHODS, ENDED_UNPAID, JSAPI_LIFETIME, METHODS, IntentState
from seta.payments.standing import rate_on


@transaction.atomic
def make_quote(*, house_id: int, amount: int, settle_currency: str, now: datetime) -> QuoteCard:
    """Lock the rate for `amount` fen for half an hour. Raises PaymentRefused (amount, currency, no rate)."""
    row = _quote(house_id, amount, settle_currency, terms_of(house_id), now)
    return QuoteCard(row.pk, row.amount, row.counter, row.counter_amount, row.scaled, row.expires_at)


@transaction.atomic
def open_intent(
    *,
    house_id: int,
    person_id: int | None,
    reference: str,
    amount: int,
    description: str,
    method: str,
    settle_currency: str,
    now: datetime,
    quote_id: int | None = None,
    campaign: str = "",
    associate_id: int | None = None,
    boutique_code: str = "",
    payee: str = "",
) -> IntentCard:
    """Open the payment of `amount` fen for a reference, unique in its house.

    `payee` is the code of the partner that sells, none when the house does; `boutique_code` names the sales point
    that takes the money: its cashiers, and no other's, may see the payment.

    The same reference, amount and method while it is still open gives the same intent, so a client who taps twice
    pays once. Raises PaymentRefused: already paid, another payment for it under way, or bad input; AccountMissing
    when the house has no account at the method's provider.
    """
    if method not in METHODS:
        raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, method)
    assert reference, "a payment needs the reference of what is paid"
    quotes.check_amount(amount, settle_currency)
    houses.account(house_id, METHODS[method])
    standing = _standing(house_id, reference, now)
    if standing is not None:
        return _same_again(standing, amount=amount, method=method, now=now)
    terms = terms_of(house_id)
    quote = _quote_to_use(house_id, quote_id, amount, settle_currency, terms, now)
    worth = quote.counter_amount
    shares = shares_of(
        house_id=house_id, payee=payee, settle_amount=worth, currency=settle_currency, terms=terms
    )
    intent = Intent.objects.create(
        house_id=house_id,
        person_id=person_id,
        number=new_id("pay"),
        reference=reference,
        description=description[:127],
        method=method,
        provider=METHODS[method],
        amount=amount,
        currency=quotes.BASE_CURRENCY,
        settle_amount=worth,
        settle_currency=settle_currency,
        fee=shares.fee,
        payee_id=shares.payee_id,
        commission=shares.commission,
        state=IntentState.REQUIRES_CONFIRMATION,
        campaign=campaign[:64],
        associate_id=associate_id,
        boutique_code=boutique_code[:40],
        opened_at=now,
        expires_at=now + (quotes.QUOTE_LIFETIME if method in BARCODE_METHODS else JSAPI_LIFETIME),
    )
    _consume(quote, intent, now)
    Attempt.objects.create(
        house_id=house_id,
        intent=intent,
        provider=intent.provider,
        out_trade_no=new_id("st"),
        created_at=now,
    )
    return intent_card(intent)


def _standing(house_id: int, reference: str, now: datetime) -> Intent | None:
    """The intent of a reference that is paid, else the open one; one that expired unsent is ended here.

    Two are there when an expired payment was paid late beside the next one.
    """
    found = (
        Intent.objects.select_for_update(of=("self",))
        .select_related("attempt")
        .filter(house_id=house_id, reference=reference)
        .exclude(state__in=ENDED_UNPAID)
        .order_by(F("booked_at").asc(nulls_last=True))
        .first()
    )
    if found is not None and found.attempt.sent_at is None and found.expires_at <= now:
        Intent.objects.filter(pk=found.pk).update(state=IntentState.EXPIRED)
        return None
    return found


def _same_again(standing: Intent, *, amount: int, method: str, now: datetime) -> IntentCard:
    if standing.state == IntentState.SUCCEEDED:
        raise PaymentRefused(Refusal.ALREADY_PAID, standing.number)
    if (standing.amount, standing.method) != (amount, method) or standing.expires_at <= now:
        raise PaymentRefused(Refusal.IN_PROGRESS, standing.number)
    return intent_card(standing)


def _quote_to_use(
    house_id: int, quote_id: int | None, amount: int, counter: str, terms: Terms, now: datetime
) -> Quote:
    if quote_id is None:
        return _quote(house_id, amount, counter, terms, now)
    row = Quote.objects.filter(house_id=house_id, pk=quote_id, amount=amount, counter=counter).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"quote {quote_id}")
    return row


def _quote(house_id: int, amount: int, counter: str, terms: Terms, now: datetime) -> Quote:
    quotes.check_amount(amount, counter)
    rate = rate_on(house_id, counter, beijing_day(now), terms)
    if rate is None:
        raise PaymentRefused(Refusal.NO_RATE, counter)
    found = quotes.quote(amount=amount, counter=counter, rate=rate, spread_bps=terms.spread_bps, now=now)
    return Quote.objects.create(
        house_id=house_id,
        base=quotes.BASE_CURRENCY,
        counter=counter,
        amount=amount,
        counter_amount=found.counter_amount,
        reference_scaled=found.reference_scaled,
        scaled=found.scaled,
        spread_bps=found.spread_bps,
        source=found.source,
        created_at=now,
        expires_at=found.expires_at,
    )


def _consume(quote: Quote, intent: Intent, now: datetime) -> None:
    """One row or refuse: the database decides who of two uses a quote."""
    taken = Quote.objects.filter(pk=quote.pk, consumed_by__isnull=True, expires_at__gt=now).update(
        consumed_by=intent
    )
    if not taken:
        used = Quote.objects.filter(pk=quote.pk, consumed_by__isnull=False).exists()
        raise PaymentRefused(Refusal.QUOTE_USED if used else Refusal.QUOTE_EXPIRED)
