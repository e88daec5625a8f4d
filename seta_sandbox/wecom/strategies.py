"""Strategies: groups of rules that say which managers may do what with whose customers, and their own tags."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom import tags
from seta_sandbox.wecom.access import (
    ROOT_DEPARTMENT,
    customer_contact,
    invalid,
    mapping,
    ok,
    page,
    phrase,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import wecom_of

PAGE_MAX = 1000
ADMINS_MAX = 20
NAME_CHARACTERS_MAX = 30
PRIVILEGES = (
    "view_customer_list",
    "view_customer_data",
    "view_room_list",
    "contact_me",
    "join_room",
    "share_customer",
    "oper_resign_customer",
    "oper_resign_group",
    "send_customer_msg",
    "edit_welcome_msg",
    "view_behavior_data",
    "view_room_data",
    "send_group_msg",
    "room_deduplication",
    "rapid_reply",
    "onjob_customer_transfer",
    "edit_anti_spam_rule",
    "export_customer_list",
    "export_customer_data",
    "export_customer_group_list",
)


def _strategy(world: World, body: dict[str, Any]) -> dict[str, Any]:
    strategy_id = body.get("strategy_id")
    found = wecom_of(world).strategies.get(strategy_id) if type(strategy_id) is int else None
    if found is None:
        raise invalid("strategy_id")
    return found


def _range(world: World, body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = body.get(name) or []
    if not isinstance(rows, list):
        raise invalid(name)
    for row in rows:
        kind = row.get("type") if isinstance(row, dict) else None
        if kind == 1:
            staff_member(world, row.get("userid"))
        elif kind != 2 or row.get("partyid") != ROOT_DEPARTMENT:
            raise invalid(name)
    return rows


def _admins(world: World, body: dict[str, Any]) -> list[str]:
    return [staff_member(world, userid, "admin_list") for userid in words(body, "admin_list", ADMINS_MAX)]


def _privilege(body: dict[str, Any]) -> dict[str, bool]:
    given = mapping(body, "privilege")
    if not all(isinstance(value, bool) for value in given.values()):
        raise invalid("privilege")
    return {name: value for name, value in given.items() if name in PRIVILEGES}


async def list_strategies(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/list`: ids, a page of at most 1000."""
    world = customer_contact(request)
    rows, more = page(list(wecom_of(world).strategies), await json_body(request), PAGE_MAX, PAGE_MAX)
    return ok(strategy=[{"strategy_id": strategy_id} for strategy_id in rows], **more)


