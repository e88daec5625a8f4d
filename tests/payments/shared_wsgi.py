"""Seta's pages for a server in this process, inside the test's own transaction: one request after another."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections


class SharedPages:
    """A WSGI application whose threads take turns with the test's connection.

    A test that books payments cannot commit: the books refuse to be emptied afterwards.
    """

    def __init__(self) -> None:
        self._pages: Any = get_wsgi_application()
        self._connection = connections["default"]
        self._connection.inc_thread_sharing()
        self.turn = threading.RLock()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """This thread's turn with the connection."""
        with self.turn:
            connections["default"] = self._connection
            # As Django's own test client does: the test's connection outlives its requests.
            for signal in (request_started, request_finished):
                signal.disconnect(close_old_connections)
            try:
                yield
            finally:
                for signal in (request_started, request_finished):
                    signal.connect(close_old_connections)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request, whole."""
        with self.mine():
            response = self._pages(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                response.close()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a real server on a free port."""
    server = make_server("127.0.0.1", 0, SharedPages(), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
