"""Short signed texts: what we hand out and later believe without asking the database."""

import base64
import hashlib
import hmac


def sign(text: str, *, key: bytes) -> str:
    """`text.signature`, where the signature is HMAC-SHA256 cut to 128 bits, URL-safe."""
    return f"{text}.{_mac(text, key)}"


def unsign(signed: str, *, key: bytes) -> str | None:
    """The text when its signature holds, else None."""
    text, _, mac = signed.rpartition(".")
    return text if text and hmac.compare_digest(mac.encode(), _mac(text, key).encode()) else None


def subkey(secret: str, purpose: str) -> bytes:
    """A key for one purpose, so that a signature made for one door never opens another."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def _mac(text: str, key: bytes) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
