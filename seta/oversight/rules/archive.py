"""Reads what WeCom's archive holds: who wrote to whom, when, the words that policy can look at, and the files."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from seta.kit.clock import from_milliseconds

TEXT_CHARS_MAX = 100_000
NESTING_MAX = 8
PARTS_MAX = 500
RECEIVERS_MAX = 5000
ID_CHARS_MAX = 128
NAME_CHARS_MAX = 255
FILEID_CHARS_MAX = 4000
LAST_MILLISECOND = 253_402_300_799_000
_EXTERNAL_PREFIXES = ("wo", "wm")
_SURROGATES = re.compile("[\ud800-\udfff]")
AGREED = frozenset({"Agree", "Default_Agree"})
_ANSWERS = {"agree": "Agree", "disagree": "Disagree"}

# msgtype -> (key of its object, the fields that a person can read)
_READABLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text", ("content",)),
    "link": ("link", ("title", "description", "link_url")),
    "weapp": ("weapp", ("title", "description", "displayname")),
    "location": ("location", ("title", "address")),
    "file": ("file", ("filename",)),
    "image": ("image", ()),
    "voice": ("voice", ()),
    "video": ("video", ()),
    "emotion": ("emotion", ()),
    "card": ("card", ("corpname",)),
    "markdown": ("info", ("content",)),
    "docmsg": ("doc", ("title", "link_url")),
    "todo": ("todo", ("title", "content")),
    "vote": ("vote", ("votetitle", "voteitem")),
    "collect": ("collect", ("room_name", "title", "details")),
    "calendar": ("calendar", ("title", "place", "remarks")),
    "meeting": ("meeting", ("topic", "address", "remarks")),
    "meeting_notification": ("info", ("content",)),
    "redpacket": ("redpacket", ("wish",)),
    "external_redpacket": ("redpacket", ("wish",)),
    "sphfeed": ("sphfeed", ("sph_name", "feed_desc")),
    "meeting_voice_call": ("meeting_voice_call", ("demofiledata",)),
    "voip_doc_share": ("voip_doc_share", ("filename",)),
    "qydiskfile": ("info", ("filename", "url")),
    "solitaire": ("info", ("solitaire_content",)),
    "voiptext": ("info", ()),
    "revoke": ("revoke", ()),
    "agree": ("agree", ()),
    "disagree": ("disagree", ()),
    "chatrecord": ("chatrecord", ("title",)),
    "mixed": ("mixed", ()),
    "news": ("info", ()),
    "note": ("info", ()),
}
# What a row of such an object says, when it is no message of its own.
_ROW_FIELDS = ("title", "description", "content", "url", "ques", "filename", "name")
_SIZES = ("filesize", "voice_size", "imagesize", "file_size")
_ENDINGS = {"voice": "amr", "image": "png", "video": "mp4", "emotion": "gif", "meeting_voice_call": "amr"}


class Malformed(ValueError):
    """An opened record that is no message; it is set aside as a dead letter."""


class Attachment(msgspec.Struct, frozen=True, array_like=True):
    """A file that a message brings; `size` is what the platform says of it, in bytes, 0 when it says nothing."""

    kind: str
    name: str
    sdkfileid: str
    md5: str
    size: int


class Message(msgspec.Struct, frozen=True, array_like=True):
    """An archived message; `associate` is the member's userid, `client` the external_userid, either may be empty.

    `sender_role` is client when a customer wrote it, else sa; `sent_ms` are milliseconds since 1970; `agreement` is
    Agree or Disagree when the client answered the question about archiving; `unread`
    counts parts that were nested too deep, too many or too long to be read.
    """

    msgid: str
    kind: str
    sender_role: str
    sent_ms: int
    text: str
    associate: str
    client: str
    conversation: str
    revokes: str = ""
    agreement: str = ""
    unread: int = 0
    attachments: tuple[Attachment, ...] = ()

    @property
    def sent_at(self) -> datetime:
        """When it was said."""
        return from_milliseconds(self.sent_ms)


def is_external(user: str) -> bool:
    """Whether an id is a customer's (WeCom gives them ids that begin with wo or wm)."""
    return user.startswith(_EXTERNAL_PREFIXES) and len(user) >= 20


