"""What members did with customers, day by day, counted from what happened in this world."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    DAY_SECONDS,
    ROOT_DEPARTMENT,
    customer_contact,
    numbers,
    ok,
    period,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.group_chats import day_start
from seta_sandbox.wecom.state import wecom_of

USERS_MAX = 100
DAYS_MAX = 30
HISTORY_DAYS = 180


async def behaviour(request: Request) -> Response:
    """`POST externalcontact/get_user_behavior_data`: at most 30 days, none older than 180; one row a Beijing day."""
    world = customer_contact(request)
    body = await json_body(request)
    userids = [staff_member(world, userid) for userid in words(body, "userid", USERS_MAX)]
    parties = numbers(body, "partyid", USERS_MAX)
    if not userids and not parties:
        raise ApiError(40063, "some parameters are empty: userid, partyid")
    if any(party != ROOT_DEPARTMENT for party in parties):
        raise ApiError(40066, "invalid party list")
    start, end = period(body, DAYS_MAX)
    begin, last = day_start(start), day_start(end)
    if begin < world.clock.now() - HISTORY_DAYS * DAY_SECONDS:
        raise ApiError(40058, "invalid Request Parameter: start_time is more than 180 days ago")
    counted = set(userids) | ({one.userid for one in wecom_of(world).staff} if parties else set())
    days = range(begin, last + DAY_SECONDS, DAY_SECONDS)
    return ok(behavior_data=[_day(world, counted, day) for day in days])


def _day(world: World, userids: set[str], day: int) -> dict[str, Any]:
    rows = [
        one for one in wecom_of(world).activity if one[2] in userids and day <= one[0] < day + DAY_SECONDS
    ]
    sent = [one for one in rows if one[1] == "sent"]
    asked: dict[tuple[str, str], float] = {}
    waits: dict[tuple[str, str], float] = {}
    for at, what, userid, external in rows:
        if what == "received":
            asked.setdefault((userid, external), at)
        elif what == "sent" and (userid, external) in asked:
            waits.setdefault((userid, external), at - asked[userid, external])
    replied = {"reply_percentage": round(100 * len(waits) / len(asked), 2)} if asked else {}
    waited = {"avg_reply_time": int(sum(waits.values()) / len(waits) / 60)} if waits else {}
    added = sum(one[1] == "added" for one in rows)
    return {
        "stat_time": day,
        "chat_cnt": len({one[2:] for one in sent}),
        "message_cnt": len(sent),
        **replied,
        **waited,
        "negative_feedback_cnt": sum(one[1] == "deleted" for one in rows),
        "new_apply_cnt": added,
        "new_contact_cnt": added,
    }


ROUTES: list[Route] = [Route(f"{PREFIX}/get_user_behavior_data", behaviour, methods=["POST"])]
