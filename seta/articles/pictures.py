"""Keeps pictures of articles as this server made them, never as they were sent: no place, no camera, no script."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from seta.articles.rules.checks import Why, refused
from seta.kit import pictures

WIDTH_MIN, WIDTH_MAX, HEIGHT_MAX = 600, 1280, 1920
BYTES_MAX = 1_000_000
"""What WeChat takes for a picture within an article."""


@dataclass(frozen=True)
class Kept:
    """A picture's name and size in pixels."""

    sha256: str
    width: int
    height: int


def keep(data: bytes) -> Kept:
    """Keep a picture, small enough for WeChat. Raises ArticleRefused(PICTURE)."""
    try:
        picture = pictures.decode(data, width_min=WIDTH_MIN)
    except pictures.BadPicture as bad:
        raise refused(Why.PICTURE) from bad
    width, height, made = pictures.jpeg(picture, (WIDTH_MAX, HEIGHT_MAX))
    while len(made) > BYTES_MAX:
        width, height, made = pictures.jpeg(picture, (width * 3 // 4, height * 3 // 4))
    return Kept(pictures.keep(_folder(), made), width, height)


def read(name: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    return pictures.read(_folder(), name)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "article-pictures"
