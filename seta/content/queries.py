"""What is on the shelf, what is in force, and how much of what was shown was approved."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max, Q, QuerySet

from seta.content import pictures
from seta.content.models import AssetVersion, CheckedUpTo, SharedContent
from seta.content.rules.images import ImageRefused, Print, print_of
from seta.content.rules.matching import Entry, Match, Outcome, Shelf
from seta.content.rules.texts import distance, normalise, simhash

NEAR_BITS_MAX = 12
SHELVES_KEPT = 16


@dataclass(frozen=True)
class VersionRow:
    """A version of an asset; `is_in_force` says whether it may be shown now."""

    id: int
    asset_code: str
    title: str
    kind: str
    product_code: str
    number: int
    status: str
    text: str
    markets: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None
    drafted_by_id: int | None
    approved_by_id: int | None
    is_in_force: bool
    sha256: str = ""


@dataclass(frozen=True)
class ShareFigures:
    """How much of the content shown was approved; unreadable pictures are told apart and count for nothing."""

    approved: int
    altered: int
    out_of_force: int
    unapproved: int
    unreadable: int

    @property
    def shown(self) -> int:
        """Everything that could be compared."""
        return self.approved + self.altered + self.out_of_force + self.unapproved

    @property
    def share(self) -> float | None:
        """Approved of all that was shown, from 0 to 1; None when nothing was."""
        return self.approved / self.shown if self.shown else None


@dataclass(frozen=True)
class SharedRow:
    """Something shown, and the version it was nearest to."""

    source: str
    reference: str
    kind: str
    userid: str
    outcome: str
    asset_code: str
    number: int | None
    similarity: int
    shared_at: datetime


def versions(house_id: int, *, now: datetime, status: str = "", limit: int = 200) -> list[VersionRow]:
    """The shelf, newest change first."""
    rows = _versions(house_id).order_by("-changed_at", "-pk")
    if status:
        rows = rows.filter(status=status)
    return [_row(row, now) for row in rows[:limit]]


def version(house_id: int, version_id: int, *, now: datetime) -> VersionRow | None:
    """One version, or None when the house has no such."""
    row = _versions(house_id).filter(pk=version_id).first()
    return _row(row, now) if row else None


def in_force(house_id: int, *, now: datetime, market: str = "", product_code: str = "") -> list[VersionRow]:
    """The newest version in force of each asset, for a market; without one, those for all and for any."""
    rows = _versions(house_id).filter(status=AssetVersion.Status.APPROVED, valid_from__lte=now)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gt=now))
    if product_code:
        rows = rows.filter(asset__product_code=product_code)
    newest: dict[int, AssetVersion] = {}
    for row in rows.order_by("asset__code", "number"):
        if not market or not row.markets or market in row.markets:
            newest[row.asset_id] = row
    return [_row(row, now) for row in newest.values()]


def picture(house_id: int, sha256: str) -> bytes | None:
    """The bytes of a picture that the house keeps, or None."""
    return pictures.read(house_id, sha256)


def match(house_id: int, *, text: str = "", image: bytes = b"", now: datetime) -> Match:
    """Which approved version words or a picture are, now; a picture that cannot be read is not approved."""
    if not image:
        return shelf(house_id).match_text(text, at=now)
    try:
        return shelf(house_id).match_picture(print_of(image), at=now)
    except ImageRefused:
        return Match(Outcome.UNREADABLE)


def near_text(house_id: int, text: str, *, now: datetime) -> list[VersionRow]:
    """Versions whose words are nearly these, nearest first: to find what exists before drafting it again."""
    wanted = simhash(normalise(text))
    rows = _versions(house_id).exclude(simhash="")
    near = [(distance(wanted, int(row.simhash, 16)), row) for row in rows]
    near.sort(key=lambda each: (each[0], -each[1].pk))
    return [_row(row, now) for bits, row in near if bits <= NEAR_BITS_MAX]


def shelf(house_id: int) -> Shelf:
    """Everything that was ever approved, ready to be compared with; kept until a version changes."""
    state = _versions(house_id).aggregate(number=Count("id"), newest=Max("changed_at"), last=Max("id"))
    return _shelf(house_id, state["number"], state["newest"], state["last"])


@lru_cache(maxsize=SHELVES_KEPT)
def _shelf(house_id: int, number: int, newest: datetime | None, last: int | None) -> Shelf:
    approved = _versions(house_id).filter(approved_at__isnull=False)
    return Shelf(map(_entry, approved.iterator()))


def checked_up_to(house_id: int, source: str) -> int:
    """How far a source was compared, by its own numbers; 0 when it never was."""
    row = CheckedUpTo.objects.filter(house_id=house_id, source=source).first()
    return row.position if row else 0


def share_figures(house_id: int, *, since: datetime, until: datetime, userid: str = "") -> ShareFigures:
    """How much of what was shown in a period was approved."""
    rows = SharedContent.objects.filter(house_id=house_id, shared_at__gte=since, shared_at__lt=until)
    if userid:
        rows = rows.filter(userid=userid)
    counted = dict(rows.values_list("outcome").annotate(number=Count("id")))
    return ShareFigures(**{outcome.value: counted.get(outcome.value, 0) for outcome in Outcome})


def shares_by_userid(house_id: int, *, since: datetime, until: datetime) -> dict[str, ShareFigures]:
    """How much of what each associate showed in a period was approved, the least approved first."""
    rows = SharedContent.objects.filter(house_id=house_id, shared_at__gte=since, shared_at__lt=until)
    counted: dict[str, dict[str, int]] = {}
    for userid, outcome, number in rows.values_list("userid", "outcome").annotate(number=Count("id")):
        counted.setdefault(userid, {outcome.value: 0 for outcome in Outcome})[outcome] = number
    figures = {userid: ShareFigures(**numbers) for userid, numbers in counted.items()}
    shown = {userid: each for userid, each in figures.items() if each.shown}
    return dict(sorted(shown.items(), key=lambda one: (one[1].share or 0.0, one[0])))


def not_approved(house_id: int, *, source: str = "", limit: int = 50) -> list[SharedRow]:
    """What was shown and is no approved version in force, newest first."""
    rows = SharedContent.objects.filter(house_id=house_id).exclude(outcome=Outcome.APPROVED)
    if source:
        rows = rows.filter(source=source)
    return [
        SharedRow(
            source=row.source,
            reference=row.reference,
            kind=row.kind,
            userid=row.userid,
            outcome=row.outcome,
            asset_code=row.version.asset.code if row.version else "",
            number=row.version.number if row.version else None,
            similarity=row.similarity,
            shared_at=row.shared_at,
        )
        for row in rows.select_related("version__asset").order_by("-shared_at", "-pk")[:limit]
    ]


def _versions(house_id: int) -> QuerySet[AssetVersion]:
    return AssetVersion.objects.filter(asset__house_id=house_id).select_related("asset")


def _entry(row: AssetVersion) -> Entry:
    ends = [end for end in (row.valid_until, row.retired_at) if end is not None]
    picture = Print.read(row.phash) if row.phash else None
    begins = max(row.valid_from, row.approved_at or row.valid_from)
    return Entry(row.pk, row.normalised, picture, begins, min(ends) if ends else None)


def _row(row: AssetVersion, now: datetime) -> VersionRow:
    is_approved = row.status == AssetVersion.Status.APPROVED
    return VersionRow(
        id=row.pk,
        asset_code=row.asset.code,
        title=row.asset.title,
        kind=row.asset.kind,
        product_code=row.asset.product_code,
        number=row.number,
        status=row.status,
        text=row.text,
        markets=tuple(row.markets),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        drafted_by_id=row.drafted_by_id,
        approved_by_id=row.approved_by_id,
        is_in_force=is_approved
        and row.valid_from <= now
        and (row.valid_until is None or now < row.valid_until),
        sha256=row.sha256,
    )
