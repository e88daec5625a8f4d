"""Lets a till wait for a payment without holding one of the few threads that serve pages.

A GET of a payment with `wait` is answered by the API as often as needed: the first answer proves that the caller may
see it; while it says that the payment is open, the question is put again until it is decided or the time is over.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from seta.payments.api.schemas import WAIT_SECONDS_MAX

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STEP_SECONDS = 1.0
WAITING_MAX = 500
_PAYMENT = re.compile(r"/api/till/v1/payments/[0-9]{1,18}")


class Patient:
    """An ASGI application around another; all but waiting calls go straight through."""

    def __init__(self, inner: App) -> None:
        self._inner = inner
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        seconds = _patience(scope)
        if not seconds or self._waiting >= WAITING_MAX:
            await self._inner(scope, receive, send)
            return
        self._waiting += 1
        left = asyncio.ensure_future(_gone(receive))
        try:
            await self._wait(scope, send, seconds, left)
        finally:
            left.cancel()
            self._waiting -= 1

    async def _wait(self, scope: Scope, send: Send, seconds: int, left: "asyncio.Future[None]") -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            answer = await self._ask(scope)
            rest = until - loop.time()
            if rest <= 0 or not _is_open(answer):
                break
            await asyncio.wait([left], timeout=min(STEP_SECONDS, rest))
            if left.done():
                return
        for message in answer:
            await send(message)

    async def _ask(self, scope: Scope) -> list[Message]:
        answer: list[Message] = []

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._inner({**scope}, nothing, keep)
        return answer


def _patience(scope: Scope) -> int:
    """How many seconds a request will wait; 0 for all that are not about one payment."""
    if scope["type"] != "http" or scope["method"] != "GET" or not _PAYMENT.fullmatch(scope["path"]):
        return 0
    raw = scope["query_string"]
    asked = parse_qs(raw.decode("latin-1") if isinstance(raw, bytes) else str(raw)).get("wait", ["0"])[-1]
    # What is no number in range goes to the API as it is, which names the field.
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= 2
    return int(asked) if is_number and int(asked) <= WAIT_SECONDS_MAX else 0


def _is_open(answer: list[Message]) -> bool:
    if not answer or answer[0].get("status") != 200:
        return False
    body = b"".join(message.get("body", b"") for message in answer[1:])
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return isinstance(said, dict) and said.get("is_open") is True


async def _gone(receive: Receive) -> None:
    """Done when the caller has hung up."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        # A request's body comes as one message; a server that repeats itself must not keep the loop busy.
        await asyncio.sleep(STEP_SECONDS)
