"""Mass messages: prepared by the company, sent when members confirm, within each customer's quota."""

import calendar
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    DAY_SECONDS,
    customer_contact,
    invalid,
    mapping,
    ok,
    page,
    period,
    phrase,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.contacts import find_tag
from seta_sandbox.wecom.group_chats import BEIJING, chats_of, day_start
from seta_sandbox.wecom.messaging import check_content, deliver
from seta_sandbox.wecom.state import MassSend, Relation, wecom_of

CUSTOMERS_MAX, CHATS_MAX = 10_000, 2_000
GROUP_TAGS_MAX = 100
LIST_DAYS_MAX, LIST_PAGE_MAX, PAGE_MAX = 31, 100, 1000
REMINDERS_A_DAY_MAX = 3
UNSENT, SENT, STRANGER, QUOTA_USED = 0, 1, 2, 3
CORPORATE, PERSONAL, ALL = 0, 1, 2
WEEK_LIMIT, DAY_LIMIT = 7, 1


async def add_msg_template(request: Request) -> Response:
    """`POST externalcontact/add_msg_template`: prepares; nothing goes out until members confirm.

    `fail_list` names customers who cannot be reached; 41048 when nobody is left.
    """
    world = customer_contact(request)
    body = await json_body(request)
    check_content(world, body)
    chat_type = body.get("chat_type", "single")
    if chat_type not in ("single", "group"):
        raise invalid("chat_type")
    tasks, failed = _chat_tasks(world, body) if chat_type == "group" else _customer_tasks(world, body)
    if not tasks:
        raise ApiError(41048, "no customer to send")
    msgid = "msg" + "".join(world.rng.choices(ALPHANUMERIC, k=29))
    mass = MassSend(msgid, body, world.clock.unix(), tasks, chat_type, creator=str(body.get("sender") or ""))
    wecom_of(world).mass_sends[msgid] = mass
    return ok(fail_list=failed, msgid=msgid)


