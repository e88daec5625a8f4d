"""An HTTP receiver of pushes for tests: keeps what arrives, answers what it is told."""

import base64
import hashlib
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import fromstring

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    def fields(self) -> dict[str, str]:
        """The flat fields of an XML body."""
        return {child.tag: child.text or "" for child in fromstring(self.body)}


Answer = tuple[int, bytes]


@dataclass
class Receiver:
    """`answer` is called for every request; `received` holds them in order."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Answer] = lambda received: (200, b"success")


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port, stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            seen = Received(self.command, parts.path, dict(parse_qsl(parts.query)), body)
            kept.received.append(seen)
            status, content = kept.answer(seen)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept = Receiver(f"http://127.0.0.1:{server.server_port}/wechat")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


def signature(*parts: str) -> str:
    """The platforms' callback signature, written once more for the tests."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def opened(aes_key: str, encrypted: str) -> tuple[str, str]:
    """The text and the receiver id inside a ciphertext."""
    key = base64.b64decode(aes_key + "=")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = cipher.update(base64.b64decode(encrypted)) + cipher.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    return plain[20 : 20 + length].decode(), plain[20 + length :].decode()


def sealed(aes_key: str, text: str, receive_id: str) -> str:
    """A ciphertext with a fixed random prefix."""
    key = base64.b64decode(aes_key + "=")
    body = text.encode()
    plain = b"0123456789abcdef" + struct.pack(">I", len(body)) + body + receive_id.encode()
    pad = 32 - len(plain) % 32
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()
