"""A house says what it promises after the sale; what is promised already keeps its days."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from seta.boutique.models import ServiceTerms
from seta.boutique.rules.fulfilment import Terms, checked_terms


@transaction.atomic
def set_service_terms(*, house_id: int, terms: Terms, user_id: int, now: datetime) -> None:
    """Put the terms in force from now on; raises OrderRefused(WRONG_TERMS)."""
    values = asdict(checked_terms(terms)) | {"changed_by": user_id, "changed_at": now}
    ServiceTerms.objects.update_or_create(house_id=house_id, defaults=values)
