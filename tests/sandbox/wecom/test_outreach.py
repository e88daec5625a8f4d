"""Mass messages that members confirm, and posts for Moments."""

from typing import Any

from tests.sandbox.wecom.doors import CONTACT, LIN, MARCO, Doors

DAY = 86_400


def prepare(doors: Doors, **change: Any) -> dict[str, Any]:
    body = {"chat_type": "single", "sender": LIN, "text": {"content": "新品预览"}, **change}
    return doors.call("add_msg_template", body)


def statuses(doors: Doors, msgid: str, userid: str = LIN) -> dict[str, int]:
    rows = doors.call("get_groupmsg_send_result", {"msgid": msgid, "userid": userid})["send_list"]
    return {row.get("external_userid") or row["chat_id"]: row["status"] for row in rows}


def test_only_the_member_who_last_talked_is_asked(doors: Doors) -> None:
    external = doors.befriend(0, LIN)
    doors.befriend(0, MARCO)
    stranger = doors.person(5).external_userid
    doors.control("advance", seconds=60)
    doors.control("wecom_message", external_userid=external, userid=LIN, sender="sa", content="您好")

    made = prepare(doors, sender="", external_userid=[external, stranger, "wm-unknown"])

    tasks = doors.call("get_groupmsg_task", {"msgid": made["msgid"]})["task_list"]
    assert made["fail_list"] == [stranger, "wm-unknown"]
    assert tasks == [{"userid": LIN, "status": 0}]


def test_tags_choose_by_any_of_a_group_and_all_of_the_groups(doors: Doors) -> None:
    people = [doors.befriend(number) for number in range(3)]
    groups = [
        doors.call("add_corp_tag", {"group_name": name, "tag": [{"name": "a"}, {"name": "b"}]})["tag_group"]
        for name in ("taste", "city")
    ]
    (silk, wool), (milan, _) = ([tag["id"] for tag in group["tag"]] for group in groups)
    for external, tags in zip(people, ([silk, milan], [wool, milan], [silk]), strict=True):
        doors.call("mark_tag", {"userid": LIN, "external_userid": external, "add_tag": tags})

    wanted = {"group_list": [{"tag_list": [silk, wool]}, {"tag_list": [milan]}]}
    msgid = prepare(doors, tag_filter=wanted)["msgid"]

    assert list(statuses(doors, msgid)) == people[:2]
    assert prepare(doors, tag_filter={"group_list": [{"tag_list": ["et0"]}]})["errcode"] == 40068


def test_results_tell_sent_strangers_and_used_quota(doors: Doors) -> None:
    doors.control("wecom_settings", mass_rule="day")
    first, second = doors.befriend(0), doors.befriend(1)
    doors.control("confirm_mass", msgid=prepare(doors, external_userid=[first])["msgid"])
    msgid = prepare(doors)["msgid"]
    third = doors.befriend(2)
    late = prepare(doors, external_userid=[third])["msgid"]
    doors.control("delete_contact", userid=LIN, external_userid=third, by="sa")

    assert doors.control("confirm_mass", msgid=msgid)["sent"] == 1
    doors.control("confirm_mass", msgid=late)
    assert statuses(doors, msgid) == {first: 3, second: 1}
    assert statuses(doors, late) == {third: 2}


def test_a_member_may_choose_when_the_message_allows_it(doors: Doors) -> None:
    first, second = doors.befriend(0), doors.befriend(1)
    fixed, free = prepare(doors)["msgid"], prepare(doors, allow_select=True)["msgid"]

    assert "allow_select" in doors.refused("confirm_mass", msgid=fixed, targets=[first])
    doors.control("confirm_mass", msgid=free, targets=[second])
    assert statuses(doors, free) == {first: 0, second: 1}


def test_a_group_message_goes_to_the_sender_s_chats(doors: Doors) -> None:
    person = doors.person()
    chat = doors.control("create_group_chat", owner=LIN, members=[MARCO, person.key])["chat_id"]

    made = prepare(doors, chat_type="group", chat_id_list=[chat, "wrUnknown"])
    doors.control("confirm_mass", msgid=made["msgid"])

    items = doors.control("inbox", openid=person.key, chat=f"room:{chat}")["items"]
    assert made["fail_list"] == ["wrUnknown"]
    assert statuses(doors, made["msgid"]) == {chat: 1}
    assert [item["content"] for item in items] == [{"content": "新品预览"}]
    assert prepare(doors, chat_type="group", sender="")["errcode"] == 40063


