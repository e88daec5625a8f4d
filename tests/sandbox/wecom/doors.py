"""WeCom's doors in one process: the sandbox's application called without a network, and what it pushes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from seta_sandbox.app import create_app
from seta_sandbox.kit import crypt
from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.keys import Keyring
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import from_xml
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.config import secret

T = TypeVar("T")
CONTACT = "/cgi-bin/externalcontact"
AUDIT = "/cgi-bin/msgaudit"
LIN, MARCO = "linyue", "marco.bassi"


class Doors:
    """A fresh world and its callers; `pushed` holds every push as it arrived, signature checked and opened."""

    def __init__(self, keys: Keyring) -> None:
        self.pushed: list[dict[str, Any]] = []
        receiver = Starlette(routes=[Route("/wecom", self._receive, methods=["POST"])])
        self.app = create_app(keys=keys, push_transport=httpx.ASGITransport(receiver))
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://sandbox.test"
        )

    def close(self) -> None:
        """End pushes and timers."""
        self._runner.run(self.world.pusher.close())
        self._runner.run(self._client.aclose())
        self._runner.close()

    @property
    def world(self) -> World:
        """The world behind the doors, to look at."""
        world: World = self.app.state.world
        return world

    def person(self, number: int = 0) -> Consumer:
        """One of the world's consumers."""
        return self.world.people[number]

    def listen(self) -> None:
        """Let pushes come to `pushed`."""
        self.control("callback", app="wecom", url="http://seta.test/wecom")

    def token(self, application: str = "contact") -> str:
        """The access token of an application, the same while it lasts."""
        query = {"corpid": self.world.app(WECOM).appid, "corpsecret": secret(self.world, application)}
        return str(self.send("GET", "/cgi-bin/gettoken", params=query).json()["access_token"])

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Any request, as it is."""
        return self._run(lambda: self._client.request(method, path, **given))

    def get(self, path: str, application: str = "contact", **query: Any) -> dict[str, Any]:
        """GET with the token of an application."""
        answer = self.send("GET", path, params={"access_token": self.token(application), **query})
        fields: dict[str, Any] = answer.json()
        return fields

    def call(self, path: str, body: Any = None, application: str = "contact") -> dict[str, Any]:
        """POST JSON to a path of customer contact (or any absolute one) with the token of an application."""
        where = path if path.startswith("/") else f"{CONTACT}/{path}"
        query = {"access_token": self.token(application)}
        answer: dict[str, Any] = self.send("POST", where, params=query, json=body or {}).json()
        return answer

    def code(self, path: str, body: Any = None, application: str = "contact") -> int:
        """The errcode of a POST."""
        return int(self.call(path, body, application)["errcode"])

    def control(self, action: str, /, **body: Any) -> dict[str, Any]:
        """A control action that is done."""
        answer = self.send("POST", f"/_control/{action}", json=body)
        assert answer.status_code == 200, f"{action}: {answer.status_code} {answer.text}"
        fields: dict[str, Any] = answer.json()
        return fields

    def refused(self, action: str, /, **body: Any) -> str:
        """What a control action that is refused says."""
        answer = self.send("POST", f"/_control/{action}", json=body)
        assert answer.status_code == 400, answer.text
        return answer.text

    def befriend(self, number: int = 0, userid: str = LIN) -> str:
        """Make a consumer a member's customer; returns the external_userid."""
        external = self.person(number).external_userid
        self.control("add_contact", external_userid=external, userid=userid)
        return external

    def upload(self, kind: str = "image", purpose: int = 1, body: bytes = b"picture") -> dict[str, Any]:
        """Upload an attachment for Moments (1) or the album (2)."""
        query = {"access_token": self.token(), "media_type": kind, "attachment_type": purpose}
        answer = self.send(
            "POST", "/cgi-bin/media/upload_attachment", params=query, files={"media": ("a.bin", body)}
        )
        fields: dict[str, Any] = answer.json()
        return fields

    def _run(self, make: Callable[[], Awaitable[T]]) -> T:
        async def run() -> T:
            return await make()

        return self._runner.run(run())

    async def _receive(self, request: Request) -> Response:
        corp, query = self.world.app(WECOM), request.query_params
        outer = from_xml((await request.body()).decode())
        expected = crypt.sign(corp.token, query["timestamp"], query["nonce"], outer["Encrypt"])
        assert query["msg_signature"] == expected
        self.pushed.append(from_xml(crypt.decrypt(corp.aes_key, outer["Encrypt"], corp.appid)))
        return PlainTextResponse("success")
