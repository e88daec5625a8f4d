"""Broadcasts and their limits."""

import pytest

from tests.sandbox.social.caller import Account, Server
from tests.sandbox.social.test_material import draft

ALL, SOME = "/cgi-bin/message/mass/sendall", "/cgi-bin/message/mass/send"
TEXT = {"msgtype": "text", "text": {"content": "新品"}}
EVERYBODY = {"filter": {"is_to_all": True}}


def test_a_broadcast_reaches_all_and_reports(oa: Account, server: Server) -> None:
    openids = [oa.follows(number) for number in range(3)]

    job = oa.post(ALL, {**EVERYBODY, "msgtype": "mpnews", "mpnews": {"media_id": draft(oa)}})
    oa.act("settle")

    told = server.events("MASSSENDJOBFINISH")[0]
    assert (told["MsgID"], told["Status"]) == (str(job["msg_id"]), "send success")
    assert [told[name] for name in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")] == [
        "3",
        "3",
        "3",
        "0",
    ]
    article = oa.sees(openids[2], "news")[0]["articles"][0]
    assert oa.client.get(article["url"]).status_code == 200
    assert (
        oa.post("/cgi-bin/message/mass/get", {"msg_id": str(job["msg_id"])})["msg_status"] == "SEND_SUCCESS"
    )
    assert oa.code("/cgi-bin/message/mass/delete", {"msg_id": job["msg_id"]}) == 0
    assert oa.post("/cgi-bin/message/mass/get", {"msg_id": job["msg_id"]})["msg_status"] == "DELETE"
    assert oa.code("/cgi-bin/message/mass/get", {"msg_id": 1}) == 40059


def test_everybody_is_written_to_once_a_day(oa: Account) -> None:
    oa.follows()

    assert [oa.code(ALL, {**EVERYBODY, **TEXT}) for _ in range(2)] == [0, 45028]
    oa.act("advance", seconds=86_400)
    oa.fresh_token()
    assert oa.code(ALL, {**EVERYBODY, **TEXT}) == 0


def test_a_tag_is_written_to(oa: Account) -> None:
    openid, other = oa.follows(0), oa.follows(1)
    tag = oa.post("/cgi-bin/tags/create", {"tag": {"name": "贵宾"}})["tag"]["id"]
    oa.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": tag})

    assert oa.code(ALL, {"filter": {"is_to_all": False, "tag_id": tag}, **TEXT}) == 0

    assert (len(oa.sees(openid, "text")), len(oa.sees(other, "text"))) == (1, 0)
    assert oa.code(ALL, {"filter": {"tag_id": 999}, **TEXT}) == 45159


def test_each_follower_receives_four_a_month(oa: Account, server: Server) -> None:
    openids = [oa.follows(0), oa.follows(1)]

    for _ in range(5):
        assert oa.code(SOME, {"touser": openids, **TEXT}) == 0
    oa.act("settle")

    assert len(oa.sees(openids[0], "text")) == 4
    assert [one["FilterCount"] for one in server.events("MASSSENDJOBFINISH")] == ["2"] * 4 + ["0"]
    assert server.events("MASSSENDJOBFINISH")[-1]["Status"] == "send fail"


def test_the_same_clientmsgid_is_sent_once(oa: Account) -> None:
    openids = [oa.follows(0), oa.follows(1)]
    body = {"touser": openids, **TEXT, "clientmsgid": "campaign-1"}

    first = oa.post(SOME, body)
    fast = oa.post(SOME, body)
    oa.act("advance", seconds=61)
    again = oa.post(SOME, body)

    assert (fast["errcode"], again["errcode"], again["msg_id"]) == (45066, 45065, first["msg_id"])
    assert oa.code(SOME, {**body, "clientmsgid": "x" * 65}) == 45067
    assert len(oa.sees(openids[0], "text")) == 1


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": ["one"]}, 40032),
        ({"touser": [1, 2]}, 40031),
        ({"touser": ["a", "b"]}, 40003),
        ({"msgtype": "smoke"}, 40008),
        ({"text": {"content": ""}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "none"}}, 40007),
    ],
)
def test_broadcasts_that_cannot_be_are_refused(oa: Account, change: dict[str, object], errcode: int) -> None:
    openids = [oa.follows(0), oa.follows(1)]

    assert oa.code(SOME, {"touser": openids, **TEXT, **change}) == errcode


def test_a_preview_shows_one_follower(oa: Account) -> None:
    openid = oa.follows()

    assert oa.code("/cgi-bin/message/mass/preview", {"touser": openid, **TEXT}) == 0
    assert oa.code("/cgi-bin/message/mass/preview", {"towxname": "chenxiao", **TEXT}) == 0
    assert oa.code("/cgi-bin/message/mass/preview", {"towxname": "nobody", **TEXT}) == 40132
    assert len(oa.sees(openid, "text")) == 2


def test_the_speed_is_set_and_read(oa: Account) -> None:
    path = "/cgi-bin/message/mass/speed"

    assert [oa.code(f"{path}/set", body) for body in ({"speed": 3}, {"speed": 5}, {})] == [0, 45083, 45084]
    assert oa.get(f"{path}/get") == oa.post(f"{path}/get") == {"speed": 3, "realspeed": 30}
