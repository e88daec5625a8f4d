"""Marketing gathers pieces into collections: names, days, a cover and an order; each change names who made it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from seta.boutique import pictures
from seta.boutique.models import Collection, CollectionChange, CollectionPiece, Product
from seta.boutique.operations.auditing import differing
from seta.boutique.operations.placing import advance, next_place
from seta.boutique.queries.collecting import said_of
from seta.boutique.rules.collections import check_days, checked_collection
from seta.boutique.rules.editing import Fault, PieceRefused, checked_code, edition
from seta.boutique.rules.limits import COLLECTION_PIECES_MAX
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def create_collection(
    *, house_id: int, code: str, texts: Mapping[str, str], user_id: int, now: datetime
) -> int:
    """Begin a collection at the end of the house's, without pieces; returns its id.

    Raises PieceRefused with every fault.
    """
    faults: dict[str, Fault] = {}
    found, sound = "", {}
    try:
        found = checked_code(code)
    except PieceRefused as wrong:
        faults |= wrong.faults
    try:
        sound = checked_collection(texts)
    except PieceRefused as wrong:
        faults |= wrong.faults
    if faults:
        raise PieceRefused(faults)
    place = next_place(Collection.objects.filter(house_id=house_id))
    row, is_new = Collection.objects.get_or_create(
        house_id=house_id, code=found, defaults={**sound, "position": place}
    )
    if not is_new:
        raise PieceRefused({"code": Fault.TAKEN})
    _record(row, "collection_made", after={"code": found, **sound}, user_id=user_id, now=now)
    return row.pk


@transaction.atomic
def change_collection(
    *,
    house_id: int,
    collection_id: int,
    texts: Mapping[str, str],
    shown_from: datetime | None,
    shown_until: datetime | None,
    seen: str = "",
    user_id: int,
    now: datetime,
) -> bool:
    """Change names, season and days; whether anything differs. `seen` is the edition the form was filled in from.

    Raises PieceRefused with every fault, OrderRefused: UNKNOWN_COLLECTION, WRONG_DAYS, PIECE_CHANGED.
    """
    sound = checked_collection(texts)
    check_days(shown_from, shown_until)
    row = _locked(house_id, collection_id)
    before = said_of(row)
    if seen and seen != edition(before):
        raise OrderRefused(Refusal.PIECE_CHANGED)
    for name, text in sound.items():
        setattr(row, name, text)
    row.shown_from, row.shown_until = shown_from, shown_until
    after = said_of(row)
    if before == after:
        return False
    row.save(update_fields=[*sound, "shown_from", "shown_until"])
    _record(row, "collection_changed", before=before, after=after, user_id=user_id, now=now)
    return True


@transaction.atomic
def cover_collection(
    *, house_id: int, collection_id: int, image: bytes | None, user_id: int, now: datetime
) -> None:
    """Give the collection a cover, or with None take it away: then its first piece stands for it.

    Raises OrderRefused: BAD_PICTURE, UNKNOWN_COLLECTION.
    """
    sizes = pictures.keep(image) if image is not None else []
    row = _locked(house_id, collection_id)
    if sizes or row.cover:
        Collection.objects.filter(pk=row.pk).update(cover=sizes)
        _record(row, "cover_set" if sizes else "cover_removed", user_id=user_id, now=now)


@transaction.atomic
def put_in_collection(
    *, house_id: int, collection_id: int, product_id: int, user_id: int, now: datetime
) -> None:
    """Put a piece at the end of the collection; one that is in it stays where it is.

    Raises OrderRefused: UNKNOWN_COLLECTION, UNKNOWN_PRODUCT, COLLECTION_FULL.
    """
    row = _locked(house_id, collection_id)
    product = Product.objects.filter(pk=product_id, house_id=house_id).first()
    if product is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, str(product_id))
    if row.pieces.filter(product=product).exists():
        return
    if row.pieces.count() >= COLLECTION_PIECES_MAX:
        raise OrderRefused(Refusal.COLLECTION_FULL)
    CollectionPiece.objects.create(collection=row, product=product, position=next_place(row.pieces.all()))
    _record(row, "piece_put_in", product=product, user_id=user_id, now=now)


@transaction.atomic
def take_out_of_collection(
    *, house_id: int, collection_id: int, product_id: int, user_id: int, now: datetime
) -> None:
    """Take a piece out of the collection; it stays in the catalogue. Again changes nothing.

    Raises OrderRefused(UNKNOWN_COLLECTION).
    """
    row = _locked(house_id, collection_id)
    found = row.pieces.filter(product_id=product_id).select_related("product").first()
    if found is None:
        return
    found.delete()
    _record(row, "piece_taken_out", product=found.product, user_id=user_id, now=now)


@transaction.atomic
def advance_in_collection(
    *, house_id: int, collection_id: int, product_id: int, user_id: int, now: datetime
) -> None:
    """Move a piece one place to the front of the collection; the first one stays.

    Raises OrderRefused: UNKNOWN_COLLECTION, UNKNOWN_PRODUCT when the piece is not in it.
    """
    row = _locked(house_id, collection_id)
    found = row.pieces.filter(product_id=product_id).select_related("product").first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, str(product_id))
    if advance(row.pieces.all(), found.pk):
        _record(row, "piece_moved", product=found.product, user_id=user_id, now=now)


@transaction.atomic
def advance_collection(*, house_id: int, collection_id: int, user_id: int, now: datetime) -> None:
    """Move a collection one place to the front of the house's; the first one stays. Raises UNKNOWN_COLLECTION."""
    rows = Collection.objects.filter(house_id=house_id)
    known = {row.pk: row for row in rows.select_for_update()}
    if collection_id not in known:
        raise OrderRefused(Refusal.UNKNOWN_COLLECTION, str(collection_id))
    if advance(rows, collection_id):
        _record(known[collection_id], "collection_moved", user_id=user_id, now=now)


def _locked(house_id: int, collection_id: int) -> Collection:
    """The collection, locked until the transaction ends; raises OrderRefused(UNKNOWN_COLLECTION)."""
    rows = Collection.objects.select_for_update()
    found = rows.filter(pk=collection_id, house_id=house_id).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_COLLECTION, str(collection_id))
    return found


def _record(
    row: Collection,
    what: str,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    product: Product | None = None,
    user_id: int,
    now: datetime,
) -> None:
    """Keep a change in its transaction."""
    old, new = differing(before, after)
    CollectionChange.objects.create(
        collection=row, product=product, what=what, before=old, after=new, user_id=user_id, at=now
    )
