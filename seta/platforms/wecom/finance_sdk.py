"""Tencent's Finance SDK (libWeWorkFinanceSdk_C.so) through ctypes, every signature declared."""

import ctypes
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wecom.archive import (
    LIMIT_MAX,
    ArchiveRecord,
    MediaChunk,
    open_random_key,
    pace_of,
    read_message,
    read_page,
    read_records,
    whole_media,
)
from seta.platforms.wecom.client import PLATFORM

TIMEOUT_SECONDS = 10
MEDIA_BYTES_MAX = 512 * 1024 * 1024

# 10001 network, 10002 parse and 10003 system may be tried again; the others stay wrong.
_KINDS = {
    10001: ErrorKind.BUSY,
    10002: ErrorKind.BUSY,
    10003: ErrorKind.BUSY,
    10009: ErrorKind.AUTH,
    10010: ErrorKind.STATE,
}

_pointer, _text, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int

# Without argtypes a 64-bit handle is cut to 32 bits and the process dies: (argtypes, restype) of every call.
_ABI: dict[str, tuple[list[Any], Any]] = {
    "NewSdk": ([], _pointer),
    "DestroySdk": ([_pointer], None),
    "Init": ([_pointer, _text, _text], _int),
    "GetChatData": (
        [_pointer, ctypes.c_ulonglong, ctypes.c_uint, _text, _text, _int, _pointer],
        _int,
    ),
    "DecryptData": ([_text, _text, _pointer], _int),
    "GetMediaData": ([_pointer, _text, _text, _text, _text, _int, _pointer], _int),
    "NewSlice": ([], _pointer),
    "FreeSlice": ([_pointer], None),
    "GetContentFromSlice": ([_pointer], _pointer),
    "GetSliceLen": ([_pointer], _int),
    "NewMediaData": ([], _pointer),
    "FreeMediaData": ([_pointer], None),
    "GetOutIndexBuf": ([_pointer], _pointer),
    "GetIndexLen": ([_pointer], _int),
    "GetData": ([_pointer], _pointer),
    "GetDataLen": ([_pointer], _int),
    "IsMediaDataFinish": ([_pointer], _int),
}


@cache
def _loaded(path: str) -> Any:
    """The library with every signature declared; once a process."""
    functions = ctypes.CDLL(path)
    for name, (argtypes, restype) in _ABI.items():
        function = getattr(functions, name)
        function.argtypes, function.restype = argtypes, restype
    return functions


def load(path: Path) -> Any:
    """Tencent's library; PlatformError that says what to do when it is not there or is not one."""
    try:
        return _loaded(str(path))
    except (OSError, AttributeError) as problem:
        raise _failed(
            "LIBRARY",
            "Finance SDK",
            f"{path} cannot be used ({problem}): download the C library for this processor and name its path",
            ErrorKind.INVALID,
        ) from problem


@dataclass(frozen=True)
class LibraryOpener:
    """Unwraps the random key itself and lets the library at `path` open the message; needs no handle."""

    path: Path
    private_keys: Mapping[int, str] = field(repr=False)

    @property
    def versions(self) -> frozenset[int]:
        """The key versions it has a private key of."""
        return frozenset(self.private_keys)

    def unwrap(self, record: ArchiveRecord) -> bytes:
        """A record's random key; PlatformError when there is no key of its version or it is another."""
        return open_random_key(record, self.private_keys)

    def decrypt(self, record: ArchiveRecord, random_key: bytes) -> bytes:
        """A record's JSON; PlatformError when the library cannot open it."""
        message, lib = record.encrypt_chat_msg.encode("utf-8", "replace"), load(self.path)
        return _sliced(lib, "DecryptData", lambda out: lib.DecryptData(random_key, message, out))


