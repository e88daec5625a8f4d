"""What WeCom pushes to an own application: contact, tag, chat and archive events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seta.platforms.core.messages import parse_push
from seta.platforms.core.msgcrypt import encrypted_envelope
from seta.platforms.core.xml import to_xml

__all__ = ["InboundEvent", "encrypted_envelope", "parse_push", "read_event", "text_reply"]


@dataclass(frozen=True)
class InboundEvent:
    """One pushed event or message; `kind` is like `event.change_external_contact.add_external_contact`."""

    to: str
    sender: str
    created: int
    kind: str
    external_id: str
    fields: Mapping[str, Any]

    @property
    def userid(self) -> str:
        """The member the event is about, or an empty string."""
        return str(self.fields.get("UserID", ""))

    @property
    def external_userid(self) -> str:
        """The customer the event is about, or an empty string."""
        return str(self.fields.get("ExternalUserID", ""))

    @property
    def state(self) -> str:
        """The contact way's state, which says whose code was scanned and where."""
        return str(self.fields.get("State", ""))

    @property
    def welcome_code(self) -> str:
        """The code that allows one welcome message within 20 seconds, or an empty string."""
        return str(self.fields.get("WelcomeCode", ""))


def read_event(fields: Mapping[str, Any]) -> InboundEvent:
    """Read the common fields of a decrypted push; ValueError when one is missing.

    WeCom gives events no number, so repeats of one push meet under its own values (all unchanged by a retry).
    """
    try:
        to, created = str(fields["ToUserName"]), int(fields["CreateTime"])
        sender, kind = str(fields["FromUserName"]), str(fields["MsgType"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a WeCom message: {error}") from error
    if kind == "event":
        names = (kind, str(fields.get("Event", "")), str(fields.get("ChangeType", "")))
        kind = ".".join(name for name in names if name)
    message_id = fields.get("MsgId")
    about = [
        str(fields[name])
        for name in ("UserID", "ExternalUserID", "ChatId", "Id", "EventKey")
        if fields.get(name)
    ]
    external_id = str(message_id) if message_id else ":".join((sender, str(created), kind, *about))
    return InboundEvent(to, sender, created, kind, external_id, fields)


def text_reply(to: str, sender: str, text: str, created: int) -> str:
    """Reply with text to a member's message; `to` is the userid, `sender` the corpid."""
    return to_xml(
        {"ToUserName": to, "FromUserName": sender, "CreateTime": created, "MsgType": "text", "Content": text}
    )
