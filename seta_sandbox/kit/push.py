"""Pushes to the receiver's URL: sent in the background, retried under the virtual clock, all journalled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import httpx

from seta_sandbox.kit.clock import Clock
from seta_sandbox.kit.faults import PUSH_KINDS, FaultPlan
from seta_sandbox.kit.journal import Journal

REORDER_WAIT_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """Which attempt this is (from 1) and the fault to build into it: `""`, `bad_signature` or `sign_test`."""

    number: int
    fault: str = ""


@dataclass(frozen=True)
class PushRequest:
    """One HTTP request of a push, exactly as sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Delivery:
    """What became of a push so far. `due` is the virtual time of its next attempt, None once it is over."""

    family: str
    label: str
    due: float | None
    attempts: int = 0
    statuses: list[int] = field(default_factory=list)
    delivered: bool = False
    first_done: asyncio.Event = field(default_factory=asyncio.Event)

    def report(self) -> dict[str, object]:
        """The plain form that control answers carry."""
        return {
            "label": self.label,
            "attempts": self.attempts,
            "statuses": self.statuses,
            "delivered": self.delivered,
            "over": self.due is None,
        }


Accepted = Callable[[httpx.Response], bool]
Replied = Callable[[httpx.Response], Awaitable[None]]


def any_2xx(response: httpx.Response) -> bool:
    """The acceptance rule of providers that look at the status alone."""
    return response.is_success


class Pusher:
    """Owns the tasks of all pushes of one world; a reset cancels them."""

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        faults: FaultPlan,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock, self._journal, self._faults = clock, journal, faults
        self._client: httpx.AsyncClient | None = None
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()
        self._active: list[Delivery] = []
        self._changed = asyncio.Event()
        self._sent = asyncio.Event()

    def send(
        self,
        label: str,
        make_request: Callable[[Attempt], PushRequest],
        schedule: Sequence[float] = (0.0,),
        accepted: Accepted = any_2xx,
        *,
        family: str = "",
        replied: Replied | None = None,
        gave_up: Callable[[], None] | None = None,
        deadline_seconds: float = 5.0,
    ) -> Delivery:
        """Start a push in the background.

        `schedule` holds the virtual seconds before each attempt, counted from the start of the attempt before.
        `make_request` is called for every attempt, so that each has its own timestamp, nonce and signature.
        `replied` gets the accepted response once; `gave_up` is called after the last attempt failed.
        """
        delivery = Delivery(family, label, due=self._clock.now() + schedule[0])
        self._active.append(delivery)
        task = asyncio.get_running_loop().create_task(
            self._run(delivery, make_request, schedule, accepted, replied, gave_up, deadline_seconds)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def settled(self) -> None:
        """Return once nothing is in flight and no retry is due at the present virtual time."""
        while any(d.due is not None and d.due <= self._clock.now() for d in self._active):
            changed = self._changed
            await changed.wait()

    async def close(self) -> None:
        """Cancel what is still waiting and close the HTTP client."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _run(
        self,
        delivery: Delivery,
        make_request: Callable[[Attempt], PushRequest],
        schedule: Sequence[float],
        accepted: Accepted,
        replied: Replied | None,
        gave_up: Callable[[], None] | None,
        deadline_seconds: float,
    ) -> None:
        try:
            for number in range(1, len(schedule) + 1):
                assert delivery.due is not None
                await self._clock.sleep_until(delivery.due)
                started = self._clock.now()
                response = await self._attempt(delivery, number, make_request, deadline_seconds)
                delivery.attempts = number
                if response is not None and accepted(response):
                    delivery.delivered = True
                    if replied is not None:
                        await replied(response)
                    return
                if number < len(schedule):
                    delivery.due = started + schedule[number]
                delivery.first_done.set()
                self._notify()
            if gave_up is not None:
                gave_up()
        except Exception:
            log.exception("push %s failed inside the sandbox", delivery.label)
        finally:
            delivery.due = None
            if delivery in self._active:
                self._active.remove(delivery)
            delivery.first_done.set()
            self._notify()

    async def _attempt(
        self,
        delivery: Delivery,
        number: int,
        make_request: Callable[[Attempt], PushRequest],
        deadline_seconds: float,
    ) -> httpx.Response | None:
        fault = self._faults.take(delivery.family, f"push {delivery.label}", PUSH_KINDS)
        kind = fault.kind if fault else ""
        if kind == "reorder":
            await self._let_another_pass()
        signature_fault = kind if kind in ("bad_signature", "sign_test") else ""
        request = make_request(Attempt(number, signature_fault))
        if kind == "drop":
            delivery.statuses.append(0)
            self._write(delivery, request, 0, "", f"attempt {number}: dropped by the fault plan")
            return None
        note = f"attempt {number}: {kind}" if kind else f"attempt {number}"
        response = await self._post(delivery, request, note, deadline_seconds)
        if kind == "duplicate":
            await self._post(delivery, request, f"attempt {number}: duplicate", deadline_seconds)
        return response

    async def _post(
        self, delivery: Delivery, request: PushRequest, note: str, deadline_seconds: float
    ) -> httpx.Response | None:
        if self._client is None:
            self._client = httpx.AsyncClient(transport=self._transport, trust_env=False)
        response: httpx.Response | None = None
        try:
            response = await self._client.request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.body,
                timeout=deadline_seconds,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            note = f"{note}: {type(error).__name__}"
        status = response.status_code if response is not None else 0
        delivery.statuses.append(status)
        self._write(delivery, request, status, response.content if response is not None else b"", note)
        sent, self._sent = self._sent, asyncio.Event()
        sent.set()
        return response

    def _write(
        self, delivery: Delivery, request: PushRequest, status: int, response: str | bytes, note: str
    ) -> None:
        self._journal.add(
            "out",
            delivery.family,
            request.method,
            request.url,
            status,
            request.body,
            response,
            f"{delivery.label}: {note}",
        )

    async def _let_another_pass(self) -> None:
        try:
            await asyncio.wait_for(self._sent.wait(), timeout=REORDER_WAIT_SECONDS)
        except TimeoutError:
            return

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
