"""Sign and verify Alipay's way: RSA2 over sorted parameters in, over the raw JSON text out."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def content(params: Mapping[str, str], *, without: frozenset[str]) -> str:
    """`k=v` joined by `&`, sorted by key, values unencoded, empty ones and those of `without` left out."""
    return "&".join(f"{key}={value}" for key, value in sorted(params.items()) if value and key not in without)


def request_content(params: Mapping[str, str]) -> str:
    """What a request signs: everything but `sign`."""
    return content(params, without=frozenset({"sign"}))


def notice_content(params: Mapping[str, str]) -> str:
    """What a notification signs: everything but `sign` and `sign_type`."""
    return content(params, without=frozenset({"sign", "sign_type"}))


def sign(key: rsa.RSAPrivateKey, text: str) -> str:
    """RSA PKCS#1 v1.5 with SHA-256 over UTF-8, in base64."""
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


def verify(key: rsa.RSAPublicKey, text: str, signature: str) -> bool:
    """Whether the base64 signature is this key's over this text."""
    try:
        key.verify(
            base64.b64decode(signature, validate=True), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def envelope(
    key: rsa.RSAPrivateKey,
    name: str,
    inner: Mapping[str, Any],
    *,
    broken: bool = False,
    certificate_sn: str = "",
) -> bytes:
    """The answer's bytes: the inner object's own text and the signature over exactly that text.

    In certificate mode the certificate is named between them, outside of what is signed.
    """
    text = json.dumps(inner, ensure_ascii=False, separators=(",", ":"))
    signature = sign(key, text + " " if broken else text)
    named = f',"alipay_cert_sn":"{certificate_sn}"' if certificate_sn else ""
    return f'{{"{name}":{text}{named},"sign":"{signature}"}}'.encode()


def bare(name: str, inner: Mapping[str, Any]) -> bytes:
    """The answer's bytes without a signature, which no client may believe."""
    return json.dumps({name: inner}, ensure_ascii=False, separators=(",", ":")).encode()