def role_of(user: str) -> str:
    """Whose words a user's are: `client` or `sa`."""
    return "client" if is_external(user) else "sa"


def read(fields: Mapping[str, Any]) -> Message:
    """The message in an opened record; raises Malformed with the reason."""
    msgid, action = _text_of(fields, "msgid"), _text_of(fields, "action") or "send"
    if not msgid or len(msgid) > ID_CHARS_MAX:
        raise Malformed("no msgid, or one that is too long")
    kind = (_text_of(fields, "msgtype") or action)[:32]
    key = _READABLE[kind][0] if kind in _READABLE else kind
    body = fields.get(key)
    people = _people(fields, body, kind)
    associate = next((user for user in people if not is_external(user)), "")
    client = next((user for user in people if is_external(user)), "")
    room = _text_of(fields, "roomid")[:ID_CHARS_MAX]
    found = _Reading()
    if isinstance(body, dict):
        found.take(kind, body, 0)
    elif kind not in ("switch", "revoke"):
        found.unread += 1
    return Message(
        msgid=msgid,
        kind=kind,
        sender_role=role_of(people[0]),
        sent_ms=_milliseconds(fields.get("msgtime", fields.get("time"))),
        text=found.text(),
        associate=associate,
        client=client,
        conversation=room or _pair(associate, client, people),
        revokes=_text_of(body, "pre_msgid")[:ID_CHARS_MAX] if kind == "revoke" and body else "",
        agreement=_ANSWERS.get(kind, ""),
        unread=found.unread,
        attachments=tuple(found.attachments),
    )


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    content: str


class _Plain(msgspec.Struct, rename={"sender": "from"}):
    msgid: str
    sender: str
    tolist: list[str]
    msgtime: int
    msgtype: Literal["text"]
    text: _Said
    roomid: str = ""


_plain = msgspec.json.Decoder(_Plain)


def read_plain(opened: bytes) -> Message | None:
    """What `read` makes of an opened record that is an ordinary text, in half the time; None for any other."""
    try:
        said = _plain.decode(opened)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    people, content = [said.sender, *said.tolist], said.text.content
    lengths = [len(user) for user in people]
    if (
        not 0 < len(said.msgid) <= ID_CHARS_MAX
        or not 0 < min(lengths) <= max(lengths) <= ID_CHARS_MAX
        or len(lengths) > RECEIVERS_MAX
        or len(content) > TEXT_CHARS_MAX
        or not 0 <= said.msgtime <= LAST_MILLISECOND
        # JSON says it in no other way, and no database keeps it.
        or b"\\u0000" in opened
    ):
        return None
    associate = client = ""
    for user in people:
        if is_external(user):
            client = client or user
        else:
            associate = associate or user
    room = said.roomid[:ID_CHARS_MAX]
    conversation = room or _pair(associate, client, people)
    role = "client" if people[0] == client else "sa"
    return Message(said.msgid, "text", role, said.msgtime, content, associate, client, conversation)


def _people(fields: Mapping[str, Any], body: Any, kind: str) -> list[str]:
    """Who takes part, the sender first."""
    sender = _text_of(fields, "from") or _text_of(fields, "user")
    receivers = fields.get("tolist") or []
    if not sender or not isinstance(receivers, list) or len(receivers) > RECEIVERS_MAX:
        raise Malformed("no sender, or no list of receivers")
    people = [sender, *(clean(user) if isinstance(user, str) else str(user) for user in receivers)]
    if kind in _ANSWERS and isinstance(body, dict):
        people.append(_text_of(body, "userid"))
    if any(len(user) > ID_CHARS_MAX for user in people):
        raise Malformed("a user id is too long")
    return people


def _pair(associate: str, client: str, people: Sequence[str]) -> str:
    return f"{associate}:{client or ','.join(sorted(set(people)))}"[:200]


def clean(text: str) -> str:
    """The text with what no database or page can hold (lone surrogates, NUL) replaced, offsets unchanged."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
    return text.replace("\0", "\ufffd") if "\0" in text else text


def gaps(*, after: int, seqs: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers missing between the cursor and the ascending seqs of a pull, as inclusive ranges."""
    if seqs and seqs[0] == after + 1 and seqs[-1] - after == len(seqs):
        return []
    missing, expected = [], after + 1
    for seq in seqs:
        if seq > expected:
            missing.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return missing


