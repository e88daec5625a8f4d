"""Endpoints of mini programs: login, phone number and subscribe messages; the rest is in its own modules."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import base64_key
from seta_sandbox.kit.wire import json_body
from seta_sandbox.mini_program import analysis, codes, links, safety
from seta_sandbox.mini_program.pages import check_page
from seta_sandbox.official_account import subscriptions
from seta_sandbox.official_account.common import OK, ok, words
from seta_sandbox.official_account.credentials import checked_app
from seta_sandbox.official_account.programs import OneTimeCode, Visit, mp_of
from seta_sandbox.official_account.quotas import metered
from seta_sandbox.official_account.state import oa_of

LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
STATES = ("developer", "trial", "formal")


async def jscode2session(request: Request) -> Response:
    """`GET /sns/jscode2session`: a login code becomes an openid and a session_key, once, within five minutes."""
    query, world = request.query_params, world_of(request)
    app = checked_app(world, query.get("appid"), query.get("secret"))
    if app.kind != MINI_PROGRAM:
        raise ApiError(40013, "invalid appid")
    if query.get("grant_type", "authorization_code") != "authorization_code":
        raise ApiError(40002, "invalid grant_type")
    if not query.get("js_code"):
        raise ApiError(41008, "missing code")
    code = mp_of(world).login_codes.get(query["js_code"])
    if code is None or code.appid != app.appid or code.expires_at <= world.clock.now():
        raise ApiError(40029, "invalid code")
    if code.used:
        raise ApiError(40163, "code been used")
    oa_of(world).quotas.take_login(code.openid, world.clock.now())
    code.used = True
    if code.risky:
        raise ApiError(40226, "code blocked")
    person = world.person(code.openid)
    key = base64_key(world.rng.randbytes(16))
    mp_of(world).sessions[app.appid, code.openid] = key
    mp_of(world).visits.append(Visit(world.clock.now(), app.appid, code.openid))
    return JSONResponse({"openid": code.openid, "session_key": key, "unionid": person.unionid})


async def checksession(request: Request) -> Response:
    """`GET /wxa/checksession`: HMAC-SHA256 of an empty body under the session_key, else 87009."""
    app, query = calling_app(request, MINI_PROGRAM), request.query_params
    if query.get("sig_method", "hmac_sha256") != "hmac_sha256":
        raise ApiError(87008, "invalid sig_method")
    key = mp_of(world_of(request)).sessions.get((app.appid, query.get("openid", "")))
    expected = hmac.new((key or "").encode(), b"", hashlib.sha256).hexdigest()
    if key is None or not hmac.compare_digest(expected, query.get("signature", "")):
        raise ApiError(87009, "invalid signature")
    return JSONResponse(OK)


async def reset_session_key(request: Request) -> Response:
    """`GET /wxa/resetusersessionkey`: a new session_key for a user who proves the old one."""
    await checksession(request)
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    openid = request.query_params["openid"]
    key = base64_key(world.rng.randbytes(16))
    mp_of(world).sessions[app.appid, openid] = key
    return JSONResponse({**OK, "openid": openid, "session_key": key})


async def phone_number(request: Request) -> Response:
    """`POST /wxa/business/getuserphonenumber`: a phone code, once, within five minutes."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    code: OneTimeCode | None = mp_of(world).phone_codes.get(str(body.get("code", "")))
    if code is None or code.appid != app.appid or code.used or code.expires_at <= world.clock.now():
        raise ApiError(40029, "invalid code")
    if body.get("openid") and body["openid"] != code.openid:
        raise ApiError(40003, "invalid openid")
    code.used = True
    phone = world.person(code.openid).phone
    info = {
        "phoneNumber": phone,
        "purePhoneNumber": phone,
        "countryCode": 86,
        "watermark": {"timestamp": world.clock.unix(), "appid": app.appid},
    }
    return JSONResponse({**OK, "phone_info": info})


async def subscribe_send(request: Request) -> Response:
    """`POST /cgi-bin/message/subscribe/send`: spends one grant of this consumer for this template."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    openid, template, values = subscriptions.checked_notice(world, app, body)
    page = words(body.get("page"), 41030)
    check_page(world, page)
    if body.get("lang", "zh_CN") not in LANGUAGES or body.get("miniprogram_state", "formal") not in STATES:
        raise ApiError(40097, "invalid args: lang or miniprogram_state")
    return ok(msgid=subscriptions.deliver(world, app, openid, template, values, page))


ROUTES: list[Route] = metered(
    [
        Route("/sns/jscode2session", jscode2session, methods=["GET"]),
        Route("/wxa/checksession", checksession, methods=["GET"]),
        Route("/wxa/resetusersessionkey", reset_session_key, methods=["GET"]),
        Route("/wxa/business/getuserphonenumber", phone_number, methods=["POST"]),
        *codes.ROUTES,
        Route("/cgi-bin/message/subscribe/send", subscribe_send, methods=["POST"]),
        *safety.ROUTES,
        *links.ROUTES,
        *analysis.ROUTES,
    ]
)
