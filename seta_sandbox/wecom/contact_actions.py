"""Control actions of customers and members: they add, edit and delete each other, consent, leave and hand over."""

from typing import Any

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import CONSUMER
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom import archive, contact_ways, transfers
from seta_sandbox.wecom.message_actions import MEMBER_WORDS, archive_message, pair
from seta_sandbox.wecom.pushing import push_event
from seta_sandbox.wecom.state import (
    AGREE,
    DISAGREE,
    REFUSED,
    TAKEN_OVER,
    WAITING,
    WELCOME_SECONDS,
    Agreement,
    ContactWay,
    Relation,
    WelcomeCode,
    wecom_of,
)


def _welcome_code(world: World, userid: str, external_userid: str) -> str:
    """A new code, or an empty text when the console greets by itself."""
    if wecom_of(world).settings.own_welcome:
        return ""
    code = "".join(world.rng.choices(ALPHANUMERIC + "_-", k=43))
    expires_at = world.clock.now() + WELCOME_SECONDS
    wecom_of(world).welcome_codes[code] = WelcomeCode(userid, external_userid, expires_at)
    return code


def _told(code: str) -> dict[str, str]:
    return {"WelcomeCode": code} if code else {}


def _of_way(world: World, way: ContactWay) -> str:
    """One of the way's members who have not left."""
    there = [userid for userid in way.users if wecom_of(world).is_member(userid)]
    if not there:
        raise ControlError("every member of this contact way has left")
    return world.rng.choice(there)


async def add_contact(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A consumer (`external_userid` or `openid`) adds a member: `config_id` of a contact way, or `userid`, `state`.

    `half` true: the member has not added the consumer back yet.
    """
    state, config_id = str(body.get("state", "")), str(body.get("config_id", ""))
    if config_id:
        way = wecom_of(world).contact_ways.get(config_id)
        if way is None or contact_ways.expired(world, way):
            raise ControlError("no such contact way; make one with add_contact_way")
        state = str(way.fields.get("state", ""))
        body = {**body, "userid": body.get("userid") or _of_way(world, way)}
    person, userid = pair(world, body)
    external = person.external_userid
    answer = {"userid": userid, "external_userid": external, "state": state}
    if (userid, external) in wecom_of(world).relations:
        return {**answer, "already": True, "push": None}
    now = world.clock.now()
    wecom_of(world).relations[userid, external] = Relation(userid, external, int(now), state, talked_at=now)
    wecom_of(world).activity.append((now, "added", userid, external))
    code = _welcome_code(world, userid, external)
    world.inbox.add(person.key, f"wecom:{userid}", CONSUMER, "event", event="add_contact", state=state)
    change = "add_half_external_contact" if body.get("half") else "add_external_contact"
    fields = {"ChangeType": change, "UserID": userid, "ExternalUserID": external}
    if state:
        fields["State"] = state
    delivery = push_event(world, "change_external_contact", {**fields, **_told(code)})
    return {**answer, "welcome_code": code, **await outcome(delivery, body)}


async def edit_contact(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member edits a customer in the app: `remark`, `description`, `remark_mobiles`; the event follows."""
    person, userid = pair(world, body)
    relation = wecom_of(world).relations.get((userid, person.external_userid))
    if relation is None:
        raise ControlError("they are not contacts; use add_contact first")
    relation.remark = str(body.get("remark", relation.remark))
    relation.description = str(body.get("description", relation.description))
    mobiles = body.get("remark_mobiles", relation.remark_mobiles)
    relation.remark_mobiles = [str(mobile) for mobile in mobiles]
    fields = {"ChangeType": "edit_external_contact", "UserID": userid}
    fields["ExternalUserID"] = person.external_userid
    return await outcome(push_event(world, "change_external_contact", fields), body)


async def delete_contact(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A consumer removes a member (`by: member` the other way round)."""
    person, userid = pair(world, body)
    by_member = body.get("by") in MEMBER_WORDS
    change = "del_external_contact" if by_member else "del_follow_user"
    # A customer who deletes still counts as related for the member; only the member's own deletion ends it.
    if by_member:
        wecom_of(world).relations.pop((userid, person.external_userid), None)
    else:
        wecom_of(world).activity.append((world.clock.now(), "deleted", userid, person.external_userid))
    fields = {"ChangeType": change, "UserID": userid, "ExternalUserID": person.external_userid}
    return {"change": change, **await outcome(push_event(world, "change_external_contact", fields), body)}


async def consent(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer answers the archive notice: `userid`, `external_userid`, `agree` (true)."""
    person, userid = pair(world, body)
    agree = bool(body.get("agree", True))
    external = person.external_userid
    wecom_of(world).agreements[userid, external] = Agreement(AGREE if agree else DISAGREE, world.clock.unix())
    kind = "agree" if agree else "disagree"
    milliseconds = int(world.clock.now() * 1000)
    content = {"userid": external, f"{kind}_time": milliseconds}
    record = archive.keep(
        world, archive_message(userid, external, kind, content, milliseconds, from_client=True)
    )
    world.inbox.add(person.key, f"wecom:{userid}", CONSUMER, "event", event=kind)
    answer = {"userid": userid, "external_userid": external, "agree": agree, "seq": record.seq}
    archive.notify(world)
    if not agree:
        return {**answer, "push": None}
    code = _welcome_code(world, userid, external)
    fields = {"ChangeType": "msg_audit_approved", "UserID": userid, "ExternalUserID": external}
    delivery = push_event(world, "change_external_contact", {**fields, **_told(code)})
    return {**answer, "welcome_code": code, **await outcome(delivery, body)}


async def resign(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member leaves the company: `userid`. Their customers wait in get_unassigned_list."""
    member = wecom_of(world).member(str(body.get("userid", "")))
    if member is None or member.resigned_at is not None:
        raise ControlError("name a `userid` of a member who is there")
    if len(wecom_of(world).staff) == 1:
        raise ControlError("the last member cannot leave")
    member.resigned_at = world.clock.unix()
    waiting = [external for owner, external in wecom_of(world).relations if owner == member.userid]
    return {"userid": member.userid, "customers": len(waiting)}


async def answer_transfer(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A customer answers a hand-over before its 24 hours are over: `external_userid`, `accept` (true)."""
    person = world.person(str(body.get("external_userid") or body.get("openid") or ""))
    found = [
        one
        for one in wecom_of(world).transfers
        if one.external_userid == person.external_userid and one.status == WAITING
    ]
    if not found:
        raise ControlError("no hand-over of this customer waits; ask for one with transfer_customer")
    accept = bool(body.get("accept", True))
    found[0].due_at = world.clock.now() if accept else found[0].due_at
    transfers.finish(world, found[0], TAKEN_OVER if accept else REFUSED)
    if body.get("wait", True):
        await world.pusher.settled()
    return {"status": found[0].status, "takeover_userid": found[0].takeover}


ACTIONS: dict[str, Action] = {
    "add_contact": add_contact,
    "edit_contact": edit_contact,
    "delete_contact": delete_contact,
    "consent": consent,
    "resign": resign,
    "answer_transfer": answer_transfer,
}
