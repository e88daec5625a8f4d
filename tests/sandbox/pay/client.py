"""Call an ASGI application from ordinary functions, on an event loop that only runs during a call."""

import asyncio
from types import TracebackType
from typing import Any

import httpx
from starlette.applications import Starlette

from seta_sandbox.kit.world import World


class Client:
    """Requests to one sandbox; what it does in the background goes on during the next request."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://testserver", trust_env=False
        )

    @property
    def world(self) -> World:
        """The world being played."""
        world: World = self.app.state.world
        return world

    def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        """One request and its answer."""
        return self._runner.run(self._http.request(method, url, **kwargs))

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        """A GET."""
        return self.request("GET", url, **kwargs)

    def post(self, url: str, **kwargs: Any) -> httpx.Response:
        """A POST."""
        return self.request("POST", url, **kwargs)

    def run(self, coroutine: Any) -> Any:
        """Run something of the sandbox's own on its loop."""
        return self._runner.run(coroutine)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self.world.pusher.close())
        self._runner.run(self._http.aclose())
        self._runner.close()
