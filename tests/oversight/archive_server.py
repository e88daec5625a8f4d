"""An archive that speaks the sandbox's protocol and holds whatever a test puts in, good or broken."""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@cache
def private_key() -> rsa.RSAPrivateKey:
    """One key for the whole run: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem() -> str:
    """The key as the house keeps it."""
    return (
        private_key()
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )


def sealed(plain: bytes, *, seq: int, version: int = 1, msgid: str = "") -> dict[str, Any]:
    """A record as the platform delivers it."""
    random_key = os.urandom(24)
    padder = block_padding.PKCS7(128).padder()
    iv = os.urandom(16)
    encryptor = Cipher(algorithms.AES256(sha256(random_key).digest()), modes.CBC(iv)).encryptor()
    body = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    wrapped = private_key().public_key().encrypt(random_key, padding.PKCS1v15())
    return {
        "seq": seq,
        "msgid": msgid or f"m{seq}_external",
        "publickey_ver": version,
        "encrypt_random_key": base64.b64encode(wrapped).decode(),
        "encrypt_chat_msg": base64.b64encode(iv + body).decode(),
    }


@dataclass
class Archive:
    """What the server holds; tests append records."""

    base_url: str
    records: list[dict[str, Any]] = field(default_factory=list)

    def say(self, seq: int, message: Mapping[str, Any], **how: Any) -> None:
        """Put a message in, sealed."""
        self.records.append(sealed(json.dumps(message).encode(), seq=seq, **how))


@contextmanager
def running_archive() -> Iterator[Archive]:
    """Serve an archive on a free port until the block ends."""
    archive = Archive("")

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = [record for record in archive.records if record["seq"] > asked["seq"]]
            found = sorted(found, key=lambda record: record["seq"])[: asked["limit"]]
            body = json.dumps({"errcode": 0, "errmsg": "ok", "chatdata": found}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    archive.base_url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield archive
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
