"""Control actions of group chats: somebody opens one, people come and go, its name changes, it is dissolved."""

from typing import Any

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wecom.group_chats import join
from seta_sandbox.wecom.pushing import push_event
from seta_sandbox.wecom.state import GroupChat, wecom_of


class RepeatedName(str):
    """A name of XML that may stand in one mapping several times: equal to nothing but itself."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


JOIN_SCENES, QUIT_SCENES = (1, 2, 3), (0, 1)
CHANGES = ("add_member", "del_member", "change_owner", "change_name", "change_notice")


def _push(world: World, chat: GroupChat, change: str, fields: dict[str, Any]) -> Delivery | None:
    # Internal groups are no business of customer contact.
    if not chat.external:
        return None
    return push_event(world, "change_external_chat", {"ChangeType": change, "ChatId": chat.chat_id, **fields})


def _key(world: World, name: object) -> str:
    """A userid, or the external_userid of the consumer whom `name` names."""
    if wecom_of(world).is_member(str(name)):
        return str(name)
    return world.person(str(name or "?")).external_userid


async def create_group_chat(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A member opens a chat: `owner`, `name`, `members` (userids and any identifiers of consumers).

    Without a consumer it is an internal chat, which the archive alone knows.
    """
    owner = str(body.get("owner") or wecom_of(world).staff[0].userid)
    if not wecom_of(world).is_member(owner):
        raise ControlError("the owner must be a member")
    keys = [_key(world, name) for name in body.get("members") or []]
    chat_id = "wr" + "".join(world.rng.choices(ALPHANUMERIC, k=30))
    external = any(world.find_person(key) is not None for key in keys)
    chat = GroupChat(chat_id, str(body.get("name", "")), owner, world.clock.unix(), external)
    join(world, chat, owner, invitor="", scene=1)
    for key in dict.fromkeys(keys):
        if key != owner:
            join(world, chat, key, invitor=owner, scene=1)
    chat.version = 1
    wecom_of(world).group_chats[chat_id] = chat
    answer = {"chat_id": chat_id, "external": external, "members": list(chat.members)}
    return {**answer, **await outcome(_push(world, chat, "create", {}), body)}


def _chat(world: World, body: dict[str, Any]) -> GroupChat:
    chat = wecom_of(world).group_chats.get(str(body.get("chat_id") or body.get("roomid") or ""))
    if chat is None or chat.dismissed:
        raise ControlError("no such chat; make one with create_group_chat")
    return chat


def _scene(body: dict[str, Any], default: int, known: tuple[int, ...]) -> int:
    scene = int(body.get("scene", default))
    if scene not in known:
        raise ControlError(f"scene must be one of {', '.join(map(str, known))}")
    return scene


async def change_group_chat(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A chat changes: `chat_id`, `change` (add_member, del_member, change_owner, change_name, change_notice).

    add_member and del_member take `members` and `scene` (joined by 1 invitation, 2 link, 3 code; left 0 alone,
    1 removed); change_owner `owner`, change_name `name`, change_notice `notice`.
    """
    chat, change = _chat(world, body), str(body.get("change", ""))
    if change not in CHANGES:
        raise ControlError(f"change must be one of {', '.join(CHANGES)}")
    before = chat.version
    fields: dict[str, Any] = {"UpdateDetail": change}
    if change in ("add_member", "del_member"):
        fields |= _come_or_go(world, chat, body, coming=change == "add_member")
        fields |= {"LastMemVer": f"{before:032x}", "CurMemVer": f"{chat.version:032x}"}
    elif change == "change_owner":
        owner = str(body.get("owner", ""))
        if owner not in chat.members or not wecom_of(world).is_member(owner):
            raise ControlError("the new owner must be a member who is in the chat")
        chat.owner = owner
    else:
        name = change.removeprefix("change_")
        setattr(chat, name, str(body.get(name, "")))
    return {"chat_id": chat.chat_id, **await outcome(_push(world, chat, "update", fields), body)}


def _come_or_go(world: World, chat: GroupChat, body: dict[str, Any], *, coming: bool) -> dict[str, Any]:
    keys = [_key(world, name) for name in body.get("members") or []]
    changed = [key for key in dict.fromkeys(keys) if (key in chat.members) != coming and key != chat.owner]
    if not changed:
        raise ControlError("`members` names nobody who could " + ("come" if coming else "go"))
    scene = _scene(body, 1, JOIN_SCENES) if coming else _scene(body, 0, QUIT_SCENES)
    for key in changed:
        if coming:
            join(world, chat, key, invitor=chat.owner, scene=scene)
        else:
            del chat.members[key]
            chat.version += 1
    return {
        "JoinScene" if coming else "QuitScene": scene,
        "MemChangeCnt": len(changed),
        "MemChangeList": {RepeatedName("Item"): key for key in changed},
    }


async def dismiss_group_chat(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The owner dissolves a chat: `chat_id`."""
    chat = _chat(world, body)
    chat.dismissed = True
    return {"chat_id": chat.chat_id, **await outcome(_push(world, chat, "dismiss", {}), body)}


ACTIONS: dict[str, Action] = {
    "create_group_chat": create_group_chat,
    "change_group_chat": change_group_chat,
    "dismiss_group_chat": dismiss_group_chat,
}
