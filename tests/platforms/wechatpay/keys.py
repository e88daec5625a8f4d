"""A merchant and a platform with real RSA keys, for answers and notifications made in the test itself."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

APIV3_KEY = "0123456789abcdef0123456789abcdef"
KEY_ID = "PUB_KEY_ID_0000000000000024101100397200000006"
NOW = 1_700_000_000


@cache
def private(name: str) -> rsa.RSAPrivateKey:
    """The key of a name, made once."""
    return rsa.generate_private_key(65537, 2048)


def private_pem(name: str) -> str:
    """The private key as PKCS#8 PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return private(name).private_bytes(encoding, form, serialization.NoEncryption()).decode()


def public_pem(name: str) -> str:
    """The public key as PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return private(name).public_key().public_bytes(encoding, form).decode()


@cache
def certificate_pem(name: str, serial: int) -> str:
    """A self-signed certificate of the key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2023, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private(name).public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
    )
    certificate = builder.sign(private(name), hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def signature(name: str, message: bytes) -> str:
    """RSA-SHA256 in base64, written apart from the code under test."""
    return base64.b64encode(private(name).sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def signed_headers(
    body: bytes, *, key: str = "platform", serial: str = KEY_ID, at: int = NOW
) -> dict[str, str]:
    """The platform's signature headers over a body."""
    return {
        "Wechatpay-Timestamp": str(at),
        "Wechatpay-Nonce": "nonce",
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": signature(key, f"{at}\nnonce\n".encode() + body + b"\n"),
        "Content-Type": "application/json",
    }


def sealed(plain: bytes, *, apiv3_key: str = APIV3_KEY, associated: str = "transaction") -> dict[str, str]:
    """An AEAD_AES_256_GCM resource."""
    box = AESGCM(apiv3_key.encode()).encrypt(b"123456789012", plain, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "123456789012",
        "associated_data": associated,
        "ciphertext": base64.b64encode(box).decode(),
    }


def notification(resource: dict[str, Any], event_type: str = "TRANSACTION.SUCCESS") -> bytes:
    """A notification's body with its sealed resource."""
    body = {"id": "EV-1", "event_type": event_type, "resource": sealed(json.dumps(resource).encode())}
    return json.dumps(body).encode()
