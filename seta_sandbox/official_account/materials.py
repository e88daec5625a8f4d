"""Permanent media: added as multipart (a video with its description), fetched, counted, listed and deleted."""

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import new_key, ok, whole, words
from seta_sandbox.official_account.media import SIZES, read_file
from seta_sandbox.official_account.records import Material
from seta_sandbox.official_account.state import Account, oa_of

# (K) How many an account may keep: images 100,000, everything else 1,000.
KEPT_MAX = {"image": 100_000, "voice": 1_000, "video": 1_000, "thumb": 100_000}
PAGE_MAX = 20


def _own(request: Request) -> tuple[App, World, Account]:
    app, world = calling_app(request), world_of(request)
    return app, world, oa_of(world).of(app.appid)


async def add(request: Request) -> Response:
    """`POST /cgi-bin/material/add_material?type=`: multipart `media`, and `description` for a video.

    The description is a form field; wechatpy sends it in the query, which is taken too.
    """
    app, world, account = _own(request)
    file, body = await read_file(request)
    form = await request.form()
    kind = request.query_params.get("type") or form.get("type")
    if not isinstance(kind, str) or kind not in SIZES:
        raise ApiError(40004, "invalid media type")
    if len(body) > SIZES[kind]:
        raise ApiError(40006, "invalid media size")
    if sum(one.kind == kind for one in account.materials.values()) >= KEPT_MAX[kind]:
        raise ApiError(45001, "media count out of limit")
    title, introduction = (
        _description(form.get("description") or request.query_params.get("description"))
        if kind == "video"
        else ("", "")
    )
    made = Material(
        media_id=new_key(world, 43),
        kind=kind,
        name=file.filename or "",
        content_type=file.content_type or "application/octet-stream",
        body=body,
        updated_at=world.clock.unix(),
        title=title,
        introduction=introduction,
    )
    account.materials[made.media_id] = made
    answer = {"media_id": made.media_id}
    if kind in ("image", "thumb"):
        answer["url"] = url_of(world, app, made)
    return JSONResponse({**answer, "item": []})


def _description(given: object) -> tuple[str, str]:
    if isinstance(given, UploadFile):
        given = None
    try:
        fields = json.loads(str(given)) if given else {}
    except (ValueError, RecursionError):
        raise ApiError(47001, "data format error: description") from None
    if not isinstance(fields, dict):
        raise ApiError(47001, "data format error: description")
    title = words(fields.get("title"), 45003, most=64)
    if not title:
        raise ApiError(41005, "media data missing: description with title and introduction")
    return title, words(fields.get("introduction"), 45004, most=200)


def url_of(world: World, app: App, made: Material) -> str:
    """The lasting address of a permanent medium."""
    return f"{world.base_url}/_material/{app.appid}/{made.media_id}"


async def get(request: Request) -> Response:
    """`POST /cgi-bin/material/get_material`: the bytes; a video's description; a draft's articles."""
    app, world, account = _own(request)
    media_id = (await json_body(request)).get("media_id")
    found = account.materials.get(media_id) if isinstance(media_id, str) else None
    if found is None:
        raise ApiError(40007, "invalid media_id")
    if found.kind == "video":
        address = url_of(world, app, found)
        return JSONResponse({"title": found.title, "description": found.introduction, "down_url": address})
    return Response(found.body, media_type=found.content_type)


async def delete(request: Request) -> Response:
    """`POST /cgi-bin/material/del_material`: 48005 while a draft shows it."""
    _, _, account = _own(request)
    media_id = (await json_body(request)).get("media_id")
    if not isinstance(media_id, str) or media_id not in account.materials:
        raise ApiError(40007, "invalid media_id")
    articles = [article for draft in account.drafts.values() for article in draft.articles]
    if any(media_id in (article.get("thumb_media_id"), *_images(article)) for article in articles):
        raise ApiError(48005, "forbid to delete material used by draft")
    del account.materials[media_id]
    return ok()


def _images(article: dict[str, Any]) -> list[str]:
    listed = (article.get("image_info") or {}).get("image_list") or []
    return [str(image.get("image_media_id")) for image in listed]


async def count(request: Request) -> Response:
    """`GET /cgi-bin/material/get_materialcount`."""
    _, _, account = _own(request)
    kinds = [one.kind for one in account.materials.values()]
    counted: dict[str, int] = {f"{kind}_count": kinds.count(kind) for kind in ("voice", "video", "image")}
    return JSONResponse({**counted, "news_count": 0})


async def batch(request: Request) -> Response:
    """`POST /cgi-bin/material/batchget_material {type, offset, count}`: at most 20, the newest first."""
    app, world, account = _own(request)
    body = await json_body(request)
    kind = body.get("type")
    if kind not in ("image", "video", "voice", "news"):
        raise ApiError(40004, "invalid media type")
    offset = whole(body.get("offset"), 40097)
    size = whole(body.get("count"), 40097, low=1, high=PAGE_MAX)
    found = [one for one in reversed(account.materials.values()) if one.kind == kind]
    page = [
        {
            "media_id": one.media_id,
            "name": one.name,
            "update_time": one.updated_at,
            "url": url_of(world, app, one),
        }
        for one in found[offset : offset + size]
    ]
    return JSONResponse({"total_count": len(found), "item_count": len(page), "item": page})


async def serve(request: Request) -> Response:
    """A permanent medium by its address: no token."""
    account = oa_of(world_of(request)).accounts.get(request.path_params["appid"])
    found = account.materials.get(request.path_params["media_id"]) if account else None
    if found is None:
        return Response("not found", status_code=404)
    return Response(found.body, media_type=found.content_type, headers={"X-Content-Type-Options": "nosniff"})


def has_media(world: World, app: App, media_id: object) -> bool:
    """Whether a media_id names a temporary or permanent medium of this app."""
    if not isinstance(media_id, str):
        return False
    return (
        world.media.get(app.appid, media_id) is not None or media_id in oa_of(world).of(app.appid).materials
    )


ROUTES: list[Route] = [
    Route("/cgi-bin/material/add_material", add, methods=["POST"]),
    Route("/cgi-bin/material/get_material", get, methods=["POST"]),
    Route("/cgi-bin/material/del_material", delete, methods=["POST"]),
    Route("/cgi-bin/material/get_materialcount", count, methods=["GET"]),
    Route("/cgi-bin/material/batchget_material", batch, methods=["POST"]),
    Route("/_material/{appid}/{media_id}", serve, methods=["GET"]),
]
