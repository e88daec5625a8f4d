"""wechatpy 2.0.0a26, unmodified, takes the sandbox for WeCom under its own host name."""

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import requests
from verdict import Verdicts, controller
from wechatpy.work import WeChatClient as WorkClient

CONFIG = json.loads(sys.argv[1])["config"]
CORP = CONFIG["wecom"]
PNG = b"\x89PNG"

verdicts = Verdicts()
control = controller(CONFIG["base_url"])


def late(call: Callable[..., Any], *args: Any, **named: Any) -> Callable[[], Any]:
    """The call, not made yet."""
    return lambda: call(*args, **named)


def contacts_and_messages() -> None:
    work = WorkClient(CORP["corpid"], CORP["contact_secret"])
    contacts, userid = work.external_contact, CORP["userid"]
    verdicts.holds("members who may have customers are listed",
                   lambda: userid in contacts.get_follow_user_list()["follow_user"])  # fmt: skip
    verdicts.refused("a member without customers is 84061", 84061, late(contacts.list, userid))
    way = contacts.add_contact_way(1, 2, user=[userid], state="b=brera")
    verdicts.equal(
        "a contact way has a picture", PNG, lambda: requests.get(way["qr_code"], timeout=20).content[:4]
    )
    kept = contacts.get_contact_way(way["config_id"])["contact_way"]
    verdicts.equal("a contact way keeps its state", "b=brera", lambda: kept["state"])
    verdicts.refused(
        "a contact way of type 3 is 41037 or 41039",
        41039,
        late(contacts.add_contact_way, 3, 2, user=[userid]),
    )
    added = control("add_contact", config_id=way["config_id"])
    external = added["external_userid"]
    verdicts.equal("the customer is listed", [external], lambda: contacts.list(userid)["external_userid"])
    record = contacts.get(external)
    verdicts.equal("the record keeps the state", "b=brera", lambda: record["follow_user"][0]["state"])
    verdicts.equal("a WeChat user is of type 1", 1, lambda: record["external_contact"]["type"])
    verdicts.equal("customers come in batches", [external], lambda: [
        row["external_contact"]["external_userid"] for row in contacts.gen_all_by_user(userid)])  # fmt: skip
    greeting = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}}
    verdicts.equal("a welcome is sent once", 0, lambda: contacts.send_welcome_msg(greeting)["errcode"])
    verdicts.refused("and not twice", 41051, late(contacts.send_welcome_msg, greeting))
    group = contacts.add_corp_tag(None, "兴趣", None, [{"name": "丝绸"}])["tag_group"]
    tag_id = group["tag"][0]["id"]
    contacts.mark_tag(userid, external, add_tag=[tag_id])
    tags = contacts.get(external)["follow_user"][0]["tags"]
    verdicts.equal("a customer can be tagged", [tag_id], lambda: [tag["tag_id"] for tag in tags])
    verdicts.equal(
        "tags are listed in groups",
        "兴趣",
        lambda: contacts.get_corp_tag_list()["tag_group"][0]["group_name"],
    )
    verdicts.equal("a tag can be deleted", 0, lambda: contacts.del_corp_tag(tag_id=[tag_id])["errcode"])
    mass = contacts.add_msg_template(
        {"external_userid": [external], "text": {"content": "新品"}, "sender": userid}
    )
    verdicts.holds("a mass message waits for the member", lambda: mass["msgid"])
    verdicts.equal(
        "a contact way can be deleted", 0, lambda: contacts.del_contact_way(way["config_id"])["errcode"]
    )
    verdicts.refused("the contact secret may not write to members", 48002, late(
        work.message.send_text, CORP["agentid"], [userid], "x"))  # fmt: skip
    agent = WorkClient(CORP["corpid"], CORP["agent_secret"])
    verdicts.equal(
        "the agent may", 0, lambda: agent.message.send_text(CORP["agentid"], [userid], "新预约")["errcode"]
    )
    verdicts.holds("it has a JS-SDK ticket", agent.jsapi.get_jsapi_ticket)
    control("advance", seconds=7201)
    verdicts.equal("an expired token is renewed on the way", 0,
                   lambda: agent.message.send_text(CORP["agentid"], [userid], "x")["errcode"])  # fmt: skip


def groups() -> None:
    work, userid = WorkClient(CORP["corpid"], CORP["contact_secret"]), CORP["userid"]
    chats = work.external_contact_group_chat
    verdicts.equal("there is no group chat yet", [], chats.list_all)
    opened = control(
        "create_group_chat", owner=userid, name="丝绸之友", members=[userid, CORP["external_userid"]]
    )
    listed = chats.list_all()
    verdicts.equal("an opened one is listed", [opened["chat_id"]], lambda: [row["chat_id"] for row in listed])
    found = chats.get(opened["chat_id"])["group_chat"]
    verdicts.equal("it has its name", "丝绸之友", lambda: found["name"])
    verdicts.equal("it has its owner", userid, lambda: found["owner"])
    verdicts.holds("it has its members", lambda: len(found["member_list"]) >= 2)
    verdicts.raises("an unknown chat is refused", late(chats.get, "nothing"))


def the_rest() -> None:
    work, userid = WorkClient(CORP["corpid"], CORP["contact_secret"]), CORP["userid"]
    contacts = work.external_contact
    external = contacts.list(userid)["external_userid"][0]
    way = contacts.add_contact_way(1, 2, user=[userid], state="b=brera")["config_id"]
    contacts.update_contact_way(way, "布雷拉", state="b=monte")
    kept = contacts.get_contact_way(way)["contact_way"]
    verdicts.equal(
        "a contact way can be changed", ("布雷拉", "b=monte"), lambda: (kept["remark"], kept["state"])
    )
    contacts.del_contact_way(way)
    verdicts.refused("a deleted one is gone", 41044, late(contacts.get_contact_way, way))
    tag_id = contacts.add_corp_tag(None, "城市", None, [{"name": "米兰"}])["tag_group"]["tag"][0]["id"]
    verdicts.equal("a tag can be renamed", 0, lambda: contacts.edit_corp_tag(tag_id, "罗马")["errcode"])
    day = int(time.time()) // 86_400 * 86_400 - 2 * 86_400
    numbers = contacts.get_user_behavior_data([userid], day, day)
    verdicts.holds("what members did is counted", lambda: isinstance(numbers["behavior_data"], list))
    verdicts.equal("nobody has left", [], lambda: contacts.get_unassigned_list()["info"])
    verdicts.refused("an unknown customer is 40096 or 84061", 40096, late(contacts.get, "wmNobody"))
    up = work.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    verdicts.equal("what was uploaded comes back", PNG, lambda: work.media.download(up["media_id"]).content)
    greeting = control("delete_contact", userid=userid, external_userid=external, by="member")
    verdicts.equal("a member may part from a customer", "del_external_contact", lambda: greeting["change"])
    verdicts.refused("then the member has none", 84061, late(contacts.list, userid))
    wrong = WorkClient(CORP["corpid"], "wrong")
    verdicts.refused("a wrong secret is 40001", 40001, wrong.fetch_access_token)
    stranger = WorkClient("ww0000000000000000", "x")
    verdicts.refused("a wrong corpid is 40013", 40013, stranger.fetch_access_token)


CHAPTERS = {"contacts and messages": contacts_and_messages, "groups": groups, "the rest": the_rest}
for name, tell in CHAPTERS.items():
    verdicts.chapter(name, tell)
verdicts.tell()
