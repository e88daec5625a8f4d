"""A house says what it promises after the sale; what is promised already keeps its days."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from seta.boutique.models import DeliveryFee, ServiceTerms
from seta.boutique.rules.fulfilment import Terms, checked_terms
from seta.boutique.rules.prices import MARKETS
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def set_service_terms(*, house_id: int, terms: Terms, user_id: int, now: datetime) -> None:
    """Put the terms in force from now on; raises OrderRefused(WRONG_TERMS)."""
    values = asdict(checked_terms(terms)) | {"changed_by": user_id, "changed_at": now}
    ServiceTerms.objects.update_or_create(house_id=house_id, defaults=values)


@transaction.atomic
def set_delivery_fee(
    *, house_id: int, market: str, delivery_fee: int | None, free_from: int = 0, user_id: int, now: datetime
) -> None:
    """Say what a delivery to a market costs from now on, in fen; None gives the house's own terms back to it.

    Raises OrderRefused: WRONG_MARKET, WRONG_TERMS.
    """
    if market not in MARKETS:
        raise OrderRefused(Refusal.WRONG_MARKET, market[:40])
    if delivery_fee is None:
        DeliveryFee.objects.filter(house_id=house_id, market=market).delete()
        return
    checked_terms(Terms(delivery_fee=delivery_fee, free_from=free_from))
    values = {"delivery_fee": delivery_fee, "free_from": free_from, "changed_by": user_id, "changed_at": now}
    DeliveryFee.objects.update_or_create(house_id=house_id, market=market, defaults=values)
