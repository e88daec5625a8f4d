"""Customer service by people: workers, sessions and the chat record, with the session events."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.acting import account_of
from seta_sandbox.official_account.common import caller, event, ok, recipient, whole, words
from seta_sandbox.official_account.handover import KF_CREATE, begin, write_record
from seta_sandbox.official_account.media import read_file
from seta_sandbox.official_account.records import KfAccount
from seta_sandbox.official_account.state import Account, oa_of

WORKERS_MAX = 100
NICK_CHARACTERS_MAX = 16
INVITE_SECONDS = 7 * 86_400
RECORDS_MAX = 10_000
DAY_SECONDS = 86_400
WAITING_SHOWN_MAX = 100
KF_CLOSE, KF_SAYS = 1004, 2002


def _fields(body: dict[str, Any]) -> tuple[str, str]:
    account, nick = body.get("kf_account"), body.get("nickname", "")
    name = words(account, 65404, least=1, most=30)
    prefix, _, suffix = name.partition("@")
    if not prefix.replace("_", "").isalnum() or not prefix.isascii() or len(prefix) > 10 or not suffix:
        raise ApiError(65404, "invalid kf account: prefix@account, the prefix at most 10 letters and digits")
    return name, words(nick, 65403, most=NICK_CHARACTERS_MAX)


def _worker(account: Account, name: object) -> KfAccount:
    found = account.service.workers.get(name) if isinstance(name, str) else None
    if found is None:
        raise ApiError(65401, "invalid kf account")
    return found


async def add(request: Request) -> Response:
    """`POST /customservice/kfaccount/add {kf_account, nickname}`: 65406 when it exists, 65405 beyond 100."""
    _, _, account = caller(request)
    name, nick = _fields(await json_body(request))
    if not nick:
        raise ApiError(65403, "invalid kf nickname")
    if name in account.service.workers:
        raise ApiError(65406, "kf account exist")
    if len(account.service.workers) >= WORKERS_MAX:
        raise ApiError(65405, "kf account count limit")
    account.service.workers[name] = KfAccount(name, nick, 1001 + len(account.service.workers))
    return ok()


async def update(request: Request) -> Response:
    """`POST /customservice/kfaccount/update`: another nickname."""
    _, _, account = caller(request)
    name, nick = _fields(await json_body(request))
    worker = _worker(account, name)
    if not nick:
        raise ApiError(65403, "invalid kf nickname")
    worker.nick = nick
    return ok()


async def delete(request: Request) -> Response:
    """`GET` or `POST /customservice/kfaccount/del?kf_account=`: also ends the worker's sessions."""
    _, _, account = caller(request)
    name: object = request.query_params.get("kf_account")
    if name is None and request.method == "POST":
        name = (await json_body(request)).get("kf_account")
    worker = _worker(account, name)
    del account.service.workers[worker.account]
    for openid in [openid for openid, (kf, _) in account.service.sessions.items() if kf == worker.account]:
        del account.service.sessions[openid]
    return ok()


async def invite(request: Request) -> Response:
    """`POST /customservice/kfaccount/inviteworker {kf_account, invite_wx}`: waits for the worker's yes."""
    _, world, account = caller(request)
    body = await json_body(request)
    worker, wx = (
        _worker(account, body.get("kf_account")),
        words(body.get("invite_wx"), 65409, least=1, most=64),
    )
    now = world.clock.unix()
    if worker.wx:
        raise ApiError(65412, "kf account has been bound to a wechat id")
    if any(one.wx == wx for one in account.service.workers.values()):
        raise ApiError(65407, "the invited is a worker already")
    if worker.invite_expire > now:
        raise ApiError(65408 if worker.invite_wx == wx else 65411, "an invitation is waiting already")
    worker.invite_wx, worker.invite_expire = wx, now + INVITE_SECONDS
    return ok()


async def upload_head(request: Request) -> Response:
    """`POST /customservice/kfaccount/uploadheadimg?kf_account=`: multipart `media`, a JPEG or PNG."""
    app, world, account = caller(request)
    worker = _worker(account, request.query_params.get("kf_account"))
    file, body = await read_file(request)
    if not body.startswith((b"\xff\xd8", b"\x89PNG")):
        raise ApiError(40005, "invalid file type")
    kept = world.media.add(app.appid, "image", file.content_type or "", file.filename or "", body)
    worker.head = f"{world.base_url}/_media/{kept.media_id}"
    return ok()


