"""Which application calls, by its token: every WeCom secret opens only its own part of the API."""

from collections.abc import Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seta_sandbox.kit.access import WECOM_SCOPE, world_of
from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.config import APPLICATIONS, secret
from seta_sandbox.wecom.state import wecom_of

OK = {"errcode": 0, "errmsg": "ok"}
MINUTE_SECONDS = 60.0
DAY_SECONDS = 86_400
ROOT_DEPARTMENT = 1

T = TypeVar("T")


def calling(request: Request, *applications: str) -> World:
    """The world, once the token belongs to one of these applications.

    Refused with 41001 (no token), 40014 (malformed or of another platform), 42001 (expired; never 40001), 48002 (an
    application that may not call here), 60020 (an address that is not trusted) or 45009 (too often).
    """
    world = world_of(request)
    grant = world.tokens.check(request.query_params.get("access_token"), unknown_code=40014)
    if grant.scope != WECOM_SCOPE:
        raise ApiError(40014, "invalid access_token")
    if grant.owner.split("/")[1] not in applications:
        raise ApiError(48002, "api forbidden")
    settings = wecom_of(world).settings
    address = request.client.host if request.client else ""
    if settings.allowed_ips and address not in settings.allowed_ips:
        raise ApiError(60020, "not allow to access from your ip")
    if settings.calls_a_minute:
        _count(world, request.url.path, settings.calls_a_minute)
    return world


def _count(world: World, path: str, calls_a_minute: int) -> None:
    now = world.clock.now()
    recent = [at for at in wecom_of(world).calls.get(path, []) if at > now - MINUTE_SECONDS]
    if len(recent) >= calls_a_minute:
        raise ApiError(45009, "reach max api minute quota limit")
    wecom_of(world).calls[path] = [*recent, now]


def customer_contact(request: Request) -> World:
    """The world, for an application that may call customer contact."""
    return calling(request, "agent", "contact")


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
        raise invalid(name)
    return value


def page(
    rows: Sequence[T], body: dict[str, Any], default: int, maximum: int, limit_name: str = "limit"
) -> tuple[list[T], dict[str, str]]:
    """The rows of one page after `cursor`, and `next_cursor` when there are more; 40058 for a bad cursor."""
    limit, cursor = number(body, limit_name, default, maximum), body.get("cursor") or "0"
    if not isinstance(cursor, str) or not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise invalid("cursor")
    end = int(cursor) + limit
    return list(rows[int(cursor) : end]), {"next_cursor": str(end)} if end < len(rows) else {}


def words(body: dict[str, Any], name: str, maximum: int, *, characters: int = 128) -> list[str]:
    """An optional list of at most `maximum` texts of 1 to `characters` characters; 40058 otherwise."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > maximum:
        raise invalid(name)
    if not all(isinstance(word, str) and 1 <= len(word) <= characters for word in value):
        raise invalid(name)
    return list(value)


def phrase(body: dict[str, Any], name: str, characters: int, *, required: bool = True) -> str:
    """A text of at most `characters` characters; 40063 when it is missing, 40058 when it is not such a text."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise ApiError(40063, f"some parameters are empty: {name}")
        return ""
    if not isinstance(value, str) or len(value) > characters:
        raise invalid(name)
    return value


def numbers(body: dict[str, Any], name: str, maximum: int) -> list[int]:
    """An optional list of at most `maximum` whole numbers; 40058 otherwise."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > maximum or not all(type(one) is int for one in value):
        raise invalid(name)
    return list(value)


def mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An optional object; 40058 for anything else."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(name)
    return value


def period(body: dict[str, Any], days: int) -> tuple[int, int]:
    """`start_time` and `end_time` in unix seconds, at most `days` apart; 40058 otherwise."""
    start, end = body.get("start_time"), body.get("end_time")
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise invalid("start_time, end_time")
    if end - start > days * DAY_SECONDS:
        raise invalid(f"the period is longer than {days} days")
    return start, end


def staff_member(world: World, userid: object, name: str = "userid") -> str:
    """A member the application may use: 60111 unknown, 60011 not visible, 41054 not active, 40098 not verified."""
    if not isinstance(userid, str) or not wecom_of(world).is_member(userid):
        raise ApiError(60111, f"invalid string value `{name}`. userid not found")
    settings = wecom_of(world).settings
    if userid in settings.hidden:
        raise ApiError(60011, "no privilege to access/modify contact/party/agent")
    if userid in settings.inactive:
        raise ApiError(41054, "user is not active")
    if userid in settings.unverified:
        raise ApiError(40098, "user is not verified")
    return userid


def invalid(name: str) -> ApiError:
    """40058 about one parameter."""
    return ApiError(40058, f"invalid Request Parameter: {name}")
