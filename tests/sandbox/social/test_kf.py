"""Customer service by people: workers, hand-over, sessions and records."""

import time

import pytest

from tests.sandbox.social.caller import Account, Server

WORKER = "linyue@serica"
BASE = "/customservice"


def hire(oa: Account, name: str = WORKER) -> None:
    assert oa.code(f"{BASE}/kfaccount/add", {"kf_account": name, "nickname": "林悦"}) == 0


def transfer(server: Server, oa: Account, openid: str) -> None:
    """The account answers a message with a hand-over."""
    original_id = oa.client.world.app("official_account").original_id
    server.answer = (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{original_id}</FromUserName>"
        "<CreateTime>1700000000</CreateTime><MsgType>transfer_customer_service</MsgType></xml>"
    )
    oa.act("message", openid=openid, content="我要找人")
    server.answer = "success"


def test_a_worker_is_hired_renamed_invited_and_let_go(oa: Account) -> None:
    hire(oa)

    assert oa.code(f"{BASE}/kfaccount/update", {"kf_account": WORKER, "nickname": "悦"}) == 0
    assert oa.code(f"{BASE}/kfaccount/inviteworker", {"kf_account": WORKER, "invite_wx": "linyue_wx"}) == 0
    assert oa.upload(f"{BASE}/kfaccount/uploadheadimg", kf_account=WORKER)["errcode"] == 0
    row = oa.get("/cgi-bin/customservice/getkflist")["kf_list"][0]
    assert (row["kf_nick"], row["invite_status"], row["kf_headimgurl"][:4]) == ("悦", "waiting", "http")
    oa.act("kf_online", kf_account=WORKER, accept_invite=True)
    online = oa.get("/cgi-bin/customservice/getonlinekflist")["kf_online_list"]
    assert [(one["kf_account"], one["accepted_case"]) for one in online] == [(WORKER, 0)]
    assert oa.get("/cgi-bin/customservice/getkflist")["kf_list"][0]["kf_wx"] == "linyue_wx"
    assert oa.get(f"{BASE}/kfaccount/del", kf_account=WORKER).get("errcode") == 0
    assert oa.get("/cgi-bin/customservice/getkflist")["kf_list"] == []


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("kfaccount/add", {"kf_account": WORKER, "nickname": "林悦"}, 65406),
        ("kfaccount/add", {"kf_account": "无@x", "nickname": "林悦"}, 65404),
        ("kfaccount/add", {"kf_account": "a@serica", "nickname": "名" * 17}, 65403),
        ("kfaccount/update", {"kf_account": "b@serica", "nickname": "林悦"}, 65401),
        ("kfaccount/inviteworker", {"kf_account": WORKER, "invite_wx": ""}, 65409),
        ("kfsession/create", {"kf_account": WORKER, "openid": "o"}, 40003),
        ("msgrecord/getmsglist", {"starttime": 2, "endtime": 1, "msgid": 1, "number": 1}, 65416),
        ("msgrecord/getmsglist", {"starttime": 1, "endtime": 90_000, "msgid": 1, "number": 1}, 65417),
        ("msgrecord/getmsglist", {"starttime": 1, "endtime": 2, "msgid": 1, "number": 10_001}, 65416),
    ],
)
def test_wrong_calls_get_the_service_codes(oa: Account, path: str, body: object, errcode: int) -> None:
    hire(oa)

    assert oa.code(f"{BASE}/{path}", body) == errcode


def test_a_handed_over_customer_waits_is_served_and_the_record_tells_it(oa: Account, server: Server) -> None:
    hire(oa)
    openid = oa.follows()
    transfer(server, oa, openid)
    assert oa.get(f"{BASE}/kfsession/getwaitcase")["waitcaselist"][0]["openid"] == openid

    oa.act("kf_online", kf_account=WORKER)
    oa.act("kf_accept", kf_account=WORKER)
    oa.act("message", openid=openid, content="有丝巾吗")
    oa.act("kf_say", kf_account=WORKER, openid=openid, text="有的")
    session = oa.get(f"{BASE}/kfsession/getsession", openid=openid)
    listed = oa.get(f"{BASE}/kfsession/getsessionlist", kf_account=WORKER)["sessionlist"]
    closed = oa.code(f"{BASE}/kfsession/close", {"kf_account": WORKER, "openid": openid})
    oa.act("settle")

    assert (session["kf_account"], listed[0]["openid"], closed) == (WORKER, openid, 0)
    assert oa.code(f"{BASE}/kfsession/close", {"kf_account": WORKER, "openid": openid}) == 65413
    now = int(time.time())
    span = {"starttime": now - 600, "endtime": now + 600, "msgid": 1, "number": 100}
    record = oa.post(f"{BASE}/msgrecord/getmsglist", span)
    assert [row["opercode"] for row in record["recordlist"]] == [1000, 1002, 2003, 2002, 1004]
    assert record["msgid"] == 6
    assert server.events("kf_create_session")[0]["KfAccount"] == WORKER
    assert server.events("kf_close_session")[0]["CloseType"] == "KF"
    assert {"content": "有的"} in oa.sees(openid, "text")


def test_sessions_need_a_worker_who_is_there_and_free_customers(oa: Account) -> None:
    hire(oa)
    hire(oa, "marco@serica")
    openid = oa.follows()
    ask = {"kf_account": WORKER, "openid": openid}
    other = {"kf_account": "marco@serica", "openid": openid}

    assert oa.code(f"{BASE}/kfsession/create", ask) == 65415
    oa.act("kf_online", kf_account=WORKER)
    oa.act("kf_online", kf_account="marco@serica")
    assert [oa.code(f"{BASE}/kfsession/create", body) for body in (ask, ask, other)] == [0, 0, 65414]


def test_messages_in_a_workers_name_need_that_worker(oa: Account) -> None:
    openid = oa.follows()
    text = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    named = {**text, "customservice": {"kf_account": WORKER}}

    assert oa.code("/cgi-bin/message/custom/send", named) == 65401
    hire(oa)
    assert oa.code("/cgi-bin/message/custom/send", named) == 0


def test_acts_of_workers_say_what_is_wrong(oa: Account) -> None:
    hire(oa)

    assert "kfaccount/add" in oa.refused("kf_online", kf_account="x")
    assert "nobody waits" in oa.refused("kf_accept", kf_account=WORKER)
    assert "serves" in oa.refused("kf_say", kf_account=WORKER, openid=oa.openids[0], text="您好")
