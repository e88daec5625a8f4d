"""Staff keep the catalogue by hand: texts, variants, what is listed; each change names who made it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction

from seta.boutique.models import Product, Variant
from seta.boutique.operations.auditing import record
from seta.boutique.operations.pricing import put_price
from seta.boutique.operations.windows import locked_product
from seta.boutique.queries.pricing import points_of
from seta.boutique.rules.editing import (
    MARKS,
    TEXTS,
    Fault,
    PieceRefused,
    checked_code,
    checked_marks,
    checked_texts,
    edition,
)
from seta.boutique.rules.limits import VARIANTS_MAX
from seta.boutique.rules.prices import CHARGED, HOME, charged_at, check_price_plan
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def create_piece(*, house_id: int, code: str, texts: Mapping[str, str], user_id: int, now: datetime) -> int:
    """Begin a piece, not yet listed and without variants; returns its id. Raises PieceRefused with every fault."""
    found, sound = "", {}
    faults: dict[str, Fault] = {}
    try:
        found = checked_code(code)
    except PieceRefused as wrong:
        faults |= wrong.faults
    try:
        sound = checked_texts(texts)
    except PieceRefused as wrong:
        faults |= wrong.faults
    if found and Product.objects.filter(house_id=house_id, code=found).exists():
        faults["code"] = Fault.TAKEN
    if faults:
        raise PieceRefused(faults)
    product = Product(house_id=house_id, code=found, is_listed=False, **sound)
    with _once("code"):
        product.save()
    record(product, "created", after={"code": found, **sound}, user_id=user_id, now=now)
    return product.pk


@transaction.atomic
def describe_piece(
    *, house_id: int, product_id: int, texts: Mapping[str, str], seen: str = "", user_id: int, now: datetime
) -> bool:
    """Change a piece's texts; whether anything differs. `seen` is the edition the form was filled in from.

    Raises PieceRefused with every fault, OrderRefused: UNKNOWN_PRODUCT, PIECE_CHANGED when it is not that edition.
    """
    sound = checked_texts(texts)
    product = locked_product(house_id, product_id)
    before = _fields(product, TEXTS)
    _must_be_seen(before, seen)
    if before == sound:
        return False
    Product.objects.filter(pk=product.pk).update(**sound)
    record(product, "texts", before=before, after=sound, user_id=user_id, now=now)
    return True


@transaction.atomic
def list_piece(*, house_id: int, product_id: int, is_listed: bool, user_id: int, now: datetime) -> None:
    """Put a piece on the list that clients see, or take it off.

    Raises OrderRefused: UNKNOWN_PRODUCT, NOTHING_TO_SELL without a variant that has a price.
    """
    product = locked_product(house_id, product_id)
    if product.is_listed == is_listed:
        return
    if is_listed and not _has_price(product, now):
        raise OrderRefused(Refusal.NOTHING_TO_SELL)
    Product.objects.filter(pk=product.pk).update(is_listed=is_listed)
    record(product, "listed" if is_listed else "unlisted", user_id=user_id, now=now)


@transaction.atomic
def add_variant(
    *,
    house_id: int,
    product_id: int,
    marks: Mapping[str, str],
    amount: int | None = None,
    user_id: int,
    now: datetime,
) -> int:
    """Add a variant, with its price in fen if it is known; returns its id.

    Raises PieceRefused with every fault, OrderRefused: UNKNOWN_PRODUCT, TOO_MANY_VARIANTS, WRONG_PRICE.
    """
    sound = checked_marks(marks)
    if amount is not None:
        check_price_plan(market=HOME, currency=CHARGED, amount=amount, effective_at=None, now=now)
    product = locked_product(house_id, product_id)
    if product.variants.count() >= VARIANTS_MAX:
        raise OrderRefused(Refusal.TOO_MANY_VARIANTS)
    _must_be_free(house_id, sound)
    variant = Variant(house_id=house_id, product=product, **sound)
    with _once("sku"):
        variant.save()
    record(product, "variant_added", after=sound, variant=variant, user_id=user_id, now=now)
    if amount is not None:
        put_price(variant, amount=amount, user_id=user_id, now=now)
    return variant.pk


@transaction.atomic
def change_variant(
    *, house_id: int, variant_id: int, marks: Mapping[str, str], seen: str = "", user_id: int, now: datetime
) -> bool:
    """Change a variant's code, size, colour or barcode; whether anything differs.

    Raises PieceRefused with every fault, OrderRefused: UNKNOWN_VARIANT, PIECE_CHANGED.
    """
    sound = checked_marks(marks)
    product, variant = _locked_variant(house_id, variant_id)
    before = _fields(variant, MARKS)
    _must_be_seen(before, seen)
    if before == sound:
        return False
    _must_be_free(house_id, sound, but=variant.pk)
    with _once("sku"):
        Variant.objects.filter(pk=variant.pk).update(**sound)
    record(product, "variant_changed", before=before, after=sound, variant=variant, user_id=user_id, now=now)
    return True


@transaction.atomic
def retire_variant(*, house_id: int, variant_id: int, user_id: int, now: datetime) -> None:
    """Sell a variant no more; its stock, its orders and its code stay. Again changes nothing.

    Raises OrderRefused: UNKNOWN_VARIANT, LAST_VARIANT when the listed piece would have nothing left to sell.
    """
    product, variant = _locked_variant(house_id, variant_id)
    if variant.retired_at is not None:
        return
    if product.is_listed and not _has_price(product, now, but=variant.pk):
        raise OrderRefused(Refusal.LAST_VARIANT)
    Variant.objects.filter(pk=variant.pk).update(retired_at=now)
    record(product, "variant_retired", variant=variant, user_id=user_id, now=now)


@transaction.atomic
def restore_variant(*, house_id: int, variant_id: int, user_id: int, now: datetime) -> None:
    """Sell a retired variant again. Again changes nothing. Raises OrderRefused(UNKNOWN_VARIANT)."""
    product, variant = _locked_variant(house_id, variant_id)
    if variant.retired_at is None:
        return
    Variant.objects.filter(pk=variant.pk).update(retired_at=None)
    record(product, "variant_restored", variant=variant, user_id=user_id, now=now)


@contextmanager
def _once(field: str) -> Iterator[None]:
    """Write what must be once a house; of two who write the same at once, the second is told so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise PieceRefused({field: Fault.TAKEN}) from None


