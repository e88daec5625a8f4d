"""Keeps a business's listing as somebody who may has agreed: a change of some fields, a new business, a photo."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from seta.events.operations import publish
from seta.guide import photos
from seta.guide.events import PlaceScanned
from seta.guide.models import Partner
from seta.guide.operations.importing import next_version
from seta.guide.rules.districts import district_of
from seta.guide.rules.importing import PAYMENTS
from seta.guide.rules.listing import FIELDS

CODE_CHARACTERS_MAX = 34


@transaction.atomic
def change_listing(
    *, house_id: int, code: str, changes: Mapping[str, Any], confirmed: Mapping[str, str], now: datetime
) -> bool:
    """Change fields of a business and the ISO days on which it confirmed facts; False when there is none."""
    row = Partner.objects.select_for_update().filter(house_id=house_id, code=code).first()
    if row is None:
        return False
    _apply(row, changes, confirmed, now)
    row.save()
    next_version(house_id, now)
    return True


@transaction.atomic
def add_listing(
    *, house_id: int, fields: Mapping[str, Any], confirmed: Mapping[str, str], now: datetime
) -> str:
    """List a new business with all of its fields; returns the code made from its name."""
    taken = set(Partner.objects.filter(house_id=house_id).values_list("code", flat=True))
    stem = _stem(fields["name"])
    code = next(
        each for each in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if each not in taken
    )
    row = Partner(house_id=house_id, code=code)
    _apply(row, fields, confirmed, now)
    row.save()
    next_version(house_id, now)
    return code


@transaction.atomic
def confirm_payment(*, house_id: int, code: str, method: str, on: date, now: datetime) -> bool:
    """The city itself confirms on a day that a business takes a method of payment; False when there is none.

    What the business had told of it before gives way: the guide shows the city's day.
    """
    assert method in PAYMENTS
    row = Partner.objects.select_for_update().filter(house_id=house_id, code=code).first()
    if row is None:
        return False
    row.payment = {**row.payment, method: on.isoformat()}
    row.confirmed = {kind: day for kind, day in row.confirmed.items() if kind != method}
    row.changed_at = now
    row.save()
    next_version(house_id, now)
    return True


@transaction.atomic
def note_scan(*, house_id: int, place: str, now: datetime) -> None:
    """Tell that a poster's code was scanned, and not by whom."""
    publish(PlaceScanned(house_id=house_id, occurred_at=now, place=place))


def keep_photo(data: bytes) -> Mapping[str, Any]:
    """Keep a photo made anew, without what a camera wrote into it; raises kit.pictures.BadPicture."""
    return photos.keep(data)


def _apply(row: Partner, changes: Mapping[str, Any], confirmed: Mapping[str, str], now: datetime) -> None:
    assert set(changes) <= set(FIELDS), sorted(changes)
    today = now.date().isoformat()
    for field, value in changes.items():
        if field == "payment":
            row.payment = {method: row.payment.get(method, today) for method in value}
        else:
            setattr(row, field, value)
    row.confirmed = {**row.confirmed, **confirmed}
    for method in row.payment:
        on = confirmed.get(method)
        if on is not None:
            assert date.fromisoformat(on)
            row.payment[method] = on
    row.district = district_of(row.lat, row.lon)
    row.changed_at = now


def _stem(name: str) -> str:
    """A name as a code: Caffè della Lanterna is caffe-della-lanterna; one without Latin letters is business."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:CODE_CHARACTERS_MAX].strip("-") or "business"
