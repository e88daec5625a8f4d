"""Temporary media: uploaded bytes under a media_id for three days."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from seta_sandbox.kit.keys import ALPHANUMERIC

LIFETIME_SECONDS = 3 * 86_400


@dataclass(frozen=True)
class Media:
    """One upload; `owner` is the appid or corpid that may use it."""

    media_id: str
    owner: str
    kind: str
    content_type: str
    filename: str
    body: bytes
    created_at: int


@dataclass
class MediaStore:
    """Every upload of one world."""

    rng: random.Random
    now: Callable[[], float]
    items: dict[str, Media] = field(default_factory=dict)

    def add(self, owner: str, kind: str, content_type: str, filename: str, body: bytes) -> Media:
        """Keep an upload under a new media_id."""
        media_id = "".join(self.rng.choices(ALPHANUMERIC + "-_", k=64))
        media = Media(media_id, owner, kind, content_type, filename, body, int(self.now()))
        self.items[media_id] = media
        return media

    def get(self, owner: str, media_id: str) -> Media | None:
        """The upload of that owner, or None when unknown or older than three days."""
        media = self.items.get(media_id)
        if media is None or media.owner != owner or self.now() - media.created_at > LIFETIME_SECONDS:
            return None
        return media
