"""Control actions of mini program users: login and phone codes, subscriptions, customer service."""

from typing import Any

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.apps import MINI_PROGRAM, OFFICIAL_ACCOUNT
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.world import Action, World
from seta_sandbox.mini_program import links, safety, user_data
from seta_sandbox.official_account.acting import account_of, push_event
from seta_sandbox.official_account.programs import CODE_SECONDS, OneTimeCode, Visit, mp_of
from seta_sandbox.official_account.records import SubscribeTemplate
from seta_sandbox.official_account.subscriptions import push_list, template_of


async def js_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`wx.login`: a code for `openid` (any identifier) in `appid`; `risky: true` is later refused with 40226."""
    return {"code": _code(world, body, mp_of(world).login_codes, "0")}


async def phone_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer taps the phone-number button: a code for `getuserphonenumber`."""
    return {"code": _code(world, body, mp_of(world).phone_codes, "p")}


def _code(world: World, body: dict[str, Any], codes: dict[str, OneTimeCode], prefix: str) -> str:
    app, _, openid = account_of(world, body, MINI_PROGRAM)
    code = prefix + "".join(world.rng.choices(ALPHANUMERIC, k=31))
    expires_at = world.clock.now() + CODE_SECONDS
    codes[code] = OneTimeCode(app.appid, openid, expires_at, risky=bool(body.get("risky", False)))
    return code


async def subscribe(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer answers the subscribe pop-up: `openid`, `template_id`, `accept` (true), `times` (1).

    Each acceptance allows one message of that template. With `app: official_account` it is that account's notice.
    """
    app, _, openid = account_of(world, body, _kind(body))
    template_id, accept = str(body.get("template_id") or app.template_id), bool(body.get("accept", True))
    if template_of(world, app, template_id) is None:
        raise ControlError("no such template; use sub_template_id of config.json or add one with `template`")
    key = (openid, template_id)
    mp_of(world).grants[key] = mp_of(world).grants.get(key, 0) + (int(body.get("times", 1)) if accept else 0)
    row = {
        "TemplateId": template_id,
        "SubscribeStatusString": "accept" if accept else "reject",
        "PopupScene": "0",
    }
    delivery = push_list(world, app, openid, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", row)
    answer = {"openid": openid, "template_id": template_id, "grants": mp_of(world).grants[key]}
    return {**answer, **await outcome(delivery, body)}


def _kind(body: dict[str, Any]) -> str:
    return OFFICIAL_ACCOUNT if body.get("app") == OFFICIAL_ACCOUNT else MINI_PROGRAM


async def subscribe_change(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer switches a template off or on in the settings: `openid`, `template_id`?, `accept` (false)."""
    app, _, openid = account_of(world, body, _kind(body))
    template_id, accept = str(body.get("template_id") or app.template_id), bool(body.get("accept", False))
    if template_of(world, app, template_id) is None:
        raise ControlError("no such template; use sub_template_id of config.json or add one with `template`")
    if not accept:
        mp_of(world).grants.pop((openid, template_id), None)
    row = {"TemplateId": template_id, "SubscribeStatusString": "accept" if accept else "reject"}
    delivery = push_list(world, app, openid, "subscribe_msg_change_event", "SubscribeMsgChangeEvent", row)
    return {"openid": openid, "template_id": template_id, **await outcome(delivery, body)}


async def mp_visit(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer opens a page, for the statistics: `openid`?, `page`, `seconds`, `shared`?"""
    app, _, openid = account_of(world, body, MINI_PROGRAM)
    page, seconds = str(body.get("page", "")), int(body.get("seconds", 0))
    mp_of(world).visits.append(
        Visit(world.clock.now(), app.appid, openid, page, seconds, bool(body.get("shared")))
    )
    return {"openid": openid, "page": page}


async def template(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Add a subscribe-message template to a mini program: `template_id`?, `appid`?"""
    app = world.app(MINI_PROGRAM, str(body.get("appid", "")))
    template_id = str(body.get("template_id") or "".join(world.rng.choices(ALPHANUMERIC, k=43)))
    mp_of(world).templates[app.appid, template_id] = SubscribeTemplate(template_id, "服务通知", "", "")
    return {"appid": app.appid, "template_id": template_id}


async def enter_service(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer opens the mini program's customer service: `openid`, `session_from`?"""
    app, person, openid = account_of(world, body, MINI_PROGRAM)
    mp_of(world).windows_of(app.appid).open(openid, "enter", world.clock.now())
    session = str(body.get("session_from", ""))
    delivery = push_event(world, app, person, "user_enter_tempsession", SessionFrom=session)
    return {"openid": openid, **await outcome(delivery, body)}


ACTIONS: dict[str, Action] = {
    "js_code": js_code,
    "phone_code": phone_code,
    "subscribe": subscribe,
    "template": template,
    "enter_service": enter_service,
    "subscribe_change": subscribe_change,
    "mp_visit": mp_visit,
    **links.ACTIONS,
    **safety.ACTIONS,
    **user_data.ACTIONS,
}
