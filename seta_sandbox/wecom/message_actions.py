"""Control actions of conversations: every kind of archived message, revocation, devices that switch, archive keys."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import ACCOUNT, CONSUMER
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom import archive, intercepts
from seta_sandbox.wecom.archive_messages import FILE_BYTES_MAX, Maker, contents
from seta_sandbox.wecom.config import archive_key
from seta_sandbox.wecom.state import GroupChat, Record, wecom_of

CLIENT_WORDS = ("client", "external", "customer", CONSUMER)
MEMBER_WORDS = ("sa", "member", "associate", ACCOUNT)
# Names that the inbox gives a meaning of its own.
INBOX_NAMES = ("person", "chat", "sender", "kind")


def pair(world: World, body: dict[str, Any]) -> tuple[Consumer, str]:
    """The consumer and member a control body names: `external_userid` or `openid`, and `userid` (the first member)."""
    person = world.person(str(body.get("external_userid") or body.get("openid") or ""))
    userid = str(body.get("userid") or wecom_of(world).staff[0].userid)
    if not wecom_of(world).is_member(userid):
        known = ", ".join(member.userid for member in wecom_of(world).staff)
        raise ControlError(f"no member {userid}; there are {known}")
    return person, userid


def archive_message(
    userid: str, external: str, kind: str, content: dict[str, Any], milliseconds: int, *, from_client: bool
) -> dict[str, Any]:
    """A message of a one-to-one chat as the archive gives it out, but for its msgid."""
    sender, receiver = (external, userid) if from_client else (userid, external)
    return {
        "action": "send",
        "from": sender,
        "tolist": [receiver],
        "roomid": "",
        "msgtime": milliseconds,
        "msgtype": kind,
        kind: content,
    }


@dataclass(frozen=True)
class _Talk:
    """Who says something to whom: `room` is None in a one-to-one chat."""

    person: Consumer
    userid: str
    sender: str
    receivers: list[str]
    room: GroupChat | None

    @property
    def from_client(self) -> bool:
        return self.sender == self.person.external_userid


def _talk(world: World, body: dict[str, Any]) -> _Talk:
    person, userid = pair(world, body)
    said = str(body.get("sender") or body.get("from") or "client")
    external = person.external_userid
    aliases = dict.fromkeys(CLIENT_WORDS, external) | dict.fromkeys(MEMBER_WORDS, userid)
    sender = aliases.get(said, said)
    if not body.get("roomid"):
        if sender not in (userid, external):
            raise ControlError("sender must be `client` or `sa`")
        return _Talk(person, userid, sender, [userid if sender == external else external], None)
    room = wecom_of(world).group_chats.get(str(body["roomid"]))
    if room is None or room.dismissed:
        raise ControlError("no such room; make one with create_group_chat")
    if sender not in room.members:
        raise ControlError(f"the sender is not in the room; there are {', '.join(room.members)}")
    return _Talk(person, userid, sender, [key for key in room.members if key != sender], room)


def _data(world: World, body: dict[str, Any]) -> bytes | None:
    """The bytes of a file: `data` in base64, or `bytes` of them made up."""
    if body.get("bytes"):
        size = int(body["bytes"])
        if not 0 < size <= FILE_BYTES_MAX:
            raise ControlError(f"a file has 1 to {FILE_BYTES_MAX} bytes")
        return world.rng.randbytes(size)
    if not body.get("data"):
        return None
    try:
        return base64.b64decode(body["data"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ControlError("`data` is not base64") from None


async def wecom_message(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Somebody says something: `userid`, `external_userid`, `sender` (`client` or `sa`), `content`.

    `msgtype` (text) names any kind of the archive; what is not given of its object, under its own name or `content`,
    is made up. Files take `data` in base64 or `bytes`, a size. `roomid` says it in a group chat, where `sender` may
    be any member's id. `action: recall` with `pre_msgid` takes a message back. `archived` tells whether a record was
    kept, `intercepted` that a rule warned of or blocked what a member wrote.
    """
    talk = _talk(world, body)
    recalling = body.get("action") == "recall"
    kind = "revoke" if recalling else str(body.get("msgtype") or body.get("type") or "text")
    given = {"pre_msgid": str(body.get("pre_msgid", ""))}
    key, content, beside = (
        ("revoke", given, {})
        if recalling
        else contents(Maker(world, talk.sender, _data(world, body)), kind, body)
    )
    warned = _intercepted(world, talk, kind, content)
    if warned.get("intercepted") == "blocked":
        return {"archived": False, "msgid": None, "seq": None, "push": None, **warned}
    _happen(world, talk, kind, content)
    if not _is_archived(world, talk):
        return {"archived": False, "msgid": None, "seq": None, "push": None, **warned}
    record = _keep(world, talk, kind, {**beside, key: content}, recalling=recalling)
    answer = {"archived": True, "msgid": record.msgid, "seq": record.seq, **warned}
    return {**answer, **await _announced(world, body)}


