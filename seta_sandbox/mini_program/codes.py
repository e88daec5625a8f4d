"""Mini program codes as images: unlimited with a scene, and the two limited kinds with a path."""

import io
import re
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.mini_program.pages import check_page
from seta_sandbox.official_account.common import mapping, whole, words
from seta_sandbox.official_account.programs import mp_of

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
WIDTH_MIN, WIDTH_MAX, WIDTH_DEFAULT = 280, 1280, 430
PATH_CHARACTERS_MAX = 1024
LIMITED_MAX = 100_000
VERSIONS = ("release", "trial", "develop")
RESERVED_SCENE = "scancode_time"


async def unlimited(request: Request) -> Response:
    """`POST /wxa/getwxacodeunlimit`: a code that opens `page` with `scene`."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    scene = body.get("scene")
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise ApiError(40169, "invalid length for scene: 1 to 32 characters")
    if not SCENE.fullmatch(scene):
        raise ApiError(40129, "invalid scene: a character that is not allowed")
    if RESERVED_SCENE in scene:
        raise ApiError(85096, "not allow include scancode_time field")
    page = words(body.get("page"), 41030, most=PATH_CHARACTERS_MAX)
    if page.startswith("/") or "?" in page:
        raise ApiError(41030, "invalid page: no leading slash, no query")
    look = _look(body)
    if body.get("check_path", True) is not False:
        check_page(world, page)
    return image(paper_address(mp_of(world).code(app.appid, page, scene).id), look)


async def limited(request: Request) -> Response:
    """`POST /wxa/getwxacode` and `/cgi-bin/wxaapp/createwxaqrcode`: 100,000 of both together, then 45029."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    path = words(body.get("path"), 40159, least=1, most=PATH_CHARACTERS_MAX)
    look = _look(body)
    if mp_of(world).limited_codes.get(app.appid, 0) >= LIMITED_MAX:
        raise ApiError(45029, "qrcode count out of limit")
    mp_of(world).limited_codes[app.appid] = mp_of(world).limited_codes.get(app.appid, 0) + 1
    return image(paper_address(mp_of(world).code(app.appid, path.lstrip("/"), "").id), look)


def _look(body: dict[str, Any]) -> dict[str, Any]:
    """Width, colour and transparency; ApiError 40097."""
    width = whole(body.get("width", WIDTH_DEFAULT), 40097, low=WIDTH_MIN, high=WIDTH_MAX)
    if body.get("env_version", "release") not in VERSIONS:
        raise ApiError(40097, "invalid args: env_version")
    colour, dark = body.get("line_color"), "#000000"
    if colour and not body.get("auto_color"):
        parts = [whole(mapping(colour, 40097).get(name, 0), 40097, high=255) for name in ("r", "g", "b")]
        dark = "#" + "".join(f"{part:02x}" for part in parts)
    return {"width": width, "dark": dark, "light": None if body.get("is_hyaline") is True else "#ffffff"}


def image(text: str, look: dict[str, Any]) -> Response:
    """A PNG of at most the asked width that any scanner reads, with the quiet zone it needs."""
    code = segno.make(text, error="m")
    modules, _ = code.symbol_size(border=4)
    out = io.BytesIO()
    scale = max(1, look["width"] // modules)
    code.save(out, kind="png", scale=scale, border=4, dark=look["dark"], light=look["light"])
    return Response(out.getvalue(), media_type="image/png")


async def paper(request: Request) -> Response:
    """The image of a code that was made before, for posters: no token."""
    code = mp_of(world_of(request)).paper_codes.get(request.path_params["id"])
    if code is None:
        return Response("not found", status_code=404)
    return image(paper_address(code.id), {"width": WIDTH_DEFAULT, "dark": "#000000", "light": "#ffffff"})


def paper_address(code_id: str) -> str:
    """What the code says when any scanner reads it."""
    return f"https://mp.weixin.qq.com/a/~{code_id}"


ROUTES: list[Route] = [
    Route("/wxa/getwxacodeunlimit", unlimited, methods=["POST"]),
    Route("/wxa/getwxacode", limited, methods=["POST"]),
    Route("/cgi-bin/wxaapp/createwxaqrcode", limited, methods=["POST"]),
    Route("/_wxacode/{id}.png", paper, methods=["GET"]),
]
