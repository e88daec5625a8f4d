"""Pictures as this server made them: decoded under limits, upright, cut to size, written anew without data."""

import hashlib
import io
import os
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

BYTES_MAX = 8_000_000
PIXELS_MAX = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"[0-9a-f]{64}")


class BadPicture(ValueError):
    """Not a JPEG, PNG or WebP within the limits."""


def decode(data: bytes, *, width_min: int) -> Image.Image:
    """The picture upright in RGB, on white; pixels are counted before any is decoded. Raises BadPicture."""
    if not data or len(data) > BYTES_MAX:
        raise BadPicture("bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > PIXELS_MAX:
                raise BadPicture("pixels")
            picture = _on_white(ImageOps.exif_transpose(picture))
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as bad:
        raise BadPicture("content") from bad
    if picture.width < width_min:
        raise BadPicture("width")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """In RGB; what is transparent shows white, as on the page where it was drawn, and not black."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen_through = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(seen_through, mask=seen_through.getchannel("A"))
    return white


def jpeg(picture: Image.Image, size_max: tuple[int, int]) -> tuple[int, int, bytes]:
    """Width, height and JPEG of the picture within a box of pixels; a smaller picture stays as it is."""
    made = picture.copy()
    made.thumbnail(size_max)
    clean = Image.new("RGB", made.size)
    clean.paste(made)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=86, optimize=True)
    return clean.width, clean.height, out.getvalue()


def widths_of(width: int, wanted: Sequence[int]) -> list[int]:
    """The wanted widths that the picture can fill, with its own when it lies between two of them."""
    fitting = [each for each in wanted if each <= width]
    return fitting if len(fitting) == len(wanted) or width in fitting else [*fitting, width]


def keep(folder: Path, data: bytes) -> str:
    """Keep a file once under its content; returns the SHA-256 that finds it."""
    name = hashlib.sha256(data).hexdigest()
    path = _path(folder, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return name


def read(folder: Path, name: str) -> bytes | None:
    """The file of that SHA-256, or None when there is none."""
    path = _path(folder, name) if _NAME.fullmatch(name) else None
    return path.read_bytes() if path is not None and path.is_file() else None


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / name
