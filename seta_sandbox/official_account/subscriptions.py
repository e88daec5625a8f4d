"""Subscription notices of Official Accounts and mini programs: templates, grants, sending and the three events."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import caller, event, mapping, new_key, ok, recipient, rows, words
from seta_sandbox.official_account.keywords import check_data
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.records import SubscribeTemplate
from seta_sandbox.official_account.template_library import BY_TID, CATEGORIES, TITLES

TEMPLATES_MAX = 50
KEYWORDS_MIN, KEYWORDS_MAX = 2, 5
SCENE_CHARACTERS_MAX = 15
TITLES_A_PAGE_MAX = 30
LONG_TERM = 3


def template_of(world: World, app: App, template_id: object) -> SubscribeTemplate | None:
    """The template added to this app: the exported one of a mini program, or one of `newtmpl`."""
    if template_id == app.template_id:
        return SubscribeTemplate(app.template_id, "服务通知", "", "")
    return mp_of(world).templates.get((app.appid, template_id)) if isinstance(template_id, str) else None


def grants_left(world: World, openid: str, template: SubscribeTemplate) -> int:
    """How many notices of that template the consumer still takes."""
    return mp_of(world).grants.get((openid, template.template_id), 0)


def checked_notice(
    world: World, app: App, body: dict[str, Any]
) -> tuple[str, SubscribeTemplate, dict[str, str]]:
    """Recipient, template and values of a notice, or ApiError 40003, 40037, 47003."""
    person = recipient(world, app, body.get("touser"))
    template = template_of(world, app, body.get("template_id"))
    if template is None:
        raise ApiError(40037, "invalid template_id")
    values = check_data(body.get("data"))
    for keyword in template.keywords:
        if keyword not in values:
            raise ApiError(47003, f"argument invalid! data.{keyword}.value is empty")
    if mp_of(world).safety.risky("".join(values.values())) is not None:
        raise ApiError(45168, "sensitive content")
    return person.openids[app.appid], template, values


def deliver(
    world: World, app: App, openid: str, template: SubscribeTemplate, values: dict[str, str], page: str
) -> int:
    """Spend one grant, show the notice and push `subscribe_msg_sent_event`; the msgid. ApiError 43101."""
    left = grants_left(world, openid, template)
    if left < 1:
        raise ApiError(43101, "user refuse to accept the msg")
    if template.kind != LONG_TERM:
        mp_of(world).grants[openid, template.template_id] = left - 1
    mp_of(world).sent += 1
    msgid = 3_000_000_000_000 + mp_of(world).sent
    world.inbox.add(
        world.person(openid).key,
        f"service:{app.appid}",
        ACCOUNT,
        "template",
        template_id=template.template_id,
        page=page,
        data=values,
    )
    report = {
        "TemplateId": template.template_id,
        "MsgID": str(msgid),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    push_list(world, app, openid, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", report)
    return msgid


def push_list(
    world: World, app: App, openid: str, name: str, holder: str, row: dict[str, Any]
) -> Delivery | None:
    """Push one of the three events, whose rows sit under `<holder><List>`."""
    return push(world, app, openid, event(world, app, openid, name, **{holder: {"List": row}}))


async def bizsend(request: Request) -> Response:
    """`POST /cgi-bin/message/subscribe/bizsend`: an Official Account's notice, to whoever accepted it."""
    app, world, _ = caller(request)
    body = await json_body(request)
    openid, template, values = checked_notice(world, app, body)
    page = words(body.get("page"), 40039)
    program = mapping(body.get("miniprogram") or {})
    if program:
        target = world.find_app(str(program.get("appid", "")))
        if target is None or target.owner != app.owner:
            raise ApiError(40013, "invalid appid: the mini program is not linked to this account")
        page = words(program.get("pagepath"), 41030)
    deliver(world, app, openid, template, values, page)
    return ok()


