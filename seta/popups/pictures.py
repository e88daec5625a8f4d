"""Keeps covers as this server made them, never as they were sent."""

from pathlib import Path

from django.conf import settings

from seta.kit import pictures
from seta.popups.rules.refusals import PopupRefused, Refusal

WIDTH_MIN, WIDTH_MAX, HEIGHT_MAX = 600, 1280, 1600


def keep(data: bytes) -> str:
    """Keep a cover; returns the SHA-256 that finds it. Raises PopupRefused(BAD_PICTURE)."""
    try:
        picture = pictures.decode(data, width_min=WIDTH_MIN)
    except pictures.BadPicture as bad:
        raise PopupRefused(Refusal.BAD_PICTURE) from bad
    _width, _height, made = pictures.jpeg(picture, (WIDTH_MAX, HEIGHT_MAX))
    return pictures.keep(_folder(), made)


def read(name: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    return pictures.read(_folder(), name)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "covers"
