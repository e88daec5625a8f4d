"""Drafts, submits, approves by a second person, and retires versions of content."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.content import pictures
from seta.content.events import VersionApproved, VersionRetired
from seta.content.models import Asset, AssetVersion, Collection
from seta.content.rules.images import ImageRefused, print_of
from seta.content.rules.states import STEPS, TEXT_CHARS_MAX, Refusal, Refused
from seta.content.rules.texts import digest, normalise, simhash
from seta.events.operations import publish


@transaction.atomic
def draft_version(
    *,
    house_id: int,
    code: str,
    title: str,
    user_id: int | None,
    now: datetime,
    text: str = "",
    image: bytes = b"",
    product_code: str = "",
    markets: Sequence[str] = (),
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> int:
    """A new version of an asset, made with its first; returns the version's id. Raises Refused.

    A version is words or a picture; `markets` are ISO country codes, none for all.
    """
    if not (text.strip() or image):
        raise Refused(Refusal.NOTHING)
    if len(text) > TEXT_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    begins = valid_from or now
    if valid_until is not None and valid_until <= begins:
        raise Refused(Refusal.PERIOD)
    try:
        phash = print_of(image).text if image else ""
    except ImageRefused as problem:
        raise Refused(Refusal.IMAGE) from problem
    kind = Asset.Kind.IMAGE if image else Asset.Kind.TEXT
    asset, _ = Asset.objects.select_for_update().get_or_create(
        house_id=house_id,
        code=code,
        defaults={"title": title, "kind": kind, "product_code": product_code, "created_at": now},
    )
    last = AssetVersion.objects.filter(asset=asset).order_by("-number").first()
    normalised = normalise(text)
    version = AssetVersion.objects.create(
        asset=asset,
        number=last.number + 1 if last else 1,
        text=text,
        normalised=normalised,
        simhash=f"{simhash(normalised):016x}" if normalised else "",
        sha256=digest(image or text.encode("utf-8", "replace")),
        phash=phash,
        markets=sorted(set(markets)),
        valid_from=begins,
        valid_until=valid_until,
        drafted_by_id=user_id,
        drafted_at=now,
        changed_at=now,
    )
    if image:
        pictures.keep(house_id, image)
    return version.pk


def keep_picture(*, house_id: int, image: bytes) -> str:
    """Keep a picture that is meant to be shown, approved or not; returns its SHA-256. Raises Refused."""
    try:
        print_of(image)
    except ImageRefused as problem:
        raise Refused(Refusal.IMAGE) from problem
    return pictures.keep(house_id, image)


@transaction.atomic
def submit_version(*, house_id: int, version_id: int, now: datetime) -> None:
    """Ask for a second person's approval; raises Refused."""
    version = _locked(house_id, version_id, "submit")
    _move(version, AssetVersion.Status.REVIEW, now)


@transaction.atomic
def return_version(*, house_id: int, version_id: int, now: datetime) -> None:
    """Send a version back to its author; raises Refused."""
    version = _locked(house_id, version_id, "return")
    _move(version, AssetVersion.Status.DRAFT, now)


@transaction.atomic
def approve_version(*, house_id: int, version_id: int, user_id: int, now: datetime) -> None:
    """Let a version be shown; raises Refused, also when the user drafted it."""
    version = _locked(house_id, version_id, "approve")
    if version.drafted_by_id == user_id:
        raise Refused(Refusal.SAME_PERSON)
    version.approved_by_id, version.approved_at = user_id, now
    _move(version, AssetVersion.Status.APPROVED, now)
    publish(_told(VersionApproved, version, now))


@transaction.atomic
def retire_version(*, house_id: int, version_id: int, now: datetime) -> None:
    """Take a version out of force; raises Refused."""
    version = _locked(house_id, version_id, "retire")
    version.retired_at = now
    _move(version, AssetVersion.Status.RETIRED, now)
    publish(_told(VersionRetired, version, now))


@transaction.atomic
def adopt_text(
    *,
    house_id: int,
    code: str,
    title: str,
    text: str,
    product_code: str,
    now: datetime,
    valid_until: datetime | None = None,
) -> int:
    """Keep words that were approved elsewhere as an approved version; returns its id. Raises Refused."""
    version_id = draft_version(
        house_id=house_id,
        code=code,
        title=title,
        text=text,
        product_code=product_code,
        user_id=None,
        valid_until=valid_until,
        now=now,
    )
    version = AssetVersion.objects.select_related("asset").get(pk=version_id)
    version.approved_at = now
    _move(version, AssetVersion.Status.APPROVED, now)
    publish(_told(VersionApproved, version, now))
    return version_id


@transaction.atomic
def collect(*, house_id: int, code: str, name: str, asset_codes: Sequence[str]) -> int:
    """Make or change a collection to hold exactly these assets; returns its id. Raises Refused."""
    collection, _ = Collection.objects.update_or_create(house_id=house_id, code=code, defaults={"name": name})
    assets = list(Asset.objects.filter(house_id=house_id, code__in=asset_codes))
    if len(assets) != len(set(asset_codes)):
        raise Refused(Refusal.UNKNOWN)
    collection.assets.set(assets)
    return collection.pk


def _locked(house_id: int, version_id: int, step: str) -> AssetVersion:
    version = (
        AssetVersion.objects.select_for_update(of=("self",))
        .select_related("asset")
        .filter(pk=version_id, asset__house_id=house_id)
        .first()
    )
    if version is None:
        raise Refused(Refusal.UNKNOWN)
    if version.status not in STEPS[step]:
        raise Refused(Refusal.WRONG_STATE)
    return version


def _move(version: AssetVersion, status: AssetVersion.Status, now: datetime) -> None:
    version.status, version.changed_at = status, now
    version.save()


def _told(
    kind: type[VersionApproved] | type[VersionRetired], version: AssetVersion, now: datetime
) -> VersionApproved | VersionRetired:
    return kind(
        house_id=version.asset.house_id,
        occurred_at=now,
        version_id=version.pk,
        asset_code=version.asset.code,
        number=version.number,
    )
