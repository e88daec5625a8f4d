"""Many buyers at a slow shop for a bounded time, each by the steps that its public pages ask for."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60.0


@dataclass
class Rush:
    """What came of it: seconds in all and until the last piece was given, ms until each accepted buyer held one."""

    seconds: float = 0.0
    giving_seconds: float = 0.0
    accepted_ms: list[float] = field(default_factory=list)
    refused: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Reply:
    """A shop's answer: its status, where it leads, its body."""

    status: int
    location: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in the body; raises ConnectionError where the shop answers with a page instead."""
        try:
            said: dict[str, Any] = json.loads(self.body)
        except ValueError as problem:
            raise ConnectionError(f"the shop answered {self.status} without JSON") from problem
        return said


class Visitor:
    """One buyer's cookies at one shop; a connection a request, as a proxy before gunicorn would open."""

    def __init__(self, port: int, *, csrf_cookie: str = "csrftoken") -> None:
        self.port = port
        # Django compares the cookie with the header: any 32 letters do, so no page is fetched for them alone.
        self.csrf = "a" * 32
        self.cookies = {csrf_cookie: self.csrf}

    def get(self, path: str) -> Reply:
        """Open a page, without following where it leads."""
        return self._send("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Reply:
        """Send a form, without following where it leads."""
        return self._send("POST", path, urlencode(form), "application/x-www-form-urlencoded")

    def post_json(self, path: str, body: Mapping[str, object]) -> Reply:
        """Send an object to an API."""
        return self._send("POST", path, json.dumps(body), "application/json")

    def _send(self, method: str, path: str, body: str | None = None, kind: str = "") -> Reply:
        """Raises ConnectionError where the shop fails, as well as what the connection raises."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.csrf,
        }
        if body is not None:
            headers["Content-Type"] = kind
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 500:
            raise ConnectionError(f"the shop answered {answer.status}")
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Reply(answer.status, answer.headers.get("Location", ""), content)


def rush(buy: Callable[[int], bool], *, buyers: int, in_flight: int, seconds: float) -> Rush:
    """Let buyers in until all were served or the time is over; who has begun is waited for.

    `buy` tells whether this buyer holds a piece; what it raises of the network counts as an error.
    """
    told, lock, numbers = Rush(), threading.Lock(), iter(range(buyers))
    started = time.perf_counter()

    def queue() -> None:
        for number in _next(numbers, lock, started + seconds):
            begun = time.perf_counter()
            try:
                held = buy(number)
            except (OSError, http.client.HTTPException):
                with lock:
                    told.errors += 1
                continue
            done = time.perf_counter()
            with lock:
                if held:
                    told.accepted_ms.append((done - begun) * 1000)
                    told.giving_seconds = max(told.giving_seconds, done - started)
                else:
                    told.refused += 1

    with ThreadPoolExecutor(in_flight) as pool:
        for future in [pool.submit(queue) for _ in range(in_flight)]:
            future.result()
    told.seconds = time.perf_counter() - started
    return told


def _next(numbers: Iterator[int], lock: threading.Lock, until: float) -> Iterator[int]:
    while time.perf_counter() < until:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        yield number
