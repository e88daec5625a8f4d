"""Exchange rates come in: from a provider, from the central bank's daily file, or fixed by two people."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from seta.houses import queries as houses
from seta.houses.queries import AccountMissing
from seta.kit.clock import beijing_day
from seta.payments import standing
from seta.payments.cashiers import rates as published
from seta.payments.models import Rate
from seta.payments.rules import ratefile
from seta.payments.rules.quotes import BASE_CURRENCY, ECB, SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.platforms.core.errors import PlatformError

LOOK_BACK = timedelta(days=30)
"""A rate is held against the source's one before it, unless that is older than this."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RatesCard:
    """Rates of a day as they now stand: units for one yuan scaled by 10^8; `changed` counts what was new."""

    source: str
    on: date
    rates: Mapping[str, int]
    changed: int


def import_rates(*, house_id: int, source: str, now: datetime, content: bytes = b"") -> RatesCard:
    """Take a source's rates of the day: `ecb` from the content of its file, a provider's by asking it.

    Must not be called inside a transaction. The same file again changes nothing. Raises PaymentRefused
    (BAD_RATES, RATES_STALE, RATES_ABSURD), having stored nothing; AccountMissing or PlatformError.
    """
    today = beijing_day(now)
    if source == ECB:
        file = ratefile.read(content)
        crossed = {counter: ratefile.cross(file, BASE_CURRENCY, counter) for counter in SETTLE_CURRENCIES}
        missing = sorted(counter for counter, scaled in crossed.items() if scaled is None)
        if missing:
            raise PaymentRefused(Refusal.BAD_RATES, f"no rate of {', '.join(missing)}")
        return _store(house_id, source, file.on, {c: s for c, s in crossed.items() if s is not None}, now)
    if source not in published.ASK:
        raise PaymentRefused(Refusal.BAD_RATES, f"{source[:20]} is no source of rates")
    found = published.fetch(house_id, source, SETTLE_CURRENCIES, today)
    return _store(
        house_id, source, min(one.on for one in found), {one.currency: one.scaled for one in found}, now
    )


def refresh_rates(now: datetime) -> int:
    """For the worker, hourly: each house's providers are asked for today's rates; returns how many answered.

    Only sources in the house's order are asked, once a Beijing day, from the hour at which rates are published.
    """
    answered = 0
    for house in houses.houses():
        for source in standing.sources_of(standing.terms_of(house.id)):
            if source not in published.ASK or _has_today(house.id, source, beijing_day(now)):
                continue
            try:
                import_rates(house_id=house.id, source=source, now=now)
                answered += 1
            except AccountMissing:
                continue
            except (PlatformError, PaymentRefused) as problem:
                log.warning("no rates of %s for house %s: %s", source, house.id, problem)
    return answered


def _has_today(house_id: int, source: str, today: date) -> bool:
    return Rate.objects.filter(house_id=house_id, source=source, valid_on=today).exists()


@transaction.atomic
def _store(house_id: int, source: str, on: date, rates: Mapping[str, int], now: datetime) -> RatesCard:
    ratefile.check_day(on, today=beijing_day(now))
    changed = 0
    for counter in sorted(rates):
        mine = Rate.objects.filter(house_id=house_id, source=source, base=BASE_CURRENCY, counter=counter)
        before = mine.filter(valid_on__lt=on, valid_on__gte=on - LOOK_BACK).order_by("-valid_on").first()
        ratefile.check_leap(counter, rates[counter], before.scaled if before else None)
        standing_row = mine.filter(valid_on=on).first()
        if standing_row is not None and standing_row.scaled == rates[counter]:
            continue
        if standing_row is not None and source == ECB:
            # The central bank publishes a day once: another content under the same day is an edited file.
            raise PaymentRefused(Refusal.BAD_RATES, f"{counter} of {on} is kept with another rate")
        mine.update_or_create(
            house_id=house_id,
            source=source,
            base=BASE_CURRENCY,
            counter=counter,
            valid_on=on,
            defaults={"scaled": rates[counter], "recorded_at": now},
        )
        changed += 1
    return RatesCard(source, on, dict(sorted(rates.items())), changed)
