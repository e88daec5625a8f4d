"""Keeps photos of businesses as this server made them, never as they were sent: no place, no camera, no script."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from seta.kit import pictures

WIDTH_MIN, WIDTH_MAX, HEIGHT_MAX = 600, 1280, 1280


def keep(data: bytes) -> Mapping[str, Any]:
    """Keep a photo: the SHA-256 that finds it, its width and height. Raises kit.pictures.BadPicture."""
    width, height, made = pictures.jpeg(pictures.decode(data, width_min=WIDTH_MIN), (WIDTH_MAX, HEIGHT_MAX))
    return {"sha256": pictures.keep(_folder(), made), "width": width, "height": height}


def read(name: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    return pictures.read(_folder(), name)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "guide-photos"
