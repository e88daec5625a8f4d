"""Corporate tags: groups of tags that the whole company marks customers with, and those of one strategy."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import customer_contact, invalid, ok, words
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.contacts import find_tag, relation_of
from seta_sandbox.wecom.state import wecom_of

NAME_CHARACTERS_MAX = 30
IDS_MAX = 1000
ORDER_MAX = 2**32 - 1

Group = dict[str, Any]


async def mark_tag(request: Request) -> Response:
    """`POST externalcontact/mark_tag`: 40068 for an unknown tag, 84061 for a stranger; nothing changes then."""
    world = customer_contact(request)
    body = await json_body(request)
    relation = relation_of(world, body.get("userid"), body.get("external_userid"))
    adding, removing = words(body, "add_tag", IDS_MAX), words(body, "remove_tag", IDS_MAX)
    if not adding and not removing:
        raise ApiError(40063, "some parameters are empty: add_tag, remove_tag")
    for tag_id in [*adding, *removing]:
        if find_tag(world, tag_id) is None:
            raise ApiError(40068, "invalid tagid")
    kept = [tag_id for tag_id in relation.tag_ids if tag_id not in removing]
    relation.tag_ids = kept + [tag_id for tag_id in dict.fromkeys(adding) if tag_id not in kept]
    return ok()


async def add_tags(request: Request) -> Response:
    """`POST externalcontact/add_corp_tag`: a tag that the group already has is left out of the answer."""
    world = customer_contact(request)
    return ok(tag_group=add(world, await json_body(request), strategy_id=0))


def add(world: World, body: dict[str, Any], *, strategy_id: int) -> Group:
    """Add tags to a group that is found or made; 40068 group, 40063 empty, 40058 name or order, 40126 too many."""
    wanted = _wanted(body)
    group = _existing_group(world, body, strategy_id)
    known = {tag["name"] for tag in group["tag"]} if group else set()
    fresh = {name: order for name, order in wanted.items() if name not in known}
    count = sum(len(one["tag"]) for one in wecom_of(world).tag_groups.values())
    if count + len(fresh) > wecom_of(world).settings.tags_max:
        raise ApiError(40126, "corp tag count out of limit")
    if group is None:
        group = _new_group(world, body, strategy_id)
    added = [
        {"id": _id(world), "name": name, "create_time": world.clock.unix(), "order": order}
        for name, order in fresh.items()
    ]
    group["tag"] += added
    return described({**group, "tag": added})


def _wanted(body: dict[str, Any]) -> dict[str, int]:
    rows = body.get("tag")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ApiError(40063, "some parameters are empty: tag")
    wanted: dict[str, int] = {}
    for row in rows:
        wanted.setdefault(_name(row, "name"), _order(row))
    return wanted


def _name(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(40063, f"some parameters are empty: {name}")
    if len(value) > NAME_CHARACTERS_MAX:
        raise invalid(name)
    return value


def _order(body: dict[str, Any]) -> int:
    value = body.get("order", 0)
    if type(value) is not int or not 0 <= value <= ORDER_MAX:
        raise invalid("order")
    return value


def _existing_group(world: World, body: dict[str, Any], strategy_id: int) -> Group | None:
    groups = wecom_of(world).tag_groups
    if body.get("group_id"):
        group = groups.get(str(body["group_id"]))
        if group is None or group["strategy_id"] != strategy_id:
            raise ApiError(40068, "invalid tagid")
        return group
    name = _name(body, "group_name")
    _order(body)
    return next(
        (one for one in groups.values() if (one["group_name"], one["strategy_id"]) == (name, strategy_id)),
        None,
    )


def _new_group(world: World, body: dict[str, Any], strategy_id: int) -> Group:
    group_id = _id(world)
    group = {
        "group_id": group_id,
        "group_name": _name(body, "group_name"),
        "create_time": world.clock.unix(),
        "order": _order(body),
        "tag": [],
        "strategy_id": strategy_id,
    }
    wecom_of(world).tag_groups[group_id] = group
    return group


def _id(world: World) -> str:
    return "et" + f"{world.rng.getrandbits(120):030x}"


async def list_tags(request: Request) -> Response:
    """`POST externalcontact/get_corp_tag_list`, all or by `tag_id`s and `group_id`s; only these show deleted ones."""
    world = customer_contact(request)
    return ok(tag_group=listed(world, await json_body(request), strategy_id=0))


def listed(world: World, body: dict[str, Any], *, strategy_id: int) -> list[Group]:
    """The groups of a strategy (0: the company's own), as the platform lists them."""
    groups, tags = words(body, "group_id", IDS_MAX), words(body, "tag_id", IDS_MAX)
    kept = [group for group in wecom_of(world).tag_groups.values() if group["strategy_id"] == strategy_id]
    if not groups and not tags:
        return [described(group) for group in _sorted(kept)]
    rows = []
    # With both lists given, WeCom looks at the tags alone.
    for source, deleted in ((wecom_of(world).tag_groups, False), (wecom_of(world).deleted_tag_groups, True)):
        for group in source.values():
            if group["strategy_id"] != strategy_id:
                continue
            if tags:
                found = [tag for tag in group["tag"] if tag["id"] in tags]
            else:
                found = list(group["tag"]) if group["group_id"] in groups else []
            if found:
                rows.append(described({**group, "tag": found}, deleted=deleted))
    return rows


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: -int(row["order"]))


