"""OAuth for pages inside WeChat: the authorisation redirect, web access tokens, the consumer's profile."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT, WECOM, App
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.acting import account_of
from seta_sandbox.official_account.common import new_key, ok
from seta_sandbox.official_account.credentials import checked_app
from seta_sandbox.official_account.records import WebGrant
from seta_sandbox.official_account.state import oa_of
from seta_sandbox.wecom import pages

CODE_SECONDS = 300
ACCESS_SECONDS = 7200
REFRESH_SECONDS = 30 * 86_400
BASE, USERINFO = "snsapi_base", "snsapi_userinfo"
LANGUAGES = ("zh_CN", "zh_TW", "en")
COOKIE = "sandbox_consumer"


async def authorize(request: Request) -> Response:
    """`GET /connect/oauth2/authorize`: back to `redirect_uri` with `code` and `state`.

    The sandbox's own `consumer` parameter (or its cookie) says who holds the phone; the first consumer otherwise.
    """
    query, world = request.query_params, world_of(request)
    app = world.find_app(query.get("appid", ""))
    if app is not None and app.kind == WECOM:
        return await pages.authorize(request)
    if app is None or app.kind != OFFICIAL_ACCOUNT:
        return _refused(10013, "invalid appid")
    target = query.get("redirect_uri", "")
    if not target.startswith(("http://", "https://")):
        return _refused(10003, "redirect_uri does not match the configured domain")
    if query.get("response_type") != "code":
        return _refused(10004, "response_type must be code")
    if query.get("scope") not in (BASE, USERINFO):
        return _refused(10005, "invalid scope")
    chosen = query.get("consumer") or request.cookies.get(COOKIE, "")
    person = world.find_person(chosen) or world.people[0]
    code = grant(world, app, person, scope=query["scope"])
    return RedirectResponse(
        with_query(target, {"code": code, "state": query.get("state", "")}), status_code=302
    )


def _refused(errcode: int, reason: str) -> Response:
    page = f"<!doctype html><meta charset=utf-8><title>{errcode}</title><p>{escape(reason)} ({errcode})"
    return HTMLResponse(page)


def with_query(url: str, more: dict[str, str]) -> str:
    """The URL with more query parameters, its own and its fragment kept."""
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def grant(world: World, app: App, person: Consumer, *, scope: str, snapshot: bool = False) -> str:
    """The consumer agrees: a code for five minutes. A snapshot page's visitor gets virtual identifiers."""
    openid, unionid = person.openids[app.appid], person.unionid
    if snapshot:
        openid = "o" + world.keys.secret(f"snapshot/{app.appid}/{person.key}", 27, ALPHANUMERIC)
        unionid = "o" + world.keys.secret(f"snapshot/{person.key}", 27, ALPHANUMERIC)
    code = "0" + "".join(world.rng.choices(ALPHANUMERIC, k=31))
    expires_at = world.clock.now() + CODE_SECONDS
    made = WebGrant(app.appid, openid, unionid, scope, person.key, expires_at, snapshot)
    oa_of(world).web.codes[code] = made
    return code


async def access_token(request: Request) -> Response:
    """`GET /sns/oauth2/access_token`: a code once: 40029 unknown, 40163 used, 42003 expired."""
    query, world = request.query_params, world_of(request)
    app = checked_app(world, query.get("appid"), query.get("secret"))
    if query.get("grant_type") != "authorization_code":
        raise ApiError(40002, "invalid grant_type")
    if not query.get("code"):
        raise ApiError(41008, "missing code")
    made = oa_of(world).web.codes.get(query["code"])
    if made is None or made.appid != app.appid:
        raise ApiError(40029, "invalid code")
    if made.code_used:
        raise ApiError(40163, "code been used")
    if made.code_expires_at <= world.clock.now():
        raise ApiError(42003, "code expired")
    made.code_used = True
    made.refresh_token = new_key(world, 88)
    made.refresh_expires_at = world.clock.now() + REFRESH_SECONDS
    oa_of(world).web.refresh[made.refresh_token] = made
    return JSONResponse(_tokens(world, made))


