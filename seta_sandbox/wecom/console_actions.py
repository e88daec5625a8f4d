"""Control actions of the administrator's console: settings, corporate tags, and what members see on their phones."""

import copy
from dataclasses import asdict, fields
from typing import Any

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom import tags
from seta_sandbox.wecom.pushing import push_event
from seta_sandbox.wecom.state import Settings, wecom_of

CHOICES = {"archive": ("on", "off", "expired"), "mass_rule": ("month", "week", "day")}
TAG_CHANGES = ("create", "update", "delete", "shuffle")


async def wecom_settings(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Change what the console decides, and answer all of it: allowed_ips, hidden, inactive, unverified, unarchived...

    The names and meanings are those of `seta_sandbox.wecom.state.Settings`.
    """
    settings = wecom_of(world).settings
    known = {field.name for field in fields(Settings)}
    if not set(body) <= known:
        raise ControlError(f"settings are {', '.join(sorted(known))}")
    for name, value in body.items():
        if type(value) is not type(getattr(settings, name)):
            raise ControlError(f"{name} is of another type: {getattr(settings, name)!r}")
        if name in CHOICES and value not in CHOICES[name]:
            raise ControlError(f"{name} must be one of {', '.join(CHOICES[name])}")
    for name, value in body.items():
        setattr(settings, name, copy.copy(value))
    return asdict(settings)


async def change_tag(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The console changes corporate tags: `change` (create, update, delete, shuffle) and the body of the API's call.

    Calls of the API itself push nothing; this pushes change_external_tag for the tag or group `id`.
    """
    change = str(body.get("change", ""))
    if change not in TAG_CHANGES:
        raise ControlError(f"change must be one of {', '.join(TAG_CHANGES)}")
    try:
        target, kind = _changed(world, change, body)
    except ApiError as error:
        raise ControlError(f"WeCom refuses: {error.errcode} {error.errmsg}") from None
    pushed = {"ChangeType": change, "Id": target, "TagType": kind}
    return {"id": target, **await outcome(push_event(world, "change_external_tag", pushed), body)}


def _changed(world: World, change: str, body: dict[str, Any]) -> tuple[str, str]:
    if change == "create":
        group = tags.add(world, body, strategy_id=0)
        return str(group["tag"][0]["id"] if group["tag"] else group["group_id"]), "tag"
    target = str(body.get("id", ""))
    kind = "tag_group" if target in wecom_of(world).tag_groups else "tag"
    if change == "update":
        tags.edit(world, body, strategy_id=0)
    elif change == "delete":
        name = "group_id" if kind == "tag_group" else "tag_id"
        tags.delete(world, {name: [target]}, strategy_id=0)
    return target, kind


async def wecom_member(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What a member sees: `userid`; messages of the application, and what waits for their confirmation."""
    userid = str(body.get("userid") or wecom_of(world).staff[0].userid)
    if not wecom_of(world).is_member(userid):
        raise ControlError(f"no member {userid}")
    waiting = [
        one for one in wecom_of(world).mass_sends.values() if userid in one.tasks and not one.cancelled
    ]
    posts = [one for one in wecom_of(world).moments.values() if userid in one.senders and not one.cancelled]
    return {
        "userid": userid,
        "messages": [one for one in wecom_of(world).app_messages if userid in one["touser"]],
        "mass_messages": [one.msgid for one in waiting if userid not in one.confirmed],
        "reminders": sum(len(one.reminded) for one in waiting if userid not in one.confirmed),
        "moments": [one.moment_id for one in posts if userid not in one.published],
    }


ACTIONS: dict[str, Action] = {
    "wecom_settings": wecom_settings,
    "change_tag": change_tag,
    "wecom_member": wecom_member,
}
