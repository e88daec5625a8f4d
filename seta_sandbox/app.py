"""The sandbox as one ASGI application: every provider by path, faults and the journal around each handler."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route

from seta_sandbox import control, evidence
from seta_sandbox.alipay.routes import ROUTES as ALIPAY
from seta_sandbox.antom.routes import ROUTES as ANTOM
from seta_sandbox.kit.errors import ApiError, Refused
from seta_sandbox.kit.faults import REQUEST_KINDS, Fault
from seta_sandbox.kit.keys import Keyring
from seta_sandbox.kit.world import Setup, World
from seta_sandbox.mini_program.routes import ROUTES as MINI_PROGRAM
from seta_sandbox.official_account.routes import ROUTES as OFFICIAL_ACCOUNT
from seta_sandbox.phone.associate import ROUTES as ASSOCIATE
from seta_sandbox.phone.routes import ROUTES as PHONE
from seta_sandbox.wechatpay.routes import ROUTES as WECHATPAY
from seta_sandbox.wecom.routes import ROUTES as WECOM

# Order decides where paths meet: Starlette takes the first match.
FAMILIES: Mapping[str, list[Route]] = {
    "official_account": OFFICIAL_ACCOUNT,
    "mini_program": MINI_PROGRAM,
    "wecom": WECOM,
    "wechatpay": WECHATPAY,
    "alipay": ALIPAY,
    "antom": ANTOM,
}
# Payment families sign even their refusals, so they take `errcode` faults from the plan themselves.
SELF_REFUSING = frozenset({"wechatpay", "alipay", "antom"})
TIMEOUT_SECONDS = 10.0
SLOW_SECONDS = 2.0

Handler = Callable[[Request], Awaitable[Response]]

log = logging.getLogger(__name__)


def create_app(
    *,
    seed: int = 1,
    base_url: str = "http://127.0.0.1:8801",
    miniprogram_dir: Path | None = None,
    keys: Keyring | None = None,
    push_transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """A sandbox with a fresh world in `app.state.world`. `push_transport` replaces the network for pushes."""
    routes: list[BaseRoute] = [*control.ROUTES, evidence.page(FAMILIES)]
    for family, own in FAMILIES.items():
        routes += [
            Route(route.path, observed(family, route.endpoint), methods=sorted(route.methods or {"GET"}))
            for route in own
        ]
    routes += [
        *PHONE,
        *ASSOCIATE,
        Route("/{path:path}", observed("official_account", unknown), methods=["GET", "POST"]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await app.state.world.pusher.close()

    app = Starlette(routes=routes, lifespan=lifespan)
    setup = Setup(base_url.rstrip("/"), miniprogram_dir, push_transport)
    app.state.world = World(seed, keys or Keyring(), setup)
    return app


def observed(family: str, handler: Handler) -> Handler:
    """Wrap a family's handler: take planned faults, turn refusals into answers, write the journal."""

    async def observe(request: Request) -> Response:
        world: World = request.app.state.world
        body = await request.body()
        request.state.envelope = family
        path = request.url.path
        kinds = REQUEST_KINDS - {"errcode"} if family in SELF_REFUSING else REQUEST_KINDS
        said = f"{request.url.query} {body.decode('utf-8', 'replace')}" if world.faults.lines else ""
        fault = world.faults.take(family, path, kinds, said=said)
        response = await _answer(world, family, handler, request, fault)
        target = f"{path}?{request.url.query}" if request.url.query else path
        note = f"fault: {fault.kind}" if fault else ""
        answered = bytes(response.body) if hasattr(response, "body") else b""
        world.journal.add("in", family, request.method, target, response.status_code, body, answered, note)
        return response

    return observe


async def _answer(
    world: World, family: str, handler: Handler, request: Request, fault: Fault | None
) -> Response:
    if fault is not None and fault.kind == "500":
        return Response("service unavailable", status_code=int(fault.value or 500))
    if fault is not None and fault.kind == "errcode":
        return refusal(
            world, request, ApiError(int(fault.value or -1), "system error, planned by the fault plan")
        )
    if fault is not None and fault.kind == "timeout_before":
        await asyncio.sleep(float(fault.value or TIMEOUT_SECONDS))
        return Response("gateway timeout", status_code=504)
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(float(fault.value or SLOW_SECONDS))
    try:
        response = await handler(request)
    except ApiError as error:
        response = refusal(world, request, error)
    except Refused as refused:
        response = refused.response
    except (AttributeError, KeyError, TypeError, ValueError):
        # A field of a type the handler did not expect: the Tencent families answer that with a code of theirs.
        if family in SELF_REFUSING:
            raise
        log.warning("%s %s: malformed arguments", request.method, request.url.path, exc_info=True)
        response = refusal(world, request, ApiError(40058 if family == "wecom" else 40097, "invalid args"))
    if fault is not None and fault.kind == "timeout":
        await asyncio.sleep(float(fault.value or TIMEOUT_SECONDS))
        return Response("gateway timeout", status_code=504)
    if fault is not None and fault.kind == "500_after":
        return Response("service unavailable", status_code=int(fault.value or 500))
    return response


def refusal(world: World, request: Request, error: ApiError) -> Response:
    """The error envelope: a `rid` for Official Accounts and mini programs, a `hint` for WeCom; HTTP 200 always."""
    if getattr(request.state, "envelope", "") == "wecom":
        hint = f"{world.clock.unix()}_{world.rng.randint(1, 99)}_{world.rng.getrandbits(128):032x}"
        tail = (
            f", hint: [{hint}], from ip: 127.0.0.1, "
            f"more info at https://open.work.weixin.qq.com/devtool/query?e={error.errcode}"
        )
    else:
        tail = (
            f" rid: {world.clock.unix():08x}-{world.rng.getrandbits(32):08x}-{world.rng.getrandbits(32):08x}"
        )
    return reply({"errcode": error.errcode, "errmsg": error.errmsg + tail, **error.extra})


def reply(content: Mapping[str, Any]) -> Response:
    """JSON as raw UTF-8 with a content type that every SDK takes for JSON."""
    return JSONResponse(content)


async def unknown(request: Request) -> Response:
    """Paths no provider has: 40066 as WeChat's gateway answers; a known path called wrongly: 43001 or 43002."""
    for route in request.app.routes:
        match, _ = route.matches(request.scope) if route.path != "/{path:path}" else (Match.NONE, {})
        if match is Match.PARTIAL:
            wanted = "GET" if "GET" in route.methods else "POST"
            raise ApiError(43001 if wanted == "GET" else 43002, f"require {wanted} method")
    raise ApiError(40066, f"invalid url, {json.dumps(request.url.path)} is not part of the sandbox")
