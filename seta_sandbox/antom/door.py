"""The one door of every AMS call: verify the raw body, refuse with a result, sign the answer's own bytes."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seta_sandbox.antom import errors, signing
from seta_sandbox.antom.errors import Refusal
from seta_sandbox.antom.state import BEIJING
from seta_sandbox.kit.keys import ALPHANUMERIC, DIGITS
from seta_sandbox.kit.world import World

FAMILY = "antom"
CLIENT = "antom.client"
PLATFORM = "antom.platform"
SANDBOX_CLIENT = "SANDBOX_"
SANDBOX_PATH = "/ams/sandbox/api/"


@dataclass(frozen=True)
class Call:
    """A request whose signature holds; `body` is its JSON object."""

    world: World
    body: dict[str, Any]

    def find(self, path: str) -> Any:
        """The value at a dotted path, None where nothing is."""
        value: Any = self.body
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def text(self, path: str, *, required: bool = False, length_max: int = 64) -> str:
        """A string; refuses a missing one, another type and one that is too long."""
        value = self.find(path)
        if value in (None, ""):
            if required:
                raise errors.illegal(path, "is missing")
            return ""
        if not isinstance(value, str):
            raise errors.illegal(path, "must be a string")
        if len(value) > length_max:
            raise errors.illegal(path, f"is longer than {length_max}")
        return value


Inner = dict[str, Any]
Handler = Callable[[Call], Awaitable[Inner]]
Endpoint = Callable[[Request], Awaitable[Response]]


def client_id(world: World) -> str:
    """The merchant's client id, one of the sandbox."""
    return SANDBOX_CLIENT + world.keys.secret("antom.client_id", 20, ALPHANUMERIC.upper())


def merchant_id(world: World) -> str:
    """The MID that settlement files are named after."""
    return "2188" + world.keys.secret("antom.merchant_id", 12, DIGITS)


def moment(at: float) -> str:
    """Unix time as Antom writes it: ISO 8601 in Beijing time, whole seconds."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(BEIJING).isoformat()


def signed(handler: Handler) -> Endpoint:
    """An endpoint whose answers, refusals too, are signed with HTTP 200."""

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        path = request.url.path
        try:
            call = await open_call(world, request)
            refuse_as_planned(world, path)
            inner = await handler(call)
        except Refusal as refusal:
            inner = {"result": refusal.result()}
        return answer(world, path, inner)

    return endpoint


async def open_call(world: World, request: Request) -> Call:
    """Verify the Signature header over the exact bytes that came.

    A `SANDBOX_` client is known on the sandbox paths and, as a convenience of ours, on the production paths too.
    The age of Request-Time is not judged: SDKs write it in several forms.
    """
    body = await request.body()
    client, at = request.headers.get("client-id", ""), request.headers.get("request-time", "")
    if client != client_id(world):
        raise Refusal("UNKNOWN_CLIENT", "the client is unknown")
    if not at:
        raise errors.illegal("Request-Time", "is missing")
    message = signing.content(request.url.path, client, at, body)
    key = world.keys.rsa(CLIENT).public_key()
    if not signing.verify(key, message, request.headers.get("signature", "")):
        raise Refusal("INVALID_SIGNATURE", "the signature is invalid")
    try:
        document = json.loads(body)
        json.dumps(document, ensure_ascii=False).encode()  # half of a surrogate pair cannot be written again
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise errors.illegal("body", "must be a JSON object")
    return Call(world, document)


def refuse_as_planned(world: World, path: str) -> None:
    """Refuse when the fault plan says so; the fault's value is the code, UNKNOWN_EXCEPTION (U) by default."""
    fault = world.faults.take(FAMILY, path, {"errcode"})
    if fault is None:
        return
    if fault.value:
        raise Refusal(str(fault.value), "planned by the fault plan")
    raise errors.UNKNOWN


def answer(world: World, path: str, inner: Inner) -> Response:
    """A signed answer; the faults `bad_signature` and `nosig` make it a forged one."""
    body = json.dumps(inner, ensure_ascii=False, separators=(",", ":")).encode()
    at, client = moment(world.clock.signing_now()), client_id(world)
    fault = world.faults.take(FAMILY, path, {"bad_signature", "nosig"})
    message = signing.content(path, client, at, body + b" " if fault is not None else body)
    headers = {"client-id": client, "response-time": at}
    if fault is None or fault.kind != "nosig":
        headers["signature"] = signing.header(world.keys.rsa(PLATFORM), message)
    return Response(body, headers=headers, media_type="application/json; charset=UTF-8")
