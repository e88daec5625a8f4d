"""The signed road to WeChat Pay: what goes out is signed byte for byte, what comes back is proven."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from seta.platforms.core import rsa
from seta.platforms.core.answers import Answer, parse_answer
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.core.http import Reply, Request, Transport
from seta.platforms.wechatpay.notifications import NotificationKeys
from seta.platforms.wechatpay.signing import PLATFORM, Verifier, authorization, open_resource

T = TypeVar("T")

BASE_URL = "https://api.mch.weixin.qq.com"

_KINDS = {
    "FREQUENCY_LIMITED": ErrorKind.RATE,
    "FREQUENCY_LIMIT_EXCEED": ErrorKind.RATE,
    "RATELIMIT_EXCEEDED": ErrorKind.RATE,
    "SIGN_ERROR": ErrorKind.AUTH,
    "MCH_NOT_EXISTS": ErrorKind.AUTH,
    "APPID_MCHID_NOT_MATCH": ErrorKind.AUTH,
    "NO_AUTH": ErrorKind.DENIED,
    "RULE_LIMIT": ErrorKind.DENIED,
    "PARAM_ERROR": ErrorKind.INVALID,
    "INVALID_REQUEST": ErrorKind.INVALID,
    "SYSTEM_ERROR": ErrorKind.BUSY,
    "SYSTEMERROR": ErrorKind.BUSY,
    "BANK_ERROR": ErrorKind.BUSY,
    "BANKERROR": ErrorKind.BUSY,
}
# Other codes (ORDER_PAID, AUTH_CODE_EXPIRED, NOT_ENOUGH, ...) tell of a state, whatever their status.
_KIND_BY_STATUS = {401: ErrorKind.AUTH, 429: ErrorKind.RATE}
# The same refund, reversal or bill, under its same number, is to be asked for again later.
_LATER = frozenset(
    {
        "NOT_ENOUGH",
        "NOTENOUGH",
        "USERPAYING",
        "STATEMENT_CREATING",
        "FREQUENCY_LIMITED",
        "FREQUENCY_LIMIT_EXCEED",
    }
)
# A refusal may come unsigned or signed with a key we were never given; a success may not.
_TOLERATED_ON_REFUSAL = frozenset({"UNSIGNED", "SERIAL", "OLD"})


class Door:
    """Signs requests with the merchant's key and checks answers in public-key mode, certificate mode or both."""

    def __init__(
        self,
        *,
        mchid: str,
        apiv3_key: str,
        merchant_serial: str,
        merchant_private_key: str,
        public_key_id: str,
        public_key: str,
        platform_certificates: Mapping[str, str],
        base_url: str,
        http: httpx.Client | None,
        now: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.mchid = mchid
        self._apiv3_key = apiv3_key
        self._serial = merchant_serial
        self._private_key = merchant_private_key
        self._public_key_id = public_key_id
        self._now = now
        self._nonce = nonce
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)
        self._lock = Lock()
        self._keys = dict(platform_certificates)
        if public_key_id:
            self._keys[public_key_id] = public_key
        self.clock_skew_seconds: float | None = None
        self._downloads_certificates = not public_key_id

    def notification_keys(self) -> NotificationKeys:
        """Everything that opens notifications for this merchant, downloaded certificates included."""
        with self._lock:
            return NotificationKeys(self._apiv3_key, dict(self._keys))

    def sign(self, message: str) -> str:
        """Sign a text with the merchant's key; for the pay sheet."""
        return rsa.sign(self._private_key, message.encode())

    def get(self, path: str, **query: str) -> Answer:
        """Read something; idempotent, answer proven."""
        return self._call(Request("GET", path, tuple(query.items())), self._proven, idempotent=True)

    def post(self, path: str, payload: Mapping[str, Any], *, idempotent: bool, waiting: str = "") -> Answer:
        """Send JSON; the bytes signed are the bytes sent. An empty answer (204) gives an empty dictionary.

        The refusal code `waiting` is no failure but a state: its fields are returned like an answer's.
        """
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()

        def read(reply: Reply, *, idempotent: bool) -> Answer:
            try:
                return self._proven(reply, idempotent=idempotent)
            except PlatformError as error:
                if not waiting or error.code != waiting:
                    raise
                return Answer(code=error.code, message=error.message)

        return self._call(Request("POST", path, (), body), read, idempotent=idempotent)

    def download(self, url: str) -> bytes:
        """Fetch a bill's download_url with a signed request; the answer is a bare file without signature.

        Only path and query of the address are used: our signature goes to our base URL and nowhere else.
        """
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._call(Request("GET", target), self._file, idempotent=True)

    def fetch(self, path: str, **query: str) -> tuple[bytes, Mapping[str, str]]:
        """Fetch a bare file by its path: its bytes and its headers, none of them signed."""

        def read(reply: Reply, *, idempotent: bool) -> tuple[bytes, Mapping[str, str]]:
            return self._file(reply, idempotent=idempotent), reply.headers

        return self._call(Request("GET", path, tuple(query.items())), read, idempotent=True)

    def download_certificates(self) -> dict[str, str]:
        """Fetch the platform's certificates; their seal under the APIv3 key proves them, then they prove the answer."""
        reply = self._call(Request("GET", "/v3/certificates"), _as_is, idempotent=True)
        if reply.status >= 300:
            self._proven(reply, idempotent=True)
        try:
            found = {
                str(row["serial_no"]): open_resource(row["encrypt_certificate"], self._apiv3_key).decode()
                for row in json.loads(reply.body)["data"]
            }
            Verifier({**self._keys, **found}).check(
                headers=reply.headers, body=reply.body, now=int(self._now())
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("certificates do not open", platform=PLATFORM, code="CERTIFICATES") from error
        with self._lock:
            self._keys |= found
        return found

    def _call(self, request: Request, read: Callable[..., T], *, idempotent: bool) -> T:
        def sign(target: str) -> dict[str, str]:
            return self._headers(request, target)

        signed = Request(request.method, request.path, request.query, request.body, None, sign)
        return self._transport.call(
            signed, lambda reply: read(reply, idempotent=idempotent), idempotent=idempotent
        )

    def _headers(self, request: Request, target: str) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "User-Agent": "seta",
            "Authorization": authorization(
                method=request.method,
                target=target,
                body=request.body,
                mchid=self.mchid,
                serial=self._serial,
                private_key=self._private_key,
                timestamp=int(self._now()),
                nonce=self._nonce(),
            ),
        }
        if request.body:
            headers["Content-Type"] = "application/json"
        if self._public_key_id:
            headers["Wechatpay-Serial"] = self._public_key_id
        return headers

    def _proven(self, reply: Reply, *, idempotent: bool) -> Answer:
        self._measure(reply)
        try:
            self._check(reply)
        except Forged as forged:
            if reply.status < 300 or forged.code not in _TOLERATED_ON_REFUSAL:
                raise
        fields = _fields(reply)
        if reply.status >= 300 or ("code" in fields and "message" in fields):
            raise _refusal(reply, fields, idempotent)
        return fields

    def _check(self, reply: Reply) -> None:
        serial = reply.headers.get("wechatpay-serial", "")
        with self._lock:
            known = dict(self._keys)
        if serial and serial not in known and self._downloads_certificates:
            known |= self.download_certificates()
        Verifier(known).check(headers=reply.headers, body=reply.body, now=int(self._now()))

    def _file(self, reply: Reply, *, idempotent: bool) -> bytes:
        if reply.status >= 300:
            self._proven(reply, idempotent=idempotent)
        return reply.body

    def _measure(self, reply: Reply) -> None:
        """Positive skew: their clock is ahead of ours. Requests are refused from 300 s on."""
        theirs = _their_time(reply)
        if theirs is not None:
            self.clock_skew_seconds = round(theirs - (reply.sent_at + reply.received_at) / 2, 1)