def test_reminders_are_three_a_day_and_a_cancelled_message_stays_unsent(doors: Doors) -> None:
    doors.befriend()
    msgid = prepare(doors)["msgid"]

    reminded = [doors.code("remind_groupmsg_send", {"msgid": msgid}) for _ in range(4)]
    waiting = doors.control("wecom_member", userid=LIN)
    doors.control("advance", seconds=DAY + 1)

    assert reminded == [0, 0, 0, 45009]
    assert (waiting["mass_messages"], waiting["reminders"]) == ([msgid], 3)
    assert doors.code("remind_groupmsg_send", {"msgid": msgid}) == 0
    assert doors.code("cancel_groupmsg_send", {"msgid": msgid}) == 0
    assert "cancelled" in doors.refused("confirm_mass", msgid=msgid)
    assert list(statuses(doors, msgid).values()) == [0]


def test_mass_messages_are_listed_by_kind_and_time(doors: Doors) -> None:
    doors.befriend()
    msgids = [prepare(doors)["msgid"] for _ in range(3)]
    now = doors.world.clock.unix()
    ask = {"chat_type": "single", "start_time": now - 60, "end_time": now + 60, "limit": 2}

    first = doors.call("get_groupmsg_list_v2", ask)
    second = doors.call("get_groupmsg_list_v2", {**ask, "cursor": first["next_cursor"]})

    listed = first["group_msg_list"] + second["group_msg_list"]
    assert [row["msgid"] for row in listed] == msgids
    assert (listed[0]["creator"], listed[0]["create_type"]) == (LIN, 0)
    assert listed[0]["text"] == {"content": "新品预览"}
    assert doors.call("get_groupmsg_list_v2", {**ask, "filter_type": 1})["group_msg_list"] == []
    assert doors.code("get_groupmsg_list_v2", {**ask, "start_time": now - 40 * DAY}) == 40058
    assert doors.code("get_groupmsg_list_v2", {**ask, "chat_type": "all"}) == 40058


def test_wrong_mass_messages_are_refused_with_their_codes(doors: Doors) -> None:
    nobody = prepare(doors)["errcode"]
    doors.befriend()
    image = {"msgtype": "image", "image": {"media_id": "unknown"}}
    changes: list[dict[str, Any]] = [
        {"text": {}},
        {"text": {"content": "丝" * 1334}},
        {"attachments": [image] * 10},
        {"attachments": [{"msgtype": "poem", "poem": {}}]},
        {"attachments": [image]},
        {"sender": "nobody"},
        {"sender": ""},
        {"external_userid": "wm1"},
    ]

    assert nobody == 41048
    codes = [prepare(doors, **change)["errcode"] for change in changes]
    assert codes == [40063, 45002, 41064, 41065, 40007, 60111, 40063, 40058]
    assert [doors.code("get_groupmsg_task", body) for body in ({}, {"msgid": "x"})] == [41046, 41047]
    doors.control("wecom_settings", dispatching_seconds=60)
    assert doors.code("cancel_groupmsg_send", {"msgid": prepare(doors)["msgid"]}) == 41063


def moment(doors: Doors, **change: Any) -> dict[str, Any]:
    return doors.call("add_moment_task", {"text": {"content": "今日米兰"}, **change})