def _intercepted(world: World, talk: _Talk, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    outside = talk.room is None or talk.room.external
    if not outside or world.find_person(talk.sender) is not None:
        return {}
    rule = intercepts.hit(world, talk.sender, kind, content)
    if rule is None:
        return {}
    blocked = rule["intercept_type"] == intercepts.BLOCK
    return {"intercepted": "blocked" if blocked else "warned", "rule_id": rule["rule_id"]}


def _happen(world: World, talk: _Talk, kind: str, content: dict[str, Any]) -> None:
    """Show the message on phones and count it."""
    now, external = world.clock.now(), talk.person.external_userid
    shown = {name: value for name, value in content.items() if name not in INBOX_NAMES}
    if talk.room is not None:
        wecom_of(world).activity.append((now, "room", talk.sender, talk.room.chat_id))
        for key in talk.room.members:
            person = world.find_person(key)
            if person is not None:
                side = CONSUMER if key == talk.sender else ACCOUNT
                world.inbox.add(person.key, f"room:{talk.room.chat_id}", side, kind, **shown)
        return
    side, what = (CONSUMER, "received") if talk.from_client else (ACCOUNT, "sent")
    world.inbox.add(talk.person.key, f"wecom:{talk.userid}", side, kind, **shown)
    wecom_of(world).activity.append((now, what, talk.userid, external))
    relation = wecom_of(world).relations.get((talk.userid, external))
    if relation is not None:
        relation.talked_at = now


def _is_archived(world: World, talk: _Talk) -> bool:
    if talk.room is None:
        return archive.is_archived(world, talk.userid, talk.person.external_userid)
    settings = wecom_of(world).settings
    staff = [key for key in talk.room.members if wecom_of(world).is_member(key)]
    if settings.archive != "on" or not set(staff) - set(settings.unarchived):
        return False
    return world.find_person(talk.sender) is None or archive.is_archived(world, talk.room.owner, talk.sender)


def _keep(world: World, talk: _Talk, kind: str, fields: dict[str, Any], *, recalling: bool) -> Record:
    message: dict[str, Any] = {
        "action": "recall" if recalling else "send",
        "from": talk.sender,
        "tolist": talk.receivers,
        "roomid": talk.room.chat_id if talk.room else "",
        "msgtime": int(world.clock.now() * 1000),
        "msgtype": kind,
        **fields,
    }
    if kind == "meeting_voice_call":
        del message["roomid"]
    outside = talk.room is None or talk.room.external
    return archive.keep(world, message, suffix=archive.EXTERNAL if outside else archive.INTERNAL)


async def _announced(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Tell of news; a push that waits for the 15 seconds is reported, not awaited."""
    delivery = archive.notify(world)
    if delivery is not None and delivery.due is not None and delivery.due > world.clock.now():
        return {"push": delivery.report()}
    return await outcome(delivery, body)


async def archive_switch(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member's company switches: the archive keeps a record of `action` switch with `userid` and no msgtype."""
    _, userid = pair(world, body)
    moment = int(world.clock.now() * 1000)
    record = archive.keep(
        world, {"action": "switch", "time": moment, "user": userid}, suffix=archive.INTERNAL
    )
    return {"msgid": record.msgid, "seq": record.seq, **await _announced(world, body)}


async def archive_rotate(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Upload a new archive key: messages from now on use the next `publickey_ver`; older ones keep theirs."""
    wecom_of(world).publickey_ver += 1
    version = wecom_of(world).publickey_ver
    return {"publickey_ver": version, "private_key": world.keys.private_pem(archive_key(version))}


ACTIONS: dict[str, Action] = {
    "wecom_message": wecom_message,
    "archive_switch": archive_switch,
    "archive_rotate": archive_rotate,
}
