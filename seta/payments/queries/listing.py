"""A house's payments in pages that stay still while new ones come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from seta.payments.models import Intent

PAGE_MAX = 500


@dataclass(frozen=True)
class Wanted:
    """Which payments: empty and None stand for any; `since` and `until` bound when they were opened."""

    state: str = ""
    provider: str = ""
    method: str = ""
    search: str = ""
    boutique_code: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page_ids(house_id: int, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> Sequence[int]:
    """The newest payments that fit, before the one with this id; ask for one more to know whether there is more."""
    rows = _fitting(Intent.objects.filter(house_id=house_id), wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[: min(limit, PAGE_MAX)])


def _fitting(rows: QuerySet[Intent], wanted: Wanted) -> QuerySet[Intent]:
    exact = {
        "state": wanted.state,
        "provider": wanted.provider,
        "method": wanted.method,
        "boutique_code": wanted.boutique_code,
    }
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(opened_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(opened_at__lt=wanted.until)
    if wanted.search:
        start = wanted.search
        rows = rows.filter(
            Q(number__startswith=start)
            | Q(reference__startswith=start)
            | Q(attempt__out_trade_no__startswith=start)
            | Q(attempt__provider_number__startswith=start)
        )
    return rows
