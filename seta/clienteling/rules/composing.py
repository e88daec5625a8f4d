"""What a composed message holds, which page its card opens, and how WeCom wants it written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

TEXT_BYTES_MAX = 4000
"""WeCom's own limit for a message's text (path/92135)."""
PICTURES_MAX = 9
TITLE_BYTES_MAX = 64
"""A card's title (path/92135)."""
REMINDERS_A_DAY = 3
CARD_PAGES: Mapping[str, str] = {
    "home": "pages/home/home",
    "boutique": "pages/boutique/boutique",
    "plan": "pages/plan/plan",
}
"""Pages of the mini program that a plain card may open."""
UNAPPROVED = "content.unapproved"
"""Stands among a message's rules when its words or picture are no approved version in force."""
_CODE = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True)
class Attachment:
    """What goes with the words: product, place, card, appointment or image; `picture` is a SHA-256."""

    kind: str = ""
    code: str = ""
    title: str = ""
    page: str = ""
    picture: str = ""

    @property
    def is_card(self) -> bool:
        """Whether it opens a page of the mini program."""
        return bool(self.page)

    def dump(self) -> dict[str, str]:
        """As a table keeps it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Attachment":
        """What `dump` kept."""
        names = ("kind", "code", "title", "page", "picture")
        return cls(**{name: str(kept.get(name, "")) for name in names})


NOTHING = Attachment()


def page_of(kind: str, code: str) -> str:
    """The mini program page of a place, an appointment or a plain card; empty when there is no such."""
    if kind == "card":
        return CARD_PAGES.get(code, "")
    if not _CODE.fullmatch(code):
        return ""
    pages = {
        "place": f"pages/place/place?code={code}",
        "appointment": f"pages/appointment/appointment?boutique={code}",
    }
    return pages.get(kind, "")


def fits(text: str) -> bool:
    """Whether WeCom takes a text of this length."""
    return len(text.encode("utf-8", "replace")) <= TEXT_BYTES_MAX


def short_title(title: str) -> str:
    """A card's title cut to what WeCom takes, between characters."""
    return title.encode()[:TITLE_BYTES_MAX].decode("utf-8", "ignore")


def handed_messages(
    *, text: str, attachment: Attachment, appid: str, cover_url: str, media_id: str
) -> list[dict[str, Any]]:
    """The arguments of `sendChatMessage`, one for each bubble, in order (path/94354)."""
    messages: list[dict[str, Any]] = []
    if text:
        messages.append({"msgtype": "text", "text": {"content": text}})
    if attachment.is_card:
        card = {
            "appid": appid,
            "title": short_title(attachment.title),
            "imgUrl": cover_url,
            "page": attachment.page,
        }
        messages.append({"msgtype": "miniprogram", "miniprogram": card})
    elif attachment.picture:
        messages.append({"msgtype": "image", "image": {"mediaid": media_id}})
    return messages


def template_attachments(
    *, attachment: Attachment, appid: str, media_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The attachments of a mass message: one card with its cover, or pictures (path/92135)."""
    if attachment.is_card:
        card = {
            "title": short_title(attachment.title),
            "pic_media_id": media_ids[0],
            "appid": appid,
            "page": attachment.page,
        }
        return [{"msgtype": "miniprogram", "miniprogram": card}]
    return [{"msgtype": "image", "image": {"media_id": one}} for one in media_ids]


def nearest_first(wanted: frozenset[str], offered: Mapping[int, frozenset[str]]) -> list[int]:
    """Ids of offered texts by how many pairs of characters they share with what is written; newest of equals."""
    return sorted(offered, key=lambda one: (-len(wanted & offered[one]), -one))
