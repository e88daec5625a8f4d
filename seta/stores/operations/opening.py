"""A boutique opens its doors: its own facts and what can be booked there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from opening_hours import validate

from seta.stores.models import Boutique, Resource


@dataclass(frozen=True, kw_only=True)
class ResourceSpec:
    """Something that can be booked: which kinds of appointment, how many clients at once, how long."""

    code: str
    name: str
    kinds: tuple[str, ...] = ("visit",)
    capacity: int = 1
    slot_minutes: int = 60


@transaction.atomic
def open_boutique(
    *,
    house_id: int,
    code: str,
    name: str,
    name_zh: str,
    district: str,
    address: str,
    lat: float,
    lon: float,
    opening_hours: str,
    resources: Sequence[ResourceSpec],
    timezone: str = "Europe/Rome",
) -> int:
    """Create or change a boutique by its code; returns its id. ValueError when the hours cannot be read."""
    if not validate(opening_hours):
        raise ValueError(f"{opening_hours!r} is not in OpenStreetMap's opening_hours form")
    boutique, _ = Boutique.objects.update_or_create(
        house_id=house_id,
        code=code,
        defaults={
            "name": name,
            "name_zh": name_zh,
            "district": district,
            "address": address,
            "lat": lat,
            "lon": lon,
            "opening_hours": opening_hours,
            "timezone": timezone,
        },
    )
    for spec in resources:
        Resource.objects.update_or_create(
            boutique=boutique,
            code=spec.code,
            defaults={
                "name": spec.name,
                "kinds": list(spec.kinds),
                "capacity": spec.capacity,
                "slot_minutes": spec.slot_minutes,
            },
        )
    return boutique.pk
