"""RSA-SHA256 signatures as WeChat Pay and Alipay use them, with keys parsed once."""

import base64
import binascii
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_KEYS_MAX = 256


@lru_cache(maxsize=_KEYS_MAX)
def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Load a private key from PEM (PKCS#1 or PKCS#8) or from the bare base64 which Alipay's console shows."""
    text = pem.strip()
    if text.startswith("-----"):
        key = serialization.load_pem_private_key(text.encode(), None)
    else:
        key = serialization.load_der_private_key(_bare(text), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA private key")
    return key


@lru_cache(maxsize=_KEYS_MAX)
def public_key(pem: str) -> rsa.RSAPublicKey:
    """Load a public key from PEM, from a certificate in PEM, or from bare base64."""
    text = pem.strip()
    key: object
    if text.startswith("-----BEGIN CERTIFICATE"):
        key = x509.load_pem_x509_certificate(text.encode()).public_key()
    elif text.startswith("-----"):
        key = serialization.load_pem_public_key(text.encode())
    else:
        key = serialization.load_der_public_key(_bare(text))
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("not an RSA public key")
    return key


def certificate_serial(pem: str) -> str:
    """Return a certificate's serial as WeChat Pay writes it: 40 upper-case hex digits, leading zeros kept."""
    return f"{x509.load_pem_x509_certificate(pem.encode()).serial_number:040X}"


def sign(pem: str, message: bytes) -> str:
    """Sign with RSA PKCS#1 v1.5 and SHA-256; return base64."""
    return base64.b64encode(private_key(pem).sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def verify(pem: str, message: bytes, signature_b64: str) -> bool:
    """Say whether a base64 signature over the message is the key's; garbage is simply False."""
    try:
        signature = base64.b64decode(signature_b64, validate=True)
        public_key(pem).verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _bare(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
