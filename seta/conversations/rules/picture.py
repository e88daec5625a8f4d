"""The picture of a mini program card, drawn here so that nothing has to be licensed or fetched."""

import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT = 520, 416
"""WeChat recommends 520 x 416 for the picture of a mini program card."""

PAPER = (250, 248, 244)
INK = (43, 38, 33)

Colour = tuple[int, int, int]


@lru_cache(maxsize=16)
def card_picture(accent: str) -> bytes:
    """A PNG of a cathedral's outline over silk bands in the house's accent colour (`#rrggbb`)."""
    colour = _colour(accent)
    rows = [_row(y, colour) for y in range(HEIGHT)]
    return _png(rows)


def _row(y: int, colour: Colour) -> bytes:
    line = bytearray()
    roof = _roof_line()
    for x in range(WIDTH):
        if y >= roof[x]:
            line += bytes(INK if _is_window(x, y) else colour)
        else:
            line += bytes(_silk(x, y, colour))
    return bytes(line)


@lru_cache(maxsize=1)
def _roof_line() -> tuple[int, ...]:
    """The height at which the building begins for each column: five gables with a spire between each two."""
    line = []
    for x in range(WIDTH):
        left = abs(x - WIDTH // 2)
        gable = 150 + left * 170 // (WIDTH // 2)
        spire_centre = round((x - 20) / 60) * 60 + 20
        distance = abs(x - spire_centre)
        spire = gable - 70 + distance * 14 if distance < 6 else gable
        line.append(max(60, min(gable, spire)))
    return tuple(line)


def _is_window(x: int, y: int) -> bool:
    column = (x - 35) % 60
    return 8 <= column <= 22 and (y - _roof_line()[x]) > 50 and y % 110 > 34


def _silk(x: int, y: int, colour: Colour) -> Colour:
    """Paper with two soft diagonal bands."""
    band = (x + 2 * y) % 340
    share = 26 if band < 90 else 12 if band < 130 else 0
    red, green, blue = (
        (paper * (100 - share) + tint * share) // 100 for paper, tint in zip(PAPER, colour, strict=True)
    )
    return red, green, blue


def _colour(accent: str) -> Colour:
    digits = accent.removeprefix("#")
    if len(digits) != 6 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        digits = "9b2c2c"
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _png(rows: list[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