def _locked_variant(house_id: int, variant_id: int) -> tuple[Product, Variant]:
    """The variant as it is now, under its piece's lock."""
    known = (
        Variant.objects.filter(pk=variant_id, house_id=house_id).values_list("product_id", flat=True).first()
    )
    if known is None:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    product = locked_product(house_id, known)
    return product, Variant.objects.get(pk=variant_id)


def _fields(row: Product | Variant, names: Iterable[str]) -> dict[str, str]:
    return {name: getattr(row, name) for name in names}


def _must_be_seen(now_is: Mapping[str, str], seen: str) -> None:
    if seen and seen != edition(now_is):
        raise OrderRefused(Refusal.PIECE_CHANGED)


def _must_be_free(house_id: int, marks: Mapping[str, str], *, but: int = 0) -> None:
    """A stock-keeping code and a barcode stand for one variant of the house."""
    others = Variant.objects.filter(house_id=house_id).exclude(pk=but)
    taken = {
        name: Fault.TAKEN
        for name in ("sku", "gtin")
        if marks[name] and others.filter(**{name: marks[name]}).exists()
    }
    if taken:
        raise PieceRefused(taken)


def _has_price(product: Product, now: datetime, *, but: int = 0) -> bool:
    """Whether a variant is left that clients can be charged for."""
    live = product.variants.filter(retired_at=None).exclude(pk=but).prefetch_related("prices")
    return any(charged_at(points_of(each), market=HOME, at=now) for each in live)