def _tokens(world: World, made: WebGrant) -> dict[str, Any]:
    token = new_key(world, 88)
    oa_of(world).web.tokens[token] = (made, world.clock.now() + ACCESS_SECONDS)
    answer = {
        "access_token": token,
        "expires_in": ACCESS_SECONDS,
        "refresh_token": made.refresh_token,
        "openid": made.openid,
        "scope": made.scope,
    }
    if made.snapshot:
        answer["is_snapshotuser"] = 1
    return {**answer, "unionid": made.unionid} if made.scope == USERINFO else answer


async def refresh_token(request: Request) -> Response:
    """`GET /sns/oauth2/refresh_token`: good for 30 days; 40030 unknown, 42002 expired, 41003 missing."""
    query, world = request.query_params, world_of(request)
    if not query.get("appid"):
        raise ApiError(41002, "appid missing")
    if query.get("grant_type") != "refresh_token":
        raise ApiError(40002, "invalid grant_type")
    if not query.get("refresh_token"):
        raise ApiError(41003, "missing refresh_token")
    made = oa_of(world).web.refresh.get(query["refresh_token"])
    if made is None:
        raise ApiError(40030, "invalid refresh_token")
    if made.appid != query["appid"]:
        raise ApiError(40013, "invalid appid")
    if made.refresh_expires_at <= world.clock.now():
        raise ApiError(42002, "refresh_token expired")
    return JSONResponse(_tokens(world, made))


def _held(request: Request) -> WebGrant:
    """The grant behind a web access token; ApiError 41001, 40001, 42001, 41009 or 40003."""
    query, world = request.query_params, world_of(request)
    if not query.get("access_token"):
        raise ApiError(41001, "access_token missing")
    found = oa_of(world).web.tokens.get(query["access_token"])
    if found is None:
        raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
    if not query.get("openid"):
        raise ApiError(41009, "missing openid")
    made, expires_at = found
    if made.openid != query["openid"]:
        raise ApiError(40003, "invalid openid")
    if expires_at <= world.clock.now():
        raise ApiError(42001, "access_token expired")
    return made


async def userinfo(request: Request) -> Response:
    """`GET /sns/userinfo`: the profile, with scope `snsapi_userinfo` only (48001)."""
    made, world = _held(request), world_of(request)
    if made.scope != USERINFO:
        raise ApiError(48001, "api unauthorized")
    if request.query_params.get("lang", "zh_CN") not in LANGUAGES:
        raise ApiError(40097, "invalid args: lang")
    person = world.person(made.person)
    answer = {
        "openid": made.openid,
        "nickname": "微信用户" if made.snapshot else person.name,
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
        "unionid": made.unionid,
    }
    return JSONResponse({**answer, "is_snapshotuser": 1} if made.snapshot else answer)


async def auth(request: Request) -> Response:
    """`GET /sns/auth`: whether a web access token still holds."""
    _held(request)
    return ok()


async def oauth_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`?, `appid`?, `scope` (snsapi_base), `snapshot`?: what the redirect would carry, as `code`."""
    app, person, openid = account_of(world, body)
    scope = str(body.get("scope", BASE))
    if scope not in (BASE, USERINFO):
        raise ControlError(f"scope must be {BASE} or {USERINFO}")
    code = grant(world, app, person, scope=scope, snapshot=bool(body.get("snapshot", False)))
    return {"code": code, "openid": openid}


ACTIONS: dict[str, Action] = {"oauth_code": oauth_code}
ROUTES: list[Route] = [
    Route("/connect/oauth2/authorize", authorize, methods=["GET"]),
    Route("/sns/oauth2/access_token", access_token, methods=["GET"]),
    Route("/sns/oauth2/refresh_token", refresh_token, methods=["GET"]),
    Route("/sns/userinfo", userinfo, methods=["GET"]),
    Route("/sns/auth", auth, methods=["GET"]),
]
