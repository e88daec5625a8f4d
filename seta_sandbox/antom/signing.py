"""Sign and verify the way Antom does: RSA-SHA256 over method, path, client, time and the raw body, URL-encoded."""

import base64
import binascii
import re
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SIGNATURE = re.compile(r"signature=([^,\s]+)")
KEY_VERSION = "1"


def content(path: str, client_id: str, at: str, body: bytes) -> bytes:
    """The signed text of a request, an answer or a notification; `at` is the header's time as written."""
    return f"POST {path}\n{client_id}.{at}.".encode() + body


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """RSA PKCS#1 v1.5 with SHA-256, in base64, then URL-encoded."""
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return quote(base64.b64encode(signature).decode("ascii"), safe="")


def header(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """The whole Signature header."""
    return f"algorithm=RSA256,keyVersion={KEY_VERSION},signature={sign(key, message)}"


def verify(key: rsa.RSAPublicKey, message: bytes, signature_header: str) -> bool:
    """Whether the header's URL-encoded signature is this key's over this text."""
    found = SIGNATURE.search(signature_header)
    if found is None:
        return False
    try:
        raw = base64.b64decode(unquote(found[1]), validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
