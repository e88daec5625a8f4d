"""The door of a drop: plain ASGI before Django, answered only after the commit that makes the answer true."""

import asyncio
import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

import msgspec
from django.conf import settings
from django.db import OperationalError, connection

from seta.drops import operations, rules
from seta.drops.operations import Asker, Batch
from seta.drops.operations.reserving import BATCH_MAX
from seta.drops.queries import REFUSED, REQUESTS
from seta.drops.rules import Holding, Refusal, Standing, tickets
from seta.drops.turns import Turns
from seta.people.auth import read_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, bytes]
T = TypeVar("T")

PREFIX = "/gate/drops/"
SUFFIX = "/reserve"
PENDING_MAX = 20_000
MEMORY_SECONDS = 1.0
"""How long a refusal is given from memory before the database is asked again; lapsing returns pieces."""
TALLY_SECONDS = 1.0
ATTEMPTS = 2
"""How often a batch is given to a database that is away before it is answered 503."""

log = logging.getLogger(__name__)

_STATUS = {
    Refusal.SIGN_IN: 401,
    Refusal.UNKNOWN_DROP: 404,
    Refusal.BUSY: 503,
    Refusal.ONE_EACH: 422,
    **dict.fromkeys(
        (
            Refusal.TICKET_NEEDED,
            Refusal.TICKET_FORGED,
            Refusal.TICKET_EXPIRED,
            Refusal.TICKET_OF_ANOTHER,
            Refusal.TICKET_AHEAD,
            Refusal.TICKET_USED,
        ),
        403,
    ),
}
_LANGUAGES = {b"en": "en", b"it": "it"}
_REFUSED: dict[tuple[Refusal, str], Reply] = {
    (refusal, language): (
        _STATUS.get(refusal, 409),
        msgspec.json.encode({"error": {"code": refusal, "message": rules.text(refusal, language)}}),
    )
    for refusal in Refusal
    for language in ("zh", "en", "it")
}