class FinanceSdk:
    """An `ArchiveSource` over the shared library at `path`; one handle, calls taken one at a time."""

    def __init__(
        self,
        *,
        path: Path,
        corpid: str,
        secret: str,
        private_keys: Mapping[int, str],
        proxy: str = "",
        proxy_password: str = "",
    ) -> None:
        self._lib = load(path)
        self._proxy = (proxy.encode(), proxy_password.encode())
        self._opener = LibraryOpener(path, dict(private_keys))
        self._pace = pace_of(corpid)
        self._lock = Lock()
        self._sdk = self._lib.NewSdk()
        try:
            _check(self._lib.Init(self._sdk, corpid.encode(), secret.encode()), "Init")
        except PlatformError:
            self.close()
            raise

    @property
    def opener(self) -> LibraryOpener:
        """What opens this source's records."""
        return self._opener

    def close(self) -> None:
        """Give the library's handle back; the source is of no use afterwards."""
        with self._lock:
            if self._sdk:
                self._lib.DestroySdk(self._sdk)
            self._sdk = None

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq`; the platform keeps 5 days."""
        assert 1 <= limit <= LIMIT_MAX
        self._pace.wait()
        with self._lock:
            self._require_open()
            body = _sliced(
                self._lib,
                "GetChatData",
                lambda out: self._lib.GetChatData(self._sdk, seq, limit, *self._proxy, TIMEOUT_SECONDS, out),
            )
        found = read_page(body)
        if found is not None:
            return found
        fields = _answer(body)
        _check(int(fields.get("errcode", 0)), "GetChatData", str(fields.get("errmsg", "")))
        return read_records(fields)

    def open(self, record: ArchiveRecord) -> dict[str, Any]:
        """A record's fields; PlatformError when it cannot be opened."""
        return read_message(record, self._opener.decrypt(record, self._opener.unwrap(record)))

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        """A piece of a file, at most 512 KB; its md5sum is yours to check."""
        self._pace.wait()
        with self._lock:
            self._require_open()
            data, index, is_last = self._media_chunk(following.encode(), sdkfileid.encode("utf-8", "replace"))
        return MediaChunk(data, index.decode("ascii", "replace"), is_last)

    def media(self, sdkfileid: str) -> bytes:
        """Fetch a whole file in chunks of 512 KB until the library says that it is whole."""
        return whole_media(self, sdkfileid, bytes_max=MEDIA_BYTES_MAX)

    def _require_open(self) -> None:
        if not self._sdk:
            raise _failed("CLOSED", "FinanceSdk", "the source was closed", ErrorKind.INVALID)

    def _media_chunk(self, index: bytes, fileid: bytes) -> tuple[bytes, bytes, bool]:
        lib, out = self._lib, self._lib.NewMediaData()
        try:
            code = lib.GetMediaData(self._sdk, index, fileid, *self._proxy, TIMEOUT_SECONDS, out)
            _check(code, "GetMediaData")
            data = ctypes.string_at(lib.GetData(out), lib.GetDataLen(out))
            following = ctypes.string_at(lib.GetOutIndexBuf(out), lib.GetIndexLen(out))
            return data, following, bool(lib.IsMediaDataFinish(out))
        finally:
            lib.FreeMediaData(out)


def _sliced(lib: Any, name: str, fill: Any) -> bytes:
    out = lib.NewSlice()
    try:
        _check(fill(out), name)
        return ctypes.string_at(lib.GetContentFromSlice(out), lib.GetSliceLen(out))
    finally:
        lib.FreeSlice(out)


def _answer(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise _failed("UNREADABLE", "GetChatData", "the answer is not a JSON object", ErrorKind.BUSY)
    return fields


def _check(code: int, call: str, message: str = "") -> None:
    if code:
        raise _failed(str(code), call, message or "refused", _KINDS.get(code, ErrorKind.INVALID))


def _failed(code: str, call: str, message: str, kind: ErrorKind) -> PlatformError:
    return PlatformError(f"{call}: {message}", platform=PLATFORM, code=code, kind=kind)
