"""One thread that commits callbacks in groups: while one batch commits, the next one gathers."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TypeVar, cast

from django.db import IntegrityError, OperationalError, close_old_connections, connection

from seta.callbacks import operations
from seta.callbacks.operations import Arrival, Kept
from seta.callbacks.rules import CallbackTable, Reason
from seta.kit.limits import CALLBACK_BATCH_MAX, CALLBACK_QUEUE_MAX, REPLY_SECONDS_MAX

T = TypeVar("T")

log = logging.getLogger(__name__)

REFUSALS_A_MINUTE_MAX = 120
"""Kept refusals a minute, so that a flood of forged pushes cannot fill the disk; the rest is only counted."""


class Busy(Exception):
    """More pushes wait for a commit than the keeper is willing to hold."""


class _Patience:
    """Ends what has waited too long with a TimeoutError: one timer for all who wait equally long.

    `asyncio.wait_for` makes a task and a timer for each, a sixth of what a callback costs the event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self.loop = loop
        self._seconds = seconds
        self._watched: deque[tuple[float, asyncio.Future[Kept]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, future: "asyncio.Future[Kept]") -> None:
        """Give the future its time from now on."""
        self._forget_done()
        self._watched.append((self.loop.time() + self._seconds, future))
        if self._timer is None:
            self._timer = self.loop.call_at(self._watched[0][0], self._expire)

    def _forget_done(self) -> None:
        while self._watched and self._watched[0][1].done():
            self._watched.popleft()

    def _expire(self) -> None:
        self._timer = None
        self._forget_done()
        while self._watched and self._watched[0][0] <= self.loop.time():
            self._watched.popleft()[1].set_exception(TimeoutError())
            self._forget_done()
        if self._watched:
            self._timer = self.loop.call_at(self._watched[0][0], self._expire)


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Kept]"


class Keeper:
    """Commits arrivals and tells the waiting doors; started with the server, stopped after its last batch."""

    def __init__(self, table: CallbackTable) -> None:
        self.table = table
        self._queue: SimpleQueue[_Waiting | Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._patience: _Patience | None = None
        self._minute = 0
        self._refusals = 0

    def start(self) -> None:
        """Start the thread unless it runs already."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="callback-keeper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Finish what has been taken and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=10)
            self._thread = None

    async def keep(self, arrival: Arrival) -> Kept:
        """Wait until the arrival is committed and handled; raises Busy, or TimeoutError when that takes too long."""
        loop = asyncio.get_running_loop()
        if self._patience is None or self._patience.loop is not loop:
            self._patience = _Patience(loop, REPLY_SECONDS_MAX)
        waiting = _Waiting(arrival, loop, loop.create_future())
        self._put(waiting)
        self._patience.watch(waiting.future)
        return await waiting.future

    async def ask(self, question: Callable[[], T]) -> T:
        """Let the keeper's thread read something on the connection that it has open; raises Busy."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def tell(found: T | None, problem: Exception | None) -> None:
            if future.done():
                return
            if problem is not None:
                future.set_exception(problem)
            else:
                future.set_result(cast(T, found))

        def answer() -> None:
            try:
                found = question()
            except Exception as problem:
                loop.call_soon_threadsafe(tell, None, problem)
                raise
            loop.call_soon_threadsafe(tell, found, None)

        self._put(answer)
        return await future

    def note_refusal(
        self, *, source: str, account_id: int | None, reason: Reason, detail: str, size: int, now: datetime
    ) -> None:
        """Log a refusal, and keep it unless there were too many this minute."""
        # What a stranger sent may not break a line of the log, nor the row.
        detail = "".join(character if character.isprintable() else "?" for character in detail[:300])
        log.warning("callback refused: %s account=%s %s %s", source, account_id, reason, detail[:120])
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._refusals = minute, 0
        self._refusals += 1
        if self._refusals > REFUSALS_A_MINUTE_MAX:
            return

        def write() -> None:
            operations.note_refusal(
                source=source, account_id=account_id, reason=reason, detail=detail, size=size, now=now
            )

        try:
            self._put(write)
        except Busy:
            log.warning("too busy to keep a refusal")

    def _put(self, item: "_Waiting | Callable[[], None]") -> None:
        if self._queue.qsize() >= CALLBACK_QUEUE_MAX:
            raise Busy
        self._queue.put(item)

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                connection.close()
                return
            batch, jobs, ending = self._gather(item)
            for job in jobs:
                self._do(job)
            if batch:
                self._commit(batch)
            if ending:
                connection.close()
                return

    def _gather(
        self, first: "_Waiting | Callable[[], None]"
    ) -> tuple[list[_Waiting], list[Callable[[], None]], bool]:
        """What is waiting now, up to a batch; nobody waits for a fuller one."""
        batch: list[_Waiting] = []
        jobs: list[Callable[[], None]] = []
        item: _Waiting | Callable[[], None] | None = first
        while True:
            if item is None:
                return batch, jobs, True
            if isinstance(item, _Waiting):
                batch.append(item)
            else:
                jobs.append(item)
            if len(batch) >= CALLBACK_BATCH_MAX:
                return batch, jobs, False
            try:
                item = self._queue.get_nowait()
            except Empty:
                return batch, jobs, False

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:
            log.exception("the keeper could not read or write")
            close_old_connections()

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        arrivals = [waiting.arrival for waiting in batch]
        try:
            kept = self.keep_now(arrivals)
        except Exception as problem:
            log.exception("a batch of %s callbacks could not be kept", len(batch))
            _tell(batch, problem)
            close_old_connections()
            return
        _tell(batch, kept)

    def keep_now(self, arrivals: Sequence[Arrival]) -> list[Kept]:
        """Commit these in the calling thread, once more if another server stood in the way."""
        now = datetime.now(UTC)
        try:
            return operations.keep(arrivals=arrivals, table=self.table, now=now)
        except (IntegrityError, OperationalError) as problem:
            # Another process kept the same at the same moment, which is there to be found now; or the two stood
            # in each other's way, or the database went away for a moment.
            log.info("a batch is kept once more: %s", problem)
            close_old_connections()
            return operations.keep(arrivals=arrivals, table=self.table, now=now)


def _tell(batch: Sequence[_Waiting], outcome: "list[Kept] | Exception") -> None:
    """Wake the doors of one event loop with one call."""

    def settle(waiting_ones: Sequence[tuple[_Waiting, Kept | None]]) -> None:
        for waiting, kept in waiting_ones:
            if waiting.future.done():
                continue
            if kept is None:
                assert isinstance(outcome, Exception)
                waiting.future.set_exception(outcome)
            else:
                waiting.future.set_result(kept)

    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Kept | None]]] = {}
    for number, waiting in enumerate(batch):
        kept = None if isinstance(outcome, Exception) else outcome[number]
        by_loop.setdefault(waiting.loop, []).append((waiting, kept))
    for loop, waiting_ones in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, waiting_ones)
