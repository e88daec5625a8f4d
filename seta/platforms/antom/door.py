"""The signed road to Antom: the bytes signed are the bytes sent, and an answer counts once its signature holds."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from seta.platforms.antom.signing import PLATFORM, holds, signature_header, signed_bytes
from seta.platforms.core.answers import Answer, parse_answer
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.core.http import Reply, Request, Transport

SANDBOX_CLIENT = "SANDBOX_"

_KINDS = {
    "ACCESS_DENIED": ErrorKind.DENIED,
    "CLIENT_FORBIDDEN_ACCESS_API": ErrorKind.DENIED,
    "CURRENCY_NOT_SUPPORT": ErrorKind.INVALID,
    "INVALID_API": ErrorKind.INVALID,
    "INVALID_SIGNATURE": ErrorKind.AUTH,
    "KEY_NOT_FOUND": ErrorKind.AUTH,
    "PARAM_ILLEGAL": ErrorKind.INVALID,
    "REPEAT_REQ_INCONSISTENT": ErrorKind.INVALID,
    "REQUEST_TRAFFIC_EXCEED_LIMIT": ErrorKind.RATE,
    "SETTLE_CURRENCY_NOT_SUPPORT": ErrorKind.INVALID,
    "UNKNOWN_CLIENT": ErrorKind.AUTH,
}
# The same refund under its same number is to be asked for again later.
_LATER = frozenset({"MERCHANT_BALANCE_NOT_ENOUGH", "REQUEST_TRAFFIC_EXCEED_LIMIT"})


class Door:
    """Calls of one client id. `call` returns proven fields and raises PlatformError for every refusal."""

    def __init__(
        self,
        *,
        client_id: str,
        private_key: str,
        antom_public_key: str,
        former_public_key: str,
        key_version: str,
        base_url: str,
        http: httpx.Client | None,
        now: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self.client_id = client_id
        self._private_key = private_key
        self._public_keys = [key for key in (antom_public_key, former_public_key) if key]
        self._key_version = key_version
        self._now = now
        self._root = "/ams/sandbox/api/v1" if client_id.startswith(SANDBOX_CLIENT) else "/ams/api/v1"
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)
        self.clock_skew_seconds: float | None = None

    def call(
        self, name: str, payload: Mapping[str, Any], *, idempotent: bool, waiting: tuple[str, ...] = ()
    ) -> Answer:
        """Send one call; a result of U with a code in `waiting` is an answer, every other refusal is raised."""
        path = f"{self._root}/payments/{name}"
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()

        def read(reply: Reply) -> Answer:
            fields = self._proven(reply, path)
            result = fields["result"]
            status, code = str(result["resultStatus"]), str(result["resultCode"])
            if status != "S" and not (status == "U" and code in waiting):
                raise _refusal(status, code, str(result.get("resultMessage") or ""), idempotent)
            return fields

        def sign(target: str) -> dict[str, str]:
            return self._headers(path, body)

        return self._transport.call(Request("POST", path, (), body, None, sign), read, idempotent=idempotent)

    def _headers(self, path: str, body: bytes) -> dict[str, str]:
        at = datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="seconds")
        message = signed_bytes(path=path, client_id=self.client_id, at=at, body=body)
        return {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "seta",
            "Client-Id": self.client_id,
            "Request-Time": at,
            "Signature": signature_header(self._private_key, message, key_version=self._key_version),
        }

    def _proven(self, reply: Reply, path: str) -> Answer:
        fields = parse_answer(reply.body, platform=PLATFORM)
        if fields is None or not isinstance(fields.get("result"), dict):
            raise PlatformError(
                f"status {reply.status} without a result",
                platform=PLATFORM,
                code="UNREADABLE",
                kind=ErrorKind.UNKNOWN_OUTCOME,
            )
        self._measure(reply)
        signature = reply.headers.get("signature", "")
        if not signature and fields["result"].get("resultStatus") in ("F", "U"):
            # Refusals by the gateway itself may come unsigned; they prove nothing and move nothing.
            return fields
        at, client = reply.headers.get("response-time", ""), reply.headers.get("client-id", "")
        message = signed_bytes(path=path, client_id=self.client_id, at=at, body=reply.body)
        if client != self.client_id or not any(holds(key, message, signature) for key in self._public_keys):
            raise Forged("the answer's signature does not hold", platform=PLATFORM, code="SIGNATURE")
        return fields

    def _measure(self, reply: Reply) -> None:
        """Positive skew: their clock is ahead of ours."""
        try:
            theirs = datetime.fromisoformat(reply.headers.get("response-time", ""))
        except ValueError:
            return
        if theirs.tzinfo is not None:
            middle = (reply.sent_at + reply.received_at) / 2
            self.clock_skew_seconds = round(theirs.timestamp() - middle, 1)


def _refusal(status: str, code: str, message: str, idempotent: bool) -> PlatformError:
    kind = _KINDS.get(code, ErrorKind.STATE)
    if status == "U" and kind is ErrorKind.STATE:
        # Antom itself does not know: the same request may be sent again only where it cannot charge twice.
        kind = ErrorKind.BUSY if idempotent else ErrorKind.UNKNOWN_OUTCOME
    return PlatformError(
        message, platform=PLATFORM, code=code, kind=kind, retryable=True if code in _LATER else None
    )
