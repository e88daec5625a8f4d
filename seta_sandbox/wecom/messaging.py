"""Welcome messages, and what text and attachments to customers may hold."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import customer_contact, invalid, mapping, ok
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import AGREE, wecom_of

TEXT_BYTES_MAX = 4000
ATTACHMENTS_MAX = 9
ATTACHMENT_FIELDS: dict[str, tuple[str, ...]] = {
    "image": (),
    "link": ("title", "url"),
    "miniprogram": ("title", "pic_media_id", "appid", "page"),
    "video": ("media_id",),
    "file": ("media_id",),
}


async def send_welcome(request: Request) -> Response:
    """`POST externalcontact/send_welcome_msg`: once, within 20 s of the event."""
    world = customer_contact(request)
    body = await json_body(request)
    code = wecom_of(world).welcome_codes.get(str(body.get("welcome_code", "")))
    if code is None or code.expires_at <= world.clock.now():
        raise ApiError(41050, "invalid or expired welcome_code")
    if code.used:
        raise ApiError(41051, "the customer has been greeted or is already chatting")
    agreement = wecom_of(world).agreement(code.userid, code.external_userid)
    if wecom_of(world).settings.welcome_needs_consent and agreement.status != AGREE:
        raise ApiError(41053, "the customer has not agreed to the archive")
    check_content(world, body)
    code.used = True
    deliver(world, world.person(code.external_userid), code.userid, body)
    return ok()


def check_content(world: World, body: dict[str, Any]) -> None:
    """Text and attachments of a welcome or mass message; 41064, 41065, 45002 or 40063 when refused."""
    text, attachments = text_of(body), body.get("attachments") or []
    if not isinstance(attachments, list):
        raise invalid("attachments")
    if not text and not attachments:
        raise ApiError(40063, "some parameters are empty: text and attachments")
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise ApiError(45002, "content size out of limit")
    if len(attachments) > ATTACHMENTS_MAX:
        raise ApiError(41064, "attachments count out of limit")
    for attachment in attachments:
        kind = str(attachment.get("msgtype")) if isinstance(attachment, dict) else ""
        content = attachment.get(kind) if kind in ATTACHMENT_FIELDS else None
        if not isinstance(content, dict) or not all(content.get(name) for name in ATTACHMENT_FIELDS[kind]):
            raise ApiError(41065, "invalid attachment")
        if kind == "image" and not (content.get("media_id") or content.get("pic_url")):
            raise ApiError(41065, "invalid attachment")
        for name in ("media_id", "pic_media_id"):
            if content.get(name) and world.media.get(world.app(WECOM).appid, str(content[name])) is None:
                raise ApiError(40007, "invalid media_id")


def text_of(body: dict[str, Any]) -> str:
    """The text of a message's body, empty when it has none; 40058 for anything that is not text."""
    text = mapping(body, "text").get("content") or ""
    if not isinstance(text, str):
        raise invalid("text")
    return text


def deliver(world: World, person: Consumer, userid: str, body: dict[str, Any], *, chat_id: str = "") -> None:
    """Put text and attachments into the customer's chat with the member, or into a group chat."""
    chat = f"room:{chat_id}" if chat_id else f"wecom:{userid}"
    text = text_of(body)
    if text:
        world.inbox.add(person.key, chat, ACCOUNT, "text", content=text)
    for attachment in body.get("attachments") or []:
        kind = attachment["msgtype"]
        world.inbox.add(person.key, chat, ACCOUNT, kind, **attachment[kind])


ROUTES: list[Route] = [Route(f"{PREFIX}/send_welcome_msg", send_welcome, methods=["POST"])]
