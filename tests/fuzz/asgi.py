"""Bytes straight into an ASGI application, with nothing in between that would tidy them up."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

App = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """One request; `target` is path and query as on the wire, percent-encoded or not."""

    method: str
    target: bytes
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.target[:200]!r} {self.body[:200]!r} {self.headers!r}"


async def ask(app: App, call: Call) -> tuple[int, bytes]:
    """The application's answer; an exception that leaves it counts as 500, as a server would make of it."""
    path, _, query = call.target.partition(b"?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *call.headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    answer = Answer()
    chunks = [call.body]

    async def receive() -> MutableMapping[str, Any]:
        if not chunks:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunks.pop(), "more_body": False}

    try:
        await app(scope, receive, answer.take)
    except Exception as error:
        return 500, f"{type(error).__name__}: {error}".encode("utf-8", "replace")
    return answer.status, bytes(answer.body)


class Answer:
    """What the application sent."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()

    async def take(self, message: MutableMapping[str, Any]) -> None:
        """One message of the ASGI protocol."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")
