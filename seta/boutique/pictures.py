"""Keeps the files of a piece's pictures: made anew in the widths that phones and the desk ask for."""

from pathlib import Path

from django.conf import settings

from seta.boutique.rules import OrderRefused, Refusal
from seta.kit import pictures

WIDTH_MIN = 600
WIDTHS = (320, 640, 1280)
SHAPE_MAX = 3


def keep(data: bytes) -> list[tuple[int, int, str]]:
    """Keep a picture in its sizes, smallest first: width, height, SHA-256. Raises OrderRefused(BAD_PICTURE)."""
    try:
        picture = pictures.decode(data, width_min=WIDTH_MIN)
    except pictures.BadPicture as bad:
        raise OrderRefused(Refusal.BAD_PICTURE, str(bad)) from bad
    sizes = []
    for wanted in pictures.widths_of(picture.width, WIDTHS):
        width, height, made = pictures.jpeg(picture, (min(wanted, WIDTHS[-1]), wanted * SHAPE_MAX))
        sizes.append((width, height, pictures.keep(_folder(), made)))
    return sizes


def read(sha256: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    return pictures.read(_folder(), sha256)


def address(sha256: str) -> str:
    """Where this server shows the file."""
    return f"/boutique/pictures/{sha256}.jpg"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "products"
