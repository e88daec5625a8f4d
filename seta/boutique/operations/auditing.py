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
    old, new = dict(before or {}), dict(after or {})
    CatalogueChange.objects.create(
        product=product,
        variant=variant,
        what=what,
        before={name: value for name, value in old.items() if new.get(name) != value},
        after={name: value for name, value in new.items() if old.get(name) != value},
        user_id=user_id,
        at=now,
    )
