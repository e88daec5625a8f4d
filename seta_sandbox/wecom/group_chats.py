"""Group chats with customers: lists, details, statistics, and owners who change."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    DAY_SECONDS,
    customer_contact,
    invalid,
    mapping,
    number,
    ok,
    page,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import GroupChat, wecom_of

CHATS_MAX = 1000
OWNERS_MAX = 100
TRANSFERRED_MAX = 100
STATISTIC_DAYS_MAX = 30
STAFF, CUSTOMER = 1, 2
# (K) following normally, the owner left, being taken over, taken over.
NORMAL, OWNER_LEFT = 0, 1
BEIJING = timezone(timedelta(hours=8))
_CHAT_ID = re.compile(r"wr[0-9A-Za-z_-]{6,62}")


def chat_of(world: World, chat_id: object) -> GroupChat:
    """The group chat with customers of that id; 40058 malformed, 40050 unknown, 90501 an internal one."""
    if not isinstance(chat_id, str) or not _CHAT_ID.fullmatch(chat_id):
        raise invalid("chat_id")
    chat = wecom_of(world).group_chats.get(chat_id)
    if chat is None or chat.dismissed:
        raise ApiError(40050, "chatid not exist")
    if not chat.external:
        raise ApiError(90501, "chat is not external group chat")
    return chat


def _status(world: World, chat: GroupChat) -> int:
    return NORMAL if wecom_of(world).is_member(chat.owner) else OWNER_LEFT


def _owners(world: World, body: dict[str, Any]) -> list[str]:
    return words(mapping(body, "owner_filter"), "userid_list", OWNERS_MAX)


def chats_of(world: World, owners: Sequence[str] = ()) -> list[GroupChat]:
    """The living group chats with customers, of some owners or of all."""
    return [
        chat
        for chat in wecom_of(world).group_chats.values()
        if chat.external and not chat.dismissed and (not owners or chat.owner in owners)
    ]


async def list_chats(request: Request) -> Response:
    """`POST externalcontact/groupchat/list`: `status_filter` 0 all, 1 owner left, 2 being taken over, 3 taken over."""
    world = customer_contact(request)
    body = await json_body(request)
    wanted = body.get("status_filter", 0)
    if type(wanted) is not int or not 0 <= wanted <= 3:
        raise invalid("status_filter")
    if not body.get("limit"):
        raise ApiError(40063, "some parameters are empty: limit")
    chats = [chat for chat in chats_of(world, _owners(world, body)) if wanted in (0, _status(world, chat))]
    rows, more = page(chats, body, CHATS_MAX, CHATS_MAX)
    return ok(
        group_chat_list=[{"chat_id": chat.chat_id, "status": _status(world, chat)} for chat in rows], **more
    )


async def get(request: Request) -> Response:
    """`POST externalcontact/groupchat/get`: names of members only with `need_name` 1."""
    world = customer_contact(request)
    body = await json_body(request)
    chat = chat_of(world, body.get("chat_id"))
    named = body.get("need_name") == 1
    return ok(
        group_chat={
            "chat_id": chat.chat_id,
            "name": chat.name,
            "owner": chat.owner,
            "create_time": chat.created_at,
            "notice": chat.notice,
            "member_list": [_member(world, key, row, named=named) for key, row in chat.members.items()],
            "admin_list": [{"userid": userid} for userid in chat.admins],
            "member_version": f"{chat.version:032x}",
        }
    )


def _member(world: World, key: str, row: dict[str, Any], *, named: bool) -> dict[str, Any]:
    person = world.find_person(key) if row["type"] == CUSTOMER else None
    member = wecom_of(world).member(key)
    name = person.name if person else member.name if member else ""
    unionid = {"unionid": person.unionid} if person else {}
    known = {"name": name} if named else {}
    return {"userid": key, **row, **unionid, "group_nickname": "", **known}


def _days(body: dict[str, Any]) -> tuple[int, int]:
    begin, end = body.get("day_begin_time"), body.get("day_end_time")
    if type(begin) is not int:
        raise invalid("day_begin_time")
    if end is None:
        end = begin
    if type(end) is not int or end < begin or (end - begin) // DAY_SECONDS >= STATISTIC_DAYS_MAX:
        raise invalid("day_end_time")
    return day_start(begin), day_start(end) + DAY_SECONDS


def day_start(unix: int) -> int:
    """The first second of the Beijing day of that instant."""
    try:
        moment = datetime.fromtimestamp(unix, BEIJING)
    except (OverflowError, OSError, ValueError):
        raise invalid("time") from None
    return int(moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _figures(world: World, chats: Sequence[GroupChat], begin: int, end: int) -> dict[str, int]:
    ids = {chat.chat_id for chat in chats}
    said = [
        one
        for one in wecom_of(world).activity
        if one[1] == "room" and one[3] in ids and begin <= one[0] < end
    ]
    joined = [row for chat in chats for row in chat.members.values() if begin <= int(row["join_time"]) < end]
    return {
        "new_chat_cnt": sum(begin <= chat.created_at < end for chat in chats),
        "chat_total": len(chats),
        "chat_has_msg": len({one[3] for one in said}),
        "new_member_cnt": len(joined),
        "member_total": sum(len(chat.members) for chat in chats),
        "member_has_msg": len({(one[2], one[3]) for one in said}),
        "msg_total": len(said),
        "migrate_trainee_chat_cnt": 0,
    }


ORDERS = {1: "new_chat_cnt", 2: "chat_total", 3: "new_member_cnt", 4: "member_total"}


async def statistic(request: Request) -> Response:
    """`POST externalcontact/groupchat/statistic`: one row an owner; `order_by` 1 new chats, 2 chats, 3, 4 members."""
    world = customer_contact(request)
    body = await json_body(request)
    begin, end = _days(body)
    order, offset = number(body, "order_by", 1, 4), body.get("offset") or 0
    limit = number(body, "limit", 500, 1000)
    if type(offset) is not int or offset < 0:
        raise invalid("offset")
    owners = _owners(world, body) or sorted({chat.owner for chat in chats_of(world)})
    figures = [
        (owner, _figures(world, chats, begin, end)) for owner in owners if (chats := chats_of(world, [owner]))
    ]
    figures.sort(key=lambda row: row[1][ORDERS[order]], reverse=not body.get("order_asc"))
    following = min(offset + limit, len(figures))
    rows = [{"owner": owner, "data": data} for owner, data in figures[offset:following]]
    return ok(total=len(figures), next_offset=following, items=rows)


async def statistic_by_day(request: Request) -> Response:
    """`POST externalcontact/groupchat/statistic_group_by_day`: one row a Beijing day."""
    world = customer_contact(request)
    body = await json_body(request)
    begin, end = _days(body)
    chats = chats_of(world, _owners(world, body))
    rows = [
        {
            "stat_time": day,
            "data": _figures(
                world, [chat for chat in chats if chat.created_at < day + DAY_SECONDS], day, day + DAY_SECONDS
            ),
        }
        for day in range(begin, end, DAY_SECONDS)
    ]
    return ok(items=rows)


async def transfer(request: Request) -> Response:
    """`POST externalcontact/groupchat/transfer`: chats of owners who left; 90500 for one whose owner is there."""
    return await _transfer(request, of_resigned=True)


async def onjob_transfer(request: Request) -> Response:
    """`POST externalcontact/groupchat/onjob_transfer`: chats of owners who are still there."""
    return await _transfer(request, of_resigned=False)


async def _transfer(request: Request, *, of_resigned: bool) -> Response:
    world = customer_contact(request)
    body = await json_body(request)
    chat_ids = words(body, "chat_id_list", TRANSFERRED_MAX)
    if not chat_ids:
        raise invalid("chat_id_list")
    new_owner = staff_member(world, body.get("new_owner"), "new_owner")
    failed = []
    for chat_id in chat_ids:
        try:
            _hand_over(world, chat_of(world, chat_id), new_owner, of_resigned=of_resigned)
        except ApiError as error:
            failed.append({"chat_id": chat_id, "errcode": error.errcode, "errmsg": error.errmsg})
    return ok(failed_chat_list=failed)


def _hand_over(world: World, chat: GroupChat, new_owner: str, *, of_resigned: bool) -> None:
    if of_resigned == wecom_of(world).is_member(chat.owner):
        wrong = "not resigned" if of_resigned else "resigned"
        raise ApiError(90500, f"the owner of this chat is {wrong}")
    if chat.owner == new_owner:
        raise ApiError(40130, "the takeover member is the owner")
    if of_resigned:
        chat.members.pop(chat.owner, None)
    if new_owner not in chat.members:
        join(world, chat, new_owner, invitor=chat.owner, scene=1)
    chat.owner = new_owner


def join(world: World, chat: GroupChat, key: str, *, invitor: str, scene: int) -> None:
    """Let a member or customer in; scene 1 invited, 2 by a link, 3 by a QR code."""
    kind = STAFF if wecom_of(world).member(key) else CUSTOMER
    row: dict[str, Any] = {"type": kind, "join_time": world.clock.unix(), "join_scene": scene}
    if invitor:
        row["invitor"] = {"userid": invitor}
    chat.members[key] = row
    chat.version += 1


ROUTES: list[Route] = [
    Route(f"{PREFIX}/groupchat/list", list_chats, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/get", get, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/statistic", statistic, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/statistic_group_by_day", statistic_by_day, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/transfer", transfer, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/onjob_transfer", onjob_transfer, methods=["POST"]),
]
