"""The real server whose answers at the callback doors never leave: what it has committed nobody is told."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from seta.site.asgi import app as server

Message = MutableMapping[str, Any]
MARK = Path(os.environ.get("SETA_VAR", ".")) / "held"
"""Made when the first answer is being held."""


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """As the server, but a callback's answer stands still before its first byte."""

    async def hold(message: Message) -> None:
        if message["type"] == "http.response.start":
            MARK.touch()
            await asyncio.Event().wait()

    holds = scope["type"] == "http" and scope["path"].startswith("/callbacks/")
    await server(scope, receive, hold if holds else send)
