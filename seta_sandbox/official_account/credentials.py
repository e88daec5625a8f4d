"""Tokens of Official Accounts and mini programs, old and stable, and the JS-SDK ticket."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import WECOM, App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.tokens import Grant
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.state import oa_of

TICKET_SECONDS = 7200
# Everything that calls the sandbox runs on this machine.
CALLER_IP = "127.0.0.1"


async def token(request: Request) -> Response:
    """`GET /cgi-bin/token`: each call supersedes the token before."""
    query = request.query_params
    if query.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    world = world_of(request)
    app = checked_app(world, query.get("appid"), query.get("secret"))
    return _answer(world, world.tokens.legacy(app.appid))


async def stable_token(request: Request) -> Response:
    """`POST /cgi-bin/stable_token`: the same token until its last five minutes, unless refresh is forced."""
    body = await json_body(request)
    if body.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    world = world_of(request)
    app = checked_app(world, body.get("appid"), body.get("secret"))
    oa_of(world).quotas.take(app.appid, request.url.path, world.clock.now())
    return _answer(world, world.tokens.stable(app.appid, force=bool(body.get("force_refresh", False))))


def checked_app(world: World, appid: object, secret: object) -> App:
    """The app of these credentials, or ApiError 41002, 41004, 40013, 40125; 40164 outside its list of addresses."""
    if not appid:
        raise ApiError(41002, "appid missing")
    if not secret:
        raise ApiError(41004, "appsecret missing")
    app = world.find_app(str(appid))
    if app is None or app.kind == WECOM:
        raise ApiError(40013, "invalid appid")
    if secret != app.secret:
        raise ApiError(40125, "invalid appsecret")
    if CALLER_IP not in oa_of(world).quotas.allowed_ips.get(app.appid, (CALLER_IP,)):
        raise ApiError(40164, f"invalid ip {CALLER_IP} ipv6 ::ffff:{CALLER_IP}, not in whitelist")
    return app


def _answer(world: World, grant: Grant) -> Response:
    left = int(grant.expires_at - world.clock.now() + 0.5)
    return JSONResponse({"access_token": grant.token, "expires_in": left})


async def getticket(request: Request) -> Response:
    """`GET /cgi-bin/ticket/getticket`: a ticket for JS-SDK signatures, the same one for its two hours."""
    app, world = calling_app(request), world_of(request)
    kind = request.query_params.get("type", "jsapi")
    if kind not in ("jsapi", "wx_card"):
        raise ApiError(40097, "invalid args: type")
    now = world.clock.now()
    ticket, expires_at = oa_of(world).tickets.get((app.appid, kind), ("", 0.0))
    if expires_at <= now:
        ticket = "".join(world.rng.choices(ALPHANUMERIC + "-_", k=86))
        expires_at = now + TICKET_SECONDS
        oa_of(world).tickets[app.appid, kind] = (ticket, expires_at)
    left = int(expires_at - now + 0.5)
    return JSONResponse({"errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": left})


async def ip_list(request: Request) -> Response:
    """The addresses pushes come from: here, this machine."""
    calling_app(request)
    return JSONResponse({"ip_list": ["127.0.0.1"]})


ROUTES: list[Route] = [
    Route("/cgi-bin/token", token, methods=["GET"]),
    Route("/cgi-bin/stable_token", stable_token, methods=["POST"]),
    Route("/cgi-bin/ticket/getticket", getticket, methods=["GET"]),
    Route("/cgi-bin/getcallbackip", ip_list, methods=["GET"]),
    Route("/cgi-bin/get_api_domain_ip", ip_list, methods=["GET"]),
]
