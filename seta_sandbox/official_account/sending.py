"""Customer-service messages: content, reply windows and delivery into the follower's chat."""

from typing import Any

from seta_sandbox.kit.apps import MINI_PROGRAM, OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import follower, rows
from seta_sandbox.official_account.drafts import is_published
from seta_sandbox.official_account.handover import write_record
from seta_sandbox.official_account.materials import has_media
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.state import Windows, oa_of

TEXT_BYTES_MAX = 2048
ARTICLES_MAX = 1
KF_SAYS = 2002
# Fields a message type must have; `media:` ones must name an uploaded medium.
REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media:media_id",),
    "voice": ("media:media_id",),
    "video": ("media:media_id",),
    "music": ("musicurl", "media:thumb_media_id"),
    "news": ("articles",),
    "mpnews": ("media_id",),
    "mpnewsarticle": ("article_id",),
    "msgmenu": ("head_content", "list"),
    "wxcard": ("card_id",),
    "link": ("title", "url"),
    "miniprogrampage": ("title", "pagepath", "media:thumb_media_id"),
}


def send(world: World, app: App, body: dict[str, Any]) -> None:
    """Deliver one customer-service message or raise ApiError with WeChat's code."""
    openid, kind = str(body.get("touser", "")), str(body.get("msgtype", ""))
    person = world.find_person(openid)
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    if kind not in REQUIRED:
        raise ApiError(40008, "invalid message type")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise ApiError(44004 if kind == "text" else 47001, f"empty {kind} content")
    check_content(world, app, kind, content)
    worker = _worker(world, app, body)
    if app.kind == OFFICIAL_ACCOUNT:
        follower(world, app, openid)
    refused = windows_of(world, app).spend(openid, world.clock.now())
    if refused:
        words = "response out of time limit or subscription is canceled"
        raise ApiError(refused, words if refused == 45015 else "out of response count limit")
    if worker:
        write_record(world, app, openid, KF_SAYS, str(content.get("content", kind)), worker)
    world.inbox.add(person.key, f"{app.kind}:{app.appid}", ACCOUNT, kind, **content)


def _worker(world: World, app: App, body: dict[str, Any]) -> str:
    """The customer-service worker in whose name the message is sent, `""` for none; ApiError 65401."""
    chosen = body.get("customservice")
    if chosen is None:
        return ""
    name = chosen.get("kf_account") if isinstance(chosen, dict) else None
    if not isinstance(name, str) or name not in oa_of(world).of(app.appid).service.workers:
        raise ApiError(65401, "invalid custom account")
    return name


def windows_of(world: World, app: App) -> Windows:
    """The reply windows of an Official Account or a mini program."""
    return (
        mp_of(world).windows_of(app.appid) if app.kind == MINI_PROGRAM else oa_of(world).of(app.appid).windows
    )


def check_content(world: World, app: App, kind: str, content: dict[str, Any]) -> None:
    """Raise ApiError unless the content has what its type needs."""
    for name in REQUIRED[kind]:
        field = name.removeprefix("media:")
        value = content.get(field)
        if not value:
            raise ApiError(
                44004 if kind == "text" else 40007 if "media" in field else 47001, f"missing {field}"
            )
        if name.startswith("media:") and not has_media(world, app, value):
            raise ApiError(40007, "invalid media_id")
    if kind == "text" and len(str(content["content"]).encode()) > TEXT_BYTES_MAX:
        raise ApiError(45002, "content size out of limit")
    account = oa_of(world).of(app.appid)
    if kind == "mpnews" and content["media_id"] not in account.drafts:
        raise ApiError(40007, "invalid media_id")
    if kind == "mpnewsarticle" and not is_published(account, content["article_id"]):
        raise ApiError(53600, "invalid article_id")
    if kind == "news" and len(rows(content["articles"], 44003)) > ARTICLES_MAX:
        raise ApiError(45008, "article size out of limit")
    if kind == "miniprogrampage" and app.kind == OFFICIAL_ACCOUNT:
        target = world.find_app(str(content.get("appid", "")))
        if target is None or target.kind != MINI_PROGRAM or target.owner != app.owner:
            raise ApiError(40013, "invalid appid: the mini program is not linked to this account")
