"""What most endpoints of Official Accounts and mini programs share: recipients, events, numbers and Beijing days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.state import Account, oa_of

OK = {"errcode": 0, "errmsg": "ok"}
BEIJING_OFFSET = timedelta(hours=8)


def ok(**more: Any) -> Response:
    """The answer of a write that worked."""
    return JSONResponse({**OK, **more})


def caller(request: Request) -> tuple[App, World, Account]:
    """The Official Account behind the token, the world and the account's state."""
    app, world = calling_app(request, OFFICIAL_ACCOUNT), world_of(request)
    return app, world, oa_of(world).of(app.appid)


def recipient(world: World, app: App, openid: object) -> Consumer:
    """The consumer of that openid in that app, else ApiError 40003."""
    person = world.find_person(openid) if isinstance(openid, str) else None
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    return person


def follower(world: World, app: App, openid: object) -> Consumer:
    """A recipient who follows and is not blacklisted; ApiError 40003, 43004 or 43019."""
    person = recipient(world, app, openid)
    account = oa_of(world).of(app.appid)
    if openid not in account.followers:
        raise ApiError(43004, "require subscribe")
    if openid in account.blacklist:
        raise ApiError(43019, "require remove blacklist")
    return person


def event(world: World, app: App, openid: str, name: str, **fields: Any) -> dict[str, Any]:
    """The fields of an event push."""
    return {
        "ToUserName": app.original_id,
        "FromUserName": openid,
        "CreateTime": world.clock.unix(),
        "MsgType": "event",
        "Event": name,
        **fields,
    }


def whole(value: object, errcode: int = 40097, *, low: int = 0, high: int = 2**63) -> int:
    """A whole number between `low` and `high`, given as a number or its digits; ApiError otherwise."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ApiError(errcode, f"invalid args: a whole number from {low} to {high} is required")
    return value


def mapping(value: object, errcode: int = 47001) -> dict[str, Any]:
    """A JSON object, else ApiError."""
    if not isinstance(value, dict):
        raise ApiError(errcode, "data format error: an object is required")
    return value


def rows(value: object, errcode: int = 40097, *, most: int = 10_000, least: int = 1) -> list[Any]:
    """A JSON list with `least` to `most` entries, else ApiError."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise ApiError(errcode, f"invalid args: a list of {least} to {most} entries is required")
    return value


def words(value: object, errcode: int = 40097, *, most: int = 1024, least: int = 0) -> str:
    """A string of `least` to `most` characters, missing counts as empty; ApiError otherwise."""
    text = "" if value is None else value
    if not isinstance(text, str) or not least <= len(text) <= most:
        raise ApiError(errcode, f"invalid args: a text of {least} to {most} characters is required")
    return text


def new_key(world: World, length: int = 43) -> str:
    """A random identifier such as a template_id or media_id."""
    return "".join(world.rng.choices(ALPHANUMERIC + "-_", k=length))


def beijing_day(instant: float) -> date:
    """The day in Beijing of a Unix time."""
    return (datetime.fromtimestamp(instant, UTC) + BEIJING_OFFSET).date()


def beijing_hour(instant: float) -> int:
    """The hour in Beijing of a Unix time."""
    return (datetime.fromtimestamp(instant, UTC) + BEIJING_OFFSET).hour