async def workers(request: Request) -> Response:
    """`GET /cgi-bin/customservice/getkflist`."""
    _, world, account = caller(request)
    return JSONResponse(
        {"kf_list": [_row(one, world.clock.unix()) for one in account.service.workers.values()]}
    )


def _row(worker: KfAccount, now: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kf_account": worker.account,
        "kf_nick": worker.nick,
        "kf_id": str(worker.kf_id),
        "kf_headimgurl": worker.head,
    }
    if worker.wx:
        return {**row, "kf_wx": worker.wx}
    if worker.invite_wx:
        status = "waiting" if worker.invite_expire > now else "expired"
        invited = {
            "invite_wx": worker.invite_wx,
            "invite_expire_time": worker.invite_expire,
            "invite_status": status,
        }
        return {**row, **invited}
    return row


async def online(request: Request) -> Response:
    """`GET /cgi-bin/customservice/getonlinekflist`."""
    _, _, account = caller(request)
    served = [kf for kf, _ in account.service.sessions.values()]
    rows = [
        {
            "kf_account": one.account,
            "status": 1,
            "kf_id": str(one.kf_id),
            "accepted_case": served.count(one.account),
        }
        for one in account.service.workers.values()
        if one.online
    ]
    return JSONResponse({"kf_online_list": rows})


async def create_session(request: Request) -> Response:
    """`POST /customservice/kfsession/create {kf_account, openid}`: 65415 offline, 65414 served by another."""
    app, world, account = caller(request)
    body = await json_body(request)
    worker = _worker(account, body.get("kf_account"))
    openid = str(body.get("openid", ""))
    recipient(world, app, openid)
    if not worker.online:
        raise ApiError(65415, "kf account is not online")
    if account.service.sessions.get(openid, (worker.account, 0))[0] != worker.account:
        raise ApiError(65414, "the customer is being served by another")
    begin(world, app, openid, worker.account)
    return ok()


async def close_session(request: Request) -> Response:
    """`POST /customservice/kfsession/close {kf_account, openid}`: 65413 without such a session."""
    app, world, account = caller(request)
    body = await json_body(request)
    worker, openid = _worker(account, body.get("kf_account")), body.get("openid")
    recipient(world, app, openid)
    _close(world, app, account, str(openid), worker.account, "KF")
    return ok()


def _close(world: World, app: App, account: Account, openid: str, worker: str, by: str) -> None:
    if account.service.sessions.get(openid, ("", 0))[0] != worker:
        raise ApiError(65413, "no such session")
    del account.service.sessions[openid]
    write_record(world, app, openid, KF_CLOSE, "", worker)
    push(world, app, openid, event(world, app, openid, "kf_close_session", KfAccount=worker, CloseType=by))


async def session_of(request: Request) -> Response:
    """`GET /customservice/kfsession/getsession?openid=`: who serves the customer."""
    app, world, account = caller(request)
    openid = request.query_params.get("openid")
    recipient(world, app, openid)
    worker, since = account.service.sessions.get(str(openid), ("", 0))
    return ok(kf_account=worker, createtime=since)


async def sessions(request: Request) -> Response:
    """`GET /customservice/kfsession/getsessionlist?kf_account=`."""
    _, _, account = caller(request)
    worker = _worker(account, request.query_params.get("kf_account"))
    rows = [
        {"openid": openid, "createtime": since}
        for openid, (kf, since) in account.service.sessions.items()
        if kf == worker.account
    ]
    return JSONResponse({"sessionlist": rows})


async def waiting(request: Request) -> Response:
    """`GET /customservice/kfsession/getwaitcase`: at most 100 of those who wait, the longest wait first."""
    _, _, account = caller(request)
    rows = [
        {"openid": openid, "latest_time": since, "kf_account": wished}
        for openid, (wished, since) in account.service.waiting.items()
    ]
    return JSONResponse({"count": len(rows), "waitcaselist": rows[:WAITING_SHOWN_MAX]})


async def records(request: Request) -> Response:
    """`POST /customservice/msgrecord/getmsglist {starttime, endtime, msgid, number}`: a day at most (65417)."""
    _, _, account = caller(request)
    body = await json_body(request)
    start, end = whole(body.get("starttime"), 65416), whole(body.get("endtime"), 65416)
    after = whole(body.get("msgid", 1), 65416, low=0)
    number = whole(body.get("number"), 65416, low=1, high=RECORDS_MAX)
    if end < start:
        raise ApiError(65416, "invalid query parameter: endtime is before starttime")
    if end - start > DAY_SECONDS:
        raise ApiError(65417, "the time span is longer than a day")
    # msgid counts the lines of the record from 1; a page begins with it, and the next one is handed back.
    found = [
        (line, one)
        for line, one in enumerate(account.service.records, 1)
        if start <= one.time <= end and line >= after
    ][:number]
    rows = [
        {
            "openid": one.openid,
            "opercode": one.opercode,
            "text": one.text,
            "time": one.time,
            "worker": one.worker,
        }
        for _, one in found
    ]
    following = found[-1][0] + 1 if found else max(after, 1)
    return JSONResponse({"recordlist": rows, "number": len(rows), "msgid": following})


