"""The datacubes of Official Accounts and mini programs: spans, formats and counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from seta_sandbox.mini_program.analysis import CALLS
from seta_sandbox.official_account.statistics import REPORTS
from tests.sandbox.social.caller import Account

MP = "/datacube/getweanalysisappid"


def today(app: Account) -> date:
    """The present day in Beijing."""
    return (datetime.fromtimestamp(app.client.world.clock.now(), UTC) + timedelta(hours=8)).date()


def a_day_later(app: Account) -> date:
    """Let a day pass; answers the day that is over. Its statistics are ready at once."""
    day = today(app)
    app.act("statistics_ready", hour=0)
    app.act("advance", seconds=86_400)
    app.fresh_token()
    return day


def cube(oa: Account, name: str, first: date, last: date | None = None) -> dict[str, Any]:
    return oa.post(f"/datacube/{name}", {"begin_date": str(first), "end_date": str(last or first)})


def weigh(mp: Account, name: str, first: date, last: date | None = None) -> dict[str, Any]:
    return mp.post(f"{MP}{name}", {"begin_date": f"{first:%Y%m%d}", "end_date": f"{last or first:%Y%m%d}"})


def test_followers_are_counted_by_source_and_day(oa: Account) -> None:
    oa.follows(0, scene="c=ss27")
    oa.follows(1)
    oa.act("unfollow", openid=oa.follows(2))
    day = a_day_later(oa)

    rows = cube(oa, "getusersummary", day)["list"]

    assert {(row["user_source"], row["new_user"], row["cancel_user"]) for row in rows} == {
        (0, 0, 1),
        (1, 2, 0),
        (30, 1, 0),
    }
    assert cube(oa, "getusercumulate", day)["list"][0]["cumulate_user"] == 2


def test_messages_are_counted_by_type_hour_week_and_person(oa: Account) -> None:
    for number in range(6):
        oa.act("message", openid=oa.openids[0], content=str(number))
    oa.act("message", openid=oa.openids[1], content="您好")
    day = a_day_later(oa)

    rows = cube(oa, "getupstreammsg", day)["list"]

    assert rows == [{"ref_date": str(day), "msg_type": 1, "msg_user": 2, "msg_count": 7}]
    assert sum(row["msg_count"] for row in cube(oa, "getupstreammsghour", day)["list"]) == 7
    intervals = {
        row["count_interval"]: row["msg_user"] for row in cube(oa, "getupstreammsgdist", day)["list"]
    }
    assert intervals == {1: 1, 2: 1}
    monday = day - timedelta(days=day.weekday())
    assert cube(oa, "getupstreammsgweek", day)["list"][0]["ref_date"] == str(monday)
    assert cube(oa, "getupstreammsgmonth", day)["list"][0]["ref_date"] == str(day.replace(day=1))
    assert cube(oa, "getinterfacesummary", day)["list"][0]["callback_count"] == 7


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_report_holds_its_span(oa: Account, name: str) -> None:
    most, last = REPORTS[name][0], today(oa) - timedelta(days=1)
    oa.act("statistics_ready", hour=0)

    assert "list" in cube(oa, name, last - timedelta(days=most - 1), last)
    assert cube(oa, name, last - timedelta(days=most), last)["errcode"] == 61501
    assert cube(oa, name, today(oa))["errcode"] == 61501
    assert oa.code(f"/datacube/{name}", {"begin_date": f"{last:%Y%m%d}", "end_date": str(last)}) == 61500
    assert oa.code(f"/datacube/{name}", {"begin_date": "2026-02-30", "end_date": str(last)}) == 61500


def test_yesterday_is_ready_in_the_morning(oa: Account) -> None:
    yesterday = today(oa) - timedelta(days=1)

    oa.act("statistics_ready", hour=24)

    assert cube(oa, "getusersummary", yesterday)["errcode"] == 61503
    assert "list" in cube(oa, "getusersummary", yesterday - timedelta(days=1))
    assert "hour" in oa.refused("statistics_ready", hour="x")


def test_visits_of_a_mini_program_are_counted(mp: Account) -> None:
    mp.act("mp_visit", openid=mp.openids[0], page="pages/home/index", seconds=30)
    mp.act("mp_visit", openid=mp.openids[0], page="pages/home/index", seconds=10, shared=True)
    mp.act("mp_visit", openid=mp.openids[1], page="pages/store/index", seconds=2)
    day = a_day_later(mp)

    row = weigh(mp, "dailyvisittrend", day)["list"][0]

    assert (row["visit_pv"], row["visit_uv"], row["visit_uv_new"], row["stay_time_session"]) == (
        3,
        2,
        2,
        14.0,
    )
    assert weigh(mp, "dailysummarytrend", day)["list"][0]["share_pv"] == 1
    pages = weigh(mp, "visitpage", day)["list"]
    assert [(one["page_path"], one["page_visit_pv"]) for one in pages] == [
        ("pages/home/index", 2),
        ("pages/store/index", 1),
    ]
    kinds = [one["index"] for one in weigh(mp, "visitdistribution", day)["list"]]
    assert kinds == ["access_source_session_cnt", "access_staytime_info", "access_depth_info"]
    assert weigh(mp, "userportrait", day)["visit_uv"]["genders"][0]["name"] == "女"


def test_visitors_who_come_again_are_retained(mp: Account) -> None:
    mp.act("mp_visit", openid=mp.openids[0])
    mp.act("mp_visit", openid=mp.openids[1])
    day = a_day_later(mp)
    mp.act("mp_visit", openid=mp.openids[0])
    a_day_later(mp)

    kept = weigh(mp, "dailyretaininfo", day)

    assert kept["visit_uv"] == [{"key": 0, "value": 2}, {"key": 1, "value": 1}]


def test_weeks_run_from_monday_and_months_are_whole(mp: Account) -> None:
    monday, sunday = date(2017, 3, 6), date(2017, 3, 12)
    first, last = date(2017, 3, 1), date(2017, 3, 31)

    assert weigh(mp, "weeklyvisittrend", monday, sunday)["list"][0]["ref_date"] == "20170306-20170312"
    assert weigh(mp, "monthlyvisittrend", first, last)["list"][0]["ref_date"] == "201703"
    assert weigh(mp, "weeklyretaininfo", sunday, sunday + timedelta(days=6))["errcode"] == 61501
    assert weigh(mp, "monthlyretaininfo", first, sunday)["errcode"] == 61501
    assert "visit_uv" in weigh(mp, "userportrait", monday, sunday)
    assert weigh(mp, "userportrait", monday, monday + timedelta(days=2))["errcode"] == 61501


@pytest.mark.parametrize("name", [name for name, fits, _ in CALLS if fits.__name__ == "one_day"])
def test_daily_calls_take_one_day(mp: Account, name: str) -> None:
    day = today(mp) - timedelta(days=3)

    assert "errcode" not in weigh(mp, name, day)
    assert weigh(mp, name, day, day + timedelta(days=1))["errcode"] == 61501
    assert weigh(mp, name, today(mp))["errcode"] == 61501
    assert mp.code(f"{MP}{name}", {"begin_date": str(day), "end_date": str(day)}) == 61500