async def get(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/get`."""
    world = customer_contact(request)
    strategy = _strategy(world, await json_body(request))
    return ok(strategy={name: value for name, value in strategy.items() if name != "range"})


async def get_range(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/get_range`: members (type 1) and departments (type 2)."""
    world = customer_contact(request)
    body = await json_body(request)
    rows, more = page(_strategy(world, body)["range"], body, PAGE_MAX, PAGE_MAX)
    return ok(range=rows, **more)


async def create(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/create`: at least one administrator and one row of `range`."""
    world = customer_contact(request)
    body = await json_body(request)
    name = phrase(body, "strategy_name", NAME_CHARACTERS_MAX)
    admins, rows = _admins(world, body), _range(world, body, "range")
    if not admins or not rows:
        raise ApiError(40063, "some parameters are empty: admin_list, range")
    parent = body.get("parent_id") or 0
    if parent and (type(parent) is not int or parent not in wecom_of(world).strategies):
        raise invalid("parent_id")
    privilege = dict.fromkeys(PRIVILEGES, True) | {"share_customer": False} | _privilege(body)
    strategy_id = max(wecom_of(world).strategies, default=0) + 1
    wecom_of(world).strategies[strategy_id] = {
        "strategy_id": strategy_id,
        "parent_id": parent,
        "strategy_name": name,
        "create_time": world.clock.unix(),
        "admin_list": admins,
        "privilege": privilege,
        "range": rows,
    }
    return ok(strategy_id=strategy_id)


async def edit(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/edit`: given fields, `range_add` and `range_del`."""
    world = customer_contact(request)
    body = await json_body(request)
    strategy = _strategy(world, body)
    name = phrase(body, "strategy_name", NAME_CHARACTERS_MAX, required=False)
    admins, privilege = _admins(world, body), _privilege(body)
    adding, removing = _range(world, body, "range_add"), body.get("range_del") or []
    strategy["strategy_name"] = name or strategy["strategy_name"]
    strategy["admin_list"] = admins or strategy["admin_list"]
    strategy["privilege"] |= privilege
    kept = [row for row in strategy["range"] if row not in removing]
    strategy["range"] = kept + [row for row in adding if row not in kept]
    return ok()


async def delete(request: Request) -> Response:
    """`POST externalcontact/customer_strategy/del`; its tags go with it."""
    world = customer_contact(request)
    strategy_id = _strategy(world, await json_body(request))["strategy_id"]
    groups = wecom_of(world).tag_groups
    own = [key for key, group in groups.items() if group["strategy_id"] == strategy_id]
    if own:
        tags.delete(world, {"group_id": own}, strategy_id=strategy_id)
    del wecom_of(world).strategies[strategy_id]
    return ok()


async def list_tags(request: Request) -> Response:
    """`POST externalcontact/get_strategy_tag_list`."""
    world = customer_contact(request)
    body = await json_body(request)
    return ok(tag_group=tags.listed(world, body, strategy_id=_strategy(world, body)["strategy_id"]))


async def add_tags(request: Request) -> Response:
    """`POST externalcontact/add_strategy_tag`."""
    world = customer_contact(request)
    body = await json_body(request)
    return ok(tag_group=tags.add(world, body, strategy_id=_strategy(world, body)["strategy_id"]))


def _owner(world: World, body: dict[str, Any]) -> int:
    """The strategy that has the tag or group named by `id`, `tag_id` or `group_id`; 40068 when none has."""
    wanted = {str(body.get("id") or ""), *words(body, "tag_id", 1000), *words(body, "group_id", 1000)}
    for group in wecom_of(world).tag_groups.values():
        ids = {group["group_id"], *(tag["id"] for tag in group["tag"])}
        if group["strategy_id"] and ids & wanted:
            return int(group["strategy_id"])
    raise ApiError(40068, "invalid tagid")


async def edit_tag(request: Request) -> Response:
    """`POST externalcontact/edit_strategy_tag`."""
    world = customer_contact(request)
    body = await json_body(request)
    tags.edit(world, body, strategy_id=_owner(world, body))
    return ok()


async def delete_tags(request: Request) -> Response:
    """`POST externalcontact/del_strategy_tag`."""
    world = customer_contact(request)
    body = await json_body(request)
    tags.delete(world, body, strategy_id=_owner(world, body))
    return ok()


ROUTES: list[Route] = [
    Route(f"{PREFIX}/customer_strategy/list", list_strategies, methods=["POST"]),
    Route(f"{PREFIX}/customer_strategy/get", get, methods=["POST"]),
    Route(f"{PREFIX}/customer_strategy/get_range", get_range, methods=["POST"]),
    Route(f"{PREFIX}/customer_strategy/create", create, methods=["POST"]),
    Route(f"{PREFIX}/customer_strategy/edit", edit, methods=["POST"]),
    Route(f"{PREFIX}/customer_strategy/del", delete, methods=["POST"]),
    Route(f"{PREFIX}/get_strategy_tag_list", list_tags, methods=["POST"]),
    Route(f"{PREFIX}/add_strategy_tag", add_tags, methods=["POST"]),
    Route(f"{PREFIX}/edit_strategy_tag", edit_tag, methods=["POST"]),
    Route(f"{PREFIX}/del_strategy_tag", delete_tags, methods=["POST"]),
]
