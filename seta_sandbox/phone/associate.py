"""A second phone: an associate's WeCom, with chats, their toolbar, and what waits for the associate's own hand."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from seta_sandbox.families import ACTIONS as FAMILIES
from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.messaging import text_of
from seta_sandbox.wecom.pages import COOKIE
from seta_sandbox.wecom.state import wecom_of

PAGE = Path(__file__).parent / "static" / "associate.html"
# What an associate does by hand; the customer's part belongs to the other phone.
ACTS = frozenset({"confirm_mass", "moment_publish", "wecom_message"})
ITEMS_SHOWN_MAX = 60


async def page(request: Request) -> Response:
    """The associate's phone; `userid` says whose (the first member's)."""
    world = world_of(request)
    userid = request.query_params.get("userid") or wecom_of(world).staff[0].userid
    if not wecom_of(world).is_member(userid):
        return HTMLResponse("no such member", status_code=404)
    response = HTMLResponse(PAGE.read_text(encoding="utf-8"), headers={"Cache-Control": "no-store"})
    response.set_cookie(COOKIE, userid, samesite="lax")
    return response


async def state(request: Request) -> Response:
    """What the associate of the cookie sees."""
    world, userid = world_of(request), request.cookies.get(COOKIE, "")
    member = wecom_of(world).member(userid)
    if member is None:
        return JSONResponse({"error": "open /associate first"}, status_code=400)
    return JSONResponse(
        {
            "me": {"userid": userid, "name": member.name},
            "members": [{"userid": one.userid, "name": one.name} for one in wecom_of(world).staff],
            "sidebar_url": wecom_of(world).settings.sidebar_url,
            "chats": [
                _chat(world, userid, other) for who, other in wecom_of(world).relations if who == userid
            ],
            "masses": [_mass(world, one, userid) for one in _asked(world, userid)],
            "moments": [_moment(one, userid) for one in _moments(world, userid)],
        }
    )


def _chat(world: World, userid: str, external: str) -> dict[str, Any]:
    person = world.person(external)
    items = world.inbox.of(person.key, f"wecom:{userid}")[-ITEMS_SHOWN_MAX:]
    return {"external_userid": external, "name": person.name, "items": items}


def _asked(world: World, userid: str) -> list[Any]:
    return [one for one in wecom_of(world).mass_sends.values() if userid in one.tasks]


def _mass(world: World, mass: Any, userid: str) -> dict[str, Any]:
    return {
        "msgid": mass.msgid,
        "text": text_of(mass.fields),
        "attachments": mass.fields.get("attachments") or [],
        "customers": [world.person(one).name for one in mass.tasks[userid]]
        if mass.chat_type == "single"
        else [],
        "state": _stands(userid in mass.confirmed, mass.cancelled),
    }


def _moments(world: World, userid: str) -> list[Any]:
    return [one for one in wecom_of(world).moments.values() if userid in one.senders and not one.creator]


def _moment(moment: Any, userid: str) -> dict[str, Any]:
    return {
        "moment_id": moment.moment_id,
        "text": text_of(moment.fields),
        "attachments": moment.fields.get("attachments") or [],
        "state": _stands(userid in moment.published, moment.cancelled),
        "likes": sum(who == userid and what == "like" for who, _, what, _ in moment.reactions),
    }


def _stands(done: bool, cancelled: bool) -> str:
    return "done" if done else "cancelled" if cancelled else "waiting"


async def act(request: Request) -> Response:
    """`action` by the associate of the cookie; `open_chat` with `external_userid` brings a chat on screen."""
    world, userid = world_of(request), request.cookies.get(COOKIE, "")
    body = await json_body(request)
    name = str(body.pop("action", ""))
    try:
        if not wecom_of(world).is_member(userid):
            raise ControlError("open /associate first")
        if name == "open_chat":
            wecom_of(world).open_chats[userid] = world.person(
                str(body.get("external_userid", ""))
            ).external_userid
            return JSONResponse({"ok": True})
        if name not in ACTS:
            raise ControlError(f"an associate cannot {name or 'act without an action'}")
        answer = await FAMILIES[name](world, {**body, "userid": userid, "wait": False})
    except ControlError as refused:
        return JSONResponse({"error": str(refused)}, status_code=400)
    world.inbox.touch()
    return JSONResponse(answer)


ROUTES: list[BaseRoute] = [
    Route("/associate", page, methods=["GET"]),
    Route("/_associate/state", state, methods=["GET"]),
    Route("/_associate/act", act, methods=["POST"]),
]
