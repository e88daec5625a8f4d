"""What the sandbox really pushes is verified and opened by our readers, and its probes are not."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from seta.platforms.alipay import Alipay, read_trade
from seta.platforms.alipay import open_notification as open_alipay
from seta.platforms.core.errors import Forged
from seta.platforms.core.messages import parse_push
from seta.platforms.core.msgcrypt import MessageCrypt
from seta.platforms.wechat.messages import encrypted_envelope, read_message, text_reply
from seta.platforms.wechatpay import WeChatPay, open_notification, read_transaction
from seta.platforms.wecom.messages import read_event
from tests.platforms.wire import Asked, Said, scripted, serving
from tests.sandbox_server import RunningSandbox

SUCCESS = Said(body=b"success", headers={"Content-Type": "text/plain"})


def crypt_of(app: dict[str, Any], receive_id: str) -> MessageCrypt:
    return MessageCrypt(app["token"], app["aes_key"], receive_id)


def opened(crypt: MessageCrypt, asked: Asked) -> dict[str, Any]:
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}
    sealed = parse_push(asked.body)["Encrypt"]
    crypt.verify(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
    return parse_push(crypt.decrypt(sealed))


def test_encrypted_follow_is_opened_and_an_encrypted_reply_reaches_the_follower(
    sandbox: RunningSandbox,
) -> None:
    app = sandbox.config["official_account"]
    crypt, openid = crypt_of(app, app["appid"]), app["openids"][0]
    reply = text_reply(openid, app["original_id"], "您好，欢迎", 1700000000)

    def greet(_: Asked) -> Said:
        body = encrypted_envelope(crypt, reply, int(time.time()), "nonce").encode()
        return Said(body=body, headers={"Content-Type": "application/xml"})

    with serving(greet) as wire:
        sandbox.control("callback", app="official_account", url=f"{wire.base_url}/c", mode="aes")
        sandbox.control("follow", openid=openid)
        sandbox.control("settle")
        message = read_message(opened(crypt, wire.asked[0]))

    shown = sandbox.control("inbox", openid=openid)["items"]
    assert (message.kind, message.sender, message.to) == ("event.subscribe", openid, app["original_id"])
    assert "您好，欢迎" in str(shown)


def test_encrypted_contact_event_of_wecom_is_opened(sandbox: RunningSandbox) -> None:
    config = sandbox.config["wecom"]
    crypt = crypt_of(config, config["corpid"])

    with serving(scripted(SUCCESS)) as wire:
        sandbox.control("callback", app="wecom", url=f"{wire.base_url}/c")
        sandbox.control(
            "add_contact", external_userid=config["external_userid"], userid=config["userid"], state="a=lin"
        )
        sandbox.control("settle")
        events = [read_event(opened(crypt, asked)) for asked in wire.asked if asked.method == "POST"]

    assert [(event.kind, event.state) for event in events] == [
        ("event.change_external_contact.add_external_contact", "a=lin")
    ]
    assert events[0].welcome_code


def test_payment_notification_is_opened_and_a_probe_is_not(sandbox: RunningSandbox) -> None:
    config = sandbox.config["wechat"]
    names = (
        "mchid",
        "appid",
        "apiv3_key",
        "merchant_serial",
        "merchant_private_key",
        "public_key_id",
        "public_key",
    )
    shop = WeChatPay(**{name: config[name] for name in names}, base_url=sandbox.base_url)

    with serving(scripted(Said(401, b""), Said(204, b""))) as wire:
        sandbox.control("fault", match="TRANSACTION.SUCCESS", times=1, kind="sign_test")
        shop.jsapi(
            out_trade_no="SETA0001",
            description="丝巾",
            total=128800,
            openid=config["openid"],
            notify_url=f"{wire.base_url}/notify",
        )
        sandbox.control("pay", provider="wechat", out_trade_no="SETA0001")
        sandbox.control("advance", seconds=20)
        sandbox.control("settle")
        asked = list(wire.asked)

    results: list[object] = []
    for request in asked:
        try:
            now = int(request.headers["wechatpay-timestamp"])
            note = open_notification(
                headers=request.headers, body=request.body, keys=shop.notification_keys(), now=now
            )
            results.append((note.event_type, read_transaction(note.resource).total))
        except Forged as forged:
            results.append(forged.code)
    assert results == ["SIGNTEST", ("TRANSACTION.SUCCESS", 128800)]


def test_alipay_notification_is_opened(sandbox: RunningSandbox) -> None:
    config = sandbox.config["alipay"]
    shop = Alipay(
        appid=config["appid"],
        app_private_key=config["app_private_key"],
        alipay_public_key=config["alipay_public_key"],
        base_url=sandbox.base_url,
    )

    with serving(scripted(SUCCESS)) as wire:
        shop.precreate(out_trade_no="A1", subject="丝巾", total=128800, notify_url=f"{wire.base_url}/notify")
        sandbox.control("pay", provider="alipay", out_trade_no="A1")
        sandbox.control("settle")
        body = wire.asked[-1].body

    trade = read_trade(
        open_alipay(body, alipay_public_key=config["alipay_public_key"], app_id=config["appid"])
    )
    assert (trade.out_trade_no, trade.trade_status, trade.total) == ("A1", "TRADE_SUCCESS", 128800)
    with pytest.raises(Forged):
        open_alipay(body + b"x", alipay_public_key=config["alipay_public_key"], app_id=config["appid"])
