"""Measures what associates showed against the approved shelf, and keeps only the outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.content.models import Asset, CheckedUpTo, SharedContent
from seta.content.queries import shelf
from seta.content.rules.images import ImageRefused, print_of
from seta.content.rules.matching import Match, Outcome, Shelf, is_content


@dataclass(frozen=True)
class Shown:
    """What one message or Moments post showed; `reference` is its name at its source, checked once."""

    source: str
    reference: str
    userid: str
    at: datetime
    text: str = ""
    images: tuple[bytes, ...] = ()


def check_shown(
    *, house_id: int, shown: Sequence[Shown], now: datetime, up_to: tuple[str, int] | None = None
) -> list[Match]:
    """Match texts long enough to be content, and every image; what was checked before is not checked again.

    Returns the outcomes of what was checked now. Images are read outside the transaction. `up_to` is a source and the
    position in it that is reached with this.
    """
    approved = shelf(house_id)
    seen = set(
        SharedContent.objects.filter(
            house_id=house_id, reference__in=[each.reference for each in shown]
        ).values_list("source", "reference")
    )
    rows, matches = [], []
    for each in shown:
        if (each.source, each.reference) in seen:
            continue
        for place, (kind, match) in enumerate(_matches(approved, each)):
            matches.append(match)
            rows.append(
                SharedContent(
                    house_id=house_id,
                    source=each.source,
                    reference=each.reference,
                    place=place,
                    kind=kind,
                    userid=each.userid,
                    outcome=match.outcome,
                    version_id=match.version_id,
                    similarity=match.similarity,
                    shared_at=each.at,
                    checked_at=now,
                )
            )
    with transaction.atomic():
        SharedContent.objects.bulk_create(rows, ignore_conflicts=True)
        if up_to is not None:
            source, position = up_to
            CheckedUpTo.objects.update_or_create(
                house_id=house_id, source=source, defaults={"position": position}
            )
    return matches


def _matches(approved: Shelf, each: Shown) -> Iterator[tuple[str, Match]]:
    if is_content(each.text):
        yield Asset.Kind.TEXT, approved.match_text(each.text, at=each.at)
    for image in each.images:
        try:
            yield Asset.Kind.IMAGE, approved.match_picture(print_of(image), at=each.at)
        except ImageRefused:
            yield Asset.Kind.IMAGE, Match(Outcome.UNREADABLE)
