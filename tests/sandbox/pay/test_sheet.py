"""The pay sheet of the phone: only a correctly signed, payable order opens it, and only its payer pays."""

import asyncio
from dataclasses import replace

import pytest

from seta_sandbox.wechatpay.sheet import PaySign, SheetRefused, consumer_pays, prepare_sheet
from tests.sandbox.pay.client import Client
from tests.sandbox.pay.merchant import Receiver, WeChatMerchant, private_key, sign


def pay_sign(wechat: WeChatMerchant, prepay_id: str, appid: str = "") -> PaySign:
    appid = appid or wechat.config["appid"]
    stamp, nonce, package = "1795000000", "nonce", f"prepay_id={prepay_id}"
    key = private_key(wechat.config["merchant_private_key"])
    signature = sign(key, f"{appid}\n{stamp}\n{nonce}\n{package}\n")
    return PaySign(appid, stamp, nonce, package, "RSA", signature)


def test_the_sheet_shows_what_will_be_paid(wechat: WeChatMerchant, client: Client) -> None:
    prepay_id = wechat.order("ORDER-0001", 1250)

    sheet = prepare_sheet(client.world, pay_sign(wechat, prepay_id))

    assert (sheet.description, sheet.amount, sheet.currency, sheet.payer_amount) == (
        "丝巾",
        1250,
        "CNY",
        1250,
    )


def test_the_consumer_pays_and_the_merchant_hears_of_it(
    wechat: WeChatMerchant, client: Client, receiver: Receiver
) -> None:
    prepay_id = wechat.order("ORDER-0001")

    client.run(consumer_pays(client.world, prepay_id, wechat.config["openid"], wait_seconds=2))

    assert wechat.open_notification(receiver.requests[0])[1]["trade_state"] == "SUCCESS"
    with pytest.raises(SheetRefused, match="已支付"):
        prepare_sheet(client.world, pay_sign(wechat, prepay_id))


def test_the_sheet_stays_shut_for_a_wrong_signature_type_package_or_app(
    wechat: WeChatMerchant, client: Client
) -> None:
    good = pay_sign(wechat, wechat.order("ORDER-0001"))
    foreign = client.world.app("mini_program", "destination").appid

    wrong = [
        replace(good, nonce_str="other"),
        replace(good, sign_type="MD5"),
        replace(good, package=good.package.removeprefix("prepay_id=")),
        replace(good, pay_sign="not base64"),
        pay_sign(wechat, good.package.removeprefix("prepay_id="), foreign),
        pay_sign(wechat, "wx0000"),
    ]

    for asked in wrong:
        with pytest.raises(SheetRefused) as refused:
            prepare_sheet(client.world, asked)
        assert refused.value.errmsg.startswith("requestPayment:fail ")


def test_somebody_else_cannot_pay(wechat: WeChatMerchant, client: Client) -> None:
    prepay_id = wechat.order("ORDER-0001")
    other = client.world.people[1].openids[wechat.config["appid"]]

    with pytest.raises(SheetRefused):
        client.run(consumer_pays(client.world, prepay_id, other))
    assert wechat.query("ORDER-0001")["trade_state"] == "NOTPAY"


def test_two_taps_pay_once(wechat: WeChatMerchant, client: Client, receiver: Receiver) -> None:
    prepay_id = wechat.order("ORDER-0001")
    openid = wechat.config["openid"]

    async def tap_twice() -> list[object]:
        taps = [consumer_pays(client.world, prepay_id, openid, wait_seconds=2) for _ in range(2)]
        return await asyncio.gather(*taps, return_exceptions=True)

    first, second = client.run(tap_twice())

    assert isinstance(second, SheetRefused) and not isinstance(first, Exception)
    assert len(receiver.requests) == 1
