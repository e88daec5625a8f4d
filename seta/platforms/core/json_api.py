"""The JSON dialect of WeChat and WeCom: token in the query, `errcode` in the body, HTTP 200 for all."""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from seta.platforms.core.answers import Answer, parse_answer
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.http import Reply, Request, Transport
from seta.platforms.core.tokens import TokenCache

T = TypeVar("T")

Fields = Mapping[str, Any]

_REQUEST_ID = re.compile(r"(?:rid: |hint: \[)([A-Za-z0-9_-]+)")

# Codes by what a caller can do about them; what is not listed here is a request that is wrong.
_KINDS: dict[ErrorKind, Sequence[int]] = {
    ErrorKind.BUSY: (-1, 41096, 45033, 61503),
    ErrorKind.RATE: (45009, 45011, 45029, 45047, 45065, 45066, 45083, 45084, 48006, 44990, 50002),
    ErrorKind.AUTH: (
        40001,
        40002,
        40013,
        40014,
        40091,
        40125,
        40164,
        41001,
        41002,
        41004,
        42001,
        42007,
        60020,
        61004,
    ),
    ErrorKind.DENIED: (
        *(43004, 43005, 43019, 43101, 43107, 43108, 45015, 46004, 48001, 48002, 48004, 48008, 50001, 50005),
        *(60011, 81013, 84061, 84074, 301052, 301053, 40226, 41053, 41054),
    ),
    ErrorKind.STATE: (40029, 40163, 41050, 41051, 42003, 46003, 48005, 45058, 45157, 84014, 87009, 41044),
}
_KIND_BY_CODE = {str(code): kind for kind, codes in _KINDS.items() for code in codes}


def dump(payload: Fields) -> bytes:
    r"""Write JSON as WeChat wants it: raw UTF-8, never `\uXXXX`."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(reply: Reply, *, platform: str) -> Answer:
    """Return the fields of a successful answer; PlatformError for an `errcode`, a bad status, no JSON."""
    fields = parse_answer(reply.body, platform=platform)
    if fields is None:
        kind = ErrorKind.UNKNOWN_OUTCOME if reply.status < 400 else ErrorKind.INVALID
        raise PlatformError(
            f"answer with status {reply.status} is not a JSON object",
            platform=platform,
            code="UNREADABLE",
            kind=kind,
        )
    code = str(fields.get("errcode", 0))
    if code == "0" and reply.status < 400:
        return fields
    message = str(fields.get("errmsg", ""))
    found = _REQUEST_ID.search(message)
    kind = _KIND_BY_CODE.get(code, ErrorKind.INVALID)
    if code == "0":
        code, kind = f"HTTP_{reply.status}", ErrorKind.UNKNOWN_OUTCOME
    raise PlatformError(
        message,
        platform=platform,
        code=code,
        kind=kind,
        request_id=found.group(1) if found else "",
        answer=fields,
    )


def read_binary(reply: Reply, *, platform: str) -> bytes:
    """Return the bytes of an image or a file; these endpoints answer JSON only to refuse."""
    if reply.status >= 400 or reply.content_type in ("application/json", "text/plain"):
        read_json(reply, platform=platform)
        raise PlatformError(
            "JSON where a file was due", platform=platform, code="UNREADABLE", kind=ErrorKind.UNKNOWN_OUTCOME
        )
    return reply.body


class JsonApi:
    """Calls with a token. `idempotent` says that doing the call twice equals doing it once."""

    def __init__(self, *, transport: Transport, tokens: TokenCache) -> None:
        self._transport = transport
        self._tokens = tokens

    @property
    def platform(self) -> str:
        """The family's name in errors and in the journal."""
        return self._transport.platform

    def get(self, path: str, **query: str) -> Answer:
        """Read something; always idempotent."""
        return self._json("GET", path, query, b"", idempotent=True)

    def post(self, path: str, payload: Fields, *, idempotent: bool = False) -> Answer:
        """Send a JSON body and return the answer's fields."""
        return self._json("POST", path, {}, dump(payload), idempotent=idempotent)

    def file(self, path: str, payload: Fields) -> bytes:
        """Send a JSON body and return the file that answers it."""

        def read(reply: Reply) -> bytes:
            return read_binary(reply, platform=self.platform)

        return self._call("POST", path, {}, dump(payload), read, idempotent=True)

    def upload(
        self, path: str, *, filename: str, content: bytes, media_type: str, query: Fields | None = None
    ) -> Answer:
        """Send one file as the multipart field `media`; `query` goes into the address beside the token."""
        boundary, body = _multipart(filename, content, media_type)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._call("POST", path, query or {}, body, self._read, idempotent=False, headers=headers)

    def _json(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, *, idempotent: bool
    ) -> Answer:
        return self._call(method, path, query, body, self._read, idempotent=idempotent)

    def _read(self, reply: Reply) -> Answer:
        return read_json(reply, platform=self.platform)

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes,
        read: Callable[[Reply], T],
        *,
        idempotent: bool,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        sent = headers or ({"Content-Type": "application/json"} if body else {})

        def once(token: str) -> T:
            pairs = (("access_token", token), *query.items())
            request = Request(method, path, pairs, body, sent)
            return self._transport.call(request, read, idempotent=idempotent)

        return self._tokens.use(once)


def _multipart(filename: str, content: bytes, media_type: str) -> tuple[str, bytes]:
    boundary = f"seta{secrets.token_hex(12)}"
    safe = re.sub(r'[\r\n"\\]', "_", filename)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{safe}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return boundary, head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
