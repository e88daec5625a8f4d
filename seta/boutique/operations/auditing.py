"""Who changed what of the catalogue: one row a change, with only the fields that differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from seta.boutique.models import CatalogueChange, Product, Variant


def record(
    product: Product,
    what: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    variant: Variant | None = None,
    user_id: int,
    now: datetime,
) -> None:
    """Keep a change; call in its transaction. Fields that are the same before and after are left out."""
    old, new = differing(before, after)
    CatalogueChange.objects.create(
        product=product, variant=variant, what=what, before=old, after=new, user_id=user_id, at=now
    )


def differing(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was and what became of it, without the fields that are the same."""
    old, new = dict(before or {}), dict(after or {})
    return (
        {name: value for name, value in old.items() if new.get(name) != value},
        {name: value for name, value in new.items() if old.get(name) != value},
    )
