"""Reads what WeCom's archive holds: who wrote to whom, when, and the words that policy can look at."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TEXT_CHARS_MAX = 100_000
NESTING_MAX = 3
ID_CHARS_MAX = 128
_EXTERNAL_PREFIXES = ("wo", "wm")
AGREED = frozenset({"Agree", "Default_Agree"})

# msgtype -> (key of its object, the fields that a person can read)
_READABLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text", ("content",)),
    "link": ("link", ("title", "description", "link_url")),
    "weapp": ("weapp", ("title", "description", "displayname")),
    "location": ("location", ("title", "address")),
    "file": ("file", ("filename",)),
    "markdown": ("info", ("content",)),
    "docmsg": ("doc", ("title", "link_url")),
    "todo": ("todo", ("title", "content")),
    "calendar": ("calendar", ("title", "place", "remarks")),
    "redpacket": ("redpacket", ("wish",)),
    "external_redpacket": ("redpacket", ("wish",)),
}


class Malformed(ValueError):
    """An opened record that is no message; it is set aside as a dead letter."""


@dataclass(frozen=True)
class Message:
    """An archived message; `associate` is the member's userid, `client` the external_userid, either may be empty."""

    msgid: str
    action: str
    kind: str
    sender: str
    receivers: tuple[str, ...]
    room: str
    sent_at: datetime
    text: str
    associate: str
    client: str
    revokes: str = ""

    @property
    def sender_role(self) -> str:
        """`client` when a customer wrote it, else `sa`."""
        return "client" if is_external(self.sender) else "sa"

    @property
    def conversation(self) -> str:
        """What messages of one conversation share: the room, or the pair."""
        return (
            self.room
            or f"{self.associate}:{self.client or ','.join(sorted({self.sender, *self.receivers}))}"[:200]
        )

    @property
    def agreement(self) -> str:
        """Agree or Disagree when the client answered the question about archiving, else empty."""
        return {"agree": "Agree", "disagree": "Disagree"}.get(self.kind, "")


def is_external(user: str) -> bool:
    """Whether an id is a customer's (WeCom gives them ids that begin with wo or wm)."""
    return user.startswith(_EXTERNAL_PREFIXES) and len(user) >= 20


def read(fields: Mapping[str, Any]) -> Message:
    """The message in an opened record; raises Malformed with the reason."""
    msgid, action = _text_of(fields, "msgid"), str(fields.get("action", "send"))
    if not msgid or len(msgid) > ID_CHARS_MAX:
        raise Malformed("no msgid, or one that is too long")
    sender = _text_of(fields, "from") or _text_of(fields, "user")
    receivers = fields.get("tolist") or []
    if not sender or not isinstance(receivers, list) or len(receivers) > 5000:
        raise Malformed("no sender, or no list of receivers")
    people = [sender, *(clean(str(user)) for user in receivers)]
    if any(len(user) > ID_CHARS_MAX for user in people):
        raise Malformed("a user id is too long")
    kind = _text_of(fields, "msgtype") or action
    revoked = fields.get("revoke")
    return Message(
        msgid=msgid,
        action=action[:16],
        kind=kind[:32],
        sender=sender,
        receivers=tuple(people[1:]),
        room=_text_of(fields, "roomid")[:ID_CHARS_MAX],
        sent_at=_instant(fields.get("msgtime", fields.get("time"))),
        text=clean("\n".join(_words(kind, fields, 0)))[:TEXT_CHARS_MAX],
        associate=next((user for user in people if not is_external(user)), ""),
        client=next((user for user in people if is_external(user)), ""),
        revokes=_text_of(revoked, "pre_msgid") if isinstance(revoked, dict) else "",
    )


def clean(text: str) -> str:
    """The text with what no database or page can hold (lone surrogates, NUL) replaced, offsets unchanged."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join(
        "\ufffd" if character == "\0" or "\ud800" <= character <= "\udfff" else character
        for character in text
    )


def gaps(*, after: int, seqs: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers missing between the cursor and the ascending seqs of a pull, as inclusive ranges."""
    missing, expected = [], after + 1
    for seq in seqs:
        if seq > expected:
            missing.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return missing


def _text_of(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return clean(value) if isinstance(value, str) else ""


def _instant(milliseconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError) as problem:
        raise Malformed("no readable time") from problem


def _words(kind: str, fields: Mapping[str, Any], depth: int) -> Iterator[str]:
    """The readable texts of a message, nested chat records included down to a fixed depth."""
    if kind in ("chatrecord", "mixed", "news"):
        body = fields.get("info" if kind == "news" else kind)
        if isinstance(body, dict):
            yield str(body.get("title", ""))
            yield from _nested(body.get("item"), depth)
        return
    key, names = _READABLE.get(kind, (kind, ()))
    body = fields.get(key)
    if isinstance(body, dict):
        yield from (body[name] for name in names if isinstance(body.get(name), str))


def _nested(items: Any, depth: int) -> Iterator[str]:
    if depth >= NESTING_MAX or not isinstance(items, list):
        return
    for item in items[:200]:
        if not isinstance(item, dict):
            continue
        content = item.get("content", item)
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except (ValueError, RecursionError):
                yield content
                continue
        if isinstance(content, dict):
            kind = str(item.get("type", "text")).removeprefix("ChatRecord").lower()
            yield from _words(kind, {kind: content, **content}, depth + 1)
            yield from (content[name] for name in ("content", "title") if isinstance(content.get(name), str))


def newest(instants: Iterable[datetime]) -> datetime | None:
    """The latest of several instants, or None."""
    return max(instants, default=None)
