"""One taxonomy for everything a platform can do to us, so that callers decide by kind and not by code."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ErrorKind(StrEnum):
    """What a caller can do about a failure; the platform's own code stays in `PlatformError.code`."""

    BUSY = "busy"  # the platform says: later
    RATE = "rate"  # a quota or a frequency limit is used up
    AUTH = "auth"  # our credential or token is refused
    DENIED = "denied"  # a permission, a window or a consent is missing
    INVALID = "invalid"  # the request is wrong and stays wrong
    STATE = "state"  # the object is not in the state the call needs (paid, closed, not found)
    FORGED = "forged"  # a signature, a serial or a time does not hold
    UNREACHABLE = "unreachable"  # nothing left this machine: no connection
    UNKNOWN_OUTCOME = "unknown_outcome"  # it was sent and no answer proves what happened


_RETRYABLE = frozenset({ErrorKind.BUSY, ErrorKind.UNREACHABLE})


class PlatformError(Exception):
    """The world's failure at a platform: refused, busy, unreachable, or of unknown outcome.

    `retryable` says that the *same* request may be sent again later without doing a thing twice. An outcome
    that is unknown is never retryable by itself: query first, or repeat under the same merchant number.
    `answer` holds the fields of a refusal that says more than its code.
    """

    def __init__(
        self,
        message: str,
        *,
        platform: str,
        code: str = "",
        kind: ErrorKind,
        request_id: str = "",
        retryable: bool | None = None,
        answer: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.answer = answer or {}
        self.platform = platform
        self.code = code
        self.message = message
        self.request_id = request_id
        self.kind = kind
        self.retryable = kind in _RETRYABLE if retryable is None else retryable

    def __str__(self) -> str:
        trail = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.platform} {self.kind}: {self.code} {self.message}{trail}".replace("  ", " ")


class Forged(PlatformError):
    """An answer or a notification that the platform's key does not vouch for; nothing in it may be used."""

    def __init__(self, message: str, *, platform: str, code: str = "FORGED", request_id: str = "") -> None:
        super().__init__(
            message,
            platform=platform,
            code=code,
            kind=ErrorKind.FORGED,
            request_id=request_id,
            retryable=False,
        )
