"""The menu's endpoints: default, personalised and as the console shows it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.official_account.common import caller, ok, recipient
from seta_sandbox.official_account.menus import checked_menu, menu_for
from seta_sandbox.official_account.records import Conditional
from seta_sandbox.official_account.state import Account

PLATFORMS = {"1": "iOS", "2": "Android", "3": "Others"}
LANGUAGES = (
    "zh_CN",
    "zh_TW",
    "zh_HK",
    "en",
    "id",
    "ms",
    "es",
    "ko",
    "it",
    "ja",
    "pl",
    "pt",
    "ru",
    "th",
    "vi",
)
LANGUAGES_MORE = ("ar", "hi", "he", "tr", "de", "fr")
RULES = ("tag_id", "group_id", "client_platform_type", "sex", "country", "province", "city", "language")
CONDITIONAL_MAX = 100


async def create(request: Request) -> Response:
    """`POST /cgi-bin/menu/create`: replaces the whole default menu."""
    _, world, account = caller(request)
    account.menu = checked_menu(await json_body(request))
    account.menus.menuid = account.menus.next_id()
    world.inbox.touch()
    return ok()


async def get(request: Request) -> Response:
    """`GET /cgi-bin/menu/get`: 46003 when none is set; ids only once there are personalised menus."""
    _, _, account = caller(request)
    if account.menu is None:
        raise ApiError(46003, "menu no exist")
    if not account.menus.conditional:
        return JSONResponse({"menu": {"button": account.menu}})
    rows = [
        {"button": one.buttons, "matchrule": one.matchrule, "menuid": one.menuid}
        for one in reversed(account.menus.conditional)
    ]
    default = {"button": account.menu, "menuid": account.menus.menuid}
    return JSONResponse({"menu": default, "conditionalmenu": rows})


async def delete(request: Request) -> Response:
    """`GET /cgi-bin/menu/delete`: the default menu and every personalised one."""
    _, world, account = caller(request)
    account.menu = None
    account.menus.conditional.clear()
    world.inbox.touch()
    return ok()


async def current(request: Request) -> Response:
    """`GET /cgi-bin/get_current_selfmenu_info`: the menu in the console's shape, with lists under `list`."""
    _, _, account = caller(request)
    if account.menu is None:
        return JSONResponse({"is_menu_open": 0, "selfmenu_info": {"button": []}})
    buttons = [_shown(button) for button in account.menu]
    return JSONResponse({"is_menu_open": 1, "selfmenu_info": {"button": buttons}})


def _shown(button: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in button.items() if key != "sub_button"}
    subs = button.get("sub_button")
    return {**kept, "sub_button": {"list": [_shown(sub) for sub in subs]}} if subs else kept


async def add_conditional(request: Request) -> Response:
    """`POST /cgi-bin/menu/addconditional`: 65303 without a default menu, 65304 without any rule."""
    _, world, account = caller(request)
    body = await json_body(request)
    buttons = checked_menu(body)
    rule = _checked_rule(account, body.get("matchrule"))
    if account.menu is None:
        raise ApiError(65303, "there is no selfmenu, please create selfmenu first")
    if len(account.menus.conditional) >= CONDITIONAL_MAX:
        raise ApiError(45010, "create menu limit")
    made = Conditional(account.menus.next_id(), buttons, rule)
    account.menus.conditional.append(made)
    world.inbox.touch()
    return JSONResponse({"menuid": str(made.menuid)})


def _checked_rule(account: Account, given: object) -> dict[str, Any]:
    rule = given if isinstance(given, dict) else {}
    kept = {key: str(rule[key]) for key in RULES if rule.get(key) not in (None, "")}
    if not kept:
        raise ApiError(65304, "match rule empty")
    tag = kept.get("tag_id") or kept.get("group_id")
    if tag is not None and tag not in {str(tag_id) for tag_id in account.tags} | {"0", "1", "2"}:
        raise ApiError(65307, "invalid tag_id or group_id")
    if kept.get("sex", "1") not in ("1", "2"):
        raise ApiError(65308, "invalid sex")
    if kept.get("client_platform_type", "1") not in PLATFORMS:
        raise ApiError(65309, "invalid client_platform_type")
    if kept.get("language", "en") not in LANGUAGES + LANGUAGES_MORE:
        raise ApiError(65310, "invalid language")
    if (kept.get("city") and not kept.get("province")) or (kept.get("province") and not kept.get("country")):
        raise ApiError(65306, "a city needs its province, a province its country")
    return kept


async def delete_conditional(request: Request) -> Response:
    """`POST /cgi-bin/menu/delconditional`: 65301 for a menu that is none."""
    _, world, account = caller(request)
    wanted = str((await json_body(request)).get("menuid", ""))
    found = next((one for one in account.menus.conditional if str(one.menuid) == wanted), None)
    if found is None:
        raise ApiError(65301, "no such conditional menu")
    account.menus.conditional.remove(found)
    world.inbox.touch()
    return ok()


async def try_match(request: Request) -> Response:
    """`POST /cgi-bin/menu/trymatch`: the buttons that a follower, by openid or WeChat name, sees."""
    app, world, account = caller(request)
    given = (await json_body(request)).get("user_id")
    if not isinstance(given, str) or not given:
        raise ApiError(40003, "invalid user_id")
    person = world.find_person(given)
    person = recipient(world, app, person.openids[app.appid] if person else given)
    if account.menu is None:
        raise ApiError(65303, "there is no selfmenu, please create selfmenu first")
    return JSONResponse({"button": menu_for(world, app, person)})


ROUTES: list[Route] = [
    Route("/cgi-bin/menu/create", create, methods=["POST"]),
    Route("/cgi-bin/menu/get", get, methods=["GET"]),
    Route("/cgi-bin/menu/delete", delete, methods=["GET"]),
    Route("/cgi-bin/get_current_selfmenu_info", current, methods=["GET"]),
    Route("/cgi-bin/menu/addconditional", add_conditional, methods=["POST"]),
    Route("/cgi-bin/menu/delconditional", delete_conditional, methods=["POST"]),
    Route("/cgi-bin/menu/trymatch", try_match, methods=["POST"]),
]
