"""Group chats with customers, and what members and chats did day by day."""

from datetime import datetime, timedelta, timezone
from typing import Any

from tests.sandbox.wecom.doors import AUDIT, LIN, MARCO, Doors

DAY = 86_400


def today(doors: Doors) -> int:
    """The first second of the virtual day in Beijing."""
    now = datetime.fromtimestamp(doors.world.clock.now(), timezone(timedelta(hours=8)))
    return int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def open_chat(doors: Doors, *members: str, owner: str = LIN, name: str = "Serica 新品群") -> str:
    return str(doors.control("create_group_chat", owner=owner, members=list(members), name=name)["chat_id"])


def test_a_chat_tells_who_is_in_it_and_how_they_came(doors: Doors) -> None:
    person = doors.person()
    chat_id = open_chat(doors, MARCO, person.key)

    listed = doors.call("groupchat/list", {"limit": 10, "owner_filter": {"userid_list": [LIN]}})
    chat = doors.call("groupchat/get", {"chat_id": chat_id, "need_name": 1})["group_chat"]
    nameless = doors.call("groupchat/get", {"chat_id": chat_id})["group_chat"]

    assert listed["group_chat_list"] == [{"chat_id": chat_id, "status": 0}]
    assert [(one["userid"], one["type"], one["name"]) for one in chat["member_list"]] == [
        (LIN, 1, "林悦"),
        (MARCO, 1, "Marco Bassi"),
        (person.external_userid, 2, person.name),
    ]
    assert chat["member_list"][2]["unionid"] == person.unionid
    assert chat["member_list"][2]["invitor"] == {"userid": LIN}
    assert "name" not in nameless["member_list"][0]
    assert (chat["owner"], chat["name"]) == (LIN, "Serica 新品群")


def test_chats_that_are_malformed_unknown_or_internal_are_refused(doors: Doors) -> None:
    internal = open_chat(doors, MARCO)

    codes = [doors.code("groupchat/get", {"chat_id": one}) for one in ("x", "wr" + "0" * 30, internal)]

    assert codes == [40058, 40050, 90501]
    assert doors.code("groupchat/list", {}) == 40063
    assert doors.code("groupchat/list", {"limit": 1001}) == 40058
    assert doors.code("groupchat/list", {"limit": 1, "status_filter": 4}) == 40058
    assert doors.call("groupchat/list", {"limit": 1})["group_chat_list"] == []


def test_every_change_of_a_chat_is_pushed(doors: Doors) -> None:
    doors.listen()
    people = [doors.person(number).external_userid for number in range(3)]
    chat_id = open_chat(doors, people[0], MARCO)
    doors.control("change_group_chat", chat_id=chat_id, change="add_member", members=people[1:], scene=3)
    doors.control("change_group_chat", chat_id=chat_id, change="del_member", members=[people[0]], scene=1)
    doors.control("change_group_chat", chat_id=chat_id, change="change_owner", owner=MARCO)
    doors.control("change_group_chat", chat_id=chat_id, change="change_name", name="春夏")
    doors.control("change_group_chat", chat_id=chat_id, change="change_notice", notice="周六见")
    doors.control("dismiss_group_chat", chat_id=chat_id)

    pushed = [(one["ChangeType"], one.get("UpdateDetail")) for one in doors.pushed]

    assert {one["Event"] for one in doors.pushed} == {"change_external_chat"}
    assert pushed == [
        ("create", None),
        ("update", "add_member"),
        ("update", "del_member"),
        ("update", "change_owner"),
        ("update", "change_name"),
        ("update", "change_notice"),
        ("dismiss", None),
    ]
    came, went = doors.pushed[1], doors.pushed[2]
    assert (came["JoinScene"], came["MemChangeCnt"], came["MemChangeList"]) == ("3", "2", {"Item": people[2]})
    assert (went["QuitScene"], went["MemChangeCnt"]) == ("1", "1")
    assert went["LastMemVer"] == came["CurMemVer"] != went["CurMemVer"]
    assert doors.code("groupchat/get", {"chat_id": chat_id}) == 40050


