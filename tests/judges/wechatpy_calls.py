"""wechatpy 2.0.0a26, unmodified, takes the sandbox for WeChat under its own host names."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

from verdict import Verdicts, controller
from wechatpy import WeChatClient

GIVEN = json.loads(sys.argv[1])
CONFIG = GIVEN["config"]
ACCOUNT, PROGRAM = CONFIG["official_account"], CONFIG["mini_program"]
OPENID = ACCOUNT["openids"][0]
PNG = b"\x89PNG"

verdicts = Verdicts()
control = controller(CONFIG["base_url"])
client = WeChatClient(ACCOUNT["appid"], ACCOUNT["secret"])


def late(call: Callable[..., Any], *args: Any, **named: Any) -> Callable[[], Any]:
    """The call, not made yet."""
    return lambda: call(*args, **named)


def credentials() -> None:
    verdicts.equal("a token lives two hours", 7200, lambda: client.fetch_access_token()["expires_in"])
    verdicts.holds("it is kept", lambda: client.access_token and client.access_token == client.access_token)
    wrong = WeChatClient(ACCOUNT["appid"], "wrong")
    verdicts.refused("a wrong secret is 40125", 40125, wrong.fetch_access_token)
    nobody = WeChatClient("wx0000000000000000", "x")
    verdicts.refused("a wrong appid is 40013", 40013, nobody.fetch_access_token)
    verdicts.equal("pushes come from this machine", ["127.0.0.1"], client.misc.get_wechat_ips)
    ticket = verdicts.holds("a JS-SDK ticket is given", client.jsapi.get_jsapi_ticket)
    page = ("nonce", ticket, "1700000000", "https://serica.example/")
    verdicts.holds("a page is signed", lambda: len(client.jsapi.get_jsapi_signature(*page)) == 40)


def scenes() -> None:
    code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "c=ss27;p=duomo"}}}
    ticket = client.qrcode.create(code)["ticket"]
    verdicts.equal("the ticket's picture is a PNG", PNG, lambda: client.qrcode.show(ticket).content[:4])
    verdicts.refused(
        "a code needs a scene", 40129, late(client.qrcode.create, {**code, "action_info": {"scene": {}}})
    )
    empty = verdicts.equal("before that nobody follows", 0, lambda: client.user.get_followers()["total"])
    assert empty == 0
    control("scan", openid=OPENID, ticket=ticket)
    user = client.user.get(OPENID)
    verdicts.equal("the follower's record keeps the scene", "c=ss27;p=duomo", lambda: user["qr_scene_str"])
    verdicts.equal("the follower came by a code", "ADD_SCENE_QR_CODE", lambda: user["subscribe_scene"])
    verdicts.holds("the follower has a unionid", lambda: user["unionid"])
    verdicts.equal("nicknames are empty since 2021", "", lambda: user["nickname"])
    verdicts.equal("followers are listed page by page", [OPENID], lambda: list(client.user.iter_followers()))
    verdicts.equal("records come in batches", 1, lambda: client.user.get_batch([OPENID])[0]["subscribe"])
    verdicts.refused("an unknown openid is 40003", 40003, late(client.user.get, "oNobody"))
    client.user.update_remark(OPENID, "陈女士")
    verdicts.equal("a remark is kept", "陈女士", lambda: client.user.get(OPENID)["remark"])
    tag = client.tag.create("丝绸")
    tag_id = (tag.get("tag") or tag)["id"]
    client.tag.tag_user(tag_id, OPENID)
    verdicts.equal("a tagged follower has the tag", [tag_id], lambda: client.user.get(OPENID)["tagid_list"])
    verdicts.refused("a tag's name is used once", 45157, late(client.tag.create, "丝绸"))
    verdicts.holds("tags are listed", lambda: tag_id in [found["id"] for found in client.tag.get()])
    client.tag.untag_user(tag_id, OPENID)
    verdicts.equal("untagged it has none", [], lambda: client.user.get(OPENID)["tagid_list"])
    verdicts.equal("a tag can be deleted", 0, lambda: client.tag.delete(tag_id)["errcode"])


def menus() -> None:
    verdicts.equal("no menu is no menu", None, client.menu.get)
    button = {"type": "click", "name": "今日推荐", "key": "today"}
    verdicts.equal("a menu is made", 0, lambda: client.menu.create({"button": [button]})["errcode"])
    verdicts.equal("it comes back", "今日推荐", lambda: client.menu.get()["menu"]["button"][0]["name"])
    verdicts.refused("four buttons are too many", 40016, late(client.menu.create, {"button": [button] * 4}))
    verdicts.equal("it can be removed", 0, lambda: client.menu.delete()["errcode"])


def messages() -> None:
    media = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    verdicts.equal(
        "what was uploaded comes back", PNG, lambda: client.media.download(media["media_id"]).content
    )
    verdicts.holds("a lasting picture has an address", lambda: str(
        client.media.upload_image(("a.png", io.BytesIO(PNG), "image/png"))).startswith("http")
    )  # fmt: skip
    control("advance", seconds=61)  # the minute that a scan opens is over
    verdicts.refused(
        "before a word from the client it is 45015", 45015, late(client.message.send_text, OPENID, "您好")
    )
    control("message", openid=OPENID, content="duomo")
    card = {"title": "大教堂", "appid": PROGRAM["appid"], "pagepath": "pages/place/index"}
    card["thumb_media_id"] = media["media_id"]
    sent = client.message.send_mini_program_page(OPENID, card)
    verdicts.equal("a mini program card is sent", 0, lambda: sent["errcode"])
    verdicts.equal("a text is sent", 0, lambda: client.message.send_text(OPENID, "您好")["errcode"])
    verdicts.equal(
        "a picture is sent", 0, lambda: client.message.send_image(OPENID, media["media_id"])["errcode"]
    )
    data = {"first": {"value": "您好"}}
    template = ACCOUNT["template_id"]
    verdicts.holds(
        "a template message has a number",
        lambda: client.message.send_template(OPENID, template, data)["msgid"],
    )
    verdicts.refused(
        "an unknown template is 40037", 40037, late(client.message.send_template, OPENID, "x", data)
    )
    verdicts.refused("a stranger is 40003", 40003, late(client.message.send_text, "oNobody", "x"))
    control("advance", seconds=48 * 3600 + 1)
    # The token is expired by now: the SDK refreshes it by the code it got and asks again.
    verdicts.refused("after 48 hours it is 45015", 45015, late(client.message.send_text, OPENID, "您好"))
    items = control("inbox", openid=OPENID)["items"]
    chat = [item["kind"] for item in items if item["sender"] == "account"]
    verdicts.equal(
        "the follower saw all of it", ["miniprogrampage", "text", "image", "template"], lambda: chat
    )


def mini_program() -> None:
    program, openid = WeChatClient(PROGRAM["appid"], PROGRAM["secret"]), PROGRAM["openids"][0]
    code = control("js_code", openid=openid)["code"]
    session = program.wxa.code_to_session(code)
    verdicts.equal("a login code becomes an openid", openid, lambda: session["openid"])
    verdicts.holds("with a unionid", lambda: session["unionid"])
    verdicts.refused("a code works once", 40163, late(program.wxa.code_to_session, code))
    verdicts.refused("an invented code is 40029", 40029, late(program.wxa.code_to_session, "invented"))
    late_code = control("js_code", openid=openid)["code"]
    control("advance", seconds=301)
    verdicts.refused("a code lives five minutes", 40029, late(program.wxa.code_to_session, late_code))
    phone = control("phone_code", openid=openid)["code"]
    verdicts.equal("a phone number is Chinese", 86,
                   lambda: program.wxa.get_phone_number(phone)["phone_info"]["countryCode"])  # fmt: skip
    verdicts.refused("a phone code works once", 40029, late(program.wxa.get_phone_number, phone))
    make = program.wxa.get_wxa_code_unlimited
    verdicts.equal(
        "a code on paper is a PNG", PNG, lambda: make("c=ss27", page="pages/home/index").content[:4]
    )
    message = (openid, PROGRAM["sub_template_id"], {"thing1": {"value": "预约"}})
    send = program.wxa.send_subscribe_message
    verdicts.refused("without a grant it is 43101", 43101, late(send, *message))
    control("subscribe", openid=openid)
    verdicts.equal("a grant sends once", 0, lambda: send(*message)["errcode"])
    verdicts.refused("and not twice", 43101, late(send, *message))
    verdicts.refused("a mini program has no followers", 48001, program.user.get_followers)


CHAPTERS = {
    "credentials": credentials, "scenes": scenes, "menus": menus, "messages": messages,
    "mini program": mini_program,
}  # fmt: skip
for name, tell in CHAPTERS.items():
    verdicts.chapter(name, tell)
verdicts.tell()
