"""Pictures are decoded as they were meant: what a drawing leaves open is white, not black."""

import io

import pytest
from PIL import Image

from seta.kit.pictures import decode


def sent(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_transparent_ground_becomes_white(kind: str) -> None:
    ring = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    ring.paste((200, 0, 0, 255), (0, 0, 10, 20))

    found = decode(sent(ring, kind, **({"lossless": True} if kind == "WEBP" else {})), width_min=10)

    assert found.mode == "RGB"
    assert found.getpixel((15, 10)) == (255, 255, 255)
    assert found.getpixel((5, 10)) == (200, 0, 0)


def test_what_is_half_transparent_is_half_white() -> None:
    veil = Image.new("RGBA", (20, 20), (0, 0, 0, 128))

    assert decode(sent(veil), width_min=10).getpixel((0, 0)) == (127, 127, 127)


def test_a_palette_with_a_transparent_colour_is_put_on_white_too() -> None:
    drawn = Image.new("P", (20, 20), 0)
    drawn.putpalette([10, 20, 30, 40, 50, 60])
    drawn.putpixel((3, 3), 1)

    found = decode(sent(drawn, transparency=0), width_min=10)

    assert found.getpixel((0, 0)) == (255, 255, 255)
    assert found.getpixel((3, 3)) == (40, 50, 60)


def test_a_picture_without_transparency_keeps_its_colours() -> None:
    assert decode(sent(Image.new("RGB", (20, 20), (1, 2, 3))), width_min=10).getpixel((0, 0)) == (1, 2, 3)
    assert decode(sent(Image.new("L", (20, 20), 77)), width_min=10).getpixel((0, 0)) == (77, 77, 77)
