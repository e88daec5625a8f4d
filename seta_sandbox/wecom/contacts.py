"""Customers of the members: records, lists, remarks and corporate tags."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import calling, number, ok
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import Relation

BATCH_MAX = 100
WECHAT_CONTACT = 1


def relation_of(world: World, userid: object, external_userid: object) -> Relation:
    """The relation of both, or ApiError 60111 (no member), 40096 (no customer), 84061 (none between them)."""
    if not world.wecom.is_member(str(userid)):
        raise ApiError(60111, "invalid string value `userid`. userid not found")
    if external_person(world, external_userid) is None:
        raise ApiError(40096, "invalid external userid")
    relation = world.wecom.relations.get((str(userid), str(external_userid)))
    if relation is None:
        raise ApiError(84061, "not external contact")
    return relation


def external_person(world: World, external_userid: object) -> Consumer | None:
    """The consumer with exactly this external_userid."""
    person = world.find_person(str(external_userid))
    return person if person is not None and person.external_userid == external_userid else None


async def follow_users(request: Request) -> Response:
    """`GET externalcontact/get_follow_user_list`: members who may have customers."""
    world = calling(request, "agent", "contact")
    return ok(follow_user=[member.userid for member in world.wecom.members])


async def list_contacts(request: Request) -> Response:
    """`GET externalcontact/list?userid=`: 84061 when the member has no customers."""
    world = calling(request, "agent", "contact")
    userid = request.query_params.get("userid", "")
    if not world.wecom.is_member(userid):
        raise ApiError(60111, "invalid string value `userid`. userid not found")
    found = [external for owner, external in world.wecom.relations if owner == userid]
    if not found:
        raise ApiError(84061, "not external contact")
    return ok(external_userid=found)


async def get_contact(request: Request) -> Response:
    """`GET externalcontact/get?external_userid=`: the customer and every member who follows them."""
    world = calling(request, "agent", "contact")
    external_userid = request.query_params.get("external_userid", "")
    if not external_userid:
        raise ApiError(41035, "missing external userid")
    person = external_person(world, external_userid)
    if person is None:
        raise ApiError(40096, "invalid external userid")
    followers = [
        relation for relation in world.wecom.relations.values() if relation.external_userid == external_userid
    ]
    if not followers:
        raise ApiError(84061, "not external contact")
    return ok(
        external_contact=_contact(person), follow_user=[_follow(world, relation) for relation in followers]
    )


async def batch_get(request: Request) -> Response:
    """`POST externalcontact/batch/get_by_user`."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    userids = body.get("userid_list")
    if not isinstance(userids, list) or not 1 <= len(userids) <= BATCH_MAX:
        raise ApiError(40058, "invalid Request Parameter: userid_list")
    limit, at = number(body, "limit", 50, BATCH_MAX), int(body.get("cursor") or 0)
    relations = [relation for relation in world.wecom.relations.values() if relation.userid in userids]
    rows = []
    for relation in relations[at : at + limit]:
        follow = {**_follow(world, relation), "tag_id": relation.tag_ids}
        follow.pop("tags")
        rows.append(
            {"external_contact": _contact(world.person(relation.external_userid)), "follow_info": follow}
        )
    return ok(external_contact_list=rows, next_cursor=str(at + limit) if at + limit < len(relations) else "")


def _contact(person: Consumer) -> dict[str, Any]:
    return {
        "external_userid": person.external_userid,
        "name": person.name,
        "avatar": "",
        "type": WECHAT_CONTACT,
        "gender": person.gender,
        "unionid": person.unionid,
    }


def _follow(world: World, relation: Relation) -> dict[str, Any]:
    state = {"state": relation.state} if relation.state else {}
    return {
        "userid": relation.userid,
        "remark": relation.remark,
        "description": relation.description,
        "createtime": relation.created_at,
        "tags": [_tag_row(world, tag_id) for tag_id in relation.tag_ids],
        "remark_corp_name": relation.remark_company,
        "remark_mobiles": relation.remark_mobiles,
        "oper_userid": relation.external_userid,
        "add_way": relation.add_way,
        **state,
    }


