"""wechatpy 2.0.0a26, unmodified, runs an Official Account: tags, menus, service, publishing, numbers, web login."""

import io
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from verdict import Verdicts, controller
from wechatpy import WeChatClient
from wechatpy.oauth import WeChatOAuth

CONFIG = json.loads(sys.argv[1])["config"]
ACCOUNT, PROGRAM = CONFIG["official_account"], CONFIG["mini_program"]
OPENID, OTHER = ACCOUNT["openids"][:2]
PNG = b"\x89PNG\r\n\x1a\n"

verdicts = Verdicts()
control = controller(CONFIG["base_url"])
client = WeChatClient(ACCOUNT["appid"], ACCOUNT["secret"])


def late(call: Callable[..., Any], *args: Any, **named: Any) -> Callable[[], Any]:
    """The call, not made yet."""
    return lambda: call(*args, **named)


def picture() -> tuple[str, io.BytesIO, str]:
    return "a.png", io.BytesIO(PNG), "image/png"


def followers() -> None:
    control("follow", openid=OPENID)
    control("follow", openid=OTHER)
    tag = client.tag.create("丝绸")
    tag_id = (tag.get("tag") or tag)["id"]
    verdicts.equal("a tag can be renamed", 0, lambda: client.tag.update(tag_id, "真丝")["errcode"])
    client.tag.tag_user(tag_id, [OPENID, OTHER])
    verdicts.equal("a follower's tags are listed", [tag_id], lambda: client.tag.get_user_tag(OPENID))
    verdicts.equal(
        "a tag's followers are listed", {OPENID, OTHER}, lambda: set(client.tag.iter_tag_users(tag_id))
    )
    verdicts.equal(
        "a follower can be blacklisted", 0, lambda: client.tag.batch_black_list([OTHER])["errcode"]
    )
    verdicts.equal("the blacklist names it", [OTHER], lambda: client.tag.get_black_list()["data"]["openid"])
    verdicts.equal("and let go again", 0, lambda: client.tag.batch_unblack_list([OTHER])["errcode"])


def menus() -> None:
    button = {"type": "click", "name": "今日", "key": "today"}
    for_tag = {"button": [{**button, "name": "贵宾"}], "matchrule": {"tag_id": 100}}
    verdicts.refused(
        "without a menu there is no conditional one", 65303, late(client.menu.add_conditional, for_tag)
    )
    client.menu.create({"button": [button]})
    verdicts.equal("the console sees the menu open", 1, lambda: client.menu.get_menu_info()["is_menu_open"])
    made = client.menu.add_conditional(for_tag)
    verdicts.holds("a conditional menu has a number", lambda: made["menuid"])
    verdicts.equal("whoever has the tag sees it", "贵宾",
                   lambda: client.menu.try_match(OPENID)["button"][0]["name"])  # fmt: skip
    verdicts.equal("it can be removed", 0, lambda: client.menu.del_conditional(made["menuid"])["errcode"])
    client.menu.delete()


def service() -> None:
    name = f"lin@{ACCOUNT.get('wechat_id', 'serica')}"
    verdicts.equal("a service account is added", 0,
                   lambda: client.customservice.add_account(name, "林悦", "secret")["errcode"])  # fmt: skip
    verdicts.equal("it can be renamed", 0,
                   lambda: client.customservice.update_account(name, "林小悦", "secret")["errcode"])  # fmt: skip
    verdicts.equal("nobody is online yet", [], client.customservice.get_online_accounts)
    verdicts.equal("nobody waits", 0, lambda: client.customservice.get_wait_case()["count"])
    verdicts.equal("it can be removed", 0, lambda: client.customservice.delete_account(name)["errcode"])


def templates() -> None:
    verdicts.equal("industries are chosen", 0, lambda: client.template.set_industry(1, 4)["errcode"])
    verdicts.holds("and read back", lambda: client.template.get_industry()["primary_industry"])
    template_id = verdicts.holds("a template is taken from the library", late(client.template.get, "TM00015"))
    ids = [row["template_id"] for row in client.template.get_all_private_template()["template_list"]]
    verdicts.holds("it is listed", lambda: template_id in ids)
    verdicts.equal(
        "it can be removed", 0, lambda: client.template.del_private_template(template_id)["errcode"]
    )
    verdicts.refused("an unknown one is 40037", 40037, late(client.template.del_private_template, "nothing"))


