"""Welcome messages, messages to members, mass sends that members confirm, and moments."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import calling, ok
from seta_sandbox.wecom.config import AGENTID
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.contacts import external_person
from seta_sandbox.wecom.state import MassSend, Moment

TEXT_BYTES_MAX = 4000
ATTACHMENTS_MAX = 9
ATTACHMENT_FIELDS: dict[str, tuple[str, ...]] = {
    "image": (),
    "link": ("title", "url"),
    "miniprogram": ("title", "pic_media_id", "appid", "page"),
    "video": ("media_id",),
    "file": ("media_id",),
}
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
)


async def send_welcome(request: Request) -> Response:
    """`POST externalcontact/send_welcome_msg`: once, within 20 s of the event."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    code = world.wecom.welcome_codes.get(str(body.get("welcome_code", "")))
    if code is None or code.expires_at <= world.clock.now():
        raise ApiError(41050, "invalid or expired welcome_code")
    if code.used:
        raise ApiError(41051, "the customer has been greeted or is already chatting")
    check_content(world, body)
    code.used = True
    deliver(world, world.person(code.external_userid), code.userid, body)
    return ok()


def check_content(world: World, body: dict[str, Any]) -> None:
    """Text and attachments of a welcome or mass message; 41064, 41065, 45002 or 40063 when refused."""
    text, attachments = str((body.get("text") or {}).get("content", "")), body.get("attachments") or []
    if not text and not attachments:
        raise ApiError(40063, "some parameters are empty: text and attachments")
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise ApiError(45002, "content size out of limit")
    if len(attachments) > ATTACHMENTS_MAX:
        raise ApiError(41064, "attachments count out of limit")
    for attachment in attachments:
        kind = attachment.get("msgtype")
        content = attachment.get(kind) if kind in ATTACHMENT_FIELDS else None
        if not isinstance(content, dict) or not all(content.get(name) for name in ATTACHMENT_FIELDS[kind]):
            raise ApiError(41065, "invalid attachment")
        if kind == "image" and not (content.get("media_id") or content.get("pic_url")):
            raise ApiError(41065, "invalid attachment")
        for name in ("media_id", "pic_media_id"):
            if content.get(name) and world.media.get(world.app(WECOM).appid, str(content[name])) is None:
                raise ApiError(40007, "invalid media_id")


def deliver(world: World, person: Consumer, userid: str, body: dict[str, Any]) -> None:
    """Put text and attachments into the customer's chat with the member."""
    chat = f"wecom:{userid}"
    text = str((body.get("text") or {}).get("content", ""))
    if text:
        world.inbox.add(person.key, chat, ACCOUNT, "text", content=text)
    for attachment in body.get("attachments") or []:
        kind = attachment["msgtype"]
        world.inbox.add(person.key, chat, ACCOUNT, kind, **attachment[kind])


async def send_message(request: Request) -> Response:
    """`POST message/send`: an application writes to members; 81013 when none of them exists."""
    world = calling(request, "agent")
    body = await json_body(request)
    if body.get("agentid") != AGENTID:
        raise ApiError(40056, "invalid agentid")
    kind = body.get("msgtype")
    if kind not in MESSAGE_TYPES:
        raise ApiError(40008, "invalid message type")
    if not body.get(kind):
        raise ApiError(44001, f"empty {kind}")
    wanted = [userid for userid in str(body.get("touser", "")).split("|") if userid]
    members = [member.userid for member in world.wecom.members]
    reached = members if wanted == ["@all"] else [userid for userid in wanted if userid in members]
    if not reached:
        raise ApiError(81013, "user & party & tag all invalid")
    world.wecom.app_messages.append({"touser": reached, "msgtype": kind, kind: body[kind]})
    msgid = "".join(world.rng.choices(ALPHANUMERIC + "_-", k=60))
    invalid = "|".join(userid for userid in wanted if userid not in reached and userid != "@all")
    return ok(invaliduser=invalid, invalidparty="", invalidtag="", msgid=msgid)


