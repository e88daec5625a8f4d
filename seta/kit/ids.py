"""Identifiers that sort by time, cannot be guessed and say what they name."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(value: int, length: int) -> str:
    letters = []
    for _ in range(length):
        letters.append(_ALPHABET[value & 31])
        value >>= 5
    return "".join(reversed(letters))


def new_id(prefix: str) -> str:
    """`prefix_` and 26 characters: 48 bits of milliseconds, then 80 random bits."""
    assert prefix.isalnum(), prefix
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return f"{prefix}_{_base32(value, 26)}"


def new_token(bits: int = 160) -> str:
    """An unguessable URL-safe token."""
    return _base32(secrets.randbits(bits), (bits + 4) // 5)
