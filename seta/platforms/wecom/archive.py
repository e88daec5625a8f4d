"""The conversation archive behind one port: Tencent's Finance SDK, or the sandbox's endpoint."""

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import httpx
from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta.platforms.core import rsa
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.http import Request, Transport
from seta.platforms.core.json_api import dump, read_json
from seta.platforms.wecom.client import PLATFORM

LIMIT_MAX = 1000
DECRYPT_FAILED = "10006"
KEY_MISSING = "KEY_VERSION"


@dataclass(frozen=True)
class ArchiveRecord:
    """One sealed record as delivered; `seq` is the cursor, `publickey_ver` says whose key opens it."""

    seq: int
    msgid: str
    publickey_ver: int
    encrypt_random_key: str
    encrypt_chat_msg: str


class ArchiveSource(Protocol):
    """Where archived messages come from."""

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq` in ascending order, at most `limit` (1 to 1000)."""
        ...

    def open(self, record: ArchiveRecord) -> dict[str, Any]:
        """Decrypt one record to WeCom's message fields; PlatformError when it cannot be opened."""
        ...


def read_records(fields: Mapping[str, Any]) -> tuple[ArchiveRecord, ...]:
    """Read the `chatdata` of an answer, in ascending order of seq."""
    rows = [
        ArchiveRecord(
            int(row["seq"]),
            str(row["msgid"]),
            int(row["publickey_ver"]),
            str(row["encrypt_random_key"]),
            str(row["encrypt_chat_msg"]),
        )
        for row in fields.get("chatdata") or ()
    ]
    return tuple(sorted(rows, key=lambda record: record.seq))


def open_random_key(record: ArchiveRecord, private_keys: Mapping[int, str]) -> bytes:
    """Unwrap a record's random key with the private key of its version (RSA-2048, PKCS#1 v1.5)."""
    pem = private_keys.get(record.publickey_ver)
    if pem is None:
        raise _unopened(record, KEY_MISSING, f"no private key of version {record.publickey_ver}")
    try:
        wrapped = base64.b64decode(record.encrypt_random_key, validate=True)
        return rsa.private_key(pem).decrypt(wrapped, padding.PKCS1v15())
    except (binascii.Error, ValueError) as error:
        raise _unopened(record, DECRYPT_FAILED, "the random key does not open") from error


def read_message(record: ArchiveRecord, plain: bytes) -> dict[str, Any]:
    """Parse a decrypted record."""
    try:
        fields = json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise _unopened(record, DECRYPT_FAILED, "the opened record is not JSON") from error
    if not isinstance(fields, dict):
        raise _unopened(record, DECRYPT_FAILED, "the opened record is not an object")
    return fields


class SandboxArchive:
    """The archive of the sandbox, over HTTP and with the sandbox's own documented inner cipher.

    Tencent's inner cipher is private to its library; only the RSA part is the same as in production.
    """

    def __init__(
        self,
        *,
        base_url: str,
        corpid: str,
        secret: str,
        private_keys: Mapping[int, str],
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._corpid = corpid
        self._secret = secret
        self._private_keys = dict(private_keys)
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq`; re-entrant from any seq."""
        assert 1 <= limit <= LIMIT_MAX
        payload = {"corpid": self._corpid, "secret": self._secret, "seq": seq, "limit": limit}
        request = Request(
            "POST", "/_finance/chatdata", body=dump(payload), headers={"Content-Type": "application/json"}
        )
        fields = self._transport.call(
            request, lambda reply: read_json(reply, platform=PLATFORM), idempotent=True
        )
        return read_records(fields)

    def open(self, record: ArchiveRecord) -> dict[str, Any]:
        """Decrypt: AES-256-CBC, key = SHA-256 of the random key, IV in the first 16 bytes, PKCS#7 of 16."""
        random_key = open_random_key(record, self._private_keys)
        try:
            sealed = base64.b64decode(record.encrypt_chat_msg, validate=True)
            cipher = Cipher(algorithms.AES256(sha256(random_key).digest()), modes.CBC(sealed[:16]))
            decryptor, unpadder = cipher.decryptor(), block_padding.PKCS7(128).unpadder()
            padded = decryptor.update(sealed[16:]) + decryptor.finalize()
            plain = unpadder.update(padded) + unpadder.finalize()
        except (binascii.Error, ValueError) as error:
            raise _unopened(record, DECRYPT_FAILED, "the message does not open") from error
        return read_message(record, plain)


def _unopened(record: ArchiveRecord, code: str, why: str) -> PlatformError:
    return PlatformError(
        f"archive record {record.seq}: {why}", platform=PLATFORM, code=code, kind=ErrorKind.INVALID
    )