def test_a_moment_is_prepared_published_seen_liked_and_cancelled(doors: Doors) -> None:
    silk = doors.call("add_corp_tag", {"group_name": "taste", "tag": [{"name": "silk"}]})["tag_group"]["tag"][
        0
    ]
    first, second = doors.befriend(0), doors.befriend(1)
    doors.call("mark_tag", {"userid": LIN, "external_userid": first, "add_tag": [silk["id"]]})
    picture = {"msgtype": "image", "image": {"media_id": doors.upload()["media_id"]}}
    visible = {
        "sender_list": {"user_list": [LIN, "nobody"], "department_list": [7]},
        "external_contact_list": {"tag_list": [silk["id"], "et0"]},
    }
    jobid = moment(doors, attachments=[picture], visible_range=visible)["jobid"]

    by_body = doors.call("get_moment_task_result", {"jobid": jobid})
    by_query = doors.get(f"{CONTACT}/get_moment_task_result", jobid=jobid)
    named = {"moment_id": by_body["result"]["moment_id"], "userid": LIN}
    early = doors.code("get_moment_send_result", named)
    doors.control("moment_publish", userid=LIN, jobid=jobid)
    doors.control("moment_react", **named, external_userid=first)
    doors.control("moment_react", **named, external_userid=first, kind="comment")

    assert by_body == by_query
    assert by_body["result"]["invalid_sender_list"] == {"user_list": ["nobody"], "department_list": [7]}
    assert by_body["result"]["invalid_external_contact_list"] == {"tag_list": ["et0"]}
    assert early == 41062
    task = {"moment_id": named["moment_id"]}
    assert doors.call("get_moment_task", task)["task_list"] == [{"userid": LIN, "publish_status": 1}]
    assert doors.call("get_moment_customer_list", named)["customer_list"] == [
        {"userid": LIN, "external_userid": first}
    ]
    assert doors.call("get_moment_send_result", named)["customer_list"] == [{"external_userid": first}]
    reactions = doors.call("get_moment_comments", named)
    assert [len(reactions[name]) for name in ("comment_list", "like_list")] == [1, 1]
    assert "does not see" in doors.refused("moment_react", **named, external_userid=second)
    assert doors.code("cancel_moment_task", task) == 0
    assert "cancelled" in doors.refused("moment_publish", moment_id=named["moment_id"])


def test_moments_are_listed_by_who_made_them(doors: Doors) -> None:
    moment(doors)
    doors.control("moment_publish", userid=MARCO, text="自己写的")
    now = doors.world.clock.unix()
    ask = {"start_time": now - 60, "end_time": now + 60}

    def creators(**more: Any) -> list[str]:
        return [row["creator"] for row in doors.call("get_moment_list", {**ask, **more})["moment_list"]]

    assert creators() == ["", MARCO]
    assert (creators(filter_type=0), creators(filter_type=1)) == ([""], [MARCO])
    assert doors.code("get_moment_list", {**ask, "limit": 21}) == 40058
    assert doors.code("get_moment_list", {"start_time": now - 31 * DAY, "end_time": now}) == 40058


def test_wrong_moments_are_refused_with_their_codes(doors: Doors) -> None:
    album = {"msgtype": "image", "image": {"media_id": doors.upload(purpose=2)["media_id"]}}
    link = {"msgtype": "link", "link": {"title": "SS27", "url": "https://serica.example"}}
    changes: list[dict[str, Any]] = [
        {"text": {}},
        {"text": {"content": "丝" * 2001}},
        {"attachments": [link, link]},
        {"attachments": [{"msgtype": "file", "file": {}}]},
        {"attachments": [album]},
    ]

    assert [moment(doors, **change)["errcode"] for change in changes] == [40063, 45002, 41064, 41065, 40007]
    assert [doors.code("get_moment_task", body) for body in ({}, {"moment_id": "x"})] == [41059, 41060]
    jobid = moment(doors, attachments=[link], visible_range={"sender_list": {"user_list": [LIN]}})["jobid"]
    named = {"moment_id": doors.call("get_moment_task_result", {"jobid": jobid})["result"]["moment_id"]}
    assert doors.code("get_moment_comments", {**named, "userid": MARCO}) == 41061
    assert "only linyue" in doors.refused("moment_publish", userid=MARCO, jobid=jobid)
    doors.control("advance", seconds=DAY + 1)
    assert doors.code("get_moment_task_result", {"jobid": jobid}) == 40088


def test_a_moment_s_job_may_take_its_time(doors: Doors) -> None:
    doors.control("wecom_settings", moment_job_seconds=30)
    jobid = moment(doors)["jobid"]

    running = doors.call("get_moment_task_result", {"jobid": jobid})
    doors.control("advance", seconds=31)

    assert (running["status"], "result" in running) == (2, False)
    assert doors.call("get_moment_task_result", {"jobid": jobid})["status"] == 3