async def add_msg_template(request: Request) -> Response:
    """`POST externalcontact/add_msg_template`: prepares a mass message; nothing goes out until members confirm."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    check_content(world, body)
    wanted = body.get("external_userid") or []
    senders = [body["sender"]] if body.get("sender") else [member.userid for member in world.wecom.members]
    related = world.wecom.relations
    tasks: dict[str, list[str]] = {}
    fail_list = [external for external in wanted if external_person(world, external) is None]
    for userid, external in related:
        taken = any(external in done for done in tasks.values())
        if userid in senders and not taken and (not wanted or external in wanted):
            tasks.setdefault(userid, []).append(external)
    if not tasks:
        raise ApiError(41048, "no customer to send")
    msgid = "msg" + "".join(world.rng.choices(ALPHANUMERIC, k=29))
    world.wecom.mass_sends[msgid] = MassSend(msgid, body, world.clock.unix(), tasks)
    return ok(fail_list=fail_list, msgid=msgid)


def mass_send(world: World, msgid: object) -> MassSend:
    """The prepared mass message, or ApiError 41046/41047."""
    if not msgid:
        raise ApiError(41046, "missing msgid")
    found = world.wecom.mass_sends.get(str(msgid))
    if found is None:
        raise ApiError(41047, "invalid msgid")
    return found


async def groupmsg_task(request: Request) -> Response:
    """`POST externalcontact/get_groupmsg_task`: who has confirmed (status 2) and who has not (0)."""
    world = calling(request, "agent", "contact")
    mass = mass_send(world, (await json_body(request)).get("msgid"))
    rows = [
        {"userid": userid, "status": 2, "send_time": mass.confirmed[userid]}
        if userid in mass.confirmed
        else {"userid": userid, "status": 0}
        for userid in mass.tasks
    ]
    return ok(task_list=rows)


async def groupmsg_result(request: Request) -> Response:
    """`POST externalcontact/get_groupmsg_send_result`: (K) 0 unsent, 1 sent, 2 not a friend, 3 quota used."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    mass, userid = mass_send(world, body.get("msgid")), str(body.get("userid", ""))
    rows = []
    for external in mass.tasks.get(userid, []):
        row: dict[str, Any] = {"external_userid": external, "userid": userid}
        status = mass.sent.get((userid, external), 0)
        sent = {"send_time": mass.confirmed[userid]} if status == 1 else {}
        rows.append({**row, "status": status, **sent})
    return ok(send_list=rows)


async def add_moment(request: Request) -> Response:
    """`POST externalcontact/add_moment_task`: a post that members publish by hand."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    if not (body.get("text") or {}).get("content") and not body.get("attachments"):
        raise ApiError(40063, "some parameters are empty: text and attachments")
    visible = (body.get("visible_range") or {}).get("sender_list") or {}
    senders = [str(userid) for userid in visible.get("user_list") or []]
    moment = new_moment(world, body, senders or [member.userid for member in world.wecom.members])
    return ok(jobid=moment.jobid)


def new_moment(world: World, fields: dict[str, Any], senders: list[str]) -> Moment:
    """Keep a post that `senders` may publish."""
    number = len(world.wecom.moments) + 1
    job = "job" + "".join(world.rng.choices(ALPHANUMERIC, k=29))
    moment = Moment(f"mom{number:08d}", job, fields, world.clock.unix(), senders)
    world.wecom.moments[moment.moment_id] = moment
    return moment


async def moment_result(request: Request) -> Response:
    """`get_moment_task_result`, the jobid in the query or the body: SDKs do either."""
    world = calling(request, "agent", "contact")
    jobid = request.query_params.get("jobid") or (await json_body(request)).get("jobid")
    for moment in world.wecom.moments.values():
        if moment.jobid == jobid:
            result = {"errcode": 0, "errmsg": "ok", "moment_id": moment.moment_id}
            return ok(status=3, type="add_moment_task", result=result)
    raise ApiError(40058, "invalid Request Parameter: jobid")


async def moment_task(request: Request) -> Response:
    """`POST externalcontact/get_moment_task`: publish_status 1 once a member has published."""
    world = calling(request, "agent", "contact")
    moment = world.wecom.moments.get(str((await json_body(request)).get("moment_id", "")))
    if moment is None:
        raise ApiError(40058, "invalid Request Parameter: moment_id")
    rows = [
        {"userid": userid, "publish_status": int(userid in moment.published)} for userid in moment.senders
    ]
    return ok(task_list=rows)


ROUTES: list[Route] = [
    Route(f"{PREFIX}/send_welcome_msg", send_welcome, methods=["POST"]),
    Route("/cgi-bin/message/send", send_message, methods=["POST"]),
    Route(f"{PREFIX}/add_msg_template", add_msg_template, methods=["POST"]),
    Route(f"{PREFIX}/get_groupmsg_task", groupmsg_task, methods=["POST"]),
    Route(f"{PREFIX}/get_groupmsg_send_result", groupmsg_result, methods=["POST"]),
    Route(f"{PREFIX}/add_moment_task", add_moment, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_task_result", moment_result, methods=["GET", "POST"]),
    Route(f"{PREFIX}/get_moment_task", moment_task, methods=["POST"]),
]
