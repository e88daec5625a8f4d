"""getweanalysis*: visits of a mini program, counted from what happened in this world. Days are `YYYYMMDD`."""

import calendar
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM, App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import beijing_day
from seta_sandbox.official_account.programs import Visit, mp_of
from seta_sandbox.official_account.spans import PLAIN, read_day, read_span

PREFIX = "/datacube/getweanalysisappid"
PAGES_MAX = 200
RETAINED_PERIODS = 2
STAY_KEYS = ((3, 1), (6, 2), (11, 3), (21, 4), (31, 5), (51, 6), (101, 7))

Answer = Callable[[World, App, date, date], dict[str, Any]]


def visits_of(world: World, app: App, first: date, last: date) -> list[Visit]:
    """The visits of that mini program within the span."""
    return [
        visit
        for visit in mp_of(world).visits
        if visit.appid == app.appid and first <= beijing_day(visit.at) <= last
    ]


def _before(world: World, app: App, day: date) -> set[str]:
    return {visit.openid for visit in visits_of(world, app, date.min, day - timedelta(days=1))}


def summary(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """Everybody who ever visited, and the day's shares."""
    shares = [visit.openid for visit in visits_of(world, app, first, last) if visit.shared]
    total = len({visit.openid for visit in visits_of(world, app, date.min, last)})
    row = {
        "ref_date": f"{first:%Y%m%d}",
        "visit_total": total,
        "share_pv": len(shares),
        "share_uv": len(set(shares)),
    }
    return {"list": [row]}


def trend(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """Sessions, page views and visitors of the period."""
    visits = visits_of(world, app, first, last)
    users = {visit.openid for visit in visits}
    seconds = sum(visit.seconds for visit in visits)
    row = {
        "ref_date": _period(first, last),
        "session_cnt": len(visits),
        "visit_pv": len(visits),
        "visit_uv": len(users),
        "visit_uv_new": len(users - _before(world, app, first)),
        "stay_time_uv": round(seconds / len(users), 4) if users else 0,
        "stay_time_session": round(seconds / len(visits), 4) if visits else 0,
        "visit_depth": 1 if visits else 0,
    }
    return {"list": [row]}


def _period(first: date, last: date) -> str:
    if first == last:
        return f"{first:%Y%m%d}"
    return f"{first:%Y%m}" if (last - first).days > 6 else f"{first:%Y%m%d}-{last:%Y%m%d}"


def retained(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """Of the period's visitors, how many came again: key 0 is the period itself."""
    users = {visit.openid for visit in visits_of(world, app, first, last)}
    new, length = users - _before(world, app, first), last - first + timedelta(days=1)
    rows: dict[str, list[dict[str, int]]] = {"visit_uv_new": [], "visit_uv": []}
    for number in range(RETAINED_PERIODS):
        start, end = first + length * number, last + length * number
        back = {visit.openid for visit in visits_of(world, app, start, end)}
        rows["visit_uv_new"].append({"key": number, "value": len(new & back)})
        rows["visit_uv"].append({"key": number, "value": len(users & back)})
    return {"ref_date": _period(first, last), **rows}


def distribution(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """How visits came, how long they stayed and how deep they went."""
    visits = visits_of(world, app, first, last)
    stays = Counter(next((key for limit, key in STAY_KEYS if visit.seconds < limit), 8) for visit in visits)
    users = len({visit.openid for visit in visits})
    depth = {"key": 1, "value": len(visits), "access_depth_visit_uv": users}
    return {
        "ref_date": f"{first:%Y%m%d}",
        "list": [
            {"index": "access_source_session_cnt", "item_list": [{"key": 10, "value": len(visits)}]},
            {
                "index": "access_staytime_info",
                "item_list": [{"key": key, "value": many} for key, many in sorted(stays.items())],
            },
            {"index": "access_depth_info", "item_list": [depth] if visits else []},
        ],
    }


def pages(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """The 200 most visited pages; every visit here enters and leaves by its page."""
    by_page: dict[str, list[Visit]] = {}
    for visit in visits_of(world, app, first, last):
        by_page.setdefault(visit.page, []).append(visit)
    rows = []
    for page, visits in sorted(by_page.items(), key=lambda item: -len(item[1]))[:PAGES_MAX]:
        shares = [visit.openid for visit in visits if visit.shared]
        rows.append(
            {
                "page_path": page,
                "page_visit_pv": len(visits),
                "page_visit_uv": len({visit.openid for visit in visits}),
                "page_staytime_pv": round(sum(visit.seconds for visit in visits) / len(visits), 4),
                "entrypage_pv": len(visits),
                "exitpage_pv": len(visits),
                "page_share_pv": len(shares),
                "page_share_uv": len(set(shares)),
            }
        )
    return {"ref_date": f"{first:%Y%m%d}", "list": rows}


def portrait(world: World, app: App, first: date, last: date) -> dict[str, Any]:
    """Visitors, new and all, by where they live, gender, device and age."""
    users = {visit.openid for visit in visits_of(world, app, first, last)}
    answer = {
        "visit_uv_new": _traits(world, users - _before(world, app, first)),
        "visit_uv": _traits(world, users),
    }
    return {"ref_date": f"{first:%Y%m%d}" if first == last else f"{first:%Y%m%d}-{last:%Y%m%d}", **answer}


def _traits(world: World, openids: set[str]) -> dict[str, list[dict[str, Any]]]:
    people = [world.person(openid) for openid in sorted(openids)]
    cities = _counted(person.city for person in people)
    genders = _counted({1: "男", 2: "女"}.get(person.gender, "未知") for person in people)
    phones = [{"id": 1, "name": "iPhone", "value": len(people)}] if people else []
    ages = [{"id": 0, "name": "未知", "value": len(people)}] if people else []
    devices = [{"name": "iPhone", "value": len(people)}] if people else []
    return {
        "province": cities,
        "city": cities,
        "genders": genders,
        "platforms": phones,
        "devices": devices,
        "ages": ages,
    }


def _counted(names: Any) -> list[dict[str, Any]]:
    return [
        {"id": number, "name": name, "value": many}
        for number, (name, many) in enumerate(Counter(names).items(), 1)
    ]


def whole_week(first: date, last: date) -> bool:
    """Monday to Sunday."""
    return first.weekday() == 0 and (last - first).days == 6


def whole_month(first: date, last: date) -> bool:
    """The first to the last of one month."""
    return first.day == 1 and last == first.replace(day=calendar.monthrange(first.year, first.month)[1])


def one_day(first: date, last: date) -> bool:
    """One single day."""
    return first == last


def portrait_span(first: date, last: date) -> bool:
    """One, seven or thirty days."""
    return (last - first).days in (0, 6, 29)


CALLS: Sequence[tuple[str, Callable[[date, date], bool], Answer]] = (
    ("dailysummarytrend", one_day, summary),
    ("dailyvisittrend", one_day, trend),
    ("weeklyvisittrend", whole_week, trend),
    ("monthlyvisittrend", whole_month, trend),
    ("dailyretaininfo", one_day, retained),
    ("weeklyretaininfo", whole_week, retained),
    ("monthlyretaininfo", whole_month, retained),
    ("visitdistribution", one_day, distribution),
    ("visitpage", one_day, pages),
    ("userportrait", portrait_span, portrait),
)
_BY_NAME = {name: (fits, answer) for name, fits, answer in CALLS}


async def analyse(request: Request) -> Response:
    """`POST /datacube/getweanalysisappid<name> {begin_date, end_date}`: 61500 format, 61501 a wrong span."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    fits, answer = _BY_NAME[request.url.path.removeprefix(PREFIX)]
    begin, end = body.get("begin_date"), body.get("end_date")
    if not fits(read_day(begin, PLAIN), read_day(end, PLAIN)):
        raise ApiError(61501, "date range error")
    first, last = read_span(world, begin, end, PLAIN, 31)
    return JSONResponse(answer(world, app, first, last))


ROUTES: list[Route] = [Route(f"{PREFIX}{name}", analyse, methods=["POST"]) for name in _BY_NAME]
