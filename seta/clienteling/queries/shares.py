"""What was shared, and who recommends a product."""

from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import ProductShare, SaleCredit


@dataclass(frozen=True)
class ShareRow:
    """A share and whether a sale came of it."""

    id: int
    associate_id: int
    associate_name: str
    person_id: int
    product_code: str
    content_version: int
    note: str
    campaign: str
    token: str
    shared_at: datetime
    is_sold: bool


@dataclass(frozen=True)
class ShareOrigin:
    """Who recommends a product, for the page that a share opens."""

    product_code: str
    associate_name: str
    boutique: str
    note: str


def shares(
    house_id: int, *, associate_id: int | None = None, person_id: int | None = None, limit: int = 50
) -> list[ShareRow]:
    """Shares, newest first."""
    rows = ProductShare.objects.filter(house_id=house_id).select_related("associate", "version")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    page = list(rows.order_by("-shared_at", "-id")[:limit])
    sold = set(SaleCredit.objects.filter(share__in=page).values_list("share_id", flat=True))
    return [
        ShareRow(
            id=row.pk,
            associate_id=row.associate_id,
            associate_name=row.associate.name,
            person_id=row.person_id,
            product_code=row.product_code,
            content_version=row.version.number,
            note=row.note,
            campaign=row.campaign,
            token=row.token,
            shared_at=row.shared_at,
            is_sold=row.pk in sold,
        )
        for row in page
    ]


def share_origin(*, house_id: int, token: str) -> ShareOrigin | None:
    """Who recommends the product behind a token."""
    row = ProductShare.objects.filter(house_id=house_id, token=token).select_related("associate").first()
    if row is None:
        return None
    return ShareOrigin(row.product_code, row.associate.name, row.associate.boutique, row.note)
