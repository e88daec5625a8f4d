"""The control API: `POST /_control/<action>` with a JSON object, answered with a JSON object."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.families import ACTIONS as FAMILIES
from seta_sandbox.kit.apps import MINI_PROGRAM as MINI_PROGRAM_KIND
from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT as OFFICIAL_ACCOUNT_KIND
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.verify import verify_callback
from seta_sandbox.kit.world import Action, World
from seta_sandbox.phone.actions import ACTIONS as PHONE

MODES = ("plain", "compatible", "aes")


CROWD_MAX = 2_000


async def advance(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Move the virtual clock; pushes that fall due are attempted before this answers."""
    now = world.clock.advance(float(body.get("seconds", 0)), signatures=bool(body.get("signatures", False)))
    await world.pusher.settled()
    return {"now": now}


async def settle(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Wait until no push is in flight."""
    await world.pusher.settled()
    return {"now": world.clock.now()}


async def fault(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Plan a fault: `match`, `times`, `kind`, `value`, and `about` for calls that hold this text."""
    planned = world.faults.add(
        str(body.get("match", "*")),
        int(body.get("times", 1)),
        str(body.get("kind", "500")),
        body.get("value"),
        str(body.get("about", "")),
    )
    return {"planned": len(world.faults.lines), "kind": planned.kind}


async def journal(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The exchanges so far, optionally of one `family` or `direction`, or after number `since`."""
    entries = world.journal.select(
        family=str(body.get("family", "")),
        direction=str(body.get("direction", "")),
        since=int(body.get("since", 0)),
    )
    return {"entries": entries, "total": world.journal.total}


async def people(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Every consumer with all identifiers."""
    return {
        "people": [
            {
                "key": person.key,
                "name": person.name,
                "openids": person.openids,
                "unionid": person.unionid,
                "external_userid": person.external_userid,
                "alipay_user_id": person.alipay_user_id,
                "language": person.language,
            }
            for person in world.people
        ]
    }


async def crowd(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Let `count` (at most 2,000) more consumers in; answers the keys they are called by."""
    count = int(body.get("count", 0))
    if not 1 <= count <= CROWD_MAX:
        raise ControlError(f"a crowd has 1 to {CROWD_MAX} people")
    return {"people": [person.key for person in world.gather(count)]}


async def inbox(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What a consumer sees: `openid` (or any identifier), optionally one `chat` or items after `since`."""
    person = world.person(str(body.get("openid", "")))
    items = world.inbox.of(person.key, str(body.get("chat", "")), int(body.get("since", 0)))
    return {"items": items, "version": world.inbox.version}


async def callback(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Where an app's pushes go; with `verify` true the URL is verified first, as the console does."""
    kind = str(body.get("app", OFFICIAL_ACCOUNT_KIND))
    app = world.app(kind, str(body.get("appid", "")))
    mode = str(body.get("mode", "aes"))
    if mode not in MODES:
        raise ControlError(f"mode must be one of {', '.join(MODES)}")
    setting = world.callback(app)
    url = str(body.get("url", setting.url))
    if body.get("verify"):
        await verify_callback(world, app, url)
    setting.url, setting.mode = url, "aes" if kind == "wecom" else mode
    setting.form = str(body.get("format", "xml")) if kind == MINI_PROGRAM_KIND else "xml"
    return {"appid": app.appid, "url": setting.url, "mode": setting.mode}


CORE: Mapping[str, Action] = {
    "advance": advance,
    "settle": settle,
    "fault": fault,
    "journal": journal,
    "people": people,
    "crowd": crowd,
    "inbox": inbox,
    "callback": callback,
}
ACTIONS: Mapping[str, Action] = {
    **CORE,
    **FAMILIES,
    **PHONE,
}


async def act(request: Request) -> Response:
    """Run one action. An unknown action is 404, a wrong body 400, both with what to do instead."""
    name = request.path_params["action"]
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return JSONResponse({"error": "the body must be a JSON object"}, status_code=400)
    if not isinstance(body, dict):
        return JSONResponse({"error": "the body must be a JSON object"}, status_code=400)
    action = ACTIONS.get(name)
    if action is None and name != "reset":
        known = ", ".join(sorted([*ACTIONS, "reset"]))
        return JSONResponse({"error": f"no action {name}; there are {known}"}, status_code=404)
    world: World = request.app.state.world
    try:
        answer = await action(world, body) if action else await reset(request, body)
    except (ControlError, ApiError, AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"missing field {error}" if isinstance(error, KeyError) else str(error)
        return JSONResponse({"error": message}, status_code=400)
    if name not in CORE and name != "reset":
        note = json.dumps(body, ensure_ascii=False)
        world.journal.add("act", "control", "POST", f"/_control/{name}", 200, note)
    return JSONResponse(answer)


async def reset(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A fresh world; keys, callback URLs and identifiers stay. `callbacks: false` forgets the URLs too."""
    old: World = request.app.state.world
    seed = int(body.get("seed", old.seed))
    await old.pusher.close()
    if body.get("callbacks") is False:
        old.setup.callbacks.clear()
    request.app.state.world = World(seed, old.keys, old.setup)
    old.inbox.touch()
    return {"seed": seed}


ROUTES: list[Route] = [Route("/_control/{action}", act, methods=["POST"])]
