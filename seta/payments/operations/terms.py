"""What a house has agreed about fees and limits, and its exchange rates, as they are set up.

These two verbs are for founding a house and for `approve_change`; no page or API calls them, since members change
rates and terms only two at a time (operations/changing.py).
"""

from datetime import date, datetime

from django.db import transaction

from seta.payments.models import Rate, Terms
from seta.payments.rules.quotes import BASE_CURRENCY, DAILY, FIXED, FIXED_SINCE, SETTLE_CURRENCIES
from seta.payments.rules.refunds import ORIGINAL, RATE_POLICIES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.standing import terms_of


@transaction.atomic
def set_terms(
    *,
    house_id: int,
    now: datetime,
    fee_bps: int = 100,
    spread_bps: int = 50,
    settlement_minimum: int = 1_000,
    second_person_above: int = 500_000,
    creditor_name: str = "",
    creditor_iban: str = "",
    debtor_name: str = "",
    debtor_iban: str = "",
    refund_policy: str = ORIGINAL,
    rate_sources: str = "",
) -> None:
    """Replace a house's terms: fees in basis points, the settlement minimum in minor units, the amount of fen
    above which a refund needs a second person, the accounts that settlements are paid from and to, at which rate
    refunds leave the books (original | refund_day), and whose rates come first (see `Terms`)."""
    assert refund_policy in RATE_POLICIES, refund_policy
    Terms.objects.update_or_create(
        house_id=house_id,
        defaults={
            "fee_bps": fee_bps,
            "spread_bps": spread_bps,
            "settlement_minimum": settlement_minimum,
            "second_person_above": second_person_above,
            "creditor_name": creditor_name,
            "creditor_iban": creditor_iban.replace(" ", ""),
            "debtor_name": debtor_name,
            "debtor_iban": debtor_iban.replace(" ", ""),
            "refund_policy": refund_policy,
            "rate_sources": rate_sources,
            "changed_at": now,
        },
    )


@transaction.atomic
def set_rate(
    *, house_id: int, currency: str, scaled: int, now: datetime, valid_on: date | None = None
) -> None:
    """Set how many `currency` one yuan buys, scaled by 10^8; without a day it is the fixed rate.

    Quotes that are locked keep theirs.
    """
    if currency not in SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency)
    if scaled <= 0:
        raise PaymentRefused(Refusal.NO_RATE, "a rate is a positive integer scaled by 10^8")
    Rate.objects.update_or_create(
        house_id=house_id,
        base=BASE_CURRENCY,
        counter=currency,
        source=DAILY if valid_on else FIXED,
        valid_on=valid_on or FIXED_SINCE,
        defaults={"scaled": scaled, "recorded_at": now},
    )


__all__ = ["set_rate", "set_terms", "terms_of"]
