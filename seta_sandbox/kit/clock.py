"""The sandbox's virtual clock: real time plus an offset that only ever grows."""

import asyncio
import time

SIGNATURE_DRIFT_SECONDS_MAX = 298.0
"""Receivers refuse more than 300 s; whole seconds and the way there need the rest."""


class Clock:
    """Virtual Unix time. Sleepers wake as soon as an advance passes their instant."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._moved = asyncio.Event()
        self._signatures_drift = False

    def now(self) -> float:
        """Virtual Unix time in seconds."""
        return time.time() + self._offset

    def unix(self) -> int:
        """Virtual Unix time in whole seconds, as the platforms write it."""
        return int(self.now())

    def signing_now(self) -> float:
        """The time to write into signed headers.

        Receivers refuse timestamps more than 300 s away from their own clock, so an offset beyond that is left
        out here unless `advance` was told to let signatures drift too.
        """
        if self._signatures_drift or abs(self._offset) <= SIGNATURE_DRIFT_SECONDS_MAX:
            return self.now()
        return time.time()

    def advance(self, seconds: float, *, signatures: bool = False) -> float:
        """Move forward and wake sleepers; returns the new virtual time. Time never goes back."""
        if seconds < 0:
            raise ValueError("the virtual clock only moves forward")
        self._offset += seconds
        self._signatures_drift = self._signatures_drift or signatures
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return self.now()

    async def sleep_until(self, virtual: float) -> None:
        """Return once virtual time has reached `virtual`, by waiting or by an advance."""
        while (left := virtual - self.now()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), timeout=left)
            except TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of virtual time."""
        await self.sleep_until(self.now() + seconds)
