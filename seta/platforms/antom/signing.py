"""The text Antom signs in both directions: path, client, time and the raw body; signatures travel URL-encoded."""

import re
from urllib.parse import quote, unquote

from seta.platforms.core import rsa

PLATFORM = "antom"
ALGORITHM = "RSA256"
_SIGNATURE = re.compile(r"(?:^|[,\s])signature=([^,\s]+)")
_ALGORITHM = re.compile(r"(?:^|[,\s])algorithm=([^,\s]*)")
_KEY_VERSION = re.compile(r"(?:^|[,\s])keyVersion=([^,\s]*)")


def signed_bytes(*, path: str, client_id: str, at: str, body: bytes) -> bytes:
    """The bytes under a signature; `at` is the time exactly as its header writes it."""
    return f"POST {path}\n{client_id}.{at}.".encode() + body


def signature_header(private_key: str, message: bytes, *, key_version: str = "1") -> str:
    """The Signature header of a request; `key_version` is the number under which the receiver holds our key."""
    signature = quote(rsa.sign(private_key, message), safe="")
    return f"algorithm={ALGORITHM},keyVersion={key_version},signature={signature}"


def key_version_of(header: str) -> str | None:
    """The key's number that a Signature header names, "" when it names none; None for another algorithm."""
    algorithm, version = _ALGORITHM.search(header), _KEY_VERSION.search(header)
    if algorithm is not None and algorithm[1] != ALGORITHM:
        return None
    return version[1] if version is not None else ""


def holds(public_key: str, message: bytes, header: str) -> bool:
    """Whether a Signature header is the key's over this message; garbage is simply False."""
    found = _SIGNATURE.search(header)
    return found is not None and rsa.verify(public_key, message, unquote(found[1]))
