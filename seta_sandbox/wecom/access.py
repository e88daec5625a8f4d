"""Which application calls, by its token: every WeCom secret opens only its own part of the API."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seta_sandbox.kit.access import WECOM_SCOPE, world_of
from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.config import APPLICATIONS, secret

OK = {"errcode": 0, "errmsg": "ok"}


def calling(request: Request, *applications: str) -> World:
    """The world, once the token belongs to one of these applications; 40014, 42001, 41001 or 48002 otherwise."""
    world = world_of(request)
    grant = world.tokens.check(request.query_params.get("access_token"), unknown_code=40014)
    if grant.scope != WECOM_SCOPE:
        raise ApiError(40014, "invalid access_token")
    if grant.owner.split("/")[1] not in applications:
        raise ApiError(48002, "api forbidden")
    return world


def application_of(world: World, corpid: object, given: object) -> str:
    """The application whose secret this is; 41002, 41004, 40013 or 40001 otherwise."""
    if not corpid:
        raise ApiError(41002, "corpid missing")
    if not given:
        raise ApiError(41004, "corpsecret missing")
    if corpid != world.app(WECOM).appid:
        raise ApiError(40013, "invalid corpid")
    for application in APPLICATIONS:
        if given == secret(world, application):
            return application
    raise ApiError(40001, "invalid credential")


def ok(**fields: Any) -> Response:
    """A WeCom answer: errcode and errmsg are always there."""
    return JSONResponse({**OK, **fields})


def number(body: dict[str, Any], name: str, default: int, maximum: int) -> int:
    """An optional whole number between 1 and `maximum`; 40058 otherwise."""
    value = body.get(name, default) or default
    if not isinstance(value, int) or not 1 <= value <= maximum:
        raise ApiError(40058, f"invalid Request Parameter: {name}")
    return value
