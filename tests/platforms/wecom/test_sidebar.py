"""A page inside WeCom learns who opened it and whose chat it stands beside, and hands a message to that chat."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom.sidebar import sign_page
from tests.platforms.wecom.test_clients import wecom
from tests.sandbox_server import RunningSandbox

PAGE = "http://desk.test/desk/composer/1/?a=b"


@contextmanager
def member(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """The associate's phone, with the toolbar's cookie."""
    with httpx.Client(base_url=sandbox.base_url, trust_env=False) as phone:
        assert phone.get("/associate", params={"userid": "linyue"}).status_code == 200
        yield phone


def ask(phone: httpx.Client, name: str, args: dict[str, Any]) -> str:
    answer = phone.post("/_wecom/js", content=json.dumps({"name": name, "args": args, "url": PAGE}))
    return str(answer.json()["err_msg"])


def test_the_signature_is_the_documented_one() -> None:
    signed = sign_page(
        ticket="sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        nonce="Wm3WZYTPz0wzccnW",
        timestamp=1414587457,
        url="http://mp.weixin.qq.com?params=value#fragment",
    )
    assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_a_member_is_known_once_by_a_code(sandbox: RunningSandbox) -> None:
    client = wecom(sandbox)
    with member(sandbox) as phone:
        back = phone.get(client.authorize_url(redirect="http://desk.test/in?x=1", state="s1"))
    assert back.status_code == 302
    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert (query["x"], query["state"]) == (["1"], ["s1"])
    assert client.member_of_code(query["code"][0]) == "linyue"
    with pytest.raises(PlatformError) as again:
        client.member_of_code(query["code"][0])
    assert again.value.code == "40029"


def test_only_a_signed_page_beside_a_chat_may_send(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    external = config["external_userid"]
    sandbox.control("add_contact", userid="linyue", external_userid=external)
    text = {"msgtype": "text", "text": {"content": "您好"}}
    with member(sandbox) as phone:
        early = ask(phone, "sendChatMessage", text)
        signed = client.sign_page("agent", url=PAGE, timestamp=1_800_000_000)
        given = {"corpid": config["corpid"], "timestamp": signed.timestamp, "nonceStr": signed.nonce}
        forged = ask(phone, "agentConfig", {**given, "signature": "0" * 40})
        agreed = ask(phone, "agentConfig", {**given, "signature": signed.signature})
        nobody = ask(phone, "getCurExternalContact", {})
        phone.post("/_associate/act", json={"action": "open_chat", "external_userid": external})
        found = ask(phone, "getCurExternalContact", {})
        sent = ask(phone, "sendChatMessage", text)
        card = ask(
            phone,
            "sendChatMessage",
            {"msgtype": "miniprogram", "miniprogram": {"title": "方巾", "page": "p"}},
        )
        said = [one["content"] for one in phone.get("/_associate/state").json()["chats"][0]["items"][-2:]]
    assert early == "sendChatMessage:fail no permission"
    assert forged == "agentConfig:fail invalid signature"
    assert agreed == "agentConfig:ok"
    assert nobody == "getCurExternalContact:fail without context of external contact"
    assert (found, sent, card) == ("getCurExternalContact:ok", "sendChatMessage:ok", "sendChatMessage:ok")
    assert said[0]["content"] == "您好" and said[1]["title"] == "方巾"


def test_pictures_and_tags_have_ids(sandbox: RunningSandbox) -> None:
    client = wecom(sandbox)
    assert client.upload_image(filename="a.png", content=b"\x89PNG")
    assert client.upload_moment_image(filename="a.png", content=b"\x89PNG")
    made = client.add_corp_tags(group="Seta", names=["SS27", "Brera"])
    assert client.corp_tags() == made and set(made) == {"SS27", "Brera"}
