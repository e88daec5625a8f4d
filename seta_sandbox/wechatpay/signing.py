"""Sign and verify the way WeChat Pay APIv3 does: RSA-SHA256 over named lines, AES-256-GCM for resources."""

import base64
import binascii
import random
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TIMESTAMP_SECONDS_MAX = 300
NONCE_ALPHABET = string.ascii_letters + string.digits
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"
"""How a deliberately wrong signature begins (from memory; the documents only say that it is recognisable)."""
DIAGNOSIS_CHARACTERS_MAX = 120
FIELD = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Authorization:
    """The five parts of a request's Authorization header."""

    mchid: str
    nonce_str: str
    signature: str
    timestamp: str
    serial_no: str


@dataclass(frozen=True)
class Signer:
    """One of the platform's two keys, with the serial it announces in `Wechatpay-Serial`."""

    serial: str
    private: rsa.RSAPrivateKey


def parse_authorization(header: str) -> Authorization | str:
    """The header's parts in any order, or what is wrong with it."""
    scheme, _, rest = header.partition(" ")
    parts = dict(FIELD.findall(rest))
    names = ("mchid", "nonce_str", "signature", "timestamp", "serial_no")
    if not header:
        return "Authorization is missing"
    if scheme != SCHEME:
        return f"Authorization does not begin with {SCHEME}"
    if missing := [name for name in names if not parts.get(name)]:
        return f"{', '.join(missing)} missing in Authorization"
    return Authorization(**{name: parts[name] for name in names})


def request_message(method: str, target: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What a merchant signs: each part on a line, the last line ended too; `target` is path?query as sent."""
    return "\n".join((method, target, timestamp, nonce, "")).encode() + body + b"\n"


def answer_message(timestamp: str, nonce: str, body: bytes) -> bytes:
    """What the platform signs in answers and notifications; a 204 has an empty body line."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def pay_sheet_message(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What a merchant signs for `wx.requestPayment`; signType is sent beside it but not signed."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """RSA PKCS#1 v1.5 with SHA-256, in base64."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


def verify(key: rsa.RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether the base64 signature is this key's over this message; broken base64 is simply wrong."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def is_fresh(timestamp: str, clocks: tuple[float, ...]) -> bool:
    """Whether the timestamp lies within five minutes of one of the clocks (real and virtual)."""
    if not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    return any(abs(int(timestamp) - clock) <= TIMESTAMP_SECONDS_MAX for clock in clocks)


def make_nonce(rng: random.Random, length: int = 32) -> str:
    """A nonce of letters and digits; it need not be secret here, only reproducible."""
    return "".join(rng.choice(NONCE_ALPHABET) for _ in range(length))


def answer_headers(
    signer: Signer, body: bytes, *, timestamp: int, nonce: str, broken: bool = False
) -> dict[str, str]:
    """The five signature headers of an answer or a notification; `broken` signs other bytes on purpose."""
    message = answer_message(str(timestamp), nonce, body + b" " if broken else body)
    return {
        "Wechatpay-Timestamp": str(timestamp),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": sign(signer.private, message),
        "Wechatpay-Serial": signer.serial,
        "Wechatpay-Signature-Type": SCHEME,
    }


def probe_headers(headers: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """The same headers with a signature that no receiver may accept."""
    noise = base64.b64encode(rng.randbytes(192)).decode("ascii")
    return {**headers, "Wechatpay-Signature": PROBE_PREFIX + noise}


def seal(apiv3_key: str, plaintext: bytes, *, nonce: str, associated_data: str) -> str:
    """AEAD_AES_256_GCM: base64 of ciphertext and tag; the nonce is 12 ASCII characters."""
    assert len(nonce) == 12
    box = AESGCM(apiv3_key.encode("ascii"))
    return base64.b64encode(box.encrypt(nonce.encode(), plaintext, associated_data.encode())).decode("ascii")


def encrypted_resource(
    apiv3_key: str, plaintext: bytes, *, rng: random.Random, associated_data: str
) -> dict[str, str]:
    """The four fields with which notifications and `/v3/certificates` carry something secret."""
    nonce = make_nonce(rng, 12)
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": seal(apiv3_key, plaintext, nonce=nonce, associated_data=associated_data),
    }


def header_diagnosis(issue: str, field: str = "signature") -> dict[str, object]:
    """What a 401 tells about an Authorization header that leaves nothing to verify."""
    return {"field": field, "location": "authorization", "issue": issue, "detail": {"issue": issue}}


def diagnosis(
    method: str, target: str, message: bytes, *, issue: str = "sign not match"
) -> dict[str, object]:
    """What a 401 tells about the text the platform verified, so that a merchant can compare it with its own.

    Real bodies carry the issue inside a second `detail`; it stands beside the field here too.
    """
    text = message.decode("utf-8", "replace")
    return {
        **header_diagnosis(issue),
        "sign_information": {
            "method": method,
            "url": target,
            "truncated_sign_message": text[:DIAGNOSIS_CHARACTERS_MAX],
            "sign_message_length": len(message),
        },
    }
