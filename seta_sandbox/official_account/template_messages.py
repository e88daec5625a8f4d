"""Template messages: industries, the account's templates, sending with its result event, one-off subscriptions."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import MINI_PROGRAM, OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.acting import account_of
from seta_sandbox.official_account.common import (
    caller,
    event,
    follower,
    mapping,
    new_key,
    ok,
    recipient,
    whole,
    words,
)
from seta_sandbox.official_account.records import Template
from seta_sandbox.official_account.state import Account, oa_of
from seta_sandbox.official_account.web_login import COOKIE, with_query

TEMPLATES_MAX = 25
ONE_OFF_SCENE_MAX = 10_000
ONE_OFF_TITLE_MAX = 15
RESERVED_MAX = 128
# (K) How long a confirmed one-off subscription waits for its message.
ONE_OFF_SECONDS = 30 * 86_400
SAME_MESSAGE_SECONDS = 600
FIRST_MSG_ID = 2_000_000_000
INDUSTRIES: dict[int, tuple[str, str]] = {
    1: ("IT科技", "互联网|电子商务"),
    2: ("IT科技", "IT软件与服务"),
    7: ("金融业", "银行"),
    10: ("餐饮", "餐饮"),
    11: ("酒店旅游", "酒店"),
    12: ("酒店旅游", "旅游"),
    31: ("商业服务", "会展"),
    39: ("消费品", "消费品"),
    41: ("其他", "其他"),
}
# The public library: short id -> title and keywords.
LIBRARY: dict[str, tuple[str, tuple[str, ...]]] = {
    "TM00015": ("订单支付成功", ("orderMoneySum", "orderProductName")),
    "OPENTM200565259": ("订单发货提醒", ("keyword1", "keyword2", "keyword3")),
    "OPENTM207574677": ("预约成功通知", ("keyword1", "keyword2", "keyword3")),
    "OPENTM414156563": ("会员到店提醒", ("thing1", "time2", "thing3")),
    "43216": ("预约到店提醒", ("thing2", "time3", "phone_number4")),
}


async def set_industry(request: Request) -> Response:
    """`POST /cgi-bin/template/api_set_industry`: two of the industries by number."""
    _, _, account = caller(request)
    body = await json_body(request)
    chosen = (whole(body.get("industry_id1"), 40035), whole(body.get("industry_id2"), 40035))
    if any(number not in range(1, 42) for number in chosen):
        raise ApiError(40035, "invalid parameter: industry_id")
    account.industries = chosen
    return ok()


async def get_industry(request: Request) -> Response:
    """`GET /cgi-bin/template/get_industry`."""
    _, _, account = caller(request)
    names = [
        dict(zip(("first_class", "second_class"), _industry(one), strict=True)) for one in account.industries
    ]
    return JSONResponse({"primary_industry": names[0], "secondary_industry": names[1]})


def _industry(number: int) -> tuple[str, str]:
    return INDUSTRIES.get(number, ("其他", "其他"))


async def add_template(request: Request) -> Response:
    """`POST /cgi-bin/template/api_add_template`: one of the library's templates becomes the account's own."""
    _, world, account = caller(request)
    body = await json_body(request)
    short = words(body.get("template_id_short"), 40037, least=1)
    if short not in LIBRARY:
        raise ApiError(40037, "invalid template_id_short; the sandbox's library has " + ", ".join(LIBRARY))
    if len(account.templates) >= TEMPLATES_MAX - 1:
        raise ApiError(45026, "template num exceeds limit")
    title, keywords = LIBRARY[short]
    names = body.get("keyword_name_list")
    labels = [str(name) for name in names] if isinstance(names, list) and names else list(keywords)
    content = "".join(f"{label}:{{{{{key}.DATA}}}}\n" for label, key in zip(labels, keywords, strict=False))
    first, second = _industry(account.industries[0])
    made = Template(new_key(world), title, content, "", first, second)
    account.templates[made.template_id] = made
    return ok(template_id=made.template_id)


def templates_of(app: App, account: Account) -> dict[str, Template]:
    """The exported template and those added since."""
    first, second = _industry(account.industries[0])
    exported = Template(app.template_id, "服务进度通知", "{{first.DATA}}\n{{remark.DATA}}", "", first, second)
    return {app.template_id: exported, **account.templates}


async def list_templates(request: Request) -> Response:
    """`GET /cgi-bin/template/get_all_private_template`."""
    app, _, account = caller(request)
    rows = [
        {
            "template_id": one.template_id,
            "title": one.title,
            "primary_industry": one.primary_industry,
            "deputy_industry": one.deputy_industry,
            "content": one.content,
            "example": one.example,
        }
        for one in templates_of(app, account).values()
    ]
    return JSONResponse({"template_list": rows})


async def delete_template(request: Request) -> Response:
    """`POST /cgi-bin/template/del_private_template`; the exported one stays, tests rely on it."""
    _, _, account = caller(request)
    template_id = (await json_body(request)).get("template_id")
    if not isinstance(template_id, str) or account.templates.pop(template_id, None) is None:
        raise ApiError(40037, "invalid template_id")
    return ok()


async def send(request: Request) -> Response:
    """`POST /cgi-bin/message/template/send`: to followers; TEMPLATESENDJOBFINISH tells the result.

    The same `client_msg_id` to the same follower within ten minutes sends nothing again.
    """
    app, world, account = caller(request)
    body = await json_body(request)
    person = recipient(world, app, body.get("touser"))
    if body.get("template_id") not in templates_of(app, account):
        raise ApiError(40037, "invalid template_id")
    follower(world, app, body.get("touser"))
    openid = person.openids[app.appid]
    _check_content(world, app, body)
    again = _sent_before(world, account, openid, words(body.get("client_msg_id"), 45067, most=64))
    if again:
        return ok(msgid=again)
    msgid = FIRST_MSG_ID + oa_of(world).next_number()
    account.template_keys[openid, str(body.get("client_msg_id") or msgid)] = (msgid, world.clock.now())
    refuses = account.followers[openid].refuses_templates
    if not refuses:
        content = {key: body.get(key) for key in ("template_id", "url", "miniprogram", "data")}
        world.inbox.add(person.key, f"{OFFICIAL_ACCOUNT}:{app.appid}", ACCOUNT, "template", **content)
    status = "failed:user block" if refuses else "success"
    push(world, app, openid, event(world, app, openid, "TEMPLATESENDJOBFINISH", MsgID=msgid, Status=status))
    return ok(msgid=msgid)


def _check_content(world: World, app: App, body: dict[str, Any]) -> None:
    data = body.get("data", {})
    if not isinstance(data, dict) or not all(isinstance(value, dict) for value in data.values()):
        raise ApiError(47001, "data format error: data.<keyword>.value")
    words(body.get("url"), 40039, most=1024)
    program = mapping(body.get("miniprogram") or {})
    if program:
        target = world.find_app(str(program.get("appid", "")))
        if target is None or target.kind != MINI_PROGRAM or target.owner != app.owner:
            raise ApiError(40013, "invalid appid: the mini program is not linked to this account")
        words(program.get("pagepath"), 40165, most=1024)


def _sent_before(world: World, account: Account, openid: str, client_msg_id: str) -> int:
    msgid, at = account.template_keys.get((openid, client_msg_id), (0, 0.0)) if client_msg_id else (0, 0.0)
    return msgid if world.clock.now() - at < SAME_MESSAGE_SECONDS else 0


async def confirm_page(request: Request) -> Response:
    """`GET /mp/subscribemsg`: the consumer confirms a one-off message; back to `redirect_url` with the openid."""
    query, world = request.query_params, request.app.state.world
    app = world.find_app(query.get("appid", ""))
    if query.get("action") != "get_confirm" or app is None or app.kind != OFFICIAL_ACCOUNT:
        raise ApiError(40013, "invalid appid or action")
    target, scene = query.get("redirect_url", ""), whole(query.get("scene"), 40097, high=ONE_OFF_SCENE_MAX)
    if not target.startswith(("http://", "https://")):
        raise ApiError(40035, "invalid redirect_url")
    person = world.find_person(query.get("consumer") or request.cookies.get(COOKIE, "")) or world.people[0]
    openid, template_id = person.openids[app.appid], query.get("template_id", "")
    confirm(world, app, openid, template_id, scene)
    more = {"openid": openid, "template_id": template_id, "action": "confirm", "scene": str(scene)}
    reserved = query.get("reserved", "")[:RESERVED_MAX]
    return RedirectResponse(with_query(target, {**more, "reserved": reserved}), status_code=302)


def confirm(world: World, app: App, openid: str, template_id: str, scene: int) -> None:
    """The consumer allows one message of that template and scene."""
    account = oa_of(world).of(app.appid)
    if template_id not in templates_of(app, account):
        raise ApiError(40037, "invalid template_id")
    account.one_off[openid, template_id, scene] = world.clock.now() + ONE_OFF_SECONDS


async def send_once(request: Request) -> Response:
    """`POST /cgi-bin/message/template/subscribe`: one message after one confirmation, to followers or not."""
    app, world, account = caller(request)
    body = await json_body(request)
    person = recipient(world, app, body.get("touser"))
    template_id = body.get("template_id")
    if template_id not in templates_of(app, account):
        raise ApiError(40037, "invalid template_id")
    scene = whole(body.get("scene"), 40097, high=ONE_OFF_SCENE_MAX)
    title = words(body.get("title"), 40097, least=1, most=ONE_OFF_TITLE_MAX)
    content = mapping(mapping(body.get("data")).get("content"))
    text = words(content.get("value"), 47003, least=1, most=200)
    key = (person.openids[app.appid], str(template_id), scene)
    if account.one_off.get(key, 0.0) <= world.clock.now():
        raise ApiError(43101, "user refuse to accept the msg")
    del account.one_off[key]
    shown = {
        "template_id": template_id,
        "title": title,
        "url": body.get("url"),
        "data": {"content": {"value": text}},
    }
    world.inbox.add(person.key, f"{OFFICIAL_ACCOUNT}:{app.appid}", ACCOUNT, "template", **shown)
    return ok()


async def subscribe_once(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`?, `template_id`?, `scene` (0): the consumer confirms a one-off subscription."""
    app, _, openid = account_of(world, body)
    template_id, scene = str(body.get("template_id") or app.template_id), int(body.get("scene", 0))
    confirm(world, app, openid, template_id, scene)
    return {"openid": openid, "template_id": template_id, "scene": scene}


async def refuse_templates(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, `refuse` (true): the follower switches the account's messages off: `failed:user block`."""
    app, _, openid = account_of(world, body)
    found = oa_of(world).of(app.appid).followers.get(openid)
    if found is None:
        raise ControlError("only a follower can refuse; use the action follow first")
    found.refuses_templates = bool(body.get("refuse", True))
    return {"openid": openid, "refuses": found.refuses_templates}


ACTIONS: dict[str, Action] = {"subscribe_once": subscribe_once, "refuse_templates": refuse_templates}
ROUTES: list[Route] = [
    Route("/cgi-bin/template/api_set_industry", set_industry, methods=["POST"]),
    Route("/cgi-bin/template/get_industry", get_industry, methods=["GET"]),
    Route("/cgi-bin/template/api_add_template", add_template, methods=["POST"]),
    Route("/cgi-bin/template/get_all_private_template", list_templates, methods=["GET"]),
    Route("/cgi-bin/template/del_private_template", delete_template, methods=["POST"]),
    Route("/cgi-bin/message/template/send", send, methods=["POST"]),
    Route("/mp/subscribemsg", confirm_page, methods=["GET"]),
    Route("/cgi-bin/message/template/subscribe", send_once, methods=["POST"]),
]
