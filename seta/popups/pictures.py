"""Keeps covers as this server made them: decoded, turned upright, cut to size and written anew without any data."""

import hashlib
import io
import os
import re
import warnings
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from seta.popups.rules.refusals import PopupRefused, Refusal

BYTES_MAX = 8_000_000
PIXELS_MAX = 40_000_000
WIDTH_MIN, WIDTH_MAX, HEIGHT_MAX = 600, 1280, 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"[0-9a-f]{64}")


def keep(data: bytes) -> str:
    """Keep a cover; returns the SHA-256 that finds it. Raises PopupRefused(BAD_PICTURE)."""
    made = _made(data)
    name = hashlib.sha256(made).hexdigest()
    path = _path(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return name


def read(name: str) -> bytes | None:
    """The JPEG of that SHA-256, or None when there is none."""
    path = _path(name) if _NAME.fullmatch(name) else None
    return path.read_bytes() if path is not None and path.is_file() else None


def _made(data: bytes) -> bytes:
    if not data or len(data) > BYTES_MAX:
        raise PopupRefused(Refusal.BAD_PICTURE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > PIXELS_MAX or picture.width < WIDTH_MIN:
                raise PopupRefused(Refusal.BAD_PICTURE)
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as bad:
        raise PopupRefused(Refusal.BAD_PICTURE) from bad
    picture.thumbnail((WIDTH_MAX, HEIGHT_MAX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _path(name: str) -> Path:
    return Path(settings.VAR_DIR) / "covers" / name[:2] / name