def _chat_tasks(world: World, body: dict[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    if not body.get("sender"):
        raise ApiError(40063, "some parameters are empty: sender")
    sender = staff_member(world, body["sender"], "sender")
    wanted = words(body, "chat_id_list", CHATS_MAX)
    own = [chat.chat_id for chat in chats_of(world, [sender])]
    reached = [chat_id for chat_id in own if not wanted or chat_id in wanted]
    return ({sender: reached} if reached else {}), [one for one in wanted if one not in own]


def _customer_tasks(world: World, body: dict[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    wanted = words(body, "external_userid", CUSTOMERS_MAX)
    sender, tags = body.get("sender"), _tag_groups(world, body)
    if not wanted and not sender and not tags:
        raise ApiError(40063, "some parameters are empty: external_userid, sender, tag_filter")
    senders = (
        [staff_member(world, sender, "sender")] if sender else [one.userid for one in wecom_of(world).staff]
    )
    chosen: dict[str, Relation] = {}
    for relation in wecom_of(world).relations.values():
        external = relation.external_userid
        if relation.userid not in senders or (wanted and external not in wanted):
            continue
        if not all(group & set(relation.tag_ids) for group in tags):
            continue
        # Only the member who last talked with the customer is asked to send.
        before = chosen.get(external)
        if before is None or relation.talked_at > before.talked_at:
            chosen[external] = relation
    tasks: dict[str, list[str]] = {}
    for external, relation in chosen.items():
        tasks.setdefault(relation.userid, []).append(external)
    return tasks, [external for external in wanted if external not in chosen]


def _tag_groups(world: World, body: dict[str, Any]) -> list[set[str]]:
    """The sets of `tag_filter`: a customer must have one tag of every set."""
    rows = mapping(body, "tag_filter").get("group_list") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid("tag_filter")
    groups = [set(words(row, "tag_list", GROUP_TAGS_MAX)) for row in rows]
    if any(find_tag(world, tag_id) is None for group in groups for tag_id in group):
        raise ApiError(40068, "invalid tagid")
    return groups


def mass_send(world: World, body: dict[str, Any]) -> MassSend:
    """The prepared mass message of `msgid`; 41046 missing, 41047 unknown, 41063 still being dispatched."""
    msgid = body.get("msgid")
    if not msgid:
        raise ApiError(41046, "missing msgid")
    found = wecom_of(world).mass_sends.get(str(msgid))
    if found is None:
        raise ApiError(41047, "invalid msgid")
    if world.clock.now() < found.created_at + wecom_of(world).settings.dispatching_seconds:
        raise ApiError(41063, "group msg is dispatching, try again later")
    return found


async def list_masses(request: Request) -> Response:
    """`POST externalcontact/get_groupmsg_list_v2`: of at most a month; `filter_type` 0 corporate 1 personal 2 all."""
    world = customer_contact(request)
    body = await json_body(request)
    chat_type = body.get("chat_type")
    if chat_type not in ("single", "group"):
        raise invalid("chat_type")
    start, end = period(body, LIST_DAYS_MAX)
    wanted = body.get("filter_type", ALL)
    if type(wanted) is not int or wanted not in (CORPORATE, PERSONAL, ALL):
        raise invalid("filter_type")
    creator = phrase(body, "creator", 64, required=False)
    found = [
        mass
        for mass in wecom_of(world).mass_sends.values()
        if mass.chat_type == chat_type
        and start <= mass.created_at <= end
        and creator in ("", mass.creator)
        # The interface alone makes them here, and what it makes is corporate.
        and wanted != PERSONAL
    ]
    rows, more = page(found, body, 50, LIST_PAGE_MAX)
    return ok(group_msg_list=[_described(mass) for mass in rows], next_cursor=more.get("next_cursor", ""))


def _described(mass: MassSend) -> dict[str, Any]:
    content = {name: mass.fields[name] for name in ("text", "attachments") if mass.fields.get(name)}
    return {
        "msgid": mass.msgid,
        "creator": mass.creator,
        "create_time": mass.created_at,
        "create_type": CORPORATE,
        **content,
    }


async def tasks_of(request: Request) -> Response:
    """`POST externalcontact/get_groupmsg_task`: who has confirmed (status 2) and who has not (0)."""
    world = customer_contact(request)
    body = await json_body(request)
    mass = mass_send(world, body)
    rows, more = page(list(mass.tasks), body, 500, PAGE_MAX)
    tasks = [
        {"userid": userid, "status": 2, "send_time": mass.confirmed[userid]}
        if userid in mass.confirmed
        else {"userid": userid, "status": 0}
        for userid in rows
    ]
    return ok(task_list=tasks, **more)


async def results_of(request: Request) -> Response:
    """`POST externalcontact/get_groupmsg_send_result`: (K) 0 unsent, 1 sent, 2 not a friend, 3 quota used."""
    world = customer_contact(request)
    body = await json_body(request)
    mass, userid = mass_send(world, body), phrase(body, "userid", 64)
    if userid not in mass.tasks:
        raise ApiError(60111, "invalid string value `userid`. userid not found")
    targets, more = page(mass.tasks[userid], body, 500, PAGE_MAX)
    rows = []
    for target in targets:
        status = mass.sent.get((userid, target), UNSENT)
        name = "chat_id" if mass.chat_type == "group" else "external_userid"
        sent = {"send_time": mass.confirmed[userid]} if status == SENT else {}
        rows.append({name: target, "userid": userid, "status": status, **sent})
    return ok(send_list=rows, **more)


async def remind(request: Request) -> Response:
    """`POST externalcontact/remind_groupmsg_send`: at most three times in 24 hours."""
    world = customer_contact(request)
    mass = mass_send(world, await json_body(request))
    now = world.clock.now()
    recent = [at for at in mass.reminded if at > now - DAY_SECONDS]
    if len(recent) >= REMINDERS_A_DAY_MAX:
        # (K) the code of the fourth reminder.
        raise ApiError(45009, "reach max api daily quota limit")
    mass.reminded = [*recent, now]
    return ok()


async def cancel(request: Request) -> Response:
    """`POST externalcontact/cancel_groupmsg_send`: those who have not confirmed no longer can."""
    world = customer_contact(request)
    mass_send(world, await json_body(request)).cancelled = True
    return ok()


def confirm(world: World, mass: MassSend, userid: str, targets: list[str]) -> int:
    """A member sends to `targets` of their task; returns how many customers or chats received it."""
    mass.confirmed[userid] = world.clock.unix()
    before = list(mass.sent.values()).count(SENT)
    for target in targets:
        group = mass.chat_type == "group"
        status = _send_to_chat(world, mass, target) if group else _send(world, mass, userid, target)
        mass.sent[userid, target] = status
    return list(mass.sent.values()).count(SENT) - before


def _send(world: World, mass: MassSend, userid: str, external: str) -> int:
    if (userid, external) not in wecom_of(world).relations:
        return STRANGER
    now = world.clock.now()
    received = wecom_of(world).mass_received.setdefault(external, [])
    if not _has_quota(world, received, now):
        return QUOTA_USED
    received.append(now)
    deliver(world, world.person(external), userid, mass.fields)
    return SENT


def _send_to_chat(world: World, mass: MassSend, chat_id: str) -> int:
    chat = wecom_of(world).group_chats.get(chat_id)
    if chat is None or chat.dismissed:
        return STRANGER
    for key in chat.members:
        person = world.find_person(key)
        if person is not None:
            deliver(world, person, chat.owner, mass.fields, chat_id=chat_id)
    return SENT


def _has_quota(world: World, received: list[float], now: float) -> bool:
    rule, day = wecom_of(world).settings.mass_rule, datetime.fromtimestamp(now, BEIJING)
    today = day_start(int(now))
    if rule == "day":
        return sum(at >= today for at in received) < DAY_LIMIT
    if rule == "week":
        return sum(at >= today - day.weekday() * DAY_SECONDS for at in received) < WEEK_LIMIT
    first = today - (day.day - 1) * DAY_SECONDS
    return sum(at >= first for at in received) < calendar.monthrange(day.year, day.month)[1]


ROUTES: list[Route] = [
    Route(f"{PREFIX}/add_msg_template", add_msg_template, methods=["POST"]),
    Route(f"{PREFIX}/get_groupmsg_list_v2", list_masses, methods=["POST"]),
    Route(f"{PREFIX}/get_groupmsg_task", tasks_of, methods=["POST"]),
    Route(f"{PREFIX}/get_groupmsg_send_result", results_of, methods=["POST"]),
    Route(f"{PREFIX}/remind_groupmsg_send", remind, methods=["POST"]),
    Route(f"{PREFIX}/cancel_groupmsg_send", cancel, methods=["POST"]),
]
