"""Intercept rules, the product album and attachments."""

from typing import Any

import pytest

from seta_sandbox.wecom.state import wecom_of
from tests.sandbox.wecom.doors import CONTACT, LIN, MARCO, Doors

RULE: dict[str, Any] = {
    "rule_name": "contacts",
    "word_list": ["微信号"],
    "semantics_list": [1],
    "intercept_type": 1,
    "applicable_range": {"user_list": [LIN]},
}


def rule(doors: Doors, **change: Any) -> dict[str, Any]:
    return doors.call("add_intercept_rule", {**RULE, **change})


def say(doors: Doors, text: str, userid: str = LIN, sender: str = "sa") -> str:
    said = doors.control("wecom_message", userid=userid, sender=sender, content=text)
    return str(said.get("intercepted", "sent"))


def test_a_rule_reads_back_so_that_two_can_be_compared(doors: Doors) -> None:
    rule_id = rule(doors)["rule_id"]

    kept = doors.call("get_intercept_rule", {"rule_id": rule_id})["rule"]
    listed = doors.get(f"{CONTACT}/get_intercept_rule_list")["rule_list"]

    assert kept == {
        "rule_id": rule_id,
        "rule_name": "contacts",
        "word_list": ["微信号"],
        "extra_rule": {"semantics_list": [1]},
        "intercept_type": 1,
        "applicable_range": {"user_list": [LIN], "department_list": []},
    }
    assert [(row["rule_id"], row["rule_name"]) for row in listed] == [(rule_id, "contacts")]


def test_a_rule_changes_by_difference_and_goes(doors: Doors) -> None:
    named = {"rule_id": rule(doors)["rule_id"]}

    change = {
        "word_list": ["支付宝"],
        "extra_rule": {"semantics_list": [3, 2]},
        "add_applicable_range": {"user_list": [MARCO], "department_list": [1]},
        "remove_applicable_range": {"user_list": [LIN]},
    }
    assert doors.code("update_intercept_rule", {**named, **change}) == 0
    kept = doors.call("get_intercept_rule", named)["rule"]
    assert (kept["rule_name"], kept["word_list"]) == ("contacts", ["支付宝"])
    assert kept["extra_rule"] == {"semantics_list": [2, 3]}
    assert kept["applicable_range"] == {"user_list": [MARCO], "department_list": [1]}
    assert doors.code("del_intercept_rule", named) == 0
    assert doors.code("get_intercept_rule", named) == 40058
    assert doors.get(f"{CONTACT}/get_intercept_rule_list")["rule_list"] == []


def test_wrong_rules_are_refused_and_a_hundred_are_enough(doors: Doors) -> None:
    changes: list[dict[str, Any]] = [
        {"rule_name": ""},
        {"rule_name": "x" * 21},
        {"word_list": ["w"] * 301},
        {"word_list": ["w" * 33]},
        {"word_list": []},
        {"semantics_list": [4]},
        {"intercept_type": 3},
        {"applicable_range": {}},
        {"applicable_range": {"user_list": ["nobody"]}},
        {"applicable_range": {"department_list": [7]}},
    ]
    codes = [rule(doors, **change)["errcode"] for change in changes]

    made = [rule(doors, word_list=["w"] * 300)["errcode"] for _ in range(101)]

    assert codes == [40063, 40058, 40058, 40058, 40063, 40058, 40058, 40063, 60111, 40066]
    assert made == [0] * 100 + [40058]


def test_rules_stop_or_warn_of_what_members_write(doors: Doors) -> None:
    doors.befriend()
    rule(doors, rule_name="block", semantics_list=[1, 2])
    rule(doors, rule_name="warn", intercept_type=2, word_list=["折扣"], semantics_list=[3])

    assert say(doors, "加我微信号") == "blocked"
    assert say(doors, "打 13800000000") == "blocked"
    assert say(doors, "写 lin@serica.example") == "blocked"
    assert say(doors, "有折扣") == "warned"
    assert say(doors, "您好") == "sent"
    assert say(doors, "加我微信号", sender="client") == "sent"
    assert say(doors, "加我微信号", userid=MARCO) == "sent"
    packet = doors.control("wecom_message", userid=LIN, sender="sa", msgtype="external_redpacket")
    assert (packet["intercepted"], packet["archived"]) == ("warned", True)
    assert wecom_of(doors.world).last_seq == 5


def album(doors: Doors, **change: Any) -> dict[str, Any]:
    picture = {"type": "image", "image": {"media_id": doors.upload(purpose=2)["media_id"]}}
    body = {"description": "真丝方巾", "price": 29_000, "product_sn": "SM001", "attachments": [picture]}
    return doors.call("add_product_album", {**body, **change})


def test_a_product_is_shown_changed_listed_and_deleted(doors: Doors) -> None:
    named = {"product_id": album(doors)["product_id"]}
    album(doors, description="羊毛围巾")

    doors.call("update_product_album", {**named, "price": 31_000})
    kept = doors.call("get_product_album", named)["product"]
    first = doors.call("get_product_album_list", {"limit": 1})
    second = doors.call("get_product_album_list", {"limit": 1, "cursor": first["next_cursor"]})

    assert (kept["description"], kept["price"], kept["product_sn"]) == ("真丝方巾", 31_000, "SM001")
    assert first["product_list"][0]["product_id"] == named["product_id"]
    assert second["product_list"][0]["description"] == "羊毛围巾"
    assert "next_cursor" not in second
    assert doors.code("delete_product_album", named) == 0
    assert doors.code("get_product_album", named) == 40058


def test_wrong_products_are_refused_with_their_codes(doors: Doors) -> None:
    image = {"type": "image", "image": {"media_id": "unknown"}}
    changes: list[dict[str, Any]] = [
        {"description": ""},
        {"description": "x" * 301},
        {"price": 0},
        {"price": 500_000_001},
        {"product_sn": "不行"},
        {"attachments": []},
        {"attachments": [image] * 10},
        {"attachments": [{"type": "video"}]},
        {"attachments": [image]},
    ]

    codes = [album(doors, **change)["errcode"] for change in changes]

    assert codes == [40063, 40058, 40058, 40058, 40058, 40063, 41064, 41065, 40007]


def test_an_attachment_is_kept_for_what_it_is_for(doors: Doors) -> None:
    made = doors.upload("video", 1)

    assert (made["type"], made["created_at"].isdigit()) == ("video", True)
    assert doors.upload("poem", 1)["errcode"] == 40005
    assert doors.upload("video", 2)["errcode"] == 40058
    assert doors.upload(body=b"")["errcode"] == 44001
    assert doors.upload(body=b"x" * (10 * 1024 * 1024 + 1))["errcode"] == 40006


@pytest.mark.parametrize(
    "given", [{"json": {}}, {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}]
)
def test_an_upload_without_a_file_says_so(doors: Doors, given: dict[str, Any]) -> None:
    query = {"access_token": doors.token(), "media_type": "image", "attachment_type": 1}

    answer = doors.send("POST", "/cgi-bin/media/upload_attachment", params=query, **given)

    assert answer.json()["errcode"] == 41005
