"""The datacube of an Official Account, counted from what happened in this world."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.common import beijing_day, beijing_hour, caller
from seta_sandbox.official_account.records import Occurrence
from seta_sandbox.official_account.spans import DASHED, days, read_span
from seta_sandbox.official_account.state import Account, oa_of

# subscribe_scene -> user_source
SOURCES = {
    "ADD_SCENE_SEARCH": 1,
    "ADD_SCENE_PROFILE_CARD": 17,
    "ADD_SCENE_QR_CODE": 30,
    "ADD_SCENE_PAID": 51,
    "ADD_SCENE_PROFILE_LINK": 57,
    "ADD_SCENE_PROFILE_ITEM": 57,
    "ADD_SCENE_WECHAT_ADVERTISEMENT": 78,
    "ADD_SCENE_REPRINT": 100,
    "ADD_SCENE_LIVESTREAM": 149,
    "ADD_SCENE_CHANNELS": 161,
    "ADD_SCENE_WXA": 0,
}
MESSAGE_TYPES = {"text": 1, "image": 2, "voice": 3, "video": 4, "shortvideo": 4, "link": 6}
NO_READS = {
    "int_page_read_user": 0,
    "int_page_read_count": 0,
    "ori_page_read_user": 0,
    "ori_page_read_count": 0,
    "share_user": 0,
    "share_count": 0,
    "add_to_fav_user": 0,
    "add_to_fav_count": 0,
}

Rows = list[dict[str, Any]]
Report = Callable[[World, App, Account, date, date], Rows]


def of_kind(account: Account, kind: str, first: date, last: date) -> Iterable[tuple[date, Occurrence]]:
    """What happened of that kind within the span, with its day."""
    for one in account.log:
        day = beijing_day(one.at)
        if one.kind == kind and first <= day <= last:
            yield day, one


def user_summary(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """New and lost followers a day and source."""
    new: Counter[tuple[date, int]] = Counter()
    lost: Counter[tuple[date, int]] = Counter()
    for day, one in of_kind(account, "follow", first, last):
        new[day, SOURCES.get(one.detail, 0)] += 1
    for day, _ in of_kind(account, "unfollow", first, last):
        lost[day, 0] += 1
    keys = sorted({*new, *lost, *((day, 0) for day in days(first, last))})
    return [
        {
            "ref_date": str(day),
            "user_source": source,
            "new_user": new[day, source],
            "cancel_user": lost[day, source],
        }
        for day, source in keys
    ]


def user_cumulate(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """Followers at the end of each day."""
    sign = {"follow": 1, "unfollow": -1}
    return [
        {
            "ref_date": str(day),
            "user_source": 0,
            "cumulate_user": sum(sign.get(one.kind, 0) for one in account.log if beijing_day(one.at) <= day),
        }
        for day in days(first, last)
    ]


def article_summary(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """The articles published in the span; nobody reads in the sandbox, so the counts are zero."""
    return [
        {
            "ref_date": str(beijing_day(job.at)),
            "msgid": f"{job.msg_data_id}_{number}",
            "title": article["title"],
            **NO_READS,
        }
        for job in account.publications.values()
        for number, article in enumerate(job.articles, 1)
        if job.status == 0 and first <= beijing_day(job.at) <= last
    ]


def article_total(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """As the summary, with one line of details a day since."""
    detail = {"stat_date": str(last), "target_user": len(account.followers), **NO_READS}
    kept = ("ref_date", "msgid", "title")
    return [
        {**{key: row[key] for key in kept}, "details": [detail]}
        for row in article_summary(world, app, account, first, last)
    ]


def user_read(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """Reads a day: none."""
    return [{"ref_date": str(day), "user_source": 0, **NO_READS} for day in days(first, last)]


def user_read_hour(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """Reads an hour: none."""
    return [
        {**row, "ref_hour": 0, "total_online_time": 0} for row in user_read(world, app, account, first, last)
    ]


def user_share(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """Shares a day: none."""
    return [
        {"ref_date": str(day), "share_scene": 1, "share_count": 0, "share_user": 0}
        for day in days(first, last)
    ]


def user_share_hour(world: World, app: App, account: Account, first: date, last: date) -> Rows:
    """Shares an hour: none."""
    return [{**row, "ref_hour": 0} for row in user_share(world, app, account, first, last)]


def messages(period: Callable[[date], date], *, hourly: bool = False) -> Report:
    """A report of users' messages by type and period."""

    def report(world: World, app: App, account: Account, first: date, last: date) -> Rows:
        found: dict[tuple[date, int, int], list[str]] = defaultdict(list)
        for day, one in of_kind(account, "message", first, last):
            hour = beijing_hour(one.at) * 100 if hourly else 0
            found[period(day), hour, MESSAGE_TYPES.get(one.detail, 6)].append(one.openid)
        return [
            {
                "ref_date": str(day),
                **({"ref_hour": hour} if hourly else {}),
                "msg_type": kind,
                "msg_user": len(set(openids)),
                "msg_count": len(openids),
            }
            for (day, hour, kind), openids in sorted(found.items())
        ]

    return report


