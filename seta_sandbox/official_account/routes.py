"""Endpoints of Official Accounts; tokens, media and customer-service messages serve mini programs too."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.official_account import (
    credentials,
    drafts,
    followers,
    kf,
    mass,
    materials,
    media,
    menu_routes,
    quotas,
    reading,
    scenes,
    statistics,
    subscriptions,
    tags,
    template_messages,
    web_login,
)
from seta_sandbox.official_account.common import ok
from seta_sandbox.official_account.sending import send, windows_of
from seta_sandbox.official_account.state import oa_of

TYPING_SECONDS = 15.0


async def custom_send(request: Request) -> Response:
    """`POST /cgi-bin/message/custom/send`: inside a window that the follower opened."""
    app = calling_app(request)
    send(world_of(request), app, await json_body(request))
    return ok()


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
    typing = oa_of(world).of(app.appid).typing
    if command == "Typing" and typing.get(openid, 0.0) > world.clock.now():
        raise ApiError(45081, "have already typing")
    typing[openid] = world.clock.now() + TYPING_SECONDS if command == "Typing" else 0.0
    world.inbox.touch()
    return ok()


ROUTES: list[Route] = quotas.metered(
    [
        *credentials.ROUTES,
        *quotas.ROUTES,
        *web_login.ROUTES,
        *menu_routes.ROUTES,
        *followers.ROUTES,
        *tags.ROUTES,
        *scenes.ROUTES,
        Route("/cgi-bin/message/custom/send", custom_send, methods=["POST"]),
        Route("/cgi-bin/message/custom/typing", custom_typing, methods=["POST"]),
        *kf.ROUTES,
        *template_messages.ROUTES,
        *subscriptions.ROUTES,
        *media.ROUTES,
        *materials.ROUTES,
        *drafts.ROUTES,
        *reading.ROUTES,
        *mass.ROUTES,
        *statistics.ROUTES,
    ]
)
