"""The archive's HTTP calls: whose conversations are kept, who agreed, which rooms and robots take part."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import invalid, ok
from seta_sandbox.wecom.archive import archive_caller
from seta_sandbox.wecom.state import GroupChat, wecom_of

AGREE_BATCH_MAX = 100
EDITIONS = (1, 2, 3)
ENTERPRISE = 3
ROBOTS = {"wbSericaGuide0001": "Serica 导购助手"}


async def permit_users(request: Request) -> Response:
    """`POST msgaudit/get_permit_user_list`: members who are archived; `type` 1 office 2 service 3 enterprise."""
    world = archive_caller(request)
    edition = (await json_body(request)).get("type")
    if edition is not None and (type(edition) is not int or edition not in EDITIONS):
        raise invalid("type")
    editions = wecom_of(world).settings.editions
    return ok(
        ids=[
            userid
            for userid in _archived(world)
            if edition is None or editions.get(userid, ENTERPRISE) == edition
        ]
    )


def _archived(world: World) -> list[str]:
    unarchived = wecom_of(world).settings.unarchived
    return [member.userid for member in wecom_of(world).staff if member.userid not in unarchived]


async def check_single_agree(request: Request) -> Response:
    """`POST msgaudit/check_single_agree`: at most 100 pairs; the field is spelt `exteranalopenid` on the wire."""
    world = archive_caller(request)
    pairs = (await json_body(request)).get("info")
    if not isinstance(pairs, list) or not 1 <= len(pairs) <= AGREE_BATCH_MAX:
        raise ApiError(301060, "invalid size of info")
    if not all(isinstance(pair, dict) for pair in pairs):
        raise invalid("info")
    rows = []
    for pair in pairs:
        userid, external = str(pair.get("userid", "")), str(pair.get("exteranalopenid", ""))
        if userid not in _archived(world):
            raise ApiError(301061, "userid is not in the archive's range")
        rows.append({"userid": userid, **_agreement(world, userid, external)})
    return ok(agreeinfo=rows)


def _agreement(world: World, userid: str, external: str) -> dict[str, Any]:
    agreement = wecom_of(world).agreement(userid, external)
    return {
        "status_change_time": agreement.changed_at,
        "exteranalopenid": external,
        "agree_status": agreement.status,
    }


def _room(world: World, body: dict[str, Any]) -> GroupChat:
    room = wecom_of(world).group_chats.get(str(body.get("roomid") or ""))
    if room is None or room.dismissed or not set(room.members) & set(_archived(world)):
        # (K) the code of a room that no archived member is in.
        raise ApiError(301059, "invalid roomid")
    return room


async def check_room_agree(request: Request) -> Response:
    """`POST msgaudit/check_room_agree`: the customers of a group chat and what they answered its owner."""
    world = archive_caller(request)
    room = _room(world, await json_body(request))
    customers = [key for key in room.members if world.find_person(key) is not None]
    return ok(agreeinfo=[_agreement(world, room.owner, key) for key in customers])


async def room_details(request: Request) -> Response:
    """`POST msgaudit/groupchat/get`: internal groups only; 301059 for one with customers."""
    world = archive_caller(request)
    room = _room(world, await json_body(request))
    if room.external:
        raise ApiError(301059, "the room is not an internal one")
    return ok(
        roomname=room.name,
        creator=room.owner,
        room_create_time=room.created_at,
        notice=room.notice,
        members=[{"memberid": key, "jointime": row["join_time"]} for key, row in room.members.items()],
    )


async def robot(request: Request) -> Response:
    """`GET msgaudit/get_robot_info?robot_id=`: the name of a robot that speaks in archived chats."""
    world = archive_caller(request)
    robot_id = request.query_params.get("robot_id", "")
    if robot_id not in ROBOTS:
        raise invalid("robot_id")
    creator = wecom_of(world).members[0].userid
    return ok(data={"robot_id": robot_id, "name": ROBOTS[robot_id], "creator_userid": creator})


PREFIX = "/cgi-bin/msgaudit"
ROUTES: list[Route] = [
    Route(f"{PREFIX}/get_permit_user_list", permit_users, methods=["POST"]),
    Route(f"{PREFIX}/check_single_agree", check_single_agree, methods=["POST"]),
    Route(f"{PREFIX}/check_room_agree", check_room_agree, methods=["POST"]),
    Route(f"{PREFIX}/groupchat/get", room_details, methods=["POST"]),
    Route(f"{PREFIX}/get_robot_info", robot, methods=["GET"]),
]
