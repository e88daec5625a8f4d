"""WeCom's doors: contact ways, customers, welcomes, mass sends and the archive."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.sandbox.calls import get, post, wecom_token
from tests.sandbox.receiver import receiver
from tests.sandbox_server import RunningSandbox

CONTACT = "/cgi-bin/externalcontact"


def make_way(sandbox: RunningSandbox, **change: Any) -> dict[str, Any]:
    body = {"type": 1, "scene": 2, "user": ["linyue"], "state": "b=brera;a=linyue", **change}
    return post(sandbox, f"{CONTACT}/add_contact_way", body, access_token=wecom_token(sandbox))


def greet(sandbox: RunningSandbox, code: str) -> int:
    body = {"welcome_code": code, "text": {"content": "您好，我是林悦"}}
    path = f"{CONTACT}/send_welcome_msg"
    return int(post(sandbox, path, body, access_token=wecom_token(sandbox))["errcode"])


def chat_data(sandbox: RunningSandbox, seq: int = 0, limit: int = 100) -> dict[str, Any]:
    corp = sandbox.config["wecom"]
    body = {"corpid": corp["corpid"], "secret": corp["archive_secret"], "seq": seq, "limit": limit}
    return post(sandbox, "/_finance/chatdata", body)


def opened(record: dict[str, Any], private_pem: str) -> dict[str, Any]:
    key = load_pem_private_key(private_pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    random_key = key.decrypt(base64.b64decode(record["encrypt_random_key"]), padding.PKCS1v15())
    raw = base64.b64decode(record["encrypt_chat_msg"])
    cipher = Cipher(algorithms.AES(hashlib.sha256(random_key).digest()), modes.CBC(raw[:16])).decryptor()
    plain = cipher.update(raw[16:]) + cipher.finalize()
    message: dict[str, Any] = json.loads(plain[: -plain[-1]])
    return message


def test_a_contact_way_is_kept_drawn_changed_and_deleted(sandbox: RunningSandbox) -> None:
    made, access_token = make_way(sandbox), wecom_token(sandbox)
    named = {"config_id": made["config_id"]}

    image = sandbox.client.get(made["qr_code"])
    post(sandbox, f"{CONTACT}/update_contact_way", {**named, "state": "new"}, access_token=access_token)
    kept = post(sandbox, f"{CONTACT}/get_contact_way", named, access_token=access_token)["contact_way"]
    listed = post(sandbox, f"{CONTACT}/list_contact_way", {}, access_token=access_token)["contact_way"]
    post(sandbox, f"{CONTACT}/del_contact_way", named, access_token=access_token)
    gone = post(sandbox, f"{CONTACT}/get_contact_way", named, access_token=access_token)

    assert image.content.startswith(b"\x89PNG")
    assert (kept["state"], kept["user"]) == ("new", ["linyue"])
    assert listed == [named]
    assert gone["errcode"] == 41044


def test_contact_ways_beyond_the_limits_are_refused(sandbox: RunningSandbox) -> None:
    changes: list[dict[str, Any]] = [
        {"type": None},
        {"type": 3},
        {"scene": None},
        {"scene": 9},
        {"user": []},
        {"user": ["linyue", "marco.bassi"]},
        {"user": ["nobody"]},
        {"state": "x" * 31},
    ]

    codes = [make_way(sandbox, **change)["errcode"] for change in changes]

    assert codes == [41037, 41039, 41038, 41040, 40063, 40063, 40003, 40058]


def test_a_scan_makes_a_customer_with_the_state_of_the_code(sandbox: RunningSandbox) -> None:
    access_token, person = wecom_token(sandbox), sandbox.config["wecom"]["external_userid"]
    before = get(sandbox, f"{CONTACT}/list", access_token=access_token, userid="linyue")

    added = sandbox.control("add_contact", config_id=make_way(sandbox)["config_id"], external_userid=person)
    again = sandbox.control("add_contact", userid="linyue", external_userid=person)

    record = get(sandbox, f"{CONTACT}/get", access_token=access_token, external_userid=person)
    assert before["errcode"] == 84061
    assert (added["userid"], again["already"]) == ("linyue", True)
    assert record["external_contact"]["name"] == "陈晓"
    assert record["follow_user"][0]["state"] == "b=brera;a=linyue"


def test_a_welcome_goes_out_once_within_20_seconds(sandbox: RunningSandbox) -> None:
    people = sandbox.config["official_account"]["openids"]
    code = sandbox.control("add_contact", userid="linyue", openid=people[0])["welcome_code"]
    late = sandbox.control("add_contact", userid="linyue", openid=people[1])["welcome_code"]

    assert [greet(sandbox, code), greet(sandbox, code), greet(sandbox, "invented")] == [0, 41051, 41050]
    sandbox.control("advance", seconds=21)
    assert greet(sandbox, late) == 41050
    chat = sandbox.control("inbox", openid=people[0], chat="wecom:linyue")["items"]
    assert chat[-1]["content"] == {"content": "您好，我是林悦"}


def test_remarks_and_tags_are_kept_on_the_relation(sandbox: RunningSandbox) -> None:
    access_token, person = wecom_token(sandbox), sandbox.config["wecom"]["external_userid"]
    pair = {"userid": "linyue", "external_userid": person}
    stranger = post(sandbox, f"{CONTACT}/remark", {**pair, "remark": "x"}, access_token=access_token)
    sandbox.control("add_contact", **pair)
    group = {"group_name": "兴趣", "tag": [{"name": "丝绸"}, {"name": "艺术"}]}
    tags = post(sandbox, f"{CONTACT}/add_corp_tag", group, access_token=access_token)["tag_group"]["tag"]

    post(sandbox, f"{CONTACT}/remark", {**pair, "remark": "陈女士"}, access_token=access_token)
    post(sandbox, f"{CONTACT}/mark_tag", {**pair, "add_tag": [tags[0]["id"]]}, access_token=access_token)
    bad = post(sandbox, f"{CONTACT}/mark_tag", {**pair, "add_tag": ["et"]}, access_token=access_token)

    follow = get(sandbox, f"{CONTACT}/get", access_token=access_token, external_userid=person)["follow_user"][
        0
    ]
    assert (stranger["errcode"], bad["errcode"]) == (84061, 40068)
    assert follow["remark"] == "陈女士"
    assert [tag["tag_name"] for tag in follow["tags"]] == ["丝绸"]


def test_an_application_writes_to_members_only(sandbox: RunningSandbox) -> None:
    access_token = wecom_token(sandbox, "agent")
    body = {"touser": "linyue|nobody", "msgtype": "text", "agentid": sandbox.config["wecom"]["agentid"]}
    body["text"] = {"content": "新预约"}

    sent = post(sandbox, "/cgi-bin/message/send", body, access_token=access_token)
    none = post(sandbox, "/cgi-bin/message/send", {**body, "touser": "nobody"}, access_token=access_token)
    agent = post(sandbox, "/cgi-bin/message/send", {**body, "agentid": 1}, access_token=access_token)

    assert (sent["errcode"], sent["invaliduser"]) == (0, "nobody")
    assert (none["errcode"], agent["errcode"]) == (81013, 40056)


def test_archived_messages_open_with_the_key_of_their_version(sandbox: RunningSandbox) -> None:
    corp = sandbox.config["wecom"]
    sandbox.control("consent", userid="linyue")
    said = sandbox.control("wecom_message", userid="linyue", sender="client", content="有没有丝巾？")
    rotated = sandbox.control("archive_rotate")
    sandbox.control("wecom_message", userid="linyue", sender="sa", msgtype="image")

    agreed, text, image = chat_data(sandbox)["chatdata"]

    first = opened(text, corp["archive_private_key"])
    second = opened(image, rotated["private_key"])
    assert opened(agreed, corp["archive_private_key"])["msgtype"] == "agree"
    assert (text["msgid"], first["text"]["content"]) == (said["msgid"], "有没有丝巾？")
    assert (first["from"], first["tolist"]) == (corp["external_userid"], ["linyue"])
    assert (image["publickey_ver"], second["from"]) == (2, "linyue")


def test_chat_data_goes_on_after_seq_and_forgets_after_five_days(sandbox: RunningSandbox) -> None:
    for text in ("one", "two", "three"):
        sandbox.control("wecom_message", content=text)

    assert [record["seq"] for record in chat_data(sandbox, seq=1, limit=1)["chatdata"]] == [2]
    assert chat_data(sandbox, limit=1001)["errcode"] == 10000
    sandbox.control("advance", seconds=5 * 86_400 + 1)
    sandbox.control("wecom_message", content="four")
    assert [record["seq"] for record in chat_data(sandbox)["chatdata"]] == [4]


def test_a_customer_who_disagrees_is_not_archived(sandbox: RunningSandbox) -> None:
    corp = sandbox.config["wecom"]
    sandbox.control("consent", agree=False)

    said = sandbox.control("wecom_message", content="不要存档")

    pair = {"userid": corp["userid"], "exteranalopenid": corp["external_userid"]}
    path = "/cgi-bin/msgaudit/check_single_agree"
    asked = post(sandbox, path, {"info": [pair]}, access_token=wecom_token(sandbox, "archive"))
    assert said["archived"] is False
    assert asked["agreeinfo"][0]["agree_status"] == "Disagree"
    assert len(chat_data(sandbox)["chatdata"]) == 1


def test_the_archive_tells_of_news_at_most_every_15_seconds(sandbox: RunningSandbox) -> None:
    with receiver() as seta:
        sandbox.control("callback", app="wecom", url=seta.url)
        for text in ("one", "two", "three"):
            sandbox.control("wecom_message", content=text)
        soon = len(seta.received)
        sandbox.control("advance", seconds=16)

    assert (soon, len(seta.received)) == (1, 2)


def test_a_mass_message_waits_for_its_member(sandbox: RunningSandbox) -> None:
    access_token, person = wecom_token(sandbox), sandbox.config["wecom"]["external_userid"]
    body = {"chat_type": "single", "external_userid": [person], "text": {"content": "新品预览"}}
    nobody = post(sandbox, f"{CONTACT}/add_msg_template", body, access_token=access_token)
    sandbox.control("add_contact", userid="linyue", external_userid=person)

    msgid = post(sandbox, f"{CONTACT}/add_msg_template", body, access_token=access_token)["msgid"]
    waiting = post(sandbox, f"{CONTACT}/get_groupmsg_task", {"msgid": msgid}, access_token=access_token)
    sent = sandbox.control("confirm_mass", msgid=msgid, userid="linyue")["sent"]
    result = {"msgid": msgid, "userid": "linyue"}
    done = post(sandbox, f"{CONTACT}/get_groupmsg_send_result", result, access_token=access_token)

    assert nobody["errcode"] == 41048
    assert waiting["task_list"] == [{"userid": "linyue", "status": 0}]
    assert (sent, done["send_list"][0]["status"]) == (1, 1)


def test_a_moment_reaches_the_members_customers(sandbox: RunningSandbox) -> None:
    sandbox.control("add_contact", userid="linyue")

    published = sandbox.control("moment_publish", userid="linyue", text="今日米兰")

    posts = [item for item in sandbox.control("inbox")["items"] if item["chat"] == "moments"]
    assert published["readers"] == 1
    assert posts[0]["content"]["text"] == "今日米兰"
