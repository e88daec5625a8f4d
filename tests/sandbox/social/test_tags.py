"""Tags of followers and the blacklist."""

import pytest

from tests.sandbox.social.caller import Account, Server

TAGGING = "/cgi-bin/tags/members/batchtagging"


def make(oa: Account, name: str) -> int:
    tag: int = oa.post("/cgi-bin/tags/create", {"tag": {"name": name}})["tag"]["id"]
    return tag


def test_a_tag_is_made_renamed_given_listed_and_deleted(oa: Account) -> None:
    openid, tag = oa.follows(), make(oa, "丝绸")

    assert tag == 100
    assert oa.code("/cgi-bin/tags/update", {"tag": {"id": tag, "name": "真丝"}}) == 0
    assert oa.code(TAGGING, {"openid_list": [openid], "tagid": tag}) == 0
    assert oa.get("/cgi-bin/tags/get")["tags"] == [{"id": tag, "name": "真丝", "count": 1}]
    assert oa.post("/cgi-bin/user/tag/get", {"tagid": tag, "next_openid": ""})["data"]["openid"] == [openid]
    assert oa.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == [tag]
    assert oa.code("/cgi-bin/tags/delete", {"tag": {"id": tag}}) == 0
    assert oa.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == []


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("create", {"tag": {"name": "名" * 11}}, 45158),
        ("create", {"tag": {"name": ""}}, 45157),
        ("create", {"tag": {"name": "丝绸"}}, 45157),
        ("create", {"tag": "丝绸"}, 47001),
        ("update", {"tag": {"id": 2, "name": "星标"}}, 45058),
        ("update", {"tag": {"id": 555, "name": "星标"}}, 45159),
        ("delete", {"tag": {"id": 0}}, 45058),
        ("members/batchtagging", {"openid_list": [], "tagid": 100}, 40032),
        ("members/batchtagging", {"openid_list": ["o"] * 51, "tagid": 100}, 40032),
        ("members/batchtagging", {"openid_list": ["o"], "tagid": 100}, 40003),
        ("members/batchtagging", {"openid_list": ["o"], "tagid": 7}, 45159),
        ("members/batchblacklist", {"openid_list": ["o"] * 21}, 40032),
        ("getidlist", {"openid": "o"}, 40003),
    ],
)
def test_what_breaks_a_rule_of_tags_is_refused(oa: Account, path: str, body: object, errcode: int) -> None:
    make(oa, "丝绸")

    assert oa.code(f"/cgi-bin/tags/{path}", body) == errcode


def test_openids_of_another_app_are_told_apart_and_nobody_is_tagged(oa: Account, mp: Account) -> None:
    tag, openid = make(oa, "丝绸"), oa.follows()

    refused = oa.code(TAGGING, {"openid_list": [openid, mp.openids[0]], "tagid": tag})

    assert refused == 49003
    assert oa.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == []


def test_there_are_a_hundred_tags_and_twenty_for_a_follower(oa: Account) -> None:
    openid = oa.follows()
    tags = [make(oa, f"t{number}") for number in range(100)]

    codes = [oa.code(TAGGING, {"openid_list": [openid], "tagid": tag}) for tag in tags[:21]]

    assert oa.code("/cgi-bin/tags/create", {"tag": {"name": "more"}}) == 45056
    assert codes == [0] * 20 + [45059]


def test_the_blacklisted_are_not_heard_and_cannot_be_written_to(oa: Account, server: Server) -> None:
    openid = oa.follows()
    oa.act("message", openid=openid, content="您好")
    assert oa.code("/cgi-bin/tags/members/batchblacklist", {"openid_list": [openid]}) == 0

    before = len(server.seen)
    oa.act("message", openid=openid, content="在吗")

    text = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    assert len(server.seen) == before
    assert oa.post("/cgi-bin/tags/members/getblacklist", {"begin_openid": ""})["data"]["openid"] == [openid]
    assert oa.code("/cgi-bin/message/custom/send", text) == 43019
    oa.code("/cgi-bin/tags/members/batchunblacklist", {"openid_list": [openid]})
    assert oa.code("/cgi-bin/message/custom/send", text) == 0
