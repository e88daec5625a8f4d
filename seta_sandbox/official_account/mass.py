"""Broadcasts: to all or a tag, to a list, previews, deletion, state and speed, with MASSSENDJOBFINISH."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import (
    beijing_day,
    caller,
    event,
    mapping,
    ok,
    recipient,
    rows,
    whole,
    words,
)
from seta_sandbox.official_account.materials import has_media
from seta_sandbox.official_account.reading import article_url
from seta_sandbox.official_account.records import MassJob
from seta_sandbox.official_account.state import Account, oa_of

A_MONTH_MAX = 4
CLIENT_ID_MAX = 64
DAY_SECONDS, MINUTE_SECONDS = 86_400, 60
RECIPIENTS_MIN, RECIPIENTS_MAX = 2, 10_000
# Speed level -> messages a minute.
REAL_SPEEDS = {0: 80, 1: 60, 2: 45, 3: 30, 4: 10}
KINDS = ("mpnews", "text", "voice", "music", "image", "images", "video", "mpvideo", "wxcard")


@dataclass(frozen=True)
class Post:
    """What is broadcast: its kind and what followers see."""

    kind: str
    shown: dict[str, Any]


async def send_all(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/sendall {filter}`: once a day to everybody."""
    app, world, account = caller(request)
    body = await json_body(request)
    chosen = mapping(body.get("filter"))
    post = _checked(world, app, account, body)
    _refuse_repeat(account, body, world.clock.now())
    everybody = chosen.get("is_to_all") is True
    if everybody:
        _refuse_second_today(account, world.clock.now())
        openids = list(account.followers)
    else:
        tag_id = whole(chosen.get("tag_id", chosen.get("group_id")), 45159)
        if tag_id not in account.tags:
            raise ApiError(45159, "invalid tag id")
        openids = [openid for openid, one in account.followers.items() if tag_id in one.tagids]
    return _broadcast(world, app, body, post, openids, to_all=everybody)


