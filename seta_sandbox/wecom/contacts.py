"""Customers of the members: records, lists and remarks."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import customer_contact, invalid, ok, page, phrase, staff_member, words
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import Relation, wecom_of

BATCH_MAX = 100
FOLLOWERS_PAGE = 500
WECHAT_CONTACT = 1
CORPORATE_TAG, STRATEGY_TAG = 1, 3
# (K) the lengths of the console's fields.
REMARK_CHARACTERS_MAX = {"remark": 20, "description": 150, "remark_company": 20}
MOBILES_MAX = 5


def relation_of(world: World, userid: object, external_userid: object) -> Relation:
    """The relation of both, or ApiError 60111 (no member), 40096 (no customer), 84061 (none between them)."""
    staff_member(world, userid)
    if external_person(world, external_userid) is None:
        raise ApiError(40096, "invalid external userid")
    relation = wecom_of(world).relations.get((str(userid), str(external_userid)))
    if relation is None:
        raise ApiError(84061, "not external contact")
    return relation


def external_person(world: World, external_userid: object) -> Consumer | None:
    """The consumer with exactly this external_userid."""
    person = world.find_person(str(external_userid))
    return person if person is not None and person.external_userid == external_userid else None


async def follow_users(request: Request) -> Response:
    """`GET externalcontact/get_follow_user_list`: members who may have customers."""
    world = customer_contact(request)
    return ok(follow_user=[member.userid for member in wecom_of(world).staff])


async def list_contacts(request: Request) -> Response:
    """`GET externalcontact/list?userid=`: 84061 when the member has no customers."""
    world = customer_contact(request)
    userid = request.query_params.get("userid", "")
    staff_member(world, userid)
    found = [external for owner, external in wecom_of(world).relations if owner == userid]
    if not found:
        raise ApiError(84061, "not external contact")
    return ok(external_userid=found)


async def get_contact(request: Request) -> Response:
    """`GET externalcontact/get?external_userid=`: the customer and every member who follows them."""
    world = customer_contact(request)
    external_userid = request.query_params.get("external_userid", "")
    if not external_userid:
        raise ApiError(41035, "missing external userid")
    person = external_person(world, external_userid)
    if person is None:
        raise ApiError(40096, "invalid external userid")
    followers = [
        relation
        for relation in wecom_of(world).relations.values()
        if relation.external_userid == external_userid
    ]
    if not followers:
        raise ApiError(84061, "not external contact")
    cursor = {"cursor": request.query_params.get("cursor")}
    rows, more = page(followers, cursor, FOLLOWERS_PAGE, FOLLOWERS_PAGE)
    return ok(
        external_contact=_contact(person), follow_user=[_follow(world, relation) for relation in rows], **more
    )


async def batch_get(request: Request) -> Response:
    """`POST externalcontact/batch/get_by_user`: customers of at most 100 members; 84061 when there are none.

    Members outside the visible range are told in `fail_info` while the others are answered.
    """
    world = customer_contact(request)
    body = await json_body(request)
    # The call once took one `userid`; SDKs that were not changed since still send it.
    userids = words(body, "userid_list", BATCH_MAX) or [phrase(body, "userid", 64, required=False)]
    if not all(userids):
        raise invalid("userid_list")
    for userid in userids:
        if not wecom_of(world).is_member(userid):
            raise ApiError(60111, "invalid string value `userid_list`. userid not found")
    hidden = [userid for userid in userids if userid in wecom_of(world).settings.hidden]
    if len(hidden) == len(userids):
        raise ApiError(60011, "no privilege to access/modify contact/party/agent")
    seen = [userid for userid in userids if userid not in hidden]
    relations = [relation for relation in wecom_of(world).relations.values() if relation.userid in seen]
    if not relations:
        raise ApiError(84061, "not external contact")
    rows, more = page(relations, body, 50, BATCH_MAX)
    answers = []
    for relation in rows:
        follow = {**_follow(world, relation), "tag_id": list(relation.tag_ids)}
        follow.pop("tags")
        contact = _contact(world.person(relation.external_userid))
        answers.append({"external_contact": contact, "follow_info": follow})
    failed = {"fail_info": {"unlicensed_userid_list": hidden}} if hidden else {}
    return ok(external_contact_list=answers, next_cursor=more.get("next_cursor", ""), **failed)


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
    """`POST externalcontact/remark`: only the given fields change; an empty mobile clears them all.

    40063 when nothing is given, 40058 when something is too long, 40007 for an unknown picture, 84061 for a stranger.
    """
    world = customer_contact(request)
    body = await json_body(request)
    relation = relation_of(world, body.get("userid"), body.get("external_userid"))
    known = (*REMARK_CHARACTERS_MAX, "remark_mobiles", "remark_pic_mediaid")
    if not any(name in body for name in known):
        raise ApiError(40063, f"some parameters are empty: {', '.join(known)}")
    texts = {
        name: phrase(body, name, characters, required=False)
        for name, characters in REMARK_CHARACTERS_MAX.items()
        if name in body
    }
    mobiles = body.get("remark_mobiles", relation.remark_mobiles)
    if not isinstance(mobiles, list) or len(mobiles) > MOBILES_MAX:
        raise invalid("remark_mobiles")
    picture = phrase(body, "remark_pic_mediaid", 256, required=False)
    if picture and world.media.get(world.app(WECOM).appid, picture) is None:
        raise ApiError(40007, "invalid media_id")
    for name, text in texts.items():
        setattr(relation, name, text)
    relation.remark_mobiles = [str(mobile) for mobile in mobiles if mobile]
    relation.remark_pic_mediaid = picture or relation.remark_pic_mediaid
    return ok()


def find_tag(world: World, tag_id: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A corporate or strategy tag with its group, or None."""
    for group in wecom_of(world).tag_groups.values():
        for tag in group["tag"]:
            if tag["id"] == tag_id:
                return group, tag
    return None


def _tag_row(world: World, tag_id: str) -> dict[str, Any]:
    found = find_tag(world, tag_id)
    assert found is not None, "deleting a tag takes it from every relation"
    group, tag = found
    kind = STRATEGY_TAG if group["strategy_id"] else CORPORATE_TAG
    return {"group_name": group["group_name"], "tag_name": tag["name"], "tag_id": tag_id, "type": kind}


ROUTES: list[Route] = [
    Route(f"{PREFIX}/get_follow_user_list", follow_users, methods=["GET"]),
    Route(f"{PREFIX}/list", list_contacts, methods=["GET"]),
    Route(f"{PREFIX}/get", get_contact, methods=["GET"]),
    Route(f"{PREFIX}/batch/get_by_user", batch_get, methods=["POST"]),
    Route(f"{PREFIX}/remark", remark, methods=["POST"]),
]
