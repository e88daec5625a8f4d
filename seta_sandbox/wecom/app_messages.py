"""Messages of an application to members: 30 a minute and 1,000 an hour reach each member, the rest are dropped."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import ROOT_DEPARTMENT, calling, invalid, number, ok
from seta_sandbox.wecom.config import AGENTID
from seta_sandbox.wecom.state import wecom_of

MESSAGE_TYPES = (
    "text",
    "image",
    "voice",
    "video",
    "file",
    "textcard",
    "news",
    "mpnews",
    "markdown",
    "miniprogram_notice",
    "template_card",
)
MEDIA_TYPES = ("image", "voice", "video", "file")
USERS_MAX, GROUPS_MAX = 1000, 100
# Seconds -> messages of one application that one member receives within them.
MEMBER_LIMITS = {60: 30, 3600: 1000}
DUPLICATE_SECONDS, DUPLICATE_SECONDS_MAX = 1800, 4 * 3600


async def send_message(request: Request) -> Response:
    """`POST message/send`: 81013 when nobody of `touser`, `toparty` and `totag` exists; the others are told."""
    world = calling(request, "agent")
    body = await json_body(request)
    kind = _checked_kind(world, body)
    staff = [member.userid for member in wecom_of(world).staff]
    users, parties = _names(body, "touser", USERS_MAX), _names(body, "toparty", GROUPS_MAX)
    tags = _names(body, "totag", GROUPS_MAX)
    everyone = users == ["@all"] or str(ROOT_DEPARTMENT) in parties
    named = staff if everyone else [userid for userid in dict.fromkeys(users) if userid in staff]
    inactive = [userid for userid in named if userid in wecom_of(world).settings.inactive]
    reached = [userid for userid in named if userid not in wecom_of(world).settings.hidden + inactive]
    if not reached:
        raise ApiError(81013, "user & party & tag all invalid")
    if not _is_duplicate(world, body):
        _deliver(world, reached, kind, body[kind])
    answer = {
        "invaliduser": "|".join(one for one in users if one != "@all" and one not in reached + inactive),
        "invalidparty": "|".join(one for one in parties if one != str(ROOT_DEPARTMENT)),
        "invalidtag": "|".join(tags),
        "unlicenseduser": "|".join(inactive),
        "msgid": "".join(world.rng.choices(ALPHANUMERIC + "_-", k=60)),
    }
    if kind == "template_card":
        answer["response_code"] = "".join(world.rng.choices(ALPHANUMERIC, k=43))
    return ok(**answer)


def _checked_kind(world: World, body: dict[str, Any]) -> str:
    if body.get("agentid") != AGENTID:
        raise ApiError(40056, "invalid agentid")
    kind = body.get("msgtype")
    if kind not in MESSAGE_TYPES:
        raise ApiError(40008, "invalid message type")
    content = body.get(kind)
    if not content:
        raise ApiError(44001, f"empty {kind}")
    if not isinstance(content, dict):
        raise invalid(kind)
    if kind in ("text", "markdown") and not content.get("content"):
        raise ApiError(44004, "empty content")
    if kind in MEDIA_TYPES:
        media_id = str(content.get("media_id") or "")
        if not media_id:
            raise ApiError(41006, "media_id missing")
        if world.media.get(world.app(WECOM).appid, media_id) is None:
            raise ApiError(40007, "invalid media_id")
    return str(kind)


def _names(body: dict[str, Any], name: str, maximum: int) -> list[str]:
    found = [one for one in str(body.get(name) or "").split("|") if one]
    if len(found) > maximum:
        raise ApiError(40032, f"invalid {name} list size")
    return found


def _is_duplicate(world: World, body: dict[str, Any]) -> bool:
    """Whether the same message went out within the interval; only asked with `enable_duplicate_check`."""
    if not body.get("enable_duplicate_check"):
        return False
    seconds = number(body, "duplicate_check_interval", DUPLICATE_SECONDS, DUPLICATE_SECONDS_MAX)
    same, now = json.dumps(body, sort_keys=True), world.clock.now()
    last = wecom_of(world).app_duplicates.get(same)
    if last is not None and now - last < seconds:
        return True
    wecom_of(world).app_duplicates[same] = now
    return False


def _deliver(world: World, userids: list[str], kind: str, content: dict[str, Any]) -> None:
    now = world.clock.now()
    fresh = [userid for userid in userids if _has_room(world, userid, now)]
    for userid in fresh:
        hour = [at for at in wecom_of(world).app_sent.get(userid, []) if at > now - max(MEMBER_LIMITS)]
        wecom_of(world).app_sent[userid] = [*hour, now]
    if fresh:
        wecom_of(world).app_messages.append({"touser": fresh, "msgtype": kind, kind: content, "at": now})


def _has_room(world: World, userid: str, now: float) -> bool:
    sent = wecom_of(world).app_sent.get(userid, [])
    return all(sum(at > now - seconds for at in sent) < most for seconds, most in MEMBER_LIMITS.items())


ROUTES: list[Route] = [Route("/cgi-bin/message/send", send_message, methods=["POST"])]