async def remark(request: Request) -> Response:
    """`POST externalcontact/remark`: only the given fields change."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    relation = relation_of(world, body.get("userid"), body.get("external_userid"))
    for name in ("remark", "description", "remark_company"):
        if name in body:
            setattr(relation, name, str(body[name]))
    if "remark_mobiles" in body:
        relation.remark_mobiles = [str(mobile) for mobile in body["remark_mobiles"]]
    return ok()


def _find_tag(world: World, tag_id: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    for group in world.wecom.tag_groups.values():
        for tag in group["tag"]:
            if tag["id"] == tag_id:
                return group, tag
    return None


def _tag_row(world: World, tag_id: str) -> dict[str, Any]:
    found = _find_tag(world, tag_id)
    group_name, tag_name = (found[0]["group_name"], found[1]["name"]) if found else ("", "")
    return {"group_name": group_name, "tag_name": tag_name, "tag_id": tag_id, "type": 1}


async def mark_tag(request: Request) -> Response:
    """`POST externalcontact/mark_tag`."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    relation = relation_of(world, body.get("userid"), body.get("external_userid"))
    adding, removing = body.get("add_tag") or [], body.get("remove_tag") or []
    if not adding and not removing:
        raise ApiError(40063, "some parameters are empty: add_tag, remove_tag")
    for tag_id in [*adding, *removing]:
        if _find_tag(world, tag_id) is None:
            raise ApiError(40068, "invalid tagid")
    kept = [tag_id for tag_id in relation.tag_ids if tag_id not in removing]
    relation.tag_ids = kept + [tag_id for tag_id in adding if tag_id not in kept]
    return ok()


async def add_tags(request: Request) -> Response:
    """`POST externalcontact/add_corp_tag`: a tag that the group already has is left out of the answer."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    names = [str(tag.get("name", "")) for tag in body.get("tag") or []]
    if not names or not all(names):
        raise ApiError(40063, "some parameters are empty: tag")
    group = _group(world, body)
    added = []
    for name in dict.fromkeys(names):
        if all(tag["name"] != name for tag in group["tag"]):
            tag = {"id": _id(world), "name": name, "create_time": world.clock.unix(), "order": 0}
            group["tag"].append(tag)
            added.append(tag)
    return ok(tag_group={**group, "tag": added})


def _group(world: World, body: dict[str, Any]) -> dict[str, Any]:
    groups = world.wecom.tag_groups
    if body.get("group_id"):
        if body["group_id"] not in groups:
            raise ApiError(40068, "invalid tagid")
        return groups[body["group_id"]]
    name = str(body.get("group_name", ""))
    if not name:
        raise ApiError(40063, "some parameters are empty: group_name")
    for group in groups.values():
        if group["group_name"] == name:
            return group
    group_id = _id(world)
    groups[group_id] = {
        "group_id": group_id,
        "group_name": name,
        "create_time": world.clock.unix(),
        "order": int(body.get("order", 0)),
        "tag": [],
    }
    return groups[group_id]


def _id(world: World) -> str:
    return "et" + f"{world.rng.getrandbits(120):030x}"


async def list_tags(request: Request) -> Response:
    """`POST externalcontact/get_corp_tag_list`, optionally of some `group_id`s or `tag_id`s."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    groups, tags = body.get("group_id") or [], body.get("tag_id") or []
    rows = [
        {**group, "tag": [tag for tag in group["tag"] if not tags or tag["id"] in tags]}
        for group in world.wecom.tag_groups.values()
        if not groups or group["group_id"] in groups
    ]
    return ok(tag_group=[row for row in rows if row["tag"] or not tags])


async def delete_tags(request: Request) -> Response:
    """`POST externalcontact/del_corp_tag`: a group without tags goes too."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    groups, tags = body.get("group_id") or [], body.get("tag_id") or []
    for group_id, group in list(world.wecom.tag_groups.items()):
        group["tag"] = [tag for tag in group["tag"] if tag["id"] not in tags and group_id not in groups]
        if not group["tag"]:
            del world.wecom.tag_groups[group_id]
    return ok()


ROUTES: list[Route] = [
    Route(f"{PREFIX}/get_follow_user_list", follow_users, methods=["GET"]),
    Route(f"{PREFIX}/list", list_contacts, methods=["GET"]),
    Route(f"{PREFIX}/get", get_contact, methods=["GET"]),
    Route(f"{PREFIX}/batch/get_by_user", batch_get, methods=["POST"]),
    Route(f"{PREFIX}/remark", remark, methods=["POST"]),
    Route(f"{PREFIX}/mark_tag", mark_tag, methods=["POST"]),
    Route(f"{PREFIX}/add_corp_tag", add_tags, methods=["POST"]),
    Route(f"{PREFIX}/get_corp_tag_list", list_tags, methods=["POST"]),
    Route(f"{PREFIX}/del_corp_tag", delete_tags, methods=["POST"]),
]