def distribution(period: Callable[[date], date]) -> Report:
    """How many users wrote 1 to 5 (1), 6 to 10 (2) or more than 10 (3) messages in a period."""

    def report(world: World, app: App, account: Account, first: date, last: date) -> Rows:
        counts: Counter[tuple[date, str]] = Counter()
        for day, one in of_kind(account, "message", first, last):
            counts[period(day), one.openid] += 1
        users: Counter[tuple[date, int]] = Counter()
        for (start, _), count in counts.items():
            users[start, 1 if count <= 5 else 2 if count <= 10 else 3] += 1
        return [
            {"ref_date": str(start), "count_interval": interval, "msg_user": many}
            for (start, interval), many in sorted(users.items())
        ]

    return report


def interface(*, hourly: bool = False) -> Report:
    """A report of the pushes to the account's own server, from the journal."""

    def report(world: World, app: App, account: Account, first: date, last: date) -> Rows:
        url, found = world.callback(app).url, defaultdict[tuple[date, int], list[int]](list)
        for entry in world.journal.entries:
            day = beijing_day(entry.at)
            if entry.direction == "out" and url and entry.path.startswith(url) and first <= day <= last:
                found[day, beijing_hour(entry.at) * 100 if hourly else 0].append(entry.status)
        return [
            {
                "ref_date": str(day),
                **({"ref_hour": hour} if hourly else {}),
                "callback_count": len(statuses),
                "fail_count": sum(status != 200 for status in statuses),
                # (K) The journal does not time pushes: a millisecond each.
                "total_time_cost": len(statuses),
                "max_time_cost": 1,
            }
            for (day, hour), statuses in sorted(found.items())
        ]

    return report


def day_itself(day: date) -> date:
    """Statistics by day."""
    return day


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


# name -> (days at most, report); the spans beyond user* are (K).
REPORTS: dict[str, tuple[int, Report]] = {
    "getusersummary": (7, user_summary),
    "getusercumulate": (7, user_cumulate),
    "getarticlesummary": (1, article_summary),
    "getarticletotal": (1, article_total),
    "getuserread": (3, user_read),
    "getuserreadhour": (1, user_read_hour),
    "getusershare": (7, user_share),
    "getusersharehour": (1, user_share_hour),
    "getupstreammsg": (7, messages(day_itself)),
    "getupstreammsghour": (1, messages(day_itself, hourly=True)),
    "getupstreammsgweek": (30, messages(week_of)),
    "getupstreammsgmonth": (30, messages(month_of)),
    "getupstreammsgdist": (15, distribution(day_itself)),
    "getupstreammsgdistweek": (30, distribution(week_of)),
    "getupstreammsgdistmonth": (30, distribution(month_of)),
    "getinterfacesummary": (30, interface()),
    "getinterfacesummaryhour": (1, interface(hourly=True)),
}


async def statistics(request: Request) -> Response:
    """`POST /datacube/<name> {begin_date, end_date}`: days as `YYYY-MM-DD`, the latest is yesterday."""
    app, world, account = caller(request)
    body = await json_body(request)
    days_max, report = REPORTS[request.url.path.rsplit("/", 1)[1]]
    first, last = read_span(world, body.get("begin_date"), body.get("end_date"), DASHED, days_max)
    return JSONResponse({"list": report(world, app, account, first, last)})


async def statistics_ready(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`hour`: from which hour in Beijing yesterday's statistics are ready (8); 0 is at once."""
    hour = body.get("hour")
    if not isinstance(hour, int) or not 0 <= hour <= 24:
        raise ControlError("hour must be a whole number from 0 to 24")
    oa_of(world).ready_hour = hour
    return {"hour": hour}


ACTIONS: dict[str, Action] = {"statistics_ready": statistics_ready}
ROUTES: list[Route] = [Route(f"/datacube/{name}", statistics, methods=["POST"]) for name in REPORTS]
