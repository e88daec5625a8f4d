"""A load generator small enough not to be what is measured: prepared requests over kept-alive connections."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What came back: seconds from the first request to the last reply, latencies in ms, statuses, bodies.

    At a pace, a latency counts from the instant at which the request was due, so that a server that stalls cannot
    hide it by keeping the next request from being sent.
    """

    seconds: float
    latencies_ms: list[float]
    statuses: dict[int, int]
    bodies: list[bytes] = field(default_factory=list, repr=False)
    generator_seconds: float = 0.0

    @property
    def generator_share(self) -> float:
        """The share of one core that sending and receiving took; near 1 means that the server waited for us."""
        return self.generator_seconds / self.seconds if self.seconds else 0.0

    @property
    def rate(self) -> float:
        """Replies a second."""
        return len(self.latencies_ms) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """A latency in ms that the given share of replies did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request_bytes(
    method: str, path: str, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()
) -> bytes:
    """One HTTP/1.1 request, ready for the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last is answered."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.buffer = b""
        self.sent_at = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.run.idle.append(self)
        self.run.feed()

    def send(self, request: bytes, due_at: float) -> None:
        assert self.transport is not None
        self.sent_at = due_at
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = _content_length(head)
        if length is None:
            if not rest.endswith(b"0\r\n\r\n"):
                return
            length = len(rest)
        if len(rest) < length:
            return
        self.buffer = b""
        self.run.replied(self, int(head[9:12]), rest[:length])

    def connection_lost(self, error: Exception | None) -> None:
        self.run.lost(self)


def _content_length(head: bytes) -> int | None:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return None if b"chunked" in head.lower() else 0


class _Run:
    def __init__(self, requests: Sequence[bytes], every_seconds: float, keep_bodies: bool) -> None:
        self.requests = deque(requests)
        self.open = len(requests)
        self.every_seconds = every_seconds
        self.keep_bodies = keep_bodies
        self.idle: deque[_Connection] = deque()
        self.outcome = Outcome(0.0, [], {})
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.started = 0.0
        self.next_at = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def feed(self) -> None:
        """Give requests to idle connections, at once or when each is due."""
        if not self.started:
            return
        while self.idle and self.requests:
            due_at = now = time.perf_counter()
            if self.every_seconds:
                due_at = self.next_at
                if due_at > now:
                    self._wake_in(due_at - now)
                    return
                self.next_at += self.every_seconds
            self.idle.popleft().send(self.requests.popleft(), due_at)

    def _wake_in(self, seconds: float) -> None:
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(seconds, self._woken)

    def _woken(self) -> None:
        self.timer = None
        self.feed()

    def replied(self, connection: _Connection, status: int, body: bytes) -> None:
        now = time.perf_counter()
        outcome = self.outcome
        outcome.latencies_ms.append((now - connection.sent_at) * 1000)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        if self.keep_bodies:
            outcome.bodies.append(body)
        self.open -= 1
        if self.open == 0:
            outcome.seconds = now - self.started
            self.done.set_result(None)
            return
        self.idle.append(connection)
        self.feed()

    def lost(self, connection: _Connection) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed a connection"))


async def _drive(
    port: int, requests: Sequence[bytes], connections: int, every_seconds: float, keep_bodies: bool
) -> Outcome:
    loop = asyncio.get_running_loop()
    run = _Run(requests, every_seconds, keep_bodies)
    transports = []
    for _ in range(min(connections, len(requests))):
        transport, _protocol = await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
        transports.append(transport)
    used_before = time.process_time()
    run.started = run.next_at = time.perf_counter()
    run.feed()
    try:
        await asyncio.wait_for(run.done, 600)
        run.outcome.generator_seconds = time.process_time() - used_before
    finally:
        for transport in transports:
            transport.close()
    return run.outcome


def drive(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int = 64,
    a_second: float = 0,
    keep_bodies: bool = False,
) -> Outcome:
    """Send all requests over some connections, as fast as replies come or at a pace (`a_second`)."""
    return asyncio.run(_drive(port, requests, connections, 1 / a_second if a_second else 0.0, keep_bodies))


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Rounds of the same load as one outcome."""
    statuses: Counter[int] = Counter()
    for outcome in outcomes:
        statuses.update(outcome.statuses)
    return Outcome(
        seconds=sum(outcome.seconds for outcome in outcomes),
        latencies_ms=[latency for outcome in outcomes for latency in outcome.latencies_ms],
        statuses=dict(statuses),
        generator_seconds=sum(outcome.generator_seconds for outcome in outcomes),
    )
