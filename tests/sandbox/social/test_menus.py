"""Default and personalised menus."""

import pytest

from tests.sandbox.social.caller import Account, Server

DEFAULT = {"button": [{"type": "click", "name": "今日推荐", "key": "today"}]}
GUESTS = {"button": [{"type": "click", "name": "贵宾", "key": "guest"}]}


def make_tag(oa: Account) -> int:
    tag: int = oa.post("/cgi-bin/tags/create", {"tag": {"name": "贵宾"}})["tag"]["id"]
    return tag


def test_a_tagged_follower_sees_the_personalised_menu(oa: Account) -> None:
    tag, openid, other = make_tag(oa), oa.follows(0), oa.follows(1)
    oa.post("/cgi-bin/menu/create", DEFAULT)
    oa.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": tag})

    made = oa.post("/cgi-bin/menu/addconditional", {**GUESTS, "matchrule": {"tag_id": str(tag)}})

    seen = [
        oa.post("/cgi-bin/menu/trymatch", {"user_id": who})["button"][0]["key"] for who in (openid, other)
    ]
    assert seen == ["guest", "today"]
    assert oa.act("menu_click", openid=openid, key="guest")["button"]["name"] == "贵宾"
    both = oa.get("/cgi-bin/menu/get")
    assert both["menu"]["menuid"]
    assert [str(row["menuid"]) for row in both["conditionalmenu"]] == [made["menuid"]]


def test_a_personalised_menu_is_deleted_alone_or_with_all(oa: Account) -> None:
    oa.post("/cgi-bin/menu/create", DEFAULT)
    rule = {"matchrule": {"client_platform_type": "1"}}
    first = oa.post("/cgi-bin/menu/addconditional", {**GUESTS, **rule})["menuid"]
    oa.post("/cgi-bin/menu/addconditional", {**GUESTS, **rule})

    assert oa.code("/cgi-bin/menu/delconditional", {"menuid": first}) == 0
    assert oa.code("/cgi-bin/menu/delconditional", {"menuid": first}) == 65301
    assert oa.get("/cgi-bin/menu/delete")["errcode"] == 0
    assert oa.get("/cgi-bin/menu/get")["errcode"] == 46003


@pytest.mark.parametrize(
    ("rule", "errcode"),
    [
        ({}, 65304),
        (None, 65304),
        ({"tag_id": "999"}, 65307),
        ({"sex": "3"}, 65308),
        ({"client_platform_type": "4"}, 65309),
        ({"language": "xx"}, 65310),
        ({"city": "上海"}, 65306),
    ],
)
def test_rules_that_fit_nobody_are_refused(oa: Account, rule: object, errcode: int) -> None:
    oa.post("/cgi-bin/menu/create", DEFAULT)

    assert oa.code("/cgi-bin/menu/addconditional", {**GUESTS, "matchrule": rule}) == errcode


def test_a_personalised_menu_needs_a_default_one(oa: Account) -> None:
    assert oa.code("/cgi-bin/menu/addconditional", {**GUESTS, "matchrule": {"sex": "2"}}) == 65303
    assert oa.code("/cgi-bin/menu/trymatch", {"user_id": "nobody"}) == 40003


def test_the_console_shows_the_menu_with_lists(oa: Account) -> None:
    menu = {
        "button": [{"name": "米兰", "sub_button": [{"type": "view", "name": "官网", "url": "http://x.it/"}]}]
    }
    assert oa.get("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 0

    oa.post("/cgi-bin/menu/create", menu)

    shown = oa.get("/cgi-bin/get_current_selfmenu_info")
    assert shown["is_menu_open"] == 1
    assert shown["selfmenu_info"]["button"][0]["sub_button"]["list"][0]["name"] == "官网"


@pytest.mark.parametrize(
    ("sub", "errcode"),
    [
        ({"type": "click", "name": "名" * 21, "key": "k"}, 40025),
        ({"type": "click", "name": "n", "key": "k" * 129}, 40026),
        ({"type": "view", "name": "n", "url": "x" * 1025}, 40027),
        ({"type": "media_id", "name": "n"}, 40007),
        ("x", 40023),
    ],
)
def test_sub_buttons_have_their_own_codes(oa: Account, sub: object, errcode: int) -> None:
    assert oa.code("/cgi-bin/menu/create", {"button": [{"name": "米兰", "sub_button": [sub]}]}) == errcode


@pytest.mark.parametrize(
    ("kind", "holder"),
    [
        ("scancode_waitmsg", "ScanCodeInfo"),
        ("pic_weixin", "SendPicsInfo"),
        ("location_select", "SendLocationInfo"),
    ],
)
def test_buttons_that_ask_for_something_push_what_was_taken(
    oa: Account, server: Server, kind: str, holder: str
) -> None:
    openid = oa.follows()
    oa.post("/cgi-bin/menu/create", {"button": [{"type": kind, "name": "扫一扫", "key": "take"}]})

    oa.act("menu_click", openid=openid, key="take", scan_result="c=ss27")

    told = server.events(kind)[0]
    assert told["EventKey"] == "take"
    assert told[holder]


def test_a_followers_phone_reports_its_place(oa: Account, server: Server) -> None:
    assert "follow first" in oa.refused("location", openid=oa.openids[0])
    oa.act("location", openid=oa.follows(), latitude=45.5)

    assert server.events("LOCATION")[0]["Latitude"] == "45.5"
