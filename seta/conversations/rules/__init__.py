"""Rules of talking to followers: service windows, menus, reply texts and the card's picture."""

from seta.conversations.rules.menus import MenuFault, default_menu, menu_faults
from seta.conversations.rules.picture import card_picture
from seta.conversations.rules.texts import (
    Reply,
    click_reply,
    media_reply,
    scan_text,
    summary_of,
    welcome_card,
    welcome_text,
)
from seta.conversations.rules.windows import Touch, TouchKind, sends_left, touch_kind_of

__all__ = [
    "MenuFault",
    "Reply",
    "Touch",
    "TouchKind",
    "card_picture",
    "click_reply",
    "default_menu",
    "media_reply",
    "menu_faults",
    "scan_text",
    "sends_left",
    "summary_of",
    "touch_kind_of",
    "welcome_card",
    "welcome_text",
]
