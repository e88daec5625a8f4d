"""Posts for customers' Moments: prepared as a job, published by members, liked and commented on by customers."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    DAY_SECONDS,
    ROOT_DEPARTMENT,
    customer_contact,
    invalid,
    mapping,
    numbers,
    ok,
    page,
    period,
    phrase,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.contacts import find_tag
from seta_sandbox.wecom.messaging import text_of
from seta_sandbox.wecom.state import Moment, wecom_of

TEXT_CHARACTERS_MAX = 2000
IMAGES_MAX = 9
SENDERS_MAX = 100_000
LIST_DAYS_MAX, LIST_PAGE_MAX, PAGE_MAX = 30, 20, 1000
RUNNING, DONE = 2, 3
CORPORATE, PERSONAL, ALL = 0, 1, 2
REACTIONS = ("like", "comment")


async def add(request: Request) -> Response:
    """`POST externalcontact/add_moment_task`: text, or up to 9 pictures, or one video, or one link."""
    world = customer_contact(request)
    body = await json_body(request)
    text, attachments = text_of(body), body.get("attachments") or []
    if not text and not attachments:
        raise ApiError(40063, "some parameters are empty: text and attachments")
    if len(text) > TEXT_CHARACTERS_MAX:
        raise ApiError(45002, "content size out of limit")
    _check_attachments(world, attachments)
    visible = mapping(body, "visible_range")
    senders, wrong = _senders(world, mapping(visible, "sender_list"))
    tags = words(mapping(visible, "external_contact_list"), "tag_list", 100)
    moment = new_moment(world, body, senders)
    moment.invalid_senders = wrong
    moment.invalid_tags = [tag_id for tag_id in tags if find_tag(world, tag_id) is None]
    return ok(jobid=moment.jobid)


def _check_attachments(world: World, attachments: object) -> None:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise invalid("attachments")
    kinds = [one.get("msgtype") for one in attachments]
    if len(kinds) > 1 and (set(kinds) != {"image"} or len(kinds) > IMAGES_MAX):
        raise ApiError(41064, "attachments count out of limit")
    for one in attachments:
        kind = one.get("msgtype")
        content = one.get(kind) if kind in ("image", "video", "link") else None
        if not isinstance(content, dict) or (kind == "link" and not content.get("url")):
            raise ApiError(41065, "invalid attachment")
        if kind == "link" and not content.get("media_id"):
            continue
        media = world.media.get(world.app(WECOM).appid, str(content.get("media_id") or ""))
        if media is None or media.kind != f"moment.{'image' if kind == 'link' else kind}":
            raise ApiError(40007, "invalid media_id, upload it with media/upload_attachment")


def _senders(world: World, given: dict[str, Any]) -> tuple[list[str], dict[str, list[Any]]]:
    """Who may publish, and which named members and departments do not exist."""
    users, parties = words(given, "user_list", SENDERS_MAX), numbers(given, "department_list", SENDERS_MAX)
    staff = [member.userid for member in wecom_of(world).staff]
    everyone = ROOT_DEPARTMENT in parties or not (users or parties)
    senders = staff if everyone else [userid for userid in dict.fromkeys(users) if userid in staff]
    wrong: dict[str, list[Any]] = {
        "user_list": [userid for userid in users if userid not in staff],
        "department_list": [party for party in parties if party != ROOT_DEPARTMENT],
    }
    return senders, wrong


def new_moment(world: World, fields: dict[str, Any], senders: list[str], *, creator: str = "") -> Moment:
    """Keep a post that `senders` may publish; a `creator` wrote it without the company."""
    number = len(wecom_of(world).moments) + 1
    job = "job" + "".join(world.rng.choices(ALPHANUMERIC, k=29))
    moment = Moment(f"mom{number:08d}", job, fields, world.clock.unix(), senders, creator)
    wecom_of(world).moments[moment.moment_id] = moment
    return moment


async def job_result(request: Request) -> Response:
    """`get_moment_task_result`, the jobid in the query or the body: SDKs do either. Jobs are known for 24 hours."""
    world = customer_contact(request)
    jobid = request.query_params.get("jobid") or (await json_body(request)).get("jobid")
    moment = next((one for one in wecom_of(world).moments.values() if one.jobid == jobid), None)
    age = world.clock.now() - moment.created_at if moment else 0.0
    if moment is None or age > DAY_SECONDS:
        raise ApiError(40088, "invalid jobid")
    if age < wecom_of(world).settings.moment_job_seconds:
        return ok(status=RUNNING, type="add_moment_task")
    result = {
        "errcode": 0,
        "errmsg": "ok",
        "moment_id": moment.moment_id,
        "invalid_sender_list": moment.invalid_senders,
        "invalid_external_contact_list": {"tag_list": moment.invalid_tags},
    }
    return ok(status=DONE, type="add_moment_task", result=result)


async def list_moments(request: Request) -> Response:
    """`POST externalcontact/get_moment_list`: of at most 30 days, 20 a page; `filter_type` 0, 1 or 2 for all."""
    world = customer_contact(request)
    body = await json_body(request)
    start, end = period(body, LIST_DAYS_MAX)
    wanted, creator = body.get("filter_type", ALL), phrase(body, "creator", 64, required=False)
    if type(wanted) is not int or wanted not in (CORPORATE, PERSONAL, ALL):
        raise invalid("filter_type")
    found = [
        moment
        for moment in wecom_of(world).moments.values()
        if start <= moment.created_at <= end
        and wanted in (ALL, _create_type(moment))
        and creator in ("", moment.creator, *moment.published)
    ]
    rows, more = page(found, body, LIST_PAGE_MAX, LIST_PAGE_MAX)
    return ok(moment_list=[_described(moment) for moment in rows], next_cursor=more.get("next_cursor", ""))


def _create_type(moment: Moment) -> int:
    return PERSONAL if moment.creator else CORPORATE


def _described(moment: Moment) -> dict[str, Any]:
    attachments = [one for one in moment.fields.get("attachments") or [] if isinstance(one, dict)]
    images = [one["image"] for one in attachments if one.get("msgtype") == "image"]
    single = {
        one["msgtype"]: one[one["msgtype"]] for one in attachments if one.get("msgtype") in ("video", "link")
    }
    visible = mapping(moment.fields, "visible_range")
    return {
        "moment_id": moment.moment_id,
        "creator": moment.creator,
        "create_time": moment.created_at,
        "create_type": _create_type(moment),
        "visible_type": 0 if visible.get("external_contact_list") else 1,
        "text": {"content": text_of(moment.fields)},
        **({"image": images} if images else {}),
        **single,
    }


def _moment(world: World, body: dict[str, Any]) -> Moment:
    moment_id = body.get("moment_id")
    if not moment_id:
        raise ApiError(41059, "missing moment_id")
    found = wecom_of(world).moments.get(str(moment_id))
    if found is None:
        raise ApiError(41060, "invalid moment_id")
    return found


def _sender(moment: Moment, body: dict[str, Any]) -> str:
    userid = phrase(body, "userid", 64)
    if userid not in moment.senders:
        raise ApiError(41061, "the moment is not of this userid")
    return userid


async def tasks_of(request: Request) -> Response:
    """`POST externalcontact/get_moment_task`: publish_status 1 once a member has published."""
    world = customer_contact(request)
    body = await json_body(request)
    moment = _moment(world, body)
    rows, more = page(moment.senders, body, 500, PAGE_MAX)
    tasks = [{"userid": userid, "publish_status": int(userid in moment.published)} for userid in rows]
    return ok(task_list=tasks, **more)


def readers_of(world: World, moment: Moment, userid: str) -> list[str]:
    """The customers of a member who can see the post."""
    visible = mapping(mapping(moment.fields, "visible_range"), "external_contact_list")
    tags = set(words(visible, "tag_list", 100))
    return [
        relation.external_userid
        for relation in wecom_of(world).relations.values()
        if relation.userid == userid and (not tags or tags & set(relation.tag_ids))
    ]


async def customers_of(request: Request) -> Response:
    """`POST externalcontact/get_moment_customer_list`: whom a member's post is meant for."""
    world = customer_contact(request)
    body = await json_body(request)
    moment = _moment(world, body)
    userid = _sender(moment, body)
    rows, more = page(readers_of(world, moment, userid), body, 500, PAGE_MAX)
    return ok(customer_list=[{"userid": userid, "external_userid": one} for one in rows], **more)


