"""Marketing makes a season's lookbook: its looks, the pieces in them, their order and the days it is published."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from seta.boutique import pictures
from seta.boutique.models import Look, Lookbook, LookbookChange, LookPiece, Product
from seta.boutique.operations.auditing import differing
from seta.boutique.operations.placing import advance, next_place
from seta.boutique.queries.lookbooks import said_of, said_of_look
from seta.boutique.rules.collections import check_days
from seta.boutique.rules.editing import Fault, PieceRefused, checked_code, edition
from seta.boutique.rules.limits import LOOK_PIECES_MAX, LOOKS_MAX
from seta.boutique.rules.lookbooks import checked_look, checked_lookbook
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def create_lookbook(
    *, house_id: int, code: str, texts: Mapping[str, str], user_id: int, now: datetime
) -> int:
    """Begin a lookbook as a draft at the end of the house's; returns its id. Raises PieceRefused with every fault."""
    faults: dict[str, Fault] = {}
    found, sound = "", {}
    try:
        found = checked_code(code)
    except PieceRefused as wrong:
        faults |= wrong.faults
    try:
        sound = checked_lookbook(texts)
    except PieceRefused as wrong:
        faults |= wrong.faults
    if faults:
        raise PieceRefused(faults)
    place = next_place(Lookbook.objects.filter(house_id=house_id))
    row, is_new = Lookbook.objects.get_or_create(
        house_id=house_id, code=found, defaults={**sound, "position": place}
    )
    if not is_new:
        raise PieceRefused({"code": Fault.TAKEN})
    _record(row, "lookbook_made", after={"code": found, **sound}, user_id=user_id, now=now)
    return row.pk


@transaction.atomic
def change_lookbook(
    *,
    house_id: int,
    lookbook_id: int,
    texts: Mapping[str, str],
    shown_from: datetime | None,
    shown_until: datetime | None,
    seen: str = "",
    user_id: int,
    now: datetime,
) -> bool:
    """Change names, forewords, season and days; whether anything differs. Without a first day it is a draft again.

    `seen` is the edition the form was filled in from. Raises PieceRefused with every fault, OrderRefused:
    UNKNOWN_LOOKBOOK, WRONG_DAYS, PIECE_CHANGED.
    """
    sound = checked_lookbook(texts)
    check_days(shown_from, shown_until)
    row = _locked(house_id, lookbook_id)
    before = said_of(row)
    _check_edition(before, seen)
    for name, text in sound.items():
        setattr(row, name, text)
    row.shown_from, row.shown_until = shown_from, shown_until
    after = said_of(row)
    if before == after:
        return False
    row.save(update_fields=[*sound, "shown_from", "shown_until"])
    _record(row, "lookbook_changed", before=before, after=after, user_id=user_id, now=now)
    return True


@transaction.atomic
def advance_lookbook(*, house_id: int, lookbook_id: int, user_id: int, now: datetime) -> None:
    """Move a lookbook one place to the front of the house's; the first one stays. Raises UNKNOWN_LOOKBOOK."""
    rows = Lookbook.objects.filter(house_id=house_id)
    known = {row.pk: row for row in rows.select_for_update()}
    if lookbook_id not in known:
        raise OrderRefused(Refusal.UNKNOWN_LOOKBOOK, str(lookbook_id))
    if advance(rows, lookbook_id):
        _record(known[lookbook_id], "lookbook_moved", user_id=user_id, now=now)


@transaction.atomic
def add_look(
    *,
    house_id: int,
    lookbook_id: int,
    image: bytes,
    texts: Mapping[str, str],
    user_id: int,
    now: datetime,
) -> int:
    """Put a look at the end; the same picture again only changes its words. Returns its id.

    Raises PieceRefused with every fault, OrderRefused: BAD_PICTURE, UNKNOWN_LOOKBOOK, LOOKBOOK_FULL.
    """
    sound = checked_look(texts)
    row = _locked(house_id, lookbook_id)
    sizes = pictures.keep(image)
    sha256 = sizes[-1][2]
    known = row.looks.filter(sha256=sha256).first()
    if known is not None:
        _describe(row, known, sound, user_id, now)
        return known.pk
    if row.looks.count() >= LOOKS_MAX:
        raise OrderRefused(Refusal.LOOKBOOK_FULL)
    look = Look.objects.create(
        lookbook=row, sha256=sha256, sizes=sizes, position=next_place(row.looks.all()), **sound
    )
    _record(row, "look_added", after=sound, user_id=user_id, now=now)
    return look.pk


