"""Endpoints of Official Accounts; tokens, media and customer-service messages serve mini programs too."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.wire import json_body
from seta_sandbox.official_account import credentials, followers, media, scenes
from seta_sandbox.official_account.menus import checked_menu
from seta_sandbox.official_account.sending import send, windows_of

OK = {"errcode": 0, "errmsg": "ok"}
TYPING_SECONDS = 15.0


async def create_menu(request: Request) -> Response:
    """`POST /cgi-bin/menu/create`: replaces the whole menu."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    buttons = checked_menu(await json_body(request))
    world = world_of(request)
    world.oa.of(app.appid).menu = buttons
    world.inbox.touch()
    return JSONResponse(OK)


async def get_menu(request: Request) -> Response:
    """`GET /cgi-bin/menu/get`: 46003 when none is set."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    buttons = world_of(request).oa.of(app.appid).menu
    if buttons is None:
        raise ApiError(46003, "menu no exist")
    return JSONResponse({"menu": {"button": buttons}})


async def delete_menu(request: Request) -> Response:
    """`GET /cgi-bin/menu/delete`."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    world = world_of(request)
    world.oa.of(app.appid).menu = None
    world.inbox.touch()
    return JSONResponse(OK)


async def custom_send(request: Request) -> Response:
    """`POST /cgi-bin/message/custom/send`: inside a window that the follower opened."""
    app = calling_app(request)
    send(world_of(request), app, await json_body(request))
    return JSONResponse(OK)


async def custom_typing(request: Request) -> Response:
    """`POST /cgi-bin/message/custom/typing`: 45080 outside a window, 45081 when already typing."""
    app, world = calling_app(request), world_of(request)
    body = await json_body(request)
    openid, command = str(body.get("touser", "")), body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072, "command field must be either Typing or CancelTyping")
    person = world.find_person(openid)
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    if not windows_of(world, app).is_open(openid, world.clock.now()):
        raise ApiError(45080, "not in the reply window, can't typing")
    typing = world.oa.of(app.appid).typing
    if command == "Typing" and typing.get(openid, 0.0) > world.clock.now():
        raise ApiError(45081, "have already typing")
    typing[openid] = world.clock.now() + TYPING_SECONDS if command == "Typing" else 0.0
    world.inbox.touch()
    return JSONResponse(OK)


async def template_send(request: Request) -> Response:
    """`POST /cgi-bin/message/template/send`: to followers; the result is pushed as an event."""
    app, world = calling_app(request, OFFICIAL_ACCOUNT), world_of(request)
    body = await json_body(request)
    openid = str(body.get("touser", ""))
    person = world.find_person(openid)
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    if body.get("template_id") != app.template_id:
        raise ApiError(40037, "invalid template_id")
    if openid not in world.oa.of(app.appid).followers:
        raise ApiError(43004, "require subscribe")
    world.oa.messages += 1
    msgid = 2_000_000_000 + world.oa.messages
    content = {key: body.get(key) for key in ("template_id", "url", "miniprogram", "data")}
    world.inbox.add(person.key, f"official_account:{app.appid}", ACCOUNT, "template", **content)
    event = {
        "ToUserName": app.original_id,
        "FromUserName": openid,
        "CreateTime": world.clock.unix(),
        "MsgType": "event",
        "Event": "TEMPLATESENDJOBFINISH",
        "MsgID": msgid,
        "Status": "success",
    }
    push(world, app, openid, event)
    return JSONResponse({**OK, "msgid": msgid})


ROUTES: list[Route] = [
    *credentials.ROUTES,
    *followers.ROUTES,
    *scenes.ROUTES,
    *media.ROUTES,
    Route("/cgi-bin/menu/create", create_menu, methods=["POST"]),
    Route("/cgi-bin/menu/get", get_menu, methods=["GET"]),
    Route("/cgi-bin/menu/delete", delete_menu, methods=["GET"]),
    Route("/cgi-bin/message/custom/send", custom_send, methods=["POST"]),
    Route("/cgi-bin/message/custom/typing", custom_typing, methods=["POST"]),
    Route("/cgi-bin/message/template/send", template_send, methods=["POST"]),
]
