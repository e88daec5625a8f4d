"""Read and write Alipay's decimal yuan as integer fen."""

import re

DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
FEE_SCALE = 10_000


def fen(text: str) -> int | None:
    """A decimal string in fen, None when it is not one or is zero."""
    if not DECIMAL.fullmatch(text):
        return None
    whole, _, decimals = text.partition(".")
    return int(whole) * 100 + int(decimals.ljust(2, "0")) or None


def yuan(amount: int) -> str:
    """Fen as a decimal string with two places."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def fee(amount: int, rate: int) -> int:
    """The service fee of one bill line, rounded half up; `rate` is in ten-thousandths."""
    return (2 * amount * rate + FEE_SCALE) // (2 * FEE_SCALE)