def newest(instants: Iterable[datetime]) -> datetime | None:
    """The latest of several instants, or None."""
    return max(instants, default=None)


def _text_of(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "") if isinstance(fields, dict) else ""
    return clean(value) if isinstance(value, str) else ""


def _milliseconds(value: Any) -> int:
    try:
        milliseconds = int(value)
    except (TypeError, ValueError, OverflowError) as problem:
        raise Malformed("no readable time") from problem
    if not 0 <= milliseconds <= LAST_MILLISECOND:
        raise Malformed("no readable time")
    return milliseconds


class _Reading:
    """What was found in a message and all that is nested in it, within limits of depth, number and length."""

    def __init__(self) -> None:
        self.attachments: list[Attachment] = []
        self.unread = 0
        self._words: list[str] = []
        self._chars = 0
        self._parts = 0

    def text(self) -> str:
        """The words, one part a line."""
        return "\n".join(self._words)

    def take(self, kind: str, body: Mapping[str, Any], depth: int) -> None:
        """Read one message's object, then what is nested in it."""
        names = _READABLE[kind][1] if kind in _READABLE else _strings_of(body)
        for name in names:
            value = body.get(name)
            if isinstance(value, str):
                self._say(value)
            elif isinstance(value, list):
                self._rows(value)
        if "sdkfileid" in body:
            self._attach(kind, body)
        rows = body.get("item", body.get("items"))
        if rows is not None and kind != "news":
            self._nested(rows, depth + 1)
        elif kind == "news":
            self._rows(rows)

    def _say(self, value: str) -> None:
        room = TEXT_CHARS_MAX - self._chars
        if len(value) > room:
            self.unread += 1
            value = value[: max(0, room)]
        if value:
            self._words.append(clean(value))
            self._chars += len(value) + 1

    def _rows(self, rows: Any) -> None:
        """Rows that are no messages: options of a vote, questions of a form, articles, shared files."""
        for row in rows if isinstance(rows, list) else ():
            if not self._may_take():
                return
            if isinstance(row, str):
                self._say(row)
            elif isinstance(row, dict):
                for name in _ROW_FIELDS:
                    if isinstance(row.get(name), str):
                        self._say(row[name])

    def _nested(self, rows: Any, depth: int) -> None:
        """Messages in a message; their contents come as objects or as JSON in a string."""
        for row in rows if isinstance(rows, list) else ():
            if not isinstance(row, dict):
                self.unread += 1
                continue
            if depth > NESTING_MAX or not self._may_take():
                self.unread += 1
                return
            kind = str(row.get("type", row.get("msg_type", "text"))).removeprefix("ChatRecord").lower()
            content = row.get("content", row)
            if isinstance(content, str):
                content = self._parsed(content)
            if isinstance(content, dict):
                self.take(kind, content, depth)

    def _parsed(self, content: str) -> Any:
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self._say(content)
            return None
        return found

    def _may_take(self) -> bool:
        self._parts += 1
        if self._parts > PARTS_MAX:
            self.unread += 1
            return False
        return True

    def _attach(self, kind: str, body: Mapping[str, Any]) -> None:
        fileid = body["sdkfileid"]
        if not isinstance(fileid, str) or not 0 < len(fileid) <= FILEID_CHARS_MAX:
            self.unread += 1
            return
        size = next((body[name] for name in _SIZES if type(body.get(name)) is int), 0)
        name = _text_of(body, "filename") or f"{kind}.{_ENDINGS.get(kind, 'bin')}"
        self.attachments.append(
            Attachment(
                kind[:16], name[-NAME_CHARS_MAX:], clean(fileid), _text_of(body, "md5sum")[:64], max(0, size)
            )
        )


def _strings_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Of a kind that is not known yet, everything that is text: to read too much is safer than to read nothing."""
    hidden = ("sdkfileid", "md5sum", "item", "items")
    return tuple(name for name, value in body.items() if isinstance(value, str) and name not in hidden)
