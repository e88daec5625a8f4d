"""A house's own system, played by a real HTTP server that verifies signatures with its own writing of the rule."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Arrived:
    """One request as it came, with whether its signature holds."""

    code: str
    body: bytes
    headers: dict[str, str]
    is_genuine: bool

    @property
    def said(self) -> dict[str, Any]:
        """The body's JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


Answer = Callable[[Arrived, int], int | None]
"""The status for a request and how many came before it with the same id; None drops the connection."""


@dataclass
class Receiver:
    """What came, and how to answer what comes next."""

    url: str = ""
    secret: str = ""
    answer: Answer = lambda _arrived, _before: 204
    arrived: list[Arrived] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)
    location: str = ""
    _server: ThreadingHTTPServer | None = None

    def start(self, context: ssl.SSLContext | None = None) -> "Receiver":
        """Listen on a free port of this machine."""
        receiver = self

        class Slot(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {key.lower(): value for key, value in self.headers.items()}
                code = headers.get("webhook-id", "")
                one = Arrived(code, body, headers, receiver.holds(headers, body))
                with receiver.lock:
                    before = sum(other.code == code for other in receiver.arrived)
                    receiver.arrived.append(one)
                status = receiver.answer(one, before)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()
                if status != 204:
                    self.wfile.write(b"x" * 5_000)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Slot)
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        scheme, host = ("https", "localhost") if context else ("http", "127.0.0.1")
        self.url = f"{scheme}://{host}:{server.server_address[1]}/seta?key=1"
        return self

    def stop(self) -> None:
        """Let go of whoever waits, then stop listening."""
        self.released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def holds(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether one of the signatures is by our secret."""
        key = base64.b64decode(self.secret.removeprefix("whsec_") or "")
        signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{mine}" in headers.get("webhook-signature", "").split(" ")
