"""The text Antom signs in both directions: path, client, time and the raw body; signatures travel URL-encoded."""

import re
from urllib.parse import quote, unquote

from seta.platforms.core import rsa

PLATFORM = "antom"
_SIGNATURE = re.compile(r"(?:^|[,\s])signature=([^,\s]+)")


def signed_bytes(*, path: str, client_id: str, at: str, body: bytes) -> bytes:
    """The bytes under a signature; `at` is the time exactly as its header writes it."""
    return f"POST {path}\n{client_id}.{at}.".encode() + body


def signature_header(private_key: str, message: bytes) -> str:
    """The Signature header of a request."""
    return f"algorithm=RSA256,keyVersion=1,signature={quote(rsa.sign(private_key, message), safe='')}"


def holds(public_key: str, message: bytes, header: str) -> bool:
    """Whether a Signature header is the key's over this message; garbage is simply False."""
    found = _SIGNATURE.search(header)
    return found is not None and rsa.verify(public_key, message, unquote(found[1]))