def _as_is(reply: Reply, *, idempotent: bool) -> Reply:
    return reply


def _their_time(reply: Reply) -> float | None:
    stamp = reply.headers.get("wechatpay-timestamp", "")
    if stamp.isdecimal() and len(stamp) <= 12:
        return float(stamp)
    try:
        return parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None


def _fields(reply: Reply) -> Answer:
    fields = parse_answer(reply.body or b"{}", platform=PLATFORM)
    return Answer(code="UNREADABLE", message="answer is not a JSON object") if fields is None else fields


def _refusal(reply: Reply, fields: Mapping[str, Any], idempotent: bool) -> PlatformError:
    code = str(fields.get("code") or f"HTTP_{reply.status}")
    kind = _KINDS.get(code) or _KIND_BY_STATUS.get(reply.status) or ErrorKind.STATE
    if code == "UNREADABLE":
        kind = ErrorKind.UNKNOWN_OUTCOME
    if reply.status >= 500 or kind is ErrorKind.BUSY:
        # For a payment that cannot be repeated safely, a system error leaves open whether money moved.
        kind = ErrorKind.BUSY if idempotent else ErrorKind.UNKNOWN_OUTCOME
    return PlatformError(
        str(fields.get("message", "")),
        platform=PLATFORM,
        code=code,
        kind=kind,
        request_id=reply.headers.get("request-id", ""),
        retryable=True if code in _LATER else None,
    )
