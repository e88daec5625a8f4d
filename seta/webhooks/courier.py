"""Carries messages to receivers, many at a time, each within its time, and only to addresses that were checked.

A name is resolved here, its addresses are judged, and the connection is made to the very address that passed: a name
that points elsewhere a moment later gains nothing. TLS still holds the certificate to the name. Redirects are not
followed and proxies of the environment are not asked.
"""

import asyncio
import queue
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from seta.webhooks.rules.addresses import is_public
from seta.webhooks.rules.schedule import ANSWER_BYTES_MAX, TIMEOUT_SECONDS

AT_ONCE_AN_ENDPOINT = 8
AT_ONCE = 200
ADDRESSES_MAX = 3
QUICK_SECONDS = 0.05


@dataclass(frozen=True)
class Parcel:
    """A signed message for one address."""

    delivery_id: int
    endpoint_id: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of a parcel: an HTTP status, or why there is none."""

    delivery_id: int
    endpoint_id: int
    status: int | None
    problem: str
    milliseconds: int
    answer: str


class Undeliverable(Exception):
    """Why nothing was sent; the first argument is kept with the attempt."""


class Courier:
    """One event loop on a thread of its own; `send` and `come_back` are called by one other thread."""

    def __init__(
        self,
        *,
        private_allowed: bool,
        timeout_seconds: float = TIMEOUT_SECONDS,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._private_allowed = private_allowed
        self._timeout = timeout_seconds
        self._verify = verify
        self._flying: Counter[int] = Counter()
        self._back: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._held: list[Outcome] = []
        self._loop = asyncio.new_event_loop()
        self._client: httpx.AsyncClient | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="webhooks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the loop; parcels on their way are sent again when their lease is over."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def room(self, endpoint_id: int) -> int:
        """How many more parcels may go to an endpoint now."""
        everywhere = AT_ONCE - self._flying.total()
        return max(0, min(AT_ONCE_AN_ENDPOINT - self._flying[endpoint_id], everywhere))

    def send(self, parcel: Parcel) -> None:
        """Set out with a parcel; its outcome is among what a later `come_back` gives."""
        self._flying[parcel.endpoint_id] += 1
        asyncio.run_coroutine_threadsafe(self._carry(parcel), self._loop)

    def come_back(self) -> list[Outcome]:
        """What has become of parcels since the last call."""
        outcomes, self._held = self._held, []
        while True:
            try:
                outcomes.append(self._back.get_nowait())
            except queue.Empty:
                break
        for outcome in outcomes:
            self._flying[outcome.endpoint_id] -= 1
        return outcomes

    def someone_is_back(self, timeout: float = QUICK_SECONDS) -> bool:
        """Wait a moment for the next outcome; False when there is none yet, or none can come."""
        if not self._flying.total():
            return False
        try:
            self._held.append(self._back.get(timeout=timeout))
        except queue.Empty:
            return False
        return True

    async def _carry(self, parcel: Parcel) -> None:
        began = time.monotonic()
        status, problem, answer = None, "", b""
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._post(parcel)
                status = response.status_code
                try:
                    async for chunk in response.aiter_raw(ANSWER_BYTES_MAX):
                        answer += chunk
                        if len(answer) >= ANSWER_BYTES_MAX:
                            break
                finally:
                    await response.aclose()
        except Undeliverable as refused:
            problem = str(refused)
        except (TimeoutError, httpx.TimeoutException):
            problem = "timeout" if status is None else ""
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            problem = _name(error) if status is None else ""
        finally:
            spent = int((time.monotonic() - began) * 1000)
            words = answer[:ANSWER_BYTES_MAX].decode(errors="replace").replace("\x00", "")
            outcome = Outcome(parcel.delivery_id, parcel.endpoint_id, status, problem, spent, words)
            self._back.put(outcome)

    async def _post(self, parcel: Parcel) -> httpx.Response:
        url = httpx.URL(parcel.url)
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        *others, last = await self._checked_addresses(host, port)
        for address in others:
            try:
                return await self._post_to(address, url, host, parcel)
            except httpx.ConnectError:
                continue
        return await self._post_to(last, url, host, parcel)

    async def _post_to(self, address: str, url: httpx.URL, host: str, parcel: Parcel) -> httpx.Response:
        if self._client is None:
            # A kept connection would be found again by its address alone, under another house's name.
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
            self._client = httpx.AsyncClient(
                verify=self._verify, limits=limits, trust_env=False, timeout=self._timeout
            )
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address),
            content=parcel.body,
            headers={
                "host": url.netloc.decode("ascii"),
                "content-type": "application/json; charset=utf-8",
                "user-agent": "Seta-Webhooks/1",
                "accept-encoding": "identity",
                **parcel.headers,
            },
            extensions={"sni_hostname": host},
        )
        return await self._client.send(request, stream=True, follow_redirects=False)

    async def _checked_addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await self._loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Undeliverable("no_address") from error
        addresses = [str(each[4][0]) for each in found]
        allowed = [each for each in addresses if self._private_allowed or is_public(each)]
        if not allowed:
            raise Undeliverable("private_address")
        return list(dict.fromkeys(allowed))[:ADDRESSES_MAX]

    async def _shut(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        await self._loop.shutdown_default_executor()


def _name(error: Exception) -> str:
    """A word for what went wrong on the way; details of our network are nobody's business."""
    if isinstance(error.__cause__, ssl.SSLError) or "certificate" in str(error).lower():
        return "tls"
    if isinstance(error, httpx.ConnectError | OSError):
        return "no_connection"
    return "broken_answer"
