"""Signatures in the Standard Webhooks form, and the secrets that make them.

Source: the Standard Webhooks specification, version 1: headers webhook-id, webhook-timestamp (Unix seconds) and
webhook-signature; a signature is `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several are parted by
spaces, so that a receiver may hold either secret while one follows the other.
"""

import base64
import hashlib
import hmac
import secrets as random
from collections.abc import Sequence

SECRET_BYTES = 32
PREFIX = "whsec_"


def new_secret() -> str:
    """`whsec_` and base64 of 32 random bytes (the specification asks for 24 to 64)."""
    return PREFIX + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, code: str, timestamp: int, body: str) -> str:
    """One `v1,...` signature over the message's id, the attempt's Unix seconds and the exact body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{code}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Sequence[str], *, code: str, timestamp: int, body: str) -> dict[str, str]:
    """The three headers of an attempt, signed with every secret that holds at that moment."""
    assert secrets, "an endpoint has a secret"
    signed = [signature(secret, code=code, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "webhook-id": code,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }
