"""What a till may read: a boutique's payments of a day, page by page, and its refunds."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from seta.payments.cards import IntentCard, RefundCard, intent_card, refund_card
from seta.payments.models import Intent, Refund
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import REFUND_VOID


@dataclass(frozen=True)
class TillRow:
    """A payment with what of it was given back or is on its way, in fen."""

    card: IntentCard
    opened_at: datetime
    refunded: int


def till_page(
    house_id: int,
    *,
    boutique_code: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    reference: str = "",
    before_id: int | None = None,
) -> list[TillRow]:
    """Payments opened from `since` up to before `until`, newest first, only those older than `before_id`.

    With a `reference` (as it is kept, see `rules.till.kept_reference`) only those under it.
    """
    rows = Intent.objects.filter(house_id=house_id)
    if since is not None and until is not None:
        rows = rows.filter(opened_at__gte=since, opened_at__lt=until)
    if reference:
        rows = rows.filter(reference=reference)
    if boutique_code:
        rows = rows.filter(boutique_code=boutique_code)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    back = Sum("refunds__amount", filter=~Q(refunds__state__in=REFUND_VOID))
    page = rows.select_related("attempt").annotate(given_back=back).order_by("-id")[:limit]
    return [TillRow(intent_card(row), row.opened_at, row.given_back or 0) for row in page]


def till_refund(house_id: int, refund_id: int, *, boutique_code: str) -> RefundCard:
    """A refund; raises PaymentRefused(NOT_FOUND), also for another house's or another boutique's."""
    rows = Refund.objects.select_related("intent").filter(pk=refund_id, house_id=house_id)
    row = (rows.filter(intent__boutique_code=boutique_code) if boutique_code else rows).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"refund {refund_id}")
    return refund_card(row)
