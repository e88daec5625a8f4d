"""The terms and the rates that are in force for a house; what quotes, refunds and the desk all read the same way."""

from collections.abc import Sequence
from datetime import date

from seta.payments.models import Rate, Terms
from seta.payments.rules import quotes
from seta.payments.rules.quotes import KnownRate


def terms_of(house_id: int) -> Terms:
    """The house's terms, or the ones every house starts with (not saved)."""
    return Terms.objects.filter(house_id=house_id).first() or Terms(
        house_id=house_id,
        fee_bps=100,
        spread_bps=50,
        settlement_minimum=1_000,
        second_person_above=500_000,
    )


def sources_of(terms: Terms) -> Sequence[str]:
    """Whose rate of a day is asked first in this house."""
    return tuple(terms.rate_sources.split(",")) if terms.rate_sources else quotes.SOURCES


def rate_on(house_id: int, counter: str, day: date, terms: Terms | None = None) -> KnownRate | None:
    """The rate of `counter` for one yuan that counts on a day, by the house's order of sources; None without one.

    Whoever has read the house's `terms` already gives them.
    """
    rows = Rate.objects.filter(
        house_id=house_id, base=quotes.BASE_CURRENCY, counter=counter, valid_on__lte=day
    ).order_by("-valid_on")
    # The newest rows hold every source's freshest rate; the fixed one stands at the very end.
    recent = [row for row in rows[:40] if row.source != quotes.FIXED]
    known = [*recent, *rows.filter(source=quotes.FIXED)]
    return quotes.rate_of_day(
        [KnownRate(row.source, row.scaled, row.valid_on) for row in known],
        day,
        sources_of(terms or terms_of(house_id)),
    )
