"""Customers: batches, remarks, tags and strategies."""

from typing import Any

from tests.sandbox.wecom.doors import CONTACT, LIN, MARCO, Doors


def tagged(doors: Doors, *names: str, **more: Any) -> dict[str, Any]:
    body = {"group_name": "interest", "tag": [{"name": name} for name in names], **more}
    group: dict[str, Any] = doors.call("add_corp_tag", body)["tag_group"]
    return group


def test_a_batch_tells_customers_page_by_page_with_tag_ids(doors: Doors) -> None:
    none = doors.code("batch/get_by_user", {"userid_list": [LIN]})
    people = [doors.befriend(number) for number in range(3)]
    tag = tagged(doors, "silk")["tag"][0]["id"]
    doors.call("mark_tag", {"userid": LIN, "external_userid": people[0], "add_tag": [tag]})

    first = doors.call("batch/get_by_user", {"userid_list": [LIN, MARCO], "limit": 2})
    second = doors.call(
        "batch/get_by_user", {"userid_list": [LIN], "limit": 2, "cursor": first["next_cursor"]}
    )
    rows = first["external_contact_list"] + second["external_contact_list"]

    assert none == 84061
    assert [row["external_contact"]["external_userid"] for row in rows] == people
    assert rows[0]["follow_info"]["tag_id"] == [tag]
    assert "tags" not in rows[0]["follow_info"]
    assert second["next_cursor"] == ""


def test_a_batch_names_members_it_may_not_show(doors: Doors) -> None:
    doors.befriend()
    doors.control("wecom_settings", hidden=[MARCO])

    answer = doors.call("batch/get_by_user", {"userid_list": [LIN, MARCO]})

    assert answer["fail_info"] == {"unlicensed_userid_list": [MARCO]}
    assert doors.code("batch/get_by_user", {"userid_list": []}) == 40058
    assert doors.code("batch/get_by_user", {"userid_list": [LIN], "cursor": "x"}) == 40058
    assert doors.code("batch/get_by_user", {"userid_list": ["nobody"]}) == 60111


def test_a_remark_is_kept_whole_or_refused_whole(doors: Doors) -> None:
    external = doors.befriend()
    pair = {"userid": LIN, "external_userid": external}

    codes = [
        doors.code("remark", {**pair}),
        doors.code("remark", {**pair, "remark": "x", "description": "y" * 151}),
        doors.code("remark", {**pair, "remark_pic_mediaid": "unknown"}),
        doors.code("remark", {"userid": MARCO, "external_userid": external, "remark": "x"}),
        doors.code("remark", {"userid": LIN, "external_userid": "wm", "remark": "x"}),
        doors.code("remark", {"userid": "nobody", "external_userid": external, "remark": "x"}),
    ]
    doors.call(
        "remark", {**pair, "remark": "陈女士", "remark_company": "云", "remark_mobiles": ["13800000000"]}
    )
    doors.call("remark", {**pair, "remark_mobiles": [""]})
    follow = doors.get(f"{CONTACT}/get", external_userid=external)["follow_user"][0]

    assert codes == [40063, 40058, 40007, 84061, 40096, 60111]
    assert (follow["remark"], follow["remark_corp_name"], follow["remark_mobiles"]) == ("陈女士", "云", [])


def test_corporate_tags_are_added_renamed_ordered_and_deleted(doors: Doors) -> None:
    external = doors.befriend()
    group = tagged(doors, "silk", "wool", order=3)
    silk, wool = (tag["id"] for tag in group["tag"])
    again = tagged(doors, "silk", "linen")
    doors.call("mark_tag", {"userid": LIN, "external_userid": external, "add_tag": [silk, wool]})

    doors.call("edit_corp_tag", {"id": silk, "name": "seta", "order": 9})
    taken = doors.code("edit_corp_tag", {"id": silk, "name": "wool"})
    listed = doors.call("get_corp_tag_list")["tag_group"][0]
    doors.call("del_corp_tag", {"tag_id": [silk]})
    left = doors.get(f"{CONTACT}/get", external_userid=external)["follow_user"][0]["tags"]
    gone = doors.call("get_corp_tag_list", {"tag_id": [silk]})["tag_group"][0]
    doors.call("del_corp_tag", {"group_id": [group["group_id"]]})

    assert [tag["name"] for tag in again["tag"]] == ["linen"]
    assert taken == 40071
    assert (listed["order"], listed["tag"][0]["name"]) == (3, "seta")
    assert [(tag["tag_name"], tag["type"]) for tag in left] == [("wool", 1)]
    assert (gone["deleted"], gone["tag"][0]["deleted"]) == (True, True)
    assert doors.call("get_corp_tag_list")["tag_group"] == []


def test_wrong_tags_are_refused_with_their_codes(doors: Doors) -> None:
    doors.control("wecom_settings", tags_max=2)
    tagged(doors, "silk")

    wrong: list[dict[str, Any]] = [
        {"group_name": "interest", "tag": [{"name": "wool"}, {"name": "linen"}]},
        {"group_id": "et0", "tag": [{"name": "wool"}]},
        {"group_name": "interest", "tag": []},
        {"group_name": "interest", "tag": [{"name": "x" * 31}]},
        {"group_name": "interest", "tag": [{"name": "x", "order": -1}]},
        {"tag": [{"name": "x"}]},
    ]

    assert [doors.code("add_corp_tag", body) for body in wrong] == [40126, 40068, 40063, 40058, 40058, 40063]
    assert doors.code("edit_corp_tag", {"id": "et0", "name": "x"}) == 40068
    assert doors.code("del_corp_tag", {}) == 40068
    assert doors.code("del_corp_tag", {"tag_id": ["et0"]}) == 40068
    assert len(doors.call("get_corp_tag_list")["tag_group"][0]["tag"]) == 1