async def results_of(request: Request) -> Response:
    """`POST externalcontact/get_moment_send_result`: who can see it; 41062 before the member has published."""
    world = customer_contact(request)
    body = await json_body(request)
    moment = _moment(world, body)
    userid = _sender(moment, body)
    if userid not in moment.published:
        raise ApiError(41062, "the moment has not been published by this userid")
    rows, more = page(readers_of(world, moment, userid), body, 3000, 5000)
    return ok(customer_list=[{"external_userid": one} for one in rows], **more)


async def reactions_of(request: Request) -> Response:
    """`POST externalcontact/get_moment_comments`: who commented and who liked a member's post."""
    world = customer_contact(request)
    body = await json_body(request)
    moment = _moment(world, body)
    userid = _sender(moment, body)
    found = {
        kind: [
            {"external_userid": external, "create_time": at}
            for owner, external, what, at in moment.reactions
            if (owner, what) == (userid, kind)
        ]
        for kind in REACTIONS
    }
    return ok(comment_list=found["comment"], like_list=found["like"])


async def cancel(request: Request) -> Response:
    """`POST externalcontact/cancel_moment_task`: members who have not published no longer can."""
    world = customer_contact(request)
    _moment(world, await json_body(request)).cancelled = True
    return ok()


ROUTES: list[Route] = [
    Route(f"{PREFIX}/add_moment_task", add, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_task_result", job_result, methods=["GET", "POST"]),
    Route(f"{PREFIX}/get_moment_list", list_moments, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_task", tasks_of, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_customer_list", customers_of, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_send_result", results_of, methods=["POST"]),
    Route(f"{PREFIX}/get_moment_comments", reactions_of, methods=["POST"]),
    Route(f"{PREFIX}/cancel_moment_task", cancel, methods=["POST"]),
]
