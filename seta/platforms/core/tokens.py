"""Access tokens: one refresh at a time however many threads ask, and one repeat after a stale token."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from seta.platforms.core.errors import PlatformError

T = TypeVar("T")

STALE_CODES = frozenset({"40001", "40014", "42001"})
MARGIN_SECONDS = 120
CACHES_MAX = 4096
WAIT_SECONDS_MAX = 60


@dataclass(frozen=True)
class Grant:
    """A token as granted: it may be used for `seconds` from now."""

    token: str
    seconds: int


class TokenCache:
    """One credential's token. `fetch(forced)` asks the platform and is never run twice at the same time."""

    def __init__(self, *, fetch: Callable[[bool], Grant], now: Callable[[], float] = time.time) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = Lock()
        self._token = ""
        self._usable_until = 0.0
        self._flight: Future[str] | None = None

    def get(self) -> str:
        """Return a usable token, fetching one when there is none; the fetch's error reaches all who wait."""
        return self._current(stale="")

    def refresh(self, stale: str) -> str:
        """Return a token other than the refused one; threads that were refused together fetch once."""
        return self._current(stale=stale)

    def use(self, call: Callable[[str], T]) -> T:
        """Run a call with a token and repeat it once with a new one when the platform calls it stale.

        Repeating is safe for any call: a refused token means nothing was done.
        """
        token = self.get()
        try:
            return call(token)
        except PlatformError as error:
            if error.code not in STALE_CODES:
                raise
        return call(self.refresh(token))

    def _current(self, *, stale: str) -> str:
        with self._lock:
            if self._token and self._token != stale and self._now() < self._usable_until:
                return self._token
            flight, leads = self._flight, False
            if flight is None:
                flight, leads = Future(), True
                self._flight = flight
        if leads:
            self._lead(flight, stale)
        return flight.result(timeout=WAIT_SECONDS_MAX)

    def _lead(self, flight: "Future[str]", stale: str) -> None:
        try:
            grant = self._fetch(False)
            if grant.token == stale:
                # The platform hands out what it has just refused: only a forced refresh ends that.
                grant = self._fetch(True)
        except BaseException as error:
            with self._lock:
                self._flight = None
            flight.set_exception(error)
            return
        with self._lock:
            self._token = grant.token
            self._usable_until = self._now() + grant.seconds - min(MARGIN_SECONDS, grant.seconds // 4)
            self._flight = None
        flight.set_result(grant.token)


class TokenStore:
    """The token caches of a process, so that clients made anew for each request share one token."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._caches: dict[tuple[str, ...], TokenCache] = {}

    def cache(self, key: tuple[str, ...], make: Callable[[], TokenCache]) -> TokenCache:
        """Return the cache of a credential (platform, address, id, secret), making it on first use."""
        with self._lock:
            if key not in self._caches:
                if len(self._caches) >= CACHES_MAX:
                    self._caches.pop(next(iter(self._caches)))
                self._caches[key] = make()
            return self._caches[key]


SHARED_TOKENS = TokenStore()