@transaction.atomic
def describe_look(
    *,
    house_id: int,
    look_id: int,
    texts: Mapping[str, str],
    seen: str = "",
    user_id: int,
    now: datetime,
) -> None:
    """Say anew what a look shows and what stands under it; `seen` is the edition the form was filled in from.

    Raises PieceRefused with every fault, OrderRefused: UNKNOWN_LOOK, PIECE_CHANGED.
    """
    sound = checked_look(texts)
    row, look = _look(house_id, look_id)
    _check_edition(said_of_look(look), seen)
    _describe(row, look, sound, user_id, now)


@transaction.atomic
def advance_look(*, house_id: int, look_id: int, user_id: int, now: datetime) -> None:
    """Move a look one place to the front of its lookbook; the first one stays. Raises OrderRefused(UNKNOWN_LOOK)."""
    row, look = _look(house_id, look_id)
    if advance(row.looks.all(), look.pk):
        _record(row, "look_moved", before={"alt_en": look.alt_en}, user_id=user_id, now=now)


@transaction.atomic
def remove_look(*, house_id: int, look_id: int, user_id: int, now: datetime) -> None:
    """Take a look out of its lookbook; its pieces stay in the catalogue. Raises OrderRefused(UNKNOWN_LOOK)."""
    row, look = _look(house_id, look_id)
    said = said_of_look(look)
    look.delete()
    _record(row, "look_removed", before=said, user_id=user_id, now=now)


@transaction.atomic
def put_in_look(*, house_id: int, look_id: int, product_id: int, user_id: int, now: datetime) -> None:
    """Put a piece at the end of a look's; one that is in it stays where it is.

    Raises OrderRefused: UNKNOWN_LOOK, UNKNOWN_PRODUCT, LOOK_FULL.
    """
    row, look = _look(house_id, look_id)
    product = Product.objects.filter(pk=product_id, house_id=house_id).first()
    if product is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, str(product_id))
    if look.pieces.filter(product=product).exists():
        return
    if look.pieces.count() >= LOOK_PIECES_MAX:
        raise OrderRefused(Refusal.LOOK_FULL)
    LookPiece.objects.create(look=look, product=product, position=next_place(look.pieces.all()))
    _record(row, "piece_put_in", product=product, user_id=user_id, now=now)


@transaction.atomic
def advance_in_look(*, house_id: int, look_id: int, product_id: int, user_id: int, now: datetime) -> None:
    """Move a piece one place to the front of the look; the first one stays.

    Raises OrderRefused: UNKNOWN_LOOK, UNKNOWN_PRODUCT when the piece is not in it.
    """
    row, look = _look(house_id, look_id)
    found = look.pieces.filter(product_id=product_id).select_related("product").first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, str(product_id))
    if advance(look.pieces.all(), found.pk):
        _record(row, "piece_moved", product=found.product, user_id=user_id, now=now)


@transaction.atomic
def take_out_of_look(*, house_id: int, look_id: int, product_id: int, user_id: int, now: datetime) -> None:
    """Take a piece out of a look; it stays in the catalogue. Again changes nothing. Raises UNKNOWN_LOOK."""
    row, look = _look(house_id, look_id)
    found = look.pieces.filter(product_id=product_id).select_related("product").first()
    if found is not None:
        found.delete()
        _record(row, "piece_taken_out", product=found.product, user_id=user_id, now=now)


def _describe(row: Lookbook, look: Look, sound: Mapping[str, str], user_id: int, now: datetime) -> None:
    before = said_of_look(look)
    if before != dict(sound):
        Look.objects.filter(pk=look.pk).update(**sound)
        _record(row, "look_described", before=before, after=sound, user_id=user_id, now=now)


def _check_edition(said: Mapping[str, str], seen: str) -> None:
    if seen and seen != edition(said):
        raise OrderRefused(Refusal.PIECE_CHANGED)


def _locked(house_id: int, lookbook_id: int) -> Lookbook:
    """The lookbook, locked until the transaction ends; raises OrderRefused(UNKNOWN_LOOKBOOK)."""
    found = Lookbook.objects.select_for_update().filter(pk=lookbook_id, house_id=house_id).first()
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_LOOKBOOK, str(lookbook_id))
    return found


def _look(house_id: int, look_id: int) -> tuple[Lookbook, Look]:
    """The look with its lookbook, which is locked; raises OrderRefused(UNKNOWN_LOOK)."""
    owner = Look.objects.filter(pk=look_id, lookbook__house_id=house_id).values_list("lookbook_id", flat=True)
    lookbook_id = owner.first()
    row = _locked(house_id, lookbook_id) if lookbook_id is not None else None
    # Somebody may have removed it while we waited for the lock.
    look = Look.objects.filter(pk=look_id).first()
    if row is None or look is None:
        raise OrderRefused(Refusal.UNKNOWN_LOOK, str(look_id))
    return row, look


def _record(
    row: Lookbook,
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
    LookbookChange.objects.create(
        lookbook=row, product=product, what=what, before=old, after=new, user_id=user_id, at=now
    )
