"""Says which squares of a QR code are dark, for screens that draw it themselves."""

import segno


def squares(content: str) -> list[str]:
    """The code's rows from the top, without its quiet zone: `1` is a dark square, `0` a light one."""
    return [
        "".join("1" if dark else "0" for dark in row)
        for row in segno.make(content, error="m").matrix_iter(border=0)
    ]
