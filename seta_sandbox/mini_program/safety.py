"""Content checks: text at once, media later with the event wxa_media_check."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM, App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.common import event, ok, whole, words
from seta_sandbox.official_account.media import read_file
from seta_sandbox.official_account.programs import mp_of

CONTENT_CHARACTERS_MAX = 2500
IMAGE_BYTES_MAX = 1 << 20
VISIT_SECONDS = 7200
CLEAN = 100
LABELS = (CLEAN, 10001, 20001, 20002, 20003, 20006, 20008, 20012, 20013, 21000)
RANK_MAX = 4
SUGGESTIONS = ("risky", "review", "pass")


async def check_text(request: Request) -> Response:
    """`POST /wxa/msg_sec_check`, version 2; without `version` the old one: 87014 for risky content."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    content = words(body.get("content"), 44991, most=CONTENT_CHARACTERS_MAX)
    if not content:
        raise ApiError(44004, "empty content")
    extras = [
        words(body.get(name), 40097, most=CONTENT_CHARACTERS_MAX)
        for name in ("nickname", "title", "signature")
    ]
    found = mp_of(world).safety.risky("\n".join([content, *extras]))
    if body.get("version") is None:
        if found is not None:
            raise ApiError(87014, "risky content")
        return ok()
    _check_version(body)
    _check_visitor(world, app, body)
    return ok(result=_result(found), detail=_detail(found), trace_id=_trace(world))


def _check_version(body: dict[str, Any]) -> None:
    """Version and scene; ApiError 40097, 40129."""
    if body.get("version") not in (2, "2"):
        raise ApiError(40097, "invalid args: version")
    whole(body.get("scene"), 40129, low=1, high=4)


def _check_visitor(world: World, app: App, body: dict[str, Any]) -> None:
    """A visitor of the last two hours; ApiError 43104, 40003, 61010."""
    openid = body.get("openid")
    person = world.find_person(openid) if isinstance(openid, str) else None
    if person is None or openid not in person.openids.values():
        raise ApiError(40003, "invalid openid")
    if person.openids[app.appid] != openid:
        raise ApiError(43104, "this appid does not match the openid")
    since = world.clock.now() - VISIT_SECONDS
    if not any(visit.openid == openid and visit.at >= since for visit in reversed(mp_of(world).visits)):
        raise ApiError(
            61010, "code is expired: the user has not visited the mini program in the last two hours"
        )


def _result(found: tuple[str, int, str] | None) -> dict[str, Any]:
    return {"suggest": "pass", "label": CLEAN} if found is None else {"suggest": found[2], "label": found[1]}


def _detail(found: tuple[str, int, str] | None) -> list[dict[str, Any]]:
    model = {"strategy": "content_model", "errcode": 0, **_result(found), "prob": 90}
    if found is None:
        return [model]
    return [model, {"strategy": "keyword", "errcode": 0, **_result(found), "level": 90, "keyword": found[0]}]


def _trace(world: World) -> str:
    mp_of(world).checks += 1
    return f"{world.clock.unix():x}-{world.rng.getrandbits(32):08x}-{mp_of(world).checks:08x}"


async def check_image(request: Request) -> Response:
    """`POST /wxa/img_sec_check`: multipart `media`; 87014 for an image that holds a rule's text."""
    calling_app(request, MINI_PROGRAM)
    _, body = await read_file(request)
    if len(body) > IMAGE_BYTES_MAX:
        raise ApiError(40006, "invalid media size")
    if mp_of(world_of(request)).safety.risky(body.decode(errors="ignore")) is not None:
        raise ApiError(87014, "risky content")
    return ok()


async def check_media(request: Request) -> Response:
    """`POST /wxa/media_check_async`: a `trace_id`, then the event wxa_media_check."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    address = words(body.get("media_url"), 40097, least=1, most=4096)
    if not address.startswith(("http://", "https://")):
        raise ApiError(40097, "invalid args: media_url")
    whole(body.get("media_type"), 40097, low=1, high=2)
    _check_version(body)
    _check_visitor(world, app, body)
    trace_id, found = _trace(world), mp_of(world).safety.risky(address)
    fields = event(
        world,
        app,
        str(body["openid"]),
        "wxa_media_check",
        appid=app.appid,
        trace_id=trace_id,
        version=2,
        detail=_detail(found)[:1],
        errcode=0,
        errmsg="ok",
        result=_result(found),
    )
    push(world, app, str(body["openid"]), fields)
    return ok(trace_id=trace_id)


async def risk_rank(request: Request) -> Response:
    """`POST /wxa/getuserriskrank`: 0 to 4 for a visitor of the last two hours; 40129, 40013, 40097, 43104, 61010."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    whole(body.get("scene"), 40129, low=0, high=2)
    if body.get("appid") != app.appid:
        raise ApiError(40013, "invalid appid")
    words(body.get("client_ip"), 40097, least=1, most=64)
    _check_visitor(world, app, body)
    rank = mp_of(world).safety.ranks.get(str(body["openid"]), 0)
    return ok(errmsg="getuserriskrank succ", risk_rank=rank, unoin_id=world.rng.getrandbits(31))


async def set_rank(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, `rank` (0 to 4): how getuserriskrank judges this visitor from now on."""
    openid, rank = str(body.get("openid", "")), body.get("rank")
    person = world.find_person(openid)
    if person is None or not isinstance(rank, int) or not 0 <= rank <= RANK_MAX:
        raise ControlError(f"risk_rank needs the `openid` of a consumer and a `rank` from 0 to {RANK_MAX}")
    mp_of(world).safety.ranks.update(dict.fromkeys(person.openids.values(), rank))
    return {"ranks": dict(mp_of(world).safety.ranks)}


async def content_rule(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`text`, `label` (21000), `suggest` (risky): what content checks find in texts and media addresses."""
    text, label, suggest = str(body.get("text", "")), body.get("label", 21000), body.get("suggest", "risky")
    if not text or label not in LABELS or suggest not in SUGGESTIONS:
        raise ControlError(f"content_rule needs `text`, a label of {LABELS} and a suggest of {SUGGESTIONS}")
    mp_of(world).safety.words[text] = (int(label), str(suggest))
    return {"rules": {word: list(verdict) for word, verdict in mp_of(world).safety.words.items()}}


ACTIONS: dict[str, Action] = {"content_rule": content_rule, "risk_rank": set_rank}
ROUTES: list[Route] = [
    Route("/wxa/msg_sec_check", check_text, methods=["POST"]),
    Route("/wxa/getuserriskrank", risk_rank, methods=["POST"]),
    Route("/wxa/img_sec_check", check_image, methods=["POST"]),
    Route("/wxa/media_check_async", check_media, methods=["POST"]),
]