def worker_account(world: World, body: dict[str, Any]) -> tuple[App, Account, KfAccount]:
    """The worker that `kf_account` names in a control body."""
    app, _, _ = account_of(world, {"appid": body.get("appid", "")})
    account = oa_of(world).of(app.appid)
    found = account.service.workers.get(str(body.get("kf_account", "")))
    if found is None:
        raise ControlError("no such kf_account; add one with /customservice/kfaccount/add")
    return app, account, found


async def kf_online(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`kf_account`, `online` (true), `accept_invite`?: the worker comes, goes or accepts the invitation."""
    _, _, worker = worker_account(world, body)
    if body.get("accept_invite"):
        if worker.invite_expire <= world.clock.unix():
            raise ControlError("no invitation waits for this worker")
        worker.wx, worker.invite_wx, worker.invite_expire = worker.invite_wx, "", 0
    worker.online = int(bool(body.get("online", True)))
    return {"kf_account": worker.account, "online": worker.online, "kf_wx": worker.wx}


async def kf_accept(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`kf_account`, `openid`?: the worker takes the customer, by default the one who waits longest."""
    app, account, worker = worker_account(world, body)
    given = str(body.get("openid", "")) or next(iter(account.service.waiting), "")
    if not given:
        raise ControlError("nobody waits; answer a message with transfer_customer_service first")
    openid = world.person(given).openids[app.appid]
    begin(world, app, openid, worker.account, code=KF_CREATE)
    return {"openid": openid, "kf_account": worker.account}


async def kf_say(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`kf_account`, `openid`, `text`: the worker writes to the customer."""
    app, account, worker = worker_account(world, body)
    person = world.person(str(body.get("openid", "")))
    openid, text = person.openids[app.appid], str(body.get("text", ""))
    if account.service.sessions.get(openid, ("", 0))[0] != worker.account or not text:
        raise ControlError("kf_say needs `text` and an `openid` whom this worker serves")
    write_record(world, app, openid, KF_SAYS, text, worker.account)
    world.inbox.add(person.key, f"official_account:{app.appid}", ACCOUNT, "text", content=text)
    return {"openid": openid}


async def kf_close(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`kf_account`, `openid`: the worker ends the session."""
    app, account, worker = worker_account(world, body)
    openid = world.person(str(body.get("openid", ""))).openids[app.appid]
    _close(world, app, account, openid, worker.account, "KF")
    return {"openid": openid}


ACTIONS: dict[str, Action] = {
    "kf_online": kf_online,
    "kf_accept": kf_accept,
    "kf_say": kf_say,
    "kf_close": kf_close,
}
ROUTES: list[Route] = [
    Route("/customservice/kfaccount/add", add, methods=["POST"]),
    Route("/customservice/kfaccount/update", update, methods=["POST"]),
    Route("/customservice/kfaccount/del", delete, methods=["GET", "POST"]),
    Route("/customservice/kfaccount/inviteworker", invite, methods=["POST"]),
    Route("/customservice/kfaccount/uploadheadimg", upload_head, methods=["POST"]),
    Route("/cgi-bin/customservice/getkflist", workers, methods=["GET"]),
    Route("/cgi-bin/customservice/getonlinekflist", online, methods=["GET"]),
    # wechatpy still asks under the older path.
    Route("/customservice/getkflist", workers, methods=["GET"]),
    Route("/customservice/getonlinekflist", online, methods=["GET"]),
    Route("/customservice/kfsession/create", create_session, methods=["POST"]),
    Route("/customservice/kfsession/close", close_session, methods=["POST"]),
    Route("/customservice/kfsession/getsession", session_of, methods=["GET"]),
    Route("/customservice/kfsession/getsessionlist", sessions, methods=["GET"]),
    Route("/customservice/kfsession/getwaitcase", waiting, methods=["GET"]),
    Route("/customservice/msgrecord/getmsglist", records, methods=["POST"]),
]
