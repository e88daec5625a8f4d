"""Pictures of pieces, as the mini program and the desk show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seta.boutique import pictures
from seta.boutique.models import ProductPicture


@dataclass(frozen=True)
class PictureSize:
    """A file of a picture: its pixels and the address on this server."""

    width: int
    height: int
    url: str


@dataclass(frozen=True)
class PictureCard:
    """A picture with what it shows, by language, and its files, smallest first."""

    id: int
    alt: Mapping[str, str]
    sizes: tuple[PictureSize, ...]

    @property
    def srcset(self) -> str:
        """The files as a browser's srcset."""
        return ", ".join(f"{size.url} {size.width}w" for size in self.sizes)


def pictures_of(*, house_id: int, code: str) -> list[PictureCard]:
    """A product's pictures in their order."""
    rows = ProductPicture.objects.filter(product__house_id=house_id, product__code=code)
    return [_card(row) for row in rows]


def sizes_of(files: Iterable[tuple[int, int, str]]) -> tuple[PictureSize, ...]:
    """A picture's files with their addresses, in their order."""
    return tuple(PictureSize(width, height, pictures.address(sha)) for width, height, sha in files)


def picture_file(sha256: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    return pictures.read(sha256)


def _card(row: ProductPicture) -> PictureCard:
    return PictureCard(
        id=row.pk,
        alt={"zh": row.alt_zh, "en": row.alt_en, "it": row.alt_it},
        sizes=sizes_of(row.sizes),
    )