def described(group: Group, *, deleted: bool = False) -> Group:
    """A group as answers carry it: without strategy when it has none, the highest order first."""
    mark = {"deleted": True} if deleted else {}
    row = {**group, **mark, "tag": [{**tag, **mark} for tag in _sorted(group["tag"])]}
    if not row["strategy_id"]:
        row.pop("strategy_id")
    return row


async def edit_tag(request: Request) -> Response:
    """`POST externalcontact/edit_corp_tag`: name or order of a tag or a group; 40068 unknown, 40071 name taken."""
    world = customer_contact(request)
    edit(world, await json_body(request), strategy_id=0)
    return ok()


def edit(world: World, body: dict[str, Any], *, strategy_id: int) -> None:
    """Change a tag or group of a strategy (0: the company's own)."""
    target = str(body.get("id") or "")
    name = _name(body, "name") if body.get("name") else ""
    order = _order(body) if "order" in body else None
    groups = [group for group in wecom_of(world).tag_groups.values() if group["strategy_id"] == strategy_id]
    for group in groups:
        if group["group_id"] == target:
            _rename(
                group, "group_name", name, [one["group_name"] for one in groups if one is not group], order
            )
            return
        for tag in group["tag"]:
            if tag["id"] == target:
                _rename(tag, "name", name, [one["name"] for one in group["tag"] if one is not tag], order)
                return
    raise ApiError(40068, "invalid tagid")


def _rename(row: dict[str, Any], field: str, name: str, taken: list[str], order: int | None) -> None:
    if name and name in taken:
        raise ApiError(40071, "invalid tag name, exists")
    row[field] = name or row[field]
    row["order"] = row["order"] if order is None else order


async def delete_tags(request: Request) -> Response:
    """`POST externalcontact/del_corp_tag`: customers lose it too, and a group without tags goes."""
    world = customer_contact(request)
    delete(world, await json_body(request), strategy_id=0)
    return ok()


def delete(world: World, body: dict[str, Any], *, strategy_id: int) -> None:
    """Delete tags and groups of a strategy; 40068 when nothing is named or something is unknown."""
    groups, tags = words(body, "group_id", IDS_MAX), words(body, "tag_id", IDS_MAX)
    own = {
        key: group for key, group in wecom_of(world).tag_groups.items() if group["strategy_id"] == strategy_id
    }
    known = {tag["id"] for group in own.values() for tag in group["tag"]}
    if not (groups or tags) or not set(groups) <= set(own) or not set(tags) <= known:
        raise ApiError(40068, "invalid tagid")
    for group_id, group in own.items():
        gone = [tag for tag in group["tag"] if group_id in groups or tag["id"] in tags]
        if not gone:
            continue
        group["tag"] = [tag for tag in group["tag"] if tag not in gone]
        archive = wecom_of(world).deleted_tag_groups.setdefault(group_id, {**group, "tag": []})
        archive["tag"] += gone
        if not group["tag"]:
            del wecom_of(world).tag_groups[group_id]
    left = {tag["id"] for group in wecom_of(world).tag_groups.values() for tag in group["tag"]}
    for relation in wecom_of(world).relations.values():
        relation.tag_ids = [tag_id for tag_id in relation.tag_ids if tag_id in left]


ROUTES: list[Route] = [
    Route(f"{PREFIX}/mark_tag", mark_tag, methods=["POST"]),
    Route(f"{PREFIX}/get_corp_tag_list", list_tags, methods=["POST"]),
    Route(f"{PREFIX}/add_corp_tag", add_tags, methods=["POST"]),
    Route(f"{PREFIX}/edit_corp_tag", edit_tag, methods=["POST"]),
    Route(f"{PREFIX}/del_corp_tag", delete_tags, methods=["POST"]),
]
