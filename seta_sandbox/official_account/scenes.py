"""Parametric QR codes: made, drawn and read back."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit import qr
from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.wire import json_body
from seta_sandbox.official_account.state import Ticket, oa_of

EXPIRE_SECONDS_MAX = 2_592_000
EXPIRE_SECONDS_DEFAULT = 60
PERMANENT_MAX = 100_000
SCENE_TEXT_MAX = 64
SCENE_ID_MAX = 2**32 - 1
# action_name -> (is_text, is_permanent)
ACTIONS = {
    "QR_SCENE": (False, False),
    "QR_STR_SCENE": (True, False),
    "QR_LIMIT_SCENE": (False, True),
    "QR_LIMIT_STR_SCENE": (True, True),
}


async def create(request: Request) -> Response:
    """`POST /cgi-bin/qrcode/create`: a ticket whose image is at `showqrcode`."""
    app, world = calling_app(request, OFFICIAL_ACCOUNT), world_of(request)
    account = oa_of(world).of(app.appid)
    body = await json_body(request)
    if body.get("action_name") not in ACTIONS:
        raise ApiError(40097, "invalid args: action_name")
    is_text, permanent = ACTIONS[body["action_name"]]
    scene = _scene(body, is_text=is_text, permanent=permanent)
    if permanent and sum(old.expires_at is None for old in account.tickets.values()) >= PERMANENT_MAX:
        raise ApiError(45029, "permanent qrcode count out of limit")
    seconds = int(body.get("expire_seconds") or EXPIRE_SECONDS_DEFAULT)
    if not 1 <= seconds <= EXPIRE_SECONDS_MAX:
        raise ApiError(40097, "invalid args: expire_seconds")
    ticket = Ticket(
        ticket="gQ" + "".join(world.rng.choices(ALPHANUMERIC + "_", k=92)) + "==",
        scene=scene,
        is_text=is_text,
        expires_at=None if permanent else world.clock.now() + seconds,
        url="http://weixin.qq.com/q/" + "".join(world.rng.choices(ALPHANUMERIC, k=24)),
    )
    account.tickets[ticket.ticket] = ticket
    answer: dict[str, Any] = {"ticket": ticket.ticket, "url": ticket.url}
    return JSONResponse(answer if permanent else {**answer, "expire_seconds": seconds})


def _scene(body: dict[str, Any], *, is_text: bool, permanent: bool) -> str:
    scene = (body.get("action_info") or {}).get("scene") or {}
    if is_text:
        value = scene.get("scene_str")
        if not isinstance(value, str) or not 1 <= len(value) <= SCENE_TEXT_MAX:
            raise ApiError(40129, "invalid scene: scene_str has 1 to 64 characters")
        return value
    number = scene.get("scene_id")
    if (
        not isinstance(number, int)
        or isinstance(number, bool)
        or not 1 <= number <= (PERMANENT_MAX if permanent else SCENE_ID_MAX)
    ):
        raise ApiError(40129, "invalid scene: scene_id")
    return str(number)


async def show(request: Request) -> Response:
    """`GET /cgi-bin/showqrcode`: the code's image without a token; 404 for a ticket nobody made."""
    found = oa_of(world_of(request)).ticket(request.query_params.get("ticket", ""))
    if found is None:
        return Response("not found", status_code=404)
    return Response(qr.png(found[1].url), media_type="image/png")


ROUTES: list[Route] = [
    Route("/cgi-bin/qrcode/create", create, methods=["POST"]),
    Route("/cgi-bin/showqrcode", show, methods=["GET"]),
]
