"""Background work of a process waits at its own seams while somebody outside waits for an answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

WAIT_SECONDS_MAX = 0.05


class Courtesy:
    """Lets work that a caller waits for go before work that nobody waits for.

    SQLite lets one writer in at a time and does not queue the others: who is turned away looks again after a growing
    pause, so that a worker with commit after commit can keep a payment's notification out for a tenth of a second.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._hurried = 0
        self._ended = 0

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Until the block ends somebody outside waits for it."""
        with self._changed:
            self._hurried += 1
        try:
            yield
        finally:
            with self._changed:
                self._hurried -= 1
                self._ended += 1
                self._changed.notify_all()

    def give_way(self, seconds_max: float = WAIT_SECONDS_MAX) -> bool:
        """Wait for one who hurries at this moment, but never long; False when the patience was at its end.

        Only one: under a load that never pauses, background work still gets its turn after each.
        """
        with self._changed:
            ended = self._ended
            return self._changed.wait_for(lambda: not self._hurried or self._ended != ended, seconds_max)


courtesy = Courtesy()
"""The one of this process."""
