"""The road between the sandbox and Seta's doors: it remembers each letter as sent, and may change the next one."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


@dataclass(frozen=True)
class Letter:
    """One request on its way to a door."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Relay:
    """`change` is applied to every letter that passes; `letters` holds them as they were sent."""

    target: str
    letters: list[Letter] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    change: Callable[[Letter], Letter] | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=20))

    def pass_on(self, letter: Letter) -> httpx.Response:
        """Bring a letter to its door."""
        answer = self.client.post(
            f"{self.target}{letter.path}", content=letter.body, headers=dict(letter.headers)
        )
        self.statuses.append(answer.status_code)
        return answer


@contextmanager
def relaying(port: int, target: str) -> Iterator[Relay]:
    """A relay on a port of 127.0.0.1."""
    relay = Relay(target)
    dropped = ("host", "connection", "content-length", "accept-encoding")

    class Road(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
            letter = Letter(self.path, kept, body)
            relay.letters.append(letter)
            answer = relay.pass_on(relay.change(letter) if relay.change else letter)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
            if answer.status_code != 204:
                self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            if answer.status_code != 204:
                self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Road)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        relay.client.close()
