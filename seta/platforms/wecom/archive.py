"""The conversation archive behind one port: Tencent's Finance SDK, or the sandbox's endpoint."""

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, Protocol

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta.platforms.core import rsa
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.http import Request, Transport
from seta.platforms.core.json_api import dump, read_json
from seta.platforms.wecom.client import PLATFORM

LIMIT_MAX = 1000
CALLS_PER_MINUTE_MAX = 600
CHUNK_BYTES_MAX = 512 << 10
MESSAGE_BYTES_MAX = 4 << 20
DECRYPT_FAILED = "10006"
KEY_MISSING = "KEY_VERSION"
TOO_LARGE = "TOO_LARGE"

_BLOCK_BYTES = 16
_PKCS1 = padding.PKCS1v15()


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """One sealed record as delivered; `seq` is the cursor, `publickey_ver` says whose key opens it."""

    seq: int
    msgid: str
    publickey_ver: int
    encrypt_random_key: str
    encrypt_chat_msg: str


@dataclass(frozen=True)
class MediaChunk:
    """A piece of a file, at most 512 KB; `following` asks for the next one and is empty after the last."""

    data: bytes
    following: str
    is_last: bool


class RecordOpener(Protocol):
    """Opens records and nothing else; can be sent to another process, since decrypting needs no connection."""

    @property
    def versions(self) -> frozenset[int]:
        """The key versions it has a private key of."""
        ...

    def unwrap(self, record: ArchiveRecord) -> bytes:
        """A record's random key, which is nearly all of the work; PlatformError."""
        ...

    def decrypt(self, record: ArchiveRecord, random_key: bytes) -> bytes:
        """A record's JSON, with its random key; PlatformError."""
        ...


class ArchiveSource(Protocol):
    """Where archived messages come from."""

    @property
    def opener(self) -> RecordOpener:
        """What opens this source's records."""
        ...

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq` in ascending order, at most `limit` (1 to 1000)."""
        ...

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        """A piece of a file, from its start or from where the last piece said."""
        ...


class Pace:
    """At most `calls` in any `seconds`: a caller that is too fast waits here instead of being refused there."""

    def __init__(
        self,
        calls: int = CALLS_PER_MINUTE_MAX,
        seconds: float = 60.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls, self._seconds, self._clock, self._pause = calls, seconds, clock, pause
        self._made: list[float] = []

    def wait(self) -> None:
        """Return when one more call may be made, and count it."""
        now = self._clock()
        if len(self._made) >= self._calls:
            rest = self._made[-self._calls] + self._seconds - now
            if rest > 0:
                self._pause(rest)
                now = self._clock()
            del self._made[: -self._calls]
        self._made.append(now)


class _Page(msgspec.Struct):
    chatdata: list[ArchiveRecord]
    errcode: int = 0


_read_page = msgspec.json.Decoder(_Page)


def read_page(body: bytes) -> tuple[ArchiveRecord, ...] | None:
    """The records of a successful answer that has the documented shape, in ascending order; None for any other."""
    try:
        page = _read_page.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return None if page.errcode else tuple(sorted(page.chatdata, key=lambda record: record.seq))


def read_records(fields: Mapping[str, Any]) -> tuple[ArchiveRecord, ...]:
    """Read the `chatdata` of an answer, in ascending order of seq.

    A row without a number cannot be placed and is refused; anything else that is wrong with it shows when it is opened.
    """
    rows = [_record(row) for row in fields.get("chatdata") or ()]
    return tuple(sorted(rows, key=lambda record: record.seq))


def _record(row: Any) -> ArchiveRecord:
    try:
        version = row.get("publickey_ver", 0)
        return ArchiveRecord(
            int(row["seq"]),
            str(row.get("msgid", "")),
            int(version) if str(version).isdecimal() else 0,
            str(row.get("encrypt_random_key", "")),
            str(row.get("encrypt_chat_msg", "")),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise PlatformError(
            "a row of the archive has no number",
            platform=PLATFORM,
            code="UNREADABLE",
            kind=ErrorKind.UNKNOWN_OUTCOME,
        ) from problem


def open_random_key(record: ArchiveRecord, private_keys: Mapping[int, str]) -> bytes:
    """Unwrap a record's random key with the private key of its version (RSA-2048, PKCS#1 v1.5)."""
    pem = private_keys.get(record.publickey_ver)
    if pem is None:
        raise _unopened(record, KEY_MISSING, f"no private key of version {record.publickey_ver}")
    if len(record.encrypt_chat_msg) > MESSAGE_BYTES_MAX:
        raise _unopened(record, TOO_LARGE, f"more than {MESSAGE_BYTES_MAX >> 20} MB in one message")
    try:
        return rsa.private_key(pem).decrypt(_unbase64(record.encrypt_random_key), _PKCS1)
    except (binascii.Error, ValueError) as error:
        raise _unopened(record, DECRYPT_FAILED, "the random key does not open") from error


def read_message(record: ArchiveRecord, plain: bytes) -> dict[str, Any]:
    """Parse a decrypted record."""
    try:
        fields = read_json_object(plain)
    except (ValueError, RecursionError) as error:
        raise _unopened(record, DECRYPT_FAILED, "the opened record is not JSON") from error
    if not isinstance(fields, dict):
        raise _unopened(record, DECRYPT_FAILED, "the opened record is not an object")
    return fields


def read_json_object(plain: bytes) -> Any:
    """Any JSON; also with lone surrogates, which the fast reader refuses. ValueError, RecursionError."""
    try:
        return msgspec.json.decode(plain)
    except (msgspec.DecodeError, UnicodeError):
        return json.loads(plain)


@dataclass(frozen=True)
class SandboxOpener:
    """The sandbox's own inner cipher; Tencent's is private to its library, and only the RSA part is the same."""

    private_keys: Mapping[int, str] = field(repr=False)

    @property
    def versions(self) -> frozenset[int]:
        """The key versions it has a private key of."""
        return frozenset(self.private_keys)

    def unwrap(self, record: ArchiveRecord) -> bytes:
        """A record's random key; PlatformError when there is no key of its version or it is another."""
        return open_random_key(record, self.private_keys)

    def decrypt(self, record: ArchiveRecord, random_key: bytes) -> bytes:
        """AES-256-CBC, key = SHA-256 of the random key, IV in the first 16 bytes, PKCS#7 of 16; PlatformError."""
        try:
            sealed = _unbase64(record.encrypt_chat_msg)
            cipher = Cipher(
                algorithms.AES256(sha256(random_key).digest()), modes.CBC(sealed[:_BLOCK_BYTES])
            ).decryptor()
            return _unpadded(cipher.update(sealed[_BLOCK_BYTES:]) + cipher.finalize())
        except (binascii.Error, ValueError) as error:
            raise _unopened(record, DECRYPT_FAILED, "the message does not open") from error


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1] if padded else 0
    if not 1 <= count <= _BLOCK_BYTES or padded[-count:] != bytes([count]) * count:
        raise ValueError("the padding is wrong")
    return padded[:-count]


def _unbase64(text: str) -> bytes:
    return binascii.a2b_base64(text, strict_mode=True)


@cache
def pace_of(corpid: str) -> Pace:
    """The one pace of a company in this process, whatever number of clients it has."""
    return Pace()


class SandboxArchive:
    """The archive of the sandbox, over HTTP and with the sandbox's own documented inner cipher."""

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
        self._opener = SandboxOpener(dict(private_keys))
        self._pace = pace_of(corpid)
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)

    @property
    def opener(self) -> SandboxOpener:
        """What opens this source's records."""
        return self._opener

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq`; re-entrant from any seq."""
        assert 1 <= limit <= LIMIT_MAX
        self._pace.wait()
        payload = {"corpid": self._corpid, "secret": self._secret, "seq": seq, "limit": limit}

        def read(reply: Any) -> tuple[ArchiveRecord, ...]:
            found = read_page(reply.body) if reply.status < 400 else None
            return read_records(read_json(reply, platform=PLATFORM)) if found is None else found

        return self._transport.call(_post("/_finance/chatdata", payload), read, idempotent=True)

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        """A piece of a file; refused with 10005 when it is unknown and 10010 when it is older than five days."""
        self._pace.wait()
        asked = {
            "corpid": self._corpid,
            "secret": self._secret,
            "sdkfileid": sdkfileid,
            "indexbuf": following,
        }
        fields = self._transport.call(
            _post("/_finance/mediadata", asked),
            lambda reply: read_json(reply, platform=PLATFORM),
            idempotent=True,
        )
        try:
            data = base64.b64decode(str(fields["data"]), validate=True)
        except (KeyError, binascii.Error) as error:
            raise PlatformError(
                "a piece of a file is not base64",
                platform=PLATFORM,
                code="UNREADABLE",
                kind=ErrorKind.UNKNOWN_OUTCOME,
            ) from error
        return MediaChunk(data, str(fields.get("outindexbuf", "")), bool(fields.get("is_finish")))

    def open(self, record: ArchiveRecord) -> dict[str, Any]:
        """A record's fields; PlatformError when it cannot be opened."""
        return read_message(record, self._opener.decrypt(record, self._opener.unwrap(record)))


