"""Endpoints of mini programs: login, phone number, codes on paper and subscribe messages."""

import hashlib
import hmac
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit import qr
from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM, App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.keys import base64_key
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.mini_program.pages import check_page
from seta_sandbox.mini_program.state import OneTimeCode
from seta_sandbox.mini_program.templates import check_data
from seta_sandbox.official_account.credentials import checked_app

OK = {"errcode": 0, "errmsg": "ok"}
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
WIDTH_MIN, WIDTH_MAX, WIDTH_DEFAULT = 280, 1280, 430
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
    code = world.mp.login_codes.get(query["js_code"])
    if code is None or code.appid != app.appid or code.expires_at <= world.clock.now():
        raise ApiError(40029, "invalid code")
    if code.used:
        raise ApiError(40163, "code been used")
    code.used = True
    if code.risky:
        raise ApiError(40226, "code blocked")
    person = world.person(code.openid)
    key = base64_key(world.rng.randbytes(16))
    world.mp.sessions[app.appid, code.openid] = key
    return JSONResponse({"openid": code.openid, "session_key": key, "unionid": person.unionid})


async def checksession(request: Request) -> Response:
    """`GET /wxa/checksession`: HMAC-SHA256 of an empty body under the session_key, else 87009."""
    app, query = calling_app(request, MINI_PROGRAM), request.query_params
    key = world_of(request).mp.sessions.get((app.appid, query.get("openid", "")))
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
    world.mp.sessions[app.appid, openid] = key
    return JSONResponse({**OK, "openid": openid, "session_key": key})


async def phone_number(request: Request) -> Response:
    """`POST /wxa/business/getuserphonenumber`: a phone code, once, within five minutes."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    code: OneTimeCode | None = world.mp.phone_codes.get(str(body.get("code", "")))
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


async def wxacode_unlimited(request: Request) -> Response:
    """`POST /wxa/getwxacodeunlimit`: an image of a code that opens `page` with `scene`."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    scene, page = str(body.get("scene", "")), str(body.get("page", ""))
    if not SCENE.fullmatch(scene):
        raise ApiError(40129, "invalid scene: 1 to 32 characters of those allowed")
    if page.startswith("/"):
        raise ApiError(41030, "invalid page: no leading slash")
    if body.get("check_path", True):
        check_page(world, page)
    width = body.get("width", WIDTH_DEFAULT)
    if not isinstance(width, int) or not WIDTH_MIN <= width <= WIDTH_MAX:
        raise ApiError(40097, "invalid args: width")
    code = world.mp.code(app.appid, page, scene)
    return Response(qr.png(paper_address(code.id), width=width), media_type="image/png")


async def paper_code(request: Request) -> Response:
    """The image of a code that was made before, for posters: no token."""
    code = world_of(request).mp.paper_codes.get(request.path_params["id"])
    if code is None:
        return Response("not found", status_code=404)
    return Response(qr.png(paper_address(code.id)), media_type="image/png")


def paper_address(code_id: str) -> str:
    """What the code says when any scanner reads it."""
    return f"https://mp.weixin.qq.com/a/~{code_id}"


async def subscribe_send(request: Request) -> Response:
    """`POST /cgi-bin/message/subscribe/send`: spends one grant of this consumer for this template."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    openid, template_id = str(body.get("touser", "")), str(body.get("template_id", ""))
    person = world.find_person(openid)
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    if not has_template(world, app, template_id):
        raise ApiError(40037, "invalid template_id")
    page = str(body.get("page") or "")
    check_page(world, page)
    values = check_data(body.get("data"))
    if body.get("lang", "zh_CN") not in LANGUAGES or body.get("miniprogram_state", "formal") not in STATES:
        raise ApiError(40097, "invalid args: lang or miniprogram_state")
    left = world.mp.grants.get((openid, template_id), 0)
    if left < 1:
        raise ApiError(43101, "user refuse to accept the msg")
    world.mp.grants[openid, template_id] = left - 1
    world.mp.sent += 1
    msgid = 3_000_000_000_000 + world.mp.sent
    world.inbox.add(
        person.key,
        f"service:{app.appid}",
        ACCOUNT,
        "template",
        template_id=template_id,
        page=page,
        data=values,
    )
    report = {"TemplateId": template_id, "MsgID": str(msgid), "ErrorCode": "0", "ErrorStatus": "success"}
    push_list(world, app, openid, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", report)
    return JSONResponse({**OK, "msgid": msgid})


def has_template(world: World, app: App, template_id: str) -> bool:
    """Whether the template was added to this mini program: the exported one, or by the action `template`."""
    return template_id == app.template_id or (app.appid, template_id) in world.mp.templates


def push_list(
    world: World, app: App, openid: str, event: str, holder: str, row: dict[str, Any]
) -> Delivery | None:
    """Push one of the three subscribe-message events, whose rows sit under `<holder><List>`."""
    fields = {
        "ToUserName": app.original_id,
        "FromUserName": openid,
        "CreateTime": world.clock.unix(),
        "MsgType": "event",
        "Event": event,
        holder: {"List": row},
    }
    return push(world, app, openid, fields)


ROUTES: list[Route] = [
    Route("/sns/jscode2session", jscode2session, methods=["GET"]),
    Route("/wxa/checksession", checksession, methods=["GET"]),
    Route("/wxa/resetusersessionkey", reset_session_key, methods=["GET"]),
    Route("/wxa/business/getuserphonenumber", phone_number, methods=["POST"]),
    Route("/wxa/getwxacodeunlimit", wxacode_unlimited, methods=["POST"]),
    Route("/_wxacode/{id}.png", paper_code, methods=["GET"]),
    Route("/cgi-bin/message/subscribe/send", subscribe_send, methods=["POST"]),
]
