"""The project's Django through Django's own ASGI handler, as `seta serve` would have it without the thread bridge."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from seta.site.boot import boot

boot()

from django.core.asgi import get_asgi_application  # noqa: E402  Django is ready only now

_django: Any = get_asgi_application()


async def app(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """One request; Django knows nothing of a server's life."""
    if scope["type"] != "http":
        return

    async def body() -> MutableMapping[str, Any]:
        # granian's receive gives a future; Django makes a task of a coroutine.
        return await receive()

    await _django(scope, body, send)
