"""Passive replies: opened, checked and delivered into the follower's chat, or shown as a broken service."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.callback import open_reply
from seta_sandbox.kit.crypt import CryptError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import WireError
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.handover import hand_over

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
# (K) Of a news reply to a user's message only the first article is shown.
ARTICLES_SHOWN = 1
KINDS = frozenset({"text", "image", "voice", "video", "music", "news", "transfer_customer_service"})


def receiver(
    world: World, app: App, person: Consumer, *, notice: bool
) -> Callable[[httpx.Response], Awaitable[None]]:
    """What to do with the answer of a push. `notice` shows the follower that the service is broken."""

    async def receive(response: httpx.Response) -> None:
        try:
            fields = open_reply(world, app, response)
            item = content_of(fields, app, person) if fields is not None else None
        except (WireError, CryptError) as error:
            world.journal.add("act", app.kind, "REPLY", app.appid, 0, response.text, "", f"refused: {error}")
            if notice:
                broken(world, app, person)
            return
        if fields is not None and fields.get("MsgType") == "transfer_customer_service":
            hand_over(world, app, person.openids[app.appid], fields)
        if item is not None and fields is not None:
            world.inbox.add(person.key, f"{app.kind}:{app.appid}", ACCOUNT, fields["MsgType"], **item)

    return receive


def broken(world: World, app: App, person: Consumer) -> None:
    """Show the follower that the account's service failed."""
    world.inbox.add(person.key, f"{app.kind}:{app.appid}", ACCOUNT, "notice", content=BROKEN)


def content_of(fields: dict[str, Any], app: App, person: Consumer) -> dict[str, Any] | None:
    """The chat content of a reply, None for a hand-over to customer service; raises WireError when malformed."""
    kind = fields.get("MsgType")
    if kind not in KINDS:
        raise WireError(f"unknown MsgType {kind!r} in a reply")
    if fields.get("ToUserName") != person.openids[app.appid] or fields.get("FromUserName") != app.original_id:
        raise WireError("ToUserName and FromUserName of a reply are those of the message, swapped")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise WireError("CreateTime of a reply must be a number")
    if kind == "transfer_customer_service":
        return None
    if kind == "text":
        if not fields.get("Content"):
            raise WireError("a text reply needs Content")
        return {"content": fields["Content"]}
    if kind == "news":
        return {"articles": [_article(article) for article in _articles(fields)[:ARTICLES_SHOWN]]}
    part = fields.get(kind.capitalize())
    if not isinstance(part, dict):
        raise WireError(f"a reply of type {kind} needs {kind.capitalize()}")
    return {_snake(name): value for name, value in part.items()}


def _articles(fields: dict[str, Any]) -> list[dict[str, Any]]:
    articles = fields.get("Articles")
    if not isinstance(articles, list) or str(len(articles)) != str(fields.get("ArticleCount")):
        raise WireError("ArticleCount does not match Articles")
    return articles


def _article(article: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": article.get("Title", ""),
        "description": article.get("Description", ""),
        "picurl": article.get("PicUrl", ""),
        "url": article.get("Url", ""),
    }


def _snake(name: str) -> str:
    return {"MediaId": "media_id", "ThumbMediaId": "thumb_media_id", "MusicUrl": "musicurl"}.get(
        name, name.lower()
    )
