"""Takes in whole lists of places and partners, or nothing and a report of what to change."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from seta.guide.models import Guide, Partner, Place
from seta.guide.rules.importing import PartnerRow, PlaceRow, RowError, read_partners, read_places

VERSION_MAX = 2**31 - 2
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class TakenRow:
    """What a row does: to a business that is new, or to these fields of one that is known; none when it is the same."""

    line: int
    code: str
    name: str
    is_new: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """How many rows were taken; with errors none was, and each error says which line to change and how."""

    created: int = 0
    updated: int = 0
    errors: tuple[RowError, ...] = ()
    rows: tuple[TakenRow, ...] = ()


def import_milan(*, house_id: int, now: datetime) -> ImportReport:
    """Give the house Milan's 68 places."""
    return import_places(house_id=house_id, text=(DATA / "milan_places.csv").read_text("utf-8"), now=now)


@transaction.atomic
def import_places(*, house_id: int, text: str, now: datetime) -> ImportReport:
    """Create or update places by code from CSV text; a row keeps the confidence marks that the file gives it."""
    reading = read_places(text)
    if reading.errors:
        return ImportReport(errors=reading.errors)
    known = set(Place.objects.filter(house_id=house_id).values_list("code", flat=True))
    Place.objects.bulk_create(
        [_place(house_id, row, rank, now) for rank, row in enumerate(reading.rows)],
        update_conflicts=True,
        unique_fields=["house", "code"],
        update_fields=[*_fields(reading.rows), "rank", "changed_at"],
    )
    next_version(house_id, now)
    return _report([row.code for row in reading.rows], known)


@transaction.atomic
def import_partners(*, house_id: int, text: str, now: datetime, is_dry: bool = False) -> ImportReport:
    """Create or update partners by code from CSV text; a dry run only tells what each row would do.

    What the file has no column for, such as photos and offers, stays as it is.
    """
    reading = read_partners(text)
    known = {row.code: row for row in Partner.objects.filter(house_id=house_id)}
    rows = tuple(
        _taken(line, row, known.get(row.code)) for line, row in zip(reading.lines, reading.rows, strict=True)
    )
    if reading.errors:
        return ImportReport(errors=reading.errors, rows=rows)
    report = replace(_report([row.code for row in reading.rows], set(known)), rows=rows)
    if is_dry:
        return report
    Partner.objects.bulk_create(
        [Partner(house_id=house_id, changed_at=now, **_plain(row)) for row in reading.rows],
        update_conflicts=True,
        unique_fields=["house", "code"],
        update_fields=[*_fields(reading.rows), "changed_at"],
    )
    next_version(house_id, now)
    return report


@transaction.atomic
def confirm_hours(*, house_id: int, code: str, on: date, now: datetime, by: str = "") -> bool:
    """Staff (`by` name) or the operator vouch for a place's hours; False when there is no such place."""
    changed = Place.objects.filter(house_id=house_id, code=code).update(
        hours_confirmed_on=on, hours_confirmed_by=by[:80], changed_at=now
    )
    if changed:
        next_version(house_id, now)
    return bool(changed)


def _taken(line: int, row: PartnerRow, known: Partner | None) -> TakenRow:
    fields = () if known is None else _differing(row, known)
    return TakenRow(line, row.code, row.name, known is None, fields)


def _differing(row: PartnerRow, known: Partner) -> tuple[str, ...]:
    return tuple(field for field, value in _plain(row).items() if getattr(known, field) != value)


def _place(house_id: int, row: PlaceRow, rank: int, now: datetime) -> Place:
    return Place(house_id=house_id, rank=rank, changed_at=now, **_plain(row))


def _plain(row: PlaceRow | PartnerRow) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(row).items()}


def _fields(rows: Sequence[PlaceRow] | Sequence[PartnerRow]) -> list[str]:
    return [name for name in asdict(rows[0]) if name != "code"] if rows else ["code"]


def next_version(house_id: int, now: datetime) -> None:
    """Let everybody who keeps the guide in memory read it again."""
    # Drawn, not counted: a restored or rolled back database must never repeat a number for other rows.
    version = secrets.randbelow(VERSION_MAX) + 1
    Guide.objects.update_or_create(house_id=house_id, defaults={"version": version, "changed_at": now})


def _report(codes: Sequence[str], known: set[str]) -> ImportReport:
    created = sum(1 for code in codes if code not in known)
    return ImportReport(created=created, updated=len(codes) - created)
