"""Attachments for Moments and the product album, kept three days as other temporary media."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.wecom.access import customer_contact, ok

MEGABYTE = 1 << 20
BYTES_MAX = {"image": 10 * MEGABYTE, "video": 10 * MEGABYTE, "file": 10 * MEGABYTE}
MOMENT, ALBUM = "1", "2"
# What a file may be attached to; the album has pictures only.
KINDS = {MOMENT: ("image", "video"), ALBUM: ("image",)}
PURPOSES = {MOMENT: "moment", ALBUM: "album"}


async def upload_attachment(request: Request) -> Response:
    """`POST media/upload_attachment?media_type=&attachment_type=`: multipart field `media`."""
    world = customer_contact(request)
    kind = request.query_params.get("media_type", "")
    purpose = request.query_params.get("attachment_type", "")
    if kind not in BYTES_MAX:
        raise ApiError(40005, "invalid type")
    if purpose not in KINDS or kind not in KINDS[purpose]:
        raise ApiError(40058, "invalid Request Parameter: attachment_type")
    name, content_type, body = await _file(request)
    if not body:
        raise ApiError(44001, "empty media data")
    if len(body) > BYTES_MAX[kind]:
        raise ApiError(40006, "invalid media size")
    stored = f"{PURPOSES[purpose]}.{kind}"
    media = world.media.add(world.app(WECOM).appid, stored, content_type, name, body)
    return ok(type=kind, media_id=media.media_id, created_at=str(media.created_at))


async def _file(request: Request) -> tuple[str, str, bytes]:
    """The name, content type and bytes of the uploaded file."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ApiError(41005, "media data missing")
    try:
        async with request.form() as form:
            file = next((part for part in form.values() if isinstance(part, UploadFile)), None)
            if file is None:
                raise ApiError(41005, "media data missing")
            return file.filename or "", file.content_type or "", await file.read()
    except HTTPException:
        raise ApiError(41005, "media data missing") from None


ROUTES: list[Route] = [Route("/cgi-bin/media/upload_attachment", upload_attachment, methods=["POST"])]
