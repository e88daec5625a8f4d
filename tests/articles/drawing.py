"""A picture with something on it, drawn by the test that needs it."""

import io

from PIL import Image, ImageDraw


def picture_of(colour: str, *, size: tuple[int, int] = (900, 600)) -> bytes:
    """A JPEG with a place and a camera in its data, as phones make them."""
    image = Image.new("RGB", size, "#faf8f4")
    pen = ImageDraw.Draw(image)
    pen.polygon([(60, size[1] - 60), (size[0] // 2, 60), (size[0] - 60, size[1] - 60)], fill=colour)
    pen.rectangle((0, size[1] - 60, size[0], size[1]), fill="#16130f")
    exif = Image.Exif()
    exif[0x010F] = "Camera of the test"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
