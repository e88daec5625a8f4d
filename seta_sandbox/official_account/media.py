"""Temporary media of every Tencent family: uploaded as multipart, fetched by media_id."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import media_owner, world_of
from seta_sandbox.kit.errors import ApiError

MEGABYTE = 1 << 20
# kind -> bytes at most; (K) for thumb.
SIZES = {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "thumb": 64 << 10}
WECOM_SIZES = {**SIZES, "file": 20 * MEGABYTE}
ARTICLE_IMAGE_BYTES_MAX = MEGABYTE


async def upload(request: Request) -> Response:
    """`POST /cgi-bin/media/upload?type=`: multipart field `media`."""
    owner = media_owner(request)
    is_wecom = owner.startswith("ww")
    kind = request.query_params.get("type", "")
    sizes = WECOM_SIZES if is_wecom else SIZES
    if kind not in sizes:
        raise ApiError(40004, "invalid media type")
    world = world_of(request)
    file, body = await read_file(request)
    if len(body) > sizes[kind]:
        raise ApiError(40006, "invalid media size")
    media = world.media.add(owner, kind, file.content_type or "", file.filename or "", body)
    if is_wecom:
        answer = {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media.media_id}
        return JSONResponse({**answer, "created_at": str(media.created_at)})
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return JSONResponse({"type": kind, name: media.media_id, "created_at": media.created_at})


async def upload_image(request: Request) -> Response:
    """`POST /cgi-bin/media/uploadimg`: an image with a lasting address, for articles and WeCom attachments."""
    owner = media_owner(request)
    file, body = await read_file(request)
    if len(body) > ARTICLE_IMAGE_BYTES_MAX:
        raise ApiError(40006, "invalid media size")
    world = world_of(request)
    media = world.media.add(owner, "image", file.content_type or "", file.filename or "", body)
    ok = {"errcode": 0, "errmsg": "ok"} if owner.startswith("ww") else {}
    return JSONResponse({**ok, "url": f"{world.base_url}/_media/{media.media_id}"})


async def get(request: Request) -> Response:
    """`GET /cgi-bin/media/get`: the bytes, or `video_url` for a video of an Official Account."""
    owner = media_owner(request)
    world = world_of(request)
    media = world.media.get(owner, request.query_params.get("media_id", ""))
    if media is None:
        raise ApiError(40007, "invalid media_id")
    if media.kind == "video" and not owner.startswith("ww"):
        return JSONResponse({"video_url": f"{world.base_url}/_media/{media.media_id}"})
    disposition = f'attachment; filename="{media.filename.encode("ascii", "replace").decode()}"'
    return Response(media.body, media_type=media.content_type, headers={"Content-Disposition": disposition})


async def serve(request: Request) -> Response:
    """An uploaded file by its address, as WeChat's picture hosts serve it: no token."""
    media = world_of(request).media.items.get(request.path_params["media_id"])
    if media is None:
        return Response("not found", status_code=404)
    return Response(media.body, media_type=media.content_type)


async def read_file(request: Request) -> tuple[UploadFile, bytes]:
    """The multipart field `media`; ApiError 41005 without one, 44001 for an empty one."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ApiError(41005, "media data missing")
    try:
        form = await request.form()
    except (HTTPException, MultiPartException):
        raise ApiError(41005, "media data missing: not multipart form data") from None
    file = form.get("media") or next((part for part in form.values() if isinstance(part, UploadFile)), None)
    if not isinstance(file, UploadFile):
        raise ApiError(41005, "media data missing")
    body = await file.read()
    await form.close()
    if not body:
        raise ApiError(44001, "empty media data")
    return file, body


ROUTES: list[Route] = [
    Route("/cgi-bin/media/upload", upload, methods=["POST"]),
    Route("/cgi-bin/media/uploadimg", upload_image, methods=["POST"]),
    Route("/cgi-bin/media/get", get, methods=["GET"]),
    Route("/_media/{media_id}", serve, methods=["GET"]),
]
