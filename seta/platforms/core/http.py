"""One request core: every call is timed, journalled, bounded, and repeated only where repeating is safe."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import structlog

from seta.platforms.core.errors import ErrorKind, PlatformError

T = TypeVar("T")

ATTEMPTS_MAX = 3
BACKOFF_SECONDS = (0.2, 0.8)
REPLY_BYTES_MAX = 64 * 1024 * 1024
TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=3.0)

_REPEATABLE = frozenset({ErrorKind.BUSY, ErrorKind.UNREACHABLE, ErrorKind.UNKNOWN_OUTCOME})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_log = structlog.get_logger("seta.platforms")

# httpx would log whole addresses, and ours carry access tokens and secrets in their query.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Request:
    """One call to a platform. `sign` is asked anew for each attempt and gets the path and query as sent."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    sign: Callable[[str], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class Reply:
    """A complete answer; `sent_at` and `received_at` are unix seconds of our clock."""

    status: int
    headers: httpx.Headers
    body: bytes
    sent_at: float
    received_at: float

    @property
    def content_type(self) -> str:
        """The media type in lower case, parameters left out."""
        return str(self.headers.get("content-type", "")).split(";")[0].strip().lower()


def base_address(base_url: str) -> str:
    """Check a base URL and return it without a trailing slash; ValueError when it is not http(s)."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url must be an http(s) address, not {base_url!r}")
    return base_url.rstrip("/")


def shared_client(base_url: str) -> httpx.Client:
    """Return the process's client for an address, so that connections outlive the family clients."""
    return _client(urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1"))


@lru_cache(maxsize=2)
def _client(loopback: bool) -> httpx.Client:
    # A proxy from the environment must never carry a call to this machine itself.
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4.0)
    return httpx.Client(timeout=TIMEOUT, limits=limits, trust_env=not loopback)


class Transport:
    """Sends requests of one platform to one base URL."""

    def __init__(
        self,
        *,
        platform: str,
        base_url: str,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.platform = platform
        self.base_url = base_address(base_url)
        self._http = http if http is not None else shared_client(base_url)
        self._now = now
        self._pause = pause

    def towards(self, base_url: str) -> "Transport":
        """Return the same transport for another address of the same platform."""
        return Transport(
            platform=self.platform, base_url=base_url, http=self._http, now=self._now, pause=self._pause
        )

    def call(self, request: Request, read: Callable[[Reply], T], *, idempotent: bool) -> T:
        """Send a request and return what `read` makes of the answer; `read` raises PlatformError on refusal.

        An idempotent call is sent up to 3 times when the platform is busy, unreachable or silent. Any
        other is repeated only when no connection was made, because then nothing can have happened.
        """
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                return self._attempt(request, read, attempt, idempotent)
            except PlatformError as error:
                safe = idempotent or error.kind is ErrorKind.UNREACHABLE
                if attempt == ATTEMPTS_MAX or not safe or error.kind not in _REPEATABLE:
                    raise
            self._pause(BACKOFF_SECONDS[attempt - 1])
        raise AssertionError("unreachable")

    def _attempt(self, request: Request, read: Callable[[Reply], T], attempt: int, idempotent: bool) -> T:
        started, status, failure = time.monotonic(), 0, None
        try:
            reply = self._send(request, idempotent)
            status = reply.status
            self._refuse_outage(reply, idempotent)
            return read(reply)
        except PlatformError as error:
            failure = error
            raise
        finally:
            # The query carries tokens and secrets, also where an address was given whole: only its path is journalled.
            _log.info(
                "platform.call",
                platform=self.platform,
                method=request.method,
                path=request.path.partition("?")[0],
                status=status,
                attempt=attempt,
                ms=round((time.monotonic() - started) * 1000, 1),
                **_outcome(failure),
            )

    def _send(self, request: Request, idempotent: bool) -> Reply:
        built = self._http.build_request(
            request.method,
            self.base_url + request.path,
            params=list(request.query) or None,
            content=request.body,
            headers=dict(request.headers or {}),
        )
        if request.sign:
            built.headers.update(request.sign(built.url.raw_path.decode("ascii")))
        sent_at = self._now()
        try:
            response = self._http.send(built, stream=True)
            try:
                body = self._read(response)
            finally:
                response.close()
        except _NOT_SENT as error:
            raise self._failed(ErrorKind.UNREACHABLE, "NO_CONNECTION", f"cannot connect: {error}") from error
        except httpx.TransportError as error:
            message = f"no complete answer: {error or type(error).__name__}"
            raise self._failed(ErrorKind.UNKNOWN_OUTCOME, "NO_ANSWER", message, idempotent) from error
        return Reply(response.status_code, response.headers, body, sent_at, self._now())

    def _read(self, response: httpx.Response) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > REPLY_BYTES_MAX:
                raise self._failed(ErrorKind.INVALID, "TOO_LARGE", "the answer is larger than 64 MB")
            chunks.append(chunk)
        return b"".join(chunks)

    def _refuse_outage(self, reply: Reply, idempotent: bool) -> None:
        """A gateway's error page says nothing about what happened behind it."""
        if reply.status >= 500 and reply.content_type != "application/json":
            kind = ErrorKind.BUSY if idempotent else ErrorKind.UNKNOWN_OUTCOME
            raise self._failed(kind, f"HTTP_{reply.status}", "the platform is failing")

    def _failed(
        self, kind: ErrorKind, code: str, message: str, retryable: bool | None = None
    ) -> PlatformError:
        return PlatformError(message, platform=self.platform, code=code, kind=kind, retryable=retryable)


def _outcome(failure: PlatformError | None) -> dict[str, str]:
    if failure is None:
        return {"outcome": "ok"}
    return {"outcome": failure.kind.value, "code": failure.code, "request_id": failure.request_id}
