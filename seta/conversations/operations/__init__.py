"""What is done in conversations: receive, greet, send, keep menus."""

from seta.conversations.operations.following import (
    click_menu,
    follow,
    ignore,
    learn_follower,
    rescan,
    send_welcome_card,
    unfollow,
)
from seta.conversations.operations.menus import MenuRefused, publish_menu, save_menu
from seta.conversations.operations.merging import repoint_person
from seta.conversations.operations.receiving import Received, receive_media, receive_texts
from seta.conversations.operations.sending import (
    MessageCard,
    answer_late,
    notify,
    send_card,
    send_text,
    upload_picture,
)

__all__ = [
    "MenuRefused",
    "MessageCard",
    "Received",
    "answer_late",
    "click_menu",
    "follow",
    "ignore",
    "learn_follower",
    "notify",
    "publish_menu",
    "receive_media",
    "receive_texts",
    "repoint_person",
    "rescan",
    "save_menu",
    "send_card",
    "send_text",
    "send_welcome_card",
    "unfollow",
    "upload_picture",
]
