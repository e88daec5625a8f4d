"""Access tokens under a race, after a refusal, and when the platform cannot be reached."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.tokens import Grant, TokenCache

THREADS = 50


class Platform:
    """Grants numbered tokens and refuses all but the newest."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.granted = 0
        self.forced = 0

    def fetch(self, forced: bool) -> Grant:
        with self.lock:
            self.granted += 1
            self.forced += forced
            return Grant(f"token-{self.granted}", 7200)

    def call(self, token: str) -> str:
        if token != f"token-{self.granted}":
            raise stale()
        return token


def stale() -> PlatformError:
    return PlatformError("stale", platform="wechat", code="40001", kind=ErrorKind.AUTH)


def at_once(count: int, act: "object") -> list[str]:
    barrier = Barrier(count)

    def run(_: int) -> str:
        barrier.wait()
        return act()  # type: ignore[operator,no-any-return]

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_fifty_threads_that_need_a_token_fetch_one() -> None:
    platform = Platform()
    cache = TokenCache(fetch=platform.fetch)

    tokens = at_once(THREADS, cache.get)

    assert set(tokens) == {"token-1"}
    assert platform.granted == 1


def test_fifty_threads_refused_together_refresh_once() -> None:
    platform = Platform()
    cache = TokenCache(fetch=platform.fetch)
    refused = Barrier(THREADS)
    cache.get()

    def call(token: str) -> str:
        if token == "token-1":
            refused.wait()
            raise stale()
        return token

    answers = at_once(THREADS, lambda: cache.use(call))

    assert set(answers) == {"token-2"}
    assert platform.granted == 2


def test_a_token_that_stays_refused_is_not_asked_for_again_and_again() -> None:
    platform = Platform()
    cache = TokenCache(fetch=platform.fetch)

    def always_refused(token: str) -> str:
        raise stale()

    with pytest.raises(PlatformError):
        cache.use(always_refused)

    assert platform.granted == 2


def test_a_platform_that_repeats_the_refused_token_is_forced_once() -> None:
    asked: list[bool] = []

    def fetch(forced: bool) -> Grant:
        asked.append(forced)
        return Grant("new" if forced else "old", 7200)

    cache = TokenCache(fetch=fetch)

    assert cache.refresh(cache.get()) == "new"
    assert asked == [False, False, True]


def test_token_is_renewed_before_it_expires() -> None:
    clock = [1000.0]
    platform = Platform()
    cache = TokenCache(fetch=platform.fetch, now=lambda: clock[0])
    cache.get()

    clock[0] += 7200 - 121
    assert cache.get() == "token-1"
    clock[0] += 2
    assert cache.get() == "token-2"


def test_failed_fetch_reaches_everybody_who_waited_and_the_next_call_tries_again() -> None:
    down, entered, release = [True], Event(), Event()

    def fetch(forced: bool) -> Grant:
        if down[0]:
            entered.set()
            release.wait(5)
            raise PlatformError("down", platform="wechat", kind=ErrorKind.UNREACHABLE)
        return Grant("token", 7200)

    cache = TokenCache(fetch=fetch)
    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(cache.get)
        assert entered.wait(5)
        follower = pool.submit(cache.get)
        release.set()
        for waiting in (leader, follower):
            with pytest.raises(PlatformError):
                waiting.result(5)
    down[0] = False

    assert cache.get() == "token"
