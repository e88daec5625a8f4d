"""Staff give a piece its pictures: words in three languages, an order, and the first one stands for the piece."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from seta.boutique import pictures
from seta.boutique.models import Product, ProductPicture, Variant
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
    last = rows.aggregate(last=Max("position"))["last"]
    fresh = {
        "sizes": sizes,
        "position": 0 if last is None else last + 1,
        "added_by": user_id,
        "added_at": now,
    }
    row, _ = ProductPicture.objects.update_or_create(
        product=product, sha256=sha256, defaults=words, create_defaults={**words, **fresh}
    )
    lead(product)
    return row.pk


@transaction.atomic
def describe_picture(*, house_id: int, picture_id: int, alt: Mapping[str, str]) -> None:
    """Say anew what a picture shows. Raises OrderRefused: WRONG_ALT, UNKNOWN_PICTURE."""
    words = _words(alt)
    _product, row = _locked(house_id, picture_id)
    ProductPicture.objects.filter(pk=row.pk).update(**words)


@transaction.atomic
def advance_picture(*, house_id: int, picture_id: int) -> None:
    """Move a picture one place to the front; the first one stays. Raises OrderRefused(UNKNOWN_PICTURE)."""
    product, row = _locked(house_id, picture_id)
    ids = list(ProductPicture.objects.filter(product=product).values_list("pk", flat=True))
    at = ids.index(row.pk)
    if at:
        ids[at - 1], ids[at] = ids[at], ids[at - 1]
    for position, pk in enumerate(ids):
        ProductPicture.objects.filter(pk=pk).update(position=position)
    lead(product)


@transaction.atomic
def remove_picture(*, house_id: int, picture_id: int) -> None:
    """Take a picture off the piece; its files stay for pages that were shared. Raises UNKNOWN_PICTURE."""
    product, row = _locked(house_id, picture_id)
    row.delete()
    lead(product)


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


def _words(alt: Mapping[str, str]) -> dict[str, str]:
    words = {f"alt_{each}": " ".join(alt.get(each, "").split()) for each in LANGUAGES}
    if not all(0 < len(text) <= ALT_CHARS_MAX for text in words.values()):
        raise OrderRefused(Refusal.WRONG_ALT)
    return words
