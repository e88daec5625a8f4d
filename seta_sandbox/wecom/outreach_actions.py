"""Control actions around mass messages and Moments: members confirm and publish, customers like and comment."""

from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom import mass, moments
from seta_sandbox.wecom.message_actions import pair
from seta_sandbox.wecom.messaging import text_of
from seta_sandbox.wecom.state import Moment, wecom_of


async def confirm_mass(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member confirms a prepared mass message: `msgid` (the newest), `userid` (everybody asked).

    With `allow_select` in the message, `targets` limits whom they send to.
    """
    if not wecom_of(world).mass_sends:
        raise ControlError("no mass message waits; make one with add_msg_template")
    prepared = wecom_of(world).mass_sends.get(str(body.get("msgid") or list(wecom_of(world).mass_sends)[-1]))
    if prepared is None:
        raise ControlError("no such msgid")
    if prepared.cancelled:
        raise ControlError("the mass message was cancelled")
    wanted = body.get("targets")
    if wanted is not None and not prepared.fields.get("allow_select"):
        raise ControlError("the message was prepared without `allow_select`; its customers cannot be chosen")
    userids = [str(body["userid"])] if body.get("userid") else list(prepared.tasks)
    sent = 0
    for userid in userids:
        if userid in prepared.tasks and userid not in prepared.confirmed:
            targets = [one for one in prepared.tasks[userid] if wanted is None or one in wanted]
            sent += mass.confirm(world, prepared, userid, targets)
    return {"msgid": prepared.msgid, "sent": sent}


def _moment(world: World, wanted: str) -> Moment:
    found = next((m for m in wecom_of(world).moments.values() if wanted in (m.moment_id, m.jobid)), None)
    if found is None:
        raise ControlError("no such moment; make one with add_moment_task")
    return found


async def moment_publish(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member publishes a moment: `userid` and `moment_id` or `jobid`, or freely `text`, `images`, `link`."""
    userid = str(body.get("userid") or wecom_of(world).staff[0].userid)
    wanted = str(body.get("moment_id") or body.get("jobid") or "")
    if wanted:
        moment = _moment(world, wanted)
    else:
        fields = {**body, "text": {"content": str(body.get("text", ""))}}
        moment = moments.new_moment(world, fields, [userid], creator=userid)
    if moment.cancelled:
        raise ControlError("the moment was cancelled")
    if userid not in moment.senders:
        raise ControlError(f"only {', '.join(moment.senders)} may publish this moment")
    moment.published[userid] = world.clock.unix()
    readers = moments.readers_of(world, moment, userid)
    for external in readers:
        world.inbox.add(
            world.person(external).key,
            "moments",
            ACCOUNT,
            "post",
            userid=userid,
            moment_id=moment.moment_id,
            text=text_of(moment.fields),
            attachments=moment.fields.get("attachments") or [],
            images=moment.fields.get("images") or [],
        )
    return {"moment_id": moment.moment_id, "readers": len(readers)}


async def moment_react(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A customer likes or comments: `external_userid`, `userid` who posted, `moment_id`, `kind` (`like`)."""
    person, userid = pair(world, body)
    moment = _moment(world, str(body.get("moment_id") or ""))
    kind = str(body.get("kind", "like"))
    if kind not in moments.REACTIONS:
        raise ControlError("kind must be `like` or `comment`")
    external = person.external_userid
    if userid not in moment.published or external not in moments.readers_of(world, moment, userid):
        raise ControlError("this customer does not see that post of this member")
    moment.reactions.append((userid, external, kind, world.clock.unix()))
    return {"moment_id": moment.moment_id, "kind": kind}


ACTIONS: dict[str, Action] = {
    "confirm_mass": confirm_mass,
    "moment_publish": moment_publish,
    "moment_react": moment_react,
}
