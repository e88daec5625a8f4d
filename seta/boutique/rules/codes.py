"""The codes that a catalogue goes by: of pieces, of variants, and the barcodes of the trade."""

import re

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")


def gtin_is_valid(gtin: str) -> bool:
    """Whether the last digit is the GS1 check digit: weights 3 and 1 from the right, sum to a multiple of 10."""
    if not gtin.isascii() or not gtin.isdigit() or len(gtin) not in (8, 12, 13, 14):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(gtin)))
    return weighted % 10 == 0
