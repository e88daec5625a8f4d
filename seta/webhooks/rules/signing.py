"""Signatures in the Standard Webhooks form, and the secrets and keys that make them.

Source: the Standard Webhooks specification, version 1: headers webhook-id, webhook-timestamp (Unix seconds) and
webhook-signature; a signature is `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, or `v1a,` and base64 of
Ed25519 over the same; several are parted by spaces, so that a receiver may hold either secret while one follows the
other, and may verify either kind.
"""

import base64
import hashlib
import hmac
import json
import secrets as random
from collections.abc import Sequence

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SECRET_BYTES = 32
PREFIX = "whsec_"
PUBLIC_PREFIX = "whpk_"


def new_secret() -> str:
    """`whsec_` and base64 of 32 random bytes (the specification asks for 24 to 64)."""
    return PREFIX + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def new_key() -> tuple[bytes, str]:
    """A fresh Ed25519 key: its 32 secret bytes, and `whpk_` with base64 of its public ones."""
    key = Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw
    secret = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
    return secret, PUBLIC_PREFIX + base64.b64encode(public).decode()


def jwk(public_key: str) -> dict[str, str]:
    """A public key as a JSON Web Key (RFC 8037), named by its thumbprint (RFC 7638)."""
    x = _url_safe(base64.b64decode(public_key.removeprefix(PUBLIC_PREFIX)))
    named = {"crv": "Ed25519", "kty": "OKP", "x": x}
    thumbprint = hashlib.sha256(json.dumps(named, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**named, "alg": "EdDSA", "use": "sig", "kid": _url_safe(thumbprint)}


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def key_signature(key: bytes, *, code: str, timestamp: int, body: str) -> str:
    """One `v1a,...` signature by an Ed25519 key, over the same as `signature`."""
    signed = Ed25519PrivateKey.from_private_bytes(key).sign(f"{code}.{timestamp}.{body}".encode())
    return "v1a," + base64.b64encode(signed).decode()


def signature(secret: str, *, code: str, timestamp: int, body: str) -> str:
    """One `v1,...` signature over the message's id, the attempt's Unix seconds and the exact body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{code}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    secrets: Sequence[str], keys: Sequence[bytes] = (), *, code: str, timestamp: int, body: str
) -> dict[str, str]:
    """The three headers of an attempt, signed with every secret and key that holds at that moment."""
    assert secrets, "an endpoint has a secret"
    signed = [signature(secret, code=code, timestamp=timestamp, body=body) for secret in secrets]
    signed += [key_signature(key, code=code, timestamp=timestamp, body=body) for key in keys]
    return {
        "webhook-id": code,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }
