"""One writer for many threads: whatever waits is posted together and committed once."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from types import TracebackType

from django.db import close_old_connections, connection

from seta.ledger.operations.posting import Posted, Refusal, post_each
from seta.ledger.rules import Journal

BATCH_MAX = 1_000
WAITING_MAX = 10_000


class Busy(Exception):
    """More journals wait than the writer is willing to hold; nothing was posted, try again."""


class Writer:
    """Posts journals for any number of threads in groups, each for itself.

    On SQLite, where a commit is a disk flush and only one can write, this is how many threads post fast; on
    PostgreSQL it serves imports. Nobody waits for a fuller batch: while one commits, the next one gathers.
    """

    def __init__(self) -> None:
        self._queue: Queue[tuple[Journal, Future[Posted]] | None] = Queue(maxsize=WAITING_MAX)
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what was taken, then end."""
        self._queue.put(None)
        self._thread.join()

    def post(self, journal: Journal) -> Posted:
        """Wait until the journal is durable. Raises Unbalanced, ConflictingReplay, Overdraft, or Busy."""
        return self.submit(journal).result()

    def submit(self, journal: Journal) -> "Future[Posted]":
        """The same without waiting; the future is done when the journal is durable or refused."""
        future: Future[Posted] = Future()
        try:
            self._queue.put_nowait((journal, future))
        except Full:
            raise Busy(f"{WAITING_MAX} journals wait already") from None
        return future

    def _run(self) -> None:
        try:
            is_open = True
            while is_open:
                batch, is_open = self._gather()
                if batch:
                    _commit(batch)
        finally:
            connection.close()

    def _gather(self) -> tuple[list[tuple[Journal, "Future[Posted]"]], bool]:
        batch: list[tuple[Journal, Future[Posted]]] = []
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            if len(batch) >= BATCH_MAX:
                return batch, True
            try:
                item = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False


def _commit(batch: Sequence[tuple[Journal, "Future[Posted]"]]) -> None:
    try:
        outcomes: list[Posted | Refusal] = post_each(
            journals=[journal for journal, _ in batch], now=datetime.now(UTC)
        )
    except Exception as problem:
        # The database is away or locked: those who wait hear it, and whether to try again is theirs to say.
        for _, future in batch:
            future.set_exception(problem)
        close_old_connections()
        return
    for (_, future), outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Posted):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)
