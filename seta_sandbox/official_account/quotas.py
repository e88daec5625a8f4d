"""Quotas as endpoints: calls counted at every door, cleared, asked for, and one call looked up by its rid."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.journal import Entry
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.common import beijing_day, ok, words
from seta_sandbox.official_account.credentials import checked_app
from seta_sandbox.official_account.state import oa_of

RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")
RID_SECONDS = 7 * 86_400

Handler = Callable[[Request], Awaitable[Response]]


def metered(routes: Sequence[Route]) -> list[Route]:
    """The same routes, each counting the calls of the app whose token or appid is in the query."""
    return [
        Route(route.path, _counting(route.endpoint), methods=list(route.methods or ())) for route in routes
    ]


def _counting(handler: Handler) -> Handler:
    async def count(request: Request) -> Response:
        world, query = world_of(request), request.query_params
        grant = world.tokens.grants.get(query.get("access_token", ""))
        appid = grant.owner if grant is not None else query.get("appid", "")
        if appid and "/" not in appid and world.find_app(appid) is not None:
            oa_of(world).quotas.take(appid, request.url.path, world.clock.now())
        return await handler(request)

    return count


async def clear(request: Request) -> Response:
    """`POST /cgi-bin/clear_quota`: ten times a month, then 48006."""
    app, world = calling_app(request), world_of(request)
    if (await json_body(request)).get("appid") != app.appid:
        raise ApiError(40013, "invalid appid")
    return _clear(world, app)


async def clear_by_secret(request: Request) -> Response:
    """`POST /cgi-bin/clear_quota/v2`: the same without a token, by `appid` and `appsecret`."""
    given: dict[str, Any] = dict(request.query_params)
    if "appid" not in given and await request.body():
        given = await json_body(request)
    world = world_of(request)
    return _clear(world, checked_app(world, given.get("appid"), given.get("appsecret")))


def _clear(world: World, app: App) -> Response:
    oa_of(world).quotas.clear(app.appid, beijing_day(world.clock.now()).strftime("%Y-%m"))
    return ok()


async def get(request: Request) -> Response:
    """`POST /cgi-bin/openapi/quota/get`: what is left today of one path; 76021 for a path that is none."""
    app, world = calling_app(request), world_of(request)
    path = "/" + words((await json_body(request)).get("cgi_path"), 76021).strip("/")
    if not any(getattr(route, "path", "") == path for route in request.app.routes):
        raise ApiError(76021, "cgi_path not found, please check")
    return ok(quota=oa_of(world).quotas.state(app.appid, path, world.clock.now()))


async def rid(request: Request) -> Response:
    """`POST /cgi-bin/openapi/rid/get`: the call that an errmsg's rid names, kept for seven days."""
    app, world = calling_app(request), world_of(request)
    wanted = words((await json_body(request)).get("rid"), 76002)
    if not RID.fullmatch(wanted):
        raise ApiError(76002, "rid is empty or of a wrong format")
    found = next(
        (entry for entry in reversed(world.journal.entries) if f"rid: {wanted}" in entry.response), None
    )
    if found is None:
        raise ApiError(76001, "rid not found")
    if found.at < world.clock.now() - RID_SECONDS:
        raise ApiError(76004, "rid is expired, only rids of the last 7 days are kept")
    if _owner(world, found) not in ("", app.appid):
        raise ApiError(76003, "this rid belongs to another account")
    return ok(
        request={
            "invoke_time": int(found.at),
            "cost_in_ms": 1,
            "request_url": found.path,
            "request_body": found.request,
            "response_body": found.response,
            "client_ip": "127.0.0.1",
        }
    )


def _owner(world: World, entry: Entry) -> str:
    """The appid whose token called, `""` when the call had no token we know."""
    for part in urlsplit(entry.path).query.split("&"):
        name, _, value = part.partition("=")
        if name == "access_token" and value in world.tokens.grants:
            return world.tokens.grants[value].owner
    return ""


async def quota(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`enforce`: watch the documented quotas; `cgi_path` with `daily` or `minute` sets one path's own limit."""
    book = oa_of(world).quotas
    path, limits = str(body.get("cgi_path", "")), {}
    for name, own in (("daily", book.daily), ("minute", book.minute)):
        if name in body:
            if not path.startswith("/") or not isinstance(body[name], int) or body[name] < 0:
                raise ControlError("a limit needs `cgi_path` such as /cgi-bin/user/get and a number from 0")
            limits[name] = own
    for name, own in limits.items():
        own[path] = body[name]
    book.enforced = bool(body.get("enforce", book.enforced))
    return {"enforced": book.enforced, "daily": book.daily, "minute": book.minute}


async def allow_ips(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`appid`, `ips`: from where tokens may be asked for (40164 otherwise); an empty list lifts the rule."""
    app, ips = world.find_app(str(body.get("appid", ""))), body.get("ips", [])
    if app is None or not isinstance(ips, list):
        raise ControlError("allow_ips needs the `appid` of an app and a list of `ips`")
    oa_of(world).quotas.allowed_ips.pop(app.appid, None)
    if ips:
        oa_of(world).quotas.allowed_ips[app.appid] = tuple(str(one) for one in ips)
    return {"appid": app.appid, "ips": ips}


ACTIONS: dict[str, Action] = {"quota": quota, "allow_ips": allow_ips}
ROUTES: list[Route] = [
    Route("/cgi-bin/clear_quota", clear, methods=["POST"]),
    Route("/cgi-bin/clear_quota/v2", clear_by_secret, methods=["POST"]),
    Route("/cgi-bin/openapi/quota/get", get, methods=["POST"]),
    Route("/cgi-bin/openapi/rid/get", rid, methods=["POST"]),
]
