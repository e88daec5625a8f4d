"""Control actions of WeCom's people: customers who add, consent and write, members who write and confirm."""

import base64
import hashlib
from typing import Any

from seta_sandbox.kit import qr
from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import ACCOUNT, CONSUMER
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom import archive, messaging
from seta_sandbox.wecom.config import archive_key
from seta_sandbox.wecom.pushing import push_event
from seta_sandbox.wecom.state import AGREE, DISAGREE, WELCOME_SECONDS, Agreement, Relation, WelcomeCode

FILE_KINDS = ("image", "voice", "video", "file", "emotion")
CLIENT_WORDS = ("client", "external", "customer", CONSUMER)
MEMBER_WORDS = ("sa", "member", "associate", ACCOUNT)


def _pair(world: World, body: dict[str, Any]) -> tuple[Consumer, str]:
    person = world.person(str(body.get("external_userid") or body.get("openid") or ""))
    userid = str(body.get("userid") or world.wecom.members[0].userid)
    if not world.wecom.is_member(userid):
        known = ", ".join(member.userid for member in world.wecom.members)
        raise ControlError(f"no member {userid}; there are {known}")
    return person, userid


def _welcome_code(world: World, userid: str, external_userid: str) -> str:
    code = "".join(world.rng.choices(ALPHANUMERIC + "_-", k=43))
    expires_at = world.clock.now() + WELCOME_SECONDS
    world.wecom.welcome_codes[code] = WelcomeCode(userid, external_userid, expires_at)
    return code


