"""Short signed texts: what we hand out and later believe without asking the database."""

import base64
import hmac
from functools import lru_cache


def sign(text: str, *, key: bytes) -> str:
    """`text.signature`, where the signature is HMAC-SHA256 cut to 128 bits, URL-safe."""
    return f"{text}.{_mac(text, key)}"


def unsign(signed: str, *, key: bytes) -> str | None:
    """The text when its signature holds, else None."""
    text, _, mac = signed.rpartition(".")
    return text if text and hmac.compare_digest(mac.encode(), _mac(text, key).encode()) else None


@lru_cache(maxsize=64)
def subkey(secret: str, purpose: str) -> bytes:
    """A key for one purpose, so that a signature made for one door never opens another."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def _mac(text: str, key: bytes) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