def test_chats_pass_to_another_owner(doors: Doors) -> None:
    mine, other = open_chat(doors, doors.person().key), open_chat(doors, doors.person().key, owner=MARCO)
    body = {"chat_id_list": [mine, other, "wr" + "0" * 30], "new_owner": MARCO}
    failed = doors.call("groupchat/onjob_transfer", body)["failed_chat_list"]
    back = {"chat_id_list": [other], "new_owner": LIN}
    there = doors.call("groupchat/transfer", back)["failed_chat_list"]
    doors.control("resign", userid=MARCO)
    waiting = doors.call("groupchat/list", {"limit": 9, "status_filter": 1})["group_chat_list"]

    left = doors.call("groupchat/transfer", back)["failed_chat_list"]

    assert [row["errcode"] for row in failed] == [40130, 40050]
    assert [row["errcode"] for row in there] == [90500]
    assert [row["status"] for row in waiting] == [1, 1]
    assert left == []
    chat = doors.call("groupchat/get", {"chat_id": other})["group_chat"]
    assert (chat["owner"], MARCO in [one["userid"] for one in chat["member_list"]]) == (LIN, False)


def test_figures_of_chats_are_counted_by_owner_and_by_day(doors: Doors) -> None:
    person = doors.person().external_userid
    day = today(doors)
    chat_id = open_chat(doors, person)
    open_chat(doors, person, owner=MARCO)
    for sender in (LIN, person):
        doors.control(
            "wecom_message", roomid=chat_id, userid=LIN, external_userid=person, sender=sender, content="您好"
        )

    by_owner = doors.call("groupchat/statistic", {"day_begin_time": day, "order_by": 2, "order_asc": 1})
    span = {"day_begin_time": day - DAY, "day_end_time": day, "owner_filter": {"userid_list": [LIN]}}
    by_day = doors.call("groupchat/statistic_group_by_day", span)["items"]

    assert (by_owner["total"], by_owner["next_offset"]) == (2, 2)
    figures = {row["owner"]: row["data"] for row in by_owner["items"]}[LIN]
    assert (figures["chat_total"], figures["new_chat_cnt"], figures["member_total"]) == (1, 1, 2)
    assert (figures["msg_total"], figures["chat_has_msg"], figures["member_has_msg"]) == (2, 1, 2)
    assert [(row["stat_time"], row["data"]["msg_total"]) for row in by_day] == [(day - DAY, 0), (day, 2)]
    assert doors.code("groupchat/statistic", {"day_begin_time": day - 31 * DAY, "day_end_time": day}) == 40058
    assert doors.code("groupchat/statistic", {}) == 40058


def test_what_a_member_did_is_counted_by_day(doors: Doors) -> None:
    first, second = doors.befriend(0), doors.befriend(1)
    day = today(doors)

    def say(external: str, sender: str) -> None:
        doors.control("wecom_message", userid=LIN, external_userid=external, sender=sender, content="您好")

    say(first, "client")
    say(second, "client")
    say(first, "sa")
    doors.control("delete_contact", userid=LIN, external_userid=second)

    span: dict[str, Any] = {"userid": [LIN], "start_time": day - DAY, "end_time": day}
    before, now = doors.call("get_user_behavior_data", span)["behavior_data"]
    whole = doors.call("get_user_behavior_data", {**span, "userid": [], "partyid": [1]})["behavior_data"][1]

    assert (before["stat_time"], before["message_cnt"]) == (day - DAY, 0)
    assert now == {
        "stat_time": day,
        "chat_cnt": 1,
        "message_cnt": 1,
        "reply_percentage": 50.0,
        "avg_reply_time": 0,
        "negative_feedback_cnt": 1,
        "new_apply_cnt": 2,
        "new_contact_cnt": 2,
    }
    assert whole == now
    assert doors.code("get_user_behavior_data", {**span, "userid": []}) == 40063
    assert doors.code("get_user_behavior_data", {**span, "start_time": day - 31 * DAY}) == 40058
    old = {"start_time": day - 200 * DAY, "end_time": day - 199 * DAY}
    assert doors.code("get_user_behavior_data", {**span, **old}) == 40058


def test_the_archive_knows_internal_rooms_and_what_customers_answered(doors: Doors) -> None:
    person = doors.person().external_userid
    outside, inside = open_chat(doors, person), open_chat(doors, MARCO, name="店员")
    doors.control("consent", userid=LIN, external_userid=person)

    agreed = doors.call(f"{AUDIT}/check_room_agree", {"roomid": outside}, "archive")["agreeinfo"]
    room = doors.call(f"{AUDIT}/groupchat/get", {"roomid": inside}, "archive")

    assert [(row["exteranalopenid"], row["agree_status"]) for row in agreed] == [(person, "Agree")]
    assert (room["roomname"], room["creator"]) == ("店员", LIN)
    assert [one["memberid"] for one in room["members"]] == [LIN, MARCO]
    assert doors.code(f"{AUDIT}/groupchat/get", {"roomid": outside}, "archive") == 301059
    assert doors.code(f"{AUDIT}/check_room_agree", {"roomid": "wr0"}, "archive") == 301059
