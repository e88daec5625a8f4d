"""WeChat Pay APIv3 signatures and sealed resources, both directions, over exactly the bytes on the wire."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seta.platforms.core import rsa
from seta.platforms.core.errors import Forged

PLATFORM = "wechatpay"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROBE = "WECHATPAY/SIGNTEST/"
AGE_SECONDS_MAX = 300


def authorization(
    *,
    method: str,
    target: str,
    body: bytes,
    mchid: str,
    serial: str,
    private_key: str,
    timestamp: int,
    nonce: str,
) -> str:
    """Return the Authorization header for a request; `target` is path and query exactly as sent."""
    message = b"\n".join(
        (method.encode(), target.encode(), str(timestamp).encode(), nonce.encode(), body, b"")
    )
    return (
        f'{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{rsa.sign(private_key, message)}",'
        f'timestamp="{timestamp}",serial_no="{serial}"'
    )


def open_resource(sealed: Mapping[str, Any], apiv3_key: str) -> bytes:
    """Open an AEAD_AES_256_GCM resource; ValueError when the key or the text is not the right one."""
    if sealed.get("algorithm", "AEAD_AES_256_GCM") != "AEAD_AES_256_GCM":
        raise ValueError(f"unknown algorithm {sealed['algorithm']!r}")
    try:
        ciphertext = base64.b64decode(sealed["ciphertext"], validate=True)
        associated = str(sealed.get("associated_data") or "").encode()
        return AESGCM(apiv3_key.encode()).decrypt(str(sealed["nonce"]).encode(), ciphertext, associated)
    except (InvalidTag, binascii.Error) as error:
        raise ValueError("the APIv3 key does not open the resource") from error


class Verifier:
    """Checks WeChat Pay's signature on answers and notifications against every key it may sign with."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = dict(keys)

    def check(self, *, headers: Mapping[str, str], body: bytes, now: int) -> None:
        """Raise Forged unless a known key signed exactly this body within 300 s of `now` (unix seconds).

        For 204 the body is empty and the last signed line is a lone newline.
        """
        given = {name.lower(): value for name, value in headers.items()}
        request_id = given.get("request-id", "")
        try:
            timestamp, nonce = given["wechatpay-timestamp"], given["wechatpay-nonce"]
            signature, serial = given["wechatpay-signature"], given["wechatpay-serial"]
            age = abs(now - int(timestamp))
        except (KeyError, ValueError) as error:
            raise _forged(
                "UNSIGNED", f"signature headers are missing or broken: {error}", request_id
            ) from error
        if signature.startswith(PROBE):
            raise _forged("SIGNTEST", "WeChat Pay probes whether signatures are checked", request_id)
        if given.get("wechatpay-signature-type", SCHEME) != SCHEME:
            raise _forged("SIGNATURE_TYPE", "unknown signature type", request_id)
        if age > AGE_SECONDS_MAX:
            raise _forged("OLD", f"signed {age} s away from our clock; at most {AGE_SECONDS_MAX}", request_id)
        key = self._keys.get(serial)
        if key is None:
            raise _forged("SERIAL", f"no key for serial {serial[:60]!r}", request_id)
        message = b"\n".join((timestamp.encode(), nonce.encode(), body, b""))
        if not rsa.verify(key, message, signature):
            raise _forged("SIGNATURE", "signature does not match the body", request_id)


def _forged(code: str, message: str, request_id: str) -> Forged:
    return Forged(message, platform=PLATFORM, code=code, request_id=request_id)
