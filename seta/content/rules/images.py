"""Images compared by two perceptual prints, which a smaller or harder pressed copy keeps; safe for any bytes."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

BYTES_MAX = 20 * 1024 * 1024
PIXELS_MAX = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Bits of each print, of 64, that a copy may differ in; beyond the second it is another picture.
SAME_BITS_MAX, ALIKE_BITS_MAX = 8, 14
# Between the darkest and the brightest of 256; below it the prints of any two pictures would agree.
CONTRAST_MIN = 16
_SIDE = 32


class ImageRefused(Exception):
    """Bytes that are not a picture to compare; `code` is large, many_pixels, not_image or plain."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not a picture to compare: {code}")
        self.code = code


@dataclass(frozen=True)
class Print:
    """A picture's two prints of 64 bits: of its slow waves and of its gradients."""

    waves: int
    slopes: int

    @property
    def text(self) -> str:
        """Thirty-two hexadecimal digits."""
        return f"{self.waves:016x}{self.slopes:016x}"

    @classmethod
    def read(cls, text: str) -> "Print":
        """The print that `text` wrote."""
        return cls(int(text[:16], 16), int(text[16:], 16))

    def difference(self, other: "Print") -> int:
        """Bits of the print that differs more."""
        return max((self.waves ^ other.waves).bit_count(), (self.slopes ^ other.slopes).bit_count())


def print_of(data: bytes) -> Print:
    """The prints of a picture's first frame; raises ImageRefused.

    Sizes are read from the header before anything is unpacked, so a small file cannot become a huge picture.
    """
    if len(data) > BYTES_MAX:
        raise ImageRefused("large")
    grey = _grey(data)
    pixels = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float64)
    if pixels.max() - pixels.min() < CONTRAST_MIN:
        raise ImageRefused("plain")
    waves = (_cosines() @ pixels @ _cosines().T)[:8, :8].flatten()
    middle = np.median(waves[1:])
    small = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    return Print(_bits(waves > middle), _bits((small[:, 1:] > small[:, :-1]).flatten()))


def _grey(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > PIXELS_MAX:
                raise ImageRefused("many_pixels")
            # JPEG is unpacked at a fraction of its size when only a small copy is wanted.
            image.draft("L", (8 * _SIDE, 8 * _SIDE))
            if image.mode in ("RGBA", "LA", "P", "PA"):
                clear = image.convert("RGBA")
                white = Image.new("RGBA", clear.size, "white")
                return Image.alpha_composite(white, clear).convert("L")
            return image.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise ImageRefused("many_pixels") from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError) as problem:
        raise ImageRefused("not_image") from problem


@cache
def _cosines() -> Any:
    """The cosine transform of 32 samples as a matrix (DCT-II)."""
    place = np.arange(_SIDE)
    return np.cos(np.pi * (2 * place[None, :] + 1) * place[:, None] / (2 * _SIDE))


def _bits(flags: Any) -> int:
    return int("".join("1" if flag else "0" for flag in flags), 2)