async def send(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/send {touser}`: 2 to 10,000 followers."""
    app, world, account = caller(request)
    body = await json_body(request)
    openids = rows(body.get("touser"), 40032, least=RECIPIENTS_MIN, most=RECIPIENTS_MAX)
    if not all(isinstance(openid, str) and openid for openid in openids):
        raise ApiError(40031, "invalid openid list")
    if not any(openid in account.followers for openid in openids):
        raise ApiError(40003, "invalid openid")
    post = _checked(world, app, account, body)
    _refuse_repeat(account, body, world.clock.now())
    return _broadcast(world, app, body, post, list(dict.fromkeys(openids)), to_all=False)


async def preview(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/preview {touser | towxname}`: one follower sees it; quotas do not count it."""
    app, world, account = caller(request)
    body = await json_body(request)
    named = world.find_person(str(body.get("towxname") or ""))
    if body.get("towxname") and named is None:
        raise ApiError(40132, "invalid username")
    person = named or recipient(world, app, body.get("touser"))
    post = _checked(world, app, account, body)
    if person.openids[app.appid] not in account.followers:
        raise ApiError(43004, "require subscribe")
    world.inbox.add(person.key, f"{OFFICIAL_ACCOUNT}:{app.appid}", ACCOUNT, post.kind, **post.shown)
    return ok(msg_id=3_147_483_647 + oa_of(world).next_number())


def _checked(world: World, app: App, account: Account, body: dict[str, Any]) -> Post:
    kind = body.get("msgtype")
    if kind not in KINDS:
        raise ApiError(40008, "invalid message type")
    content = mapping(body.get(kind), 44004 if kind == "text" else 40007)
    if kind == "text":
        return Post("text", {"content": words(content.get("content"), 45002, least=1, most=600)})
    if kind == "wxcard":
        return Post("wxcard", {"card_id": words(content.get("card_id"), 40097, least=1)})
    if kind == "mpnews":
        return Post("news", {"articles": _articles(world, account, content.get("media_id"))})
    ids = content.get("media_ids") if kind == "images" else [content.get("media_id")]
    for media_id in rows(ids, 40007, most=20):
        if not has_media(world, app, media_id):
            raise ApiError(40007, "invalid media_id")
    return Post("image" if kind == "images" else kind, {"media_id": rows(ids, 40007)[0]})


def _articles(world: World, account: Account, media_id: object) -> list[dict[str, Any]]:
    draft = account.drafts.get(media_id) if isinstance(media_id, str) else None
    if draft is None:
        raise ApiError(40007, "invalid media_id")
    return [
        {
            "title": article["title"],
            "description": article["digest"],
            "picurl": "",
            "url": article_url(world, draft.media_id, index),
        }
        for index, article in enumerate(draft.articles)
    ]


def _refuse_repeat(account: Account, body: dict[str, Any], now: float) -> None:
    """45067 for a long `clientmsgid`, 45066 within a minute and 45065 within a day of the same one."""
    given = words(body.get("clientmsgid"), 45067, most=CLIENT_ID_MAX)
    for job in account.broadcasts.jobs.values():
        if given and job.clientmsgid == given and now - job.at < DAY_SECONDS:
            if now - job.at < MINUTE_SECONDS:
                raise ApiError(45066, "same clientmsgid retry too fast")
            more = {"msg_id": job.msg_id, "msg_data_id": job.msg_data_id}
            raise ApiError(45065, "clientmsgid exist", **more)


def _refuse_second_today(account: Account, now: float) -> None:
    today = beijing_day(now)
    if any(job.to_all and beijing_day(job.at) == today for job in account.broadcasts.jobs.values()):
        raise ApiError(45028, "has no masssend quota: is_to_all once a day")


def _broadcast(
    world: World, app: App, body: dict[str, Any], post: Post, openids: list[str], *, to_all: bool
) -> Response:
    account, now = oa_of(world).of(app.appid), world.clock.now()
    broadcasts, month = account.broadcasts, beijing_day(now).strftime("%Y-%m")
    number = oa_of(world).next_number()
    job = MassJob(
        msg_id=3_147_483_647 + number,
        msg_data_id=2_547_483_647 + number,
        status="SEND_SUCCESS",
        clientmsgid=str(body.get("clientmsgid") or ""),
        at=now,
        to_all=to_all,
        kind=post.kind,
    )
    broadcasts.jobs[job.msg_id] = job
    allowed = [openid for openid in openids if broadcasts.received.get((openid, month), 0) < A_MONTH_MAX]
    sent = [openid for openid in allowed if openid in account.followers and openid not in account.blacklist]
    for openid in sent:
        broadcasts.received[openid, month] = broadcasts.received.get((openid, month), 0) + 1
        chat = f"{OFFICIAL_ACCOUNT}:{app.appid}"
        world.inbox.add(world.person(openid).key, chat, ACCOUNT, post.kind, **post.shown)
    _report(world, app, job, len(openids), len(allowed), len(sent))
    return ok(msg_id=job.msg_id, msg_data_id=job.msg_data_id)


def _report(world: World, app: App, job: MassJob, total: int, filtered: int, sent: int) -> None:
    fields = event(
        world,
        app,
        app.original_id,
        "MASSSENDJOBFINISH",
        MsgID=job.msg_id,
        Status="send success" if sent or not total else "send fail",
        TotalCount=total,
        FilterCount=filtered,
        SentCount=sent,
        ErrorCount=filtered - sent,
        CopyrightCheckResult={"Count": 0, "ResultList": "", "CheckState": 0},
    )
    push(world, app, "", fields)


def _job(account: Account, body: dict[str, Any]) -> MassJob:
    found = account.broadcasts.jobs.get(whole(body.get("msg_id"), 40059))
    if found is None:
        raise ApiError(40059, "invalid msg_id")
    return found


async def delete(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/delete {msg_id, article_idx?}`."""
    _, _, account = caller(request)
    body = await json_body(request)
    job = _job(account, body)
    whole(body.get("article_idx", 0), 40097, high=8)
    job.status = "DELETE"
    return ok()


async def get(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/get {msg_id}`: its `msg_status`."""
    _, _, account = caller(request)
    job = _job(account, await json_body(request))
    return JSONResponse({"msg_id": job.msg_id, "msg_status": job.status})


async def get_speed(request: Request) -> Response:
    """`GET` or `POST /cgi-bin/message/mass/speed/get`."""
    _, _, account = caller(request)
    return JSONResponse(
        {"speed": account.broadcasts.speed, "realspeed": REAL_SPEEDS[account.broadcasts.speed]}
    )


async def set_speed(request: Request) -> Response:
    """`POST /cgi-bin/message/mass/speed/set {speed}`: 45084 without it, 45083 outside 0 to 4."""
    _, _, account = caller(request)
    speed = (await json_body(request)).get("speed")
    if speed is None:
        raise ApiError(45084, "speed is missing")
    account.broadcasts.speed = whole(speed, 45083, high=4)
    return ok()


ROUTES: list[Route] = [
    Route("/cgi-bin/message/mass/sendall", send_all, methods=["POST"]),
    Route("/cgi-bin/message/mass/send", send, methods=["POST"]),
    Route("/cgi-bin/message/mass/preview", preview, methods=["POST"]),
    Route("/cgi-bin/message/mass/delete", delete, methods=["POST"]),
    Route("/cgi-bin/message/mass/get", get, methods=["POST"]),
    Route("/cgi-bin/message/mass/speed/get", get_speed, methods=["GET", "POST"]),
    Route("/cgi-bin/message/mass/speed/set", set_speed, methods=["POST"]),
]
