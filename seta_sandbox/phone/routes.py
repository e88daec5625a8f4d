"""The phone page and its JSON: `/`, `/_mp/` for the mini program's build, `/_phone/` for what the page asks."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from seta_sandbox.families import ACTIONS as FAMILIES
from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.world import World
from seta_sandbox.mini_program.actions import js_code
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.phone import codes, friends, network, position, sheets
from seta_sandbox.phone.actions import phone as set_network
from seta_sandbox.phone.view import phone_view
from seta_sandbox.wechatpay.sheet import SheetRefused

STATIC = Path(__file__).parent / "static"
WAIT_SECONDS_MAX = 25.0
QR_CHARACTERS_MAX = 512
# What a person can do with the phone in hand; everything else of the control API is for tests.
ACTS = frozenset(
    {
        "follow", "unfollow", "scan", "message", "menu_click", "ad_view", "ad_click",
        "add_contact", "consent", "wecom_message", "payment_code",
    }
)  # fmt: skip
LANGUAGES = ("zh", "en", "it")
NOT_BUILT = "The mini program is not built. Run: npm ci --ignore-scripts && npm run build"

Handler = Callable[[World, dict[str, Any]], Awaitable[dict[str, Any]]]


def world_of(request: Request) -> World:
    """The sandbox's present world."""
    world: World = request.app.state.world
    return world


def preferred_language(accept: str) -> str:
    """The first language of an Accept-Language header that the phone speaks; Chinese otherwise."""
    for part in accept.split(","):
        start = part.strip().split(";")[0][:2].lower()
        if start in LANGUAGES:
            return start
    return "zh"


async def page(request: Request) -> Response:
    """The phone, in the language the browser prefers until the person switches it."""
    language = preferred_language(request.headers.get("accept-language", ""))
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    return HTMLResponse(html.replace("{{language}}", language), headers={"Cache-Control": "no-store"})


def _file(root: Path, name: str) -> Response | None:
    path = (root / (name or "index.html")).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


async def static(request: Request) -> Response:
    """The page's own scripts and styles."""
    return _file(STATIC, request.path_params["path"]) or Response("not found", status_code=404)


async def program(request: Request) -> Response:
    """The mini program's build, or what to do when there is none."""
    build = world_of(request).setup.miniprogram_dir
    if build is None or not build.is_dir():
        return Response(NOT_BUILT, status_code=404, media_type="text/plain")
    return _file(build, request.path_params["path"]) or Response("not found", status_code=404)


async def state(request: Request) -> Response:
    """`openid` (any identifier), `since` a version: answers at once when newer, else waits up to `wait` seconds."""
    world, query = world_of(request), request.query_params
    try:
        person = world.person(query.get("openid", ""))
        since, wait = int(query.get("since", "-1")), float(query.get("wait", "0"))
    except (ControlError, ValueError) as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    if wait > 0:
        try:
            await world.inbox.changed(since, min(wait, WAIT_SECONDS_MAX))
        except asyncio.CancelledError:
            # The browser left while it waited; granian would print a traceback for that.
            return Response(status_code=499)
    world = world_of(request)  # a reset may have happened while we waited
    return JSONResponse(phone_view(world, world.person(person.key)))


async def act(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`action` and its fields, for `openid`; the answer is the control action's."""
    name = str(body.get("action", ""))
    action = FAMILIES.get(name) if name in ACTS else None
    if action is None:
        raise ControlError(f"the phone cannot {name or 'act without an action'}")
    answer = await action(world, {key: value for key, value in body.items() if key != "action"})
    world.inbox.touch()
    return answer


async def login(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`wx.login` of `consumer` in the mini program `appid`."""
    return await js_code(world, {"openid": body.get("consumer", ""), "appid": body.get("appid", "")})


async def request_out(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`wx.request`, carried by the phone's network."""
    return await network.carry(world, network.read_call(body))


def answering(api: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A JSON door: what the handler refuses becomes 400 with `errMsg`, as wx.* hands it to `fail`."""

    async def answer(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            if not isinstance(body, dict):
                raise ValueError("the body must be a JSON object")
            return JSONResponse(await handler(world_of(request), body))
        except (network.RequestFailed, SheetRefused) as refused:
            return JSONResponse({"errMsg": refused.errmsg}, status_code=400)
        except (ControlError, ApiError, ValueError, KeyError, RecursionError) as error:
            message = f"missing field {error}" if isinstance(error, KeyError) else str(error)
            return JSONResponse({"errMsg": f"{api}:fail {message}", "error": message}, status_code=400)

    return answer


async def media(request: Request) -> Response:
    """`url` of a picture on an allowed server."""
    try:
        picture = await network.fetch_picture(world_of(request), request.query_params.get("url", ""))
    except network.RequestFailed as refused:
        return Response(refused.errmsg, status_code=404)
    kept = {"Cache-Control": "max-age=300"}
    return Response(picture.content, media_type=picture.headers["content-type"], headers=kept)


async def picture(request: Request) -> Response:
    """A picture that was uploaded to a chat: `appid` and `media_id`."""
    query = request.query_params
    found = world_of(request).media.get(query.get("appid", ""), query.get("media_id", ""))
    if found is None or not found.content_type.startswith("image/"):
        return Response("not found", status_code=404)
    return Response(found.body, media_type=found.content_type)


async def code(request: Request) -> Response:
    """A QR image of `text`."""
    text = request.query_params.get("text", "")
    if not 0 < len(text) <= QR_CHARACTERS_MAX:
        return Response("text must have 1 to 512 characters", status_code=400)
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", scale=8, border=4)
    return Response(out.getvalue(), media_type="image/svg+xml")


async def wxa_program(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What a mini program code on paper opens: `id` -> `{appid, path}`."""
    found = mp_of(world).paper_codes.get(str(body.get("id", "")))
    if found is None:
        raise ControlError("this code opens nothing")
    assert world.app(MINI_PROGRAM, found.appid)
    return {"appid": found.appid, "page": found.page, "scene": found.scene}


DOORS: dict[str, Handler] = {
    "act": act,
    "login": login,
    "request": request_out,
    "sheet": sheets.open_sheet,
    "pay": sheets.pay,
    "open_code": codes.open_code,
    "pay_code": codes.pay_code,
    "subscribe": sheets.answer_subscribe,
    "calendar": sheets.keep_date,
    "network": set_network,
    "paper_code": wxa_program,
    "stand": position.stand,
    "scopes": position.scopes,
    "decide": position.decide,
    "where": position.where,
    "forward": friends.forward,
    "tell": friends.tell,
    "post": friends.post,
}
ROUTES: list[BaseRoute] = [
    Route("/", page, methods=["GET"]),
    Route("/_mp/{path:path}", program, methods=["GET"]),
    Route("/_phone/static/{path:path}", static, methods=["GET"]),
    Route("/_phone/state", state, methods=["GET"]),
    Route("/_phone/media", media, methods=["GET"]),
    Route("/_phone/picture", picture, methods=["GET"]),
    Route("/_phone/qr", code, methods=["GET"]),
    *(
        Route(f"/_phone/{name}", answering(name, handler), methods=["POST"])
        for name, handler in DOORS.items()
    ),
]
