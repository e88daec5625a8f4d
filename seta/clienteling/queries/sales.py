"""Who was credited a sale and what it earned."""

from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import SaleCredit


@dataclass(frozen=True)
class SaleRow:
    """A credited sale; amounts in minor units, commission in the settlement currency."""

    id: int
    order_id: int
    number: str
    associate_id: int
    associate_name: str
    person_id: int | None
    campaign: str
    reason: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    commission: int
    clawed_back: int
    credited_at: datetime

    @property
    def commission_kept(self) -> int:
        """What is left after returns."""
        return self.commission - self.clawed_back


def sales(
    house_id: int, *, associate_id: int | None = None, campaign: str = "", limit: int = 50, offset: int = 0
) -> list[SaleRow]:
    """Credited sales, newest first."""
    rows = SaleCredit.objects.filter(house_id=house_id).select_related("associate")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if campaign:
        rows = rows.filter(campaign=campaign)
    return [_sale(row) for row in rows.order_by("-credited_at", "-id")[offset : offset + limit]]


def sale_of_order(order_id: int) -> SaleRow | None:
    """Who got an order, if anybody."""
    row = SaleCredit.objects.filter(order_id=order_id).select_related("associate").first()
    return _sale(row) if row else None


def _sale(row: SaleCredit) -> SaleRow:
    return SaleRow(
        id=row.pk,
        order_id=row.order_id,
        number=row.number,
        associate_id=row.associate_id,
        associate_name=row.associate.name,
        person_id=row.person_id,
        campaign=row.campaign,
        reason=row.reason,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        commission=row.commission,
        clawed_back=row.clawed_back,
        credited_at=row.credited_at,
    )
