"""`/rooms/`: where browsers of a consultation find each other, by plain requests that wait for news.

Every request shows its pass as Bearer. `POST /rooms/enter` takes a place, `POST /rooms/signals` puts a signal before
another browser, `GET /rooms/signals?session=1&after=7` waits up to ten seconds for what was put before one's own,
`POST /rooms/leave` gives the place free. Signals are rows until they are read, so any server process may answer.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import close_old_connections

from seta.consultations import operations, rules
from seta.consultations.queries import read_pass
from seta.consultations.rules import ConsultationRefused, Refusal, RoomPass

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")

WAIT_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 1.0
"""Signals taken by another server process are seen this late at most; by this one at once."""
BURST = 60
PER_SECOND = 10.0
"""Requests of one pass: finding each other takes about forty within a second, then one or two each ten."""
BUCKETS_MAX = 10_000

log = logging.getLogger(__name__)

_STATUS = {
    Refusal.BAD_LINK: 401,
    Refusal.LINK_EXPIRED: 401,
    Refusal.UNKNOWN: 404,
    Refusal.TOO_LARGE: 413,
    Refusal.TOO_FAST: 429,
    Refusal.UNREAD: 429,
    Refusal.UNREADABLE: 400,
    Refusal.NOT_ANNOUNCED: 403,
}
_LANGUAGES = {b"en": "en", b"it": "it"}


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rooms:
    """Plain ASGI; the database does the keeping, this object only wakes who waits and slows who floods."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self._waking: dict[tuple[str, str], set[asyncio.Event]] = {}
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, answer = await self._answer(scope, receive)
        body = json.dumps(answer, ensure_ascii=False).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        token, language = _headers(scope)
        try:
            one = read_pass(token, now=self.clock())
            self._spend(one)
            return 200, await self._do(one, scope, receive)
        except ConsultationRefused as refused:
            code, words = refused.refusal, refused.text(language)
        except Exception:
            log.exception("a room's request failed")
            return 503, {"error": {"code": "busy", "message": rules.refusal_text(Refusal.TOO_FAST, language)}}
        return _STATUS.get(code, 409), {"error": {"code": code.value, "message": words}}

    async def _do(self, one: RoomPass, scope: Scope, receive: Receive) -> dict[str, Any]:
        match scope["method"], scope["path"]:
            case "POST", "/rooms/enter":
                sent = _object(await _body(receive))
                device = sent.get("device")
                entered = await self._ask(
                    lambda: operations.enter(
                        one=one, device=device if isinstance(device, str) else "", now=self.clock()
                    )
                )
                return asdict(entered)
            case "POST", "/rooms/signals":
                return await self._take(one, _session(scope), await _body(receive))
            case "GET", "/rooms/signals":
                return await self._wait(one, _session(scope), _number(scope, "after"))
            case "POST", "/rooms/leave":
                session = _session(scope)
                await self._ask(lambda: operations.leave(one=one, session=session, now=self.clock()))
                return {}
        raise ConsultationRefused(Refusal.UNKNOWN)

    async def _take(self, one: RoomPass, session: int, raw: bytes) -> dict[str, Any]:
        signal = rules.read_signal(raw)
        taken = await self._ask(
            lambda: operations.send_signal(one=one, session=session, signal=signal, now=self.clock())
        )
        for event in self._waking.get((one.public_id, signal.to), ()):
            event.set()
        return {"taken": taken}

    async def _wait(self, one: RoomPass, session: int, after: int) -> dict[str, Any]:
        """What is new, at once or within ten seconds; nothing new is an empty list."""
        until = time.monotonic() + WAIT_SECONDS
        event = asyncio.Event()
        waiting = self._waking.setdefault((one.public_id, one.role), set())
        waiting.add(event)
        try:
            while True:
                event.clear()
                found = await self._ask(
                    lambda: operations.read_signals(one=one, session=session, after=after, now=self.clock())
                )
                left = until - time.monotonic()
                if found or left <= 0:
                    return {"signals": [{**asdict(each), "body": json.loads(each.body)} for each in found]}
                try:
                    await asyncio.wait_for(event.wait(), min(left, LOOK_AGAIN_SECONDS))
                except TimeoutError:
                    continue
        finally:
            waiting.discard(event)
            if not waiting:
                self._waking.pop((one.public_id, one.role), None)

    async def _ask(self, work: Callable[[], T]) -> T:
        """Do something with the database in a thread of its own."""

        def asked() -> T:
            try:
                return work()
            finally:
                close_old_connections()

        return await asyncio.to_thread(asked)

    def _spend(self, one: RoomPass) -> None:
        """Take one request from what the pass may send now; raises ConsultationRefused (TOO_FAST)."""
        now = time.monotonic()
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets = {key: each for key, each in self._buckets.items() if each.at > now - 60}
        bucket = self._buckets.setdefault((one.public_id, one.role), _Bucket(BURST, now))
        bucket.left = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if bucket.left < 1:
            raise ConsultationRefused(Refusal.TOO_FAST)
        bucket.left -= 1


async def _body(receive: Receive) -> bytes:
    """The request's body; what is larger than a signal may be is not read to its end."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > rules.SIGNAL_BYTES_MAX:
            raise ConsultationRefused(Refusal.TOO_LARGE)
        parts.append(part)
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return b"".join(parts)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise ConsultationRefused(Refusal.UNREADABLE) from problem
    if not isinstance(sent, dict):
        raise ConsultationRefused(Refusal.UNREADABLE)
    return sent


def _session(scope: Scope) -> int:
    return _number(scope, "session")


def _number(scope: Scope, name: str) -> int:
    """A whole number of the query; raises ConsultationRefused (UNREADABLE)."""
    query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
    text = query.get(name, [""])[0]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ConsultationRefused(Refusal.UNREADABLE)
    return int(text)


def _headers(scope: Scope) -> tuple[str, str]:
    """The pass and the caller's language."""
    token, language = "", "zh"
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7] == b"Bearer ":
            token = value[7:].decode("latin-1")
        elif name == b"accept-language":
            language = _LANGUAGES.get(value[:2], "zh")
    return token, language