async def add_contact(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A consumer (`external_userid` or `openid`) adds a member: `config_id` of a contact way, or `userid`, `state`."""
    state, config_id = str(body.get("state", "")), str(body.get("config_id", ""))
    if config_id:
        way = world.wecom.contact_ways.get(config_id)
        if way is None:
            raise ControlError("no such contact way; make one with add_contact_way")
        state = str(way.fields.get("state", ""))
        body = {**body, "userid": body.get("userid") or world.rng.choice(way.users)}
    person, userid = _pair(world, body)
    external = person.external_userid
    answer = {"userid": userid, "external_userid": external, "state": state}
    if (userid, external) in world.wecom.relations:
        return {**answer, "already": True, "push": None}
    world.wecom.relations[userid, external] = Relation(userid, external, world.clock.unix(), state)
    code = _welcome_code(world, userid, external)
    world.inbox.add(person.key, f"wecom:{userid}", CONSUMER, "event", event="add_contact", state=state)
    fields = {"ChangeType": "add_external_contact", "UserID": userid, "ExternalUserID": external}
    if state:
        fields["State"] = state
    delivery = push_event(world, "change_external_contact", {**fields, "WelcomeCode": code})
    return {**answer, "welcome_code": code, **await outcome(delivery, body)}


async def delete_contact(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A consumer removes a member (`by: member` the other way round)."""
    person, userid = _pair(world, body)
    by_member = body.get("by") in MEMBER_WORDS
    change = "del_external_contact" if by_member else "del_follow_user"
    # A customer who deletes still counts as related for the member; only the member's own deletion ends it.
    if by_member:
        world.wecom.relations.pop((userid, person.external_userid), None)
    fields = {"ChangeType": change, "UserID": userid, "ExternalUserID": person.external_userid}
    return {"change": change, **await outcome(push_event(world, "change_external_contact", fields), body)}


async def consent(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer answers the archive notice: `userid`, `external_userid`, `agree` (true)."""
    person, userid = _pair(world, body)
    agree = bool(body.get("agree", True))
    external = person.external_userid
    world.wecom.agreements[userid, external] = Agreement(AGREE if agree else DISAGREE, world.clock.unix())
    kind = "agree" if agree else "disagree"
    milliseconds = int(world.clock.now() * 1000)
    content = {"userid": external, f"{kind}_time": milliseconds}
    record = archive.keep(world, _message(userid, external, kind, content, milliseconds, from_client=True))
    world.inbox.add(person.key, f"wecom:{userid}", CONSUMER, "event", event=kind)
    answer = {"userid": userid, "external_userid": external, "agree": agree, "seq": record.seq}
    archive.notify(world)
    if not agree:
        return {**answer, "push": None}
    code = _welcome_code(world, userid, external)
    fields = {"ChangeType": "msg_audit_approved", "UserID": userid, "ExternalUserID": external}
    delivery = push_event(world, "change_external_contact", {**fields, "WelcomeCode": code})
    return {**answer, "welcome_code": code, **await outcome(delivery, body)}


def _message(
    userid: str, external: str, kind: str, content: dict[str, Any], milliseconds: int, *, from_client: bool
) -> dict[str, Any]:
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


async def wecom_message(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A message of a one-to-one chat: `userid`, `external_userid`, `sender` (`client` or `sa`), `content`.

    `msgtype` (text) names another kind, whose object is under its own name or in `content`; files take `data` in
    base64. `action: recall` with `pre_msgid` takes a message back. `archived` tells whether a record was kept.
    """
    person, userid = _pair(world, body)
    sender = str(body.get("sender") or body.get("from") or "client")
    known = (*CLIENT_WORDS, *MEMBER_WORDS, userid, person.external_userid)
    if sender not in known:
        raise ControlError("sender must be `client` or `sa`")
    from_client = sender in CLIENT_WORDS or sender == person.external_userid
    recalling = body.get("action") == "recall"
    kind = "revoke" if recalling else str(body.get("msgtype") or body.get("type") or "text")
    content = {"pre_msgid": str(body.get("pre_msgid", ""))} if recalling else _content(world, kind, body)
    milliseconds = int(world.clock.now() * 1000)
    message = _message(userid, person.external_userid, kind, content, milliseconds, from_client=from_client)
    if recalling:
        message["action"] = "recall"
    shown = CONSUMER if from_client else ACCOUNT
    world.inbox.add(person.key, f"wecom:{userid}", shown, kind, **content)
    if not archive.is_archived(world, userid, person.external_userid):
        return {"archived": False, "msgid": None, "seq": None, "push": None}
    record = archive.keep(world, message)
    answer = {"archived": True, "msgid": record.msgid, "seq": record.seq}
    delivery = archive.notify(world)
    now = world.clock.now()
    if delivery is not None and delivery.due is not None and delivery.due > now:
        return {**answer, "push": delivery.report()}
    return {**answer, **await outcome(delivery, body)}


def _content(world: World, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    given = body.get(kind, body.get("content"))
    if kind == "text":
        text = given.get("content") if isinstance(given, dict) else given
        if not text:
            raise ControlError("a text message needs `content`")
        return {"content": str(text)}
    content = dict(given) if isinstance(given, dict) else {}
    if kind in FILE_KINDS:
        data = (
            base64.b64decode(body["data"]) if body.get("data") else qr.png(f"{kind} {len(world.wecom.files)}")
        )
        sdkfileid = "".join(world.rng.choices(ALPHANUMERIC, k=64))
        world.wecom.files[sdkfileid] = data
        size = {"voice": "voice_size", "emotion": "imagesize"}.get(kind, "filesize")
        content = {
            "md5sum": hashlib.md5(data).hexdigest(),
            size: len(data),
            "sdkfileid": sdkfileid,
            **content,
        }
    if not content:
        raise ControlError(f"a message of kind {kind} needs its object under `{kind}`")
    return content


async def confirm_mass(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member confirms a prepared mass message: `msgid` (the newest), `userid` (everybody asked)."""
    if not world.wecom.mass_sends:
        raise ControlError("no mass message waits; make one with add_msg_template")
    mass = world.wecom.mass_sends.get(str(body.get("msgid") or list(world.wecom.mass_sends)[-1]))
    if mass is None:
        raise ControlError("no such msgid")
    userids = [str(body["userid"])] if body.get("userid") else list(mass.tasks)
    sent = 0
    for userid in userids:
        if userid not in mass.tasks or userid in mass.confirmed:
            continue
        mass.confirmed[userid] = world.clock.unix()
        for external in mass.tasks[userid]:
            related = (userid, external) in world.wecom.relations
            mass.sent[userid, external] = 1 if related else 2
            if related:
                messaging.deliver(world, world.person(external), userid, mass.fields)
                sent += 1
    return {"msgid": mass.msgid, "sent": sent}


async def moment_publish(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member publishes a moment: `userid` and `moment_id` or `jobid`, or freely `text`, `images`, `link`."""
    userid = str(body.get("userid") or world.wecom.members[0].userid)
    wanted = str(body.get("moment_id") or body.get("jobid") or "")
    moments = world.wecom.moments
    if wanted:
        moment = next((m for m in moments.values() if wanted in (m.moment_id, m.jobid)), None)
        if moment is None:
            raise ControlError("no such moment; make one with add_moment_task")
    else:
        fields = {"text": {"content": str(body.get("text", ""))}}
        moment = messaging.new_moment(world, {**body, **fields}, [userid])
    moment.published[userid] = world.clock.unix()
    readers = 0
    for owner, external in world.wecom.relations:
        if owner == userid:
            text = str((moment.fields.get("text") or {}).get("content", ""))
            world.inbox.add(
                world.person(external).key,
                "moments",
                ACCOUNT,
                "post",
                userid=userid,
                moment_id=moment.moment_id,
                text=text,
                attachments=moment.fields.get("attachments") or [],
                images=moment.fields.get("images") or [],
            )
            readers += 1
    return {"moment_id": moment.moment_id, "readers": readers}


async def archive_rotate(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Upload a new archive key: messages from now on use the next `publickey_ver`; older ones keep theirs."""
    world.wecom.publickey_ver += 1
    version = world.wecom.publickey_ver
    return {"publickey_ver": version, "private_key": world.keys.private_pem(archive_key(version))}


ACTIONS: dict[str, Action] = {
    "add_contact": add_contact,
    "delete_contact": delete_contact,
    "consent": consent,
    "wecom_message": wecom_message,
    "confirm_mass": confirm_mass,
    "moment_publish": moment_publish,
    "archive_rotate": archive_rotate,
}
