"""Pages inside the WeCom client: who opened one, and the JS-SDK's answers about the chat beside it."""

import base64
import hashlib
import json
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import calling, ok
from seta_sandbox.wecom.message_actions import wecom_message
from seta_sandbox.wecom.state import MemberCode, wecom_of

CODE_SECONDS = 300
COOKIE = "sandbox_member"
TICKET_SCOPES = {"config": "corp", "agentConfig": "agent"}
# Stands for Tencent's jweixin: the same calls, answered by this sandbox instead of the client around the page.
SCRIPT = """(() => {
  const base = new URL(document.currentScript.src).origin
  const ask = (name, args = {}) => fetch(`${base}/_wecom/js`, {
    method: 'POST', credentials: 'include', headers: { 'Content-Type': 'text/plain' },
    body: JSON.stringify({ name, args, url: location.href.split('#')[0] }),
  }).then((answer) => answer.json(), () => ({ err_msg: `${name}:fail` }))
  let state = null
  let ready = () => {}
  let failed = () => {}
  window.wx = {
    ready(callback) { ready = callback; if (state === true) callback() },
    error(callback) { failed = callback; if (state && state !== true) callback(state) },
    config(given) {
      ask('config', given).then((answer) => {
        state = answer.err_msg === 'config:ok' || { errMsg: answer.err_msg }
        if (state === true) ready(); else failed(state)
      })
    },
    agentConfig({ success, fail, ...given }) {
      ask('agentConfig', given).then((answer) => {
        if (answer.err_msg === 'agentConfig:ok') success?.(answer); else fail?.(answer)
      })
    },
    invoke(name, args, callback) { ask(name, args).then((answer) => callback?.(answer)) },
  }
})()
"""


async def authorize(request: Request) -> Response:
    """`GET /connect/oauth2/authorize` of a corpid: back to `redirect_uri` with `code`; the cookie says who asks."""
    query, world = request.query_params, world_of(request)
    target = query.get("redirect_uri", "")
    if not target.startswith(("http://", "https://")) or query.get("response_type") != "code":
        return HTMLResponse(f"<!doctype html><meta charset=utf-8><p>{escape('50001 redirect_uri')}")
    userid = query.get("member") or request.cookies.get(COOKIE, "") or wecom_of(world).staff[0].userid
    code = "".join(world.rng.choices(ALPHANUMERIC, k=43))
    wecom_of(world).member_codes[code] = MemberCode(userid, world.clock.now() + CODE_SECONDS)
    parts = urlsplit(target)
    more = {"code": code, "state": query.get("state", "")}
    added = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return RedirectResponse(urlunsplit((*parts[:3], added, parts.fragment)), status_code=302)


async def getuserinfo(request: Request) -> Response:
    """`GET /cgi-bin/auth/getuserinfo`: a code once, within five minutes; 40029 otherwise."""
    world = calling(request, "agent", "contact")
    found = wecom_of(world).member_codes.get(request.query_params.get("code", ""))
    if found is None or found.used or found.expires_at <= world.clock.now():
        raise ApiError(40029, "invalid code")
    found.used = True
    if not wecom_of(world).is_member(found.userid):
        return ok(openid="o" + found.userid)
    return ok(userid=found.userid)


async def script(request: Request) -> Response:
    """The JS-SDK of this sandbox."""
    return Response(SCRIPT, media_type="text/javascript")


async def bridge(request: Request) -> Response:
    """What a page's script asks the client: `name`, `args` and the page's `url`, from the member of the cookie."""
    world = world_of(request)
    try:
        body = json.loads(await request.body() or b"{}")
        name, args, url = str(body["name"]), dict(body.get("args") or {}), str(body["url"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return JSONResponse({"err_msg": "fail invalid request"}, status_code=400)
    member = request.cookies.get(COOKIE, "")
    answer = await _answer(world, member, name, args, url)
    page = urlsplit(url)
    allowed = {
        "Access-Control-Allow-Origin": f"{page.scheme}://{page.netloc}",
        "Access-Control-Allow-Credentials": "true",
    }
    return JSONResponse(answer, headers=allowed)


async def _answer(world: World, member: str, name: str, args: dict[str, Any], url: str) -> dict[str, Any]:
    if name in TICKET_SCOPES:
        signed = _is_signed(world, TICKET_SCOPES[name], args, url)
        if signed and name == "agentConfig":
            wecom_of(world).open_pages.add((member, url))
        return {"err_msg": f"{name}:ok" if signed else f"{name}:fail invalid signature"}
    external = wecom_of(world).open_chats.get(member)
    if (member, url) not in wecom_of(world).open_pages or not wecom_of(world).is_member(member):
        return {"err_msg": f"{name}:fail no permission"}
    if external is None:
        return {"err_msg": f"{name}:fail without context of external contact"}
    if name == "getContext":
        return {"err_msg": "getContext:ok", "entry": "single_chat_tools"}
    if name == "getCurExternalContact":
        return {"err_msg": "getCurExternalContact:ok", "userId": external}
    if name == "sendChatMessage":
        return {"err_msg": f"sendChatMessage:{await _send(world, member, external, args)}"}
    return {"err_msg": f"{name}:fail not supported"}


def _is_signed(world: World, scope: str, args: dict[str, Any], url: str) -> bool:
    corpid = args.get("corpid") or args.get("appId")
    ticket = world.keys.secret(f"wecom/ticket/{scope}", 86, ALPHANUMERIC + "-_")
    plain = (
        f"jsapi_ticket={ticket}&noncestr={args.get('nonceStr')}&timestamp={args.get('timestamp')}&url={url}"
    )
    signature = hashlib.sha1(plain.encode("utf-8", "replace")).hexdigest()
    return corpid == world.app(WECOM).appid and signature == args.get("signature")


async def _send(world: World, member: str, external: str, args: dict[str, Any]) -> str:
    """The associate presses send in the client: intercept rules stop it, the archive keeps it."""
    kind = str(args.get("msgtype", ""))
    content = args.get(kind)
    if not isinstance(content, dict):
        return "fail invalid parameter"
    body: dict[str, Any] = {"userid": member, "external_userid": external, "sender": "sa", "wait": False}
    if kind == "text":
        body |= {"msgtype": "text", "content": str(content.get("content", ""))}
    elif kind == "image":
        media = world.media.get(world.app(WECOM).appid, str(content.get("mediaid") or ""))
        if media is None:
            return "fail invalid mediaid"
        data = base64.b64encode(media.body).decode()
        body |= {"msgtype": "image", "data": data, "image": {"media_id": media.media_id}}
    elif kind == "news":
        link = {
            "title": content.get("title"),
            "description": content.get("desc"),
            "link_url": content.get("link"),
        }
        body |= {"msgtype": "link", "link": link}
    elif kind == "miniprogram":
        card = {"title": content.get("title"), "appid": content.get("appid"), "pagepath": content.get("page")}
        body |= {"msgtype": "weapp", "weapp": card}
    else:
        return "fail invalid msgtype"
    try:
        done = await wecom_message(world, body)
    except ControlError as refused:
        return f"fail {refused}"
    return "cancel" if done.get("intercepted") == "blocked" else "ok"


ROUTES: list[Route] = [
    Route("/cgi-bin/auth/getuserinfo", getuserinfo, methods=["GET"]),
    Route("/_wecom/jweixin.js", script, methods=["GET"]),
    Route("/_wecom/js", bridge, methods=["POST"]),
]
