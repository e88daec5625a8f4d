"""Tags of followers and the blacklist."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import caller, mapping, ok
from seta_sandbox.official_account.state import Account

TAGS_MAX = 100
TAG_NAME_BYTES_MAX = 30
TAGGED_MAX = 50
BLACKLISTED_MAX = 20
TAGS_A_FOLLOWER_MAX = 20
FOLLOWERS_OF_DELETED_TAG_MAX = 100_000
FIRST_TAG_ID = 100
PAGE_MAX = 10_000


async def create(request: Request) -> Response:
    """`POST /cgi-bin/tags/create`."""
    _, _, account = caller(request)
    name = _name(account, _tag_of(await json_body(request)))
    if len(account.tags) >= TAGS_MAX:
        raise ApiError(45056, "tags number exceeds limit")
    tag_id = max(account.tags, default=FIRST_TAG_ID - 1) + 1
    account.tags[tag_id] = name
    return JSONResponse({"tag": {"id": tag_id, "name": name}})


async def get(request: Request) -> Response:
    """`GET /cgi-bin/tags/get`."""
    _, _, account = caller(request)
    rows = [
        {"id": tag_id, "name": name, "count": len(_tagged(account, tag_id))}
        for tag_id, name in account.tags.items()
    ]
    return JSONResponse({"tags": rows})


async def update(request: Request) -> Response:
    """`POST /cgi-bin/tags/update`: another name."""
    _, _, account = caller(request)
    tag = _tag_of(await json_body(request))
    tag_id = _known(account, tag.get("id"))
    account.tags[tag_id] = _name(account, tag, own=tag_id)
    return ok()


async def delete(request: Request) -> Response:
    """`POST /cgi-bin/tags/delete`: 45057 for a tag with more than 100,000 followers."""
    _, _, account = caller(request)
    tag_id = _known(account, _tag_of(await json_body(request)).get("id"))
    if len(_tagged(account, tag_id)) > FOLLOWERS_OF_DELETED_TAG_MAX:
        raise ApiError(45057, "can't delete the tag that has too many fans")
    del account.tags[tag_id]
    for follower in account.followers.values():
        follower.tagids = [other for other in follower.tagids if other != tag_id]
    return ok()


async def tag_members(request: Request) -> Response:
    """`POST /cgi-bin/tags/members/batchtagging` and `batchuntagging`, by the path's end: all or nobody."""
    app, world, account = caller(request)
    body = await json_body(request)
    tag_id = _known(account, body.get("tagid"))
    members = [account.followers[openid] for openid in _openids(world, app, account, body, TAGGED_MAX)]
    if request.url.path.endswith("/batchtagging"):
        if any(tag_id not in one.tagids and len(one.tagids) >= TAGS_A_FOLLOWER_MAX for one in members):
            raise ApiError(45059, "can't add more than 20 tags to a user")
        for one in members:
            one.tagids = [*(other for other in one.tagids if other != tag_id), tag_id]
    else:
        for one in members:
            one.tagids = [other for other in one.tagids if other != tag_id]
    return ok()


async def members(request: Request) -> Response:
    """`POST /cgi-bin/user/tag/get`: who has the tag, 10,000 a page."""
    _, _, account = caller(request)
    body = await json_body(request)
    tagged = _tagged(account, _known(account, body.get("tagid")))
    page = _page(tagged, body.get("next_openid"))
    if not page:
        return JSONResponse({"count": 0})
    return JSONResponse({"count": len(page), "data": {"openid": page}, "next_openid": page[-1]})


async def tags_of(request: Request) -> Response:
    """`POST /cgi-bin/tags/getidlist`."""
    app, world, account = caller(request)
    openid = (await json_body(request)).get("openid")
    _check(world, app, account, openid)
    return JSONResponse({"tagid_list": account.followers[str(openid)].tagids})


async def blacklist(request: Request) -> Response:
    """`POST /cgi-bin/tags/members/getblacklist`: 10,000 a page after `begin_openid`."""
    _, _, account = caller(request)
    openids = list(account.blacklist)
    page = _page(openids, (await json_body(request)).get("begin_openid"))
    answer: dict[str, Any] = {
        "total": len(openids),
        "count": len(page),
        "next_openid": page[-1] if page else "",
    }
    if page:
        answer["data"] = {"openid": page}
    return JSONResponse(answer)


async def change_blacklist(request: Request) -> Response:
    """`POST /cgi-bin/tags/members/batchblacklist` and `batchunblacklist`, by the path's end: at most 20."""
    app, world, account = caller(request)
    openids = _openids(world, app, account, await json_body(request), BLACKLISTED_MAX)
    for openid in openids:
        if request.url.path.endswith("/batchblacklist"):
            account.blacklist[openid] = None
        else:
            account.blacklist.pop(openid, None)
    return ok()


def _page(openids: list[str], after: object) -> list[str]:
    if not after:
        return openids[:PAGE_MAX]
    if after not in openids:
        raise ApiError(40003, "invalid openid")
    return openids[openids.index(str(after)) + 1 :][:PAGE_MAX]


def _tagged(account: Account, tag_id: int) -> list[str]:
    return [openid for openid, follower in account.followers.items() if tag_id in follower.tagids]


def _openids(world: World, app: App, account: Account, body: dict[str, Any], most: int) -> list[str]:
    openids = body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= most:
        raise ApiError(40032, "invalid openid list size")
    for openid in openids:
        _check(world, app, account, openid)
    return openids


def _check(world: World, app: App, account: Account, openid: object) -> None:
    """49003 for an openid of another app, 40003 for one that follows nobody here."""
    person = world.find_person(openid) if isinstance(openid, str) else None
    if person is not None and openid in person.openids.values() and person.openids[app.appid] != openid:
        raise ApiError(49003, "not match openid with appid")
    if person is None or openid not in account.followers:
        raise ApiError(40003, "invalid openid")


def _tag_of(body: dict[str, Any]) -> dict[str, Any]:
    return mapping(body.get("tag"))


def _name(account: Account, tag: dict[str, Any], own: int = 0) -> str:
    name = tag.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ApiError(45157, "invalid tag name")
    if any(other == name and tag_id != own for tag_id, other in account.tags.items()):
        raise ApiError(45157, "invalid tag name: it exists")
    if len(name.encode()) > TAG_NAME_BYTES_MAX:
        raise ApiError(45158, "tag name out of limit")
    return name


def _known(account: Account, value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, int) and value in (0, 1, 2):
        raise ApiError(45058, "can't modify sys tag")
    if not isinstance(value, int) or value not in account.tags:
        raise ApiError(45159, "invalid tag id")
    return value


ROUTES: list[Route] = [
    Route("/cgi-bin/tags/create", create, methods=["POST"]),
    Route("/cgi-bin/tags/get", get, methods=["GET"]),
    Route("/cgi-bin/tags/update", update, methods=["POST"]),
    Route("/cgi-bin/tags/delete", delete, methods=["POST"]),
    Route("/cgi-bin/user/tag/get", members, methods=["POST"]),
    Route("/cgi-bin/tags/members/batchtagging", tag_members, methods=["POST"]),
    Route("/cgi-bin/tags/members/batchuntagging", tag_members, methods=["POST"]),
    Route("/cgi-bin/tags/getidlist", tags_of, methods=["POST"]),
    Route("/cgi-bin/tags/members/getblacklist", blacklist, methods=["POST"]),
    Route("/cgi-bin/tags/members/batchblacklist", change_blacklist, methods=["POST"]),
    Route("/cgi-bin/tags/members/batchunblacklist", change_blacklist, methods=["POST"]),
]
