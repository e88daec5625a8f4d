"""wechatpy 2.0.0a26, unmodified, works with customers, tags and group chats under WeCom's own host name.

Runs in that package's environment; prints one line of JSON: each check's name and whether it held, or what it raised.
"""

import json
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from wechatpy.work import WeChatClient

GIVEN: dict[str, Any] = json.loads(sys.argv[1])
CORP = GIVEN["config"]["wecom"]
USER, CUSTOMER = CORP["userid"], CORP["external_userid"]
found: dict[str, Any] = {}


def control(action: str, **body: Any) -> dict[str, Any]:
    """Run a control action of the sandbox."""
    address = f"{GIVEN['config']['control_url']}/{action}"
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        fields: dict[str, Any] = json.load(answer)
        return fields


def check(name: str, call: Callable[[], Any]) -> None:
    """Note whether a call gives something true."""
    try:
        found[name] = bool(call())
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"


def customers(api: Any) -> None:
    """Lists, batches, welcome, mass message and figures."""
    code = control("add_contact", userid=USER, external_userid=CUSTOMER)["welcome_code"]
    now = int(time.time())
    greeting = {"welcome_code": code, "text": {"content": "您好"}}
    mass = {"sender": USER, "external_userid": [CUSTOMER], "text": {"content": "新品预览"}}
    check("members are listed", lambda: USER in api.get_follow_user_list()["follow_user"])
    check("customers are listed", lambda: api.list(USER)["external_userid"] == [CUSTOMER])
    check("customers come in batches", lambda: len(list(api.gen_all_by_user(USER))) == 1)
    check("a welcome goes out", lambda: api.send_welcome_msg(greeting)["errcode"] == 0)
    check("a mass message is prepared", lambda: api.add_msg_template(mass)["msgid"])
    check("days are counted", lambda: len(api.get_user_behavior_data([USER], now, now)["behavior_data"]) == 1)
    check("nobody is unassigned", lambda: api.get_unassigned_list()["is_last"])


def tags(api: Any) -> None:
    """A tag's life."""
    tag = api.add_corp_tag(None, "taste", None, [{"name": "silk", "order": 1}])["tag_group"]["tag"][0]["id"]
    check("a tag is renamed", lambda: api.edit_corp_tag(tag, "seta", 3)["errcode"] == 0)
    check(
        "its name is kept", lambda: api.get_corp_tag_list([tag])["tag_group"][0]["tag"][0]["name"] == "seta"
    )
    check("a customer is tagged", lambda: api.mark_tag(USER, CUSTOMER, add_tag=[tag])["errcode"] == 0)
    check("the tag is read", lambda: api.get(CUSTOMER)["follow_user"][0]["tags"][0]["tag_name"] == "seta")
    check("a tag is deleted", lambda: api.del_corp_tag(tag_id=[tag])["errcode"] == 0)
    check("the customer lost it", lambda: api.get(CUSTOMER)["follow_user"][0]["tags"] == [])


def chats(api: Any) -> None:
    """A group chat's details and figures."""
    chat = control("create_group_chat", owner=USER, members=[CUSTOMER], name="春夏")["chat_id"]
    check("chats are listed", lambda: [one["chat_id"] for one in api.list_all()] == [chat])
    check("a chat is read", lambda: api.get(chat)["group_chat"]["name"] == "春夏")
    check("chats are counted", lambda: api.statistic(int(time.time()))["items"][0]["data"]["chat_total"] == 1)


def main() -> None:
    """Tell every check."""
    client = WeChatClient(CORP["corpid"], CORP["contact_secret"])
    control("reset", seed=1, callbacks=False)
    customers(client.external_contact)
    tags(client.external_contact)
    chats(client.external_contact_group_chat)
    print(json.dumps(found, ensure_ascii=False))


main()
