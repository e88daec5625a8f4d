"""Customers who pass from one member to another, in service and after a member left."""

from typing import Any

from tests.sandbox.wecom.doors import CONTACT, LIN, MARCO, Doors

DAY = 86_400


def ask(doors: Doors, *customers: str, path: str = "transfer_customer", **change: Any) -> dict[str, Any]:
    body = {"handover_userid": LIN, "takeover_userid": MARCO, "external_userid": list(customers), **change}
    return doors.call(path, body)


def result(doors: Doors, path: str = "transfer_result", **change: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = doors.call(
        path, {"handover_userid": LIN, "takeover_userid": MARCO, **change}
    )["customer"]
    return rows


def test_a_customer_passes_after_a_day_with_both_changes_pushed(doors: Doors) -> None:
    external = doors.befriend()
    doors.listen()

    asked = ask(doors, external, "wm-unknown", doors.person(3).external_userid)
    waiting = result(doors)
    again = ask(doors, external)["customer"][0]["errcode"]
    doors.control("advance", seconds=DAY + 1)
    doors.control("settle")

    assert [row["errcode"] for row in asked["customer"]] == [0, 40096, 40131]
    assert (waiting[0]["status"], again) == (2, 40129)
    done = result(doors)
    assert (done[0]["status"], done[0]["takeover_time"]) == (1, waiting[0]["takeover_time"])
    assert doors.get(f"{CONTACT}/list", userid=MARCO)["external_userid"] == [external]
    assert doors.get(f"{CONTACT}/list", userid=LIN)["errcode"] == 84061
    follow = doors.get(f"{CONTACT}/get", external_userid=external)["follow_user"][0]
    assert follow["add_way"] == 202
    pushed = {(one["ChangeType"], one["UserID"], one.get("Source")) for one in doors.pushed}
    assert pushed == {
        ("del_external_contact", LIN, "DELETE_BY_TRANSFER"),
        ("add_external_contact", MARCO, None),
    }


def test_a_customer_who_refuses_stays_and_the_failure_is_pushed(doors: Doors) -> None:
    external = doors.befriend()
    doors.listen()
    ask(doors, external)

    doors.control("answer_transfer", external_userid=external, accept=False)

    assert [(row["status"], row["takeover_time"]) for row in result(doors)] == [(3, 0)]
    assert doors.get(f"{CONTACT}/list", userid=LIN)["external_userid"] == [external]
    assert [(one["ChangeType"], one["FailReason"]) for one in doors.pushed] == [
        ("transfer_fail", "customer_refused")
    ]
    assert "no hand-over" in doors.refused("answer_transfer", external_userid=external)


def test_a_member_with_too_many_customers_takes_no_more(doors: Doors) -> None:
    doors.control("wecom_settings", customers_max=1)
    doors.befriend(1, MARCO)
    external = doors.befriend()
    doors.listen()
    ask(doors, external)

    answered = doors.control("answer_transfer", external_userid=external)

    assert answered["status"] == 4
    assert [one["FailReason"] for one in doors.pushed] == ["customer_limit_exceed"]


def test_a_customer_passes_twice_in_ninety_days(doors: Doors) -> None:
    external = doors.befriend()
    back = {"handover_userid": MARCO, "takeover_userid": LIN}
    for change in ({}, back):
        assert ask(doors, external, **change)["customer"][0]["errcode"] == 0
        doors.control("answer_transfer", external_userid=external)

    third = ask(doors, external)["customer"][0]["errcode"]
    doors.control("advance", seconds=91 * DAY)

    assert third == 40128
    assert ask(doors, external)["customer"][0]["errcode"] == 0


def test_who_leaves_is_inherited_from(doors: Doors) -> None:
    first, second = doors.befriend(0), doors.befriend(1)
    path = "resigned/transfer_customer"
    there = ask(doors, first, path=path)["errcode"]

    left = doors.control("resign", userid=LIN)
    waiting = doors.call("get_unassigned_list", {"page_size": 1})
    rest = doors.call("get_unassigned_list", {"page_size": 1, "cursor": waiting["next_cursor"]})
    asked = ask(doors, first, path=path)
    doors.control("advance", seconds=DAY + 1)

    assert (there, left["customers"], asked["customer"][0]["errcode"]) == (40097, 2, 0)
    assert (waiting["info"][0]["external_userid"], waiting["is_last"]) == (first, False)
    assert (rest["info"][0]["external_userid"], rest["is_last"]) == (second, True)
    assert [row["status"] for row in result(doors, "resigned/transfer_result")] == [1]
    assert [row["external_userid"] for row in doors.call("get_unassigned_list")["info"]] == [second]
    assert doors.get(f"{CONTACT}/get_follow_user_list")["follow_user"] == [MARCO]
    assert ask(doors, second)["errcode"] == 60111


def test_wrong_transfers_are_refused(doors: Doors) -> None:
    external = doors.befriend()

    assert ask(doors)["errcode"] == 40058
    assert ask(doors, external, takeover_userid=LIN)["errcode"] == 40130
    assert ask(doors, external, takeover_userid="nobody")["errcode"] == 60111
    assert ask(doors, external, transfer_success_msg="x" * 201)["errcode"] == 40058
    assert doors.code("transfer_result", {"handover_userid": LIN}) == 40063
    assert "last member" in (doors.control("resign", userid=LIN) and doors.refused("resign", userid=MARCO))
