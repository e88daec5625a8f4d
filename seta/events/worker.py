"""The worker: deliveries as they fall due, and sweeps on their schedule, until told to stop."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import close_old_connections

from seta.events.operations import deliver_due

log = logging.getLogger(__name__)


@dataclass
class Sweep:
    """An operation that runs every so often: expiries, unknown payments, the lake."""

    run: Callable[[datetime], object]
    every_seconds: float
    next_at: float = field(default=0.0)


@dataclass
class Worker:
    """Runs in a thread inside `seta serve`, or alone as `seta worker`."""

    sweeps: Sequence[Sweep]
    idle_seconds: float = 0.1
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Ask the loop to end after what it is doing."""
        self._stop.set()

    def run(self) -> None:
        """Loop until stopped; a failing sweep is logged and tried at its next turn."""
        while not self._stop.is_set():
            taken = self.turn()
            if not taken:
                self._stop.wait(self.idle_seconds)

    def turn(self) -> int:
        """One round: due deliveries, then due sweeps; returns how many deliveries were taken."""
        taken = 0
        try:
            taken = deliver_due(now=datetime.now(UTC))
        except Exception:
            log.exception("the worker could not take deliveries")
            self._stop.wait(1.0)
        for sweep in self.sweeps:
            if time.monotonic() >= sweep.next_at:
                sweep.next_at = time.monotonic() + sweep.every_seconds
                _run(sweep)
        close_old_connections()
        return taken


def _run(sweep: Sweep) -> None:
    try:
        sweep.run(datetime.now(UTC))
    except Exception:
        log.exception("sweep %s failed", getattr(sweep.run, "__name__", sweep.run))
