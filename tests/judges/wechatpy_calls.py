"""wechatpy 2.0.0a26, unmodified, calls the sandbox under WeChat's own host names and prints what it understood.

Runs in its own environment; `sandbox_config` is the exported config.json, and HTTPS_PROXY leads to the sandbox.
"""

import io
import json
import sys

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient as WorkClient


def control(config, action, **body):
    response = requests.post(f"{config['control_url']}/{action}", json=body, timeout=20)
    response.raise_for_status()
    return response.json()


def refused(call, *args):
    try:
        call(*args)
    except WeChatClientException as error:
        return error.errcode
    return 0


def official_account(config):
    account = config["official_account"]
    client, openid = WeChatClient(account["appid"], account["secret"]), account["openids"][0]
    seen = {"token": len(client.fetch_access_token()["access_token"]) > 100}
    code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "c=ss27;p=duomo"}}}
    ticket = client.qrcode.create(code)["ticket"]
    seen["image"] = client.qrcode.show(ticket).content[:4].hex()
    control(config, "scan", openid=openid, ticket=ticket)
    seen["scene"] = client.user.get(openid)["qr_scene_str"]
    seen["followers"] = list(client.user.iter_followers()) == [openid]
    seen["batch"] = client.user.get_batch([openid])[0]["subscribe"]
    client.menu.create({"button": [{"type": "click", "name": "今日推荐", "key": "today"}]})
    seen["menu"] = client.menu.get()["menu"]["button"][0]["name"]
    client.menu.delete()
    seen["no_menu"] = client.menu.get()
    media = client.media.upload("image", ("a.png", io.BytesIO(b"\x89PNG"), "image/png"))
    seen["media"] = client.media.download(media["media_id"]).content.hex()
    control(config, "message", openid=openid, content="duomo")
    card = {"title": "大教堂", "appid": config["mini_program"]["appid"], "pagepath": "pages/place/index"}
    client.message.send_mini_program_page(openid, {**card, "thumb_media_id": media["media_id"]})
    client.message.send_text(openid, "您好")
    client.message.send_template(openid, account["template_id"], {"first": {"value": "您好"}})
    tag = client.tag.create("丝绸")
    client.tag.tag_user((tag.get("tag") or tag)["id"], openid)
    seen["tags"] = len(client.user.get(openid)["tagid_list"])
    control(config, "advance", seconds=48 * 3600 + 1)
    # The token is expired by now: the SDK refreshes it by the code it got and asks again.
    seen["window"] = refused(client.message.send_text, openid, "您好")
    items = control(config, "inbox", openid=openid)["items"]
    seen["chat"] = [item["kind"] for item in items if item["sender"] == "account"]
    return seen


def mini_program(config):
    program = config["mini_program"]
    client, openid = WeChatClient(program["appid"], program["secret"]), program["openids"][0]
    code = control(config, "js_code", openid=openid)["code"]
    seen = {"openid": client.wxa.code_to_session(code)["openid"] == openid}
    seen["used"] = refused(client.wxa.code_to_session, code)
    phone = control(config, "phone_code", openid=openid)["code"]
    seen["phone"] = client.wxa.get_phone_number(phone)["phone_info"]["countryCode"]
    seen["code"] = client.wxa.get_wxa_code_unlimited("c=ss27", page="pages/home/index").content[:4].hex()
    message = (openid, program["sub_template_id"], {"thing1": {"value": "预约"}})
    seen["refused"] = refused(client.wxa.send_subscribe_message, *message)
    control(config, "subscribe", openid=openid)
    seen["sent"] = client.wxa.send_subscribe_message(*message)["errcode"]
    return seen


def wecom(config):
    corp = config["wecom"]
    contacts = WorkClient(corp["corpid"], corp["contact_secret"])
    seen = {"nobody": refused(contacts.external_contact.list, corp["userid"])}
    way = contacts.external_contact.add_contact_way(1, 2, user=[corp["userid"]], state="b=brera")
    seen["image"] = requests.get(way["qr_code"], timeout=20).content[:4].hex()
    added = control(config, "add_contact", config_id=way["config_id"])
    seen["customers"] = contacts.external_contact.list(corp["userid"])["external_userid"]
    record = contacts.external_contact.get(added["external_userid"])
    seen["state"] = record["follow_user"][0]["state"]
    greeting = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}}
    seen["welcome"] = contacts.external_contact.send_welcome_msg(greeting)["errcode"]
    seen["again"] = refused(contacts.external_contact.send_welcome_msg, greeting)
    agent = WorkClient(corp["corpid"], corp["agent_secret"])
    seen["message"] = agent.message.send_text(corp["agentid"], [corp["userid"]], "新预约")["errcode"]
    return seen


def main():
    config = json.loads(sys.argv[1])["sandbox_config"]
    seen = {
        "official_account": official_account(config),
        "mini_program": mini_program(config),
        "wecom": wecom(config),
    }
    print(json.dumps(seen, ensure_ascii=False))


main()