def publishing() -> None:
    image = client.material.add("image", picture())
    verdicts.holds("a permanent picture has an address", lambda: image["url"].startswith("http"))
    verdicts.equal("pictures are counted", 1, lambda: client.material.get_count()["image_count"])
    verdicts.equal("they are listed", [image["media_id"]],
                   lambda: [row["media_id"] for row in client.material.batchget("image")["item"]])  # fmt: skip
    verdicts.equal("the bytes come back", PNG, lambda: client.material.get(image["media_id"]).content)
    article = {"title": "米兰的丝绸", "content": "<p>春夏</p>", "thumb_media_id": image["media_id"]}
    draft = client.draft.add([article])["media_id"]
    verdicts.equal("drafts are counted", 1, lambda: client.draft.count()["total_count"])
    verdicts.equal(
        "a draft comes back", "米兰的丝绸", lambda: client.draft.get(draft)["news_item"][0]["title"]
    )
    client.draft.update(draft, 0, {**article, "title": "真丝"})
    verdicts.equal("it can be changed", "真丝", lambda: client.draft.get(draft)["news_item"][0]["title"])
    verdicts.refused(
        "a picture in use cannot be deleted", 48005, late(client.material.delete, image["media_id"])
    )
    job = client.freepublish.submit(draft)
    verdicts.holds("publishing has a number", lambda: job["publish_id"])
    control("advance", seconds=60)
    done = client.freepublish.get(job["publish_id"])
    verdicts.equal("it is published", 0, lambda: done["publish_status"])
    verdicts.holds(
        "with an address", lambda: done["article_detail"]["item"][0]["article_url"].startswith("http")
    )
    verdicts.equal(
        "what is published is listed", 1, lambda: client.freepublish.batchget(0, 20)["total_count"]
    )
    verdicts.equal(
        "it can be taken back", 0, lambda: client.freepublish.delete(done["article_id"])["errcode"]
    )
    verdicts.refused("an unknown draft is 40007", 40007, late(client.draft.get, "nothing"))


def broadcasting() -> None:
    sent = client.message.send_mass_text("新品到店", [OPENID, OTHER], client_msg_id="judge-1")
    verdicts.holds("a mass message has a number", lambda: sent["msg_id"])
    again = late(client.message.send_mass_text, "新品到店", [OPENID, OTHER], client_msg_id="judge-1")
    verdicts.refused("the same one again at once is 45066", 45066, again)
    control("advance", seconds=61)
    verdicts.refused("and later 45065", 45065, late(
        client.message.send_mass_text, "新品到店", [OPENID, OTHER], client_msg_id="judge-1"))  # fmt: skip
    verdicts.holds("its state can be asked", lambda: client.message.get_mass(sent["msg_id"])["msg_status"])
    verdicts.equal("it can be seen before", 0,
                   lambda: client.message.send_mass_text("预览", OPENID, preview=True)["errcode"])  # fmt: skip


def numbers() -> None:
    control("statistics_ready", hour=0)
    yesterday = (datetime.now(timezone(timedelta(hours=8))) - timedelta(days=1)).date()
    verdicts.holds("who came is counted a day", lambda: isinstance(
        client.datacube.get_user_summary(yesterday, yesterday), list))  # fmt: skip
    verdicts.holds("followers are summed up", lambda: isinstance(
        client.datacube.get_user_cumulate(yesterday, yesterday), list))  # fmt: skip
    verdicts.holds("messages are counted", lambda: isinstance(
        client.datacube.get_upstream_msg(yesterday, yesterday), list))  # fmt: skip
    verdicts.refused("eight days are too many", 61501, late(
        client.datacube.get_user_summary, yesterday - timedelta(days=8), yesterday))  # fmt: skip
    verdicts.refused("a date must be one", 61500, late(client.datacube.get_user_summary, "x", "y"))


def web_login() -> None:
    oauth = WeChatOAuth(
        ACCOUNT["appid"], ACCOUNT["secret"], "https://serica.example/in", "snsapi_userinfo", "s"
    )
    verdicts.holds("the SDK makes the address", lambda: oauth.authorize_url.endswith("#wechat_redirect"))
    code = control("oauth_code", openid=OPENID, scope="snsapi_userinfo")["code"]
    login = oauth.fetch_access_token(code)
    verdicts.equal("a code becomes an openid", OPENID, lambda: login["openid"])
    verdicts.holds("the token is good", oauth.check_access_token)
    verdicts.equal("the person may be asked", OPENID, lambda: oauth.get_user_info()["openid"])
    verdicts.equal("the token can be renewed", OPENID,
                   lambda: oauth.refresh_access_token(login["refresh_token"])["openid"])  # fmt: skip
    verdicts.refused("a code works once", 40163, late(oauth.fetch_access_token, code))
    verdicts.refused("an invented code is 40029", 40029, late(oauth.fetch_access_token, "invented"))


def mini_program() -> None:
    program = WeChatClient(PROGRAM["appid"], PROGRAM["secret"])
    verdicts.equal("a code of a path is a picture", PNG[:4],
                   lambda: program.wxa.get_wxa_code("pages/home/index?c=ss27").content[:4])  # fmt: skip
    verdicts.equal("an old code too", PNG[:4],
                   lambda: program.wxa.create_qrcode("pages/home/index").content[:4])  # fmt: skip
    link = program.wxa.get_url_link("pages/home/index", "c=ss27")["url_link"]
    verdicts.holds("a link can be made", lambda: link.startswith("https://wxaurl.cn/"))
    target = {"path": "pages/home/index", "query": "c=ss27"}
    scheme = program.wxa.get_url_scheme(jump_wxa=target)["openlink"]
    verdicts.holds("a scheme can be made", lambda: scheme.startswith("weixin://dl/business/"))


CHAPTERS = {
    "followers": followers, "menus": menus, "service": service, "templates": templates,
    "publishing": publishing, "broadcasting": broadcasting, "numbers": numbers, "web login": web_login,
    "mini program": mini_program,
}  # fmt: skip
for name, tell in CHAPTERS.items():
    verdicts.chapter(name, tell)
verdicts.tell()
