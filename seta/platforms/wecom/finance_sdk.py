"""Tencent's Finance SDK (libWeWorkFinanceSdk_C.so) through ctypes, every signature declared."""

import ctypes
import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wecom.archive import (
    LIMIT_MAX,
    ArchiveRecord,
    open_random_key,
    read_message,
    read_records,
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


class FinanceSdk:
    """An `ArchiveSource` over the shared library at `library`; one handle, calls taken one at a time."""

    def __init__(
        self,
        *,
        library: Path,
        corpid: str,
        secret: str,
        private_keys: Mapping[int, str],
        proxy: str = "",
        proxy_password: str = "",
    ) -> None:
        self._lib = ctypes.CDLL(str(library))
        for name, (argtypes, restype) in _ABI.items():
            function = getattr(self._lib, name)
            function.argtypes, function.restype = argtypes, restype
        self._proxy = (proxy.encode(), proxy_password.encode())
        self._private_keys = dict(private_keys)
        self._lock = Lock()
        self._sdk = self._lib.NewSdk()
        try:
            _check(self._lib.Init(self._sdk, corpid.encode(), secret.encode()), "Init")
        except PlatformError:
            self.close()
            raise

    def close(self) -> None:
        """Give the library's handle back; the source is of no use afterwards."""
        with self._lock:
            if self._sdk:
                self._lib.DestroySdk(self._sdk)
            self._sdk = None

    def get_chat_data(self, seq: int, limit: int = LIMIT_MAX) -> tuple[ArchiveRecord, ...]:
        """Return the records after `seq`; the platform keeps 5 days."""
        assert 1 <= limit <= LIMIT_MAX
        with self._lock:
            self._require_open()
            body = self._sliced(
                "GetChatData",
                lambda out: self._lib.GetChatData(self._sdk, seq, limit, *self._proxy, TIMEOUT_SECONDS, out),
            )
        fields = json.loads(body)
        _check(int(fields.get("errcode", 0)), "GetChatData", str(fields.get("errmsg", "")))
        return read_records(fields)

    def open(self, record: ArchiveRecord) -> dict[str, Any]:
        """Unwrap the key ourselves and let the library open the message."""
        random_key = open_random_key(record, self._private_keys)
        message = record.encrypt_chat_msg.encode()
        plain = self._sliced("DecryptData", lambda out: self._lib.DecryptData(random_key, message, out))
        return read_message(record, plain)

    def media(self, sdkfileid: str) -> bytes:
        """Fetch a file in chunks of 512 KB until the library says it is whole; check its md5sum yourself."""
        content, index = bytearray(), b""
        while True:
            with self._lock:
                self._require_open()
                chunk, index, finished = self._media_chunk(index, sdkfileid.encode())
            content += chunk
            if finished:
                return bytes(content)
            if len(content) > MEDIA_BYTES_MAX or not index:
                raise _failed("TOO_LARGE", "GetMediaData", "the file never ends", ErrorKind.INVALID)

    def _require_open(self) -> None:
        if not self._sdk:
            raise _failed("CLOSED", "FinanceSdk", "the source was closed", ErrorKind.INVALID)

    def _sliced(self, name: str, fill: Any) -> bytes:
        out = self._lib.NewSlice()
        try:
            _check(fill(out), name)
            return ctypes.string_at(self._lib.GetContentFromSlice(out), self._lib.GetSliceLen(out))
        finally:
            self._lib.FreeSlice(out)

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


def _check(code: int, call: str, message: str = "") -> None:
    if code:
        raise _failed(str(code), call, message or "refused", _KINDS.get(code, ErrorKind.INVALID))


def _failed(code: str, call: str, message: str, kind: ErrorKind) -> PlatformError:
    return PlatformError(f"{call}: {message}", platform=PLATFORM, code=code, kind=kind)
