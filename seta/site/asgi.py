"""The server's one door: hot paths as plain ASGI, everything else to Django, a worker beside them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

from seta.site.boot import boot, settle

boot()

from django.conf import settings  # noqa: E402  Django is ready only now
from django.core.wsgi import get_wsgi_application  # noqa: E402

from seta.callbacks.doors import CallbackDoors  # noqa: E402
from seta.callbacks.keeper import Keeper  # noqa: E402
from seta.drops.gate import Gate  # noqa: E402
from seta.events.worker import Worker  # noqa: E402
from seta.payments.waiting import Patient  # noqa: E402
from seta.site import wiring  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

DJANGO_THREADS = 6


class Server:
    """Sends each request where it belongs, and runs keeper and worker for as long as the server lives."""

    def __init__(self) -> None:
        self.keeper = Keeper(wiring.callback_table())
        self.worker = Worker(wiring.sweeps()) if settings.EMBEDDED_WORKER else None
        pages: Any = get_wsgi_application()
        threads: Any = WSGIMiddleware(pages, workers=DJANGO_THREADS)
        self.django = Patient(threads)
        self.hot: dict[str, App] = {"/callbacks/": CallbackDoors(self.keeper), **wiring.hot_doors()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]
        for prefix, app in self.hot.items():
            if path.startswith(prefix):
                await app(scope, receive, send)
                return

        async def body() -> MutableMapping[str, Any]:
            # granian's receive gives a future; the WSGI bridge wants a coroutine.
            return await receive()

        await self.django(scope, body, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        thread: threading.Thread | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.keeper.start()
                if self.worker is not None:
                    thread = threading.Thread(target=self.worker.run, name="worker", daemon=True)
                    thread.start()
                await send({"type": "lifespan.startup.complete"})
                continue
            await asyncio.to_thread(self.keeper.stop)
            for door in self.hot.values():
                if isinstance(door, Gate):
                    await asyncio.to_thread(door.stop)
            if self.worker is not None and thread is not None:
                self.worker.stop()
                await asyncio.to_thread(thread.join, 10)
            await send({"type": "lifespan.shutdown.complete"})
            return


app = Server()
settle()
