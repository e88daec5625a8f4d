"""Chats between two people of this world, and what a person posts to Moments: cards of mini programs and words."""

from typing import Any

from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import ACCOUNT, CONSUMER
from seta_sandbox.kit.world import World

TITLE_CHARACTERS_MAX = 120
PATH_CHARACTERS_MAX = 1024
PICTURE_CHARACTERS_MAX = 400_000
WORDS_CHARACTERS_MAX = 600


def _card(world: World, body: dict[str, Any]) -> dict[str, Any]:
    app = world.app(MINI_PROGRAM, str(body.get("appid", "")))
    path, image = str(body.get("path", "")), str(body.get("image", ""))
    if not path or len(path) > PATH_CHARACTERS_MAX:
        raise ControlError(f"path must have 1 to {PATH_CHARACTERS_MAX} characters")
    if len(image) > PICTURE_CHARACTERS_MAX:
        raise ControlError("the picture of a card is too large")
    title = str(body.get("title", "")) or app.name
    return {"appid": app.appid, "title": title[:TITLE_CHARACTERS_MAX], "pagepath": path, "image": image}


def _both(world: World, body: dict[str, Any], kind: str, content: dict[str, Any]) -> None:
    sender, receiver = world.person(str(body.get("consumer", ""))), world.person(str(body.get("to", "")))
    if sender.key == receiver.key:
        raise ControlError("choose somebody else")
    world.inbox.add(sender.key, f"friend:{receiver.key}", CONSUMER, kind, **content)
    world.inbox.add(receiver.key, f"friend:{sender.key}", ACCOUNT, kind, **content)


async def forward(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Send a card to the chat with `to`: `appid`, `title`, `path` and, when the page gives one, `image`."""
    card = _card(world, body)
    _both(world, body, "miniprogram", card)
    return {"title": card["title"]}


async def tell(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Write `content` to the chat with `to`."""
    content = str(body.get("content", "")).strip()
    if not 0 < len(content) <= WORDS_CHARACTERS_MAX:
        raise ControlError(f"content must have 1 to {WORDS_CHARACTERS_MAX} characters")
    _both(world, body, "text", {"content": content})
    return {}


async def post(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Put a card into Moments, where the person and everybody else of this world sees it."""
    author = world.person(str(body.get("consumer", "")))
    card = _card(world, body)
    for person in world.people:
        world.inbox.add(person.key, "moments", ACCOUNT, "shared", author=author.key, name=author.name, **card)
    return {"title": card["title"]}
