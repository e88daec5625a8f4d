"""Followers: their records, lists and remarks."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.state import oa_of

PAGE_MAX = 10_000
BATCH_MAX = 100
REMARK_CHARACTERS_MAX = 30
OK = {"errcode": 0, "errmsg": "ok"}


def describe(world: World, app: App, openid: str) -> dict[str, Any]:
    """One record of `user/info`; since 2021 nickname, avatar, sex and city stay empty."""
    person = world.find_person(openid)
    if person is None or person.openids.get(app.appid) != openid:
        raise ApiError(40003, "invalid openid")
    follower = oa_of(world).of(app.appid).followers.get(openid)
    if follower is None:
        return {"subscribe": 0, "openid": openid, "unionid": person.unionid}
    return {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": person.language,
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": follower.subscribed_at,
        "unionid": person.unionid,
        "remark": follower.remark,
        "groupid": follower.tagids[0] if follower.tagids else 0,
        "tagid_list": follower.tagids,
        "subscribe_scene": follower.subscribe_scene,
        "qr_scene": follower.qr_scene,
        "qr_scene_str": follower.qr_scene_str,
    }


async def info(request: Request) -> Response:
    """`GET /cgi-bin/user/info`."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    openid = request.query_params.get("openid")
    if not openid:
        raise ApiError(41009, "missing openid")
    return JSONResponse(describe(world_of(request), app, openid))


async def batchget(request: Request) -> Response:
    """`POST /cgi-bin/user/info/batchget`: at most 100 records."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    users = (await json_body(request)).get("user_list")
    if not isinstance(users, list) or not 1 <= len(users) <= BATCH_MAX:
        raise ApiError(40032, "invalid openid list size")
    world = world_of(request)
    return JSONResponse(
        {"user_info_list": [describe(world, app, str(user.get("openid", ""))) for user in users]}
    )


async def list_followers(request: Request) -> Response:
    """`GET /cgi-bin/user/get`: 10,000 a page after `next_openid`; an empty page has no `data`."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    openids = list(oa_of(world_of(request)).of(app.appid).followers)
    after = request.query_params.get("next_openid", "")
    if after and after not in openids:
        raise ApiError(40003, "invalid openid")
    page = openids[openids.index(after) + 1 if after else 0 :][:PAGE_MAX]
    answer: dict[str, Any] = {
        "total": len(openids),
        "count": len(page),
        "next_openid": page[-1] if page else "",
    }
    if page:
        answer["data"] = {"openid": page}
    return JSONResponse(answer)


async def update_remark(request: Request) -> Response:
    """`POST /cgi-bin/user/info/updateremark`."""
    app = calling_app(request, OFFICIAL_ACCOUNT)
    body = await json_body(request)
    follower = oa_of(world_of(request)).of(app.appid).followers.get(str(body.get("openid", "")))
    if follower is None:
        raise ApiError(40003, "invalid openid")
    remark = str(body.get("remark", ""))
    if len(remark) > REMARK_CHARACTERS_MAX:
        raise ApiError(40097, "invalid args: remark is longer than 30 characters")
    follower.remark = remark
    return JSONResponse(OK)


ROUTES: list[Route] = [
    Route("/cgi-bin/user/info", info, methods=["GET"]),
    Route("/cgi-bin/user/info/batchget", batchget, methods=["POST"]),
    Route("/cgi-bin/user/get", list_followers, methods=["GET"]),
    Route("/cgi-bin/user/info/updateremark", update_remark, methods=["POST"]),
]