def whole_media(source: ArchiveSource, sdkfileid: str, *, bytes_max: int) -> bytes:
    """A small file in memory; PlatformError with TOO_LARGE for one that is longer than `bytes_max`."""
    content, following = bytearray(), ""
    while True:
        chunk = source.media_chunk(sdkfileid, following)
        content += chunk.data
        following = chunk.following
        if len(content) > bytes_max or (not chunk.is_last and not following):
            raise PlatformError(
                "the file never ends", platform=PLATFORM, code=TOO_LARGE, kind=ErrorKind.INVALID
            )
        if chunk.is_last:
            return bytes(content)


def _post(path: str, payload: Mapping[str, Any]) -> Request:
    return Request("POST", path, body=dump(payload), headers={"Content-Type": "application/json"})


def _unopened(record: ArchiveRecord, code: str, why: str) -> PlatformError:
    return PlatformError(
        f"archive record {record.seq}: {why}", platform=PLATFORM, code=code, kind=ErrorKind.INVALID
    )


def versions_of(secrets: Mapping[str, str]) -> dict[int, str]:
    """Private keys by version among an account's secrets.

    The present one is `archive_private_key` with `archive_publickey_ver`; earlier ones are kept as
    `archive_private_key_N`, since WeCom gives out what they seal for five days more and dead letters wait longer.
    """
    keys = {
        int(name.removeprefix("archive_private_key_")): pem
        for name, pem in secrets.items()
        if name.startswith("archive_private_key_") and name[20:].isdecimal() and pem
    }
    version = secrets.get("archive_publickey_ver", "")
    if version.isdecimal() and secrets.get("archive_private_key"):
        keys[int(version)] = secrets["archive_private_key"]
    return keys
