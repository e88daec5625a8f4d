"""Staff give a piece its pictures, with words and an order; the first stands for the piece, each change is kept."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from seta.boutique import pictures
from seta.boutique.models import Product, ProductPicture, Variant
from seta.boutique.operations.auditing import record
from seta.boutique.operations.placing import advance, next_place
from seta.boutique.rules import OrderRefused, Refusal
from seta.boutique.rules.limits import ALT_CHARS_MAX, PICTURES_MAX

LANGUAGES = ("zh", "en", "it")


@transaction.atomic
def add_picture(
    *, house_id: int, variant_id: int, image: bytes, alt: Mapping[str, str], user_id: int, now: datetime
) -> int:
    """Put a picture at the end of the piece's; the same picture again only changes its words. Returns its id.

    Raises OrderRefused: WRONG_ALT, BAD_PICTURE, UNKNOWN_VARIANT, TOO_MANY_PICTURES.
    """
    words = _words(alt)
    variant = Variant.objects.filter(house_id=house_id, pk=variant_id).first()
    if variant is None:
        raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    sizes = pictures.keep(image)
    product = Product.objects.select_for_update().get(pk=variant.product_id)
    rows = ProductPicture.objects.filter(product=product)
    sha256 = sizes[-1][2]
    known = rows.filter(sha256=sha256).first()
    if known is None and rows.count() >= PICTURES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_PICTURES)
    fresh = {
        "sizes": sizes,
        "position": next_place(rows),
        "added_by": user_id,
        "added_at": now,
    }
    row, is_new = ProductPicture.objects.update_or_create(
        product=product, sha256=sha256, defaults=words, create_defaults={**words, **fresh}
    )
    lead(product)
    what, before = ("picture_added", {}) if known is None else ("picture_described", _said(known))
    if is_new or before != words:
        record(product, what, before=before, after=words, user_id=user_id, now=now)
    return row.pk


@transaction.atomic
def describe_picture(
    *, house_id: int, picture_id: int, alt: Mapping[str, str], user_id: int, now: datetime
) -> None:
    """Say anew what a picture shows. Raises OrderRefused: WRONG_ALT, UNKNOWN_PICTURE."""
    words = _words(alt)
    product, row = _locked(house_id, picture_id)
    if words != _said(row):
        ProductPicture.objects.filter(pk=row.pk).update(**words)
        record(product, "picture_described", before=_said(row), after=words, user_id=user_id, now=now)


@transaction.atomic
def advance_picture(*, house_id: int, picture_id: int, user_id: int, now: datetime) -> None:
    """Move a picture one place to the front; the first one stays. Raises OrderRefused(UNKNOWN_PICTURE)."""
    product, row = _locked(house_id, picture_id)
    if advance(ProductPicture.objects.filter(product=product), row.pk):
        lead(product)
        record(product, "picture_moved", before={"alt_en": row.alt_en}, user_id=user_id, now=now)


@transaction.atomic
def remove_picture(*, house_id: int, picture_id: int, user_id: int, now: datetime) -> None:
    """Take a picture off the piece; its files stay for pages that were shared. Raises UNKNOWN_PICTURE."""
    product, row = _locked(house_id, picture_id)
    row.delete()
    lead(product)
    record(product, "picture_removed", before=_said(row), user_id=user_id, now=now)


def lead(product: Product) -> None:
    """Let the first picture stand for the piece wherever one picture is shown."""
    first = ProductPicture.objects.filter(product=product).first()
    if first is not None:
        widths = {width: sha256 for width, _height, sha256 in first.sizes}
        image = pictures.address(widths[max(width for width in widths if width <= 640)])
    elif product.image.startswith(pictures.address("")[:-4]):
        image = ""
    else:
        return
    Product.objects.filter(pk=product.pk).update(image=image)


def _locked(house_id: int, picture_id: int) -> tuple[Product, ProductPicture]:
    row = ProductPicture.objects.filter(pk=picture_id, product__house_id=house_id).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_PICTURE, str(picture_id))
    return Product.objects.select_for_update().get(pk=row.product_id), row


def _said(row: ProductPicture) -> dict[str, str]:
    return {f"alt_{each}": str(getattr(row, f"alt_{each}")) for each in LANGUAGES}


def _words(alt: Mapping[str, str]) -> dict[str, str]:
    words = {f"alt_{each}": " ".join(alt.get(each, "").split()) for each in LANGUAGES}
    if not all(0 < len(text) <= ALT_CHARS_MAX for text in words.values()):
        raise OrderRefused(Refusal.WRONG_ALT)
    return words
