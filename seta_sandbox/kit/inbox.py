"""What each consumer sees on the phone: chats, service notifications and the Moments feed, with a version to poll."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

CONSUMER = "consumer"
ACCOUNT = "account"


@dataclass(frozen=True)
class Item:
    """One bubble, notification or feed post.

    `chat` is `official_account:<appid>`, `mini_program:<appid>`, `service:<appid>`, `wecom:<userid>`,
    `friend:<person>` or `moments`;
    `sender` is `consumer` or `account`; `content` holds the fields of `kind` (text, image, link, news,
    miniprogram, template, ad, post, event, ...).
    """

    n: int
    at: float
    person: str
    chat: str
    sender: str
    kind: str
    content: dict[str, Any]


class Inbox:
    """All consumers' items in order. `version` grows with every change."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.items: list[Item] = []
        self.version = 0
        self._changed = asyncio.Event()

    def add(self, person: str, chat: str, sender: str, kind: str, **content: Any) -> Item:
        """Put an item into a consumer's chat; `person` is the consumer's key."""
        item = Item(len(self.items) + 1, self._now(), person, chat, sender, kind, content)
        self.items.append(item)
        self.touch()
        return item

    def touch(self) -> None:
        """Tell waiting phones that something else of theirs changed (a menu, a typing mark)."""
        self.version += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def of(self, person: str, chat: str = "", since: int = 0) -> list[dict[str, Any]]:
        """A consumer's items after number `since`, optionally of one chat, as plain dicts."""
        return [
            asdict(item)
            for item in self.items
            if item.n > since and item.person == person and (not chat or item.chat == chat)
        ]

    def chats(self, person: str) -> dict[str, Item]:
        """The newest item of each of a consumer's chats."""
        return {item.chat: item for item in self.items if item.person == person}

    async def changed(self, version: int, timeout_seconds: float = 20.0) -> int:
        """Return the version once it is beyond `version`, or after the time-out."""
        if self.version > version:
            return self.version
        try:
            await asyncio.wait_for(self._changed.wait(), timeout=timeout_seconds)
        except TimeoutError:
            return self.version
        return self.version
