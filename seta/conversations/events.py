"""What happens between an account and its followers."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class AccountFollowed(Fact):
    """Somebody began to follow an account; `scene` is the QR code's text, the codes are read from it."""

    name: ClassVar[str] = "conversations.account.followed"
    account_id: int
    follow_id: int
    scene: str = ""
    place: str = ""
    boutique: str = ""
    associate: str = ""
    product: str = ""
    returning: bool = False


@dataclass(frozen=True, kw_only=True)
class AccountUnfollowed(Fact):
    """A follower left."""

    name: ClassVar[str] = "conversations.account.unfollowed"
    account_id: int
    follow_id: int


@dataclass(frozen=True, kw_only=True)
class CodeScanned(Fact):
    """A follower scanned one of the house's QR codes."""

    name: ClassVar[str] = "conversations.code.scanned"
    account_id: int
    scene: str = ""
    place: str = ""
    boutique: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact):
    """A follower wrote; what they wrote stays in the conversation and out of the lake."""

    name: ClassVar[str] = "conversations.message.received"
    conversation_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """The platform took a message of ours; `channel` is service or subscribe."""

    name: ClassVar[str] = "conversations.message.sent"
    conversation_id: int
    message_id: int
    kind: str
    channel: str
