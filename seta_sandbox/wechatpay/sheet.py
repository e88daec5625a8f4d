"""The pay sheet on the consumer's phone: check what the mini program signed, show it, let the consumer pay."""

import asyncio
from dataclasses import dataclass

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import cashier, signing
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.door import keys_of
from seta_sandbox.wechatpay.errors import Refusal
from seta_sandbox.wechatpay.state import Order, TradeState, wechatpay_of

SIGN_TYPE = "RSA"


class SheetRefused(Exception):
    """WeChat would not open the sheet or take the payment; `errmsg` is what `wx.requestPayment` fails with."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.errmsg = f"requestPayment:fail {reason}"


@dataclass(frozen=True)
class PaySign:
    """What a mini program passes to `wx.requestPayment`; `appid` is the mini program's own."""

    appid: str
    timestamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str


@dataclass(frozen=True)
class Sheet:
    """What the consumer sees before the password: `amount` in minor units of `currency`, `payer_amount` in fen."""

    prepay_id: str
    out_trade_no: str
    description: str
    amount: int
    currency: str
    payer_amount: int
    merchant: str


def prepare_sheet(world: World, asked: PaySign) -> Sheet:
    """The sheet of a prepay_id; raises SheetRefused for a wrong paySign, app, package or a finished order."""
    if asked.sign_type != SIGN_TYPE:
        raise SheetRefused("signType应为RSA")
    if not asked.package.startswith("prepay_id="):
        raise SheetRefused("package应为prepay_id=...")
    message = signing.pay_sheet_message(asked.appid, asked.timestamp, asked.nonce_str, asked.package)
    if not signing.verify(keys_of(world).merchant.private.public_key(), message, asked.pay_sign):
        raise SheetRefused("支付验证签名失败")
    order = _payable(world, asked.package.removeprefix("prepay_id="))
    if order.appid != asked.appid:
        raise SheetRefused("下单appid与调起支付的appid不一致")
    return _sheet_of(world, order)


def sheet_of_code(world: World, text: str) -> tuple[Sheet, str, str]:
    """The sheet of a scanned `weixin://wxpay/bizpayurl` code, its prepay_id and its app; raises SheetRefused."""
    orders = wechatpay_of(world).by_prepay.values()
    found = next((order for order in orders if order.trade_type == "NATIVE" and order.code_url == text), None)
    if found is None:
        raise SheetRefused("二维码无效")
    order = _payable(world, found.prepay_id)
    return _sheet_of(world, order), order.prepay_id, order.appid


def _sheet_of(world: World, order: Order) -> Sheet:
    return Sheet(
        prepay_id=order.prepay_id,
        out_trade_no=order.out_trade_no,
        description=order.description,
        amount=order.total,
        currency=order.currency,
        payer_amount=book.priced_in_cny(wechatpay_of(world), order),
        merchant=keys_of(world).mchid,
    )


async def consumer_pays(world: World, prepay_id: str, openid: str, *, wait_seconds: float = 0.0) -> Order:
    """The consumer enters the password: the order is paid and its notification sent.

    Only the openid the order was placed for can pay it. With `wait_seconds`, returns once the notification's
    first attempt is over or that much real time has gone. Raises SheetRefused.
    """
    order = _payable(world, prepay_id)
    if order.openid and order.openid != openid:
        raise SheetRefused("下单openid与支付用户不一致")
    try:
        delivery = cashier.pay(world, order, openid)
    except Refusal as refusal:
        raise SheetRefused(refusal.message) from None
    if delivery is not None and wait_seconds:
        await asyncio.wait([asyncio.ensure_future(delivery.first_done.wait())], timeout=wait_seconds)
    return order


def _payable(world: World, prepay_id: str) -> Order:
    order = wechatpay_of(world).by_prepay.get(prepay_id)
    if order is None:
        raise SheetRefused("prepay_id无效")
    book.refresh(order, world.clock.now())
    if order.is_paid:
        raise SheetRefused("该订单已支付")
    if order.state is not TradeState.NOTPAY:
        raise SheetRefused("订单已关闭")
    return order