def test_a_strategy_has_managers_a_range_and_its_own_tags(doors: Doors) -> None:
    rows = [{"type": 1, "userid": LIN}, {"type": 2, "partyid": 1}]
    body = {"strategy_name": "Milano", "admin_list": [LIN], "range": rows, "privilege": {"join_room": False}}
    made = doors.call("customer_strategy/create", body)["strategy_id"]
    named = {"strategy_id": made}

    doors.call("customer_strategy/edit", {**named, "strategy_name": "Brera", "range_del": rows[1:]})
    tag = doors.call("add_strategy_tag", {**named, "group_name": "level", "tag": [{"name": "gold"}]})[
        "tag_group"
    ]
    doors.call("edit_strategy_tag", {"id": tag["tag"][0]["id"], "name": "platinum"})
    got = doors.call("customer_strategy/get", named)["strategy"]
    listed = doors.call("get_strategy_tag_list", named)["tag_group"]

    assert doors.call("customer_strategy/list")["strategy"] == [named]
    assert (got["strategy_name"], got["privilege"]["join_room"], got["admin_list"]) == ("Brera", False, [LIN])
    assert doors.call("customer_strategy/get_range", named)["range"] == rows[:1]
    assert (listed[0]["strategy_id"], listed[0]["tag"][0]["name"]) == (made, "platinum")
    assert doors.call("get_corp_tag_list")["tag_group"] == []
    assert doors.code("del_strategy_tag", {"tag_id": [tag["tag"][0]["id"]]}) == 0
    assert doors.code("customer_strategy/create", {**body, "admin_list": []}) == 40063
    assert doors.code("customer_strategy/del", named) == 0
    assert doors.code("customer_strategy/get", named) == 40058


def test_a_contact_way_knows_styles_and_short_lives(doors: Doors) -> None:
    way = {"type": 1, "scene": 2, "user": [LIN]}

    made = doors.call("add_contact_way", {**way, "is_temp": True, "expires_in": 60})
    listed = doors.call("list_contact_way", {})["contact_way"]
    doors.control("advance", seconds=61)

    assert listed == []
    assert "no such contact way" in doors.refused("add_contact", config_id=made["config_id"])
    assert doors.code("add_contact_way", {**way, "style": 9}) == 41042
    assert doors.code("add_contact_way", {**way, "is_temp": True, "expires_in": 15 * 86_400}) == 40058
    assert doors.code("add_contact_way", {**way, "type": 2, "user": [LIN, MARCO], "is_temp": True}) == 41039


def test_every_change_of_a_contact_is_pushed(doors: Doors) -> None:
    doors.listen()
    external = doors.befriend()
    pair = {"userid": LIN, "external_userid": external}
    doors.control("add_contact", userid=MARCO, external_userid=external, half=True)
    doors.control("edit_contact", **pair, remark="陈女士")
    doors.control("delete_contact", **pair)
    doors.control("delete_contact", **pair, by="sa")
    doors.control("consent", userid=MARCO, external_userid=external)

    pushed = [(one["ChangeType"], one["UserID"]) for one in doors.pushed if "ChangeType" in one]

    assert pushed == [
        ("add_external_contact", LIN),
        ("add_half_external_contact", MARCO),
        ("edit_external_contact", LIN),
        ("del_follow_user", LIN),
        ("del_external_contact", LIN),
        ("msg_audit_approved", MARCO),
    ]


def test_the_console_pushes_tag_changes_and_the_api_does_not(doors: Doors) -> None:
    doors.listen()
    tagged(doors, "wool")

    made = doors.control("change_tag", change="create", group_name="interest", tag=[{"name": "silk"}])
    doors.control("change_tag", change="update", id=made["id"], name="seta")
    doors.control("change_tag", change="shuffle", id=made["id"])
    doors.control("change_tag", change="delete", id=made["id"])

    changes = [(one["ChangeType"], one["Id"], one["TagType"]) for one in doors.pushed]
    assert changes == [(change, made["id"], "tag") for change in ("create", "update", "shuffle", "delete")]
    assert "40068" in doors.refused("change_tag", change="delete", id=made["id"])


def test_a_console_that_greets_gives_no_welcome_code(doors: Doors) -> None:
    doors.listen()
    doors.control("wecom_settings", own_welcome=True)

    doors.befriend()

    assert "WelcomeCode" not in doors.pushed[0]


def test_a_welcome_may_need_consent(doors: Doors) -> None:
    doors.control("wecom_settings", welcome_needs_consent=True)
    code = doors.control("add_contact", userid=LIN)["welcome_code"]
    greeting = {"welcome_code": code, "text": {"content": "您好"}}

    assert doors.code("send_welcome_msg", greeting) == 41053
    doors.control("consent", userid=LIN)
    assert doors.code("send_welcome_msg", greeting) == 0