async def add_template(request: Request) -> Response:
    """`POST /wxaapi/newtmpl/addtemplate`: `tid`, `kidList` (2 to 5 keywords), `sceneDesc`."""
    app, world = calling_app(request), world_of(request)
    body = await _fields(request)
    title = BY_TID.get(_number(body.get("tid"), 200014))
    if title is None:
        raise ApiError(200014, "invalid tid")
    kids = [
        _number(kid, 200020)
        for kid in rows(body.get("kidList"), 200020, least=KEYWORDS_MIN, most=KEYWORDS_MAX)
    ]
    by_kid = {keyword.kid: keyword for keyword in title.keywords}
    if len(set(kids)) < len(kids) or not set(kids) <= by_kid.keys():
        raise ApiError(200020, "invalid kidList")
    words(body.get("sceneDesc"), 200021, most=SCENE_CHARACTERS_MAX)
    own = [appid for appid, _ in mp_of(world).templates if appid == app.appid]
    if len(own) >= TEMPLATES_MAX:
        raise ApiError(200012, "template num exceeds limit")
    chosen = [by_kid[kid] for kid in kids]
    content = "".join(f"{one.name}:{{{{{one.field}.DATA}}}}\n" for one in chosen)
    example = "".join(f"{one.name}:{one.example}\n" for one in chosen)
    fields = tuple(one.field for one in chosen)
    made = SubscribeTemplate(new_key(world), title.title, content, example, title.kind, fields)
    mp_of(world).templates[app.appid, made.template_id] = made
    return ok(priTmplId=made.template_id)


async def _fields(request: Request) -> dict[str, Any]:
    """The body as JSON, or as the form that older clients post."""
    if "x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        return await json_body(request)
    form = await request.form()
    fields: dict[str, Any] = dict(form)
    kids = [value for key, value in form.multi_items() if key.startswith("kidList")]
    return {**fields, "kidList": kids}


def _number(value: object, errcode: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiError(errcode, "invalid number")
    return value


async def delete_template(request: Request) -> Response:
    """`POST /wxaapi/newtmpl/deltemplate {priTmplId}`; the exported one stays, tests rely on it."""
    app, world = calling_app(request), world_of(request)
    template_id = (await _fields(request)).get("priTmplId")
    if not isinstance(template_id, str) or (app.appid, template_id) not in mp_of(world).templates:
        raise ApiError(20002, "invalid priTmplId")
    del mp_of(world).templates[app.appid, template_id]
    return ok()


async def list_templates(request: Request) -> Response:
    """`GET /wxaapi/newtmpl/gettemplate`."""
    app, world = calling_app(request), world_of(request)
    own = [one for (appid, _), one in mp_of(world).templates.items() if appid == app.appid]
    exported = [template_of(world, app, app.template_id)]
    found = [
        {
            "priTmplId": one.template_id,
            "title": one.title,
            "content": one.content,
            "example": one.example,
            "type": one.kind,
        }
        for one in [*exported, *own]
        if one is not None
    ]
    return ok(data=found)


async def categories(request: Request) -> Response:
    """`GET /wxaapi/newtmpl/getcategory`."""
    calling_app(request)
    return ok(data=[{"id": number, "name": name} for number, name in CATEGORIES.items()])


async def titles(request: Request) -> Response:
    """`GET /wxaapi/newtmpl/getpubtemplatetitles?ids&start&limit`."""
    calling_app(request)
    query = request.query_params
    if not query.get("ids"):
        raise ApiError(200018, "missing ids")
    ids = [_number(part, 200019) for part in query["ids"].split(",")]
    start, limit = _number(query.get("start"), 200016), _number(query.get("limit"), 200017)
    if not 1 <= limit <= TITLES_A_PAGE_MAX:
        raise ApiError(200017, "invalid limit: 1 to 30")
    if not set(ids) <= CATEGORIES.keys():
        raise ApiError(200019, "invalid ids")
    found = [
        {"tid": one.tid, "title": one.title, "type": one.kind, "categoryId": str(one.category)}
        for one in TITLES
        if one.category in ids
    ]
    return ok(count=len(found), data=found[start : start + limit])


async def keywords(request: Request) -> Response:
    """`GET /wxaapi/newtmpl/getpubtemplatekeywords?tid`."""
    calling_app(request)
    title = BY_TID.get(_number(request.query_params.get("tid"), 200014))
    if title is None:
        raise ApiError(200014, "invalid tid")
    found = [
        {"kid": one.kid, "name": one.name, "example": one.example, "rule": one.rule} for one in title.keywords
    ]
    return ok(count=len(found), data=found)


ROUTES: list[Route] = [
    Route("/cgi-bin/message/subscribe/bizsend", bizsend, methods=["POST"]),
    Route("/wxaapi/newtmpl/addtemplate", add_template, methods=["POST"]),
    Route("/wxaapi/newtmpl/deltemplate", delete_template, methods=["POST"]),
    Route("/wxaapi/newtmpl/gettemplate", list_templates, methods=["GET"]),
    Route("/wxaapi/newtmpl/getcategory", categories, methods=["GET"]),
    Route("/wxaapi/newtmpl/getpubtemplatetitles", titles, methods=["GET"]),
    Route("/wxaapi/newtmpl/getpubtemplatekeywords", keywords, methods=["GET"]),
]
