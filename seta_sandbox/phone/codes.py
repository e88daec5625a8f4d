"""What the phone's camera reads at a till: a payment code of WeChat Pay, Alipay or Antom opens the pay sheet."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from seta_sandbox.alipay import cashier as alipay
from seta_sandbox.alipay.errors import Refusal as AlipayRefusal
from seta_sandbox.alipay.state import Trade, TradeStatus, alipay_of
from seta_sandbox.antom import amounts
from seta_sandbox.antom import cashier as antom
from seta_sandbox.antom.errors import Refusal as AntomRefusal
from seta_sandbox.antom.state import Payment, PaymentStatus, antom_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay.sheet import consumer_pays, sheet_of_code

NOTIFY_WAIT_SECONDS = 3.0
PIN_DIGITS = 6
TEXT_CHARACTERS_MAX = 512


@dataclass(frozen=True)
class CodeSheet:
    """What the client sees before the password: `payer_amount` in fen, `amount` in minor units of `currency`."""

    text: str
    wallet: str
    out_trade_no: str
    description: str
    amount: int
    currency: str
    payer_amount: int
    payee: str


async def open_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The sheet of a scanned `text`; a code that nobody can pay any more is refused with its reason."""
    text = str(body.get("text", "")).strip()[:TEXT_CHARACTERS_MAX]
    return asdict(_sheet(world, text))


async def pay_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer enters six digits (any six: this phone holds no money) and pays the scanned `text`."""
    pin = str(body.get("pin", ""))
    if len(pin) != PIN_DIGITS or not pin.isdigit():
        raise ControlError("the password has six digits")
    person = world.person(str(body.get("consumer", "")))
    sheet = _sheet(world, str(body.get("text", "")).strip()[:TEXT_CHARACTERS_MAX])
    try:
        delivery = await _pay(world, sheet, person)
    except AlipayRefusal as refusal:
        raise ControlError(refusal.sub_msg) from None
    except AntomRefusal as refusal:
        raise ControlError(str(refusal)) from None
    if delivery is not None:
        await asyncio.wait([asyncio.ensure_future(delivery.first_done.wait())], timeout=NOTIFY_WAIT_SECONDS)
    return {"out_trade_no": sheet.out_trade_no, "state": "SUCCESS"}


async def _pay(world: World, sheet: CodeSheet, person: Consumer) -> Delivery | None:
    if sheet.wallet == "wechat":
        prepay_id, appid = sheet_of_code(world, sheet.text)[1:]
        openid = person.openids.get(appid, "")
        await consumer_pays(world, prepay_id, openid, wait_seconds=NOTIFY_WAIT_SECONDS)
        return None
    if (trade := _trade(world, sheet.text)) is not None:
        return alipay.pay(world, trade, person.alipay_user_id)
    payment = _payment(world, sheet.text)
    assert payment is not None
    return antom.pay(world, payment, person.alipay_user_id)


def _sheet(world: World, text: str) -> CodeSheet:
    if text.startswith("weixin://"):
        found = sheet_of_code(world, text)[0]
        return CodeSheet(
            text,
            "wechat",
            found.out_trade_no,
            found.description,
            found.amount,
            found.currency,
            found.payer_amount,
            found.merchant,
        )
    if (trade := _trade(world, text)) is not None:
        if trade.status not in (TradeStatus.UNSCANNED, TradeStatus.WAIT_BUYER_PAY):
            raise ControlError("this code has been paid or closed")
        return CodeSheet(
            text, "alipay", trade.out_trade_no, trade.subject, trade.total, "CNY", trade.total, "Alipay"
        )
    if (payment := _payment(world, text)) is not None:
        antom.expire(world, payment)
        if payment.status is not PaymentStatus.PROCESSING:
            raise ControlError("this code has been paid or closed")
        rates = antom_of(world).settings.rates
        fen = amounts.exchange(payment.amount, payment.currency, "CNY", rates)
        return CodeSheet(
            text,
            "alipay",
            payment.payment_request_id,
            payment.description,
            payment.amount,
            payment.currency,
            fen,
            "Antom",
        )
    raise ControlError("this code opens nothing")


def _trade(world: World, text: str) -> Trade | None:
    found = next((one for one in alipay_of(world).trades.values() if text and one.qr_code == text), None)
    return None if found is None else alipay.find_for_control(world, found.out_trade_no)


def _payment(world: World, text: str) -> Payment | None:
    # A page's address carries the code of its payment.
    asked = {text, *parse_qs(urlsplit(text).query).get("code", [])}
    return next((one for one in antom_of(world).payments.values() if one.code_value in asked), None)
