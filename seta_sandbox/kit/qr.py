"""QR images as the platforms serve them."""

import io

import segno


def png(text: str, *, width: int = 430) -> bytes:
    """A PNG of a QR code about `width` pixels wide, with the quiet zone scanners need."""
    code = segno.make(text, error="m")
    modules, _ = code.symbol_size(border=4)
    out = io.BytesIO()
    code.save(out, kind="png", scale=max(1, width // modules), border=4)
    return out.getvalue()