class Store(Protocol):
    """What keeps the pieces: the operations of this part, or none at all where the bench wants the limit."""

    def turn(self, drop_id: int) -> AbstractContextManager[None]:
        """The gate's turn to write a drop, waited for beside other gates."""

    def reserve_many(self, *, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """One outcome an asker, true when this returns."""

    def holders(self, *, drop_id: int) -> Mapping[int, Holding]:
        """Everybody who holds a piece of the drop."""

    def add_tallies(self, *, drop_id: int, counts: dict[str, int]) -> None:
        """Keep counts of requests and refusals."""

    def close(self) -> None:
        """Let go of what the writer's thread holds."""


class DatabaseStore:
    """The operations of this part, on the writer thread's own connection."""

    def __init__(self) -> None:
        self._turns = Turns(settings.VAR_DIR / "gate.turns")

    def turn(self, drop_id: int) -> AbstractContextManager[None]:
        """SQLite has one writer for everything, PostgreSQL one for each drop."""
        return self._turns.taken(0 if connection.vendor == "sqlite" else drop_id)

    def reserve_many(self, *, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """One transaction; after a failure the connection is not trusted again."""
        return _on_sound_connection(lambda: operations.reserve_many(drop_id=drop_id, askers=askers, now=now))

    def holders(self, *, drop_id: int) -> Mapping[int, Holding]:
        """One question."""
        return _on_sound_connection(lambda: operations.holders(drop_id=drop_id))

    def add_tallies(self, *, drop_id: int, counts: dict[str, int]) -> None:
        """One transaction."""
        _on_sound_connection(lambda: operations.add_tallies(drop_id=drop_id, counts=counts))

    def close(self) -> None:
        """Close the thread's connection and its place in the queue."""
        connection.close()
        self._turns.close()


def _on_sound_connection(work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception:
        connection.close()
        raise


Waiter = asyncio.Future[Holding | Refusal]
"""One request that waits; each has its own, so that a client who hangs up spoils nobody else's answer."""


@dataclass(slots=True)
class _Line:
    """One drop as the gate's memory knows it, and who waits for the next commit.

    `knows_holders` says that `holders` is everybody, whichever gate gave them their piece. `is_busy` from handing a
    batch over until it is answered; `lock` is held by who adds to those that gather, and by the writer that takes them.
    """

    drop_id: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_busy: bool = False
    asking: dict[Asker, list[Waiter]] = field(default_factory=dict)
    under_way: dict[Asker, list[Waiter]] = field(default_factory=dict)
    holders: dict[int, Holding] = field(default_factory=dict)
    knows_holders: bool = False
    is_learning: bool = False
    standing: Standing | None = None
    asked_at: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)


class Gate:
    """`POST /gate/drops/<id>/reserve` with a client's Bearer token, and X-Drop-Ticket where the drop asks for one.

    Requests gather until the writer has its turn: the commits are the clock, there is no timer. One thread writes.
    The same person at the same moment shares one answer. Answers are JSON: 200 with `state`, `seq`
    and `expires_at`, or an error with a refusal's code. A failed batch is answered 503: asking again is safe,
    since whoever was given a piece is given the same one again.
    """

    def __init__(
        self,
        *,
        store: Store | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_threaded: bool = True,
    ) -> None:
        self.store: Store = store or DatabaseStore()
        self.clock = clock
        self._ticket_key = operations.ticket_key()
        self._lines: dict[int, _Line] = {}
        self._is_threaded = is_threaded
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_telling = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, body = await self.answer(scope)
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def answer(self, scope: Scope) -> Reply:
        """The status and body for a request."""
        token, language, ticket = _headers(scope)
        drop_id = _drop_id(scope["path"])
        if drop_id is None or scope["method"] != "POST":
            return _REFUSED[Refusal.UNKNOWN_DROP, language]
        known = read_token(token)
        if known is None:
            return _REFUSED[Refusal.SIGN_IN, language]
        if scope.get("query_string") and not _wants_one(scope["query_string"]):
            return self._refused(drop_id, Refusal.ONE_EACH, language)
        asker = Asker(*known)
        if ticket:
            shown = self._shown(drop_id, asker, ticket, token)
            if isinstance(shown, Refusal):
                return self._refused(drop_id, shown, language)
            asker = shown
        outcome = self._outcome(drop_id, asker)
        if isinstance(outcome, asyncio.Future):
            outcome = await outcome
        if isinstance(outcome, Holding):
            return 200, _told(drop_id, outcome)
        self._count(drop_id, REFUSED + outcome)
        return _REFUSED[outcome, language]

    def _shown(self, drop_id: int, asker: Asker, ticket: str, session: str) -> Asker | Refusal:
        """Whom a ticket brings, who is the one whom it was given to, or why it does not count."""
        found = tickets.read(ticket, key=self._ticket_key)
        now = tickets.milliseconds(self.clock())
        refusal = tickets.refusal(found, drop_id=drop_id, house_id=asker.house_id, session=session, now=now)
        if refusal is not None or found is None:
            return refusal or Refusal.TICKET_FORGED
        return Asker(found.house_id, found.person_id, found.issued)

    def _refused(self, drop_id: int, refusal: Refusal, language: str) -> Reply:
        """A refusal at the door itself, counted where the drop is one that the gate knows."""
        self._count(drop_id, REQUESTS)
        self._count(drop_id, REFUSED + refusal)
        self._tell_tallies()
        return _REFUSED[refusal, language]

    def stop(self) -> None:
        """Finish the batches that were handed over and end the thread."""
        if self._thread is not None:
            self._keep_tallies()
            self._jobs.put(None)
            self._thread.join(timeout=10)
            self._thread = None

    def _outcome(self, drop_id: int, asker: Asker) -> "Holding | Refusal | Waiter":
        """From memory where memory may speak, else from the next commit."""
        line = self._lines.get(drop_id)
        if line is None:
            line = self._lines[drop_id] = _Line(drop_id)
        line.counts[REQUESTS] += 1
        self._tell_tallies()
        now = self.clock()
        holding = line.holders.get(asker.person_id)
        if holding is not None and holding.stands(now) and _is_of(line, asker):
            return holding
        with line.lock:
            sharing = line.asking.get(asker) or line.under_way.get(asker)
            if sharing is None:
                refusal = self._remembered(line, asker, now)
                if refusal is not None:
                    return refusal
                if len(line.asking) >= PENDING_MAX:
                    return Refusal.BUSY
                sharing = line.asking[asker] = []
            waiter: Waiter = asyncio.get_running_loop().create_future()
            sharing.append(waiter)
        if not line.is_busy:
            self._hand_over(line)
        return waiter

    def _remembered(self, line: _Line, asker: Asker, now: datetime) -> Refusal | None:
        """A refusal learnt less than a second ago; the first to come later asks for everybody."""
        if line.standing is None:
            return None
        refusal = rules.refusal(line.standing, house_id=asker.house_id, now=now)
        if refusal in (None, Refusal.SOLD_OUT):
            refusal = rules.refusal_of_ticket(line.standing, issued=asker.issued) or refusal
        if refusal is None or (refusal == Refusal.SOLD_OUT and not line.knows_holders):
            return None
        if time.monotonic() - line.asked_at >= MEMORY_SECONDS:
            line.asked_at = time.monotonic()
            return None
        return refusal

    def _hand_over(self, line: _Line) -> None:
        """Give the writer everybody who has gathered when its turn comes, up to a batch, in order of arrival."""
        line.is_busy = True
        loop = asyncio.get_running_loop()

        def work() -> None:
            outcome = self._written(line)
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._answered, line, outcome)

        if self._is_threaded:
            self._do(work)
        else:
            loop.call_soon(lambda: self._answered(line, self._written(line)))

    def _written(self, line: _Line) -> Batch:
        with self.store.turn(line.drop_id):
            with line.lock:
                askers = list(line.asking)[:BATCH_MAX]
                line.under_way = {asker: line.asking.pop(asker) for asker in askers}
            return self._reserve(line.drop_id, askers, self.clock())

    def _reserve(self, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """The store's outcomes; a batch that fails is tried again in the way that may help."""
        for _ in range(ATTEMPTS):
            try:
                return self.store.reserve_many(drop_id=drop_id, askers=askers, now=now)
            except OperationalError:
                # The database was away or had no time, which is nobody's fault: once more on a new connection.
                log.exception("a batch of %s could not be kept by the database", len(askers))
            except Exception:
                log.exception("a batch of %s could not be kept", len(askers))
                return self._one_by_one(drop_id, askers, now)
        return Batch([Refusal.BUSY] * len(askers), None)

    def _one_by_one(self, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """Each by itself, so that one bad asker spoils nobody's."""
        outcomes, standing = list[Holding | Refusal](), None
        for asker in askers:
            try:
                single = self.store.reserve_many(drop_id=drop_id, askers=[asker], now=now)
            except Exception as problem:
                log.error("person %s could not be given a piece: %r", asker.person_id, problem)
                outcomes.append(Refusal.BUSY)
            else:
                outcomes += single.outcomes
                standing = single.standing
        return Batch(outcomes, standing)

    def _answered(self, line: _Line, batch: Batch) -> None:
        """Answer everybody of the batch, learn how the drop stands, and hand over the next batch."""
        with line.lock:
            answered, line.under_way = line.under_way, {}
        line.is_busy = False
        if batch.standing is not None:
            line.standing = batch.standing
            line.asked_at = time.monotonic()
        for (asker, waiters), outcome in zip(answered.items(), batch.outcomes, strict=True):
            if isinstance(outcome, Holding):
                line.holders[asker.person_id] = outcome
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(outcome)
        if line.standing is None and not line.asking:
            self._lines.pop(line.drop_id, None)
        if line.asking:
            self._hand_over(line)
        if line.standing is not None:
            self._learn(line, line.standing)

    def _learn(self, line: _Line, standing: Standing) -> None:
        """Once nothing is left, ask who holds a piece, so that memory may refuse all others.

        After the answers, since there may be thousands; the jobs' order keeps memory as new as the last batch.
        """
        if standing.left:
            line.knows_holders = False
            return
        if line.is_learning:
            return
        line.is_learning = True
        loop = asyncio.get_running_loop()

        def work() -> None:
            found = self._holders(line.drop_id)
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._learnt, line, found)

        self._do(work)

    def _holders(self, drop_id: int) -> Mapping[int, Holding] | None:
        try:
            return self.store.holders(drop_id=drop_id)
        except Exception:
            log.exception("the holders of drop %s could not be read", drop_id)
            return None

    def _learnt(self, line: _Line, found: Mapping[int, Holding] | None) -> None:
        line.is_learning = False
        if found is not None:
            line.holders, line.knows_holders = dict(found), True

    def _count(self, drop_id: int, name: str) -> None:
        line = self._lines.get(drop_id)
        if line is not None:
            line.counts[name] += 1

    def _tell_tallies(self) -> None:
        """Have the counts kept a second from now, unless that is arranged already."""
        if not self._is_telling:
            self._is_telling = True
            asyncio.get_running_loop().call_later(TALLY_SECONDS, self._keep_tallies)

    def _keep_tallies(self) -> None:
        self._is_telling = False
        for line in self._lines.values():
            counts, line.counts = dict(line.counts), Counter()
            if counts and line.standing is not None:
                self._do(self._keeping(line.drop_id, counts))

    def _keeping(self, drop_id: int, counts: dict[str, int]) -> Callable[[], None]:
        def work() -> None:
            try:
                self.store.add_tallies(drop_id=drop_id, counts=counts)
            except Exception:
                log.exception("counts of drop %s were lost: %s", drop_id, counts)

        return work

    def _do(self, job: Callable[[], None]) -> None:
        if not self._is_threaded:
            job()
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="drop-gate", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        self.store.close()


_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


def _is_of(line: _Line, asker: Asker) -> bool:
    return line.standing is not None and line.standing.house_id == asker.house_id


def _drop_id(path: str) -> int | None:
    """The number between the prefix and the suffix."""
    if not path.startswith(PREFIX) or not path.endswith(SUFFIX):
        return None
    digits = path[len(PREFIX) : -len(SUFFIX)]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _wants_one(query: bytes) -> bool:
    """Whether the address asks for no other quantity than the one piece that there is a person."""
    return all(value == "1" for name, value in parse_qsl(query.decode("latin-1"), True) if name == "quantity")


def _headers(scope: Scope) -> tuple[str, str, str]:
    """The Bearer token, the caller's language, and the drop's ticket."""
    token, language, ticket = "", "zh", ""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7] == b"Bearer ":
            token = value[7:].decode("latin-1")
        elif name == b"accept-language":
            language = _LANGUAGES.get(value[:2], "zh")
        elif name == b"x-drop-ticket":
            ticket = value.decode("latin-1")
    return token, language, ticket


@lru_cache(maxsize=1_024)
def _instant(at: datetime) -> str:
    """An instant as answers give it; a batch's reservations end together."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(drop_id: int, holding: Holding) -> bytes:
    until = _instant(holding.expires_at)
    return f'{{"drop_id":{drop_id},"state":"{holding.hold}","seq":{holding.seq},"expires_at":"{until}"}}'.encode()
