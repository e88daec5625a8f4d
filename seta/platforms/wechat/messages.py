"""What an Official Account or a mini program pushes to us, and the passive replies we may give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seta.platforms.core.messages import parse_push
from seta.platforms.core.msgcrypt import encrypted_envelope
from seta.platforms.core.xml import to_xml

__all__ = [
    "Article",
    "InboundMessage",
    "encrypted_envelope",
    "image_reply",
    "news_reply",
    "parse_push",
    "read_message",
    "text_reply",
    "transfer_to_staff",
]

SCENE_PREFIX = "qrscene_"


@dataclass(frozen=True)
class Article:
    """One card of a news reply; addresses are absolute."""

    title: str
    description: str
    picture_url: str
    url: str


@dataclass(frozen=True)
class InboundMessage:
    """One pushed message or event, with the key under which repeats of the same push meet."""

    to: str
    sender: str
    created: int
    kind: str
    external_id: str
    fields: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What the follower typed, or an empty string."""
        return str(self.fields.get("Content", "")) if self.kind == "text" else ""

    @property
    def event_key(self) -> str:
        """Menu key or scene of an event as sent, `qrscene_` included."""
        key = self.fields.get("EventKey", "")
        return key if isinstance(key, str) else ""

    @property
    def scene(self) -> str:
        """The scene of the code that was scanned, without the prefix that `subscribe` adds."""
        return self.event_key.removeprefix(SCENE_PREFIX)


def read_message(fields: Mapping[str, Any]) -> InboundMessage:
    """Read the common fields of a decrypted push; ValueError when one is missing.

    Messages repeat under the same MsgId; events have none and repeat under sender, time, event and key.
    """
    try:
        sender, created = str(fields["FromUserName"]), int(fields["CreateTime"])
        to, kind = str(fields["ToUserName"]), str(fields["MsgType"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a WeChat message: {error}") from error
    if kind == "event":
        kind = f"event.{fields.get('Event', '')}"
    message_id = fields.get("MsgId")
    if message_id:
        external_id = str(message_id)
    else:
        external_id = ":".join(
            (sender, str(created), kind, str(fields.get("EventKey") or fields.get("MsgID") or ""))
        )
    return InboundMessage(to, sender, created, kind, external_id, fields)


def text_reply(to: str, sender: str, text: str, created: int) -> str:
    """Reply with text; `to` is the follower's openid, `sender` our original id, `created` unix seconds."""
    return to_xml(_head(to, sender, created, "text") | {"Content": text})


def image_reply(to: str, sender: str, media_id: str, created: int) -> str:
    """Reply with an uploaded image."""
    return to_xml(_head(to, sender, created, "image") | {"Image": {"MediaId": media_id}})


def news_reply(to: str, sender: str, articles: Sequence[Article], created: int) -> str:
    """Reply with cards; an Official Account shows only the first one after a user message."""
    assert 1 <= len(articles) <= 8
    items = [
        {"Title": a.title, "Description": a.description, "PicUrl": a.picture_url, "Url": a.url}
        for a in articles
    ]
    return to_xml(
        _head(to, sender, created, "news") | {"ArticleCount": len(items), "Articles": {"item": items}},
    )


def transfer_to_staff(to: str, sender: str, created: int) -> str:
    """Hand the conversation to the account's customer-service staff."""
    return to_xml(_head(to, sender, created, "transfer_customer_service"))


def _head(to: str, sender: str, created: int, kind: str) -> dict[str, Any]:
    return {"ToUserName": to, "FromUserName": sender, "CreateTime": created, "MsgType": kind}
